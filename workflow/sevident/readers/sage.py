"""Sage: ``results.sage.tsv`` or ``.parquet`` (a row per spectrum) and ``lfq.tsv`` or ``.parquet`` (a row per peptide).

Source of the meanings: Sage's documentation, "Search Results" and "Label-free Quantification Results"
(sage-docs.vercel.app), and the writers in its source (github.com/lazear/sage: crates/sage-cli/src/output.rs,
crates/sage-cloudpath/src/parquet.rs).

| column | used as |
|---|---|
| peptide; stripped_peptide where there is one | modified_sequence; peptide |
| proteins | proteins; protein_group: the accessions of all of them, since Sage names no group of a peptide |
| protein_groups (from 0.15) | protein_group, where it is filled |
| charge; -1 where lfq.tsv joins charges | charge |
| filename; in lfq.tsv a column per file | run |
| label = -1, is_decoy | is_decoy |
| spectrum_q, to 0.9 spectrum_fdr; in lfq the q_value of the integrated peak | q_value; above 1 % not for the protein |
| sage_discriminant_score | score |
| protein_q, protein_fdr, protein_group_q | protein's q-value; above 1 % left out of the proteins |
| the file's column, or intensity (lfq) | intensity: MS1, not normalised |

Results hold no quantity of a peptide: ms2_intensity is that of one spectrum, so intensity is null and spectra are
counted, every hit of a spectrum (``rank`` 1, 2 ...) for itself. Give lfq.tsv for intensities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sevident.identifiers import split_identifiers
from sevident.readers import scores
from sevident.readers.base import (
    Grid,
    InputSpec,
    ReadResult,
    normalise,
    require_runs,
    runs_by_name,
    strip_run,
    unique_runs,
)
from sevident.readers.numbers import not_negative, parse_numbers
from sevident.readers.projection import read_columns
from sevident.readers.rollup import Observations, all_decoys, bare_sequence, each, roll_up
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LFQ = frozenset(
    (
        "peptide", "stripped peptide", "charge", "proteins", "protein groups", "num proteins", "num protein groups",
        "q value", "score", "spectral angle", "is decoy",
    )
)  # fmt: skip

FORMAT = "sage"
TITLE = "Sage results (results.sage.tsv, lfq.tsv, or .parquet)"
ENGINE = "Sage"
_WANTED = frozenset(
    (
        "peptide", "stripped peptide", "charge", "proteins", "protein groups", "is decoy", "label", "filename",
        "spectrum q", "spectrum fdr", "q value", "protein q", "protein fdr", "protein group q", "intensity",
        "reporter ion intensity", "sage discriminant score",
    )
)  # fmt: skip


def sniff(head: Head) -> bool:
    """Whether the columns are those of Sage's results or of its label-free quantities."""
    return _layout(head) != ""


def explain(head: Head) -> str:
    """What another Sage table is, for the message of a refusal."""
    if head.has("filename", "scannr", "ion injection time"):
        return "this is Sage's tmt.tsv, which names no peptide; give results.sage.tsv of the same search"
    if head.has("psm id", "fragment type"):
        return "these are Sage's matched fragments; give results.sage.tsv or lfq.tsv of the same search"
    return ""


def _layout(head: Head) -> str:
    """results, lfq, lfq_long, or nothing."""
    if head.has("peptide", "proteins", "filename", "scannr", "sage discriminant score"):
        return "results"
    if head.has("peptide", "proteins", "q value", "spectral angle"):
        return "lfq"
    if head.kind == "parquet" and head.has(
        "peptide", "stripped peptide", "proteins", "q value", "filename", "intensity"
    ):
        return "lfq_long"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read Sage's results or quantities. Raises InputError."""
    layout = _layout(read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows))
    wanted = _WANTED.__contains__ if layout == "results" else lambda name: True
    grid = read_columns(source, wanted, skip_rows=spec.skip_rows, sheet=spec.sheet)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    frame = _peptides(grid)
    if layout == "lfq":
        return _read_lfq(grid, frame, spec, warnings)
    q_name, q_value = _q_value(grid, "spectrum_q", "spectrum_fdr", "q_value")
    group_q_name, group_q = _q_value(grid, "protein_group_q", "protein_q", "protein_fdr")
    frame = frame.assign(run=_runs(grid.text(grid.find("filename"))), q_value=q_value, group_q=group_q)
    frame["score"] = scores.of_column(grid, spec, warnings, "sage_discriminant_score")
    facts: dict[str, Any] = {"q_columns": [name for name in (q_name, group_q_name) if name]}
    if layout == "lfq_long":
        position = grid.find("intensity") or 0
        intensity = np.nan_to_num(not_negative(grid, [position], "Sage"))[:, 0]
        frame = frame.assign(intensity=intensity)[intensity > 0]
        facts |= {"level": "peptide", "quantity": "intensity", "quantities_offered": ["intensity"]}
        return roll_up(Observations(frame, grid.where, "peptides", q_name=q_name), spec, warnings, ENGINE, **facts)
    if not q_name:
        text = "The table holds no q-value of spectra; every spectrum counts, also the doubtful ones."
        warnings.append(spec.warn("warning", "no_q_value", text))
    text = "Search results hold no intensities of peptides; spectra are counted. Sage's lfq.tsv holds intensities."
    warnings.append(spec.warn("info", "spectral_counts_only", text))
    if _reporter_ions(grid):
        text = "The reporter ions (TMT, iTRAQ) of the table are not read; spectra are counted for the whole plex."
        warnings.append(spec.warn("warning", "reporter_ions_ignored", text))
    facts |= {"level": "psm", "quantity": "spectra", "quantities_offered": ["spectra"]}
    found = Observations(
        frame.assign(spectra=1.0, evidence="ms2"),
        grid.where,
        "spectra",
        q_name=q_name or "spectrum_q",
        group_q_name=group_q_name or "protein_q",
    )
    return roll_up(found, spec, warnings, ENGINE, **facts)


