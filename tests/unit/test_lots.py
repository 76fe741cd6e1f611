"""Variation of lots, control limits and odd lots, on simulated lots and on tables of every kind."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.simulated_lots import LOT_SD, SAMPLE_SD, Study, fewer_tetraspanins, genes_of, nothing, numbers, study, tiny

from sevident import tables
from sevident.release.lots import PROFILE, LotSettings, analyse
from sevident.release.statistics import cv_of_log2

TETRASPANINS = set(genes_of("tetraspanins"))


def at_study(frame: pd.DataFrame, quantity: str) -> pd.Series:
    return frame[(frame["level"] == "study") & (frame["quantity"] == quantity)].iloc[0]


def at_lots(frame: pd.DataFrame, quantity: str) -> pd.DataFrame:
    return frame[(frame["level"] == "lot") & (frame["quantity"] == quantity)].set_index("lot")


def codes(notes: list[dict[str, object]]) -> list[object]:
    return [n["code"] for n in notes]


@pytest.fixture(scope="module")
def eight() -> Study:
    """Eight lots of two samples, of which the seventh has lost half of its tetraspanins' protein twice over."""
    odd = {"p_7": lambda logs: fewer_tetraspanins(logs, 4.0)}
    return study({"p": nothing}, lots=8, odd=odd, seed=5)


@pytest.fixture(scope="module")
def found(eight: Study) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    return analyse(*eight.parts)


def test_the_odd_lot_is_named_with_the_proteins_that_set_it_apart(
    found: tuple[pd.DataFrame, list[dict[str, object]]],
) -> None:
    frame, notes = found
    profile = at_lots(frame, PROFILE)
    assert list(profile.index[profile["status"] == "out_of_control"]) == ["p_7"]
    assert set(profile["status"]) == {"in_control", "out_of_control"}
    named = profile.loc["p_7", "proteins"].split(" | ")
    assert len(named) == LotSettings().most_proteins
    assert all(text.split()[0] in TETRASPANINS and float(text.split()[-1]) < -1 for text in named), named
    row = at_study(frame, PROFILE)
    assert row["limits_from"] == "all"
    assert row["estimate"] < row["limit_high"]
    tetraspanins = at_lots(frame, "tetraspanins")
    assert tetraspanins.loc["p_7", "status"] == "out_of_control"
    assert tetraspanins.drop("p_7")["status"].eq("in_control").all()
    warned = [n for n in notes if n["code"] == "lot_out_of_control"]
    assert "p_7" in [n["subject"] for n in warned]
    text = next(str(n["message"]) for n in warned if n["subject"] == "p_7")
    assert "Proteins that set it apart: " in text


def test_other_lots_are_seldom_out_of_control(found: tuple[pd.DataFrame, list[dict[str, object]]]) -> None:
    frame, _ = found
    others = frame[(frame["level"] == "lot") & frame["lot"].ne("p_7")]
    assert others["status"].eq("out_of_control").mean() < 0.02
    assert set(others["limits_from"]) == {"all"}


def test_the_components_that_were_put_in_are_found_again(
    found: tuple[pd.DataFrame, list[dict[str, object]]],
) -> None:
    frame, _ = found
    proteins = frame[(frame["kind"] == "protein") & (frame["level"] == "study")]
    assert len(proteins) > 200
    assert not ((frame["kind"] == "protein") & (frame["level"] == "lot")).any()
    assert np.sqrt((proteins["sd_within"] ** 2).mean()) == pytest.approx(SAMPLE_SD, rel=0.1)
    ordinary = proteins[~proteins["title"].isin(TETRASPANINS)]
    assert np.sqrt((ordinary["sd_between"] ** 2).mean()) == pytest.approx(LOT_SD, rel=0.15)
    inside = (ordinary["cv_between_low"] <= cv_of_log2(LOT_SD)) & (cv_of_log2(LOT_SD) <= ordinary["cv_between_high"])
    assert 0.84 < inside.mean() < 0.97
    row = proteins.iloc[0]
    assert row["cv_within"] == pytest.approx(cv_of_log2(row["sd_within"]))
    assert (row["lots"], row["samples"]) == (8, 16)
    assert frame.loc[frame["kind"] == "score", "cv_between"].isna().all()


