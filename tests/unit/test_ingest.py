"""Ingest: one input, several inputs together, runs by name, and what is left out is counted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sevident import ingest, tables
from sevident.errors import InputError, SampleSheetError

TABLE = "Gene\tProtein IDs\tA 1\tA 2\tB\nCD9\tP21926\t1000\t20\t5\nALB\tP02768\t\t0\t7\n"
REPORT_HEADER = [
    *("File.Name", "Run", "Protein.Group", "Protein.Ids", "Protein.Names", "Genes", "Stripped.Sequence"),
    *("Modified.Sequence", "Precursor.Charge", "Q.Value", "PG.Q.Value", "Precursor.Quantity"),
]


def report(*runs: str) -> str:
    rows = [
        ["f", run, "P21926", "P21926", "CD9_HUMAN", "CD9", "AAK", "AAK", "2", "0.001", "0.001", str(10 + i)]
        for i, run in enumerate(runs)
    ]
    return "\n".join("\t".join(row) for row in [REPORT_HEADER, *rows]) + "\n"


class Study:
    """A folder with inputs that are read, and a sheet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def add(self, name: str, content: str, **settings: object) -> Study:
        path = self.folder / f"{name}.txt"
        path.write_text(content, encoding="utf-8")
        ingest.run_input({"name": name, "path": str(path), "organism": "human", **settings}, *self.files(name))
        self.names.append(name)
        return self

    def files(self, name: str) -> list[Path]:
        return [self.folder / f"{name}.{kind}" for kind in ("proteins.parquet", "features.parquet", "warnings.tsv")]

    def run(self, *rows: str, header: str = "sample\tinput\trun") -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        sheet = self.folder / "samples.tsv"
        sheet.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        out = [self.folder / "out" / name for name in ("proteins.parquet", "features.parquet", "warnings.tsv")]
        inputs = [[self.files(name)[i] for name in self.names] for i in range(3)]
        ingest.run({"inputs": self.names}, sheet, *inputs, *out)
        kinds = (tables.PROTEINS, tables.FEATURES, tables.WARNINGS)
        proteins, features, warnings = (tables.read_table(p, t) for p, t in zip(out, kinds, strict=True))
        return proteins, features, warnings


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


def test_one_input(study: Study) -> None:
    study.add("main", TABLE)
    proteins, features, warnings = study.files("main")
    frame = tables.read_table(proteins, tables.PROTEINS)
    assert len(frame) == 6 and frame["input"].unique().tolist() == ["main"]
    assert tables.read_table(features, tables.FEATURES).empty
    remarks = tables.read_table(warnings, tables.WARNINGS)
    assert set(remarks["stage"]) == {"ingest"} and set(remarks["subject"]) == {"main"}
    assert "format_recognised" in remarks["code"].tolist()


def test_nothing_is_written_when_the_input_is_bad(study: Study) -> None:
    with pytest.raises(InputError):
        study.add("main", "Gene\tA\tB\nCD9\t-1\t4\nALB\t3\t3\n")
    assert not any(path.exists() for path in study.files("main"))


def test_the_same_input_gives_the_same_bytes(study: Study) -> None:
    study.add("main", report("r2", "r1", "r3"))
    first = [path.read_bytes() for path in study.files("main")]
    study.add("main", report("r2", "r1", "r3"))
    assert first == [path.read_bytes() for path in study.files("main")]


def test_the_runs_of_the_sheet_are_kept_under_its_names(study: Study) -> None:
    study.add("main", TABLE)
    proteins, _, warnings = study.run("one\tmain\tA 1", "two\tmain\tB")
    assert proteins.groupby("run")["intensity"].sum().to_dict() == {"A 1": 1000, "B": 12}
    left = warnings[warnings["code"] == "runs_left_out"].iloc[0]
    assert left["count"] == 1 and "A 2" in left["message"] and "2 rows of proteins" in left["message"]


