"""The embedded example: simulated, the same bytes for the same seed, and a ladder that goes down."""

from __future__ import annotations

import csv
import shutil
import time
from pathlib import Path

import pandas as pd
import pytest

from sevident import example
from sevident.errors import ConfigurationError


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    start = time.process_time()
    example.run(folder)
    assert time.process_time() - start < 10
    return folder


@pytest.fixture(scope="module")
def groups(made) -> pd.DataFrame:
    return pd.read_csv(made / "proteinGroups.txt", sep="\t", keep_default_na=False)


@pytest.fixture(scope="module")
def shares(groups) -> pd.DataFrame:
    """Share of the run's summed intensity, gene (or identifiers) x run."""
    table = groups.set_index(groups["Gene names"].where(groups["Gene names"].ne(""), groups["Protein IDs"]))
    intensity = table[[f"Intensity {r.name}" for r in example.runs()]].astype(float)
    intensity.columns = [r.name for r in example.runs()]
    return intensity / intensity.sum()


def mean_share(shares: pd.DataFrame, gene: str, ladder: str) -> list[float]:
    """Mean over the replicates, from 100 % small EVs to 0 %."""
    names = [[f"simulated_{ladder}_{p}_{r}" for r in example.REPLICATES] for p in example.PERCENTS]
    return [float(shares.loc[gene, columns].mean()) for columns in names]


@pytest.mark.parametrize(
    ("name", "committed"),
    [("proteinGroups.txt", "resources/example/proteinGroups.txt"), ("samples.tsv", "config/samples.tsv")],
)
def test_regeneration_gives_the_committed_bytes(made, checkout, name, committed):
    assert (made / name).read_bytes() == (checkout / committed).read_bytes()


def test_another_seed_gives_another_table(made, tmp_path):
    example.run(tmp_path, seed=2)
    assert (tmp_path / "proteinGroups.txt").read_bytes() != (made / "proteinGroups.txt").read_bytes()
    assert (tmp_path / "samples.tsv").read_bytes() == (made / "samples.tsv").read_bytes()


def test_the_order_of_the_statistics_does_not_matter(made, tmp_path, checkout):
    reference = tmp_path / "resources" / "reference"
    reference.mkdir(parents=True)
    for name in ("class_statistics.tsv", "proteins.tsv"):
        lines = (checkout / "resources" / "reference" / name).read_text(encoding="utf-8").splitlines()
        (reference / name).write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
    example.run(tmp_path / "out", resources=tmp_path / "resources")
    assert (tmp_path / "out" / "proteinGroups.txt").read_bytes() == (made / "proteinGroups.txt").read_bytes()


