"""Quantities of studies that are larger than memory: time and memory by the number of runs.

    python -m tests.benchmarks.many [--runs 1000 3000 10000] [--folder DIR]

The peptide table of a synthetic study of 200 runs is written over and over under further names of runs, until there are
enough; mass fraction, iBAQ and Top3 are then worked out a batch of runs at a time, and added up.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.quantify import COLUMNS, counts
from tests.benchmarks.synthetic import prepare, run_name

BASE = 200  # runs


def repeat(source: Path, path: Path, runs: int) -> int:
    """Write a peptide table of ``runs`` runs with the rows of ``source``; returns the number of rows."""
    from sevident import tables
    from sevident.streams import Blocks, Writer, constant

    number = 0
    with Blocks(source, tables.FEATURES) as blocks, Writer(path, tables.FEATURES) as writer:
        names = sorted(blocks.rows)
        for place in range(runs):
            rows = blocks.read(names[place % len(names)])
            renamed = constant(run_name(place), rows.num_rows)
            writer.write(rows.set_column(rows.schema.get_field_index("run"), "run", renamed))
            number += rows.num_rows
    return number


def by_batches(folder: Path) -> dict[str, float]:
    from sevident.quantification import ibaq
    from sevident.quantification.scan import Source

    sums = dict.fromkeys(("rows", *COLUMNS), 0.0)
    for frame in ibaq.in_batches(Source(path=folder / "f.parquet", inputs=("main",)), counts()):
        sums["rows"] += len(frame)
        for name in COLUMNS:
            sums[name] += float(frame[name].sum())
    return sums


WAYS: dict[str, Callable[[Path], dict[str, float]]] = {"sEVident, by batches": by_batches}


def main() -> None:
    """Print a line per number of runs."""
    from tests.benchmarks.__main__ import measure

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="+", default=[1000, 3000, 10_000])
    parser.add_argument("--folder", type=Path, help="where the files go; default: the temporary folder")
    args = parser.parse_args()
    row = "{:>6} {:>10} {:>9} {:>9} {:>7} {:>17}"
    print(row.format("runs", "rows", "seconds", "cpu s", "MB", "cpu ms a run"))
    with tempfile.TemporaryDirectory(prefix="sevident-benchmark-", dir=args.folder) as name:
        base, large = Path(name) / "base", Path(name) / "large"
        base.mkdir()
        large.mkdir()
        prepare(base, BASE)
        for runs in args.runs:
            rows = repeat(base / "f.parquet", large / "f.parquet", runs)
            took, busy, memory, _ = measure("many", *WAYS, large, 1)
            print(
                row.format(runs, rows, f"{took:.1f}", f"{busy:.1f}", f"{memory:.0f}", f"{1000 * busy / runs:.1f}"),
                flush=True,
            )


if __name__ == "__main__":
    main()
