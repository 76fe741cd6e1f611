"""DIA-NN: the long report (``report.tsv`` to 1.9, ``report.parquet`` from 1.9 on) and the matrices of 1.7 to 2.x.

Source of the meanings: DIA-NN's README, "Output" and "Main output reference" (github.com/vdemichev/DiaNN).

Long report, a row per precursor and run:

| column | used as |
|---|---|
| Run | run; the file name without folder and ending (Channel is added where there are several) |
| Protein.Group, Protein.Ids, Protein.Names, Genes | protein_group and accessions, further proteins, organism, genes |
| Precursor.Quantity | intensity: not normalised; summed over the precursors of a group |
| Q.Value <= 0.01 | precursors kept: run-specific false discovery rate |
| PG.Q.Value <= 0.01, else Protein.Q.Value, else Global.PG.Q.Value | groups kept in the run |
| Stripped.Sequence, Modified.Sequence, Precursor.Charge | peptide, modified_sequence, charge; peptides |
| Decoy = 1, or a group led by a decoy's name (`rev_`) | left out, counted |

Matrices: ``report.pg_matrix`` (a row per Protein.Group), ``report.gg_matrix`` and ``unique_genes_matrix`` (a row per
Genes) are taken as they are: normalised, MaxLFQ, 1% global false discovery rate. ``report.pr_matrix`` (a row per
precursor) is summed per group. DIA-NN counts no spectra, so ``spectra`` is null.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from sevident import tables
from sevident.readers.base import InputSpec, ReadResult, normalise
from sevident.readers.source import Head, Source, read_head

FORMAT = "diann"
TITLE = "a DIA-NN report (report.tsv, report.parquet) or matrix (pg_matrix, gg_matrix, pr_matrix)"
# the quantities of its reports that are not read
_OFFERED = ("Precursor.Quantity", "Precursor.Normalised", "PG.Quantity", "PG.Normalised", "PG.MaxLFQ", "Genes.MaxLFQ")
_LONG = ("Run", "Protein.Group", "Stripped.Sequence", "Precursor.Charge", "Q.Value", "Precursor.Quantity")
# the columns of the matrices that are not runs, normalised
ANNOTATION = frozenset(
    (
        "protein group", "protein ids", "protein names", "genes", "first protein description", "n sequences",
        "n proteotypic sequences", "proteotypic", "stripped sequence", "modified sequence", "precursor charge",
        "precursor id", "protein sites", "all mapped proteins", "all mapped genes", "index",
    )
)  # fmt: skip
_RUN = re.compile(r"[\\/]|\.(?:raw|mzml|mzxml|d|dia|wiff2?|htrms|lcd)$", re.IGNORECASE)


def sniff(head: Head) -> bool:
    """Whether the columns are those of a DIA-NN report or matrix."""
    return _layout(head.header) != ""


def explain(head: Head) -> str:
    """What another DIA-NN table is, for the message of a refusal."""
    if head.has("file name", "precursors identified"):
        return "this is DIA-NN's report.stats.tsv; give report.tsv, report.parquet or report.pg_matrix.tsv"
    if head.has("product mz", "relative intensity") or head.has("productmz", "libraryintensity"):
        return "this is a spectral library; give report.tsv, report.parquet or report.pg_matrix.tsv of a search with it"
    return ""


def _layout(header: list[str]) -> str:
    """long, precursors, groups, genes, or nothing."""
    names = {normalise(name) for name in header}
    if {normalise(name) for name in _LONG} <= names:
        return "long"
    dotted = (
        "Protein.Group" in header or "Protein.Names" in header
    )  # DIA-NN's own spelling: PEAKS writes "Protein Group"
    runs = [name for name in header if name and normalise(name) not in ANNOTATION]
    if dotted and "precursor id" in names and runs:
        return "precursors"
    if dotted and {"protein group", "protein names", "genes"} <= names and runs:
        return "groups"
    if header and header[0] == "Genes" and runs and all(_RUN.search(run) for run in runs):
        return "genes"
    return ""


def read(source: Source, spec: InputSpec) -> ReadResult:
    """Read a DIA-NN report or matrix; features come from the long report and pr_matrix. Raises InputError."""
    head = read_head(source, skip_rows=spec.skip_rows)
    layout = _layout(head.header)
    if layout != "long":
        from sevident.readers.diann_matrix import read_matrix

        return read_matrix(source, spec, layout, ANNOTATION)
    with tempfile.TemporaryDirectory(prefix="sevident-") as folder:
        proteins, features = Path(folder) / "proteins.parquet", Path(folder) / "features.parquet"
        warnings = write(source, spec, proteins, features)
        return ReadResult(
            tables.read_table(proteins, tables.PROTEINS),
            tables.read_table(features, tables.FEATURES),
            warnings,
            "DIA-NN",
            level="peptide",
            quantity="Precursor.Quantity",
            quantities_offered=[name for name in _OFFERED if normalise(name) in head.columns],
            q_columns=[name for name in head.header if normalise(name).endswith("q value")],
        )


def writes(source: Source, spec: InputSpec) -> bool:
    """Whether ``write`` takes the file: the long report, which may be larger than memory."""
    return _layout(read_head(source, skip_rows=spec.skip_rows).header) == "long"


def write(source: Source, spec: InputSpec, proteins: Path, features: Path) -> list[dict[str, object]]:
    """Read a long report of any size straight into its two tables; returns the warnings. Raises InputError."""
    from sevident.readers import diann_report

    return diann_report.write(source, spec, proteins, features)
