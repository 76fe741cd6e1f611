"""What a whole study costs, from its search results to the report: wall time, memory of the jobs, cost of a run.

    python -m tests.benchmarks.study --runs 20 200 1000 --runs-per-file 20 [--slurm] [--folder DIR]

Each study is synthetic (``tests.benchmarks.synthetic``), cut into files of ``--runs-per-file`` runs, and goes through
Snakemake as a user's does. Costs are seconds of the processor, which do not depend on who else uses the machine as the
clock does. The start-up is what a study of one run with hardly a row costs. What is above it, divided by the runs, is
the cost of a run; from a smaller study to a larger one it may grow by 20 % at most. The cost of a further run, from one
size to the next, stands beside it. What is bounded makes a run of a small study dearer than one of a large study: the
workbook of the exports holds no table of more than 50,000 rows.
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
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import yaml

from tests.benchmarks.synthetic import ROWS_PER_RUN, run_name, write_report

CHECKOUT = Path(__file__).resolve().parents[2]
COST = re.compile(r"the stage took ([\d.]+) s of the processor(?:, at most (\d+) MB)?")
FLAT = 0.2  # the most that the cost of a run may grow
PANELS = ("tetraspanins", "syntenin", "escrt", "flotillins", "annexins", "serum", "lipoprotein", "mitochondrion")


class Cost(NamedTuple):
    """Of one study: seconds to plan and to run it, seconds of the processor of all its processes, jobs; per stage the
    seconds of the processor of all its jobs, and the memory of the largest (MB)."""

    plan: float
    wall: float
    cpu: float
    jobs: int
    stages: dict[str, float]
    memory: dict[str, float]


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


def measure(folder: Path, *arguments: str, slurm: bool = False) -> Cost:
    """Plan and run the study in ``folder``; each job states its own cost at the end of its log."""
    plan, _ = snakemake(folder, "--dry-run", "--quiet", "all", "--cores", "1")
    wall, cpu = snakemake(folder, *arguments)
    stages: dict[str, float] = defaultdict(float)
    memory: dict[str, float] = defaultdict(float)
    logs = sorted((folder / "results" / "benchmark" / "logs").glob("*.log"))
    for path in logs:
        cost = COST.search(path.read_text(encoding="utf-8"))
        assert cost, f"{path} does not say what its stage cost"
        stage = path.name.split(".")[0]
        stages[stage] += float(cost[1])
        memory[stage] = max(memory[stage], float(cost[2] or "nan"))
    # Slurm's jobs are not children of this process
    if not slurm:
        stages["Snakemake"] = cpu - sum(stages.values())
    return Cost(plan, wall, sum(stages.values()), len(logs), dict(stages), dict(memory))


def of_a_run(costs: dict[int, float], startup: float) -> dict[int, float]:
    """Milliseconds of a run in studies of so many runs, without the start-up."""
    return {runs: 1000 * (cost - startup) / runs for runs, cost in costs.items()}


def growth(each: dict[int, float]) -> float:
    """The largest ratio of a value to that of a study with fewer runs, less 1."""
    values = [each[runs] for runs in sorted(each)]
    return max((b / a - 1 for i, a in enumerate(values) for b in values[i + 1 :]), default=0.0)


def tell(costs: dict[int, Cost], startup: Cost) -> float:
    """Print the cost of a run, of the whole study and of each stage, by the number of runs; returns its growth."""
    each = of_a_run({runs: cost.cpu for runs, cost in costs.items()}, startup.cpu)
    print("\nms of the processor for a run, above the start-up")
    print("\t".join(["stage", "start-up s", *map(str, costs), "largest job MB"]))
    for stage in startup.stages:
        found = of_a_run({runs: cost.stages[stage] for runs, cost in costs.items()}, startup.stages[stage])
        largest = max(cost.memory.get(stage, float("nan")) for cost in costs.values())
        cells = [f"{startup.stages[stage]:.1f}", *(f"{ms:.1f}" for ms in found.values()), f"{largest:.0f}"]
        print("\t".join([stage, *cells]))
    print("\t".join(["all", f"{startup.cpu:.1f}", *(f"{ms:.1f}" for ms in each.values())]))
    grown = growth(each)
    print(f"\nthe cost of a run grows by {grown:.0%} with the study: {'flat' if grown <= FLAT else 'NOT flat'}")
    return grown


def main() -> int:
    """Print a line per study, and what a run costs in each stage; 1 where that is not flat."""
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

        def cost_of(runs: int, rows: int) -> tuple[Cost, int]:
            with tempfile.TemporaryDirectory(prefix="sevident-benchmark-", dir=args.folder) as name:
                files = write_study(Path(name), runs, args.runs_per_file, rows)
                return measure(Path(name), *arguments, slurm=args.slurm), files

        startup, _ = cost_of(1, min(args.rows, 300))
        print(f"start-up: {startup.wall:.1f} s, {startup.cpu:.1f} s of the processor\n")
        titles = ("runs", "files", "jobs", "plan s", "wall s", "cpu s", "cpu ms/run", "further run", "largest job MB")
        print("\t".join(titles), flush=True)
        costs: dict[int, Cost] = {}
        before = 1, startup.cpu
        for runs in sorted(args.runs):
            cost, files = cost_of(runs, args.rows)
            costs[runs] = cost
            cells = [runs, files, cost.jobs, f"{cost.plan:.1f}", f"{cost.wall:.1f}", f"{cost.cpu:.1f}"]
            cells += [f"{1000 * cost.cpu / runs:.0f}", f"{1000 * (cost.cpu - before[1]) / (runs - before[0]):.0f}"]
            print("\t".join(map(str, [*cells, f"{max(cost.memory.values()):.0f}"])), flush=True)
            before = runs, cost.cpu
        grown = tell(costs, startup)
        if args.slurm:
            ended = slurm.completed()
            states = Counter(re.sub(r"\W.*", "", job["JobState"]) for job in ended)
            print(f"\nSlurm's own log: {len(ended)} jobs, {dict(states)}")
        return 0 if grown <= FLAT else 1


if __name__ == "__main__":
    sys.exit(main())
