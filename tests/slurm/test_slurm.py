"""Studies through a real Slurm: the jobs are Slurm's, the results are those of a run on one machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tests.slurm.private import PrivateSlurm
from tests.workflow.conftest import Run, configure
from tests.workflow.test_workflow import checksums

STUDY = "breast_exosome"


def through_slurm(
    slurm: PrivateSlurm, snakemake: Run, checkout: Path, folder: Path, *more: str | Path
) -> list[dict[str, str]]:
    """Run the study in ``folder`` by the Slurm profile, looking at the jobs more often; its jobs in Slurm's own log."""
    often = ("--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "2")
    profile = ("--workflow-profile", checkout / "profiles" / "slurm")
    done = snakemake(*profile, *often, "--latency-wait", "5", *more, cwd=folder)
    jobs = [job for job in slurm.completed() if job["WorkDir"] == str(folder)]
    print(f"\n{folder.name}: exit code {done.returncode}")
    for job in jobs:
        print(f"  Slurm job {job['JobId']}: {job['JobState']}, {job['Tres']}, {job['StartTime']} to {job['EndTime']}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert jobs
    return jobs


def assert_same_results(one: Path, other: Path) -> None:
    """Tables, page and exports; the time that the last two state is set by the fixture that runs Snakemake."""
    here, there = checksums(one / "results"), checksums(other / "results")
    assert len(here) > 30
    assert here == there
    print(f"{len(here)} results are the same, byte for byte: tables, page and exports")


def test_the_example_through_slurm(slurm: PrivateSlurm, snakemake: Run, checkout: Path, tmp_path: Path) -> None:
    there, here = tmp_path / "example on Slurm", tmp_path / "example here"
    for folder in (there, here):
        for part in ("config", "resources"):
            shutil.copytree(checkout / part, folder / part)
    jobs = through_slurm(slurm, snakemake, checkout, there)
    assert {job["JobState"] for job in jobs} == {"COMPLETED"}
    done = snakemake("--cores", "2", cwd=here)
    assert done.returncode == 0, done.stdout + done.stderr
    assert_same_results(there, here)
    again = snakemake("--workflow-profile", checkout / "profiles" / "slurm", cwd=there)
    assert "Nothing to be done" in again.stdout + again.stderr


def test_a_public_study_through_slurm(
    slurm: PrivateSlurm, snakemake: Run, checkout: Path, studies: Path, tmp_path: Path
) -> None:
    config = yaml.safe_load((checkout / "tests" / "studies" / STUDY / "config.yaml").read_text(encoding="utf-8"))
    config["samples"] = str(checkout / config["samples"])
    for item in config["inputs"]:
        item["path"] = str((checkout / item["path"]).resolve())
    there, here = tmp_path / "public on Slurm", tmp_path / "public here"
    for folder in (there, here):
        (folder / "config").mkdir(parents=True)
        (folder / "config" / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    jobs = through_slurm(slurm, snakemake, checkout, there)
    assert {job["JobState"] for job in jobs} == {"COMPLETED"}
    done = snakemake("--cores", "2", cwd=here)
    assert done.returncode == 0, done.stdout + done.stderr
    assert_same_results(there, here)


def test_out_of_memory_is_tried_again_with_more(
    slurm: PrivateSlurm, snakemake: Run, checkout: Path, study: Path
) -> None:
    """Slurm's daemon looks at the memory of the jobs and kills what has more than it asked for."""
    # too little for Python itself at the first attempt, so that a look a second finds it however fast the machine is
    limit = ("--set-resources", "ingest_input:mem_mb=40*attempt*attempt*attempt*attempt*attempt")
    tried = through_slurm(slurm, snakemake, checkout, study, *limit, "--until", "ingest_input")
    assert [job["JobState"] == "COMPLETED" for job in tried] == [False] * (len(tried) - 1) + [True]
    assert len(tried) >= 2
    assert "mem=40M" in tried[0]["Tres"]
    assert "mem=1280M" in tried[1]["Tres"]
    assert (study / "results" / "small" / "inputs" / "main.proteins.parquet").is_file()


def test_a_stage_that_fails_says_why(slurm: PrivateSlurm, snakemake: Run, checkout: Path, study: Path) -> None:
    (study / "samples.tsv").write_text("sample\trun\nEV 1\tEV_1\nEV 2\tEV_22\n")
    often = ("--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "2")
    profile = ("--workflow-profile", checkout / "profiles" / "slurm")
    done = snakemake(*profile, *often, "--latency-wait", "2", "--retries", "0", cwd=study)
    assert done.returncode == 1
    assert "EV_22" in done.stdout + done.stderr
    assert "is not in input" in done.stdout + done.stderr


def test_a_python_whose_path_holds_a_blank_is_refused(
    slurm: PrivateSlurm, checkout: Path, study: Path, tmp_path: Path
) -> None:
    """The executor puts the path of Python unquoted into what it submits."""
    configure(study)
    blank = tmp_path / "a venv"
    blank.symlink_to(sys.prefix, target_is_directory=True)
    command = [blank / "bin" / "python", "-m", "snakemake", "--snakefile", checkout / "Snakefile"]
    profile = ["--workflow-profile", checkout / "profiles" / "slurm"]
    done = subprocess.run([*command, *profile], cwd=study, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "a blank" in done.stderr
    assert "Traceback" not in done.stderr