def test_limits_come_from_qualified_lots_where_there_are_enough() -> None:
    odd = {"p_7": lambda logs: fewer_tetraspanins(logs, 4.0)}
    made = study({"p": nothing}, lots=8, odd=odd, qualified=6, seed=6)
    frame, notes = analyse(*made.parts)
    tetraspanins = at_lots(frame, "tetraspanins")
    assert set(tetraspanins["limits_from"]) == {"qualified"}
    assert tetraspanins.loc["p_7", "status"] == "out_of_control"
    assert "of 6 qualified lots" in tetraspanins.loc["p_7", "reason"]
    assert "of 5 qualified lots" in tetraspanins.loc["p_1", "reason"]
    assert at_lots(frame, PROFILE).loc["p_7", "status"] == "out_of_control"
    # the limits of the next lot are those of all qualified lots, the odd one has no part in them
    qualified = tetraspanins.loc[[f"p_{i}" for i in range(1, 7)], "estimate"]
    row = at_study(frame, "tetraspanins")
    assert (row["limit_low"] + row["limit_high"]) / 2 == pytest.approx(qualified.mean())
    few = [replace(s, role="preparation") if s.lot in ("p_1", "p_2") else s for s in made.samples]
    frame, notes = analyse(*made.but(samples=few).parts)
    assert set(at_lots(frame, "tetraspanins")["limits_from"]) == {"all"}
    assert "few_qualified_lots" in codes(notes)


def test_too_few_lots_have_no_limits(eight: Study) -> None:
    three = eight.but(samples=[s for s in eight.samples if s.lot in ("p_1", "p_2", "p_3")])
    frame, _ = analyse(*three.parts)
    lots = frame[frame["level"] == "lot"]
    assert set(lots["status"]) == {"not_assessable"}
    assert set(lots["limits_from"]) == {""}
    assert lots[["limit_low", "limit_high"]].isna().all(axis=None)
    assert "limits would rest on 2 other lots; they take 5" in set(lots["reason"])
    row = at_study(frame, "serum")
    assert (row["lots"], row["samples"]) == (3, 6)
    assert row["sd_between"] >= 0
    assert np.isnan(row["limit_low"])


def test_one_lot_says_nothing_of_how_much_lots_differ(eight: Study) -> None:
    frame, notes = analyse(*eight.but(samples=[s for s in eight.samples if s.lot == "p_1"]).parts)
    assert "one_lot" in codes(notes)
    row = at_study(frame, "serum")
    assert (row["lots"], row["samples"], row["status"]) == (1, 2, "not_assessable")
    assert row["sd_within"] > 0
    assert row[["sd_between", "low", "high", "cv_between", "limit_low"]].isna().all()
    assert set(frame.loc[frame["level"] == "lot", "status"]) == {"not_assessable"}


def test_lots_without_replicates_do_not_tell_within_from_between(eight: Study) -> None:
    frame, notes = analyse(*eight.but(samples=[s for s in eight.samples if s.replicate == "1"]).parts)
    assert "lots_without_replicates" in codes(notes)
    rows = frame[(frame["level"] == "study") & frame["quantity"].ne(PROFILE)]
    assert rows["sd_within"].isna().all()
    assert rows["reason"].str.contains("holds the variation within lots as well").all()
    assert at_lots(frame, "tetraspanins").loc["p_7", "status"] == "out_of_control"


def test_samples_without_a_lot_take_no_part_and_are_counted(eight: Study) -> None:
    without = [replace(s, lot="") if s.lot == "p_1" else s for s in eight.samples]
    frame, notes = analyse(*eight.but(samples=without).parts)
    assert "p_1" not in set(frame["lot"])
    assert at_study(frame, "serum")["samples"] == 14
    assert [(n["level"], n["count"]) for n in notes if n["code"] == "samples_without_lot"] == [("warning", 2)]
    frame, notes = analyse(*eight.but(samples=[replace(s, lot="") for s in eight.samples]).parts)
    assert frame.empty
    assert [(n["level"], n["count"]) for n in notes] == [("info", 16)]


