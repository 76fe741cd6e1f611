"""Simulated lots of small-EV preparations, taken through the tables as a study of one's own would be.

A protein has one abundance in the process, a lot moves it, a sample of the lot moves it again, and the amount that was
loaded moves all proteins of a sample. What changes with a process is given as log2 units per gene.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from sevident import panels, profile, tables
from sevident.profiling.composition import compose
from sevident.quantify import quantify
from sevident.release.attributes import vesicular_groups
from sevident.samples import Sample, SampleRow, SampleSheet
from sevident.score import score_samples
from sevident.scoring import model as models

ROOT = Path(__file__).resolve().parents[1]
REGISTRY = panels.load(ROOT / "resources" / "panels")
MODEL = models.load(ROOT / "resources" / "reference" / "model.json")
# mean and number of genes of the panels that a preparation is made of, in log2 units
MAKEUP = {
    "vesicular": (24.0, 300),
    "serum": (21.0, 60),
    "lipoprotein": (21.0, 15),
    "immunoglobulin": (21.0, 10),
    "secreted_ecm": (21.0, 80),
    "nucleus": (20.0, 50),
    "mitochondrion": (20.0, 60),
    "er_golgi": (20.5, 60),
    "ribosome": (21.0, 60),
    "proteasome": (20.5, 30),
    "cytosol": (22.0, 80),
    "cytoskeleton": (22.0, 30),
}
FAMILIES = ("tetraspanins", "syntenin", "escrt", "flotillins", "annexins", "gtpases", "g_proteins", "integrins")
SERUM = ("serum", "lipoprotein", "immunoglobulin")
LOT_SD = 0.15  # log2 units: about 10 per cent
SAMPLE_SD = 0.15

Change = Callable[[pd.Series], pd.Series]


def genes_of(*names: str) -> list[str]:
    members = REGISTRY.members
    return list(dict.fromkeys(members.loc[members["panel"].isin(names), "gene"]))


@cache
def base() -> pd.Series:
    """log2 abundance of each gene in the process as it is; unnamed proteins are in it, too."""
    rng = np.random.default_rng(20)
    found: dict[str, float] = {}
    for panel, (mean, count) in MAKEUP.items():
        for gene in genes_of(panel)[:count]:
            found.setdefault(gene, mean + rng.normal(0, 1.5))
    for gene in genes_of(*FAMILIES):
        found.setdefault(gene, 23.0 + rng.normal(0, 1.0))
    for number in range(100):
        found[f"UNNAMED{number}"] = 21.0 + rng.normal(0, 1.5)
    return pd.Series(found)


def nothing(logs: pd.Series) -> pd.Series:
    return logs


def fewer_tetraspanins(logs: pd.Series, fold: float = 1.5) -> pd.Series:
    return logs - np.log2(fold) * logs.index.isin(genes_of("tetraspanins"))


def serum_added(logs: pd.Series, share: float = 0.2) -> pd.Series:
    """Serum protein is added until it makes up ``share`` more of the protein mass than before."""
    linear = 2.0**logs
    is_serum = logs.index.isin(genes_of(*SERUM))
    had = linear[is_serum].sum() / linear.sum()
    wanted = had + share
    return logs + np.log2(wanted / (1 - wanted) * (1 - had) / had) * is_serum


def serum_times(logs: pd.Series, fold: float) -> pd.Series:
    return logs + np.log2(fold) * logs.index.isin(genes_of(*SERUM))


@dataclass(frozen=True)
class Study:
    """What the release stage reads."""

    samples: list[Sample]
    scores: pd.DataFrame
    families: pd.DataFrame
    compartments: pd.DataFrame
    abundance: pd.DataFrame
    vesicular: frozenset[str]

    def but(self, **other: object) -> Study:
        return Study(**{**vars(self), **other})  # type: ignore[arg-type]

    @property
    def parts(self) -> tuple:
        """The arguments of lots.analyse and comparability.compare."""
        return (self.samples, self.scores, self.families, self.compartments, self.abundance, self.vesicular)


def through_the_tables(proteins: pd.DataFrame, samples: list[Sample]) -> Study:
    """PROTEINS (input 'main') and samples to all that the release stage reads."""
    rows = [
        SampleRow(s.name, source, run, s.role, s.reference_group, s.lot, s.process, s.replicate, s.extra, 2)
        for s in samples
        for source, run in s.runs
    ]
    sheet = SampleSheet("simulated", rows, samples)
    abundance, _ = quantify(tables.conform(proteins, tables.PROTEINS), sheet, {"organism": "human"})
    names = [s.name for s in samples]
    held = {"main": set(proteins["protein_group"])}
    seen = profile.profile(compose(abundance, names), sheet, REGISTRY, organism="human", held=held, databases={})
    frames = {
        "families": tables.conform(seen.families, tables.FAMILIES),
        "compartments": tables.conform(seen.compartments, tables.COMPARTMENTS),
        "abundance": tables.conform(abundance, tables.ABUNDANCE),
    }
    scored = score_samples(
        samples,
        frames["abundance"],
        tables.conform(seen.markers, tables.MARKERS),
        frames["compartments"],
        REGISTRY,
        MODEL,
        organism="human",
        draws=5,
        seed=1,
        less_certain=set(),
    )
    vesicular = vesicular_groups(frames["abundance"], REGISTRY, "human")
    return Study(samples, scored.scores, vesicular=vesicular, **frames)


def study(
    changes: Mapping[str, Change],
    lots: int,
    replicates: int = 2,
    seed: int = 1,
    odd: Mapping[str, Change] | None = None,
    qualified: int = 0,
    lot_sd: float = LOT_SD,
) -> Study:
    """A study of one process per item of ``changes``, each with ``lots`` lots of ``replicates`` samples.

    ``odd``: lots (by name: process and number, as in old_3) to which something else happened. The first ``qualified``
    lots of the first process are qualified references.
    """
    rng = np.random.default_rng(seed)
    samples, parts = [], []
    for process, change in changes.items():
        for number in range(1, lots + 1):
            lot = f"{process}_{number}"
            expected = (odd or {}).get(lot, nothing)(change(base()))
            of_lot = expected + rng.normal(0, lot_sd, len(expected))
            reference = process == next(iter(changes)) and number <= qualified
            for replicate in range(1, replicates + 1):
                name = f"{lot}_{replicate}"
                role = "qualified_reference" if reference else "preparation"
                samples.append(Sample(name, role, "", lot, process, str(replicate), {}, [("main", name)]))
                logs = of_lot + rng.normal(0, SAMPLE_SD, len(of_lot)) + rng.normal(0, 0.3)
                parts.append(pd.DataFrame({"run": name, "genes": logs.index, "intensity": (2.0**logs).to_numpy()}))
    proteins = pd.concat(parts, ignore_index=True)
    proteins = proteins.assign(input="main", organism="human", contaminant="none", evidence="ms2", peptides=5)
    proteins = proteins.assign(protein_group="pg_" + proteins["genes"], accessions="pg_" + proteins["genes"])
    return through_the_tables(proteins, samples)


def tiny(values: list[list[float]], lots: list[str], processes: list[str]) -> Study:
    """A study straight as tables: ``values``, samples x (identity logit, two log2 shares, ten proteins), for tests of
    what does not hang on how the tables came about.
    """
    samples, scores, families, compartments, abundance = [], [], [], [], []
    for i, (row, lot, process) in enumerate(zip(values, lots, processes, strict=True)):
        name = f"s{i}"
        samples.append(Sample(name, "preparation", "", lot, process, "", {}, [("main", name)]))
        score = 1 / (1 + np.exp(-np.array(row[0])))
        scores.append({"sample": name, "identity": score, "purity": score, "purity_soluble": score})
        share = [np.exp2(v) for v in row[1:3]]
        facts = {"sample": name, "axis": "identity", "title": "Tetraspanins", "panel": "tetraspanins"}
        families.append({**facts, "mass_fraction": share[0]})
        compartments.append({"sample": name, "compartment": "serum", "title": "Serum", "mass_fraction": share[1]})
        for k, log in enumerate(row[3:]):
            facts = {"sample": name, "protein_group": f"P{k}", "genes": f"GENE{k}", "evidence": "ms2"}
            abundance.append({**facts, "log2_lfq": log, "mass_fraction": np.exp2(log - 20)})
    return Study(
        samples,
        tables.conform(pd.DataFrame(scores), tables.SCORES),
        tables.conform(pd.DataFrame(families), tables.FAMILIES),
        tables.conform(pd.DataFrame(compartments), tables.COMPARTMENTS),
        tables.conform(pd.DataFrame(abundance), tables.ABUNDANCE),
        frozenset(f"P{k}" for k in range(10)),
    )


def numbers() -> st.SearchStrategy[list[list[float]]]:
    """Values for ``tiny``: ordinary, equal, extreme or missing."""
    one = st.one_of(st.floats(-12, -0.1), st.sampled_from([math.nan, -1.0, -1.0, -1.0, 0.0, -40.0]))
    return st.integers(1, 9).flatmap(
        lambda n: st.lists(st.lists(one, min_size=13, max_size=13), min_size=n, max_size=n)
    )
