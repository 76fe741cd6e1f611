"""The release stage on the embedded example's tables, and on sheets with too little in them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sevident import cli, configuration, tables
from sevident.errors import ConfigurationError, SampleSheetError
from sevident.release import stage

TABLES = {
    "specification": tables.SPECIFICATION,
    "source_cell": tables.SOURCE_CELL,
    "lots": tables.LOTS,
    "comparability": tables.COMPARABILITY,
    "risks": tables.RISKS,
    "warnings": tables.WARNINGS,
}
SPECIFICATIONS = ("misev2018.yaml", "msc_sev_example.yaml")


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Path:
    """The tables of the stages before release, made from the example by the workflow."""
    folder = tmp_path_factory.mktemp("example")
    for name in ("config", "resources"):
        (folder / name).symlink_to(checkout / name)
    program = Path(sys.executable).parent / "snakemake"
    command = [program, "--snakefile", checkout / "Snakefile", "--directory", folder, "--cores", "2", "--quiet"]
    command += ["--configfile", checkout / "config" / "config.yaml", "--until", "score"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "results" / "simulated_ladder" / "tables"


def release(
    folder: Path, checkout: Path, out: Path, sheet: Path | None = None, specifications: tuple = SPECIFICATIONS, **more
) -> dict[str, pd.DataFrame]:
    settings = {"organism": "human", "inputs": [{"name": "main", "fasta": None}]} | more
    stage.run(
        settings,
        sheet or checkout / "config" / "samples.tsv",
        folder / "proteins.parquet",
        folder / "abundance.parquet",
        *(folder / f"{n}.tsv" for n in ("species", "scores", "families", "markers", "compartments")),
        [checkout / "config" / "specifications" / name for name in specifications],
        checkout / "resources",
        *(out / f"{name}.tsv" for name in TABLES),
    )
    return {name: tables.read_table(out / f"{name}.tsv", contract) for name, contract in TABLES.items()}


@pytest.fixture(scope="module")
def results(scored: Path, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """By the example's own configuration."""
    config = configuration.resolve(configuration.parse(checkout / "config" / "config.yaml"), "config.yaml")
    settings = {key: config[key] for key in ("source_cell", "lots", "comparability")}
    return release(scored, checkout, tmp_path_factory.mktemp("release"), **settings)


def test_the_example_shows_every_kind_of_result(results: dict[str, pd.DataFrame]) -> None:
    table = results["specification"]
    assert set(table["result"]) == set(tables.RESULTS)
    own = table[table["level"].eq("lot") & table["criterion"].ne("overall")]
    assert set(own["result"]) == set(tables.RESULTS)
    assert own["lot"].nunique() == 15
    overall = table[table["criterion"].eq("overall")]
    assert overall.groupby("specification")["lot"].nunique().tolist() == [15, 15]
    assert {"pass", "fail", "not_tested"} <= set(overall["result"])
    assert not table.duplicated(["specification", "level", "lot", "sample", "criterion"]).any()
    assert (table["reason"] != "").all()


def test_what_is_not_tested_in_the_example_is_not_hidden(results: dict[str, pd.DataFrame]) -> None:
    table = results["specification"].set_index(["specification", "level", "lot", "criterion"])
    row = table.loc[("msc_sev_example", "lot", "simulated_secretome_100", "overall")]
    assert row["result"] == "not_tested"
    assert "not tested (mycoplasma, residual_bsa, potency)" in row["reason"]
    assert table.loc[("msc_sev_example", "lot", "simulated_lysate_100", "endotoxin"), "result"] == "fail"
    assert table.loc[("msc_sev_example", "lot", "simulated_plasma_100", "endotoxin"), "result"] == "not_tested"
    assert table.loc[("msc_sev_example", "lot", "simulated_secretome_100", "endotoxin"), "result"] == "pass"
    ratio = [
        table.loc[("msc_sev_example", "lot", f"simulated_secretome_{p}", "particles_per_protein"), "result"]
        for p in (100, 75, 50, 25, 10)
    ]
    assert ratio == ["pass", "pass", "inconclusive", "fail", "fail"]


def test_the_example_shows_lots_and_processes(results: dict[str, pd.DataFrame]) -> None:
    lots = results["lots"]
    assert lots.loc[lots["level"].eq("lot"), "lot"].nunique() == 15
    assert lots.loc[lots["level"].eq("study"), "sd_between"].notna().any()
    processes = results["comparability"]
    assert set(processes["result"]) == set(tables.EQUIVALENCE)
    overall = processes[processes["kind"].eq("overall")].set_index(["process_a", "process_b"])["result"]
    assert len(overall) == 3
    # the plasma ladder has no bovine serum of a medium
    assert overall["simulated_secretome", "simulated_plasma"] == "different"
    assert overall["simulated_secretome", "simulated_lysate"] == "inconclusive"


def test_the_example_shows_five_risks(results: dict[str, pd.DataFrame]) -> None:
    table = results["risks"]
    assert set(table["risk"]) == set(tables.RISK_KINDS)
    assert {"found", "not_found", "not_searched"} <= set(table["status"])
    assert set(table["strength"]) == {"none", "weak", "moderate", "strong"}
    bovine = table[table["item"].eq("bovine_protein")].set_index("sample")["status"]
    assert bovine["simulated_secretome_50_1"] == "found"
    assert bovine["simulated_plasma_50_1"] == "not_found"
    assert (table["limits"] != "").all() and (table["source"] != "").all()


