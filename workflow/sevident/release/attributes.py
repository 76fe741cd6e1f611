"""Quality attributes of preparations on the scale on which lots and processes are compared.

A row per attribute, a column per sample of role preparation or qualified reference:

    score        identity, purity and its two parts: log-odds (natural logarithm) of the score
    family       panels of the identity, soluble, intracellular and species axes: log2 of the share of protein mass
    compartment  log2 of the share of protein mass
    proteome     vesicular_level: mean over vesicular proteins of their distance, in log2 units, to their own mean
    protein      vesicular proteins one by one: log2 of the normalised quantity (log2_lfq)

A panel that defines a compartment is judged as compartment, where each protein counts once. Descriptive and
exploratory panels are not attributes: nothing is known of them that a change would be measured by.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident import panels
from sevident.errors import ConfigurationError, did_you_mean
from sevident.profiling import compartments as places
from sevident.samples import Sample
from sevident.tables import warning

if TYPE_CHECKING:
    from numpy.typing import NDArray

STAGE = "release"
ROLES = ("preparation", "qualified_reference")
SCORES = {
    "identity": "Identity",
    "purity": "Purity",
    "purity_soluble": "Purity from soluble protein",
    "purity_intracellular": "Purity from intracellular protein",
}
AXES = frozenset({"identity", "soluble", "intracellular", "species"})
LEVEL = "vesicular_level"
PROFILE = "vesicular_profile"  # a distance between lots or processes, no attribute of a sample
LEAST_PROTEINS = 10  # a distance over fewer proteins is the distance of those proteins
VESICULAR = "vesicular"
# Added to shares of protein mass before the logarithm, as in scoring: the least share that is worth distinguishing.
# It gives a panel of which nothing was found a place on the scale, and keeps traces from passing for changes.
SHARE_FLOOR = 1e-4
# The logistic scales are anchored at 0.1 and 0.9; a thousandth from the ends they tell nothing apart any more.
SCORE_MARGIN = 1e-3
SCORE_END = math.log((1 - SCORE_MARGIN) / SCORE_MARGIN)


@dataclass(frozen=True)
class Attributes:
    """``table``: kind, quantity, title, unit, one row per attribute; ``matrix``: attributes x samples, nan = none.

    ``samples``: the samples of the columns, in sheet order. ``quantity_used``: log2_lfq, or mass_fraction where the
    table of abundances has no log2_lfq for these samples.
    """

    table: pd.DataFrame
    matrix: NDArray[np.float64]
    samples: list[Sample]
    quantity_used: str = "log2_lfq"


@dataclass(frozen=True)
class Lots:
    """The lots of samples. ``codes``: for each sample the index of its lot, -1 = the sheet gives none.

    ``names``: shown names; where a name occurs in several processes, the process stands with it, for these are
    different lots. ``processes``: of each lot; ``qualified``: a sample of the lot is a qualified reference.
    """

    names: list[str]
    processes: list[str]
    qualified: NDArray[np.bool_]
    codes: NDArray[np.int64]


def lots_of(samples: Sequence[Sample]) -> Lots:
    """The lots in order of name and process."""
    keys = sorted({(s.lot, s.process) for s in samples if s.lot})
    named = [lot for lot, _ in keys]
    names = [lot if named.count(lot) == 1 else f"{lot} ({process or 'no process'})" for lot, process in keys]
    place = {key: i for i, key in enumerate(keys)}
    codes = np.array([place.get((s.lot, s.process), -1) for s in samples], dtype="int64")
    qualified = np.zeros(len(keys), dtype=bool)
    qualified[[c for c, s in zip(codes, samples, strict=True) if c >= 0 and s.role == "qualified_reference"]] = True
    return Lots(names, [process for _, process in keys], qualified, codes)


def remarks(attributes: Attributes, what: str) -> list[dict[str, object]]:
    """Rows for the table WARNINGS: samples without a lot, and quantities that stand in for normalised ones."""
    out = []
    without = [s for s in attributes.samples if not s.lot]
    if without:
        all_of_them = len(without) == len(attributes.samples)
        who = "no sample has a" if all_of_them else f"{len(without)} of {len(attributes.samples)} samples have no"
        message = f"{who} lot in the sample sheet: {what} rests on lots, and samples without one take no part in it"
        level = "info" if all_of_them else "warning"
        out.append(warning(STAGE, level, "samples_without_lot", what, message, len(without)))
    if attributes.quantity_used != "log2_lfq" and len(without) < len(attributes.samples):
        message = (
            f"there are no normalised quantities (log2_lfq): {what} of single proteins rests on their shares of the "
            "protein mass, in which a change of one abundant protein moves all others"
        )
        out.append(warning(STAGE, "warning", "lfq_absent", what, message))
    return out


def vesicular_groups(abundance: pd.DataFrame, registry: panels.Registry, organism: str) -> frozenset[str]:
    """The protein groups of the compartment of small vesicles (as profiling shares proteins out), without process
    contaminants. ``abundance``: tables.ABUNDANCE, text columns may be categories.
    """
    columns = ["protein_group", "accessions", "genes", "organism", "contaminant"]
    groups = abundance[columns].drop_duplicates("protein_group", ignore_index=True).astype("str")
    matches = panels.match(groups, registry, organism)
    own = places.assign(groups, registry.index, matches, organism).eq(VESICULAR) & groups["contaminant"].ne("process")
    return frozenset(groups.loc[own, "protein_group"].astype("str"))


def collect(
    samples: Sequence[Sample],
    scores: pd.DataFrame,
    families: pd.DataFrame,
    compartments: pd.DataFrame,
    abundance: pd.DataFrame,
    vesicular: Collection[str],
    chosen_families: Iterable[str] = (),
) -> Attributes:
    """The attributes of the preparations and qualified references among ``samples``.

    Tables by tables.SCORES, FAMILIES, COMPARTMENTS and ABUNDANCE; ``vesicular``: protein groups;
    ``chosen_families``: panels in the place of all of AXES. Attributes without any value are left out, and so are
    shares that lie below SHARE_FLOOR in every sample. Raises ConfigurationError for a chosen family that is no panel.
    """
    judged = [s for s in samples if s.role in ROLES]
    names = [s.name for s in judged]
    wanted = set(chosen_families)
    for name in sorted(wanted - set(families["panel"])):
        raise ConfigurationError(
            "a marker panel that is to be judged does not exist",
            where="lots or comparability: families",
            found=repr(name),
            advice=did_you_mean(name, sorted(set(families["panel"]))),
        )
    defining = set(compartments["compartment"])
    of_axis = families["panel"].isin(wanted) if wanted else families["axis"].isin(AXES)
    own = families[of_axis & ~families["panel"].isin(defining)]
    parts = [
        _scores(scores, names),
        _shares(own, "family", "panel", names),
        _shares(compartments, "compartment", "compartment", names),
    ]
    proteins, used = _proteins(abundance, vesicular, names)
    parts += [_level(proteins[1]), proteins]
    table = pd.concat([t for t, _ in parts], ignore_index=True)
    values = np.vstack([v for _, v in parts])
    some = ~np.isnan(values).all(axis=1) if names else np.zeros(len(values), dtype=bool)
    return Attributes(pd.DataFrame(table[some]).reset_index(drop=True), values[some], judged, used)


def _frame(kind: str, quantities: Sequence[str], titles: Sequence[str], unit: str) -> pd.DataFrame:
    frame = pd.DataFrame({"quantity": list(quantities), "title": list(titles)}, dtype="object")
    frame.insert(0, "kind", kind)
    return frame.assign(unit=unit)


def _scores(scores: pd.DataFrame, names: list[str]) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    wide = scores.drop_duplicates("sample").set_index("sample").reindex(names)[list(SCORES)]
    share = np.clip(wide.to_numpy(dtype="float64").T, SCORE_MARGIN, 1 - SCORE_MARGIN)
    return _frame("score", list(SCORES), list(SCORES.values()), "logit"), np.log(share / (1 - share))


def _shares(rows: pd.DataFrame, kind: str, key: str, names: list[str]) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    rows = rows[rows["sample"].isin(names)]
    wide = rows.pivot(index=key, columns="sample", values="mass_fraction").reindex(columns=names)
    titles = rows.drop_duplicates(key).set_index(key)["title"]
    share = wide.to_numpy(dtype="float64").reshape(-1, len(names))
    worth = np.nanmax(share, axis=1, initial=-np.inf, where=~np.isnan(share)) >= SHARE_FLOOR
    found = [str(q) for q in wide.index[worth]]
    return _frame(kind, found, [str(titles[q]) for q in found], "log2"), np.log2(share[worth] + SHARE_FLOOR)


def _proteins(
    abundance: pd.DataFrame, vesicular: Collection[str], names: list[str]
) -> tuple[tuple[pd.DataFrame, NDArray[np.float64]], str]:
    """Vesicular proteins x samples in log2 units, imputed values left out; and the column that was used."""
    columns = ["protein_group", "sample", "genes", "log2_lfq", "mass_fraction"]
    own = abundance["protein_group"].isin(list(vesicular)) & abundance["sample"].isin(names)
    rows = abundance.loc[own & abundance["evidence"].ne("imputed"), columns].astype(dict.fromkeys(columns[:3], "str"))
    used = "log2_lfq" if rows["log2_lfq"].notna().any() or rows.empty else "mass_fraction"
    wide = rows.pivot(index="protein_group", columns="sample", values=used).reindex(columns=names)
    values = wide.to_numpy(dtype="float64").reshape(-1, len(names))
    if used == "mass_fraction":
        values = np.log2(values, out=np.full(values.shape, np.nan), where=values > 0)
    genes = rows.drop_duplicates("protein_group").set_index("protein_group")["genes"]
    groups = [str(g) for g in wide.index]
    return (_frame("protein", groups, [genes[g] or g for g in groups], "log2"), values), used


def _level(proteins: NDArray[np.float64]) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """The vesicular proteome of each sample as one number: mean distance of its proteins to their means over samples.

    Distances, for a sample in which the least abundant proteins are missing would otherwise seem to hold more.
    """
    seen = ~np.isnan(proteins)
    means = np.where(seen, proteins, 0.0).sum(axis=1, keepdims=True) / np.maximum(seen.sum(axis=1, keepdims=True), 1)
    total = np.where(seen, proteins - means, 0.0).sum(axis=0)
    count = seen.sum(axis=0)
    level = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return _frame("proteome", [LEVEL], ["Vesicular proteins together"], "log2"), level[None, :]
