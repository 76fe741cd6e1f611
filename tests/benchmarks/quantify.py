"""Mass fraction, iBAQ and Top3 of a large peptide table: sEVident against plain DuckDB and a polars scan.

    python -m tests.benchmarks.quantify [--runs 20 200] [--groups 6000] [--repeats 3]

Each way runs in a process of its own; time is the shortest of the repeats, memory the peak of the process. The three
must agree, else the program ends with 1. polars is measured where it is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import precursors

GROUPS_SEEN = 6000


def counts(groups: int) -> dict[str, float]:
    """Numbers of observable peptides; any will do for measuring."""
    return {f"P{i:05d}": float(5 + i % 40) for i in range(groups)}


def ours(path: Path, groups: int):
    from sevident.quantification import ibaq
    from sevident.quantification.scan import Source

    return ibaq.quantities(Source(path=path, inputs=("main",)), counts(groups))


def duckdb_plain(path: Path, groups: int):
    import duckdb
    import pandas as pd

    with duckdb.connect() as connection:
        numbers = counts(groups)
        connection.register("counts", pd.DataFrame({"protein_group": list(numbers), "n": list(numbers.values())}))
        return connection.execute(
            """
            WITH peptides AS (
                SELECT input, run, protein_group, peptide, sum(intensity) AS amount FROM read_parquet($path)
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
            {"path": str(path)},
        ).df()


def polars_scan(path: Path, groups: int):
    import polars as pl

    numbers = counts(groups)
    keys = ["input", "run", "protein_group"]
    return (
        pl.scan_parquet(path)
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


WAYS: dict[str, Callable] = {"sEVident": ours, "DuckDB, plain": duckdb_plain, "polars, streaming": polars_scan}


def _measure(name: str, path: Path, groups: int, answer) -> None:
    started = time.perf_counter()
    frame = WAYS[name](path, groups)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sums = {column: float(frame[column].sum()) for column in ("intensity", "mass_fraction", "ibaq", "top3", "peptides")}
    answer.put(json.dumps({"seconds": seconds, "megabytes": peak, "rows": len(frame), "sums": sums}))


def measure(name: str, path: Path, groups: int, repeats: int) -> dict:
    """Shortest time and highest peak of ``repeats`` fresh processes."""
    context = multiprocessing.get_context("spawn")
    results = []
    for _ in range(repeats):
        answer = context.Queue()
        process = context.Process(target=_measure, args=(name, path, groups, answer))
        process.start()
        results.append(json.loads(answer.get(timeout=1800)))
        process.join()
    best = min(results, key=lambda result: result["seconds"])
    return best | {"megabytes": max(result["megabytes"] for result in results)}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--groups", type=int, default=GROUPS_SEEN)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(arguments)
    ways = [name for name in WAYS if importlib.util.find_spec("polars") or not name.startswith("polars")]
    if len(ways) < len(WAYS):
        print("polars is not installed and was left out")
    agree = True
    print("runs\trows\tway\tseconds\tMB\ttime against plain DuckDB")
    with tempfile.TemporaryDirectory() as folder:
        for runs in options.runs:
            path = Path(folder) / f"{runs}.parquet"
            rows = precursors.write(path, runs, options.groups)
            results = {name: measure(name, path, options.groups, options.repeats) for name in ways}
            plain = results["DuckDB, plain"]
            for name, result in results.items():
                ratio = result["seconds"] / plain["seconds"]
                print(f"{runs}\t{rows}\t{name}\t{result['seconds']:.2f}\t{result['megabytes']:.0f}\t{ratio:.2f}")
                same = all(abs(v / plain["sums"][c] - 1) < 1e-9 for c, v in result["sums"].items())
                if not same or result["rows"] != plain["rows"]:
                    print(f"{name} gives other sums than plain DuckDB: {result['sums']} against {plain['sums']}")
                    agree = False
            path.unlink()
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