def test_the_example_lists_signs_of_cells_without_judging_them(results: dict[str, pd.DataFrame]) -> None:
    table = results["source_cell"]
    assert set(table["sign"]) <= {"neutral", "not_assessable"}
    assert table["sample"].nunique() == 45
    assert "no_source_cell" in set(results["warnings"]["code"])


def test_a_declared_source_is_judged(scored: Path, checkout: Path, tmp_path: Path) -> None:
    table = release(scored, checkout, tmp_path, source_cell="msc")["source_cell"]
    assert {"for", "against"} <= set(table["sign"])
    assert set(table["declared"]) == {"msc"}


def test_the_same_input_gives_the_same_bytes(scored: Path, checkout: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        release(scored, checkout, tmp_path / name)
    for name in TABLES:
        assert (tmp_path / "one" / f"{name}.tsv").read_bytes() == (tmp_path / "two" / f"{name}.tsv").read_bytes()


# ---------------------------------------------------------------- too little


def edited(checkout: Path, out: Path, keep: object, **columns: object) -> Path:
    """The example's sheet with columns replaced (a value, or a function of the row) and rows left out."""
    sheet = pd.read_csv(checkout / "config" / "samples.tsv", sep="\t", dtype="str", keep_default_na=False)
    for column, value in columns.items():
        sheet[column] = sheet.apply(value, axis=1) if callable(value) else value
    out.mkdir(exist_ok=True)
    path = out / "sheet.tsv"
    sheet[keep(sheet)].to_csv(path, sep="\t", index=False)  # type: ignore[operator]
    return path


def everything(sheet: pd.DataFrame) -> pd.Series:
    return sheet["sample"].ne("")


def test_one_lot(scored: Path, checkout: Path, tmp_path: Path) -> None:
    sheet = edited(checkout, tmp_path, lambda s: s["lot"].eq("simulated_secretome_100"))
    found = release(scored, checkout, tmp_path, sheet)
    assert "out_of_control" not in set(found["lots"]["status"])
    assert found["lots"]["sd_between"].isna().all()
    assert found["comparability"].empty or set(found["comparability"]["result"]) == {"inconclusive"}
    variability = found["risks"][found["risks"]["risk"].eq("variability")]
    assert set(variability["status"]) == {"not_tested"}
    assert set(found["specification"]["lot"]) == {"simulated_secretome_100"}


def test_lots_without_replicates(scored: Path, checkout: Path, tmp_path: Path) -> None:
    sheet = edited(checkout, tmp_path, lambda s: s["replicate"].eq("1"))
    found = release(scored, checkout, tmp_path, sheet)
    lot = found["specification"]
    lot = lot[lot["level"].eq("lot") & lot["criterion"].eq("identity")]
    assert lot["reason"].str.contains("one sample: the spread within the lot is not known").all()
    assert found["lots"]["sd_within"].isna().all()


def test_two_processes_with_one_lot_each(scored: Path, checkout: Path, tmp_path: Path) -> None:
    sheet = edited(checkout, tmp_path, lambda s: s["lot"].isin(["simulated_secretome_100", "simulated_lysate_10"]))
    found = release(scored, checkout, tmp_path, sheet)
    assert set(found["comparability"]["result"]) == {"inconclusive"}
    rows = found["risks"].set_index("item")
    assert rows.loc["processes", "status"] == "not_assessable"


def test_no_lots_no_processes_no_specification(scored: Path, checkout: Path, tmp_path: Path) -> None:
    sheet = edited(checkout, tmp_path, everything, lot="", process="")
    found = release(scored, checkout, tmp_path, sheet, specifications=())
    assert found["specification"].empty
    assert {"no_specification"} <= set(found["warnings"]["code"])
    found = release(scored, checkout, tmp_path, sheet)
    overall = found["specification"][found["specification"]["criterion"].eq("overall")]
    assert set(overall["level"]) == {"sample"} and len(overall) == 90
    assert "samples_without_lot" in set(found["warnings"]["code"])


def test_text_where_a_number_is_due_stops_the_stage(scored: Path, checkout: Path, tmp_path: Path) -> None:
    sheet = edited(checkout, tmp_path, everything, endotoxin_eu_per_ml="low")
    with pytest.raises(SampleSheetError, match=r"sheet\.tsv, line 2, column 'endotoxin_eu_per_ml'"):
        release(scored, checkout, tmp_path, sheet)
    # a column that no specification uses may hold anything
    assert not release(scored, checkout, tmp_path, sheet, specifications=SPECIFICATIONS[:1])["specification"].empty


def test_a_process_that_is_not_in_the_sheet_is_refused(scored: Path, checkout: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="simulated_secretome"):
        release(scored, checkout, tmp_path, comparability={"processes": ["simulated_secretom", "simulated_lysate"]})


def test_a_broken_specification_is_said_before_anything_runs(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(checkout)
    assert cli.main(["check"]) == 0
    assert "msc_sev_example.yaml: 19 criteria" in capsys.readouterr().out
    broken = tmp_path / "broken.yaml"
    broken.write_text("criteria: [{id: x, quantity: marker.CD9X, at_least: 0.1}]\n", encoding="utf-8")
    config = (checkout / "config" / "config.yaml").read_text(encoding="utf-8")
    path = tmp_path / "config.yaml"
    path.write_text(config.replace("config/specifications/misev2018.yaml", str(broken)), encoding="utf-8")
    assert cli.main(["check", "--config", str(path)]) == 1
    assert "did you mean 'CD9'?" in capsys.readouterr().err
