"""A synthetic DIA-NN 2 ``report.parquet``: the columns, sizes and repetitions of a real one, no real number in it.

A library of precursors is drawn once; each run lists a part of them, in DIA-NN's order (run after run). The report is
written run by run, so that memory does not depend on their number; the same arguments give the same file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS_PER_RUN = 32_800  # precursors of one run of a plasma or EV preparation on a fast DIA method
LIBRARY = 41_000
GROUPS = 5_000
RUNS_PER_ROW_GROUP = 8  # about 260,000 rows
_RESIDUES = np.array(list("ACDEFGHILMNPQSTVWY"))


def write_report(
    path: str | Path,
    runs: int,
    rows: int = ROWS_PER_RUN,
    seed: int = 1,
    *,
    first: int = 0,
    genes: Sequence[str] = (),
) -> int:
    """Write a report of ``runs`` runs with about ``rows`` rows each; returns the number of rows.

    ``first``: the number of the first run, so that several reports make one study: all are of one library. ``genes``:
    symbols of the first protein groups, such as those of the marker panels.
    """
    random = np.random.default_rng(seed)
    library = _library(random, max(rows * LIBRARY // ROWS_PER_RUN, 1), max(rows * GROUPS // ROWS_PER_RUN, 1), genes)
    share = rows / library.num_rows
    level = random.lognormal(11.0, 1.8, library.num_rows)
    random = np.random.default_rng((seed, first))
    writer: pq.ParquetWriter | None = None
    written = 0
    try:
        for start in range(0, runs, RUNS_PER_ROW_GROUP):
            parts = [
                _run(random, library, level, share, first + n)
                for n in range(start, min(start + RUNS_PER_ROW_GROUP, runs))
            ]
            table = pa.concat_tables(parts)
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table, row_group_size=table.num_rows)
            written += table.num_rows
    finally:
        if writer:
            writer.close()
    return written


def run_name(number: int) -> str:
    """The name of a run in the report."""
    return f"20260101_synthetic_EV_{number:05d}"


def _library(random: np.random.Generator, precursors: int, groups: int, genes: Sequence[str]) -> pa.Table:
    """What does not change from run to run: sequences, charges, proteins."""
    group = np.sort(random.integers(0, groups, precursors))
    lengths = random.integers(7, 25, precursors)
    stripped = ["".join(random.choice(_RESIDUES, n)) + ("K", "R")[i % 2] for i, n in enumerate(lengths)]
    modified = [s.replace("C", "C(UniMod:4)") for s in stripped]
    charge = random.integers(2, 4, precursors)
    accessions = np.array([f"P{10_000 + i:05d}" for i in range(groups)])
    members = np.where(np.arange(groups) % 9 == 0, np.char.add(np.char.add(accessions, ";Q"), "12345"), accessions)
    return pa.table(
        {
            "Precursor.Id": [f"{m}{c}" for m, c in zip(modified, charge, strict=True)],
            "Modified.Sequence": modified,
            "Stripped.Sequence": stripped,
            "Precursor.Charge": pa.array(charge, pa.int64()),
            "Precursor.Lib.Index": pa.array(np.arange(precursors), pa.int64()),
            "Proteotypic": pa.array((group % 9 != 0).astype(int), pa.int64()),
            "Precursor.Mz": pa.array(random.uniform(380, 980, precursors), pa.float32()),
            "Protein.Ids": members[group],
            "Protein.Group": accessions[group],
            "Protein.Names": [f"PR{g}_HUMAN" for g in group],
            "Genes": [genes[g] if g < len(genes) else f"GENE{g}" for g in group],
            "iRT": pa.array(random.normal(50, 30, precursors), pa.float32()),
        }
    )


def _run(random: np.random.Generator, library: pa.Table, level: np.ndarray, share: float, number: int) -> pa.Table:
    rows = np.flatnonzero(random.random(library.num_rows) < share)
    n = len(rows)
    table = library.take(pa.array(rows))

    def numbers(values: np.ndarray) -> pa.Array:
        return pa.array(values.astype("float32"), pa.float32())

    quantity = level[rows] * random.lognormal(0.0, 0.35, n)
    group_q = np.repeat(random.exponential(0.002, n // 8 + 1), 8)[:n]
    columns = {
        "Run.Index": pa.array(np.full(n, number), pa.int64()),
        "Run": pa.array([run_name(number)] * n),
        "Channel": pa.array([""] * n),
        "Decoy": pa.array(np.zeros(n, dtype=int), pa.int64()),
        "Precursor.Quantity": numbers(quantity),
        "Precursor.Normalised": numbers(quantity * random.lognormal(0.0, 0.2)),
        "Q.Value": numbers(random.exponential(0.0015, n)),
        "PG.Q.Value": numbers(group_q),
    }
    # what a reader has no need of, and a file has to carry along
    for name in ("PEP", "Global.Q.Value", "Lib.Q.Value", "Global.PG.Q.Value", "Lib.PG.Q.Value", "PG.PEP", "GG.Q.Value"):
        columns[name] = numbers(random.exponential(0.001, n))
    for name in ("RT", "RT.Start", "RT.Stop", "IM", "FWHM", "Ms1.Area", "Ms1.Normalised", "Ms1.Apex.Area", "PG.MaxLFQ",
                 "PG.TopN", "Genes.MaxLFQ", "Genes.TopN", "Quantity.Quality", "Evidence", "Mass.Evidence"):  # fmt: skip
        columns[name] = numbers(random.random(n))
    for name, column in columns.items():
        table = table.append_column(name, column)
    return table


def prepare(folder: Path, runs: int, *, read: bool = True) -> int:
    """A study in a folder: ``report.parquet``, ``samples.tsv`` and, with ``read``, the tables of the stage ingest.

    A report that is there already is used again.
    """
    report = folder / "report.parquet"
    if report.exists():
        rows = pq.ParquetFile(report).metadata.num_rows
    else:
        part = folder / "report.part"
        rows = write_report(part, runs)
        part.rename(report)
    sheet = "".join(f"20260101_synthetic_EV_{number:05d}\n" for number in range(runs))
    (folder / "samples.tsv").write_text("sample\n" + sheet, encoding="utf-8")
    if read:
        from tests.benchmarks import ingest

        ingest.read(folder)
    return rows


def wide(folder: Path) -> None:
    """The ions of the study as a table protein, ion and a column per run: ``wide.parquet``."""
    import duckdb

    source, path = (str(folder / name).replace("'", "''") for name in ("f.parquet", "wide.parquet"))
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            "COPY (PIVOT (SELECT protein_group AS protein, modified_sequence || charge AS ion, run, intensity "  # noqa: S608
            f"FROM read_parquet('{source}')) ON run USING sum(intensity) GROUP BY protein, ion ORDER BY protein, ion) "
            f"TO '{path}' (FORMAT parquet)"
        )
