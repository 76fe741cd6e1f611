"""How fast, and in how much memory, large studies pass: sEVident and its peers, in one table.

    python -m tests.benchmarks [--runs 20 200 1000] [--only ingest quantify lfq] [--repeat 1] [--folder DIR]

For each number of runs a synthetic DIA-NN report is made and read; the tables that come out are quantified. Time is the
shortest of the repeats, memory the largest peak. Ratios are to the first way of each job, in seconds and in seconds of
the processor (``cpu``, all threads together), which are those to compare on a machine that is shared. The program ends
with 1 where two ways differ in what they find.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from tests.benchmarks.synthetic import prepare

ROOT = Path(__file__).resolve().parents[2]
JOBS = ("ingest", "quantify", "lfq")
# in the process that is measured: libraries are loaded before the clock starts
_MEASURE = """
import json, re, resource, sys, time
from importlib import import_module
import duckdb, pandas, polars, pyarrow.parquet
way = import_module("tests.benchmarks." + sys.argv[1]).WAYS[sys.argv[2]]
start = time.perf_counter(), time.process_time()
sums = way(__import__("pathlib").Path(sys.argv[3]))
took = time.perf_counter() - start[0], time.process_time() - start[1]
try:  # where Linux tells: getrusage knows the peak of the parent as well
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("\\n" + json.dumps([*took, peak / 1024, sums]))
"""


def measure(job: str, way: str, folder: Path, repeat: int) -> tuple[float, float, float, dict[str, float]]:
    """Least seconds, least seconds of the processor, largest memory (MB) and the sums of one way."""
    path = os.pathsep.join([str(ROOT / "workflow"), str(ROOT)])
    found = []
    for _ in range(repeat):
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, job, way, str(folder)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": path},
        )
        if done.returncode:
            raise SystemExit(f"{job}, {way}: {done.stderr}")
        found.append(json.loads(done.stdout.splitlines()[-1]))
    took, busy, memory, sums = zip(*found, strict=True)
    return min(took), min(busy), max(memory), sums[0]


def differ(one: dict[str, float], other: dict[str, float]) -> list[str]:
    """The sums that both have and that differ by more than rounding."""
    return [name for name in one.keys() & other.keys() if abs(one[name] - other[name]) > 1e-9 * abs(other[name])]


@contextmanager
def study_folder(folder: Path | None, runs: int) -> Iterator[Path]:
    """Where the study of so many runs goes: in ``folder``, where it stays, or in a temporary folder."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="sevident-benchmark-") as name:
            yield Path(name)
    else:
        (folder / str(runs)).mkdir(parents=True, exist_ok=True)
        yield folder / str(runs)


def main() -> int:
    """Print the table, a line per number of runs and way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--only", nargs="+", choices=JOBS, default=JOBS)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument(
        "--folder", type=Path, help="where the studies go, and stay to be used again; default: a temporary folder"
    )
    args = parser.parse_args()
    status = 0
    row = "{:<9} {:<28} {:>6} {:>10} {:>9} {:>9} {:>7} {:>7} {:>9}"
    print(row.format("job", "way", "runs", "rows", "seconds", "cpu s", "MB", "ratio", "cpu ratio"))
    for runs in args.runs:
        with study_folder(args.folder, runs) as folder:
            rows = prepare(folder, runs, read="ingest" not in args.only)
            for job in args.only:
                module = import_module(f"tests.benchmarks.{job}")
                getattr(module, "PREPARE", Path)(folder)
                first: tuple[float, float, float, dict[str, float]] | None = None
                for way in module.WAYS:
                    if runs > getattr(module, "MOST", {}).get(way, runs):
                        continue
                    found = measure(job, way, folder, args.repeat)
                    first = first or found
                    numbers = (f"{found[0]:.2f}", f"{found[1]:.2f}", f"{found[2]:.0f}")
                    ratios = (f"{found[0] / first[0]:.2f}", f"{found[1] / first[1]:.2f}")
                    print(row.format(job, way, runs, rows, *numbers, *ratios), flush=True)
                    for sums in differ(found[3], first[3]):
                        print(f"{job}, {way}: other {sums} than the first way", file=sys.stderr)
                        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
