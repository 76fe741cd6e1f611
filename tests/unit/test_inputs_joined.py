"""Several inputs in one study, joined by the sample sheet: from the files to the abundances of the samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident import ingest, panels, quantify, samples, tables
from sevident.errors import InputError, SampleSheetError

GENES = {f"P{10000 + i}": f"GENE{i}" for i in range(30)}
REPORT = [
    *("Run", "Protein.Group", "Protein.Ids", "Protein.Names", "Genes", "Stripped.Sequence", "Modified.Sequence"),
    *("Precursor.Charge", "Q.Value", "PG.Q.Value", "Precursor.Quantity"),
]


def amount(number: int, factor: float = 1.0) -> float:
    return round(1000.0 * (number + 1) * factor, 3)


def maxquant(**runs: float) -> str:
    """A proteinGroups.txt: one run per keyword, its intensities multiplied by the number."""
    names = list(runs)
    header = ["Protein IDs", "Majority protein IDs", "Gene names", "Razor + unique peptides", "Reverse", "Evidence IDs"]
    lines = ["\t".join([*header, *(f"Intensity {name}" for name in names), "Potential contaminant"])]
    for i, (accession, gene) in enumerate(GENES.items()):
        values = [str(amount(i, runs[name])) for name in names]
        lines.append("\t".join([accession, accession, gene, "3", "", "1", *values, ""]))
    return "\n".join(lines) + "\n"


def diann(run: str, factor: float = 1.0, start: int = 0) -> str:
    lines = ["\t".join(REPORT)]
    for i, (accession, gene) in enumerate(GENES.items()):
        if i < start:
            continue
        values = [run, accession, accession, f"{gene}_HUMAN", gene, f"PEPTIDE{'A' * i}K", f"PEPTIDE{'A' * i}K"]
        lines.append("\t".join([*values, "2", "0.001", "0.001", str(amount(i, factor))]))
    return "\n".join(lines) + "\n"


def matrix(*runs: str) -> str:
    lines = ["\t".join(["Protein IDs", "Gene", *runs])]
    lines += ["\t".join([a, g, *(str(amount(i)) for _ in runs)]) for i, (a, g) in enumerate(GENES.items())]
    return "\n".join(lines) + "\n"


class Study:
    """Files of a study, taken through ingest and quantify."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.proteins = pd.DataFrame()
        self.features = pd.DataFrame()
        self.warnings: list[str] = []

    def run(self, inputs: dict[str, str], sheet: Sequence[str]) -> pd.DataFrame:
        """The abundances; ``inputs``: name to the text of its file, ``sheet``: the lines of the sample sheet."""
        read = {}
        for name, text in inputs.items():
            path = self.folder / f"{name}.txt"
            path.write_text(text, encoding="utf-8")
            read[name] = [self.folder / f"{name}.{kind}" for kind in ("p.parquet", "f.parquet", "w.tsv")]
            ingest.run_input({"name": name, "path": str(path), "organism": "human"}, *read[name])
        samples_path = self.folder / "samples.tsv"
        samples_path.write_text("\n".join(sheet) + "\n", encoding="utf-8")
        out = [self.folder / f"study.{kind}" for kind in ("p.parquet", "f.parquet", "w.tsv")]
        columns = [[paths[i] for paths in read.values()] for i in range(3)]
        ingest.run({"inputs": list(inputs)}, samples_path, *columns, *out)
        self.proteins = tables.read_table(out[0], tables.PROTEINS)
        self.features = tables.read_table(out[1], tables.FEATURES)
        abundance, warnings = self.folder / "a.parquet", self.folder / "q.tsv"
        species, inference = self.folder / "species.tsv", self.folder / "inference.tsv"
        resources = Path(panels.__file__).parents[2] / "resources"
        settings = {"organism": "human"}
        quantify.run(settings, samples_path, out[0], out[1], resources, abundance, species, inference, warnings)
        for path in (out[2], warnings):
            self.warnings += tables.read_table(path, tables.WARNINGS)["code"].tolist()
        return tables.read_table(abundance, tables.ABUNDANCE)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


def expected_shares(values: Sequence[float]) -> np.ndarray:
    return np.array(values) / sum(values)


def shares(abundance: pd.DataFrame, sample: str) -> np.ndarray:
    rows = abundance[abundance["sample"] == sample].set_index("protein_group")["mass_fraction"]
    return rows.reindex(list(GENES)).to_numpy()


def test_fractions_in_several_files_are_added_up(study: Study) -> None:
    inputs = {"one": diann("EV_F1"), "two": diann("EV_F2", factor=3.0, start=10)}
    sheet = ["sample\tinput\trun\tfraction", "EV\tone\tEV_F1\t1", "EV\ttwo\tEV_F2\t2"]
    abundance = study.run(inputs, sheet)
    total = [amount(i) + (amount(i, 3.0) if i >= 10 else 0.0) for i in range(len(GENES))]
    np.testing.assert_allclose(shares(abundance, "EV"), expected_shares(total), rtol=1e-9)
    assert abundance["sample"].unique().tolist() == ["EV"]
    assert {"fractions_added", "inputs_joined"} <= set(study.warnings)
    assert study.features["input"].value_counts().to_dict() == {"one": 30, "two": 20}


def test_one_file_per_run(study: Study) -> None:
    inputs = {f"file{i}": diann(f"run{i}", factor=float(i)) for i in (1, 2, 3)}
    sheet = ["sample\tinput\trun\trole", *(f"S{i}\tfile{i}\trun{i}\t" for i in (3, 1, 2))]
    abundance = study.run(inputs, sheet)
    assert sorted(abundance["sample"].unique()) == ["S1", "S2", "S3"]
    for i in (1, 2, 3):
        np.testing.assert_allclose(
            shares(abundance, f"S{i}"), expected_shares([amount(n) for n in range(30)]), rtol=1e-9
        )
        total = study.proteins.loc[study.proteins["input"] == f"file{i}", "intensity"].sum()
        assert total == pytest.approx(sum(amount(n, float(i)) for n in range(30)), rel=1e-12)


