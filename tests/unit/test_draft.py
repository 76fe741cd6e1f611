"""``sevident samplesheet``: a configuration and a sample sheet drafted from files; guesses from names of runs."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sevident import cli, configuration, draft
from sevident.samples import read_samples

MATRIX = "Protein IDs\tGene\t{}\t{}\nP21926\tCD9\t1000\t20\nP02768\tALB\t5000\t7\nP60033\tCD81\t300\t9\n"


def guesses(*runs: str) -> list[tuple[str, str, str]]:
    return [(guess.sample, guess.fraction, guess.replicate) for guess in draft.guess_samples(runs)]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (["EV_F01", "EV_F02"], [("EV", "1", ""), ("EV", "2", "")]),
        (["EV_fr3", "EV_fr4"], [("EV", "3", ""), ("EV", "4", "")]),
        (["a-frac_1.raw", "a-frac_2.raw"], [("a", "1", ""), ("a", "2", "")]),
        (["Fraction1_lot7", "Fraction2_lot7"], [("lot7", "1", ""), ("lot7", "2", "")]),
        # alone it is no fraction: F may stand for anything
        (["EV_F1", "CM_F1"], [("EV_F1", "", ""), ("CM_F1", "", "")]),
        (["EV_rep1", "EV_rep2"], [("EV_rep1", "", "1"), ("EV_rep2", "", "2")]),
        (["EV_R1", "CM_R2"], [("EV_R1", "", "1"), ("CM_R2", "", "2")]),
        (["EV_1", "EV_2", "CM"], [("EV_1", "", "1"), ("EV_2", "", "2"), ("CM", "", "")]),
        (["20260101_EV", "20260102_EV"], [("20260101_EV", "", ""), ("20260102_EV", "", "")]),
        (["plasma 7", "urine 9"], [("plasma 7", "", ""), ("urine 9", "", "")]),
        (["EV_tech1", "EV_tech2"], [("EV", "", "1"), ("EV", "", "2")]),
        (["EV_inj1"], [("EV_inj1", "", "")]),
        (
            ["A_F1_R1", "A_F2_R1", "A_F1_R2", "A_F2_R2"],
            [("A_R1", "1", "1"), ("A_R1", "2", "1"), ("A_R2", "1", "2"), ("A_R2", "2", "2")],
        ),
        (
            ["A_F1_tr1", "A_F2_tr1", "A_F1_tr2", "A_F2_tr2"],
            [("A", "1", "1"), ("A", "2", "1"), ("A", "1", "2"), ("A", "2", "2")],
        ),
        # the same fraction twice under one rest: the rule does not fit, so nothing is joined
        (["A_F1", "A_F01", "A_F2"], [("A_F1", "", ""), ("A_F01", "", ""), ("A_F2", "", "")]),
        (["F1", "F2"], [("F1", "", ""), ("F2", "", "")]),
        (["Ref", "Draft_R", "RF1"], [("Ref", "", ""), ("Draft_R", "", ""), ("RF1", "", "")]),
        ([r"D:\raw\EV_F1.raw", r"D:\raw\EV_F2.raw"], [("EV", "1", ""), ("EV", "2", "")]),
        (["", "<script>"], [("", "", ""), ("<script>", "", "")]),
    ],
)
def test_guesses_from_names(runs: list[str], expected: list[tuple[str, str, str]]) -> None:
    assert guesses(*runs) == expected


def test_names_of_inputs() -> None:
    assert draft.name_inputs(["x/proteinGroups.txt"]) == ["main"]
    names = draft.name_inputs(["a/report.tsv.gz", "b/report.tsv", "c/Report.parquet", "c/süß (1).csv", "c/.txt"])
    assert names == ["report", "report_2", "Report_3", "s_1", "txt"] or len(set(map(str.casefold, names))) == 5
    assert all(name == draft._fit(name, "") for name in names)


def test_fractions_spread_over_files() -> None:
    rows = draft.guess_rows([("one", ["EV_F1"]), ("two", ["EV_F2"])])
    assert [(r.sample, r.input, r.run, r.fraction) for r in rows] == [
        ("EV", "one", "EV_F1", "1"),
        ("EV", "two", "EV_F2", "2"),
    ]


def test_engines_side_by_side_are_not_averaged() -> None:
    rows = draft.guess_rows([("mq", ["EV", "CM"]), ("dia", ["EV"])])
    assert [r.sample for r in rows] == ["EV (mq)", "CM", "EV (dia)"]


def test_runs_without_a_name_are_called_by_their_file() -> None:
    rows = draft.guess_rows([("EV_rep1", ["Intensity"]), ("EV_rep2", ["Intensity"])])
    assert [(r.sample, r.run, r.replicate) for r in rows] == [
        ("EV_rep1", "Intensity", "1"),
        ("EV_rep2", "Intensity", "2"),
    ]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "it's my study"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "table #1.tsv").write_text(MATRIX.format("EV_F1", "EV_F2"), encoding="utf-8")
    return folder


def test_the_drafts_can_be_used_as_they_are(here: Path, capsys: pytest.CaptureFixture) -> None:
    assert cli.main(["samplesheet", "table #1.tsv"]) == 0
    said = capsys.readouterr().out
    assert "snakemake" in said and "--cores 8" in said and "--configfile" not in said
    config = configuration.load("config/config.yaml")
    assert config["samples"] == "config/samples.tsv" and config["study"] == "it_s_my_study"
    assert config["inputs"][0]["path"] == "table #1.tsv"
    sheet = read_samples(config["samples"], inputs=["main"])
    assert [(s.name, s.role, len(s.runs)) for s in sheet.samples] == [("EV", "preparation", 2)]
    with Path("config/samples.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["role"] for row in rows] == ["", ""] and [row["fraction"] for row in rows] == ["1", "2"]
    text = Path("config/config.yaml").read_text()
    assert "an empty role means `preparation`" in text
    assert cli.main(["check"]) == 0


def test_nothing_is_overwritten_unasked(here: Path, capsys: pytest.CaptureFixture) -> None:
    (here / "config").mkdir()
    sheet = here / "config" / "samples.tsv"
    sheet.write_text("mine")
    assert cli.main(["samplesheet", "table #1.tsv"]) == 1
    assert "samples.tsv" in capsys.readouterr().err
    assert sheet.read_text() == "mine" and not (here / "config" / "config.yaml").exists()
    assert cli.main(["samplesheet", "table #1.tsv", "--force"]) == 0
    assert sheet.read_text() != "mine"


def test_nothing_is_written_when_a_file_is_refused(here: Path, capsys: pytest.CaptureFixture) -> None:
    (here / "other.txt").write_text("hello\n")
    assert cli.main(["samplesheet", "table #1.tsv", "other.txt", "--output", "out"]) == 1
    assert "other.txt" in capsys.readouterr().err
    assert not (here / "out").exists()


def test_several_files_and_another_folder(here: Path, capsys: pytest.CaptureFixture) -> None:
    (here / "b.tsv").write_text(MATRIX.format("CM_1", "CM_2"))
    assert cli.main(["samplesheet", "table #1.tsv", "b.tsv", "--output", "my drafts"]) == 0
    assert "--configfile 'my drafts/config.yaml'" in capsys.readouterr().out
    config = configuration.load("my drafts/config.yaml")
    assert [item["name"] for item in config["inputs"]] == ["table_1", "b"]
    sheet = read_samples(config["samples"], inputs=["table_1", "b"])
    assert [(s.name, s.replicate) for s in sheet.samples] == [("EV", ""), ("CM_1", "1"), ("CM_2", "2")]


def test_logarithms_are_configured(here: Path) -> None:
    lines = "".join(f"G{i}\t{20 + i / 7:.3f}\t{21 + i / 7:.3f}\n" for i in range(30))
    (here / "log.tsv").write_text("Gene\tA\tB\n" + lines)
    assert cli.main(["samplesheet", "log.tsv"]) == 0
    (item,) = configuration.load("config/config.yaml")["inputs"]
    assert (item["format"], item["scale"]) == ("matrix", "log2")


def test_the_same_files_give_the_same_drafts(here: Path) -> None:
    written = []
    for folder in ("one", "two"):
        assert cli.main(["samplesheet", "table #1.tsv", "--output", folder]) == 0
        written.append([(here / folder / name).read_text() for name in ("config.yaml", "samples.tsv")])
    assert written[0][1] == written[1][1]
    assert written[0][0].replace("one", "two") == written[1][0].replace("one", "two")


@pytest.mark.shared
@pytest.mark.workflow
def test_the_workflow_runs_on_the_drafts(shared_data: Path, checkout: Path, tmp_path: Path) -> None:
    table = shared_data / "studies" / "breast_exosome" / "proteinGroups.csv"
    environment = os.environ | {"PYTHONPATH": str(checkout / "workflow")}
    done = subprocess.run(
        [sys.executable, "-m", "sevident", "samplesheet", str(table)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    words = done.stdout.splitlines()[-1].split()
    assert words[0] == "snakemake"
    program = str(Path(sys.executable).parent / "snakemake")
    done = subprocess.run(
        [program, *words[1:], "--config", "bootstrap=20"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    (scores,) = tmp_path.glob("results/*/tables/scores.tsv")
    with scores.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 12 and {row["role"] for row in rows} == {"preparation"}
