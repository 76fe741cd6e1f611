"""Public studies beside the checkout, from the engine's own table to the report."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from .conftest import Run

pytestmark = [pytest.mark.workflow, pytest.mark.shared]

STUDIES = Path(__file__).parents[1] / "studies"


@pytest.mark.parametrize("name", sorted(p.name for p in STUDIES.iterdir()))
def test_a_public_study_runs_through(snakemake: Run, checkout: Path, studies: Path, tmp_path: Path, name: str) -> None:
    config = yaml.safe_load((STUDIES / name / "config.yaml").read_text(encoding="utf-8"))
    # the results go elsewhere, so paths that are relative to the checkout become absolute
    config["samples"] = str(checkout / config["samples"])
    for item in config["inputs"]:
        item["path"] = str((checkout / item["path"]).resolve())
    config["bootstrap"] = 20
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    done = snakemake("--cores", "2", "--directory", tmp_path, "--configfile", path, cwd=checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    results = tmp_path / "results" / name
    with (results / "tables" / "scores.tsv").open(encoding="utf-8", newline="") as file:
        scores = {row["sample"]: row for row in csv.DictReader(file, delimiter="\t")}
    with (STUDIES / name / "samples.tsv").open(encoding="utf-8", newline="") as file:
        sheet = {row["sample"]: row for row in csv.DictReader(file, delimiter="\t")}
    assert set(scores) == set(sheet)
    assert all(0 <= float(row["identity"]) <= 1 for row in scores.values())
    # the error that does harm: what is no EV preparation is called one
    called_ev = {s for s, row in scores.items() if row["verdict"] == "small_ev"}
    assert not {s for s in called_ev if sheet[s]["truth"] in ("source_fluid", "lysate")}
    assert (results / "report.html").stat().st_size > 100_000
