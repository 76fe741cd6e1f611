"""MSstats' input table, as quantms, OpenMS and FragPipe write it; also the variant of MSstatsTMT.

Source of the meanings: MSstats' manual, "dataProcess, required input"; MSstatsTMT's manual, "proteinSummarization";
quantms' documentation of ``msstats_in.csv``.

| column | used as |
|---|---|
| ProteinName | proteins; protein_group: their accessions |
| PeptideSequence (a charge behind ``_`` is taken off) | modified_sequence, peptide |
| PrecursorCharge, MSstatsTMT: Charge | charge |
| Reference (quantms), else Run | run; quantms writes a running number under Run |
| IsotopeLabelType | where there are several, each is a run of its own: <run>-<label> |
| Channel (MSstatsTMT) | each channel is a run of its own: <run>-<channel> |
| Intensity | intensity; fragments and isotopes of a precursor are summed; empty, NA or 0: not measured |

The table holds no spectra, q-values or genes; the error rate was controlled before it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.readers.base import Grid, InputSpec, ReadResult, normalise, runs_by_name
from sevident.readers.numbers import not_negative, parse_numbers
from sevident.readers.projection import read_columns
from sevident.readers.rollup import Observations, all_decoys, bare_sequence, each, roll_up
from sevident.readers.source import Head, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "msstats"
TITLE = "an MSstats input table (msstats_in.csv, MSstats.csv)"
ENGINE = "MSstats table"
_WANTED = frozenset(
    (
        "proteinname", "peptidesequence", "precursorcharge", "charge", "run", "reference", "isotopelabeltype",
        "channel", "intensity",
    )
)  # fmt: skip


def squashed(name: str) -> str:
    """A column's name without case, signs and blanks: ``Protein.Name`` and ``ProteinName`` are one."""
    return normalise(name).replace(" ", "")


def squashed_find(grid: Grid, *names: str) -> int | None:
    """The column that is the first of ``names`` (squashed) to be there; error when it stands twice."""
    keys = [squashed(column) for column in grid.header]
    for name in names:
        positions = [i for i, key in enumerate(keys) if key == name]
        if len(positions) > 1:
            raise grid.twice(positions)
        if positions:
            return positions[0]
    return None


def sniff(head: Head) -> bool:
    """Whether the columns are those that MSstats requires."""
    names = {squashed(name) for name in head.header}
    label_free = {"proteinname", "peptidesequence", "precursorcharge", "run", "intensity"}
    tmt = {"proteinname", "peptidesequence", "charge", "channel", "run", "intensity"}
    return label_free <= names or tmt <= names


def explain(head: Head) -> str:
    """What a table that is nearly MSstats' lacks, for the message of a refusal."""
    names = {squashed(name) for name in head.header}
    if {"proteinname", "peptidesequence", "intensity"} <= names:
        return "an MSstats table also needs the columns PrecursorCharge and Run"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read an MSstats table: a row per precursor (or fragment) and run. Raises InputError."""
    grid = read_columns(source, lambda name: squashed(name) in _WANTED, skip_rows=spec.skip_rows, sheet=spec.sheet)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    intensity = areas(grid, "intensity")
    sequence = pd.Series(grid.text(squashed_find(grid, "peptidesequence"))).str.replace(r"_\d+$", "", regex=True)
    names = grid.text(squashed_find(grid, "reference"))
    if not any(names):
        names = grid.text(squashed_find(grid, "run"))
    channel = squashed_find(grid, "channel")
    labels = grid.text(channel if channel is not None else squashed_find(grid, "isotopelabeltype"))
    ids = pd.Series(grid.text(squashed_find(grid, "proteinname")))
    position = squashed_find(grid, "precursorcharge", "charge")
    frame = pd.DataFrame(
        {
            "run": split_by_label(names, labels, spec, warnings),
            "peptide": each(bare_sequence, sequence),
            "modified_sequence": sequence,
            "charge": parse_numbers(grid, [position])[:, 0] if position is not None else np.nan,
            "ids": ids,
            "intensity": intensity,
            "is_decoy": each(all_decoys, ids),
        }
    )
    frame = measured(frame, grid, spec, warnings)
    found = Observations(frame, grid.where, "intensities")
    facts: dict[str, Any] = {"level": "peptide", "quantity": "Intensity", "quantities_offered": ["Intensity"]}
    return roll_up(found, spec, warnings, ENGINE, **facts)


def areas(grid: Grid, name: str) -> NDArray:
    """The column of intensities; raises InputError when one is negative."""
    position = squashed_find(grid, name)
    if position is None:
        raise InputError(
            f"The table has no column of that kind: {name}.", where=grid.where, found=", ".join(grid.header[:12])
        )
    values = not_negative(grid, [position], "MSstats or Skyline")
    return values[:, 0]


def measured(frame: pd.DataFrame, grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> pd.DataFrame:
    """The rows with an intensity; the others are counted. Raises InputError when none has one."""
    seen = (frame["intensity"] > 0).to_numpy()
    count = int((~seen).sum())
    if not seen.any():
        raise InputError(
            "The table holds no intensity above zero.",
            where=grid.where,
            found=f"{count} rows without an intensity",
            advice="check that the export is complete",
        )
    if count:
        text = f"{count} rows have no intensity (empty, NA or zero); they are left out."
        warnings.append(spec.warn("info", "rows_without_quantity", text, count))
    return frame[seen]


def split_by_label(
    names: list[str], labels: list[str], spec: InputSpec, warnings: list[dict[str, object]]
) -> list[str]:
    """Run names from file names; the label (isotope, channel) is added where the table holds several."""
    short = runs_by_name(names)
    kinds = sorted({label for label in labels if label})
    if len(kinds) < 2:
        return [short[name] for name in names]
    text = f"The table is multiplexed: each run is split by label ({', '.join(kinds[:20])}) and named <run>-<label>."
    warnings.append(spec.warn("info", "channels", text, len(kinds)))
    return [
        short[name] + (f"-{label}" if label and name else "")  # a row without a run stays one, and is counted as such
        for name, label in zip(names, labels, strict=True)
    ]
