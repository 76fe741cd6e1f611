"""Signs that a table was edited after the search, or holds too little.

A published or handed-on table is often not what the engine wrote: values imputed, contaminants and albumin taken out,
rows filtered, samples brought to one distribution. Each of these changes what can be said about a preparation. The
criteria were set on public tables of some twenty studies and several engines; the values measured there stand beside
the thresholds. They find what is plain to see; a table that passes may still have been edited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..tables import warning
from .runs import STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Below this number of quantified analyte protein groups nothing can be called absent. The poorest sample of some twenty
# public studies had 114, cord blood plasma about 190; only lipoprotein fractions counted by spectra had fewer (23).
FEWEST_PROTEINS = 100

# Imputation. Tables as engines write them have blanks: 1.3 % (DIA, six runs of one lysate) to 88 % (many plasma EV
# samples). An imputed one, and a Spectronaut pivot with its background signal filled in, had 0.00 %.
_FEWEST_BLANKS = 0.005
# The low mode of values drawn from a normal distribution shifted down by 1.8 and narrowed to 0.3 standard deviations,
# the default of Perseus (Tyanova S et al. Nat Methods 2016;13:731-740, doi 10.1038/nmeth.3901): a second component
# that is narrower than half the first and stands apart from it by Ashman's D > 2 (Ashman KM et al. Astron J
# 1994;108:2348-2361). One imputed public table and five others
# that were imputed in this way to set the criterion show it in 7 to 100 % of their samples, the complete table without
# imputation in none.
_ASHMAN_D = 2.0
_NARROW = 0.5
_LOW_SHARE = (0.02, 0.75)
_BIN = 1 / 64  # log2 units
_LOW_MODE_SAMPLES = 0.05
_MOST_FITTED = 48  # runs that are looked at, evenly spaced
_CONSTANT = 0.02  # share of a run's values that equal its lowest value: a constant in the place of blanks

# Valid-value filters. Tables of six and more runs with 5 % blanks and more held 1 to 4,113 groups measured in one run
# only; tables of MaxLFQ values (which need pairs of runs) and filtered ones held none.
_FEWEST_RUNS = 6
_FEWEST_GROUPS = 200
_BLANKS_FOR_SINGLES = 0.05

# Normalisation. Spread between runs of tables without it: totals 1.8 % and more (coefficient of variation; 0.6 to 0.9 %
# where shares in percent or median-normalised intensities were given), medians 0.015 log2 units and more. Quantiles (5
# to 95 % in steps of 5) around the run's median: 0.05 and more.
_SAME_TOTAL = 0.01
_SAME_MEDIAN = 0.01
_SAME_SHAPE = 0.01
_FEWEST_COMPARED = 4

# Abundant plasma proteins (Anderson NL, Anderson NG. Mol Cell Proteomics 2002;1:845-867, doi
# 10.1074/mcp.R200007-MCP200) by gene and human accession. All public tables with four of them had
# a row for albumin but three: one whose authors took it out, and two that do not say why it is missing.
_PLASMA = {
    "TF": "P02787",
    "SERPINA1": "P01009",
    "A2M": "P01023",
    "HP": "P00738",
    "C3": "P01024",
    "FGA": "P02671",
    "FGB": "P02675",
    "FGG": "P02679",
    "IGHG1": "P01857",
    "APOA1": "P02647",
    "APOB": "P04114",
    "HPX": "P02790",
    "CP": "P00450",
    "TTR": "P02766",
    "AHSG": "P02765",
    "GC": "P02774",
}
_ALBUMIN = {"human": "P02768", "mouse": "P07724", "rat": "P02770", "bovine": "P02769"}
_FEWEST_PLASMA = 4
# Keratins of human skin, and trypsin: in practice in every deep table, as contaminants or as proteins.
_KERATINS = {"KRT1": "P04264", "KRT2": "P35908", "KRT9": "P35527", "KRT10": "P13645"}
_TRYPSIN = "P00761"
_DEEP = 300


def check_input(
    name: str, groups: pd.DataFrame, intensity: NDArray[np.float64], organism: str
) -> list[dict[str, object]]:
    """All checks of one input.

    ``groups``: the protein groups that this input has rows for (protein_group, accessions, genes, organism,
    contaminant); ``intensity``: groups x runs, linear, nan = not measured; ``organism``: the study's. Returns rows of
    WARNINGS.
    """
    measured = ~np.isnan(intensity)
    alive = np.asarray(measured.any(axis=1))
    found = check_removed(name, groups, alive, organism)
    values = intensity[np.ix_(alive, measured.any(axis=0))]
    if values.size:
        found += check_blanks(name, values) + check_valid_values(name, values) + check_normalised(name, values)
    return found


def check_blanks(name: str, values: NDArray[np.float64]) -> list[dict[str, object]]:
    """Imputed tables: no blanks where blanks are expected, with or without a second, low mode."""
    rows, runs = values.shape
    blanks = float(np.isnan(values).mean())
    if rows < _FEWEST_GROUPS or runs < _FEWEST_COMPARED or blanks >= _FEWEST_BLANKS:
        return []
    chosen = np.unique(np.linspace(0, runs - 1, min(runs, _MOST_FITTED)).round().astype(int))
    logs = [np.sort(np.log2(column[~np.isnan(column)])) for column in values[:, chosen].T]
    constant = np.array([np.mean(column == column[0]) for column in logs])
    low = has_low_mode(logs)
    start = f"{rows} protein groups have a value in {'each' if not blanks else 'practically each'} of {runs} runs"
    if np.median(constant) >= _CONSTANT:
        message = (
            f"{start}, and {np.median(constant):.0%} of the values of a run equal its lowest one: a constant was put "
            "in the place of missing values. Presence, ranks and shares of scarce proteins are not real "
            "measurements."
        )
        return [warning(STAGE, "warning", "imputed", name, message, rows)]
    if low.mean() >= _LOW_MODE_SAMPLES:
        message = (
            f"{start}, and {int(low.sum())} of {len(low)} runs show a second, low peak of intensities: missing "
            "values were imputed. What seems to be there at low intensity may not have been measured; use the table "
            "before imputation."
        )
        return [warning(STAGE, "warning", "imputed", name, message, rows)]
    message = (
        f"{start}. Blanks are expected in such a table: they were filled in, or incomplete rows were taken out (with "
        "isobaric labels a complete table is usual). Absence of a marker cannot be judged from it."
    )
    return [warning(STAGE, "warning", "no_blanks", name, message, rows)]


def has_low_mode(logs: Sequence[NDArray[np.float64]], rounds: int = 200) -> NDArray[np.bool_]:
    """Of each run, whether its log2 intensities hold a narrow low component apart from the rest, as of imputation.

    Two normal components fitted by expectation maximisation from fixed starting values (the default of Perseus), so
    that the result is always the same.
    """
    fitted = [k for k, column in enumerate(logs) if len(column) >= _FEWEST_GROUPS and np.ptp(column) > 0]
    found = np.zeros(len(logs), dtype="bool")
    if not fitted:
        return found
    # the values of a bin count together: a bin is far narrower than what is looked for
    binned = [np.round(logs[k] / _BIN) for k in fitted]
    bins = np.unique(np.concatenate(binned))
    counts = [np.bincount(np.searchsorted(bins, one), minlength=len(bins)) for one in binned]
    weights = np.array(counts, dtype="float64")
    values = bins * _BIN
    centre, spread = (np.array([of(logs[k]) for k in fitted])[:, None] for of in (np.mean, np.std))
    mean = centre + spread * np.array([-1.5, 0.3])  # runs x components
    sd, share = spread * np.array([0.3, 0.9]), np.tile([0.2, 0.8], (len(fitted), 1))
    moving = np.arange(len(fitted))
    for _ in range(rounds):
        scaled = (values - mean[moving, :, None]) / sd[moving, :, None]
        density = (share[moving] / sd[moving])[:, :, None] * np.exp(-0.5 * scaled**2)
        belongs = density * (weights[moving] / np.maximum(density.sum(axis=1), 1e-300))[:, None]
        weight = np.maximum(belongs.sum(axis=2), 1e-9)
        new = belongs @ values / weight
        squares = (belongs * (values - new[:, :, None]) ** 2).sum(axis=2)
        step = np.abs(new - mean[moving]).max(axis=1)
        mean[moving], sd[moving] = new, np.maximum(np.sqrt(squares / weight), 0.02)
        share[moving] = weight / weights[moving].sum(axis=1, keepdims=True)
        moving = moving[step >= 1e-4]
        if not len(moving):
            break
    low = np.argmin(mean, axis=1)
    rows = np.arange(len(fitted))
    ashman = np.sqrt(2.0) * np.abs(mean[:, 1] - mean[:, 0]) / np.sqrt((sd**2).sum(axis=1))
    narrow = sd[rows, low] < _NARROW * sd[rows, 1 - low]
    least, most = _LOW_SHARE
    found[fitted] = (ashman > _ASHMAN_D) & narrow & (share[rows, low] >= least) & (share[rows, low] <= most)
    return found


def check_removed(name: str, groups: pd.DataFrame, alive: NDArray[np.bool_], organism: str) -> list[dict[str, object]]:
    """Albumin, keratins and other contaminants that were taken out of the table.

    Albumin is looked for among all rows of the study's organism (or of unknown organism), the other plasma proteins
    among measured rows.
    """
    own = np.array([not o or organism in o.split(";") for o in groups["organism"].astype("str").tolist()], dtype="bool")
    process = groups["contaminant"].eq("process").to_numpy()
    genes, accessions = _places(groups["genes"], str.upper), _places(groups["accessions"], _base)

    def holds(symbols: set[str], identifiers: set[str]) -> NDArray[np.bool_]:
        """Which groups hold one of the gene symbols or accessions."""
        mask = np.zeros(len(groups), dtype="bool")
        for word, places in [*((s, genes) for s in symbols), *((i, accessions) for i in identifiers)]:
            mask[places.get(word, [])] = True
        return mask

    found = []
    albumin = holds({"ALB"}, {_ALBUMIN.get(organism, "")} if organism else set(_ALBUMIN.values()))
    others = [g for g, a in _PLASMA.items() if (holds({g}, {a}) & alive & own & ~process).any()]
    if not (albumin & own).any() and len(others) >= _FEWEST_PLASMA:
        message = (
            f"Albumin is not in the table, although {len(others)} other abundant plasma proteins are "
            f"({', '.join(others[:5])}): it was probably filtered away. The share of serum proteins is "
            "underestimated, and the preparation looks purer than it is."
        )
        found.append(warning(STAGE, "warning", "albumin_removed", name, message, len(others)))
    skin = holds(set(_KERATINS), set(_KERATINS.values())).any()
    trypsin = holds(set(), {_TRYPSIN}).any()
    if alive.sum() >= _DEEP and not (skin or trypsin or process.any()):
        message = (
            f"Among {int(alive.sum())} protein groups there is no keratin of skin, no trypsin and no tagged "
            "contaminant: contaminant rows were probably removed after the search. With them, albumin, other serum "
            "proteins and bovine proteins may have gone, so purity may be overestimated."
        )
        if not (albumin & own).any():
            message += " Albumin is not in the table."
        found.append(warning(STAGE, "warning", "contaminants_removed", name, message, int(alive.sum())))
    return found


def _base(accession: str) -> str:
    return accession.partition("-")[0].upper()


def _places(column: pd.Series, clean: Callable[[str], str]) -> dict[str, list[int]]:
    """Of each word of a ``;``-joined column the rows that hold it."""
    places: dict[str, list[int]] = {}
    for row, text in enumerate(column.astype("str").tolist()):
        for word in text.split(";"):
            places.setdefault(clean(word.strip()), []).append(row)
    places.pop("", None)
    return places


def check_valid_values(name: str, values: NDArray[np.float64]) -> list[dict[str, object]]:
    """Tables from which seldom measured rows were taken out."""
    rows, runs = values.shape
    blanks = float(np.isnan(values).mean())
    least = int((~np.isnan(values)).sum(axis=1).min())
    if rows < _FEWEST_GROUPS or runs < _FEWEST_RUNS or blanks < _BLANKS_FOR_SINGLES or least < 2:
        return []
    message = (
        f"No protein group was measured in fewer than {least} of {runs} runs, although {blanks:.0%} of all values "
        "are blank: seldom measured rows were taken out, or the quantity needs several runs (MaxLFQ). A scarce "
        "marker may be missing for that reason alone."
    )
    return [warning(STAGE, "warning", "rows_filtered", name, message, rows)]


def check_normalised(name: str, values: NDArray[np.float64]) -> list[dict[str, object]]:
    """Inputs whose runs were brought to one total, one median or one distribution.

    LFQ intensities cannot be told from their values; the readers say when they had to use them.
    """
    rows, runs = values.shape
    if rows < _FEWEST_GROUPS or runs < _FEWEST_COMPARED:
        return []
    logs = np.log2(values)
    steps = np.arange(0.05, 0.951, 0.05)
    quantiles = np.column_stack([np.quantile(column[~np.isnan(column)], steps) for column in logs.T])
    medians = quantiles[len(steps) // 2]
    totals = np.nansum(values / np.nanmax(values), axis=0)
    if (quantiles - medians).std(axis=1, ddof=1).max() < _SAME_SHAPE:
        message = (
            f"All {runs} runs have the same distribution of intensities: they were quantile-normalised. That takes "
            "away differences in composition; use the quantities before normalisation."
        )
        return [warning(STAGE, "warning", "quantile_normalised", name, message, runs)]
    if totals.std(ddof=1) < _SAME_TOTAL * totals.mean():
        message = (
            f"The intensities of all {runs} runs add up to the same total: shares were given, or totals were "
            "normalised. Composition is not affected; amounts cannot be compared between samples."
        )
        return [warning(STAGE, "info", "equal_totals", name, message, runs)]
    if medians.std(ddof=1) < _SAME_MEDIAN:
        message = (
            f"All {runs} runs have the same median intensity: they were normalised. With one factor per run "
            "composition is not affected; amounts cannot be compared between samples."
        )
        return [warning(STAGE, "warning", "equal_medians", name, message, runs)]
    return []


def check_samples(samples: list[str], counts: NDArray[np.int64]) -> list[dict[str, object]]:
    """Samples with too few quantified analyte protein groups (``counts``, one per sample) to call anything absent."""
    found = []
    for name, count in zip(samples, counts.tolist(), strict=True):
        if 0 < count < FEWEST_PROTEINS:
            message = (
                f"Only {count} protein groups were quantified in sample '{name}' (fewer than {FEWEST_PROTEINS}): a "
                "marker that is not seen cannot be called absent, and shares rest on few proteins."
            )
            found.append(warning(STAGE, "warning", "few_proteins", name, message, count))
    return found
