"""Reading a DIA-NN report: the stages ``ingest-input`` and ``ingest`` against one plain group-by over the same file.

The group-by checks nothing, reads no peptides and writes nothing. ``ingest`` comes after ``ingest-input``, and needs
the files that it wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def group_by(folder: Path) -> dict[str, float]:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        found = connection.execute(
            'SELECT "Run", "Protein.Group", sum("Precursor.Quantity") AS amount FROM read_parquet($1) '
            'WHERE "Q.Value" <= 0.01 AND "PG.Q.Value" <= 0.01 GROUP BY 1, 2',
            [str(folder / "report.parquet")],
        ).fetchnumpy()
    return {"groups": len(found["amount"]), "intensity": float(found["amount"].sum())}


def group_by_polars(folder: Path) -> dict[str, float]:
    import polars as pl

    found = (
        pl.scan_parquet(folder / "report.parquet")
        .filter((pl.col("Q.Value") <= 0.01) & (pl.col("PG.Q.Value") <= 0.01))
        .group_by("Run", "Protein.Group")
        .agg(pl.col("Precursor.Quantity").cast(pl.Float64).sum())
        .collect(engine="streaming")
    )
    return {"groups": len(found), "intensity": float(found["Precursor.Quantity"].sum())}


def read(folder: Path) -> dict[str, float]:
    from sevident import ingest

    settings = {"name": "main", "path": str(folder / "report.parquet"), "format": "diann", "organism": "human"}
    ingest.run_input(settings, folder / "p.parquet", folder / "f.parquet", folder / "w.tsv")
    return _sums(folder / "p.parquet")


def join(folder: Path) -> dict[str, float]:
    from sevident import ingest

    parts = [folder / "p.parquet"], [folder / "f.parquet"], [folder / "w.tsv"]
    out = folder / "proteins.parquet", folder / "features.parquet", folder / "warnings.tsv"
    ingest.run({"inputs": ["main"]}, folder / "samples.tsv", *parts, *out)
    return {}


def _sums(path: Path) -> dict[str, float]:
    import pyarrow.parquet as pq

    amounts = pq.read_table(path, columns=["intensity"])["intensity"].to_numpy()
    return {"groups": len(amounts), "intensity": float(amounts.sum())}


WAYS: dict[str, Callable[[Path], dict[str, float]]] = {
    "DuckDB, one group-by": group_by,
    "polars, one group-by": group_by_polars,
    "sEVident, ingest-input": read,
    "sEVident, ingest": join,
}
