"""PEAKS' tables of proteins and of spectra, against independent sums; and how they can be broken."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from broken_files import BROKEN, VARIANTS, Example, codes, message, read, same

from sevident import readers, tables
from sevident.errors import InputError
from sevident.readers import projection
from sevident.readers.base import InputSpec
from sevident.readers.peaks import split_accessions, without_flanks


def protein(group: int, accession: str, a: object, b: object, spectra: tuple[int, int], description: str) -> dict:
    return {
        "Protein Group": group,
        "Protein ID": 5,
        "Accession": accession,
        "-10lgP": 100.5,
        "Coverage (%) A": 5,
        "Area A": a,
        "Area B 1": b,
        "#Peptides": 4,
        "#Spec A": spectra[0],
        "#Spec B 1": spectra[1],
        "PTM": "",
        "Avg. Mass": 1000,
        "Description": description,
    }


HSP70 = "Heat shock 70 kDa protein 1{} OS=Homo sapiens OX=9606 GN=HSPA1{} PE=1 SV=1"
PROTEINS = Example(
    "peaks",
    [
        protein(1, "P0DMV8|HS71A_HUMAN", 128370.5, 20, (3, 1), HSP70.format("A", "A")),
        protein(1, "P0DMV9|HS71B_HUMAN", 128370.5, 20, (3, 1), HSP70.format("B", "B")),
        protein(2, "P21926|CD9_HUMAN", 7, "", (0, 0), "CD9 antigen; x OS=Homo sapiens OX=9606 GN=CD9 PE=1 SV=1"),
        protein(3, "#CONTAM#P02769|ALBU_BOVIN", 0, 5, (0, 2), "Albumin OS=Bos taurus OX=9913 GN=ALB PE=1 SV=4"),
        protein(4, "#DECOY#P21926|CD9_HUMAN", 1000, 1000, (1, 1), "decoy"),
    ],
    ["Area A", "Area B 1", "-10lgP"],
    "Area A",
    [protein(4, "#DECOY#P21926|CD9_HUMAN", 1000, 1000, (1, 1), "decoy")],
)


def spectrum(peptide: str, accession: str, area: object = 10, file: str = "a.mgf", z: int = 2, **more: object) -> dict:
    return {
        "Peptide": peptide,
        "-10lgP": 55.5,
        "Mass": 1000.5,
        "Length": 5,
        "Z": z,
        "Area": area,
        "Scan": 17,
        "Source File": file,
        "Accession": accession,
        "PTM": "",
    } | more


SPECTRA = Example(
    "peaks",
    [
        spectrum("K.AC(+57.02)IK.R", "P21926|CD9_HUMAN", 100.5),
        spectrum("K.AC(+57.02)IK.R", "P21926|CD9_HUMAN", 100.5),
        spectrum("K.AC(+57.02)IK.R", "P21926|CD9_HUMAN", 8),
        spectrum("ACIK", "P21926|CD9_HUMAN", "", z=3),
        spectrum("AC(+57.02)LK", "", 3),
        spectrum("GGR", "P01834|IGKC_HUMAN:P0DOX7|IGK_HUMAN", 5, "b.raw"),
        spectrum("HHR", "#CONTAM#P02769|ALBU_BOVIN", 6, "b.raw"),
        spectrum("RGG", "#DECOY#P21926|CD9_HUMAN", 1000),
    ],
    ["Area", "-10lgP", "Mass"],
    "Peptide",
    [spectrum("RGG", "#DECOY#P21926|CD9_HUMAN", 1000)],
)
EXAMPLES = {"proteins": PROTEINS, "spectra": SPECTRA}


def test_blanks_between_the_cells_are_refused(tmp_path: Path) -> None:
    header = "Peptide -10lgP Mass Z Area Fraction Scan Source File Accession\n"
    with pytest.raises(InputError, match="parted by blanks"):
        read(tmp_path, header + "AACDEK 50.5 700.3 2 1000 1 17 a.raw P21926\n" * 3)


def test_a_small_protein_table(tmp_path: Path) -> None:
    result = read(tmp_path, PROTEINS.text(","))
    frame = result.proteins.set_index(["run", "protein_group"])
    assert len(frame) == 6 and set(result.proteins["run"]) == {"A", "B 1"}
    assert frame["intensity"].dropna().to_dict() == {
        ("A", "P0DMV8;P0DMV9"): 128370.5,
        ("B 1", "P0DMV8;P0DMV9"): 20,
        ("A", "P21926"): 7,
        ("B 1", "CON__P02769"): 5,
    }
    assert frame.loc[("A", "P0DMV8;P0DMV9"), ["accessions", "genes", "organism", "evidence"]].tolist() == [
        "P0DMV8;P0DMV9",
        "HSPA1A;HSPA1B",
        "human",
        "ms2",
    ]
    assert frame.loc[("A", "P21926"), ["genes", "evidence", "spectra"]].tolist() == ["CD9", "matched", 0]
    assert frame.loc[("B 1", "CON__P02769"), ["contaminant", "organism"]].tolist() == ["serum", "bovine"]
    assert frame["peptides"].isna().all() and result.features is None
    assert codes(result)["alternatives"] == codes(result)["decoys_removed"] == 1


def test_alternatives_that_differ_are_told(tmp_path: Path) -> None:
    rows = [dict(one) for one in PROTEINS.rows]
    rows[1]["Area A"] = 5
    result = read(tmp_path, PROTEINS.text(rows=rows))
    assert codes(result)["alternatives_differ"] == 1
    assert result.proteins["intensity"].sum() == 128402.5


def test_protein_tables_without_runs_or_areas(tmp_path: Path) -> None:
    names = [name for name in PROTEINS.header if not name.endswith((" A", " B 1"))]
    single = [one | {"Area": one["Area A"], "#Spec": one["#Spec A"]} for one in PROTEINS.rows]
    result = read(tmp_path, PROTEINS.text(rows=single, header=[*names, "Area", "#Spec"]))
    assert set(result.proteins["run"]) == {"Area"} and "single_run" in codes(result)
    assert result.proteins["peptides"].tolist() == [4, 4, 4]
    assert result.proteins["spectra"].sum() == 3
    counted = read(tmp_path, PROTEINS.text(header=[name for name in PROTEINS.header if not name.startswith("Area")]))
    assert counted.proteins["intensity"].isna().all() and counted.proteins["spectra"].sum() == 6
    assert "no_quantity" in codes(counted)
    with pytest.raises(InputError, match="no intensity columns"):
        read(tmp_path, PROTEINS.text(header=names), format="peaks")


def test_a_small_table_of_spectra(tmp_path: Path) -> None:
    result = read(tmp_path, SPECTRA.text(","))
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame["intensity"].to_dict() == {
        ("a", "P21926"): 108.5,
        ("b", "P01834;P0DOX7"): 5,
        ("b", "CON__P02769"): 6,
    }
    assert frame["spectra"].to_dict() == {
        ("a", "P21926"): 4,
        ("b", "P01834;P0DOX7"): 1,
        ("b", "CON__P02769"): 1,
    }
    assert frame.loc[("a", "P21926"), "peptides"] == 1
    assert frame.loc[("b", "CON__P02769"), "contaminant"] == "serum"
    features = result.features
    assert features is not None and list(features.columns) == list(tables.FEATURES.columns)
    assert features["spectra"].sum() == len(SPECTRA.rows)
    ion = features[features["spectra"] == 3].iloc[0]
    assert [ion["modified_sequence"], ion["peptide"], ion["charge"], ion["intensity"]] == [
        "AC(+57.02)IK",
        "ACIK",
        2,
        108.5,
    ]
    assert features["is_decoy"].sum() == 1
    assert codes(result)["rows_without_protein"] == 1 and codes(result)["repeated_intensity"] == 1
    assert "100.5" in message(result, "repeated_intensity") and "1000" in message(result, "decoys_removed")


def test_spectra_without_a_file_are_runs_of_fractions(tmp_path: Path) -> None:
    rows = [one | {"Fraction": 2} for one in SPECTRA.rows]
    header = [*(name for name in SPECTRA.header if name != "Source File"), "Fraction"]
    result = read(tmp_path, SPECTRA.text(rows=rows, header=header))
    assert set(result.proteins["run"]) == {"Fraction 2"} and "runs_are_fractions" in codes(result)


def test_accessions_and_peptides() -> None:
    assert split_accessions("P1|A_HUMAN:P2|B_HUMAN") == "P1|A_HUMAN;P2|B_HUMAN"
    assert split_accessions("#CONTAM#ENSEMBL:ENSBTAP1:P2") == "CON__ENSEMBL:ENSBTAP1;P2"
    assert without_flanks("K.AC(+57.02)DE.R") == "AC(+57.02)DE"
    assert without_flanks("AC(+57.02).R") == "AC(+57.02)" and without_flanks("-.AC") == "AC"
    assert without_flanks("AC(+57.02)DE") == "AC(+57.02)DE"


def test_other_tables_of_peaks_are_named(tmp_path: Path) -> None:
    header = "Protein Group\tProtein ID\tProtein Accession\tPeptide\tUnique\t-10lgP\tMass\tArea A\n"
    with pytest.raises(InputError, match=r"proteins\.csv"):
        read(tmp_path, header + "1\t2\tP21926|CD9_HUMAN\tAAK\tY\t50\t100\t5\n")


# the rows of a group are its proteins, the leading one first: their order is information
WRAPPED = [(w, k) for w in EXAMPLES for k in VARIANTS if (w, k) != ("proteins", "rows in another order")]


@pytest.mark.parametrize(("which", "kind"), WRAPPED)
def test_wrappings(tmp_path: Path, which: str, kind: str) -> None:
    example = EXAMPLES[which]
    assert same(read(tmp_path, VARIANTS[kind](example)), read(tmp_path, example.text(), "plain.txt"))


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("which", EXAMPLES)
@pytest.mark.parametrize("format_", ["auto", "peaks"])
def test_broken_files(tmp_path: Path, which: str, kind: str, format_: str) -> None:
    make, words = BROKEN[kind]
    with pytest.raises(InputError) as error:
        read(tmp_path, make(EXAMPLES[which]), format=format_)
    for word in [*words, "table [1].txt"]:
        assert word in str(error.value)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this is a folder"):
        readers.read(InputSpec("main", tmp_path, format="peaks"))


def test_large_files_are_scanned_to_the_same_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = read(tmp_path, SPECTRA.text(","))
    monkeypatch.setattr(projection, "LARGE", 0)
    assert same(read(tmp_path, SPECTRA.text(",")), plain)


# ---- real files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "groups"), [("HCA", 3631), ("HIT", 3549)])
def test_real_protein_tables(shared_data: Path, cells: str, groups: int) -> None:
    path = shared_data / f"studies/endothelial_secretome/lysate_{cells}_peaks.csv"
    first: dict[str, dict[str, str]] = {}
    members: dict[str, list[str]] = defaultdict(list)
    with path.open(newline="") as handle:
        for row in csv.DictReader(handle):
            first.setdefault(row["Protein Group"], row)
            members[row["Protein Group"]].append(row["Accession"].split("|")[0])
    runs = [name.removeprefix("Area ") for name in next(iter(first.values())) if name.startswith("Area ")]
    result = readers.read(InputSpec("main", path, organism="human"))
    frame = result.proteins
    assert len(runs) == 12 and frame["protein_group"].nunique() == len(first) == groups
    assert len(frame) == groups * 12
    assert set(frame["accessions"]) == {";".join(one) for one in members.values()}
    for run in runs:
        of_run = frame[frame["run"] == run]
        area = sum(float(row[f"Area {run}"] or 0) for row in first.values())
        np.testing.assert_allclose(of_run["intensity"].sum(), area, rtol=1e-12)
        assert of_run["spectra"].sum() == sum(int(row[f"#Spec {run}"]) for row in first.values())
    assert (frame["genes"] == "").mean() < 0.02 and set(frame["organism"]) == {"human"}
    shared = sum(len(one) > 1 for one in members.values())
    assert codes(result)["alternatives"] == shared


def test_real_tables_of_spectra(shared_data: Path) -> None:
    paths = sorted((shared_data / "studies/milk_ev").glob("*.csv"))
    assert len(paths) == 12
    for path in paths:
        with path.open(newline="") as handle:
            rows = list(csv.DictReader(handle))
        named = [row for row in rows if row["Accession"]]
        result = readers.read(InputSpec("main", path, organism="human"))
        assert result.features is not None and result.features["spectra"].sum() == len(rows)
        assert result.proteins["spectra"].sum() == len(named)
        assert codes(result)["rows_without_protein"] == len(rows) - len(named)
        assert set(result.proteins["run"]) == {Path(rows[0]["Source File"]).stem}
        counts = Counter(
            ";".join(dict.fromkeys(piece.split("|")[0] for piece in row["Accession"].split(":"))) for row in named
        )
        assert result.proteins.set_index("protein_group")["spectra"].to_dict() == dict(counts)
        ions = {(row["Peptide"], row["Z"], row["Accession"]) for row in rows}
        assert len(result.features) == len(ions)
        assert result.proteins["intensity"].isna().all() and "no_quantity" in codes(result)
