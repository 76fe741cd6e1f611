"""The workflow as a user meets it: what it plans, what it makes, what it says when something is wrong."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from pathlib import Path

import pytest

from sevident.report.exports.stage import FILES as EXPORTS

from .conftest import Run, configure

pytestmark = pytest.mark.workflow

STAGES = ("ingest_input", "ingest", "quantify", "profile", "score", "release", "report", "export")
MESSAGES = {
    "ingest_input": "reading the search results of",
    "ingest": "joining the inputs",
    "quantify": "quantifying the proteins",
    "profile": "measuring the marker families",
    "score": "scoring identity and purity",
    "release": "holding the preparations",
    "report": "writing the report",
    "export": "writing the exports",
}
TABLES = (
    *(
        "proteins.parquet",
        "features.parquet",
        "abundance.parquet",
        "species.tsv",
        "inference.tsv",
        "markers.tsv",
        "families.tsv",
        "compartments.tsv",
    ),
    *("scores.tsv", "contributions.tsv", "subtypes.tsv", "neighbours.tsv", "specification.tsv"),
    *("source_cell.tsv", "lots.tsv", "comparability.tsv", "risks.tsv"),
)


def planned(text: str) -> set[str]:
    """The stages that a dry run's output says will be run, or that a run's output says were."""
    done = {name.replace("-", "_") for name in re.findall(r"^sEVident: ([a-z-]+) ", text, re.M)}
    return {stage for stage, message in MESSAGES.items() if message in text or stage in done}


def checksums(folder: Path) -> dict[str, str]:
    """A checksum for each result."""
    files = [p for p in folder.rglob("*") if p.is_file() and not {"logs", "benchmarks"} & set(p.parts)]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_the_example_is_planned(snakemake: Run, checkout: Path) -> None:
    done = snakemake("--dry-run", "--forceall", cwd=checkout)
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert planned(said) == set(STAGES)
    assert len(re.findall(r"^Job \d+:", said, re.M)) == len(STAGES)


def test_lint_is_clean(snakemake: Run, checkout: Path) -> None:
    done = snakemake("--lint", cwd=checkout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_run_makes_everything(first_run: tuple[Path, str]) -> None:
    study, said = first_run
    results = study / "results" / "small"
    assert {p.name for p in (results / "tables").iterdir()} == set(TABLES)
    assert {p.name for p in (results / "inputs").iterdir()} == {
        *("main.proteins.parquet", "main.features.parquet", "main.warnings.tsv")
    }
    assert {p.stem for p in (results / "warnings").iterdir()} == set(STAGES) - {"ingest_input", "report", "export"}
    assert {p.name.split(".")[0] for p in (results / "logs").iterdir()} == set(STAGES)
    assert {p.name.split(".")[0] for p in (results / "benchmarks").iterdir()} == set(STAGES)
    names = {row["sample"].removeprefix("'") for row in rows(results / "tables" / "scores.tsv")}
    assert names == {"<script>alert(1)</script>", "=cmd", "培養上清 $(id)"}
    page = (results / "report.html").read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" not in page
    # few lines: one for each stage, the verdicts, and the place of the report at the end
    for stage in STAGES:
        assert len(re.findall(rf"^sEVident: {stage.replace('_', '-')} ", said, re.M)) == 1
    assert re.search(r"^sEVident: 2 preparations: ", said, re.M)
    assert f"sEVident: the report is {results / 'report.html'}" in said
    assert len(said.splitlines()) < 20
    assert {p.name for p in (results / "exports").iterdir()} == set(EXPORTS)


def test_the_next_run_does_nothing(snakemake: Run, finished: Path) -> None:
    before = checksums(finished / "results")
    again = snakemake("--cores", "1", cwd=finished)
    assert again.returncode == 0
    assert "Nothing to be done" in again.stdout + again.stderr
    assert planned(again.stdout + again.stderr) == set()
    assert checksums(finished / "results") == before


def test_only_what_a_change_concerns_is_made_again(snakemake: Run, finished: Path) -> None:
    def plan(*arguments: str) -> set[str]:
        done = snakemake("--dry-run", *arguments, cwd=finished)
        assert done.returncode == 0, done.stderr
        return planned(done.stdout + done.stderr)

    assert plan() == set()
    assert plan("--config", "seed=2") == {"score", "release", "report", "export"}
    assert plan("--config", "organism=mouse") == set(STAGES)
    assert plan("--config", "memory_limit=3GB") == {"report", "export"}
    with (finished / "samples.tsv").open("a") as sheet:
        sheet.write("\n")
    assert plan() == set(STAGES) - {"ingest_input"}


def test_one_core_or_two_give_the_same_bytes(snakemake: Run, study: Path) -> None:
    inputs = [{"name": name, "path": f"{name}.txt"} for name in ("one", "two")]
    for item in inputs:
        shutil.copyfile(study / "proteinGroups.txt", study / item["path"])
    sheet = ["sample\tinput\trun\trole", "a\tone\tEV_1\t", "b\ttwo\tEV_2\t", "c\ttwo\tmedium\tconditioned_medium"]
    (study / "samples.tsv").write_text("\n".join(sheet) + "\n")
    configure(study, inputs=inputs)
    found = []
    for cores in ("1", "2"):
        # what comes after has one input, and is compared by the tests of determinism
        done = snakemake("--cores", cores, "--until", "quantify", cwd=study)
        assert done.returncode == 0, done.stdout + done.stderr
        found.append(checksums(study / "results"))
        shutil.rmtree(study / "results")
        shutil.rmtree(study / ".snakemake")
    assert {f"small/inputs/{item['name']}.proteins.parquet" for item in inputs} <= set(found[0])
    assert "small/tables/abundance.parquet" in found[0]
    assert found[0] == found[1]


def test_configuration_and_directory_elsewhere(snakemake: Run, study: Path, tmp_path: Path) -> None:
    config = configure(study, study="elsewhere").rename(tmp_path / "my config.yaml")
    other = tmp_path / "other"
    other.mkdir()
    for name in ("samples.tsv", "proteinGroups.txt"):
        (study / name).rename(other / name)
    done = snakemake("--dry-run", "--directory", other, "--configfile", config, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert planned(done.stdout + done.stderr) == set(STAGES)
    assert "results/elsewhere/report.html" in done.stdout + done.stderr


def test_nothing_is_taken_over_from_the_example(snakemake: Run, checkout: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("study: mine\n")
    done = snakemake("--dry-run", "--configfile", config, cwd=checkout)
    assert done.returncode == 1
    assert "the configuration lacks a key" in done.stderr
    assert "'samples'" in done.stderr


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"organims": "human"}, ["key 'organims'", "did you mean 'organism'?"]),
        ({"study": "a b"}, ["key 'study'", "letters, digits"]),
        ({"inputs": [{"path": "proteinGroup.txt"}]}, ["key 'inputs[0].path'", "did you mean 'proteinGroups.txt'?"]),
        ({"samples": "sheet.tsv"}, ["key 'samples'", "does not exist"]),
        ({"inputs": [{"path": "proteinGroups.txt", "scale": "ln"}]}, ["key 'inputs[0].scale'", "log2"]),
    ],
)
def test_a_wrong_configuration_is_refused_in_our_words(
    snakemake: Run, study: Path, changes: dict, words: list[str]
) -> None:
    configure(study, **changes)
    done = snakemake("--cores", "1", cwd=study)
    assert done.returncode == 1
    for word in ["config/config.yaml", *words]:
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert "MissingInputException" not in done.stderr
    # our message and Snakemake's line about the profile
    assert len(done.stderr.splitlines()) <= 7
    assert not (study / "results").exists()


def test_a_wrong_sample_sheet_is_refused_in_our_words(snakemake: Run, study: Path) -> None:
    (study / "samples.tsv").write_text("sample\trole\nEV_1\tpreperation\n")
    done = snakemake("--cores", "1", cwd=study)
    assert done.returncode == 1
    assert "samples.tsv, line 2, column 'role'" in done.stderr
    assert "did you mean 'preparation'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_that_stands_twice_is_refused(snakemake: Run, study: Path) -> None:
    with (study / "config" / "config.yaml").open("a") as file:
        file.write("study: other\n")
    done = snakemake("--dry-run", cwd=study)
    assert done.returncode == 1
    assert "the key 'study' a second time" in done.stderr


def test_a_stage_that_fails_shows_its_message(snakemake: Run, study: Path) -> None:
    (study / "proteinGroups.txt").write_text("this is\tno table\n")
    configure(study, inputs=[{"path": "proteinGroups.txt", "format": "maxquant"}])
    done = snakemake("--cores", "1", cwd=study)
    assert done.returncode == 1
    log = (study / "results" / "small" / "logs" / "ingest_input.main.log").read_text()
    assert log.startswith("error: ")
    assert "proteinGroups.txt" in log
    assert "Traceback" not in log
    assert log.splitlines()[0] in done.stderr
    assert not list((study / "results" / "small").glob("inputs/*"))


def test_a_run_that_is_in_no_table_is_named(snakemake: Run, study: Path) -> None:
    (study / "samples.tsv").write_text("sample\trun\nEV 1\tEV_1\nEV 2\tEV_22\n")
    done = snakemake("--cores", "1", cwd=study)
    assert done.returncode == 1
    assert "EV_22" in done.stderr
    assert "did you mean" in done.stderr


def test_a_change_of_panels_or_code_is_noticed(snakemake: Run, checkout: Path, study: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for part in ("workflow", "resources", "envs", "profiles"):
        shutil.copytree(checkout / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copyfile(checkout / "Snakefile", copy / "Snakefile")
    target = "results/small/tables/markers.tsv"

    def plan() -> set[str]:
        again = snakemake("--dry-run", target, cwd=study, snakefile=copy / "Snakefile")
        return planned(again.stdout + again.stderr)

    done = snakemake("--cores", "1", target, cwd=study, snakefile=copy / "Snakefile")
    assert done.returncode == 0, done.stdout + done.stderr
    assert plan() == set()
    for path in ("profiling/markers.py", "readers/maxquant.py"):
        with (copy / "workflow" / "sevident" / path).open("a") as module:
            module.write("\n# a change\n")
        assert "profile" in plan()
        assert ("ingest_input" in plan()) == path.startswith("readers")
    done = snakemake("--cores", "1", target, cwd=study, snakefile=copy / "Snakefile")
    assert done.returncode == 0, done.stdout + done.stderr
    with next((copy / "resources" / "panels").glob("*.tsv")).open("a") as panel:
        panel.write("\n")
    assert "profile" in plan()
    assert "ingest" not in plan()


def test_use_as_a_module(snakemake: Run, checkout: Path, study: Path) -> None:
    (study / "search").mkdir()
    (study / "proteinGroups.txt").rename(study / "search" / "raw.txt")
    (study / "Snakefile").write_text(
        f"""
