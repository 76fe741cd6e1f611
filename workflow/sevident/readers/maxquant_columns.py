"""The columns of runs in MaxQuant's tables, and the labels of a search: reporter ions (TMT, iTRAQ) and SILAC.

Source of the meanings: "tables.pdf" in MaxQuant's ``combined/txt`` folder. A label of an experiment is a sample of its
own, and so a run of its own; its name is what stands behind the quantity:

| column | run |
|---|---|
| Reporter intensity corrected <n> <experiment>, else Reporter intensity <n> <experiment> | <n> <experiment> |
| Intensity L <experiment>, Intensity H <experiment> (SILAC, with columns Ratio H/L) | L <experiment>, H <experiment> |
| the same without experiments | <n>; L, H |

The sums over labels or experiments that stand beside them (``Reporter intensity corrected 1``, ``Intensity A``) are not
read then. Corrected is for the isotopic impurities of the reagents; both kinds are summed over spectra, not normalised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sevident.readers.base import Grid, InputSpec, normalise

QUANTITIES = ("Intensity", "LFQ intensity", "iBAQ")
CORRECTED, REPORTER = "Reporter intensity corrected", "Reporter intensity"
_SEPARATOR = r"[\s._]+"
_REPORTER = re.compile(
    rf"Reporter{_SEPARATOR}intensity(?P<corrected>{_SEPARATOR}corrected)?{_SEPARATOR}(?P<run>\d+(?:{_SEPARATOR}.+)?)",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"[LMH](?:{_SEPARATOR}(?P<experiment>.+))?")


def columns_of(grid: Grid, prefix: str) -> dict[str, int]:
    """Run to column, for the columns ``<prefix> <run>``; a run's name is kept as written."""
    words = [re.escape(word) for word in re.split(r"[\s/+]+", prefix)]
    pattern = re.compile(r"[\s._/+]+".join(words) + _SEPARATOR + r"(?P<run>.+)", re.IGNORECASE)
    found: dict[str, int] = {}
    for position, name in enumerate(grid.header):
        match = pattern.fullmatch(name)
        if not match:
            continue
        run = match["run"].strip()
        if run in found:
            raise grid.twice([found[run], position])
        found[run] = position
    return found


def quantity_of(grid: Grid) -> tuple[str, dict[str, int]]:
    """The quantity that is read, and its column per run: of the labels, where the search had any."""
    quantity, found = reporters(grid)
    if found:
        return quantity, found
    for quantity in QUANTITIES:
        found = {run: at for run, at in columns_of(grid, quantity).items() if run.lower() != "peptides"}
        if quantity == "iBAQ" and grid.find("iBAQ peptides") is None:
            continue
        if found:
            return quantity, silac(grid, found) or found
    total = grid.find("Intensity")
    if total is not None:  # a search without experiments: one run, which has no name
        return "Intensity", {"Intensity": total}
    return "", {}


def reporters(grid: Grid) -> tuple[str, dict[str, int]]:
    """The reporter ions' quantity and its column per run; nothing in a search without reporter ions."""
    kinds: dict[str, dict[str, int]] = {CORRECTED: {}, REPORTER: {}}
    for position, name in enumerate(grid.header):
        if match := _REPORTER.fullmatch(name):
            found = kinds[CORRECTED if match["corrected"] else REPORTER]
            run = match["run"].strip()
            if run in found:
                raise grid.twice([found[run], position])
            found[run] = position
    quantity = next((kind for kind, found in kinds.items() if found), "")
    found = kinds.get(quantity, {})
    of_experiments = {run: at for run, at in found.items() if not run.isdigit()}
    return quantity, of_experiments or found


def silac(grid: Grid, columns: dict[str, int]) -> dict[str, int]:
    """Of the columns of a quantity those of SILAC's labels; nothing in a search without them."""
    if not any(re.match(r"ratio [mh] [lm](?: |$)", normalise(name)) for name in grid.header):
        return {}
    labels = {run: at for run, at in columns.items() if _LABEL.fullmatch(run)}
    of_experiments = {run: at for run, at in labels.items() if len(run) > 1}
    return of_experiments or labels


def experiment_of(run: str) -> str:
    """The experiment of a label's run, ``1 A`` or ``L A`` to ``A``; empty where the table has none."""
    return re.sub(rf"^(?:\d+|[LMH])(?:{_SEPARATOR}|$)", "", run)


def is_labelled(quantity: str, grid: Grid, runs: Sequence[str]) -> bool:
    """Whether the runs are labels of experiments."""
    return quantity in (CORRECTED, REPORTER) or bool(silac(grid, dict.fromkeys(runs, 0)))


def quantity_remarks(spec: InputSpec, quantity: str, runs: Sequence[str], *, labelled: bool) -> list[dict[str, object]]:
    """What is to be known of the quantity that is read, of labels, and of a table whose one run has no name."""
    remarks = []
    if quantity in (CORRECTED, REPORTER):
        text = (
            f"The table holds {len(runs)} reporter-ion channels (TMT, iTRAQ): '{quantity} <n>'; each is read as a run. "
            "Reporter ions compress differences between channels, and a plex counts its peptides once for all channels."
        )
        remarks.append(spec.warn("info", "reporter_ions", text, len(runs)))
    elif labelled:
        text = f"The search is labelled (SILAC): each of {len(runs)} labels is read as a run, their sums are not."
        remarks.append(spec.warn("info", "channels", text, len(runs)))
    if quantity == "LFQ intensity":
        text = "The table has no 'Intensity' columns; 'LFQ intensity' is used, which is normalised across runs."
        remarks.append(spec.warn("info", "normalised_quantity", text))
    elif quantity == "iBAQ":
        text = "The table has neither 'Intensity' nor 'LFQ intensity' columns; intensities are iBAQ x iBAQ peptides."
        remarks.append(spec.warn("info", "quantity_from_ibaq", text))
    if list(runs) == ["Intensity"]:
        text = "The table has one column 'Intensity' and none per experiment; it is read as one run named 'Intensity'."
        remarks.append(spec.warn("info", "single_run", text))
    return remarks