def test_runs_of_one_name_in_several_files_are_told_apart(study: Study) -> None:
    inputs = {"a": diann("Intensity"), "b": diann("Intensity", factor=5.0, start=20)}
    abundance = study.run(inputs, ["sample\tinput\trun", "first\ta\tIntensity", "second\tb\tIntensity"])
    assert np.isfinite(shares(abundance, "first")).sum() == 30
    assert np.isfinite(shares(abundance, "second")).sum() == 10


def test_two_engines_side_by_side(study: Study) -> None:
    inputs = {"mq": maxquant(EV=1.0, CM=2.0), "dia": diann("EV", factor=7.0)}
    sheet = ["sample\tinput\trun\trole", "EV mq\tmq\tEV\t", "CM\tmq\tCM\tconditioned_medium", "EV dia\tdia\tEV\t"]
    abundance = study.run(inputs, sheet)
    assert sorted(abundance["sample"].unique()) == ["CM", "EV dia", "EV mq"]
    # the groups are one and the same where both engines name them alike
    assert abundance["protein_group"].nunique() == len(GENES)
    np.testing.assert_allclose(shares(abundance, "EV mq"), shares(abundance, "EV dia"), rtol=1e-9)
    assert study.features["input"].unique().tolist() == ["dia"]


def test_three_kinds_of_files_with_replicates_across_them(study: Study) -> None:
    inputs = {"mq": maxquant(a=1.0), "dia": diann("b", factor=4.0), "table": matrix("c", "unused")}
    sheet = ["sample\tinput\trun\treplicate", "EV\tmq\ta\t1", "EV\tdia\tb\t2", "other\ttable\tc\t"]
    abundance = study.run(inputs, sheet)
    np.testing.assert_allclose(shares(abundance, "EV"), expected_shares([amount(i) for i in range(30)]), rtol=1e-9)
    assert {"replicates_averaged", "inputs_joined", "runs_left_out"} <= set(study.warnings)
    assert "unused" not in study.proteins["run"].tolist()


def test_the_order_of_the_inputs_does_not_matter(study: Study, tmp_path: Path) -> None:
    inputs = {"one": diann("EV_F1"), "two": diann("EV_F2", factor=3.0, start=10), "three": maxquant(x=2.0)}
    sheet = ["sample\tinput\trun\tfraction", "EV\tone\tEV_F1\t1", "EV\ttwo\tEV_F2\t2", "X\tthree\tx\t"]
    first = study.run(inputs, sheet)
    written = (tmp_path / "study.p.parquet").read_bytes(), (tmp_path / "study.f.parquet").read_bytes()
    second = study.run(dict(reversed(inputs.items())), sheet)
    assert first.equals(second)
    assert written == ((tmp_path / "study.p.parquet").read_bytes(), (tmp_path / "study.f.parquet").read_bytes())


def test_tables_come_out_in_the_order_of_their_key(study: Study) -> None:
    inputs = {"b": matrix("run 10", "run 9"), "a": diann(r"D:\data\z.raw")}
    # the sheet's names sort in another way than those of the files
    sheet = ["sample\tinput\trun", "1\tb\trun 9", "2\tb\trun 10", "3\ta\tz"]
    study.run(inputs, sheet)
    for frame, table in ((study.proteins, tables.PROTEINS), (study.features, tables.FEATURES)):
        assert frame.equals(tables.conform(frame, table))
    assert study.proteins["run"].unique().tolist() == ["z", "run 10", "run 9"]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (["sample\trun", "EV\trun1"], ["which input", "one, two"]),
        (["sample\tinput\trun", "EV\tone\trun2"], ["'run2' is not in input 'one'"]),
        (["sample\tinput\trun", "EV\tthree\trun1"], ["input that the configuration does not have"]),
        (["sample\tinput\trun", "EV\tone\trun1", "EV 2\tone\trun1.raw"], ["name the same run"]),
    ],
)
def test_sheets_that_do_not_fit(study: Study, sheet: list[str], words: list[str]) -> None:
    with pytest.raises(SampleSheetError) as error:
        study.run({"one": diann("run1"), "two": diann("run2")}, sheet)
    assert all(word in str(error.value) for word in words)


def test_intensities_and_counts_do_not_mix_in_a_sample() -> None:
    """Counts of one engine cannot be averaged with intensities of another."""
    rows = {"protein_group": list(GENES), "accessions": list(GENES), "genes": list(GENES.values()), "evidence": "ms2"}
    numbers = [float(i + 1) for i in range(len(GENES))]
    one = pd.DataFrame(rows | {"input": "a", "run": "x", "intensity": numbers, "contaminant": "none"})
    two = pd.DataFrame(rows | {"input": "b", "run": "y", "spectra": numbers, "contaminant": "none"})
    table = tables.conform(pd.concat([one, two], ignore_index=True), tables.PROTEINS)

    def sheet(second: str) -> samples.SampleSheet:
        rows = [("EV", "a", "x"), (second, "b", "y")]
        made = [samples.SampleRow(s, i, r, "", "", "", "", "", {}, n) for n, (s, i, r) in enumerate(rows, 2)]
        found = samples._collect(made, [], "sheet")
        return samples.SampleSheet("sheet", made, found)

    with pytest.raises(InputError, match="spectral counts alone"):
        quantify.quantify(table, sheet("EV"), {"organism": "human"})
    frame, _ = quantify.quantify(table, sheet("other"), {"organism": "human"})
    assert frame["sample"].nunique() == 2
