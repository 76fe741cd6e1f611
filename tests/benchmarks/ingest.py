"""How fast, and in how much memory, a large DIA-NN report is read.

    python -m tests.benchmarks.ingest --runs 20 200 [--folder DIR]

For each number of runs: a synthetic report, then, each in a process of its own and the best of ``--repeat`` times, the
floor (one plain group-by of DuckDB over the same file: no checks, no peptides, nothing written), the stage
``ingest-input``, which also writes the tables of proteins and peptides, and the stage ``ingest``. Seconds of the
processor are those to compare on a machine that is shared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.synthetic import write_report

_PACKAGE = str(Path(__file__).resolve().parents[2] / "workflow")
_MEASURE = """
import json, resource, sys, time
sys.path.insert(0, {package!r})
import duckdb, pandas, pyarrow.parquet
from sevident import ingest
folder = {folder!r}
start = time.perf_counter(), time.process_time()
{work}
took = time.perf_counter() - start[0], time.process_time() - start[1]
print(json.dumps([*took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
FLOOR = """
connection = duckdb.connect()
connection.execute("SET enable_progress_bar = false")
connection.execute(
    'SELECT "Run", "Protein.Group", sum("Precursor.Quantity") FROM read_parquet($1) '
    'WHERE "Q.Value" <= 0.01 AND "PG.Q.Value" <= 0.01 GROUP BY 1, 2', [folder + "/report.parquet"]
).fetchnumpy()
"""
INPUT = """
ingest.run_input({"name": "main", "path": folder + "/report.parquet", "format": "diann", "organism": "human"},
                 folder + "/p.parquet", folder + "/f.parquet", folder + "/w.tsv")
"""
STUDY = """
ingest.run({"inputs": ["main"]}, folder + "/samples.tsv", [folder + "/p.parquet"], [folder + "/f.parquet"],
           [folder + "/w.tsv"], folder + "/P.parquet", folder + "/F.parquet", folder + "/W.tsv")
"""


def measure(work: str, folder: Path, repeat: int) -> tuple[float, float, float]:
    """Least seconds, least seconds of processor and largest memory (MB) of runs of some code, a process each."""
    code = _MEASURE.format(package=_PACKAGE, folder=str(folder), work=work)
    found = []
    for _ in range(repeat):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    took, busy, memory = zip(*found, strict=True)
    return min(took), min(busy), max(memory)


def main() -> None:
    """Print one line per number of runs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files go; default: a temporary folder")
    args = parser.parse_args()
    titles = ("runs", "rows", "floor s", "cpu s", "MB", "input s", "cpu s", "MB", "ratio", "cpu ratio", "ms/run")
    print("".join(f"{title:>10}" for title in (*titles, "ingest s", "cpu s", "MB")))
    for runs in args.runs:
        with tempfile.TemporaryDirectory(prefix="sevident-benchmark-", dir=args.folder) as name:
            folder = Path(name)
            rows = write_report(folder / "report.parquet", runs)
            sheet = "".join(f"20260101_synthetic_EV_{number:05d}\n" for number in range(runs))
            (folder / "samples.tsv").write_text("sample\n" + sheet, encoding="utf-8")
            floor = measure(FLOOR, folder, args.repeat)
            took = measure(INPUT, folder, args.repeat)
            joined = measure(STUDY, folder, 1)

            def cells(measured: tuple[float, float, float]) -> list[str]:
                return [f"{measured[0]:.2f}", f"{measured[1]:.2f}", f"{measured[2]:.0f}"]

            line = [f"{runs}", f"{rows}", *cells(floor), *cells(took), f"{took[0] / floor[0]:.1f}"]
            line += [f"{took[1] / floor[1]:.1f}", f"{1000 * took[0] / runs:.0f}", *cells(joined)]
            print("".join(f"{cell:>10}" for cell in line), flush=True)


if __name__ == "__main__":
    main()