configfile: "config/config.yaml"


# the search results are made by another rule and do not exist yet
rule search:
    input:
        "search/raw.txt",
    output:
        "proteinGroups.txt",
    shell:
        "cp {{input}} {{output}}"


module sevident:
    snakefile:
        {str(checkout / "Snakefile")!r}
    config:
        config


use rule * from sevident as sevident_*


rule all:
    input:
        rules.sevident_score.output.scores,
    default_target: True
"""
    )
    done = snakemake("--cores", "1", cwd=study, snakefile=study / "Snakefile")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(rows(study / "results" / "small" / "tables" / "scores.tsv")) == 3


def test_snakemake_report(snakemake: Run, finished: Path) -> None:
    done = snakemake("--report", "report.zip", cwd=finished)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.unpack_archive(finished / "report.zip", finished / "unpacked")
    names = {p.name for p in (finished / "unpacked").rglob("*") if p.is_file()}
    assert {"report.html", "scores.tsv", "markers.tsv", "specification.tsv"} <= names


@pytest.mark.parametrize(
    ("target", "message"),
    [("reference", "rebuilding the reference profiles"), ("evaluate", "judging the scores on laboratories left out")],
)
def test_the_reference_is_made_and_judged_on_request_only(
    snakemake: Run, study: Path, target: str, message: str
) -> None:
    done = snakemake("--dry-run", target, cwd=study)
    assert done.returncode == 1
    assert "key 'reference.labels'" in done.stderr
    assert "Traceback" not in done.stderr
    (study / "labels.tsv").write_text("study\n")
    (study / "studies").mkdir()
    arguments = ["--dry-run", target, "--config", "reference={labels: labels.tsv, studies: studies}"]
    done = snakemake(*arguments, cwd=study)
    assert done.returncode == 0, done.stderr
    assert message in done.stdout + done.stderr
