"""AlphaDIA: ``pg.matrix`` (to 1.x ``pg_matrix.tsv``) and ``precursors.parquet`` or ``.tsv`` of version 2.

Source of the meanings: AlphaDIA's documentation, "Output format" and "Output Format Breaking Changes"
(github.com/MannLabs/alphadia, docs/methods/output-format.md).

| column | used as |
|---|---|
| pg, from 2.0 pg.name | protein_group, accessions |
| pg_matrix: every other column | run; intensity: directLFQ, normalised across runs |
| raw.name; precursor.channel where there are several | run; each channel is a run of its own: <run>-<channel> |
| pg.proteins, pg.genes | proteins of the peptide, genes |
| precursor.sequence; precursor.mods and precursor.mod_sites behind it | peptide; modified_sequence |
| precursor.charge, precursor.intensity | charge, intensity |
| precursor.qval, pg.qval | q-values; above 1 % not for the protein |
| precursor.decoy = 1 | is_decoy |

The precursor table of version 1 holds the intensity of the protein group in each row of its precursors (``intensity``),
and is refused: give pg_matrix.tsv.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sevident.identifiers import read_fasta
from sevident.readers.base import Grid, InputSpec, ReadResult, normalise, require_runs, unique_runs
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, told, unique_names
from sevident.readers.msstats import measured, split_by_label
from sevident.readers.numbers import parse_numbers, positive
from sevident.readers.projection import read_columns
from sevident.readers.rollup import Observations, each, roll_up
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "alphadia"
TITLE = "AlphaDIA's protein matrix (pg.matrix, pg_matrix.tsv) or precursors.parquet of version 2"
ENGINE = "AlphaDIA"
_PRECURSORS = ("raw name", "pg name", "precursor sequence", "precursor charge", "precursor intensity")
_WANTED = frozenset(
    (
        *_PRECURSORS, "precursor mods", "precursor mod sites", "precursor channel", "precursor qval", "precursor decoy",
        "pg proteins", "pg genes", "pg qval",
    )
)  # fmt: skip
_ANNOTATION = frozenset({"pg", "pg name", "pg proteins", "pg genes", "pg master protein", "index", ""})


def sniff(head: Head) -> bool:
    """Whether the columns are those of AlphaDIA's protein matrix or precursors."""
    if head.has(*_PRECURSORS):
        return True
    first = head.columns[0] if head.columns else ""
    other = [name for name in head.columns if name not in _ANNOTATION]
    return first in ("pg", "pg name") and bool(other) and not explain(head)


def explain(head: Head) -> str:
    """What another AlphaDIA table is, for the message of a refusal."""
    if head.has("pg", "mod seq charge hash") or head.has("pg", "precursor idx"):
        return "this is the precursor table of AlphaDIA 1, without intensities of precursors; give pg_matrix.tsv"
    if head.has("pg name", "precursor mod seq charge hash") or head.has("pg name", "precursor mod seq hash"):
        return "this is AlphaDIA's matrix of precursors or peptides; give pg.matrix or precursors.parquet"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read AlphaDIA's matrix or precursors. Raises InputError."""
    head = read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    precursors = head.has(*_PRECURSORS)
    wanted = _WANTED.__contains__ if precursors else lambda name: True
    grid = read_columns(source, wanted, skip_rows=spec.skip_rows, sheet=spec.sheet)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    return _read_precursors(grid, spec, warnings) if precursors else _read_matrix(grid, spec, warnings)


def _read_matrix(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> ReadResult:
    positions = [i for i, name in enumerate(grid.header) if normalise(name) not in _ANNOTATION]
    require_runs([grid.header[i] for i in positions], grid.where, "a column per run", grid.header)
    runs = grid.once(positions, unique_runs([grid.header[i] for i in positions]))
    intensity = positive(grid, positions, "AlphaDIA")
    text = "AlphaDIA's protein matrix is normalised across runs (directLFQ)."
    warnings.append(spec.warn("info", "normalised_quantity", text))
    ids = grid.text(grid.find("pg.name", "pg"))
    keep, remarks = leave_out(
        [
            Fate(np.array([not name for name in ids]), "rows_without_protein", "rows without a protein", "warning"),
            Fate(np.array([is_decoy(name) for name in ids]), "decoys_removed", "decoy groups"),
        ],
        intensity,
        spec,
        grid.where,
    )
    warnings += remarks
    ids = [name for name, kept in zip(ids, keep, strict=True) if kept]
    genes = [gene for gene, kept in zip(grid.text(grid.find("pg.genes")), keep, strict=True) if kept]
    described, remarks = describe(Groups(ids=ids, genes=genes), spec, read_fasta(spec.fasta) if spec.fasta else None)
    names, repeated = unique_names(ids, spec)
    described.insert(0, "protein_group", names)
    evidence = told(~np.isnan(intensity[keep]), "ms2")
    proteins = long_proteins(spec, runs, described, {"intensity": intensity[keep], "evidence": evidence})
    remarks += repeated
    return ReadResult(
        proteins, None, warnings + remarks, ENGINE, level="protein", quantity="<run>", quantities_offered=["<run>"]
    )


def _read_precursors(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]]) -> ReadResult:
    def numbers(name: str) -> NDArray:
        position = grid.find(name)
        return np.full(len(grid.frame), np.nan) if position is None else parse_numbers(grid, [position])[:, 0]

    mods = grid.text(grid.find("precursor.mods"))
    sites = grid.text(grid.find("precursor.mod_sites"))
    sequence = grid.text(grid.find("precursor.sequence"))
    groups = pd.Series(grid.text(grid.find("pg.name")))
    members = pd.Series(grid.text(grid.find("pg.proteins")))
    frame = pd.DataFrame(
        {
            "run": split_by_label(
                grid.text(grid.find("raw.name")), grid.text(grid.find("precursor.channel")), spec, warnings
            ),
            "peptide": sequence,
            "modified_sequence": [f"{s}[{m}|{at}]" if m else s for s, m, at in zip(sequence, mods, sites, strict=True)],
            "charge": numbers("precursor.charge"),
            "ids": members.where(members != "", groups),
            "group": groups,
            "members": groups,
            "genes": grid.text(grid.find("pg.genes")),
            "intensity": positive(grid, [grid.find("precursor.intensity") or 0], "AlphaDIA")[:, 0],
            "q_value": numbers("precursor.qval"),
            "group_q": numbers("pg.qval"),
            "is_decoy": (numbers("precursor.decoy") == 1) | each(is_decoy, groups).to_numpy(dtype=bool),
            "evidence": "ms2",
        }
    )
    frame = measured(frame, grid, spec, warnings)
    found = Observations(frame, grid.where, "precursors", q_name="precursor.qval", group_q_name="pg.qval")
    facts: dict[str, Any] = {
        "level": "peptide",
        "quantity": "precursor.intensity",
        "quantities_offered": ["precursor.intensity", "pg.intensity"],
        "q_columns": ["precursor.qval", "pg.qval"],
    }
    return roll_up(found, spec, warnings, ENGINE, **facts)
