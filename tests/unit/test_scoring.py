"""Prominence, scales, verdicts and explanations on small hand-made samples."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevident.errors import ConfigurationError
from sevident.scoring import model as models
from sevident.scoring.explain import terms
from sevident.scoring.misev import minimum
from sevident.scoring.model import Alternatives, Anchors, Calibration, ScoreModel
from sevident.scoring.paired import Group, remainder, remainders, shifted_log_odds
from sevident.scoring.paired import interval as remaining_interval
from sevident.scoring.prominence import ProminenceSettings, bootstrap_weights, counted_ranks, prominence
from sevident.scoring.scales import (
    REFERENCES_OF,
    anchors_of,
    intervals,
    log_odds,
    paired_shift,
    raw_quantities,
    score,
)
from sevident.scoring.signature import Quantities, compute
from sevident.scoring.verdict import (
    REASON_CODES,
    Evidence,
    alternative_shares,
    decide,
    probabilities,
    small_ev_log_odds,
)

SETTINGS = ProminenceSettings(n0=1000, power=2, top=10)


def tiny_model() -> ScoreModel:
    return ScoreModel(
        prominence=SETTINGS,
        axes={"vesicle": ["v"], "serum": ["s"], "secreted": ["w"], "intracellular": ["i"]},
        shares={"vesicle": ["v"], "soluble": ["s", "w"], "intracellular": ["i"]},
        expected_slope=0.25,
        identity=Anchors(0.0, 0.1, 0.2),
        purity_soluble=Anchors(-4.0, -1.0, 1.0),
        purity_intracellular=Anchors(-2.0, -0.5, 1.0),
        share_floor=1e-4,
        alternatives=Alternatives(
            ["serum", "secreted", "intracellular"],
            [0.3, 0.3, 0.3],
            [0.1, 0.1, 0.1],
            ["cell_debris", "secretome", "serum"],
            [0.0, 0.0, 0.0],
            [[0.0, 0.0, 2.0], [0.0, 2.0, 0.0], [2.0, 0.0, 0.0]],
        ),
    )


MEMBERS = pd.DataFrame(
    [(p, f"{p.upper()}{i}", 1.0) for p in "vswi" for i in range(4)], columns=["panel", "gene", "weight"]
)


def study(order: list[str], share: list[float] | None = None) -> Quantities:
    """One sample whose proteins stand in the given order of abundance."""
    n = len(order)
    mass = np.array(share if share is not None else [2.0**-k for k in range(n)], dtype=float)
    mass = mass / mass.sum()
    ranked = pd.Series(range(1, n + 1), index=order).sort_index()
    groups = list(ranked.index)
    by_group = dict(zip(order, mass, strict=True))
    return Quantities(
        groups, ["x"], ranked.to_numpy(dtype=float)[:, None], np.array([by_group[g] for g in groups])[:, None]
    )


MATCHES = pd.DataFrame({"panel": MEMBERS["panel"], "gene": MEMBERS["gene"], "protein_group": MEMBERS["gene"]})


def test_prominence_of_a_hand_worked_panel() -> None:
    ranks = np.array([[1.0], [10.0], [np.nan]])
    expected = math.sqrt((1.0**2 + (2 / 3) ** 2 + 0.0) / 3)
    assert prominence(ranks, np.ones(3), SETTINGS)[0] == pytest.approx(expected)


def test_prominence_counts_only_the_most_prominent_members() -> None:
    ranks = np.concatenate([np.arange(1.0, 11.0), np.full(500, np.nan)])[:, None]
    alone = prominence(ranks[:10], np.ones(10), SETTINGS)
    assert prominence(ranks, np.ones(510), SETTINGS) == pytest.approx(alone)


def test_prominence_of_nothing_is_zero() -> None:
    assert prominence(np.full((5, 2), np.nan), np.ones(5), SETTINGS).tolist() == [0.0, 0.0]
    assert prominence(np.empty((0, 2)), np.empty(0), SETTINGS).tolist() == [0.0, 0.0]
    assert prominence(np.array([[5000.0]]), np.ones(1), SETTINGS).tolist() == [0.0]


def test_a_rank_counts_at_most_what_its_share_of_mass_is_worth() -> None:
    ranks = np.array([1.0, 2.0, 3.0, 4.0, 500.0, np.nan])
    shares = np.array([0.9, 0.1, 1e-3, 1e-5, 1e-3, np.nan])
    # one part in a thousand lies half way, on logarithmic scales, between a tenth (rank 1) and 1e-5 (rank 1,000)
    expected = [1.0, 2.0, math.sqrt(1000), 1000.0, 500.0, math.nan]
    assert counted_ranks(ranks, shares, SETTINGS).tolist() == pytest.approx(expected, nan_ok=True)


def test_thinning_in_a_few_proteins_lowers_prominence() -> None:
    """Twenty proteins on top leave the ranks as they are, but not what the markers hold of the mass."""
    markers = list(MEMBERS.loc[MEMBERS["panel"] == "v", "gene"])

    def vesicles(thinned: float) -> float:
        order = [f"TOP{i}" for i in range(20)] + markers
        share = [(1 - thinned) / 20] * 20 + [thinned * 0.9**i for i in range(len(markers))]
        return float(compute(study(order, share), MATCHES, MEMBERS, tiny_model(), 0, 1).axes["vesicle"][0, 0])

    assert vesicles(1e-4) < vesicles(1e-3) < vesicles(0.5)


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=30), st.integers(0, 29))
def test_prominence_never_falls_when_a_member_rises(ranks: list[int], which: int) -> None:
    before = np.array(ranks, dtype=float)[:, None]
    after = before.copy()
    after[which % len(ranks)] = max(1.0, after[which % len(ranks), 0] // 2)
    weights = np.ones(len(ranks))
    assert prominence(after, weights, SETTINGS)[0] >= prominence(before, weights, SETTINGS)[0] - 1e-12


def test_bootstrap_weights_keep_their_mean_and_depend_on_the_seed_alone() -> None:
    weights = np.array([0.5, 1.0])
    drawn = bootstrap_weights(weights, 20_000, np.random.default_rng(3))
    assert drawn.mean(axis=1) == pytest.approx(weights, rel=0.03)
    assert (drawn == bootstrap_weights(weights, 20_000, np.random.default_rng(3))).all()


def test_a_signature_is_the_same_whatever_the_order_of_rows() -> None:
    model, sample = tiny_model(), study(["V0", "V1", "S0", "I0", "W0", "V2"])
    first = compute(sample, MATCHES, MEMBERS, model, draws=20, seed=1)
    second = compute(sample, MATCHES.iloc[::-1], MEMBERS.sample(frac=1, random_state=4), model, draws=20, seed=1)
    for axis in model.axes:
        assert (first.axes[axis] == second.axes[axis]).all()
    for axis in model.shares:
        assert (first.shares[axis] == second.shares[axis]).all()


def test_shares_are_shares_of_mass_and_a_protein_counts_once() -> None:
    model = tiny_model()
    sample = study(["V0", "S0", "X"], share=[0.5, 0.3, 0.2])
    both = pd.concat([MATCHES, pd.DataFrame({"panel": ["i"], "gene": ["I0"], "protein_group": ["V0"]})])
    signature = compute(sample, both, MEMBERS, model, draws=0, seed=1)
    assert signature.shares["vesicle"][0, 0] == pytest.approx(0.5)
    assert signature.shares["soluble"][0, 0] == pytest.approx(0.3)
    assert signature.shares["intracellular"][0, 0] == 0.0


def test_members_without_weight_do_not_count() -> None:
    signature = compute(study(["V0", "S0"]), MATCHES, MEMBERS[MEMBERS["gene"] != "V0"], tiny_model(), draws=0, seed=1)
    assert signature.axes["vesicle"][0, 0] == 0.0
    assert signature.shares["vesicle"][0, 0] == 0.0


def test_the_anchors_score_a_tenth_a_half_and_nine_tenths() -> None:
    anchors = Anchors(-3.0, 1.0, 2.0)
    assert score(log_odds(np.array([-3.0, 1.0, 2.0]), anchors)).tolist() == pytest.approx([0.1, 0.5, 0.9])
    with pytest.raises(ValueError, match="anchors must rise"):
        Anchors(0.0, 1.0, 1.0)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_a_sample_above_its_reference_scores_above_it(value: int, reference: int) -> None:
    anchors = Anchors(-3.0, 1.0, 2.0)
    values, own = np.array([value / 100]), np.array([[reference / 100]])
    z = log_odds(values, anchors) + paired_shift(values, own, anchors, np.random.default_rng(0))
    assert (z[0] > log_odds(own[0], anchors)[0]) == (value > reference)
    # the comparison adds at most a quarter of the scale
    assert abs(z[0] - log_odds(values, anchors)[0]) <= 2 * math.log(9) / 4 + 1e-9


def test_an_interval_holds_the_estimate_and_widens_about_it() -> None:
    z = np.concatenate([[0.0], np.linspace(-1, 2, 201)])
    low, high = intervals(np.array([z, z]), np.array([1.0, 1.5]))
    assert low[1] < low[0] < 0.5 < high[0] < high[1]
    assert [float(x[0]) for x in intervals(np.array([[0.0]]))] == [0.5, 0.5]


SHARES_OF_REFERENCE = np.array([0.2, 0.1, 0.05, 0.05, 0.02, 0.01, 0.01])


@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=7, max_size=7))
def test_a_mixture_keeps_at_least_what_it_was_mixed_with(share: float, vesicles: list[float]) -> None:
    """Whatever the vesicles hold themselves, the reference's part of a mixture is left of the reference."""
    references = np.column_stack([SHARES_OF_REFERENCE] * 3)
    mixture = share * np.array(vesicles) + (1 - share) * SHARES_OF_REFERENCE
    left = remainder(mixture, references, 1e-4, 20, np.random.default_rng(1))
    assert left.shape == (21,)
    assert (left >= 1 - share - 1e-9).all()
    pure = remainder((1 - share) * SHARES_OF_REFERENCE, references, 1e-4, 20, np.random.default_rng(1))
    assert pure == pytest.approx(np.full(21, 1 - share))


