"""Skyline's report "MSstats Input", a row per transition and run, in either spelling of the headers.

Source of the meanings: Skyline's documentation of reports ("MSstats Input", invariant and localised names) and MSstats'
manual, ``SkylinetoMSstatsFormat``.

| column | used as |
|---|---|
| Protein Name, Protein Accession | proteins; protein_group: their accessions. ``Decoys`` is Skyline's list of decoys |
| Protein Gene, where there is one | genes |
| Peptide Modified Sequence, Peptide Sequence | modified_sequence, peptide |
| Precursor Charge | charge |
| File Name, else Replicate Name | run |
| Isotope Label Type | where there are several (light, heavy), each is a run of its own: <run>-<label> |
| Area | intensity: summed over the transitions of a precursor; #N/A and 0: not measured |
| Detection Q Value | q_value; above 1 % a row does not count for its protein (as MSstats advises) |
| Standard Type | rows of standards (iRT and others) are counted in a remark, and kept |

Skyline counts no spectra and matches every target in every run; evidence is ms2 where a detection q-value says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.msstats import areas, measured, split_by_label, squashed, squashed_find
from sevident.readers.numbers import parse_numbers
from sevident.readers.projection import read_columns
from sevident.readers.rollup import Q_VALUE, Observations, all_decoys, bare_sequence, each, roll_up
from sevident.readers.source import Head, Source

FORMAT = "skyline"
TITLE = "Skyline's report for MSstats"
_PROTEIN = ("proteinaccession", "proteinname", "protein")
_PEPTIDE = ("peptidemodifiedsequence", "peptidesequence")
_RUN = ("filename", "replicatename")
_WANTED = frozenset(
    (
        *_PROTEIN, *_PEPTIDE, *_RUN, "proteingene", "precursorcharge", "fragmention", "isotopelabeltype", "area",
        "detectionqvalue", "standardtype",
    )
)  # fmt: skip


def sniff(head: Head) -> bool:
    """Whether the columns are those of Skyline's report for MSstats."""
    names = {squashed(name) for name in head.header}
    return (
        {"precursorcharge", "fragmention", "area"} <= names
        and bool(names & set(_PROTEIN))
        and bool(names & set(_PEPTIDE))
        and bool(names & set(_RUN))
    )


def explain(head: Head) -> str:
    """What another Skyline report lacks, for the message of a refusal."""
    names = {squashed(name) for name in head.header}
    if {"peptidemodifiedsequence", "precursormz"} <= names or {"peptidemodifiedsequence", "totalarea"} <= names:
        return "this seems to be another report of Skyline: export the report 'MSstats Input'"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read Skyline's transitions; every group gets a row in every run. Raises InputError."""
    grid = read_columns(source, lambda name: squashed(name) in _WANTED, skip_rows=spec.skip_rows, sheet=spec.sheet)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    names = pd.Series(grid.text(squashed_find(grid, *_PROTEIN)))
    sequence = pd.Series(grid.text(squashed_find(grid, *_PEPTIDE)))
    charge, q_value = squashed_find(grid, "precursorcharge"), squashed_find(grid, "detectionqvalue")
    labels = grid.text(squashed_find(grid, "isotopelabeltype"))
    q_values = parse_numbers(grid, [q_value])[:, 0] if q_value is not None else np.full(len(names), np.nan)
    runs = split_by_label(grid.text(squashed_find(grid, *_RUN)), labels, spec, warnings)
    frame = pd.DataFrame(
        {
            "run": runs,
            "peptide": each(bare_sequence, sequence),
            "modified_sequence": sequence,
            "charge": parse_numbers(grid, [charge])[:, 0] if charge is not None else np.nan,
            "ids": names,
            "genes": grid.text(squashed_find(grid, "proteingene")),
            "intensity": areas(grid, "area"),
            "q_value": q_values,
            "is_decoy": each(lambda name: all_decoys(name) or name.lower() in {"decoys", "decoy"}, names),
            "evidence": np.where(q_values <= Q_VALUE, "ms2", "unknown"),
        }
    )
    standards = pd.Series(grid.text(squashed_find(grid, "standardtype"))).replace("", None).value_counts().sort_index()
    for kind, count in standards.items():
        text = f"{count} rows are of standards ({kind}); they are kept, and count as proteins of the sample."
        warnings.append(spec.warn("warning", "standards", text, int(count)))
    ions = pd.Series(grid.text(squashed_find(grid, "fragmention"))).str.startswith("precursor")
    if ions.any() and not ions.all():
        text = "The report holds precursors (MS1) and fragments (MS2) of the same peptides; their areas are summed."
        warnings.append(spec.warn("warning", "ms1_and_ms2", text, int(ions.sum())))
    frame = measured(frame, grid, spec, warnings)
    every = [run for run in dict.fromkeys(runs) if run]
    found = Observations(frame, grid.where, "areas of transitions", every, q_name="Detection Q Value")
    facts: dict[str, Any] = {
        "level": "peptide",
        "quantity": "Area",
        "quantities_offered": ["Area"],
        "q_columns": [] if q_value is None else [grid.header[q_value]],
    }
    return roll_up(found, spec, warnings, "Skyline", **facts)
