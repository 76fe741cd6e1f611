"""Comparability of processes on simulated lots, a public study, and tables of every kind."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.simulated_lots import (
    REGISTRY,
    Study,
    fewer_tetraspanins,
    genes_of,
    nothing,
    numbers,
    serum_added,
    serum_times,
    study,
    through_the_tables,
    tiny,
)

from sevident import readers, tables
from sevident.errors import ConfigurationError
from sevident.readers.base import InputSpec
from sevident.release.attributes import PROFILE, vesicular_groups
from sevident.release.comparability import ComparabilitySettings, compare
from sevident.samples import Sample

VESICULAR = genes_of("vesicular")
OLD_NEW = ComparabilitySettings(processes=("old", "new"))


def overall(frame: pd.DataFrame) -> pd.Series:
    return frame[frame["kind"] == "overall"].iloc[0]


def row(frame: pd.DataFrame, quantity: str) -> pd.Series:
    return frame[frame["quantity"] == quantity].iloc[0]


@pytest.fixture(scope="module")
def same() -> Study:
    return study({"old": nothing, "new": nothing}, lots=6)


@pytest.fixture(scope="module")
def fewer() -> Study:
    return study({"old": nothing, "new": fewer_tetraspanins}, lots=6, seed=2)


@pytest.fixture(scope="module")
def serum() -> Study:
    return study({"old": nothing, "new": serum_added}, lots=6, seed=3)


def some_lots(whole: Study, lots: int) -> Study:
    """The first lots of each process."""
    kept = [s for s in whole.samples if int(s.lot.split("_")[1]) <= lots]
    return whole.but(samples=kept)


def test_nothing_changed_is_equivalent(same: Study) -> None:
    frame, notes = compare(*same.parts, OLD_NEW)
    assert overall(frame)["result"] == "equivalent"
    assert not notes
    assert set(frame.loc[frame["kind"] != "protein", "result"]) == {"equivalent"}


def test_a_loss_of_tetraspanins_is_different_and_named(fewer: Study) -> None:
    frame, _ = compare(*fewer.parts, OLD_NEW)
    whole = overall(frame)
    assert whole["result"] == "different"
    assert "Tetraspanins 1.4" in whole["reason"] or "Tetraspanins 1.5" in whole["reason"]
    tetraspanins = row(frame, "tetraspanins")
    assert tetraspanins["result"] == "different"
    assert tetraspanins["difference"] == pytest.approx(-math.log2(1.5), abs=0.1)
    attributes = frame[~frame["kind"].isin(["overall", "protein"])]
    assert set(attributes.loc[attributes["result"] == "different", "quantity"]) == {"tetraspanins"}


def test_a_fifth_of_the_mass_as_serum_is_different_and_named(serum: Study) -> None:
    frame, _ = compare(*serum.parts, OLD_NEW)
    assert overall(frame)["result"] == "different"
    assert "Serum proteins" in overall(frame)["reason"]
    for quantity in ("serum", "immunoglobulin", "lipoprotein", "purity_soluble"):
        assert row(frame, quantity)["result"] == "different"


def test_serum_times_one_and_a_fifth_is_different_where_the_margin_is_narrower() -> None:
    made = study({"old": nothing, "new": lambda logs: serum_times(logs, 1.2)}, lots=6, seed=4)
    narrow = replace(OLD_NEW, margins={"serum": math.log2(1.1)})
    assert row(compare(*made.parts, narrow)[0], "serum")["result"] == "different"
    assert row(compare(*made.parts, OLD_NEW)[0], "serum")["result"] == "equivalent"


@pytest.mark.parametrize("which", ["same", "fewer", "serum"])
def test_two_lots_a_side_decide_nothing_and_say_how_many_would(which: str, request: pytest.FixtureRequest) -> None:
    frame, _ = compare(*some_lots(request.getfixturevalue(which), 2).parts, OLD_NEW)
    assert set(frame["result"]) == {"inconclusive"}
    whole = overall(frame)
    assert (whole["lots_a"], whole["lots_b"]) == (2, 2)
    assert "2 and 2 lots, and a decision takes 3 of each process" in whole["reason"]
    attributes = frame[~frame["kind"].isin(["overall", "protein"])]
    assert attributes["lots_needed"].notna().mean() > 0.8
    assert attributes["lots_needed"].min() >= 3


def test_one_lot_a_side_says_why_it_cannot_say(same: Study) -> None:
    frame, _ = compare(*some_lots(same, 1).parts, OLD_NEW)
    assert set(frame["result"]) == {"inconclusive"}
    assert "1 and 1 lots: one lot says nothing about how much lots differ" in overall(frame)["reason"]
    assert frame[["p_equivalence", "p_difference", "low", "high"]].isna().all(axis=None)
    assert row(frame, "serum")["reason"].endswith("one lot says nothing about how much lots differ")


def test_replicates_are_no_lots(same: Study) -> None:
    """Without lots in the sheet nothing is compared, however many samples there are."""
    without = [replace(s, lot="") for s in same.samples]
    frame, notes = compare(*same.but(samples=without).parts, OLD_NEW)
    assert len(frame) == 1
    assert (overall(frame)["result"], overall(frame)["lots_a"]) == ("inconclusive", 0)
    assert [n["code"] for n in notes] == ["samples_without_lot"]
    assert notes[0]["count"] == 24


def test_three_processes_are_compared_in_pairs(same: Study) -> None:
    moved = [replace(s, process="third") if s.lot in ("new_4", "new_5", "new_6") else s for s in same.samples]
    frame, _ = compare(*same.but(samples=moved).parts)
    pairs = frame.loc[frame["kind"] == "overall", ["process_a", "process_b", "lots_a", "lots_b"]]
    assert [tuple(p) for p in pairs.to_numpy()] == [
        ("new", "old", 3, 6),
        ("new", "third", 3, 3),
        ("old", "third", 6, 3),
    ]
    only, notes = compare(*same.but(samples=moved).parts, OLD_NEW)
    assert set(zip(only["process_a"], only["process_b"], strict=True)) == {("old", "new")}
    assert [(n["code"], n["count"]) for n in notes] == [("samples_without_process", 6)]


def test_one_process_has_nothing_to_be_compared_with(same: Study) -> None:
    one = same.but(samples=[s for s in same.samples if s.process == "old"])
    frame, notes = compare(*one.parts)
    assert frame.empty
    assert [n["code"] for n in notes] == ["one_process"]
    none = same.but(samples=[replace(s, process="") for s in same.samples])
    assert compare(*none.parts)[0].empty
    assert compare(*none.parts)[1] == []


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        (ComparabilitySettings(processes=("old", "newer")), "did you mean 'new'"),
        (ComparabilitySettings(families=("syntenins",)), "did you mean 'syntenin'"),
        (ComparabilitySettings(margins={"tetraspanin": 0.2}), "did you mean 'tetraspanins'"),
    ],
)
def test_what_does_not_exist_is_refused(same: Study, wanted: ComparabilitySettings, word: str) -> None:
    with pytest.raises(ConfigurationError, match=word):
        compare(*same.parts, wanted)


def test_without_normalised_quantities_shares_stand_in_and_it_is_said(same: Study) -> None:
    frame, notes = compare(*same.but(abundance=same.abundance.assign(log2_lfq=np.nan)).parts, OLD_NEW)
    assert [n["code"] for n in notes] == ["lfq_absent"]
    assert (frame["kind"] == "protein").sum() > 200
    assert row(frame, "vesicular_level")["result"] == "equivalent"


def test_texts_may_be_categories(same: Study) -> None:
    text = [c for c, kind in tables.ABUNDANCE.columns.items() if kind == "str"]
    compact = same.abundance.astype(dict.fromkeys(text, "category"))
    assert vesicular_groups(compact, REGISTRY, "human") == same.vesicular
    pd.testing.assert_frame_equal(compare(*same.but(abundance=compact).parts)[0], compare(*same.parts)[0])


def shuffled_vesicles(logs: pd.Series) -> pd.Series:
    """Vesicular proteins go up and down twofold, a protein here for a protein there; families stay what they are."""
    out = logs.copy()
    single = [g for g in VESICULAR if g in out.index and not g.startswith(("RAB", "ITG"))]
    out[single] += np.where(np.arange(len(single)) % 2 == 0, 1.0, -1.0)
    return out


def test_a_profile_that_changed_under_an_even_level_is_different() -> None:
    made = study({"old": nothing, "new": shuffled_vesicles}, lots=4, seed=7)
    frame, _ = compare(*made.parts, OLD_NEW)
    profile = row(frame, PROFILE)
    assert profile["result"] == "different"
    assert profile["difference"] == pytest.approx(0.85, abs=0.2)
    assert profile["low"] < profile["difference"] < profile["high"]
    assert abs(row(frame, "vesicular_level")["difference"]) < 0.3
    assert frame.loc[frame["kind"] == "protein", "result"].eq("different").sum() > 50


def test_nothing_is_equivalent_over_all_while_a_protein_is_different(same: Study) -> None:
    one = same.abundance["protein_group"].eq("pg_CD9") & same.abundance["sample"].str.startswith("new")
    shifted = same.abundance.assign(log2_lfq=same.abundance["log2_lfq"] + 4.0 * one)
    frame, _ = compare(*same.but(abundance=shifted).parts, OLD_NEW)
    assert set(frame.loc[~frame["kind"].isin(["overall", "protein"]), "result"]) == {"equivalent"}
    assert overall(frame)["result"] == "inconclusive"
    assert "1 of 272 vesicular proteins are different: CD9 1" in overall(frame)["reason"]


def test_imputed_quantities_are_no_measurements(same: Study) -> None:
    frame, _ = compare(*same.but(abundance=same.abundance.assign(evidence="imputed")).parts, OLD_NEW)
    assert not (frame["kind"] == "protein").any()
    assert row(frame, "vesicular" if "vesicular" in set(frame["quantity"]) else "serum")["result"] == "equivalent"


def test_a_panel_that_one_process_lacks_is_a_difference() -> None:
    """A share of nothing has its place on the scale: below all that is worth distinguishing."""
    rng = np.random.default_rng(1)
    values = [[2.0, -3.0 if i < 4 else -99.0, -4.0, *[10.0] * 10] for i in range(8)]
    noisy = [[v + rng.normal(0, 0.1) for v in r] for r in values]
    made = tiny(noisy, [f"l{i}" for i in range(8)], ["a"] * 4 + ["b"] * 4)
    tetraspanins = row(compare(*made.parts)[0], "tetraspanins")
    assert tetraspanins["result"] == "different"
    assert tetraspanins["difference"] == pytest.approx(math.log2(1e-4 / (0.125 + 1e-4)), abs=0.2)


def test_what_lies_within_the_margin_is_never_called_different() -> None:
    """A real but small difference, measured very exactly."""
    values = [
        [1.0, -3.0 + 0.01 * (i % 4) + (0.2 if i > 3 else 0), -4.0 + 0.01 * (i % 4), *[10.0] * 10] for i in range(8)
    ]
    made = tiny(values, [f"l{i}" for i in range(8)], ["a"] * 4 + ["b"] * 4)
    found = row(compare(*made.parts)[0], "tetraspanins")
    assert found["p_difference_adjusted"] < 0.001
    assert found["result"] == "equivalent"


def test_scores_at_the_end_of_their_scale_are_alike() -> None:
    values = [[20.0 + i, -3.0 + 0.01 * (i % 4), -4.0 + 0.01 * (i % 3), *[10.0] * 10] for i in range(8)]
    made = tiny(values, [f"l{i}" for i in range(8)], ["a"] * 4 + ["b"] * 4)
    identity = row(compare(*made.parts)[0], "identity")
    assert identity["result"] == "equivalent"
    assert "same end of the scale" in identity["reason"]


def test_lots_that_are_copies_of_each_other_prove_nothing() -> None:
    made = tiny([[1.0, -3.0, -4.0, *[10.0] * 10]] * 8, [f"l{i}" for i in range(8)], ["a"] * 4 + ["b"] * 4)
    frame, _ = compare(*made.parts)
    assert set(frame["result"]) == {"inconclusive"}
    assert "do not differ at all" in row(frame, "serum")["reason"]


def test_no_sentence_takes_a_missing_difference_for_equality(same: Study, serum: Study) -> None:
    for made in (same, some_lots(serum, 2), serum):
        text = " ".join(compare(*made.parts, OLD_NEW)[0]["reason"]).lower()
        assert "significant" not in text
        assert "nan" not in text.split()


@pytest.mark.shared
def test_cell_lines_differ_and_halves_of_replicates_do_not(studies: Path) -> None:
    spec = InputSpec("main", studies / "breast_exosome" / "proteinGroups.csv", organism="human")
    proteins = readers.read(spec).proteins.assign(input="main")
    runs = sorted(proteins["run"].unique())

    def sheet(process: dict[str, str]) -> list[Sample]:
        lots = {r: "_".join(r.split("_")[1:3]) for r in runs}
        return [Sample(r, "preparation", "", lots[r], process[r], "", {}, [("main", r)]) for r in runs]

    lines = through_the_tables(proteins, sheet({r: r.split("_")[1] for r in runs}))
    frame, _ = compare(*lines.parts)
    assert overall(frame)["result"] == "different"
    assert (overall(frame)["lots_a"], overall(frame)["samples_a"]) == (3, 6)
    halves = lines.but(samples=sheet({r: f"half {r[-1]}" for r in runs}))
    frame, _ = compare(*halves.parts)
    assert overall(frame)["result"] != "different"
    assert not frame["result"].eq("different").any()


LOTS = st.lists(st.sampled_from(["", "1", "2", "3"]), min_size=9, max_size=9)
PROCESSES = st.lists(st.sampled_from(["", "a", "a", "b", "b"]), min_size=9, max_size=9)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers(), LOTS, PROCESSES, st.randoms(use_true_random=False))
def test_any_table_has_results_with_reasons_whatever_the_order(
    values: list[list[float]], lots: list[str], processes: list[str], random: Random
) -> None:
    lots, processes = lots[: len(values)], processes[: len(values)]
    made = tiny(values, lots, processes)
    frame, notes = compare(*made.parts)
    assert set(frame["result"]) <= set(tables.EQUIVALENCE)
    assert frame["reason"].ne("").all()
    claimed = frame[frame["result"].isin(["equivalent", "different"]) & frame["kind"].ne("overall")]
    assert (claimed[["lots_a", "lots_b"]].min(axis=1) >= 3).all()
    tables.conform(pd.DataFrame(notes), tables.WARNINGS)

    shuffled = made.but(samples=random.sample(made.samples, len(made.samples)))
    pd.testing.assert_frame_equal(frame, compare(*shuffled.parts)[0], rtol=1e-6, atol=1e-9)

    if {"a", "b"} <= set(processes):
        other = compare(*made.parts, ComparabilitySettings(processes=("b", "a")))[0]
        signed = frame["quantity"].ne(PROFILE)  # a distance is the same both ways
        np.testing.assert_allclose(frame["difference"][signed], -other["difference"][signed], atol=1e-9)
        np.testing.assert_allclose(frame["low"][signed], -other["high"][signed], atol=1e-9)
        np.testing.assert_allclose(frame["difference"][~signed], other["difference"][~signed], atol=1e-6)
        np.testing.assert_allclose(frame["p_equivalence"], other["p_equivalence"], atol=1e-9)
        assert list(frame["result"]) == list(other["result"])
        assert list(frame["lots_needed"].fillna(0)) == list(other["lots_needed"].fillna(0))
