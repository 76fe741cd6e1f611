"""Identity, purity, verdict, subtypes and neighbours of many samples: time and memory of the score stage's own work.

    python -m tests.benchmarks.score [--samples 100 1000] [--proteins 5000] [--draws 200] [--seconds 60]

Each size runs in a process of its own. Ends with 1 where the largest study takes more than the limits, or where the
time per sample grows from the smallest to the largest by more than a half.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GROWTH = 1.5


def study(samples: int, proteins: int, seed: int = 1):
    """ABUNDANCE, MARKERS and COMPARTMENTS of made-up samples: the registry's genes and fillers, log-normal amounts."""
    import numpy as np
    import pandas as pd

    from sevident import panels, tables

    registry = panels.load(ROOT / "resources" / "panels")
    known = list(dict.fromkeys(registry.members["gene"]))[: proteins // 2]
    genes = np.array(known + [f"FILLER{i}" for i in range(proteins - len(known))], dtype=object)
    rng = np.random.default_rng(seed)
    mass = rng.lognormal(0.0, 2.0, size=(samples, proteins))
    mass[rng.random(mass.shape) < 0.3] = np.nan
    mass /= np.nansum(mass, axis=1, keepdims=True)
    ranks = pd.DataFrame(mass).rank(axis=1, ascending=False).to_numpy()
    names = [f"sample_{i:04d}" for i in range(samples)]
    abundance = pd.DataFrame(
        {
            "sample": np.repeat(names, proteins),
            "protein_group": np.tile(genes, samples),
            "accessions": "",
            "genes": np.tile(genes, samples),
            "organism": "human",
            "contaminant": "none",
            "mass_fraction": mass.ravel(),
            "rank": ranks.ravel(),
        }
    )
    compartments = pd.DataFrame({"sample": names, "compartment": "unexplained", "mass_fraction": 0.3})
    return registry, names, abundance, tables.empty(tables.MARKERS), tables.conform(compartments, tables.COMPARTMENTS)


def _measure(samples: int, proteins: int, draws: int, answer) -> None:
    from sevident.samples import Sample
    from sevident.score import score_samples
    from sevident.scoring import model as models
    from sevident.scoring import neighbours

    registry, names, abundance, markers, compartments = study(samples, proteins)
    reference = ROOT / "resources" / "reference"
    model = models.load(reference / "model.json")
    known = neighbours.read_reference(reference / neighbours.FILE)
    sheet = [Sample(name, "preparation", "", "", "", "", {}, [("main", name)]) for name in names]
    wall, cpu = time.perf_counter(), time.process_time()
    scored = score_samples(
        sheet,
        abundance,
        markers,
        compartments,
        registry,
        model,
        organism="human",
        draws=draws,
        seed=1,
        less_certain=set(),
        reference=known,
    )
    facts = {
        "seconds": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rows": len(scored.scores),
    }
    answer.put(json.dumps(facts))


def measure(samples: int, proteins: int, draws: int) -> dict[str, float]:
    """Time (s; wall and processor) and peak memory (MB) of one fresh process."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_measure, args=(samples, proteins, draws, answer))
    process.start()
    facts: dict[str, float] = json.loads(answer.get(timeout=3600))
    process.join()
    return facts


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--proteins", type=int, default=5000)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--megabytes", type=float, default=2048.0)
    args = parser.parse_args(arguments)
    print(f"score stage: {args.proteins} proteins, {args.draws} draws")
    per_sample = []
    for samples in sorted(args.samples):
        facts = measure(samples, args.proteins, args.draws)
        per_sample.append(facts["cpu"] / samples)
        print(
            f"  {samples:>5} samples: {facts['seconds']:7.1f} s, {facts['cpu']:7.1f} s of processor, "
            f"{facts['megabytes']:6.0f} MB, {1000 * facts['seconds'] / samples:6.1f} ms a sample"
        )
    failed = []
    if facts["cpu"] > args.seconds:  # the work is serial; the clock would measure what else the machine does
        failed.append(f"more than {args.seconds:.0f} s of processor")
    if facts["megabytes"] > args.megabytes:
        failed.append(f"more than {args.megabytes:.0f} MB")
    if per_sample[-1] > GROWTH * per_sample[0]:
        failed.append("the time per sample grows")
    for reason in failed:
        print(f"  too slow: {reason}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