def test_a_file_that_needs_no_change_is_taken_as_it_is(study: Study) -> None:
    study.add("main", report("b", "a", "c"))
    out = study.folder / "out" / "features.parquet"
    study.run("x\tmain\tc", "y\tmain\tb", "z\tmain\ta")
    assert out.read_bytes() == study.files("main")[1].read_bytes()
    study.run("x\tmain\tc", "y\tmain\tb")  # now it is written anew
    study.files("main")[1].write_bytes(out.read_bytes())
    study.run("x\tmain\tc", "y\tmain\tb")
    assert out.read_bytes() == study.files("main")[1].read_bytes()
    *_, warnings = study.run("x\tmain\tc.raw", "y\tmain\tb", "z\tmain\ta")
    assert warnings["code"].tolist().count("runs_left_out") == 0
    assert tables.read_table(out, tables.FEATURES)["run"].unique().tolist() == ["b", "c.raw"]


def test_several_inputs(study: Study) -> None:
    study.add("table", TABLE).add("dia", report("r1", "r2"))
    proteins, features, warnings = study.run("one\ttable\tA 1", "one\tdia\tr2", "two\tdia\tr1")
    assert proteins[["input", "run"]].drop_duplicates().to_numpy().tolist() == [
        ["dia", "r1"],
        ["dia", "r2"],
        ["table", "A 1"],
    ]
    assert features["run"].tolist() == ["r1", "r2"]
    assert set(warnings["subject"]) >= {"table", "dia"}
    assert warnings.loc[warnings["code"] == "runs_left_out", "subject"].tolist() == ["table"]


def test_file_names_stand_for_runs(study: Study) -> None:
    study.add("main", report("r1", "r2"))
    proteins, features, _ = study.run(r"one	main	D:\data\r1.raw", "two\tmain\t/mnt/x/r2.mzML")
    assert proteins["run"].tolist() == ["/mnt/x/r2.mzML", r"D:\data\r1.raw"]  # as the sheet writes them
    assert features["run"].tolist() == ["/mnt/x/r2.mzML", r"D:\data\r1.raw"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["one\tmain\tA 1", "two\tmain\tA 11"], ["'A 11' is not in input 'main'", "line 3", "did you mean 'A 1'"]),
        (["one\tmain\tr1", "two\tmain\tzzzz"], ["is not in input 'main'"]),
        (["one\tmain\tB", "two\tmain\tB.raw"], ["name the same run", "lines 2 and 3", "'B' and 'B.raw'"]),
    ],
)
def test_wrong_runs(study: Study, rows: list[str], words: list[str]) -> None:
    study.add("main", TABLE)
    with pytest.raises(SampleSheetError) as error:
        study.run(*rows)
    for word in words:
        assert word in str(error.value)
    assert not (study.folder / "out").exists()


def test_resolve_run() -> None:
    assert ingest.resolve_run("a", ["a", "a.raw"]) == "a"
    assert ingest.resolve_run("x/a.raw", ["a", "b"]) == "a"
    assert ingest.resolve_run("a", [r"D:\x\a.raw", r"D:\x\b.raw"]) == r"D:\x\a.raw"
    with pytest.raises(SampleSheetError, match="fits several runs"):
        ingest.resolve_run("a", ["x/a.raw", "y/a.raw"])
    with pytest.raises(SampleSheetError, match="holds no run"):
        ingest.resolve_run("a", [])


def test_no_peptides_and_no_leftovers(study: Study) -> None:
    study.add("main", TABLE)
    proteins, features, warnings = study.run("one\t\tA 1", "two\t\tA 2", "three\t\tB")
    assert len(proteins) == 6 and features.empty
    assert list(features.columns) == list(tables.FEATURES.columns)
    assert "runs_left_out" not in warnings["code"].tolist()


def test_the_breast_study_from_file_to_tables(study: Study, studies: Path) -> None:
    path = studies / "breast_exosome" / "proteinGroups.csv"
    ingest.run_input({"name": "main", "path": str(path), "organism": "human"}, *study.files("main"))
    study.names.append("main")
    runs = ["01_MCF10_1_A", "02_MCF10_1_B", "07_MDA_1_A"]
    proteins, _, warnings = study.run(*(f"{run}\t{run}" for run in runs), header="sample\trun")
    raw = pd.read_csv(path)
    expected = {run: raw[f"Intensity {run}"].sum() for run in runs}
    assert proteins.groupby("run")["intensity"].sum().to_dict() == expected
    left = warnings[warnings["code"] == "runs_left_out"].iloc[0]
    assert left["count"] == 9