def _peptides(grid: Grid) -> pd.DataFrame:
    modified = pd.Series(grid.text(grid.find("peptide")))
    stripped = grid.find("stripped_peptide")
    ids = pd.Series(grid.text(grid.find("proteins")))
    groups = pd.Series(grid.text(grid.find("protein_groups")))
    position = grid.find("charge")
    charge = parse_numbers(grid, [position])[:, 0] if position is not None else np.full(len(ids), np.nan)
    decoy = each(all_decoys, ids)
    if (at := grid.find("is_decoy")) is not None:
        decoy = pd.Series(grid.flags(at))
    elif (at := grid.find("label")) is not None:
        decoy = pd.Series(parse_numbers(grid, [at])[:, 0] < 0)
    return pd.DataFrame(
        {
            "peptide": each(bare_sequence, modified) if stripped is None else grid.text(stripped),
            "modified_sequence": modified,
            "charge": np.where(charge > 0, charge, np.nan),
            "ids": ids,
            "members": each(_members, groups.where(groups != "", ids)),
            "is_decoy": decoy,
        }
    )


def _members(text: str) -> str:
    return ";".join(split_identifiers(text.replace("/", ";")))


def _q_value(grid: Grid, *names: str) -> tuple[str, NDArray]:
    """The first of the columns that is there: its name and values; nothing and nan when there is none."""
    for name in names:
        position = grid.find(name)
        if position is not None:
            return grid.header[position], parse_numbers(grid, [position])[:, 0]
    return "", np.full(len(grid.frame), np.nan)


def _runs(names: list[str]) -> pd.Series:
    return pd.Series(names).map(runs_by_name(names))


def _read_lfq(grid: Grid, frame: pd.DataFrame, spec: InputSpec, warnings: list[dict[str, object]]) -> ReadResult:
    """lfq.tsv: a column per file behind the columns of the peptide."""
    # files that are named without an ending are those that nothing else is known of
    named = [i for i, name in enumerate(grid.header) if strip_run(name) != name]
    positions = named or [i for i, name in enumerate(grid.header) if name and normalise(name) not in _LFQ]
    require_runs([grid.header[i] for i in positions], grid.where, "a column per file", grid.header)
    runs = grid.once(positions, unique_runs([grid.header[i] for i in positions]))
    intensity = np.nan_to_num(not_negative(grid, positions, "Sage"))
    q_name, q_value = _q_value(grid, "q_value")
    rows, columns = np.nonzero(intensity > 0)
    cells = (
        frame.assign(q_value=q_value)
        .iloc[rows]
        .assign(run=np.array(runs, dtype=object)[columns], intensity=intensity[rows, columns])
    )
    nothing = len(frame) - len(np.unique(rows))
    if nothing:
        text = f"{nothing} peptides have no intensity in any run; they are left out."
        warnings.append(spec.warn("info", "rows_without_quantity", text, nothing))
    found = Observations(cells, grid.where, "intensities of peptides", runs, q_name=q_name)
    facts: dict[str, Any] = {"level": "peptide", "quantity": "intensity", "quantities_offered": ["intensity"]}
    return roll_up(found, spec, warnings, ENGINE, q_columns=[q_name], **facts)


def _reporter_ions(grid: Grid) -> bool:
    position = grid.find("reporter_ion_intensity")
    return position is not None and bool(
        grid.frame[position].map(lambda cell: hasattr(cell, "__len__") and len(cell) > 0).any()
    )
