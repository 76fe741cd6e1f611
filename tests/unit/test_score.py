"""The score stage on made-up samples with the real registry and the real model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident import panels, tables
from sevident.samples import Sample
from sevident.score import Scored, affected_samples, member_weights, score_samples, stage_warnings
from sevident.scoring import model as models

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = panels.load(ROOT / "resources" / "panels")
MODEL = models.load(ROOT / "resources" / "reference" / "model.json")
KNOWN = 0.7  # share of mass in compartments


def genes_of(*names: str) -> list[str]:
    members = REGISTRY.members
    return list(dict.fromkeys(members.loc[members["panel"].isin(names) & (members["weight"] >= 0.3), "gene"]))


VESICLE = genes_of("tetraspanins", "syntenin", "g_proteins", "kugeratski_include")[:60]
SERUM = genes_of("serum", "lipoprotein", "immunoglobulin")[:120]
SECRETED = genes_of("secreted_ecm")[:200]
INSIDE = genes_of("nucleus", "mitochondrion", "er_golgi")[:300]
FILLER = [f"FILLER{i}" for i in range(150)]


def abundance(**samples: list[str]) -> pd.DataFrame:
    """Each sample is a list of genes, the most abundant first."""
    parts = []
    for name, listed in samples.items():
        genes = list(dict.fromkeys(listed))
        mass = 1.0 / np.arange(1, len(genes) + 1)
        parts.append(
            pd.DataFrame(
                {
                    "sample": name,
                    "protein_group": [f"pg_{g}" for g in genes],
                    "genes": genes,
                    "organism": "human",
                    "contaminant": "none",
                    "mass_fraction": mass / mass.sum(),
                    "rank": np.arange(1, len(genes) + 1, dtype=float),
                    "evidence": "ms2",
                }
            )
        )
    return tables.conform(pd.concat(parts), tables.ABUNDANCE)


STUDY = abundance(
    ev=VESICLE + FILLER + SERUM[:5],
    medium=SECRETED + FILLER + VESICLE[:3],
    plasma=SERUM + FILLER,
    cells=INSIDE + FILLER + VESICLE[:10],
)


def sample(name: str, role: str = "preparation", group: str = "") -> Sample:
    return Sample(name, role, group, "", "", "", {}, [("main", name)])


SAMPLES = [sample(n) for n in ("ev", "medium", "plasma", "cells")]


def run(
    samples: list[Sample] = SAMPLES,
    table: pd.DataFrame = STUDY,
    organism: str = "human",
    known: float = KNOWN,
    less_certain: frozenset[str] = frozenset(),
) -> Scored:
    compartments = tables.conform(
        pd.DataFrame([{"sample": s.name, "compartment": "unexplained", "mass_fraction": 1 - known} for s in samples]),
        tables.COMPARTMENTS,
    )
    return score_samples(
        samples,
        table,
        tables.empty(tables.MARKERS),
        compartments,
        REGISTRY,
        MODEL,
        organism=organism,
        draws=50,
        seed=1,
        less_certain=set(less_certain),
    )


def verdicts(scored: Scored) -> dict[str, str]:
    return dict(zip(scored.scores["sample"], scored.scores["verdict"], strict=True))


def test_four_kinds_of_material_are_told_apart() -> None:
    scored = run()
    assert verdicts(scored) == {
        "ev": "small_ev",
        "medium": "secretome",
        "plasma": "serum",
        "cells": "cell_debris",
    }
    rows = scored.scores
    shares = rows[["p_small_ev", "p_secretome", "p_serum", "p_cell_debris"]].sum(axis=1)
    assert shares.to_numpy() == pytest.approx(1.0)
    for quantity in ("identity", "purity", "purity_soluble", "purity_intracellular"):
        assert (rows[f"{quantity}_low"] <= rows[quantity] + 1e-12).all()
        assert (rows[quantity] <= rows[f"{quantity}_high"] + 1e-12).all()
    assert (rows["purity"] == rows[["purity_soluble", "purity_intracellular"]].min(axis=1)).all()
    assert rows["reasons"].str.contains("share of protein mass").all()


def test_the_contributions_explain_the_identity() -> None:
    scored = run()
    parts = scored.contributions[scored.contributions["quantity"] == "identity"]
    z = parts.groupby("sample")["contribution"].sum()
    identity = scored.scores.set_index("sample")["identity"]
    assert (1 / (1 + np.exp(-z))).to_numpy() == pytest.approx(identity[z.index].to_numpy(), abs=1e-9)


def test_neither_the_order_of_rows_nor_of_samples_nor_further_samples_change_a_score() -> None:
    first = run().scores.set_index("sample")
    shuffled = run(SAMPLES[::-1], STUDY.sample(frac=1, random_state=3)).scores.set_index("sample")
    alone = run(SAMPLES[:1], STUDY[STUDY["sample"] == "ev"]).scores.set_index("sample")
    pd.testing.assert_frame_equal(first.sort_index(), shuffled.sort_index())
    for column in ("identity", "purity", "identity_low"):
        assert alone.loc["ev", column] == pytest.approx(first.loc["ev", column], abs=1e-6)


def test_an_own_reference_raises_what_stands_above_it() -> None:
    paired = [
        sample("ev", group="g"),
        sample("cells", "producer_lysate", "g"),
        sample("medium", "conditioned_medium", "g"),
    ]
    rows = run(paired).scores.set_index("sample")
    absolute = run().scores.set_index("sample")
    assert rows.loc["ev", "reference_mode"] == "paired"
    assert rows.loc["cells", "reference_mode"] == "absolute"
    assert rows.loc["ev", "identity"] > absolute.loc["ev", "identity"]
    assert rows.loc["cells", "identity"] == absolute.loc["cells", "identity"]
    assert "comparison with the group's" in rows.loc["ev", "reasons"]


def mixed(share: float, first: str, second: str) -> pd.DataFrame:
    """Mass fractions of ``share`` of one sample of STUDY in another, as abundances."""
    wide = STUDY.pivot(index="genes", columns="sample", values="mass_fraction").fillna(0.0)
    mass = share * wide[first] + (1 - share) * wide[second]
    mass = mass[mass > 0]
    frame = pd.DataFrame({"genes": mass.index, "mass_fraction": mass.to_numpy(), "rank": mass.rank(ascending=False)})
    frame["protein_group"] = "pg_" + frame["genes"]
    frame = frame.assign(sample="thin", organism="human", contaminant="none", evidence="ms2")
    return tables.conform(frame, tables.ABUNDANCE)


@pytest.mark.parametrize(
    ("other", "role", "axis"),
    [("cells", "producer_lysate", "intracellular"), ("medium", "conditioned_medium", "soluble")],
)
def test_what_is_mostly_its_own_reference_is_no_small_ev_preparation(other: str, role: str, axis: str) -> None:
    table = pd.concat([STUDY, mixed(0.4, "ev", other)])
    samples = [sample("thin", group="g"), sample("ev", group="g"), sample(other, role, "g")]
    rows = run(samples, table).scores.set_index("sample")
    assert rows.loc["thin", f"reference_left_{axis}"] == pytest.approx(0.6, abs=0.02)
    assert rows.loc["thin", "verdict"] == "indeterminate"
    assert "protein" in rows.loc["thin", "reasons"].split(" | ")[0]
    assert "is left, more than 50%" in rows.loc["thin", "reasons"].split(" | ")[0]
    assert f"of the {axis} protein of the group's {role.replace('_', ' ')} 60%" in rows.loc["thin", "reasons"]
    assert rows.loc["ev", "verdict"] == "small_ev"
    assert rows.loc["ev", f"reference_left_{axis}"] < 0.1
    assert rows.loc[other, [f"reference_left_{axis}", f"reference_left_{axis}_low"]].isna().all()


def test_the_example_s_thin_mixtures_are_no_small_ev_preparations() -> None:
    """The simulated ladders, each beside its own medium, plasma or lysate: the half-and-half mixture is the limit."""
    wide = pd.read_csv(ROOT / "resources" / "example" / "proteinGroups.txt", sep="\t", dtype={"Reverse": "str"})
    wide = wide[~wide["Majority protein IDs"].str.contains("REV__|CON__") & wide["Gene names"].notna()]
    mass = wide.set_index("Gene names").filter(regex="^Intensity simulated_")
    mass = mass.groupby(level=0).sum().rename(columns=lambda c: c.removeprefix("Intensity ")).rename_axis("genes")
    long = mass.where(mass > 0).reset_index().melt("genes", var_name="sample", value_name="mass_fraction").dropna()
    long["mass_fraction"] /= long.groupby("sample")["mass_fraction"].transform("sum")
    long["rank"] = long.groupby("sample")["mass_fraction"].rank(ascending=False)
    long["protein_group"] = "pg_" + long["genes"]
    table = tables.conform(long.assign(organism="human", contaminant="none", evidence="ms2"), tables.ABUNDANCE)
    roles = {"secretome": "conditioned_medium", "plasma": "source_fluid", "lysate": "producer_lysate"}
    steps = {name: name.removeprefix("simulated_").split("_") for name in mass.columns}
    samples = [sample(n, roles[kind] if p == "0" else "preparation", kind) for n, (kind, p, _) in steps.items()]
    told = verdicts(run(samples, table))
    assert {p for _, p, _ in steps.values()} == {"0", "10", "25", "50", "75", "100"}
    thin = {n: told[n] for n, (_, p, _) in steps.items() if int(p) <= 25}
    assert "small_ev" not in thin.values(), thin
    rich = {n: told[n] for n, (_, p, _) in steps.items() if int(p) >= 75}
    assert set(rich.values()) == {"small_ev"}, rich


def test_another_group_s_reference_is_not_used() -> None:
    rows = run([sample("ev", group="g"), sample("cells", "producer_lysate", "other")]).scores.set_index("sample")
    assert rows.loc["ev", "reference_mode"] == "absolute"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"organism": "yeast"}, "no marker panels for organism 'yeast'"),
        ({"known": 0.01}, "organism right"),
        ({"table": abundance(ev=VESICLE[:40])}, "only 40 protein groups"),
    ],
)
def test_what_cannot_be_judged_is_not_judged(changes: dict, word: str) -> None:
    row = run(SAMPLES[:1], **changes).scores.iloc[0]
    assert row["verdict"] == "indeterminate"
    assert word in row["reasons"]


def test_a_sample_without_a_single_protein_is_kept() -> None:
    rows = run([*SAMPLES, sample("empty")]).scores.set_index("sample")
    assert rows.loc["empty", "verdict"] == "indeterminate"
    assert rows.loc["empty", "proteins"] == 0


def test_doubtful_tables_widen_the_interval() -> None:
    plain = run().scores.set_index("sample").loc["medium"]
    wide = run(less_certain=frozenset({"medium"})).scores.set_index("sample").loc["medium"]
    assert wide["identity"] == plain["identity"]
    assert wide["identity_high"] - wide["identity_low"] > plain["identity_high"] - plain["identity_low"]


def test_a_warning_about_an_input_widens_its_samples() -> None:
    notes = pd.DataFrame([tables.warning("quantify", "warning", "imputed", "main", "text")])
    assert affected_samples(notes, SAMPLES) == {s.name for s in SAMPLES}
    notes = pd.DataFrame([tables.warning("quantify", "warning", "few_proteins", "main", "text")])
    assert affected_samples(notes, SAMPLES) == set()


def test_members_of_little_weight_are_not_scored() -> None:
    assert member_weights(REGISTRY)["weight"].min() >= 0.3


def test_the_stage_says_what_is_undecided_and_unreferenced() -> None:
    codes = {row["code"] for row in stage_warnings(run([sample("ev"), sample("empty")]).scores)}
    assert codes == {"indeterminate", "no_reference_supplied"}