def test_what_is_left_is_the_middle_protein_and_few_proteins_tell_nothing() -> None:
    references = np.column_stack([SHARES_OF_REFERENCE, SHARES_OF_REFERENCE * 3])
    ratios = np.array([0.0, 0.0, 0.1, 0.2, 5.0, 6.0, 7.0])  # three proteins come along with the vesicles
    left = remainder(ratios * SHARES_OF_REFERENCE * 2, references, 1e-4, 50, np.random.default_rng(2))
    assert left[0] == pytest.approx(0.2)
    assert left[1:].min() < 0.2 < left[1:].max()
    even = remainder(ratios[:6] * SHARES_OF_REFERENCE[:6] * 2, references[:6], 1e-4, 0, np.random.default_rng(2))
    assert even.tolist() == pytest.approx([0.2])  # the upper one of the two in the middle: 0.1 and 0.2
    assert np.isnan(remainder(SHARES_OF_REFERENCE, references, 0.05, 5, np.random.default_rng(2))).all()


def test_proteins_too_faint_for_the_sample_are_not_missed() -> None:
    """A shallow sample lacks what it could not have seen: that says nothing of purity."""
    reference = np.array([0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.02, 0.02] + [0.001] * 100)
    deep, shallow = reference.copy(), np.where(reference > 0.01, reference, np.nan)
    mass = np.column_stack([deep, shallow, reference])
    groups = [Group("deep", {"producer_lysate": [2]}), Group("shallow", {"producer_lysate": [2]}), Group("none", {})]
    rows = {"soluble": np.zeros(108, dtype=bool), "intracellular": np.ones(108, dtype=bool)}
    left = remainders(mass, rows, [0, 1, 0], groups, floor=1e-4, draws=10, seed=1)
    assert left["intracellular"][:2, 0].tolist() == pytest.approx([1.0, 1.0])
    assert np.isnan(left["intracellular"][2]).all()
    assert np.isnan(left["soluble"]).all()
    again = remainders(mass, rows, [1], groups[1:2], floor=1e-4, draws=10, seed=1)
    assert (again["intracellular"][0] == left["intracellular"][1]).all()


