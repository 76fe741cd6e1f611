"""MaxQuant ``proteinGroups.txt``, of all generations from 1.2 to 2.x.

``evidence.txt`` and ``peptides.txt`` are read as well, in ``maxquant_peptides.py``.

Source of the meanings: "tables.pdf" in MaxQuant's ``combined/txt`` folder, section proteinGroups. Names are compared
without case, dots and signs, so the headers that R makes (``Razor...unique.peptides.X``) and comma-separated copies
are the same.

| column | used as |
|---|---|
| Majority protein IDs, else Protein IDs | protein_group, accessions (those with half of the group's peptides) |
| Gene names; else GN= in Fasta headers; else the FASTA given | genes |
| Fasta headers, Taxonomy IDs | organism |
| Intensity <run> | intensity: summed extracted ion current, not normalised |
| LFQ intensity <run>, where there is no Intensity <run> | intensity, with a remark: normalised across runs |
| iBAQ <run> x iBAQ peptides, where there is neither | intensity (iBAQ is the intensity divided by that number) |
| Razor + unique peptides <run>, else Peptides <run> | peptides |
| MS/MS count <run> | spectra; null for labels, which share them |
| labels (TMT, iTRAQ, SILAC) | a run each: ``maxquant_columns.py`` |
| Identification type <run>: By MS/MS, By matching | evidence ms2, matched |
| Q-value, Sequence length | q_value, sequence_length |
| Reverse, Only identified by site | rows left out, counted |
| Potential contaminant (to 1.3: Contaminant) | contaminant class |

Without ``Identification type`` columns an intensity with MS/MS counts is ms2 and one without is unknown: in MaxQuant's
own tables about half of the values without a counted spectrum are still "By MS/MS".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident.identifiers import read_fasta
from sevident.readers.base import Grid, InputSpec, ReadResult, require_runs
from sevident.readers.grids import read_grid
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, unique_names
from sevident.readers.maxquant_columns import (
    CORRECTED,
    QUANTITIES,
    REPORTER,
    columns_of,
    experiment_of,
    is_labelled,
    quantity_of,
    quantity_remarks,
    reporters,
)
from sevident.readers.numbers import not_negative, parse_numbers
from sevident.readers.source import Head, Source, read_head

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = "maxquant"
TITLE = "MaxQuant proteinGroups.txt, evidence.txt or peptides.txt"
# what is left of a row that a spreadsheet broke in two: numbers of other tables
_PIECE = re.compile(r"[\d;.]+")


def sniff(head: Head) -> bool:
    """Whether the columns are those of proteinGroups, peptides or evidence."""
    from sevident.readers.maxquant_peptides import layout

    return _is_protein_groups(head) or layout(head) != ""


def _is_protein_groups(head: Head) -> bool:
    ids = head.has("majority protein ids") or head.has("protein ids")
    own = sum(
        name in head.columns
        for name in (
            "peptide counts razor unique",
            "razor unique peptides",
            "only identified by site",
            "reverse",
            "potential contaminant",
            "contaminant",
            "unique razor sequence coverage",
            "peptide is razor",
            "evidence ids",
        )
    )
    # a table of which only the total is left, under other columns of runs, is no longer MaxQuant's
    total = head.has("intensity", "peptide ids")
    quantities = ("intensity ", "lfq intensity ", "ibaq ", "reporter intensity ")
    per_run = any(name.startswith(quantities) for name in head.columns)
    return ids and own >= 3 and (per_run or total)


def explain(head: Head) -> str:
    """What another MaxQuant table is, for the message of a refusal."""
    if head.has("sequence", "proteins") and (head.has("mod peptide ids") or head.has("evidence ids")):
        return "this is another MaxQuant table; give proteinGroups.txt, evidence.txt or peptides.txt of the same folder"
    if head.has("sequence", "raw file", "scan number", "proteins"):
        return "this is MaxQuant's msms.txt; give proteinGroups.txt, evidence.txt or peptides.txt of the same folder"
    if head.has("raw file", "enzyme") or head.has("parameter", "value"):
        return "this is MaxQuant's summary.txt or parameters.txt; give proteinGroups.txt of the same folder"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a proteinGroups table; one row per group and run, null where nothing was measured. Raises InputError.

    Tables of peptides are read by ``maxquant_peptides``.
    """
    from sevident.readers.maxquant_peptides import layout, read_peptides

    peptides_of = layout(read_head(source, sheet=spec.sheet, skip_rows=spec.skip_rows))
    if peptides_of:
        return read_peptides(source, spec, peptides_of)
    grid = read_grid(source, skip_rows=spec.skip_rows, sheet=spec.sheet)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    quantity, columns = quantity_of(grid)
    runs = list(columns)
    require_runs(runs, grid.where, "columns 'Intensity <run>' or 'LFQ intensity <run>'", grid.header)
    intensity = _intensity(grid, quantity, list(columns.values()))
    grid, intensity = _filter(grid, intensity, spec, warnings)
    labelled = is_labelled(quantity, grid, runs)
    warnings += quantity_remarks(spec, quantity, runs, labelled=labelled)

    group_ids = _group_ids(grid)
    lengths = _optional(grid, grid.find("Sequence length"))
    described, remarks = describe(
        Groups(
            ids=group_ids,
            genes=grid.text(grid.find("Gene names", "Gene name")),
            headers=grid.text(grid.find("Fasta headers")),
            taxa=grid.text(grid.find("Taxonomy IDs")),
            lengths=lengths.tolist() if lengths is not None else [],
            flagged=grid.flags(grid.find("Potential contaminant", "Contaminant")),
        ),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    warnings += remarks
    names, remarks = unique_names(group_ids, spec)
    warnings += remarks
    described.insert(0, "protein_group", names)
    q_values = _optional(grid, grid.find("Q-value"))
    if q_values is not None:
        described["q_value"] = q_values

    experiments = [experiment_of(run) if labelled else run for run in runs]
    spectra = None if labelled else _per_run(grid, runs, "MS/MS count")
    peptides = _per_run(grid, experiments, "Razor + unique peptides")
    if peptides is None:
        peptides = _per_run(grid, experiments, "Peptides")
    evidence = _evidence(grid, experiments, intensity, spectra)
    if quantity in (CORRECTED, REPORTER):
        evidence[~np.isnan(intensity)] = "ms2"  # a reporter ion is read from a fragment spectrum
    values: dict[str, NDArray] = {"intensity": intensity, "evidence": evidence}
    if peptides is not None:
        values["peptides"] = np.where(np.isnan(intensity), 0, peptides) if labelled else peptides
    if spectra is not None:
        values["spectra"] = spectra
    proteins = long_proteins(spec, runs, described, values)
    offered = [name for name in (*QUANTITIES, "MS/MS count") if columns_of(grid, name)]
    offered = [reporters(grid)[0], *offered] if reporters(grid)[0] else offered
    return ReadResult(
        proteins,
        None,
        warnings,
        "MaxQuant",
        level="protein",
        quantity=quantity,
        quantities_offered=offered,
        q_columns=["Q-value"] if q_values is not None else [],
    )


def _intensity(grid: Grid, quantity: str, positions: list[int]) -> NDArray:
    values = not_negative(grid, positions, "MaxQuant")
    if quantity == "iBAQ":
        peptides = parse_numbers(grid, [grid.find("iBAQ peptides") or 0])
        values = values * peptides
    values[values == 0] = np.nan
    return values


def _filter(grid: Grid, intensity: NDArray, spec: InputSpec, warnings: list[dict[str, object]]) -> tuple[Grid, NDArray]:
    """The rows of real proteins; what is left out is counted, with its intensity."""
    ids = _group_ids(grid)
    decoy = np.array(grid.flags(grid.find("Reverse"))) | np.array([is_decoy(group) for group in ids])
    site = np.array(grid.flags(grid.find("Only identified by site")))
    flags = grid.flags(grid.find("Potential contaminant", "Contaminant"))
    keep, remarks = leave_out(
        [
            Fate(decoy, "decoys_removed", "decoy (reverse) groups"),
            Fate(site, "only_by_site_removed", "groups identified only by a modification site (as MaxQuant advises)"),
            Fate(
                np.array([not group for group in ids]),
                "rows_without_protein",
                "rows without a protein identifier",
                "warning",
            ),
            Fate(
                np.array([bool(_PIECE.fullmatch(group)) for group in ids]) & np.isnan(intensity).all(axis=1),
                "rows_without_protein",
                "pieces of rows that a spreadsheet broke (its cells hold 32,767 characters)",
                "warning",
            ),
        ],
        intensity,
        spec,
        grid.where,
    )
    warnings += remarks
    if not decoy.any():
        text = "The table holds no decoy (reverse) rows; they were removed before."
        warnings.append(spec.warn("info", "no_decoys", text))
    if not any(flags) and not any("CON__" in group for group in ids):
        text = (
            "The table holds no contaminant rows: they were removed before, or no contaminant list was searched. "
            "Albumin and keratins may be missing for that reason."
        )
        warnings.append(spec.warn("warning", "no_contaminants", text))
    return Grid(grid.frame[keep], grid.header, grid.where), intensity[keep]


def _group_ids(grid: Grid) -> list[str]:
    majority = grid.text(grid.find("Majority protein IDs"))
    every = grid.text(grid.find("Protein IDs"))
    return [m or e for m, e in zip(majority, every, strict=True)]


def _optional(grid: Grid, position: int | None) -> NDArray | None:
    return None if position is None else parse_numbers(grid, [position])[:, 0]


def _per_run(grid: Grid, runs: list[str], prefix: str) -> NDArray | None:
    """The columns ``<prefix> <run>`` as (groups, runs); nan for a run that has none; None when no run has one.

    Of a run without a name the column ``<prefix>`` is taken.
    """
    columns = columns_of(grid, prefix)
    if (total := grid.find(prefix)) is not None:
        columns[""] = total
    present = [(k, columns[run]) for k, run in enumerate(runs) if run in columns]
    if not present:
        return None
    out = np.full((len(grid.frame), len(runs)), np.nan)
    out[:, [k for k, _ in present]] = parse_numbers(grid, [at for _, at in present])
    return out


def _evidence(grid: Grid, runs: list[str], intensity: NDArray, spectra: NDArray | None) -> NDArray:
    evidence = np.full(intensity.shape, "unknown", dtype=object)
    if spectra is not None:
        evidence[np.nan_to_num(spectra) > 0] = "ms2"
    columns = columns_of(grid, "Identification type")
    for k, run in enumerate(runs):
        if run in columns:
            kind = pd.Series(grid.text(columns[run])).str.lower()
            evidence[(kind == "by ms/ms").to_numpy(), k] = "ms2"
            evidence[(kind == "by matching").to_numpy(), k] = "matched"
    evidence[np.isnan(intensity)] = "unknown"
    return evidence
