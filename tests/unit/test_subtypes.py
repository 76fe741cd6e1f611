"""Exploratory subtype axes and nearest reference samples: beside the verdict, never part of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident import panels, tables
from sevident.errors import ConfigurationError
from sevident.score import member_weights
from sevident.scoring import model as models
from sevident.scoring import neighbours, subtypes
from sevident.scoring.prominence import ProminenceSettings
from sevident.scoring.signature import Quantities, Signature

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = panels.load(ROOT / "resources" / "panels")
MODEL = models.load(ROOT / "resources" / "reference" / "model.json")
SMALL = ["CD44", "CD9", "PDCD6IP", "SDCBP", "TSG101"]
LARGE = ["ATP5F1A", "ATP5F1B", "GOT2", "HSPD1", "MDH2"]


def table(samples: dict[str, list[str]], absent: dict[str, list[str]] | None = None, draws: int = 50) -> pd.DataFrame:
    """SUBTYPES of samples that are lists of genes, the most abundant first; ``absent``: searched and not detected."""
    groups = sorted({gene for genes in samples.values() for gene in genes})
    ranks = np.full((len(groups), len(samples)), np.nan)
    for column, genes in enumerate(samples.values()):
        for place, gene in enumerate(genes, start=1):
            ranks[groups.index(gene), column] = place
    mass = 1.0 / ranks
    study = Quantities(groups, list(samples), ranks, mass / np.nansum(mass, axis=0))
    members = REGISTRY.members
    matches = members.loc[members["gene"].isin(groups), ["panel", "gene"]].assign(protein_group=lambda t: t["gene"])
    rows = [
        {"sample": sample, "panel": panel, "gene": gene, "status": "not_detected"}
        for sample, genes in (absent or {}).items()
        for panel, gene in members.loc[members["gene"].isin(genes), ["panel", "gene"]].itertuples(index=False)
    ]
    markers = tables.conform(pd.DataFrame(rows), tables.MARKERS)
    return subtypes.table(study, matches, markers, REGISTRY, ProminenceSettings(), draws, 1)


def cell(frame: pd.DataFrame, sample: str, subtype: str) -> pd.Series:
    return frame[(frame["sample"] == sample) & (frame["subtype"] == subtype)].iloc[0]


def test_small_stands_above_large_and_the_interval_holds_the_value() -> None:
    frame = table({"small": SMALL + LARGE, "large": LARGE + SMALL})
    small, large = (cell(frame, name, "small_against_large") for name in ("small", "large"))
    assert small["value"] > 0 > large["value"]
    assert small["low"] <= small["value"] <= small["high"]
    assert (small["status"], small["detected"], small["members"]) == ("assessed", 10, 16)


def test_what_was_searched_and_not_found_counts_as_nothing_and_what_was_not_searched_does_not_count() -> None:
    alone = table({"s": SMALL})
    assert cell(alone, "s", "small_against_large")["status"] == "not_assessable"
    assert np.isnan(cell(alone, "s", "small_against_large")["value"])
    searched = table({"s": SMALL}, absent={"s": LARGE})
    assert cell(searched, "s", "small_against_large")["status"] == "assessed"
    mean = (1 - np.log(np.arange(1, 6)) / np.log(1000)).mean()
    assert cell(searched, "s", "small_against_large")["value"] == pytest.approx(mean)


def test_a_share_counts_each_protein_once_and_zero_is_said() -> None:
    frame = table({"s": ["HBB", "FILLER"], "none": ["FILLER"]}, absent={"s": ["HBA1"], "none": ["HBA1", "HBB"]})
    seen, none = (cell(frame, name, "erythrocyte") for name in ("s", "none"))
    assert seen["value"] == pytest.approx(2 / 3)
    assert (none["value"], none["status"], none["note"]) == (0.0, "assessed", "none of the members was detected")
    assert set(frame["status"]) <= {"assessed", "not_assessable"}
    assert frame["source"].str.len().min() > 5


def test_exploratory_panels_weigh_nothing_and_carry_their_sources() -> None:
    index = REGISTRY.index
    names = set(index.loc[index["group"] == "subtype", "panel"])
    assert names == {p for axis in subtypes.AXES for p in (axis.panel, axis.against) if p.startswith("subtype_")}
    assert set(index.loc[index["panel"].isin(names), "axis"]) == {"exploratory"}
    assert not set(index.loc[index["panel"].isin(names), "compartment"]) - {""}
    rows = REGISTRY.members[REGISTRY.members["panel"].isin(names)]
    assert (rows["weight"] == 0).all()
    loud = panels.Registry(index, REGISTRY.members.assign(weight=1.0), {}, {}, {})
    assert not names & set(member_weights(loud)["panel"])


def signature(*points: float) -> Signature:
    values = np.array(points)[:, None]
    axes = dict.fromkeys(("vesicle", "serum", "secreted", "intracellular"), values)
    return Signature([f"s{i}" for i in range(len(points))], {}, axes, dict.fromkeys(MODEL.shares, values))


def reference(*points: float) -> pd.DataFrame:
    own = neighbours.coordinates(signature(*points), MODEL)
    rows = [
        {
            "sample_id": f"study{i}/a",
            "study": f"study{i}",
            "reference_class": "small_ev",
            "subclass": "small_ev",
            **dict(zip(neighbours.COORDINATES, line, strict=True)),
        }
        for i, line in enumerate(own)
    ]
    return tables.conform(pd.DataFrame(rows), neighbours.REFERENCE)


def test_the_nearest_come_first_and_no_more_than_five() -> None:
    frame = neighbours.table(signature(0.32), MODEL, reference(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7))
    assert list(frame["place"]) == [1, 2, 3, 4, 5]
    assert list(frame["study"][:2]) == ["study2", "study3"]
    assert frame["distance"].is_monotonic_increasing


def test_a_sample_without_proteins_has_no_neighbours() -> None:
    frame = neighbours.table(signature(0.0, 0.3), MODEL, reference(0.1, 0.2))
    assert set(frame["sample"]) == {"s1"}


def test_a_reference_without_samples_gives_none_and_a_foreign_one_is_refused(tmp_path: Path) -> None:
    assert neighbours.table(signature(0.3), MODEL, neighbours.read_reference(tmp_path / "no.tsv")).empty
    other = tmp_path / "other.tsv"
    other.write_text("a\tb\n1\t2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="lacks columns"):
        neighbours.read_reference(other)


def test_the_committed_samples_find_themselves() -> None:
    known = neighbours.read_reference(ROOT / "resources" / "reference" / neighbours.FILE)
    assert set(known["reference_class"]) == {"small_ev", "secretome", "serum", "cell_debris"}
    assert known["purity"].equals(known[["purity_soluble", "purity_intracellular"]].min(axis=1))
    assert known[list(neighbours.COORDINATES)].notna().all().all()
    assert (neighbours.spread(known) > 0).all()