@pytest.mark.parametrize("quantity", ["identity", "purity_soluble", "purity_intracellular"])
def test_a_reference_of_which_nothing_can_be_told_raises_no_score(quantity: str) -> None:
    """Everything stands above a medium without protein, and that is no evidence of vesicles."""
    model = tiny_model()
    # the sample, a medium and a lysate far below it, a medium above it
    values = {q: np.array([[2.0, 1.5, 2.5], [-9.0] * 3, [-9.0] * 3, [9.0] * 3]) for q in REFERENCES_OF}
    role = "producer_lysate" if quantity == "purity_intracellular" else "conditioned_medium"
    axis = "intracellular" if role == "producer_lysate" else "soluble"
    plain, silent = ({a: np.full((1, 3), value) for a in ("soluble", "intracellular")} for value in (0.1, np.nan))

    def shift(left: dict[str, np.ndarray], references: dict[str, list[int]]) -> float:
        odds, shifts = shifted_log_odds(values, left, [0], [Group("s", references)], model, seed=1)
        alone = log_odds(values[quantity][:1], anchors_of(quantity, model))
        assert odds[quantity][0] - alone[0] == pytest.approx(np.full(3, shifts[quantity][0]))
        return float(shifts[quantity][0])

    assert shift(plain, {role: [1]}) > 0
    assert shift(silent, {role: [1]}) == 0
    assert shift(silent, {role: [3]}) < 0  # it may stand below one
    if quantity == "identity":  # the lysate speaks for itself, the medium beside it stays silent
        both = {"conditioned_medium": [3], "producer_lysate": [2]}
        assert shift(plain | {axis: silent[axis]}, both) == shift(plain, {"producer_lysate": [2]})


