"""Evaluation on left-out laboratories: measures, ladders, damage, the card and the page, on small made-up studies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident import panels
from sevident.errors import InputError
from sevident.reference import (
    account,
    asked,
    beside,
    card,
    damage,
    heldout,
    ladders,
    learning,
    measures,
    page,
    plasma,
    silac,
)
from sevident.reference.evaluation import MORE_SEEDS, Judgement
from sevident.reference.model import EV, OTHERS, calibrate, fit, signature_of
from sevident.score import member_weights
from sevident.scoring.model import Calibration

REGISTRY = panels.load()
MEMBERS = member_weights(REGISTRY)
PANELS = {
    EV: ("tetraspanins", "g_proteins", "kugeratski_include", "escrt"),
    "secretome": ("secreted_ecm",),
    "serum": ("serum", "lipoprotein", "immunoglobulin"),
    "cell_debris": ("nucleus", "mitochondrion", "er_golgi"),
}
LABORATORIES = 4


def genes_of(kind: str) -> list[str]:
    return sorted(set(MEMBERS.loc[MEMBERS["panel"].isin(PANELS[kind]), "gene"]))[:60]


@pytest.fixture(scope="module")
def made_up() -> tuple[pd.DataFrame, pd.DataFrame]:
    """(fractions, labels): four laboratories, each with two samples of every class, whose own genes lead."""
    rng = np.random.default_rng(1)
    universe = sorted({g for kind in PANELS for g in genes_of(kind)} | {f"FILLER{i}" for i in range(100)})
    columns, rows = {}, []
    for laboratory in range(LABORATORIES):
        for kind in (EV, *OTHERS):
            for repeat in range(2):
                name = f"study{laboratory}/{kind}{repeat}"
                mass = pd.Series(rng.lognormal(0, 1, len(universe)), index=universe)
                mass[genes_of(kind)] *= 200
                columns[name] = mass / mass.sum()
                rows.append(
                    {
                        "sample_id": name,
                        "study": f"study{laboratory}",
                        "laboratory": f"lab{laboratory}",
                        "reference_group": f"group{laboratory}",
                        "sample_class": kind,
                        "subclass": kind,
                    }
                )
    return pd.DataFrame(columns), pd.DataFrame(rows)


@pytest.fixture(scope="module")
def judgement(made_up: tuple[pd.DataFrame, pd.DataFrame]) -> Judgement:
    fractions, labels = made_up
    signature = signature_of(fractions, MEMBERS, draws=20, seed=1)
    proteins = np.full(len(labels), 300)
    models = heldout.models_left_out(signature, labels)
    results = heldout.held_out(models, signature, labels, proteins)
    model = fit(signature, labels)
    return Judgement(
        results=results,
        auc=measures.auc_table(
            {
                **{q: ("sEVident", results[q].to_numpy()) for q in account.OWN},
                "chance <b>": ("nobody", np.arange(len(labels), dtype=float)),
            },
            labels,
            1,
        ),
        verdicts=measures.verdicts_by_study(results),
        reasons=measures.reasons(results),
        calibration=measures.calibration_table(results, labels),
        ladders=ladders.across_studies(fractions, labels, MEMBERS, model),
        pairs=ladders.within_studies(fractions, labels, MEMBERS, model, 1),
        damages=pd.DataFrame([{"damage": "none", **damage.effect(results, results)}]),
        mixtures=ladders.mixture_verdicts(models, fractions, labels, MEMBERS, 20, 1),
        beside=beside.own_references(
            models, fractions, labels, beside.Bench(fractions, MEMBERS, 20, 1, signature), results
        ),
        redrawn=heldout.redrawn(
            models,
            (signature_of(fractions, MEMBERS, draws=20, seed=seed) for seed in MORE_SEEDS),
            labels,
            proteins,
            results,
        ),
        learning=learning.curve(signature, labels, proteins, 1),
        silac=silac.agreement(panels.DIRECTORY, REGISTRY),
        plasma=pd.DataFrame(
            [
                {
                    "quantity": "identity",
                    "clusters": 0.5,
                    "without_haemoglobin": 0.6,
                    "haemoglobin": 0.4,
                    "membrane_low": 0.001,
                    "membrane_high": 0.2,
                }
            ]
        ),
        plasma_curve=pd.DataFrame({"laboratories": [4, 4, 6], "repeat": [1, 2, 1], "clusters": [0.4, 0.6, 0.55]}),
        samples=heldout.reference_samples(results, signature, labels, proteins),
    )


def test_clear_classes_are_told_apart_on_laboratories_never_seen(judgement: Judgement) -> None:
    told = measures.decisions(judgement.results)
    assert told["harmful"] == 0
    assert told["right"] > 0.9
    row = judgement.auc.set_index("quantity").loc["p_small_ev"]
    assert row["all"] == 1.0
    assert row["all_low"] <= row["all"] <= row["all_high"]


def test_a_left_out_laboratory_changes_nothing_of_its_own_model(made_up: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    fractions, labels = made_up
    signature = signature_of(fractions, MEMBERS)
    shuffled = labels.copy()
    mine = shuffled["laboratory"] == "lab0"
    shuffled.loc[mine, "sample_class"] = shuffled.loc[mine, "sample_class"].to_numpy()[::-1]
    one, other = (heldout.models_left_out(signature, table)["lab0"][0] for table in (labels, shuffled))
    assert one == other


def test_small_evs_in_anything_else_raise_identity(judgement: Judgement) -> None:
    assert judgement.ladders["identity"].min() > 0.9, judgement.ladders
    assert len(judgement.pairs) == LABORATORIES * 6
    assert set(judgement.pairs["first"]) | set(judgement.pairs["second"]) == {EV, *OTHERS}
    assert judgement.pairs["spearman"].median() > 0.95


def test_mixtures_are_judged_at_every_share_and_seldom_called_small_evs_when_thin(judgement: Judgement) -> None:
    told = judgement.mixtures
    shares = [share for share in ladders.SHARES if share > 0]
    assert sorted(told["share"].unique()) == shares
    # each study of small EVs with each other study and class
    assert told["mixtures"].sum() == LABORATORIES * LABORATORIES * len(OTHERS) * ladders.PAIRS * len(shares)
    mean = told.groupby("share")[["p_small_ev", "small_ev"]].mean()
    assert mean["p_small_ev"].is_monotonic_increasing
    assert mean.loc[0.05, "small_ev"] == 0
    assert mean.loc[1.0, "small_ev"] == 1


def test_references_of_their_own_study_stop_thin_small_evs_and_keep_pure_ones(judgement: Judgement) -> None:
    told = judgement.mixtures
    assert (told["compared"] == told["mixtures"]).all()  # two samples of each class in each group
    mean = told.groupby("share")[["small_ev_alone", "small_ev_beside"]].mean()
    assert (mean["small_ev_alone"] == told.groupby("share")["small_ev"].mean()).all()
    assert mean.loc[0.25, "small_ev_beside"] == 0
    assert mean.loc[0.25, "small_ev_beside"] <= mean.loc[0.25, "small_ev_alone"]
    assert mean.loc[1.0, "small_ev_beside"] == 1


def test_small_evs_beside_the_material_of_their_group(
    judgement: Judgement, made_up: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    told = judgement.beside[judgement.beside["sample_class"] == EV]
    assert len(told) == LABORATORIES * len(OTHERS)
    others = judgement.beside[judgement.beside["sample_class"] != EV]
    assert len(others) == LABORATORIES * len(OTHERS) ** 2
    assert others["small_ev"].sum() == 0
    assert (others.loc[others["sample_class"] == others["other"], "references"] == 2).all()  # each beside the other
    assert (told[["samples", "references", "identity_above", "purity_above", "small_ev"]] == 2).all(axis=None)
    assert (told["not_above"] == 0).all()
    assert (told["left_high"] < 0.5).all()
    # what is in truth the references' material lies no higher than they do, and shows as impure
    fractions, labels = made_up
    swapped = fractions.copy()
    swapped[f"study0/{EV}0"] = fractions["study0/cell_debris0"]
    signature = signature_of(swapped, MEMBERS, draws=20, seed=1)
    models = heldout.models_left_out(signature, labels)
    results = heldout.held_out(models, signature, labels, np.full(len(labels), 300))
    bench = beside.Bench(swapped, MEMBERS, 20, 1, signature)
    after = beside.own_references(models, swapped, labels, bench, results).set_index(["study", "sample_class", "other"])
    row = after.loc[("study0", EV, "cell_debris")]
    assert (row["not_above"], row["not_above_impure"], row["small_ev"]) == (1, 1, 1)
    assert row["left_high"] > 0.5
    # samples without a group are compared with nothing
    alone = labels.assign(reference_group="")
    assert beside.own_references(models, swapped, alone, bench, results).empty


def test_lines_that_are_missed_are_explained(judgement: Judgement) -> None:
    told = asked.lines(judgement, None)
    missed = [line for line in told if not line.met]
    assert [line.title for line in missed] == [line.title for line in told if line.row[3] == "no"]
    plasma_line = next(line for line in missed if "plasma" in line.title)
    section = next(s for s in asked.sections(judgement, None) if s.key == "unmet")
    assert len(section.text) == len(missed)
    said = next(text for text in section.text if text.startswith(plasma_line.title))
    assert "reached 0.500, 0.420 short" in said
    assert "Learning curve: 0.500 from 4, 0.550 from 6 laboratories" in said
    assert "0.0010 to 0.20 of the haemoglobin" in said
    most = asked.Line("x", 0.2, 0.1, account.percent, most=True)
    assert most.row == ("x", "20.0%", "at most 10.0%", "no")
    assert most.short == "10.0 percentage points"


def test_draws_of_laboratories_hold_all_classes_and_hang_on_the_seed_alone(
    made_up: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    labels = made_up[1].assign(laboratory=[f"lab{i // 4}" for i in range(len(made_up[1]))])  # classes apart
    drawn = list(learning.draws_of_laboratories(labels, 3))
    assert {size for size, *_ in drawn} == {4, 6, 8}
    for size, _, chosen in drawn:
        assert len(set(chosen)) == size
        assert set(labels.loc[labels["laboratory"].isin(chosen), "sample_class"]) == {EV, *OTHERS}
    assert drawn == list(learning.draws_of_laboratories(labels, 3))
    assert drawn != list(learning.draws_of_laboratories(labels, 4))


def test_other_draws_are_counted_against_the_first(
    judgement: Judgement, made_up: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    told = judgement.redrawn
    assert len(told) == 1 + len(MORE_SEEDS)
    assert told.loc[0, "changed"] == 0
    assert told.loc[0, "decided"] == measures.decisions(judgement.results)["decided"]
    fractions, labels = made_up
    other = judgement.results.assign(verdict="indeterminate")
    models = heldout.models_left_out(signature_of(fractions, MEMBERS), labels)
    again = [signature_of(fractions, MEMBERS, draws=20, seed=1)]
    assert heldout.redrawn(models, again, labels, np.full(len(labels), 300), other).loc[1, "changed"] > 0.9


def test_the_learning_curve_never_learns_from_the_judged_laboratory(judgement: Judgement) -> None:
    # four laboratories leave three, fewer than the curve's least size
    assert judgement.learning.empty
    assert "laboratories" in judgement.learning.columns


@pytest.mark.parametrize(
    ("chances", "error"),
    [([0.05, 0.05, 0.95, 0.95], 0.05), ([0.95, 0.95, 0.05, 0.05], 0.95)],
)
def test_the_calibration_error_of_a_hand_worked_case(chances: list[float], error: float) -> None:
    labels = pd.DataFrame({"study": ["a", "b", "c", "d"], "sample_class": ["serum", "serum", EV, EV]})
    table = measures.calibration_table(labels.assign(p_small_ev=chances), labels)
    assert measures.calibration_error(table) == pytest.approx(error)
    assert table["weight"].sum() == pytest.approx(1.0)


def test_every_study_of_a_class_weighs_the_same() -> None:
    results = pd.DataFrame(
        {
            "study": ["big"] * 9 + ["small"],
            "sample_class": "serum",
            "verdict": ["serum"] * 9 + ["small_ev"],
        }
    )
    assert measures.decisions(results) == {"decided": 1.0, "right": 0.5, "told": 0.5, "harmful": 0.1}


def test_a_calibration_needs_two_laboratories_of_each_kind() -> None:
    labels = pd.DataFrame({"study": ["a", "b"], "laboratory": ["a", "b"], "sample_class": [EV, "serum"]})
    assert calibrate(np.array([1.0, -1.0]), labels) == Calibration()


def test_damaged_tables_sum_to_one_and_lose_what_they_should() -> None:
    table = pd.DataFrame({"s": [0.5, 0.3, 0.15, 0.05]}, index=["ALB", "CD9", "KRT1", "SDCBP"])
    stripped = damage.damaged(table, "stripped")
    assert list(stripped.index) == ["CD9", "SDCBP"]
    assert damage.damaged(table, "shallow")["s"].notna().sum() == 2
    assert damage.damaged(table.assign(t=[0.5, 0.3, 0.2, np.nan]), "imputed").notna().all().all()
    for how in damage.DAMAGES:
        assert damage.damaged(table, how).sum().to_numpy() == pytest.approx(1.0)
    with pytest.raises(ValueError, match="unknown"):
        damage.damaged(table, "burnt")


def test_ratios_are_compared_with_the_registry_by_sign(tmp_path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / silac.STUDY
    folder.mkdir()
    rows = ["gene\tA_1\tA_2\tB_1", "SDCBP\t5\t6\t7", "CD47\t-1\t-2\t-3", "HMGB1;HMGB1P1\t-1\t\t-2", "LGALS3BP\t9\t9\t9"]
    (folder / silac.FILE).write_text("\n".join(rows) + "\n", encoding="utf-8")
    answers = silac.agreement(tmp_path, REGISTRY).set_index("gene")
    assert answers.loc["SDCBP", ["median_log2", "lines", "agrees"]].tolist() == [6.25, 2, "yes"]
    assert answers.loc["CD47", "agrees"] == "no"
    assert answers.loc["HMGB1", "agrees"] == "yes"
    assert answers.loc["LGALS3BP", "agrees"] == "excepted"
    assert answers.loc["TSG101", "agrees"] == "no value"


def test_the_share_of_vesicle_clusters() -> None:
    table = pd.DataFrame({"Cluster": ["C10", "C1", "C11 "], "UC  1": [1, 2, None], "SEC_1": ["1", "x", "3"]})
    assert plasma.vesicle_share(table, ["UC 1", "SEC_1"]).tolist() == pytest.approx([1 / 3, 1.0])
    table["Gene names"] = ["HBA1; HBA2", None, "HBEGF"]
    assert plasma.vesicle_share(table, ["UC 1", "SEC_1"], haemoglobin=False).tolist() == pytest.approx([0.0, 0.75])
    table["Gene names"] = ["HBB", "SPTA1; X", "ALB"]
    membrane = plasma.membrane_per_haemoglobin(table, ["UC 1", "SEC_1"])
    assert membrane.tolist() == pytest.approx([2.0, 0.0])
    assert np.isnan(plasma.membrane_per_haemoglobin(table.iloc[1:], ["UC 1"])).all()


def test_card_and_page_tell_the_same_and_escape_what_is_foreign(
    judgement: Judgement, made_up: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    model = fit(signature_of(made_up[0], MEMBERS), made_up[1])
    told = account.sections(model, judgement, made_up[1])
    text, html = card.text(told), page.render(told, judgement.learning)
    assert "chance <b>" in text
    assert "chance &lt;b&gt;" in html
    assert "<b>" not in html
    assert "<script" not in html
    assert 'http-equiv="Content-Security-Policy"' in html
    for section in told:
        assert f"## {section.title}" in text
        assert f'id="{section.key}"' in html
        assert all(len(row) == len(section.columns) for row in section.rows)
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_a_class_without_a_study_is_refused(made_up: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    fractions, labels = made_up
    keep = (labels["sample_class"] != "serum").to_numpy()
    signature = signature_of(fractions.loc[:, keep], MEMBERS)
    with pytest.raises(InputError, match="serum"):
        fit(signature, labels[keep].reset_index(drop=True))


@pytest.mark.shared
def test_the_measured_ratios_agree_with_the_weights(studies: Path) -> None:
    answers = silac.agreement(studies, REGISTRY)
    assert set(answers["agrees"]) <= {"yes", "excepted"}
    assert answers.groupby("panel").size().to_dict() == {"kugeratski_include": 22, "kugeratski_exclude": 15}
