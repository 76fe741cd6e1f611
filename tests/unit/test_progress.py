"""The lines of a run: counts that are those of the tables, and what failed stages said."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from tests.browser import synthetic

from sevident import progress, tables
from sevident.cli import STAGES


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> synthetic.Study:
    return synthetic.write(tmp_path_factory.mktemp("study"), samples=12, names=synthetic.HOSTILE, specification=True)


def test_every_stage_has_a_line() -> None:
    assert set(progress._COUNTS) == set(STAGES)


def test_counts_are_those_of_the_tables(study: synthetic.Study) -> None:
    scores = tables.read_table(study.tables / "scores.tsv", tables.SCORES)
    line = progress.line("score", {"scores": study.tables / "scores.tsv", "warnings": study.warnings[0]})
    assert line.startswith("sEVident: score")
    assert f"{len(scores)} samples (" in line
    for verdict, count in scores["verdict"].value_counts().items():
        assert f"{count} {str(verdict).replace('_', ' ')}" in line
    written = tables.read_table(study.warnings[0], tables.WARNINGS)
    count = int(written["level"].eq("warning").sum())
    assert ("warning" in line) == bool(count)
    abundance = pd.read_parquet(study.tables / "abundance.parquet")
    line = progress.line("quantify", {"abundance": study.tables / "abundance.parquet"})
    assert f"{abundance['sample'].nunique()} samples, {abundance['protein_group'].nunique():,} protein groups" in line


def test_the_end_says_the_verdicts_on_preparations_and_where_the_page_is(study: synthetic.Study) -> None:
    scores = tables.read_table(study.tables / "scores.tsv", tables.SCORES)
    mine = scores[scores["role"] == "preparation"]
    text = progress.closing(study.tables / "scores.tsv", Path("report.html"))
    assert text.startswith(f"sEVident: {len(mine)} preparations: ")
    assert f"{(mine['verdict'] == 'small_ev').sum()} small ev" in text
    assert text.endswith(str(Path("report.html").resolve()))


def test_numbers_of_things_are_english() -> None:
    assert [progress.counted(n, "run") for n in (0, 1, 1200)] == ["0 runs", "1 run", "1,200 runs"]


def test_failures_are_told_from_the_logs_of_this_run_only(tmp_path: Path) -> None:
    import os

    (tmp_path / "old.log").write_text("error: an earlier fault\n", encoding="utf-8")
    os.utime(tmp_path / "old.log", (1000, 1000))
    (tmp_path / "good.log").write_text("info: all went well, no error: anywhere\n", encoding="utf-8")
    (tmp_path / "bad.log").write_text("info: begun\nerror: no rows in the table\n  where:    x.tsv\n", encoding="utf-8")
    text = progress.failures(tmp_path, since=2000)
    assert text.startswith("error: no rows in the table\n  where:    x.tsv\n")
    assert str(tmp_path / "bad.log") in text
    assert "earlier" not in text and "good.log" not in text and "begun" not in text


def test_a_defect_shows_the_end_of_its_traceback_and_a_killed_job_a_guess(tmp_path: Path) -> None:
    assert "killed" in progress.failures(tmp_path, since=0)
    lines = [f"  line {i}" for i in range(40)]
    text = "\n".join(["Traceback (most recent call last):", *lines, "KeyError: 'x'"])
    (tmp_path / "a.log").write_text(text, encoding="utf-8")
    told = progress.failures(tmp_path, since=0)
    assert "KeyError: 'x'" in told and "line 5\n" not in told


@pytest.mark.parametrize(
    ("text", "event", "news"),
    [
        ("Select jobs to execute...", None, False),
        ("Execute 12 jobs...", None, False),
        ("a job", "job_info", False),
        ("WorkflowError: the directory is locked", "error", True),
        ("Error: Directory cannot be locked.", None, True),
    ],
)
def test_what_of_snakemakes_words_is_shown(text: str, event: str | None, news: bool) -> None:
    record = logging.LogRecord("snakemake.logging", logging.INFO, "", 0, text, None, None)
    if event:
        record.event = SimpleNamespace(value=event)
    assert progress.is_news(record) is news