def test_the_interval_of_what_is_left_widens_and_never_falls_below_zero() -> None:
    left = np.array([[0.2, 0.1, 0.15, 0.3, 0.25], [0.2, 0.1, 0.15, 0.3, 0.25], [np.nan] * 5])
    value, low, high = remaining_interval(left, np.array([1.0, 4.0, 1.0]))
    assert value[:2].tolist() == [0.2, 0.2]
    assert (low[0], high[0]) == pytest.approx((0.1, 0.3))
    assert (low[1], high[1]) == pytest.approx((0.0, 0.6))
    assert np.isnan([value[2], low[2], high[2]]).all()
    assert [x.tolist() for x in remaining_interval(np.array([[0.3]]), np.array([1.0]))] == [[0.3]] * 3


def test_contributions_sum_to_the_log_odds() -> None:
    model = tiny_model()
    signature = compute(study(["V0", "S0", "I0", "V1", "W0", "I1"]), MATCHES, MEMBERS, model, draws=0, seed=1)
    shifts = {"identity": 0.4}
    values = raw_quantities(signature, model)
    told = terms(signature, values, 0, model, shifts, {})
    for quantity, anchors in (
        ("identity", model.identity),
        ("purity_soluble", model.purity_soluble),
        ("purity_intracellular", model.purity_intracellular),
    ):
        total = sum(t.contribution for t in told if t.quantity == quantity)
        expected = log_odds(values[quantity], anchors)[0, 0] + shifts.get(quantity, 0.0)
        assert total == pytest.approx(expected, abs=1e-9)