def test_references_are_no_lots(eight: Study) -> None:
    media = [replace(s, role="conditioned_medium") if s.lot == "p_1" else s for s in eight.samples]
    frame, _ = analyse(*eight.but(samples=media).parts)
    assert "p_1" not in set(frame["lot"])


def test_a_lot_name_in_two_processes_is_two_lots(eight: Study) -> None:
    two = [
        replace(s, lot=str(1 + int(s.lot[2:]) % 4), process="a" if int(s.lot[2:]) <= 4 else "b") for s in eight.samples
    ]
    frame, notes = analyse(*eight.but(samples=two).parts)
    assert set(frame.loc[frame["level"] == "lot", "lot"]) == {f"{i} ({p})" for i in range(1, 5) for p in "ab"}
    assert "lots_of_several_processes" in codes(notes)


def test_proteins_that_a_lot_alone_lacks_are_named(eight: Study) -> None:
    gone = {"pg_CD9", "pg_CD81", "pg_CD63"}
    rows = eight.abundance[~(eight.abundance["protein_group"].isin(gone) & eight.abundance["sample"].str[:3].eq("p_7"))]
    frame, _ = analyse(*eight.but(abundance=rows).parts, LotSettings(most_proteins=1000))
    named = at_lots(frame, PROFILE).loc["p_7", "proteins"].split(" | ")
    assert {f"{g[3:]} ({g}) not found" for g in gone} == set(named[-3:])


def test_chosen_families_alone_are_judged(eight: Study) -> None:
    frame, _ = analyse(*eight.parts, LotSettings(families=("syntenin", "actin")))
    assert set(frame.loc[frame["kind"] == "family", "quantity"]) == {"syntenin", "actin"}


def test_a_lot_among_lots_that_do_not_vary() -> None:
    """All others lie at the end of the scale of a score and hold no tetraspanin: there is no spread to go by."""
    rng = np.random.default_rng(2)
    rows = [[20.0, -99.0, -4.0 + rng.normal(0, 0.1), *rng.normal(10, 0.1, 10)] for _ in range(8)]
    rows[6][0], rows[7][1] = 1.0, -5.0
    frame, _ = analyse(*tiny(rows, [str(i) for i in range(8)], [""] * 8).parts)
    assert at_lots(frame, "identity")["status"].eq("out_of_control").tolist() == [False] * 6 + [True, False]
    assert at_lots(frame, "tetraspanins").loc["7", "status"] == "out_of_control"
    copies = tiny([[1.0, -3.0, -4.0, *[10.0] * 10]] * 7, [str(i) for i in range(7)], [""] * 7)
    frame, _ = analyse(*copies.parts)
    assert set(at_lots(frame, "serum")["status"]) == {"in_control"}
    assert at_study(frame, "serum")["sd_between"] == 0.0
    assert set(at_lots(frame, PROFILE)["status"]) == {"not_assessable"}


LOTS = st.lists(st.sampled_from(["", "1", "2", "3", "4", "5", "6", "7"]), min_size=9, max_size=9)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers(), LOTS, st.randoms(use_true_random=False))
def test_any_table_has_lots_with_a_status_whatever_the_order(
    values: list[list[float]], lots: list[str], random: Random
) -> None:
    made = tiny(values, lots[: len(values)], ["p"] * len(values))
    few = LotSettings(least_lots=2)
    frame, notes = analyse(*made.parts, few)
    held = frame[frame["level"] == "lot"]
    assert set(held["status"]) <= {"in_control", "out_of_control", "not_assessable"}
    assert held["reason"].ne("").all()
    assert not held.loc[held["status"] == "not_assessable", "limits_from"].ne("").any()
    assert (frame["cv_between_low"].isna() | (frame["cv_between_low"] <= frame["cv_between"] + 1e-9)).all()
    assert not np.isinf(frame.select_dtypes("float64").to_numpy()).any()
    tables.conform(pd.DataFrame(notes), tables.WARNINGS)
    shuffled = made.but(samples=random.sample(made.samples, len(made.samples)))
    again, _ = analyse(*shuffled.parts, few)
    pd.testing.assert_frame_equal(frame.drop(columns="reason"), again.drop(columns="reason"), rtol=1e-5, atol=1e-6)
