"""Protein tables of Percolator (``-l``) and mokapot (``mokapot.proteins.txt``): which proteins, not how much.

Source of the meanings: Percolator's wiki, "Interface", option --results-proteins; mokapot's documentation, "Output"
(the picked-protein table).

| column | used as |
|---|---|
| ProteinId (comma between members); mokapot protein group | protein_group: the accessions; accessions |
| q-value, mokapot q-value | q_value; groups above 1 % are left out of the proteins, and counted |
| peptideIds (Percolator, blanks between) | features, peptides |
| best peptide, stripped sequence (mokapot) | the one feature of a group; peptides is null: the others are not listed |

The tables name no run: all files of the search together are one run, named like the input. There are no intensities and
no spectral counts: such an input can show which markers were found, not how much there is of them.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sevident.readers.base import Grid, InputSpec, ReadResult
from sevident.readers.grids import read_grid
from sevident.readers.numbers import parse_numbers
from sevident.readers.rollup import Q_VALUE, Observations, all_decoys, bare_sequence, each, roll_up
from sevident.readers.source import Head, Source

FORMAT = "percolator"
TITLE = "a protein table of Percolator or mokapot (identifications only)"


def sniff(head: Head) -> bool:
    """Whether the columns are those of a protein table of Percolator or mokapot."""
    return head.has("proteinid", "proteingroupid", "q value", "peptideids") or head.has(
        "mokapot protein group", "best peptide"
    )


def explain(head: Head) -> str:
    """What another table of Percolator or mokapot is, for the message of a refusal."""
    if head.has("psmid", "proteinids", "q value") or head.has("specid", "mokapot q value"):
        return (
            "this is a table of spectra or peptides of Percolator or mokapot, which names no run and no quantity: "
            "give the tables of the search engine, or the protein table"
        )
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a protein table: groups with a q-value of at most 1 %, in one run. Raises InputError."""
    grid = read_grid(source, skip_rows=spec.skip_rows, sheet=spec.sheet)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    mokapot = grid.find("mokapot protein group")
    engine = "Percolator" if mokapot is None else "mokapot"
    frame, q_name = _groups(grid, mokapot if mokapot is not None else grid.find("ProteinId"))
    frame = frame.assign(run=spec.name, evidence="ms2")
    text = (
        f"The table names no run and holds no quantities; it is read as one run that is named like the input, "
        f"'{spec.name}'. It shows which proteins were found, not how much there is of them."
    )
    warnings.append(spec.warn("warning", "identifications_only", text, frame["ids"].nunique()))
    over = int((frame["group_q"] > Q_VALUE).sum())
    if over:
        text = f"{over} of {len(frame)} groups have a {q_name} above {Q_VALUE} and are left out of the proteins."
        warnings.append(spec.warn("info", "proteins_over_q_value", text, over))
    listed = pd.Series(_peptides(grid, mokapot is not None), index=frame.index, dtype="object")
    peptides = frame.assign(modified_sequence=listed).explode("modified_sequence")
    peptides["peptide"] = each(bare_sequence, peptides["modified_sequence"])
    found = Observations(peptides, grid.where, "peptides of groups", group_q_name=q_name)
    result = roll_up(found, spec, warnings, engine, level="protein", q_columns=[q_name])
    if mokapot is not None:
        result.proteins["peptides"] = pd.array([pd.NA] * len(result.proteins), dtype="Int64")
    return result


def _groups(grid: Grid, position: int | None) -> tuple[pd.DataFrame, str]:
    ids = pd.Series(grid.text(position)).str.replace(r",\s*", ";", regex=True)
    q_position = grid.find("q-value", "mokapot q-value")
    q_value = parse_numbers(grid, [q_position])[:, 0] if q_position is not None else np.full(len(ids), np.nan)
    frame = pd.DataFrame({"ids": ids, "group_q": q_value, "is_decoy": each(all_decoys, ids)})
    return frame, grid.header[q_position] if q_position is not None else "q-value"


def _peptides(grid: Grid, mokapot: bool) -> list[list[str]]:
    """The peptides of each group as written; a group without any gets one empty peptide."""
    if mokapot:
        return [[peptide] for peptide in grid.text(grid.find("best peptide"))]
    return [re.split(r"\s+", text) for text in grid.text(grid.find("peptideIds"))]
