"""Proteome Discoverer's Proteins, PeptideGroups and PSMs, against independent sums; and how they can be broken."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from broken_files import BROKEN, VARIANTS, Example, codes, message, read, same

from sevident import readers, tables
from sevident.errors import InputError
from sevident.readers import projection
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.source import Source, read_head


def protein(accession: str, description: str, a: object, b: object, found: tuple[str, str], **more: object) -> dict:
    return {
        "Master": "IsMasterProtein",
        "Accession": accession,
        "Description": description,
        "Exp. q-value: Combined": 0.001,
        "Contaminant": "False",
        "Coverage [%]": 30,
        "# Peptides": 5,
        "# PSMs": 10,
        "# AAs": 228,
        "MW [kDa]": 25.4,
        "calc. pI": 6.5,
        "Abundance: F1: Sample, x": a,
        "Abundance: F12: Sample, y": b,
        "Abundances (Normalized): F1: Sample, x": 1,
        "Abundances (Normalized): F12: Sample, y": 1,
        "Abundances (Grouped): x": 1,
        "Abundance Ratio: (x) / (y)": 2.5,
        "Found in Sample: F1: Sample, x": found[0],
        "Found in Sample: F12: Sample, y": found[1],
        "Gene Symbol": "",
    } | more


CD9 = "CD9 antigen OS=Homo sapiens OX=9606 GN=CD9 PE=1 SV=4 - [CD9_HUMAN]"
PROTEINS = Example(
    "proteome_discoverer",
    [
        protein("P21926", CD9, 100.5, 10, ("High", "Peak Found")),
        protein("P60033", "CD81 antigen OS=Homo sapiens", 7, "", ("Medium", "Not Found"), **{"Gene Symbol": "CD81"}),
        protein("P02769", "Albumin OS=Bos taurus GN=ALB", 0, 5, ("Not Found", "High"), Contaminant="True"),
        protein("Q9", "another", 3, 4, ("High", "High"), Master="None"),
        protein("REV_P21926", "decoy", 1000, 0, ("High", "High")),
    ],
    ["Abundance: F1: Sample, x", "Abundance: F12: Sample, y", "MW [kDa]", "Exp. q-value: Combined"],
    "Abundance: F1: Sample, x",
    [protein("REV_P21926", "decoy", 1000, 0, ("High", "High"))],
)


def group(
    sequence: str, masters: str, descriptions: str, proteins: str, a: object, b: object, **more: object
) -> dict[str, object]:
    return {
        "Confidence": "High",
        "PSM Ambiguity": "Unambiguous",
        "Sequence": sequence,
        "Annotated Sequence": f"[K].{sequence}.[R]",
        "Modifications": "",
        "# PSMs": 3,
        "Master Protein Accessions": masters,
        "Master Protein Descriptions": descriptions,
        "Protein Accessions": proteins,
        "Contaminant": "False",
        "Abundance: F1: Sample, x": a,
        "Abundance: F2: Sample, x": b,
        "Found in Sample: F1: Sample, x": "High",
        "Found in Sample: F2: Sample, x": "Peak Found" if b else "Not Found",
    } | more


GROUPS = Example(
    "proteome_discoverer",
    [
        group("AAK", "CD9_HUMAN", "sp|P21926", "CD9_HUMAN", 10.5, 2),
        group("AMK", "CD9_HUMAN", "sp|P21926", "CD9_HUMAN", 5, "", Modifications="1xOxidation [M2]"),
        group("AMK", "CD9_HUMAN", "sp|P21926", "CD9_HUMAN", 3, ""),
        group("CCK", "ENOA_BOVIN; ENOA_HUMAN", "sp|Cont_Q9XSJ4;sp|P06733", "ENOA_BOVIN; ENOA_HUMAN; X_HUMAN", 1, 1),
        group("DDK", "PDC1_YEAST", "sp|P06169", "PDC1_YEAST; PDC5_YEAST", 6, 7),
        group("EEK", "PDC1_YEAST", "sp|P06169", "PDC1_YEAST; PDC5_YEAST; PDC6_YEAST", 8, 9),
        group("FFK", "GAG_SCVLA", "sp|P32503", "GAG_SCVLA", 2, 2, Contaminant="True"),
        group("GGK", "CD9_HUMAN", "sp|P21926", "CD9_HUMAN", 400, 500, Confidence="Low"),
        group("KAA", "REV_CD9_HUMAN", "sp|REV_P21926", "REV_CD9_HUMAN", 70, 7),
    ],
    ["Abundance: F1: Sample, x", "Abundance: F2: Sample, x"],
    "Abundance: F1: Sample, x",
    [group("KAA", "REV_CD9_HUMAN", "sp|REV_P21926", "REV_CD9_HUMAN", 70, 7)],
)


def spectrum(sequence: str, accessions: str, area: object, file: str = "a.raw", **more: object) -> dict[str, object]:
    return {
        "Confidence": "High",
        "Annotated Sequence": f"[K].{sequence}.[R]",
        "Modifications": "",
        "Master Protein Accessions": accessions,
        "Master Protein Descriptions": CD9 if accessions == "P21926" else "",
        "Protein Accessions": accessions,
        "Charge": 2,
        "m/z [Da]": 500.25,
        "Spectrum File": file,
        "Precursor Abundance": area,
        "Intensity": 5,
        "Percolator q-Value": 0.001,
        "First Scan": 12,
    } | more


PSMS = Example(
    "proteome_discoverer",
    [
        spectrum("AAcK", "P21926", 100.5, Modifications="C3(Carbamidomethyl)"),
        spectrum("AAcK", "P21926", 100.5, Modifications="C3(Carbamidomethyl)"),
        spectrum("AAcK", "P21926", 8, Modifications="C3(Carbamidomethyl)"),
        spectrum("AACK", "P21926", "", Charge=3),
        spectrum("DDK", "P60709; P63261", 5, "b.raw"),
        spectrum("EEK", "P02769", 6, "b.raw", **{"Percolator q-Value": 0.02}),
        spectrum("KAA", "DECOY_P21926", 1000),
        spectrum("FFK", "", 3),
    ],
    ["Precursor Abundance", "Percolator q-Value", "m/z [Da]"],
    "Precursor Abundance",
    [spectrum("KAA", "DECOY_P21926", 1000)],
)
EXAMPLES = {"proteins": PROTEINS, "groups": GROUPS, "psms": PSMS}


def test_a_small_protein_table(tmp_path: Path) -> None:
    result = read(tmp_path, PROTEINS.text())
    frame = result.proteins.set_index(["run", "protein_group"])
    f1, f12 = "F1: Sample, x", "F12: Sample, y"
    assert len(frame) == 6
    assert frame["intensity"].dropna().to_dict() == {
        (f1, "P21926"): 100.5,
        (f12, "P21926"): 10,
        (f1, "P60033"): 7,
        (f12, "P02769"): 5,
    }
    assert frame["evidence"].to_dict() == {
        (f1, "P21926"): "ms2",
        (f12, "P21926"): "matched",
        (f1, "P60033"): "ms2",
        (f12, "P60033"): "unknown",
        (f1, "P02769"): "unknown",
        (f12, "P02769"): "ms2",
    }
    assert frame.loc[(f1, "P21926"), ["genes", "organism", "q_value", "sequence_length"]].tolist() == [
        "CD9",
        "human",
        0.001,
        228,
    ]
    assert frame.loc[(f1, "P60033"), "genes"] == "CD81"
    assert frame.loc[(f1, "P02769"), ["contaminant", "organism"]].tolist() == ["serum", "bovine"]
    assert frame["spectra"].isna().all() and result.features is None
    assert codes(result)["not_master_removed"] == codes(result)["decoys_removed"] == 1


def test_means_over_replicates_are_no_runs(tmp_path: Path) -> None:
    """Abundances that are computed from those of the files: of groups, of biological replicates, scaled."""
    plain = read(tmp_path, PROTEINS.text())
    names = ("Abundances (by Bio. Rep.): 1, x", "Abundances (Scaled): F1: Sample, x", "Abundances..by.Bio..Rep....1..y")
    rows = [row | dict.fromkeys(names, 50) for row in PROTEINS.rows]
    assert same(read(tmp_path, Example("proteome_discoverer", rows, [], "").text()), plain)


def test_the_dialects_are_one(tmp_path: Path) -> None:
    plain = read(tmp_path, PROTEINS.text())
    header, _, rest = PROTEINS.text().partition("\n")
    dialect = (
        header.replace(": ", " ")
        .replace(", ", " ")
        .replace("# ", "Number of ")
        .replace("[%]", "in Percent")
        .replace("(Normalized)", "Normalized")
        .replace("(Grouped)", "Grouped")
        .replace("Exp.", "Exp")
        .replace("Found in Sample F", "Found in Sample in S1 F")
    )
    result = read(tmp_path, f"{dialect}\n{rest}")
    assert set(result.proteins["run"]) == {"F1 Sample x", "F12 Sample y"}
    names = {"F1 Sample x": "F1: Sample, x", "F12 Sample y": "F12: Sample, y"}
    renamed = tables.conform(result.proteins.assign(run=result.proteins["run"].map(names)), tables.PROTEINS)
    pd.testing.assert_frame_equal(renamed, plain.proteins)


def test_normalised_abundances_are_the_last_choice(tmp_path: Path) -> None:
    names = [name for name in PROTEINS.header if not name.startswith("Abundance:")]
    result = read(tmp_path, PROTEINS.text(header=names))
    assert result.proteins["intensity"].sum() == 6 and "normalised_quantity" in codes(result)


def test_a_table_of_one_sample(tmp_path: Path) -> None:
    rows = [one | {"Area": one["Abundance: F1: Sample, x"]} for one in PROTEINS.rows]
    names = [name for name in PROTEINS.header if "Sample" not in name and "Abundance" not in name]
    result = read(tmp_path, PROTEINS.text(rows=rows, header=[*names, "Area"]))
    assert set(result.proteins["run"]) == {"Area"} and "single_run" in codes(result)
    frame = result.proteins.set_index("protein_group")
    assert frame.loc["P21926", ["intensity", "spectra", "peptides", "evidence"]].tolist() == [100.5, 10, 5, "ms2"]
    counted = read(tmp_path, PROTEINS.text(header=names))
    assert counted.proteins["spectra"].sum() == 30 and counted.proteins["intensity"].isna().all()
    assert set(counted.proteins["run"]) == {"PSMs"} and "no_quantity" in codes(counted)


def test_columns_of_version_1_4(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "Accession": "P21926",
            "Description": CD9,
            "ΣCoverage": 30,
            "Σ# PSMs": 5,
            "Area A2": 10,
            "# PSM A2": 3,
            "# Peptides A2": 2,
            "Area B2": "",
            "# PSM B2": 2,
            "# Peptides B2": 1,
            "# AAs": 228,
            "MW [kDa]": 25.5,
        }
    ]
    result = read(tmp_path, Example("proteome_discoverer", rows, [], "").text())
    frame = result.proteins.set_index("run")
    assert frame["intensity"].dropna().to_dict() == {"A2": 10}
    assert frame["spectra"].to_dict() == {"A2": 3, "B2": 2} and frame["peptides"].to_dict() == {"A2": 2, "B2": 1}
    assert frame["evidence"].to_dict() == {"A2": "ms2", "B2": "ms2"}


def test_a_group_keeps_its_members(tmp_path: Path) -> None:
    rows = [one | {"Protein Group IDs": i} for i, one in enumerate(PROTEINS.rows)]
    rows[3] = rows[3] | {"Accession": "P21926-2", "Protein Group IDs": "0; 17"}
    result = read(tmp_path, PROTEINS.text(rows=rows, header=[*PROTEINS.header, "Protein Group IDs"]))
    frame = result.proteins.drop_duplicates("protein_group").set_index("protein_group")
    assert frame.loc["P21926", "accessions"] == "P21926;P21926-2"
    assert frame.loc["P60033", "accessions"] == "P60033"
    assert result.proteins["intensity"].sum() == 122.5


def test_q_values_of_proteins_are_told(tmp_path: Path) -> None:
    rows = [dict(one) for one in PROTEINS.rows]
    rows[0]["Exp. q-value: Combined"] = 0.05
    result = read(tmp_path, PROTEINS.text(rows=rows))
    assert codes(result)["proteins_over_q_value"] == 1
    assert result.proteins["intensity"].sum() == 122.5


def test_small_peptide_groups(tmp_path: Path) -> None:
    result = read(tmp_path, GROUPS.text())
    frame = result.proteins.set_index(["run", "protein_group"])
    f1, f2 = "F1: Sample, x", "F2: Sample, x"
    assert len(frame) == 8
    assert frame["intensity"].to_dict() == {
        (f1, "CD9_HUMAN"): 18.5,
        (f2, "CD9_HUMAN"): 2,
        (f1, "ENOA_BOVIN;ENOA_HUMAN"): 1,
        (f2, "ENOA_BOVIN;ENOA_HUMAN"): 1,
        (f1, "PDC1_YEAST"): 14,
        (f2, "PDC1_YEAST"): 16,
        (f1, "GAG_SCVLA"): 2,
        (f2, "GAG_SCVLA"): 2,
    }
    assert frame.loc[(f1, "CD9_HUMAN"), ["accessions", "organism", "peptides", "evidence"]].tolist() == [
        "P21926",
        "human",
        2,
        "ms2",
    ]
    assert frame.loc[(f2, "CD9_HUMAN"), "evidence"] == "matched"
    assert frame.loc[(f1, "ENOA_BOVIN;ENOA_HUMAN"), ["accessions", "organism"]].tolist() == [
        "Q9XSJ4;P06733",
        "bovine;human",
    ]
    assert frame.loc[(f1, "ENOA_BOVIN;ENOA_HUMAN"), "contaminant"] == "ambiguous"
    assert frame.loc[(f1, "PDC1_YEAST"), "accessions"] == "P06169;PDC5_YEAST"  # PDC6 lacks one of the peptides
    assert frame.loc[(f1, "GAG_SCVLA"), "contaminant"] == "process"
    features = result.features
    assert features is not None and list(features.columns) == list(tables.FEATURES.columns)
    forms = features[(features["peptide"] == "AMK") & (features["run"] == f1)]["modified_sequence"].tolist()
    assert forms == ["AMK", "AMK[1xOxidation [M2]]"]
    assert features["is_decoy"].sum() == 2 and features["intensity"].sum() == 1033.5
    assert codes(result)["groups_over_q_value"] == 2 and "Confidence" in message(result, "groups_over_q_value")


def test_small_psms(tmp_path: Path) -> None:
    result = read(tmp_path, PSMS.text())
    frame = result.proteins.set_index(["run", "protein_group"])
    assert frame["intensity"].to_dict() == {("a", "P21926"): 108.5, ("b", "P60709;P63261"): 5}
    assert frame["spectra"].to_dict() == {("a", "P21926"): 4, ("b", "P60709;P63261"): 1}
    assert frame.loc[("a", "P21926"), ["peptides", "genes", "organism"]].tolist() == [1, "CD9", "human"]
    features = result.features
    assert features is not None and features["spectra"].sum() == len(PSMS.rows)
    ion = features[features["spectra"] == 3].iloc[0]
    assert [ion["peptide"], ion["modified_sequence"], ion["intensity"], ion["q_value"]] == [
        "AACK",
        "AACK[C3(Carbamidomethyl)]",
        108.5,
        0.001,
    ]
    assert codes(result)["repeated_intensity"] == codes(result)["rows_without_protein"] == 1
    assert codes(result)["peptides_over_q_value"] == codes(result)["decoys_removed"] == 1


def test_confidence_stands_in_for_a_q_value(tmp_path: Path) -> None:
    rows = [dict(one) for one in PSMS.rows]
    rows[4]["Confidence"] = "Medium"
    names = [name for name in PSMS.header if name != "Percolator q-Value"]
    result = read(tmp_path, PSMS.text(rows=rows, header=names))
    assert set(result.proteins["protein_group"]) == {"P21926", "P02769"}
    assert codes(result)["groups_over_q_value"] == 1
    with_q_value = read(tmp_path, PSMS.text(rows=rows))
    assert set(with_q_value.proteins["protein_group"]) == {"P21926", "P60709;P63261"}


def test_psms_without_areas(tmp_path: Path) -> None:
    names = [name for name in PSMS.header if name != "Precursor Abundance"]
    result = read(tmp_path, PSMS.text(header=names))
    assert result.proteins["intensity"].isna().all() and result.proteins["spectra"].sum() == 5
    assert "no_quantity" in codes(result)


def test_a_workbook(tmp_path: Path) -> None:
    for example in EXAMPLES.values():
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(example.header)
        for row in example.rows:
            sheet.append([row.get(name) for name in example.header])
        path = tmp_path / "table.xlsx"
        book.save(path)
        assert same(readers.read(InputSpec("main", path, organism="human")), read(tmp_path, example.text()))
        path.write_bytes(path.read_bytes()[:2000])
        with pytest.raises(InputError, match=r"table\.xlsx"):
            readers.read(InputSpec("main", path))


def test_other_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="InputFiles"):
        read(tmp_path, "Input Files Workflow ID\tFile ID\tFile Name\n1\tF1\ta.raw\n", format="proteome_discoverer")
    fragpipe = "Spectrum\tSpectrum File\tPeptide\tProtein\tHyperscore\tProtein ID\nx\ty\tAAK\tP1\t5\tP1\n"
    path = tmp_path / "psm.tsv"
    path.write_text(fragpipe)
    from sevident.readers import proteome_discoverer

    assert not proteome_discoverer.sniff(read_head(Source(path)))


@pytest.mark.parametrize("kind", VARIANTS)
@pytest.mark.parametrize("which", EXAMPLES)
def test_wrappings(tmp_path: Path, which: str, kind: str) -> None:
    example = EXAMPLES[which]
    variant = read(tmp_path, VARIANTS[kind](example))
    plain = read(tmp_path, example.text(), "plain.txt")
    if kind == "columns in another order":  # the runs stand in another order as well, and that is all
        assert set(variant.proteins["run"]) == set(plain.proteins["run"])
    assert same(variant, plain)


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("which", EXAMPLES)
@pytest.mark.parametrize("format_", ["auto", "proteome_discoverer"])
def test_broken_files(tmp_path: Path, which: str, kind: str, format_: str) -> None:
    make, words = BROKEN[kind]
    with pytest.raises(InputError) as error:
        read(tmp_path, make(EXAMPLES[which]), format=format_)
    for word in [*words, "table [1].txt"]:
        assert word in str(error.value)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this is a folder"):
        readers.read(InputSpec("main", tmp_path, format="proteome_discoverer"))


def test_large_files_are_scanned_to_the_same_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = read(tmp_path, PSMS.text())
    monkeypatch.setattr(projection, "LARGE", 0)
    assert same(read(tmp_path, PSMS.text()), plain)


# ---- real files ------------------------------------------------------------------------------------------------------

FOLDER = "formats/proteome_discoverer"


def sums_agree(result: ReadResult, expected: dict[str, float]) -> None:
    sums = result.proteins.groupby("run")["intensity"].sum()
    assert set(sums.index) == set(expected)
    np.testing.assert_allclose(sums[list(expected)], list(expected.values()), rtol=1e-12)


@pytest.mark.parametrize(
    ("file", "rows", "prefix", "runs"),
    [
        ("wrProteo_pxd001819_PD24_Proteins.txt.gz", 1297, "Abundance F", 27),
        ("wrProteo_tinyPD_allProteins.txt.gz", 299, "Abundance S", 6),
    ],
)
def test_real_protein_tables(shared_data: Path, file: str, rows: int, prefix: str, runs: int) -> None:
    path = shared_data / FOLDER / file
    with gzip.open(path, "rt", newline="") as handle:
        table = list(csv.DictReader(handle, delimiter="\t"))
    columns = [name for name in table[0] if name.startswith(prefix)]
    result = readers.read(InputSpec("main", path))
    assert len(table) == rows == result.proteins["protein_group"].nunique() and len(columns) == runs
    sums_agree(
        result,
        {name.removeprefix("Abundance "): sum(float(row[name] or 0) for row in table) for name in columns},
    )
    assert result.proteins["intensity"].notna().sum() == sum(row[name] != "" for row in table for name in columns)
    if runs == 27:
        kinds = Counter(row[name] for row in table for name in row if name.startswith("Found in Sample"))
        found = result.proteins["evidence"].value_counts()
        quantified = found["ms2"] + found["matched"]
        assert kinds["High"] + kinds["Peak Found"] - quantified == 54 + 97  # found, but without an abundance
        assert set(result.proteins["organism"]) >= {"human", "yeast"}
        assert (result.proteins["contaminant"] != "none").sum() == 27 * 11
        lengths = result.proteins[result.proteins["run"] == "F1 Sample"]["sequence_length"].sum()
        assert lengths == sum(int(row["Number of AAs"]) for row in table)


def test_a_real_workbook_of_one_sample(shared_data: Path) -> None:
    path = shared_data / FOLDER / "ProtE_PD_single_T2_6.xlsx"
    raw = pd.read_excel(path)
    result = readers.read(InputSpec("main", path, organism="human"))
    assert len(result.proteins) == len(raw) == 178
    sums_agree(result, {"Area": raw["Area"].sum()})
    assert result.proteins["spectra"].sum() == raw["# PSMs"].sum() == 8699
    assert result.proteins["peptides"].sum() == raw["# Peptides"].sum()
    albumin = result.proteins.set_index("protein_group").loc["P02768"]
    assert [albumin["genes"], albumin["organism"], albumin["sequence_length"]] == ["ALB", "human", 609]


def test_real_peptide_groups(shared_data: Path) -> None:
    path = shared_data / FOLDER / "proteobench_PeptideGroups.txt"
    raw = pd.read_csv(path, sep="\t")
    columns = [name for name in raw.columns if name.startswith("Abundance: ")]
    result = readers.read(InputSpec("main", path, organism="human"))
    sums_agree(result, {name.removeprefix("Abundance: "): raw[name].sum() for name in columns})
    assert result.features is not None
    found = [name.replace("Abundance:", "Found in Sample:") for name in columns]
    seen = raw[columns].notna().to_numpy() | raw[found].isin(["High", "Medium", "Peak Found"]).to_numpy()
    assert len(result.features) == seen.sum()
    assert result.proteins["protein_group"].nunique() == raw["Master Protein Accessions"].nunique() == 583
    names = result.proteins["accessions"].str.split(";").str[0]  # accessions, though the search wrote entry names
    assert set(names[names.str.contains("_")]) == {"iRT-Kit_WR_fusion"}
    one = raw[raw["Master Protein Accessions"] == "PDC1_YEAST"]
    row = result.proteins.set_index(["run", "protein_group"]).loc[(columns[0][11:], "PDC1_YEAST")]
    assert row["peptides"] == one.loc[one[columns[0]].notna(), "Sequence"].nunique()
    assert row["organism"].split(";")[0] == "yeast"


def test_real_psms(shared_data: Path) -> None:
    path = shared_data / FOLDER / "msstatsconvert_psm.csv"
    spectra: Counter[str] = Counter()
    peaks: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    twice = 0.0
    with path.open(newline="") as handle:
        for row in csv.DictReader(handle):
            run = row["Spectrum.File"].removesuffix(".raw")
            spectra[run] += 1
            if row["Precursor.Area"] not in ("", "NA"):
                peak = tuple(row[name] for name in ("Sequence", "Modifications", "Charge", "Precursor.Area"))
                twice += float(row["Precursor.Area"]) if peak in peaks[run] else 0
                peaks[run].add(peak)
    result = readers.read(InputSpec("main", path))
    sums_agree(result, {run: sum(float(peak[-1]) for peak in of_run) for run, of_run in peaks.items()})
    assert result.proteins.groupby("run")["spectra"].sum().to_dict() == dict(spectra)
    assert sum(spectra.values()) == 247 and codes(result)["repeated_intensity"] == 18
    assert f"{twice:.6g}" in message(result, "repeated_intensity")
    assert result.proteins["genes"].ne("").all()
    assert set(result.proteins["organism"]) == {"Escherichia coli"}
