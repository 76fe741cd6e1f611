"""The contracts of the tables: kinds, order, atomic and deterministic writing, text that no spreadsheet executes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevident import tables

HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "'=x", "''+y", "plain", "", 'quo"te', "日本語 🧬", "<script>"]


def scores(names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {"sample": names, "identity": [i / 3 for i in range(len(names))], "proteins": range(len(names))}
    )


@pytest.mark.parametrize("ending", ["tsv", "parquet"])
def test_what_is_written_is_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"scores.{ending}"
    tables.write_table(scores(HOSTILE), tables.SCORES, path)
    back = tables.read_table(path, tables.SCORES)
    assert sorted(back["sample"]) == sorted(HOSTILE)
    assert back["identity"].max() == pytest.approx((len(HOSTILE) - 1) / 3, abs=1e-9)
    assert back["purity"].isna().all()


@given(
    st.text(st.characters(blacklist_characters="\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029", blacklist_categories=["Cs"]))
)
def test_no_cell_of_a_tsv_starts_a_formula_and_reading_undoes_it(text: str) -> None:
    safe = tables.spreadsheet_safe(text)
    assert not safe.startswith(("=", "+", "-", "@"))
    assert tables._spreadsheet_undone(safe) == text


def test_line_breaks_and_tabs_in_text_do_not_break_rows(tmp_path: Path) -> None:
    path = tmp_path / "scores.tsv"
    tables.write_table(scores(["a\tb\nc"]), tables.SCORES, path)
    assert len(path.read_text().splitlines()) == 2


def test_rows_are_sorted_so_that_their_order_cannot_change_bytes(tmp_path: Path) -> None:
    frame = scores(["b", "a", "c"])
    tables.write_table(frame, tables.SCORES, tmp_path / "one.parquet")
    tables.write_table(frame.iloc[::-1], tables.SCORES, tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_column_outside_the_contract_is_refused() -> None:
    with pytest.raises(KeyError, match="not in table scores"):
        tables.conform(pd.DataFrame({"sample": ["a"], "surprise": [1]}), tables.SCORES)


def test_a_failed_write_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text("before")

    def fail(part: Path) -> None:
        part.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        tables.write_atomically(path, fail)
    assert [p.name for p in tmp_path.iterdir()] == ["table.tsv"]
    assert path.read_text() == "before"


def test_a_warning_has_one_of_two_levels() -> None:
    assert tables.warning("score", "info", "code", "study", "text")["count"] is None
    with pytest.raises(ValueError, match="level"):
        tables.warning("score", "fatal", "code", "study", "text")


def test_what_a_killed_run_left_is_deleted(tmp_path: Path) -> None:
    left = tmp_path / ".scores.tsv.abc_12x9.part"
    others = [
        tmp_path / ".scores.tsv.gz.abc_12x9.part",
        tmp_path / ".scores.tsvx.part",
        tmp_path / "scores.tsv.old.part",
    ]
    for path in (left, *others):
        path.write_text("half")
    tables.write_atomically(tmp_path / "scores.tsv", lambda part: part.write_text("whole"))
    assert (tmp_path / "scores.tsv").read_text() == "whole"
    assert not left.exists()
    assert all(path.exists() for path in others)
    assert {p.name for p in tmp_path.iterdir()} == {"scores.tsv", *(p.name for p in others)}
