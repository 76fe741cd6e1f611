"""Spectronaut's pivot report, and long reports of protein groups alone.

A pivot has the columns of the rows' own first, then, per run, ``[1] run.raw.PG.Quantity`` and the like:

| column | used as |
|---|---|
| PG.ProteinGroups, else PG.ProteinAccessions, PG.UniProtIds | protein_group, accessions |
| PG.Genes, PG.ProteinNames, PG.Organisms | genes, organism |
| [n] <run>.PG.Quantity (else PG.MS2Quantity, PG.MS1Quantity) | intensity |
| for rows of precursors or peptides: [n] <run>.FG.MS2RawQuantity, else FG.Quantity, ... | intensity, summed per group |
| [n] <run>.PG.NrOfStrippedSequencesIdentified | peptides |
| [n] <run>.PG.NrOfPrecursorsIdentified above 0, or 0 | evidence ms2, or matched |
| [n] <run>.EG.Qvalue, PG.Qvalue | q_value |

``Filtered`` and ``Profiled`` in a cell mean that there is no value. PG.Quantity is normalised across runs when the
analysis was set so; a report does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.identifiers import read_fasta
from sevident.readers.base import Grid, InputSpec, ReadResult, require_runs, unique_runs
from sevident.readers.grids import read_grid
from sevident.readers.groups import Fate, Groups, describe, leave_out, long_proteins, told, unique_names
from sevident.readers.rollup import Observations, bare_sequence, each, roll_up
from sevident.readers.source import Source
from sevident.readers.spectronaut import (
    GROUP_QUANTITY,
    QUANTITY,
    RAW,
    missing_column,
    pivot_column,
    proteins_of,
    quantities,
    quantities_or_zero,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ION_QUANTITY = (*QUANTITY, "PEP.Quantity")
_SEQUENCE = ("EG.PrecursorId", "EG.ModifiedSequence", "EG.ModifiedPeptide", "PEP.GroupingKey", "PEP.StrippedSequence")


def read_pivot(source: Source, spec: InputSpec) -> ReadResult:
    """Read a pivot of protein groups, or of precursors or peptides; a row per group and run. Raises InputError."""
    grid = read_grid(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    columns = _columns(grid)
    ions = grid.find(*_SEQUENCE) is not None
    names = _ION_QUANTITY if ions else GROUP_QUANTITY
    quantity = next((name for name in names if name.lower() in columns), "")
    if not quantity and ions and "pg.quantity" in columns:
        names, quantity, ions = GROUP_QUANTITY, "PG.Quantity", False
    require_runs(
        list(columns.get(quantity.lower(), {})), grid.where, f"columns '[1] <run>.{names[0]}', one per run", grid.header
    )
    files = list(columns[quantity.lower()])
    runs = unique_runs(files)
    intensity = quantities(grid, list(columns[quantity.lower()].values()))
    if quantity not in RAW:
        text = f"Intensities are {quantity}, which Spectronaut normalises across runs when the analysis is set so."
        warnings.append(spec.warn("info", "normalisation_unknown", text))
    of_rows = _ions if ions else _groups
    result = of_rows(grid, files, runs, intensity, columns, spec, warnings)
    result.level, result.quantity = ("peptide" if ions else "protein"), quantity
    written = {found[1].lower(): found[1] for name in grid.header if (found := pivot_column(name))}
    result.quantities_offered = [name for low, name in written.items() if "quantity" in low]
    result.q_columns = [name for low, name in written.items() if "qvalue" in low]
    result.q_columns += [name for name in grid.header if name.lower() == "pg.qvalue"]
    return result


def _columns(grid: Grid) -> dict[str, dict[str, int]]:
    """Quantity (lower case) to file to column."""
    found: dict[str, dict[str, int]] = {}
    for position, name in enumerate(grid.header):
        parsed = pivot_column(name)
        if not parsed:
            continue
        of_quantity = found.setdefault(parsed[1].lower(), {})
        if parsed[0] in of_quantity:
            raise grid.twice([of_quantity[parsed[0]], position])
        of_quantity[parsed[0]] = position
    return found


def _matrix(grid: Grid, files: list[str], columns: dict[str, dict[str, int]], name: str) -> NDArray | None:
    positions = columns.get(name.lower(), {})
    if not positions:
        return None
    out = np.full((len(grid.frame), len(files)), np.nan)
    for k, file in enumerate(files):
        if file in positions:
            out[:, k] = quantities_or_zero(grid, positions[file])
    return out


def _groups(
    grid: Grid,
    files: list[str],
    runs: list[str],
    intensity: NDArray,
    columns: dict[str, dict[str, int]],
    spec: InputSpec,
    warnings: list[dict[str, object]],
) -> ReadResult:
    peptides = _matrix(grid, files, columns, "PG.NrOfStrippedSequencesIdentified")
    identified = _matrix(grid, files, columns, "PG.NrOfPrecursorsIdentified")
    identified = peptides if identified is None else identified
    evidence = np.full(intensity.shape, "unknown", dtype=object)
    if identified is not None:
        evidence[identified > 0] = "ms2"
        evidence[identified == 0] = "matched"
    evidence[np.isnan(intensity)] = "unknown"
    proteins = proteins_of(grid)
    keep, remarks = leave_out(
        [
            Fate((proteins["group"] == "").to_numpy(), "rows_without_protein", "rows without a protein", "warning"),
            Fate(proteins["is_decoy"].to_numpy(), "decoys_removed", "decoy groups"),
        ],
        intensity,
        spec,
        grid.where,
    )
    warnings += remarks
    proteins = proteins[keep].reset_index(drop=True)
    described, remarks = describe(
        Groups(ids=proteins["ids"].tolist(), genes=proteins["genes"].tolist(), headers=proteins["headers"].tolist()),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    warnings += remarks
    names, remarks = unique_names(proteins["group"].tolist(), spec)
    warnings += remarks
    described.insert(0, "protein_group", names)
    q_value = grid.find("PG.Qvalue")
    if q_value is not None:
        described["q_value"] = quantities_or_zero(grid, q_value)[keep]
    values = {"intensity": intensity[keep], "evidence": evidence[keep]}
    if peptides is not None:
        values["peptides"] = peptides[keep]
    return ReadResult(long_proteins(spec, runs, described, values), None, warnings, "Spectronaut")


def _ions(
    grid: Grid,
    files: list[str],
    runs: list[str],
    intensity: NDArray,
    columns: dict[str, dict[str, int]],
    spec: InputSpec,
    warnings: list[dict[str, object]],
) -> ReadResult:
    sequence = pd.Series([text.strip("_") for text in grid.text(grid.find(*_SEQUENCE))])
    bare = pd.Series(grid.text(grid.find("PEP.StrippedSequence")))
    q_values = _matrix(grid, files, columns, "EG.Qvalue")
    charge = grid.find("FG.Charge")
    proteins = proteins_of(grid).assign(
        peptide=bare.where(bare != "", each(_without_charge, sequence)),
        modified_sequence=sequence,
        charge=np.nan if charge is None else quantities_or_zero(grid, charge),
    )
    proteins["is_decoy"] |= np.array(grid.flags(grid.find("EG.IsDecoy")), dtype=bool)
    group_q = grid.find("PG.Qvalue")
    proteins["group_q"] = np.nan if group_q is None else quantities_or_zero(grid, group_q)
    rows, k = np.nonzero(~np.isnan(intensity))
    frame = proteins.iloc[rows].assign(
        run=np.array(runs, dtype=object)[k],
        intensity=intensity[rows, k],
        q_value=np.nan if q_values is None else q_values[rows, k],
        evidence="ms2",
    )
    found = Observations(
        frame.reset_index(drop=True), grid.where, "values", runs=runs, q_name="EG.Qvalue", group_q_name="PG.Qvalue"
    )
    return roll_up(found, spec, warnings, "Spectronaut")


def _without_charge(text: str) -> str:
    return bare_sequence(text.rsplit("_.", 1)[0])


def read_groups(source: Source, spec: InputSpec, run_columns: tuple[str, ...]) -> ReadResult:
    """Read a long report that holds protein groups but no precursors: PG.Quantity per group and run."""
    grid = read_grid(source, sheet=spec.sheet, skip_rows=spec.skip_rows)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    quantity, run = grid.find(*GROUP_QUANTITY), grid.find(*run_columns)
    if quantity is None:
        raise missing_column(grid, "PG.Quantity or FG.Quantity")
    table = proteins_of(grid).assign(file=grid.text(run), intensity=quantities(grid, [quantity])[:, 0])
    q_value = grid.find("PG.Qvalue")
    table["q_value"] = np.nan if q_value is None else quantities_or_zero(grid, q_value)
    table = table.drop_duplicates()  # a report of peptides repeats the group's quantity
    keep, remarks = leave_out(
        [
            Fate(((table["group"] == "") | (table["file"] == "")).to_numpy(), "rows_without_protein",
                 "rows without a protein or a run", "warning"),
            Fate(table["is_decoy"].to_numpy(), "decoys_removed", "decoy rows"),
        ],
        table[["intensity"]].to_numpy(),
        spec,
        grid.where,
    )  # fmt: skip
    warnings += remarks
    table = table[keep]
    twice = table.duplicated(["file", "group"])
    if twice.any():
        row = int(np.flatnonzero(twice)[0])
        raise InputError(
            "A protein group has two different quantities in one run.",
            where=grid.where,
            found=f"group '{table.iloc[row]['group']}' in run '{table.iloc[row]['file']}'",
            expected="one PG.Quantity per group and run",
            advice="export the report with precursors (EG.PrecursorId, FG.Quantity)",
        )
    files = sorted(table["file"].unique())
    runs = unique_runs(files)
    groups = table.drop_duplicates("group", ignore_index=True)
    intensity = table.pivot(index="group", columns="file", values="intensity").reindex(
        index=groups["group"], columns=files
    )
    described, remarks = describe(
        Groups(ids=groups["ids"].tolist(), genes=groups["genes"].tolist(), headers=groups["headers"].tolist()),
        spec,
        read_fasta(spec.fasta) if spec.fasta else None,
    )
    described.insert(0, "protein_group", groups["group"])
    described["q_value"] = groups["q_value"]
    name = grid.header[quantity]
    text = f"Intensities are {name}, which Spectronaut normalises across runs when the analysis is set so."
    warnings += [*remarks, spec.warn("info", "normalisation_unknown", text)]
    values = intensity.to_numpy()
    evidence = told(~np.isnan(values), "ms2")
    proteins = long_proteins(spec, runs, described, {"intensity": values, "evidence": evidence})
    q_columns = [] if q_value is None else [grid.header[q_value]]
    return ReadResult(
        proteins,
        None,
        warnings,
        "Spectronaut",
        level="protein",
        quantity=name,
        quantities_offered=[name],
        q_columns=q_columns,
    )