def evidence(**changes: object) -> Evidence:
    given_: dict = {
        "identity": (0.9, 0.8, 0.95),
        "probability": (0.97, 0.9, 0.99),
        "purity_soluble": (0.8, 0.7, 0.9),
        "purity_intracellular": (0.7, 0.6, 0.8),
        "alternatives": {"secretome": 0.7, "serum": 0.2, "cell_debris": 0.1},
        "proteins": 900,
        "known_mass": 0.8,
        "soluble_share": 0.7,
        "blood_share": 0.01,
        "left": {},
        "distance": 0.4,
        "farthest": 1.3,
        "organism_has_panels": True,
        "organism": "human",
    }
    return Evidence(**(given_ | changes))


LOW = {"identity": (0.1, 0.05, 0.2), "probability": (0.03, 0.01, 0.1)}
EVEN = {"secretome": 0.4, "serum": 0.35, "cell_debris": 0.25}


@pytest.mark.parametrize(
    ("changes", "verdict", "code", "word"),
    [
        ({}, "small_ev", "small_ev_clear", "above 0.5"),
        ({"purity_soluble": (0.1, 0.05, 0.2)}, "indeterminate", "purity_doubt", "soluble purity 0.10 (0.05 to 0.20)"),
        ({"purity_soluble": (0.6, 0.45, 0.8)}, "indeterminate", "purity_doubt", "is not clearly above 0.5"),
        ({"purity_intracellular": (0.6, 0.4, 0.8)}, "small_ev", "small_ev_clear", "above 0.5"),
        ({"purity_intracellular": (0.49, 0.4, 0.8)}, "indeterminate", "purity_doubt", "intracellular purity 0.49"),
        ({"probability": (0.9, 0.4, 0.99)}, "indeterminate", "identity_spans_limit", "does not settle it"),
        ({"left": {"soluble": (0.4, 0.3, 0.48)}}, "small_ev", "small_ev_clear", "above 0.5"),
        (
            {"left": {"soluble": (0.4, 0.3, 0.7)}},
            "indeterminate",
            "reference_left",
            "is left, not clearly less than 50%",
        ),
        (
            {"left": {"soluble": (0.502, 0.47, 0.57)}},
            "indeterminate",
            "reference_left",
            "50% (90% interval 47% to 57%) is left, not clearly less than 50%",
        ),
        ({"left": {"intracellular": (0.4, 0.3, 0.7)}}, "small_ev", "small_ev_clear", "above 0.5"),
        (
            {"left": {"soluble": (0.6, 0.45, 0.8)}},
            "indeterminate",
            "reference_left",
            "own soluble protein 60% (90% interval 45% to 80%)",
        ),
        (
            {"left": {"intracellular": (0.7, 0.6, 0.8)}, "purity_soluble": (0.1, 0.05, 0.2)},
            "indeterminate",
            "purity_doubt",
            "and of the group's own intracellular protein 70% (90% interval 60% to 80%) is left",
        ),
        (LOW | {"left": {"soluble": (0.9, 0.8, 1.0)}}, "secretome", "alternative_clear", "70%"),
        (LOW, "secretome", "alternative_clear", "70%"),
        (LOW | {"identity": (0.3, 0.1, 0.6)}, "indeterminate", "identity_spans_limit", "does not settle it"),
        (LOW | {"alternatives": EVEN}, "indeterminate", "no_alternative", "no alternative stands out"),
        (LOW | {"blood_share": 0.2}, "indeterminate", "blood_in_secretome", "20% of the protein mass"),
        ({"proteins": 60}, "indeterminate", "too_few_proteins", "only 60 protein groups"),
        (LOW | {"proteins": 60}, "secretome", "alternative_clear", "70%"),
        (LOW | {"proteins": 19}, "indeterminate", "too_few_proteins", "only 19 protein groups"),
        (LOW | {"proteins": 60, "soluble_share": 0.4}, "indeterminate", "too_few_proteins", "only 60"),
        (
            LOW | {"proteins": 60, "alternatives": {"secretome": 0.1, "serum": 0.1, "cell_debris": 0.8}},
            "indeterminate",
            "too_few_proteins",
            "only 60",
        ),
        ({"known_mass": 0.01}, "indeterminate", "little_known_mass", "organism right"),
        ({"distance": 2.0}, "indeterminate", "outside_domain", "2.00"),
        ({"distance": float("nan")}, "small_ev", "small_ev_clear", "above 0.5"),
        ({"organism_has_panels": False, "organism": "yeast"}, "indeterminate", "organism_without_panels", "yeast"),
    ],
)
def test_verdicts(changes: dict, verdict: str, code: str, word: str) -> None:
    got, rule, why = decide(evidence(**changes))
    assert (got, rule) == (verdict, code)
    assert word in why