def test_a_missing_reference_is_said(tmp_path, checkout):
    (tmp_path / "reference").mkdir()
    shutil.copy(checkout / "resources" / "reference" / "class_statistics.tsv", tmp_path / "reference")
    with pytest.raises(ConfigurationError, match=r"proteins\.tsv"):
        example.run(tmp_path / "out", resources=tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ladder", list(example.LADDERS))
def test_syntenin_falls_along_every_ladder(shares, ladder):
    steps = mean_share(shares, "SDCBP", ladder)
    assert steps == sorted(steps, reverse=True)
    assert steps[0] > 5 * steps[-1]


@pytest.mark.parametrize(
    ("ladder", "gene"), [("plasma", "ALB"), ("lysate", "VIM"), ("lysate", "LMNA"), ("secretome", "COL1A1")]
)
def test_the_other_component_rises(shares, ladder, gene):
    steps = mean_share(shares, gene, ladder)
    assert steps[-1] > 5 * steps[0]
    assert steps[0] == min(steps)
    # half small EVs hold half of it, within the noise between replicates
    assert steps[2] == pytest.approx((steps[0] + steps[-1]) / 2, rel=0.5)


def test_albumin_rises_step_by_step_in_plasma(shares):
    steps = mean_share(shares, "ALB", "plasma")
    assert steps[:5] == sorted(steps[:5])
    assert steps[-1] > 0.1


def test_bovine_serum_follows_the_medium_and_is_not_in_plasma(shares):
    medium = mean_share(shares, "CON__P02769", "secretome")
    assert medium[-1] > 3 * medium[0] > 0
    assert max(mean_share(shares, "CON__P02769", "plasma")) == 0


def test_decoys_contaminants_and_bovine_rows_are_there(groups):
    ids = groups["Protein IDs"]
    assert ids.str.startswith("REV__").sum() == groups["Reverse"].eq("+").sum() == example.DECOYS
    flagged = groups["Potential contaminant"].eq("+")
    assert flagged.equals(ids.str.contains("CON__"))
    assert {"CON__P00761", "CON__P02769", "P04264;CON__P04264", "P02768;CON__P02768-1"} <= set(ids[flagged])
    assert groups.loc[ids.isin(["P02081", "Q58D62"]), "Fasta headers"].str.contains("OS=Bos taurus").all()


def test_markers_are_in_the_table(groups):
    assert set(example.MARKERS) <= set(groups["Gene names"])


def test_the_layout_is_max_quants(groups):
    names = [r.name for r in example.runs()]
    for prefix in ("Intensity", "Razor + unique peptides", "Identification type", "MS/MS count"):
        assert [c for c in groups.columns if c.startswith(f"{prefix} ")] == [f"{prefix} {n}" for n in names]
    assert groups["id"].tolist() == list(range(len(groups)))
    assert groups["Protein IDs"].is_unique and groups["Protein IDs"].is_monotonic_increasing
    assert (groups.filter(regex="^Intensity simulated").max(axis=1) > 0).all()


def test_missing_means_missing_in_every_column(groups):
    for r in example.runs():
        seen = groups[f"Intensity {r.name}"] > 0
        assert (groups[f"Razor + unique peptides {r.name}"] > 0).equals(seen)
        assert groups[f"Identification type {r.name}"].ne("").equals(seen)
        assert not (groups.loc[~seen, f"MS/MS count {r.name}"] > 0).any()
        matched = groups[f"Identification type {r.name}"].eq("By matching")
        assert (groups.loc[matched, f"MS/MS count {r.name}"] == 0).all()


def test_faint_proteins_are_missing_more_often(groups):
    columns = [f"Intensity simulated_secretome_50_{r}" for r in example.REPLICATES]
    intensity = groups[columns]
    middle = intensity.where(intensity > 0).median(axis=1)
    missing = intensity.eq(0).mean(axis=1)[middle.notna()]
    faint = middle.rank(pct=True) < 0.2
    assert missing[faint[middle.notna()]].mean() > 3 * missing[~faint[middle.notna()]].mean()


def test_quantities_have_five_significant_digits():
    assert example.five_digits(0.0) == "0"
    assert example.five_digits(1234567.8) == "1234600"
    assert example.five_digits(9876.54321) == "9876.5"
    assert example.five_digits(99999.6) == "100000"


def test_the_sheet_says_that_all_is_simulated(made):
    with (made / "samples.tsv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    assert len(rows) == 54
    assert {row["simulated"] for row in rows} == {"yes"}
    assert all(row["sample"].startswith("simulated_") and row["run"] == row["sample"] for row in rows)
    pure = [row for row in rows if row["truth_small_ev_percent"] == "0"]
    assert {row["role"] for row in pure} == {"conditioned_medium", "source_fluid", "producer_lysate"}
    assert {row["role"] for row in rows if row not in pure} == {"preparation"}


def test_configuration_and_readers_take_the_example(checkout, monkeypatch):
    from sevident import configuration, samples
    from sevident.readers import read
    from sevident.readers.base import InputSpec

    monkeypatch.chdir(checkout)
    config = configuration.load("config/config.yaml")
    assert "simulated" in config["study"]
    sheet = samples.read_samples(config["samples"], inputs=[i["name"] for i in config["inputs"]])
    assert not sheet.warnings
    result = read(InputSpec.from_settings({**config["inputs"][0], "organism": config["organism"]}))
    assert set(result.proteins["run"]) == {r.name for r in example.runs()}
    kinds = result.proteins.drop_duplicates("protein_group").set_index("protein_group")
    albumin = kinds[kinds["genes"].eq("ALB")].iloc[0]
    assert (albumin["contaminant"], albumin["organism"]) != ("process", "bovine")
    assert kinds.loc[kinds["accessions"].eq("P00761"), "contaminant"].tolist() == ["process"]


def test_the_readme_says_simulated(checkout):
    assert "simulated" in (checkout / "resources" / "example" / "README.md").read_text(encoding="utf-8").splitlines()[0]


def test_the_file_stays_small(checkout):
    assert (checkout / "resources" / "example" / "proteinGroups.txt").stat().st_size < 2_000_000
