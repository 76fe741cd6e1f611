"""DIA-NN's matrices: ``pg_matrix``, ``gg_matrix``, ``unique_genes_matrix`` and ``pr_matrix``.

The columns are described in ``readers/diann.py``. A matrix holds a column per run, named by the file, behind its
annotation columns; an empty cell means that the protein was not quantified in the run.
"""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sevident import tables
from sevident.identifiers import read_fasta
from sevident.readers.base import InputSpec, ReadResult, normalise, require_runs, unique_runs
from sevident.readers.grids import read_grid
from sevident.readers.groups import Fate, Groups, describe, is_decoy, leave_out, long_proteins, told, unique_names
from sevident.readers.numbers import positive
from sevident.readers.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_matrix(source: Source, spec: InputSpec, layout: str, annotation: Set[str]) -> ReadResult:
    """Read a matrix of ``layout`` groups, genes or precursors; ``annotation``: normalised names that are not runs."""
    grid = read_grid(source, skip_rows=spec.skip_rows)
    warnings: list[dict[str, object]] = grid.short_rows_remarks(spec)
    positions = [i for i, name in enumerate(grid.header) if name and normalise(name) not in annotation]
    require_runs([grid.header[i] for i in positions], grid.where, "a column per run", grid.header)
    runs = grid.once(positions, unique_runs([grid.header[i] for i in positions]))
    intensity = positive(grid, positions, "DIA-NN")
    text = "DIA-NN's matrices are normalised across runs; the main report holds quantities that are not."
    warnings.append(spec.warn("info", "normalised_quantity", text))

    genes = grid.text(grid.find("Genes"))
    ids = genes if layout == "genes" else grid.text(grid.find("Protein.Group"))
    keep, remarks = leave_out(
        [
            Fate(
                np.array([not name for name in ids]),
                "rows_without_protein",
                "rows without a protein group or gene",
                "warning",
            ),
            Fate(np.array([layout != "genes" and is_decoy(name) for name in ids]), "decoys_removed", "decoy rows"),
        ],
        intensity,
        spec,
        grid.where,
    )
    warnings += remarks
    frame = pd.DataFrame(
        {
            "protein_group": ids,
            "genes": genes,
            "also": grid.text(grid.find("Protein.Ids")),
            "names": grid.text(grid.find("Protein.Names")),
            "peptide": grid.text(grid.find("Stripped.Sequence")),
            "modified_sequence": grid.text(grid.find("Modified.Sequence")),
            "charge": grid.text(grid.find("Precursor.Charge")),
        }
    )[keep].reset_index(drop=True)
    intensity = intensity[keep]
    features = None
    values: dict[str, Any] = {}
    if layout == "precursors":
        features = _matrix_features(frame, intensity, runs, spec)
        frame, intensity, values["peptides"] = _sum_precursors(frame, intensity)
    values |= {"intensity": intensity, "evidence": told(~np.isnan(intensity), "ms2")}
    described, remarks = describe(
        Groups(
            ids=[""] * len(frame) if layout == "genes" else frame["protein_group"].tolist(),
            genes=frame["genes"].tolist(),
            also=frame["also"].tolist(),
            entry_names=frame["names"].tolist(),
        ),
        spec,
        read_fasta(spec.fasta) if spec.fasta and layout != "genes" else None,
    )
    names, repeated = unique_names(frame["protein_group"].tolist(), spec)
    described.insert(0, "protein_group", names)
    if features is not None:
        for column, source_column in (("proteins", "accessions"), ("genes", "genes")):
            by_group = dict(zip(described["protein_group"], described[source_column], strict=True))
            features[column] = features["protein_group"].map(by_group)
    proteins = long_proteins(spec, runs, described, values)
    quantity = "normalised quantity per precursor" if layout == "precursors" else "MaxLFQ"
    return ReadResult(
        proteins,
        features,
        warnings + remarks + repeated,
        "DIA-NN",
        level="peptide" if layout == "precursors" else "protein",
        quantity=quantity,
        quantities_offered=[quantity],
    )


def _matrix_features(frame: pd.DataFrame, intensity: NDArray, runs: list[str], spec: InputSpec) -> pd.DataFrame:
    rows, columns = np.nonzero(~np.isnan(intensity))
    precursors = (
        frame[["protein_group", "genes", "peptide", "modified_sequence", "charge"]].iloc[rows].reset_index(drop=True)
    )
    return tables.conform(
        precursors.assign(
            input=spec.name,
            run=np.array(runs, dtype=object)[columns],
            charge=pd.to_numeric(precursors["charge"], errors="coerce"),
            intensity=intensity[rows, columns],
            evidence="ms2",
        ),
        tables.FEATURES,
    )


def _sum_precursors(frame: pd.DataFrame, intensity: NDArray) -> tuple[pd.DataFrame, NDArray, NDArray]:
    """Groups, their summed precursors and their counts of distinct sequences, per run."""
    groups = frame.drop_duplicates("protein_group", ignore_index=True)
    order = {name: i for i, name in enumerate(groups["protein_group"])}
    index = frame["protein_group"].map(order).to_numpy()
    sums = np.zeros((len(groups), intensity.shape[1]))
    np.add.at(sums, index, np.nan_to_num(intensity))
    sums[sums == 0] = np.nan
    peptides = np.zeros(sums.shape)
    for k in range(intensity.shape[1]):
        seen = ~np.isnan(intensity[:, k])
        counts = pd.Series(frame["peptide"].to_numpy()[seen]).groupby(index[seen]).nunique()
        peptides[counts.index, k] = counts
    return groups, sums, peptides