def test_every_rule_is_tried_above() -> None:
    tried = {mark.args[1][i][2] for mark in test_verdicts.pytestmark for i in range(len(mark.args[1]))}  # type: ignore[attr-defined]
    assert tried == set(REASON_CODES)


def test_a_calibration_moves_the_log_odds_on_a_straight_line_and_must_rise() -> None:
    odds = dict.fromkeys(("identity", "purity_soluble", "purity_intracellular"), np.array([[0.0, 1.0]]))
    assert small_ev_log_odds(odds, Calibration(2.0, 0.5)).tolist() == [[0.5, 2.5]]
    with pytest.raises(ValueError, match="must rise"):
        Calibration(0.0, 0.0)


def test_probabilities_sum_to_one_and_purity_caps_them() -> None:
    alternatives = alternative_shares({"serum": 0.6, "secreted": 0.3, "intracellular": 0.1}, tiny_model().alternatives)
    assert max(alternatives, key=lambda k: alternatives[k]) == "serum"
    assert sum(alternatives.values()) == pytest.approx(1.0)
    pure = {"identity": np.array([3.0]), "purity_soluble": np.array([2.0]), "purity_intracellular": np.array([2.0])}
    impure = pure | {"purity_soluble": np.array([-5.0])}
    high, low = (float(small_ev_log_odds(o)[0]) for o in (pure, impure))
    assert high == 3.0
    assert low == pytest.approx(-5.0 + math.log(9))
    told = probabilities(0.9, alternatives)
    assert set(told) == {"small_ev", "secretome", "serum", "cell_debris"}
    assert sum(told.values()) == pytest.approx(1.0)


def markers(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([{"sample": "x", "panel": p, "status": s} for p, s in rows])


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ([("misev_1a", "detected"), ("misev_2a", "detected"), ("misev_4c", "not_detected")], "yes"),
        ([("misev_1b", "detected"), ("misev_2a", "detected"), ("misev_3a", "detected")], "yes"),
        ([("misev_1a", "not_detected"), ("misev_2a", "detected"), ("misev_4c", "detected")], "no"),
        ([("misev_1a", "not_assessable"), ("misev_2a", "detected"), ("misev_4c", "detected")], "not_assessable"),
        ([("misev_1a", "detected"), ("misev_2a", "detected"), ("misev_4c", "not_searched")], "not_assessable"),
        ([("misev_1a", "not_searched"), ("misev_2a", "not_detected"), ("misev_4c", "detected")], "not_assessable"),
    ],
)
def test_the_misev_minimum_keeps_the_kinds_of_absence_apart(rows: list, answer: str) -> None:
    assert minimum(markers(*rows), ["x"]) == {"x": answer}


def test_a_model_survives_its_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "model.json"
    models.save(tiny_model(), path)
    assert models.load(path) == tiny_model()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda raw: raw | {"format_version": 99}, "another format version"),
        (lambda raw: {k: v for k, v in raw.items() if k != "identity"}, "lacks or misnames"),
        (lambda raw: raw | {"identity": {"low": 2, "half": 1.5, "high": 1}}, "lacks or misnames"),
    ],
)
def test_a_broken_model_is_refused(tmp_path, change, word: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "model.json"
    models.save(tiny_model(), path)
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(ConfigurationError, match=word):
        models.load(path)


def test_a_missing_or_unreadable_model_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError, match="missing"):
        models.load(tmp_path / "model.json")
    (tmp_path / "model.json").write_text("{")
    with pytest.raises(ConfigurationError, match="not valid JSON"):
        models.load(tmp_path / "model.json")
