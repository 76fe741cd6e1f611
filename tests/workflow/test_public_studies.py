"""Public studies beside the checkout, from the engine's own table to the report."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from .conftest import Run

pytestmark = [pytest.mark.workflow, pytest.mark.shared]

Rows = dict[str, dict[str, str]]
STUDIES = Path(__file__).parents[1] / "studies"
# page and exports are made of these; of the others the tables are looked at
WITH_PAGE = {"ascites_ev", "breast_exosome"}


@pytest.mark.parametrize("name", sorted(p.name for p in STUDIES.iterdir()))
def test_a_public_study_runs_through(snakemake: Run, checkout: Path, studies: Path, tmp_path: Path, name: str) -> None:
    config = yaml.safe_load((STUDIES / name / "config.yaml").read_text(encoding="utf-8"))
    # the results go elsewhere, so paths that are relative to the checkout become absolute
    config["samples"] = str(checkout / config["samples"])
    for item in config["inputs"]:
        item["path"] = str((checkout / item["path"]).resolve())
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    stages = () if name in WITH_PAGE else ("--until", "release")
    done = snakemake("--cores", "2", "--directory", tmp_path, "--configfile", path, *stages, cwd=checkout)
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
    page = results / "report.html"
    if name in WITH_PAGE:
        assert 100_000 < page.stat().st_size < 25_000_000
    for table in ("scores", "markers", "families", "compartments", "contributions", "specification"):
        assert (results / "tables" / f"{table}.tsv").is_file()
    EXPECTED[name](scores, sheet)


def number(row: dict[str, str], column: str) -> float:
    return float(row[column])


def breast_exosome(scores: Rows, sheet: Rows) -> None:
    assert sum(row["verdict"] == "small_ev" for row in scores.values()) >= 10


def no_small_ev(scores: Rows, sheet: Rows) -> None:
    assert not [s for s, row in scores.items() if row["verdict"] == "small_ev"]


def ascites_ev(scores: Rows, sheet: Rows) -> None:
    """Each patient's U stands above the B that the authors discarded."""
    patients = [s[1:] for s in scores if s.startswith("U")]
    assert len(patients) == 11
    for patient in patients:
        for quantity in ("identity", "purity"):
            assert number(scores[f"U{patient}"], quantity) > number(scores[f"B{patient}"], quantity), (
                patient,
                quantity,
            )


def bv2_microglia(scores: Rows, sheet: Rows) -> None:
    """Every exosome sample but the contaminated one (LPS, first replicate) stands above every cell sample."""
    cells = [row for row in scores.values() if row["role"] == "producer_lysate"]
    exosomes = {s: row for s, row in scores.items() if row["role"] == "preparation"}
    assert (len(cells), len(exosomes)) == (16, 16)
    for quantity in ("identity", "purity"):
        best_cell = max(number(row, quantity) for row in cells)
        below = sorted(s for s, row in exosomes.items() if number(row, quantity) <= best_cell)
        assert below in ([], ["LPS 1 exo"]), (quantity, below)
    assert scores["LPS 1 exo"]["verdict"] != "small_ev"
    assert number(scores["LPS 1 exo"], "reference_left_intracellular") > 0.5
    for row in exosomes.values():
        if row["verdict"] == "small_ev":
            assert number(row, "reference_left_intracellular") <= 0.5


def refused(code: str) -> Callable[[Rows, Rows], None]:
    """No sample is judged, by the rule ``code``."""

    def check(scores: Rows, sheet: Rows) -> None:
        assert {row["verdict"] for row in scores.values()} == {"indeterminate"}
        assert {row["reason_code"] for row in scores.values()} == {code}

    return check


EXPECTED: dict[str, Callable[[Rows, Rows], None]] = {
    "breast_exosome": breast_exosome,
    "skin_lysate": no_small_ev,
    "plasma_cohort": no_small_ev,
    "ascites_ev": ascites_ev,
    "bv2_microglia": bv2_microglia,
    # a fungus, once as what it is and once as what it is not
    "candida_ev": refused("organism_without_panels"),
    "candida_ev_as_human": refused("little_known_mass"),
}
