"""Mass fraction, iBAQ and Top3 of a large peptide table against plain scans of the same file.

The first way is one group-by, which sums the intensities of the groups and knows nothing of peptides; the next two give
the same numbers as sEVident does, in sums that depend on the order of rows and with the whole study in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.synthetic import GROUPS

COLUMNS = ("intensity", "mass_fraction", "ibaq", "top3", "peptides")


def counts() -> dict[str, float]:
    """Numbers of observable peptides; any will do for measuring."""
    return {f"P{10_000 + i:05d}": float(5 + i % 40) for i in range(GROUPS)}


def group_by(folder: Path) -> dict[str, float]:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT input, run, protein_group, sum(intensity) AS intensity FROM read_parquet($1) "
            "WHERE NOT is_decoy AND intensity > 0 GROUP BY ALL ORDER BY ALL",
            [str(folder / "f.parquet")],
        ).df()
    return _sums(found)


def duckdb_plain(folder: Path) -> dict[str, float]:
    import duckdb
    import pandas as pd

    numbers = counts()
    with duckdb.connect() as connection:
        connection.register("counts", pd.DataFrame({"protein_group": list(numbers), "n": list(numbers.values())}))
        found = connection.execute(
            """
            WITH peptides AS (
                SELECT input, run, protein_group, peptide, sum(intensity) AS amount FROM read_parquet($1)
                WHERE NOT is_decoy AND intensity > 0 GROUP BY ALL
            ), sums AS (
                SELECT input, run, protein_group, sum(amount) AS intensity, count(*) AS peptides,
                    CASE WHEN count(*) >= 3 THEN list_sum(max(amount, 3)) / 3 END AS top3
                FROM peptides GROUP BY ALL
            )
            SELECT input, run, protein_group, intensity, peptides,
                intensity / sum(intensity) OVER (PARTITION BY input, run) AS mass_fraction, intensity / n AS ibaq, top3
            FROM sums LEFT JOIN counts USING (protein_group) ORDER BY input, run, protein_group
            """,
            [str(folder / "f.parquet")],
        ).df()
    return _sums(found)


def polars_scan(folder: Path) -> dict[str, float]:
    import polars as pl

    numbers = counts()
    keys = ["input", "run", "protein_group"]
    found = (
        pl.scan_parquet(folder / "f.parquet")
        .filter(~pl.col("is_decoy") & (pl.col("intensity") > 0))
        .group_by([*keys, "peptide"])
        .agg(pl.col("intensity").sum())
        .group_by(keys)
        .agg(
            pl.col("intensity").sum(),
            pl.len().alias("peptides"),
            pl.when(pl.len() >= 3).then(pl.col("intensity").top_k(3).mean()).otherwise(None).alias("top3"),
        )
        .join(
            pl.LazyFrame({"protein_group": list(numbers), "n": list(numbers.values())}), on="protein_group", how="left"
        )
        .with_columns(
            (pl.col("intensity") / pl.col("intensity").sum().over(["input", "run"])).alias("mass_fraction"),
            (pl.col("intensity") / pl.col("n")).alias("ibaq"),
        )
        .sort(keys)
        .collect(engine="streaming")
    )
    return _sums(found)


def ours(folder: Path) -> dict[str, float]:
    from sevident.quantification import ibaq
    from sevident.quantification.scan import Source

    return _sums(ibaq.quantities(Source(path=folder / "f.parquet", inputs=("main",)), counts()))


def _sums(found: Any) -> dict[str, float]:
    return {"rows": len(found)} | {name: float(found[name].sum()) for name in COLUMNS if name in found.columns}


WAYS: dict[str, Callable[[Path], dict[str, float]]] = {
    "DuckDB, one group-by": group_by,
    "DuckDB, the same numbers": duckdb_plain,
    "polars, the same numbers": polars_scan,
    "sEVident": ours,
}
