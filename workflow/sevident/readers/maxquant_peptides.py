"""MaxQuant's tables of peptides: ``evidence.txt`` and ``peptides.txt``.

Source of the meanings: "tables.pdf" in MaxQuant's ``combined/txt`` folder, sections evidence and peptides. Names are
compared without case, dots and signs (``Leading.Razor.Protein`` is ``Leading razor protein``).

| column | evidence.txt: a row per ion, peak and raw file | peptides.txt: a row per sequence |
|---|---|---|
| Raw file, else Experiment | run | |
| labels (TMT, iTRAQ, SILAC), see ``maxquant_columns.py`` | run <label> <raw file> | run <label> <experiment> |
| Intensity | intensity | |
| Intensity <run>, else LFQ intensity <run>, else Intensity | | intensity; runs are the experiments |
| Sequence | peptide | peptide |
| Modified sequence, Charge | modified_sequence, charge | null: forms and charges are pooled |
| Leading razor protein, else Leading proteins, else Proteins | protein_group | protein_group |
| Proteins | proteins | proteins |
| Gene names | genes of the proteins | genes of the proteins |
| MS/MS count | spectra | null: counted over all runs |
| Score (Andromeda's; none where matched between runs) | score | null: the best of all runs |
| Type: *-MATCH* | evidence matched, else ms2 | |
| Identification type <run>: By MS/MS, By matching | | evidence ms2, matched |
| Reverse | is_decoy | is_decoy |
| Potential contaminant, CON__ | contaminant class | contaminant class |

The tables hold a posterior error probability (PEP) but no q-value; MaxQuant cut them at its own error rate.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.identifiers import parse_identifier
from sevident.readers import scores
from sevident.readers.base import Grid, InputSpec, ReadResult, normalise, require_runs, runs_by_name
from sevident.readers.grids import read_grid
from sevident.readers.leading import settle
from sevident.readers.maxquant_columns import (
    CORRECTED,
    REPORTER,
    columns_of,
    is_labelled,
    quantity_of,
    quantity_remarks,
    reporters,
    silac,
)
from sevident.readers.numbers import parse_numbers, positive
from sevident.readers.projection import read_columns
from sevident.readers.rollup import Observations, all_decoys, bare_sequence, each, roll_up
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EVIDENCE = frozenset(
    (
        "sequence", "modified sequence", "raw file", "experiment", "charge", "proteins", "leading proteins",
        "leading razor protein", "gene names", "type", "ms ms count", "intensity", "reverse", "potential contaminant",
        "contaminant", "score",
    )
)  # fmt: skip
_LABELS = re.compile(r"(?:reporter intensity(?: corrected)? \d+|intensity [lmh]|ratio [mh] [lm])$")
_GROUP = ("Leading razor protein", "Leading proteins", "Proteins")


def layout(head: Head) -> str:
    """evidence, peptides, or nothing."""
    proteins = head.has("proteins") or head.has("leading razor protein")
    if not head.has("sequence") or not proteins:
        return ""
    if head.has("modified sequence", "charge", "intensity", "type") and (
        head.has("raw file") or head.has("experiment")
    ):
        return "evidence"
    own = sum(
        name in head.columns
        for name in ("missed cleavages", "unique groups", "charges", "evidence ids", "mod peptide ids", "ms ms count")
    )
    per_run = any(name.startswith(("intensity ", "lfq intensity ", "reporter intensity ")) for name in head.columns)
    return "peptides" if own >= 3 and (per_run or head.has("intensity")) and not head.has("modified sequence") else ""


def read_peptides(source: Source, spec: InputSpec, which: str) -> ReadResult:
    """Read evidence.txt or peptides.txt; features, and proteins summed from them. Raises InputError."""
    warnings: list[dict[str, object]] = []
    reader = _read_evidence if which == "evidence" else _read_wide
    quantity, found = reader(source, spec, warnings)
    head = read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    if not found.frame["is_decoy"].any():
        text = "The table holds no decoy (reverse) rows; they were removed before."
        warnings.append(spec.warn("info", "no_decoys", text))
    offered = [
        quantity
        for quantity in (CORRECTED, REPORTER, "Intensity", "LFQ intensity", "MS/MS count")
        if any(re.match(rf"{normalise(quantity)}(?: (?!corrected|count)|$)", name) for name in head.columns)
    ]
    return roll_up(found, spec, warnings, "MaxQuant", level="peptide", quantity=quantity, quantities_offered=offered)


def _read_evidence(source: Source, spec: InputSpec, warnings: list[dict[str, object]]) -> tuple[str, Observations]:
    grid = read_columns(
        source,
        lambda name: name in _EVIDENCE or _LABELS.match(name) is not None,
        sheet=spec.sheet,
        skip_rows=spec.skip_rows,
        memory_limit=spec.memory_limit,
    )
    warnings += grid.short_rows_remarks(spec)
    quantity, labels = reporters(grid)
    if not labels:
        quantity, labels = "Intensity", silac(grid, columns_of(grid, "Intensity"))
    warnings += quantity_remarks(spec, quantity, list(labels), labelled=bool(labels))
    intensity = positive(grid, list(labels.values()) or [_needed(grid, "Intensity")], "MaxQuant")
    frame = _proteins(grid)
    runs = pd.Series(grid.text(grid.find("Raw file", "Experiment")), index=frame.index)
    spectra = grid.find("MS/MS count")
    kinds = pd.Series(grid.text(grid.find("Type")), index=frame.index).str.upper()
    frame = frame.assign(
        run=runs.map(runs_by_name(runs)),
        modified_sequence=[text.strip("_") for text in grid.text(grid.find("Modified sequence"))],
        charge=parse_numbers(grid, [_needed(grid, "Charge")])[:, 0],
        intensity=intensity[:, 0],
        score=scores.of_column(grid, spec, warnings, "Score"),
        spectra=np.nan if spectra is None else parse_numbers(grid, [spectra])[:, 0],
        evidence=np.where(kinds.str.contains("MATCH"), "matched", "ms2"),
    )
    experiments = set(grid.text(grid.find("Experiment"))) - {""}
    if experiments and grid.find("Raw file") is not None:
        files = runs[runs != ""].nunique()
        text = (
            f"The runs are the {files} raw files, not the {len(experiments)} experiments that the table names, "
            "too; a sample of several raw files has a row for each in the sample sheet."
        )
        warnings.append(spec.warn("info", "runs_are_raw_files", text, files))
    if not labels:
        return quantity, Observations(frame, grid.where, "rows of evidence.txt")
    silent = int(np.isnan(intensity).all(axis=1).sum())
    if silent:
        text = f"{silent} rows of evidence.txt have no intensity in any label and are left out."
        warnings.append(spec.warn("info", "peptides_without_quantity", text, silent))
    rows, k = np.nonzero(~np.isnan(intensity))
    names = list(labels)
    of_row = frame["run"].iloc[rows]
    frame = frame.iloc[rows].assign(
        run=[f"{names[label]} {run}" if run else "" for label, run in zip(k, of_row, strict=True)],
        intensity=intensity[rows, k],
        spectra=np.nan,  # the labels share them
    )
    return quantity, Observations(frame.reset_index(drop=True), grid.where, "values of evidence.txt")


def _read_wide(source: Source, spec: InputSpec, warnings: list[dict[str, object]]) -> tuple[str, Observations]:
    grid = read_grid(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    warnings += grid.short_rows_remarks(spec)
    quantity, columns = quantity_of(grid)
    if quantity == "iBAQ":
        quantity, columns = "", {}
    runs = list(columns)
    require_runs(runs, grid.where, "columns 'Intensity <run>' or 'LFQ intensity <run>'", grid.header)
    labelled = is_labelled(quantity, grid, runs)
    warnings += quantity_remarks(spec, quantity, runs, labelled=labelled)
    intensity = positive(grid, list(columns.values()), "MaxQuant")
    evidence = _identification(grid, runs, intensity)
    if quantity in (CORRECTED, REPORTER):
        evidence[~np.isnan(intensity)] = "ms2"  # a reporter ion is read from a fragment spectrum
    proteins = _proteins(grid)
    rows, k = np.nonzero(~np.isnan(intensity) | (evidence != "unknown") | _seen(grid, runs))
    silent = ~np.isin(np.arange(len(proteins)), rows)
    if silent.any():
        text = f"{int(silent.sum())} peptides are quantified or identified in none of the runs and are left out."
        warnings.append(spec.warn("info", "peptides_without_quantity", text, int(silent.sum())))
    frame = proteins.iloc[rows].assign(
        run=np.array(runs, dtype=object)[k],
        intensity=intensity[rows, k],
        evidence=evidence[rows, k],
    )
    return quantity, Observations(frame.reset_index(drop=True), grid.where, "values of peptides.txt", runs=runs)


def _identification(grid: Grid, runs: list[str], intensity: NDArray) -> NDArray:
    evidence = np.full(intensity.shape, "unknown", dtype=object)
    columns = columns_of(grid, "Identification type")
    for k, run in enumerate(runs):
        if run in columns:
            kind = pd.Series(grid.text(columns[run])).str.lower()
            evidence[(kind == "by ms/ms").to_numpy(), k] = "ms2"
            evidence[(kind == "by matching").to_numpy(), k] = "matched"
    return evidence


def _seen(grid: Grid, runs: list[str]) -> NDArray:
    """Where the columns ``Experiment <run>`` count at least one entry of evidence.txt."""
    columns = columns_of(grid, "Experiment")
    seen = np.zeros((len(grid.frame), len(runs)), dtype=bool)
    for k, run in enumerate(runs):
        if run in columns:
            seen[:, k] = np.nan_to_num(parse_numbers(grid, [columns[run]])[:, 0]) > 0
    return seen


def _proteins(grid: Grid) -> pd.DataFrame:
    """What both tables say about a peptide's proteins."""
    group: list[str] = []
    for name in _GROUP:
        column = grid.text(grid.find(name))
        group = [one or other for one, other in zip(group or column, column, strict=True)]
    ids = [one or other for one, other in zip(grid.text(grid.find("Proteins")), group, strict=True)]
    sequence = pd.Series(grid.text(_needed(grid, "Sequence")))
    frame = pd.DataFrame({"group": group, "ids": ids, "genes": grid.text(grid.find("Gene names", "Gene name"))})
    reverse = np.array(grid.flags(grid.find("Reverse")), dtype=bool)
    flagged = np.array(grid.flags(grid.find("Potential contaminant", "Contaminant")), dtype=bool)
    frame["is_decoy"] = reverse | each(all_decoys, frame["group"]).astype(bool).to_numpy()
    frame["peptide"] = each(bare_sequence, sequence)
    frame = settle(frame)
    # a group whose peptides are all marked, without a tag of its own, is a contaminant as well
    marked = pd.Series(flagged).groupby(frame["group"]).transform("all")
    tagged = each(lambda text: "CON__" in text or parse_identifier(text).contaminant, frame["members"]).astype(bool)
    frame["members"] = frame["members"].mask(marked & ~tagged & (frame["members"] != ""), "CON__" + frame["members"])
    return frame


def _needed(grid: Grid, name: str) -> int:
    position = grid.find(name)
    if position is None:
        raise InputError(
            f"The table has no column '{name}'.",
            where=grid.where,
            found=f"columns {', '.join(repr(n) for n in grid.header[:10])}",
            advice="give the table as MaxQuant wrote it",
        )
    return position
