"""What a whole study costs, from its search results to the report: wall time, memory of the jobs, cost of a run.

    python -m tests.benchmarks.study --runs 20 200 1000 --runs-per-file 20 [--slurm] [--folder DIR]

Each study is synthetic (``tests.benchmarks.synthetic``), cut into files of ``--runs-per-file`` runs, and goes through
Snakemake as a user's does. Seconds of the processor are those to compare on a machine that is shared; the cost of a
further run is taken between one size and the next, so that what a study costs before its first run stays out of it.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import yaml

from tests.benchmarks.synthetic import ROWS_PER_RUN, run_name, write_report

CHECKOUT = Path(__file__).resolve().parents[2]
PANELS = ("tetraspanins", "syntenin", "escrt", "flotillins", "annexins", "serum", "lipoprotein", "mitochondrion")


class Cost(NamedTuple):
    """Of one study: seconds to plan it and to run it, seconds of the processor of all processes and of the stages
    alone, and per rule its jobs' largest memory (MB) and summed wall time (s)."""

    plan: float
    wall: float
    cpu: float
    stages: float
    memory: dict[str, float]
    seconds: dict[str, float]
    jobs: int


def symbols() -> list[str]:
    """Gene symbols of some panels, so that the study has something to be judged by."""
    found: list[str] = []
    for name in PANELS:
        with (CHECKOUT / "resources" / "panels" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
            found += [row["gene"] for row in rows]
    return list(dict.fromkeys(found))


def write_study(folder: Path, runs: int, runs_per_file: int, rows: int) -> int:
    """Write the search results, the sample sheet and the configuration; returns the number of files."""
    genes = symbols()
    inputs, sheet = [], ["sample\tinput\trun\trole"]
    for number, first in enumerate(range(0, runs, runs_per_file)):
        name = f"plate{number:03d}"
        count = min(runs_per_file, runs - first)
        write_report(folder / f"{name}.parquet", count, rows, first=first, genes=genes)
        inputs.append({"name": name, "path": f"{name}.parquet", "format": "diann"})
        sheet += [f"S{n:05d}\t{name}\t{run_name(n)}\tpreparation" for n in range(first, first + count)]
    (folder / "samples.tsv").write_text("\n".join(sheet) + "\n", encoding="utf-8")
    config = {"study": "benchmark", "samples": "samples.tsv", "inputs": inputs}
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return len(inputs)


def snakemake(folder: Path, *arguments: str) -> tuple[float, float]:
    """Run Snakemake on the study; seconds, and seconds of the processor of all its processes."""
    program = Path(sys.executable).parent / "snakemake"
    busy = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    command = [program, "--snakefile", CHECKOUT / "Snakefile", "--nocolor", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout[-4000:] + done.stderr[-4000:])
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - busy.ru_utime - busy.ru_stime


def measure(folder: Path, *arguments: str) -> Cost:
    """Plan and run the study in ``folder``."""
    plan, _ = snakemake(folder, "--dry-run", "--quiet", "all", "--cores", "1")
    wall, cpu = snakemake(folder, *arguments)
    memory: dict[str, float] = defaultdict(float)
    seconds: dict[str, float] = defaultdict(float)
    stages = 0.0
    files = sorted((folder / "results" / "benchmark" / "benchmarks").glob("*.tsv"))
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file, delimiter="\t")
        rule = path.name.split(".")[0]
        # a job of less than the time between two looks has no measurement
        memory[rule] = max(memory[rule], 0.0 if row["max_rss"] == "NA" else float(row["max_rss"]))
        seconds[rule] += float(row["s"])
        stages += 0.0 if row["cpu_time"] == "NA" else float(row["cpu_time"])
    return Cost(plan, wall, cpu, stages, memory, seconds, len(files))


def main() -> None:
    """Print a line per study, and of the last one a line per rule."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--runs-per-file", type=int, default=20)
    parser.add_argument("--rows", type=int, default=ROWS_PER_RUN, help="rows of a run; default: %(default)s")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--slurm", action="store_true", help="through a private Slurm, instead of on this machine")
    parser.add_argument("--folder", type=Path, help="where the files go; default: a temporary folder")
    args = parser.parse_args()
    with ExitStack() as stack:
        arguments = ["--cores", str(args.cores)]
        if args.slurm:
            from tests.slurm.private import PrivateSlurm

            slurm = stack.enter_context(PrivateSlurm(cpus=args.cores, memory=16_000))
            arguments = ["--workflow-profile", str(CHECKOUT / "profiles" / "slurm")]
        titles = ("runs", "files", "jobs", "plan s", "wall s", "cpu s", "cpu ms/run", "further run", "largest job MB")
        print("\t".join(titles))
        before: tuple[int, float] | None = None
        for runs in args.runs:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="sevident-benchmark-", dir=args.folder))
            files = write_study(Path(name), runs, args.runs_per_file, args.rows)
            cost = measure(Path(name), *arguments)
            # Slurm's jobs are not children of this process
            spent = cost.stages if args.slurm else cost.cpu
            further = f"{1000 * (spent - before[1]) / (runs - before[0]):.0f}" if before else ""
            before = runs, spent
            cells = [runs, files, cost.jobs, f"{cost.plan:.1f}", f"{cost.wall:.1f}", f"{spent:.1f}"]
            cells += [f"{1000 * spent / runs:.0f}", further, f"{max(cost.memory.values()):.0f}"]
            print("\t".join(map(str, cells)), flush=True)
        print("\nrule\tall its jobs s\tlargest job MB")
        for rule in cost.seconds:
            print(f"{rule}\t{cost.seconds[rule]:.1f}\t{cost.memory[rule]:.0f}")
        if args.slurm:
            ended = slurm.completed()
            states = defaultdict(int)
            for job in ended:
                states[re.sub(r"\W.*", "", job["JobState"])] += 1
            print(f"\nSlurm's own log: {len(ended)} jobs, {dict(states)}")


if __name__ == "__main__":
    main()
