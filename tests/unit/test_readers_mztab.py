"""mzTab files, against counts of their lines; and how they can be broken."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sevident import readers, tables
from sevident.errors import InputError
from sevident.readers.base import InputSpec, ReadResult
from sevident.readers.mztab_features import modified_text
from sevident.readers.mztab_sections import parameter, references

METADATA = {
    "mzTab-version": "1.0.0",
    "mzTab-mode": "Complete",
    "mzTab-type": "Quantification",
    "software[1]": "[MS, MS:1001583, MaxQuant, 2.4]",
    "protein-quantification_unit": "[PRIDE, PRIDE:0000393, Relative quantification unit,]",
    "protein_search_engine_score[1]": "[MS, MS:1002373, protein group-level q-value, ]",
    "psm_search_engine_score[1]": "[MS, MS:1001171, Mascot:score, ]",
    "psm_search_engine_score[2]": "[MS, MS:1002354, PSM-level q-value, ]",
    "ms_run[1]-location": "file:///C:/data/run 1.mzML",
    "ms_run[2]-location": "file://run2.raw",
    "assay[1]-quantification_reagent": "[MS, MS:1002038, unlabeled sample, ]",
    "assay[1]-ms_run_ref": "ms_run[1]",
    "assay[2]-quantification_reagent": "[MS, MS:1002038, unlabeled sample, ]",
    "assay[2]-ms_run_ref": "ms_run[2]",
    "study_variable[1]-description": "vesicles",
    "study_variable[2]-description": "medium",
}
CD9 = {
    "accession": "sp|P21926|CD9_HUMAN",
    "description": "CD9 antigen OS=Homo sapiens OX=9606 GN=CD9",
    "taxid": "9606",
    "best_search_engine_score[1]": "0.001",
    "num_psms_ms_run[1]": "2",
    "num_psms_ms_run[2]": "0",
    "num_peptides_distinct_ms_run[1]": "2",
    "num_peptides_distinct_ms_run[2]": "0",
    "ambiguity_members": "null",
    "protein_abundance_assay[1]": "100.5",
    "protein_abundance_assay[2]": "50",
}
ALB = CD9 | {
    "accession": "P02768",
    "description": "Albumin GN=ALB",
    "ambiguity_members": "P02768-2,Q00000",
    "num_psms_ms_run[2]": "1",
    "protein_abundance_assay[1]": "null",
    "protein_abundance_assay[2]": "0",
}
DECOY = CD9 | {"accession": "DECOY_sp|P60033|CD81_HUMAN", "protein_abundance_assay[1]": "7"}
PROTEINS = [CD9, ALB, DECOY]
FIRST = {
    "sequence": "AACK",
    "PSM_ID": "1",
    "accession": "sp|P21926|CD9_HUMAN",
    "unique": "1",
    "search_engine_score[1]": "46",
    "search_engine_score[2]": "0.001",
    "modifications": "3-UNIMOD:4",
    "charge": "2",
    "spectra_ref": "ms_run[1]:scan=1",
    "opt_global_cv_MS:1002217_decoy_peptide": "0",
}
SPECTRA = [
    FIRST,
    FIRST | {"PSM_ID": "2", "spectra_ref": "ms_run[1]:scan=2", "accession": "sp|P21926|CD9_HUMAN", "sequence": "NAN"},
    FIRST | {"PSM_ID": "3", "spectra_ref": "ms_run[2]:scan=3", "accession": "P02768", "modifications": "null"},
    FIRST | {"PSM_ID": "3", "spectra_ref": "ms_run[2]:scan=3", "accession": "1_2", "modifications": "null"},
    FIRST | {"PSM_ID": "4", "accession": "DECOY_x", "opt_global_cv_MS:1002217_decoy_peptide": "1"},
    FIRST | {"PSM_ID": "5", "search_engine_score[2]": "0.02"},
]
CODES = {"PRT": "PRH", "PEP": "PEH", "PSM": "PSH", "SML": "SMH"}


def mztab(metadata: dict[str, str] | None = None, **sections: list[dict[str, str]]) -> str:
    lines = [f"MTD\t{name}\t{value}" for name, value in (METADATA if metadata is None else metadata).items()]
    lines.append("COM\ta remark\twith tabs")
    for kind, rows in (sections or {"PRT": PROTEINS, "PSM": SPECTRA}).items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        lines += ["", "\t".join([CODES[kind], *names])]
        lines += ["\t".join([kind, *(row.get(name, "null") for name in names)]) for row in rows]
    return "\n".join(lines) + "\n"


def read(tmp_path: Path, content: str | bytes, name: str = "result.txt", **settings: object) -> ReadResult:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(InputSpec.from_settings({"path": str(path), "organism": "human", **settings}))


def refused(tmp_path: Path, content: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    return str(caught.value)


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def cells(result: ReadResult, column: str) -> dict[tuple[str, str], object]:
    found = result.proteins.set_index(["run", "protein_group"])[column]
    return found[found.notna()].to_dict()


ALBUMIN = "P02768;P02768-2;Q00000"


def test_a_quantification(tmp_path: Path) -> None:
    result = read(tmp_path, mztab())
    assert cells(result, "intensity") == {("run 1", "P21926"): 100.5, ("run2", "P21926"): 50}
    assert len(result.proteins) == 4  # every group in every run
    assert cells(result, "spectra") == {
        ("run 1", "P21926"): 2,
        ("run2", "P21926"): 0,
        ("run 1", ALBUMIN): 2,
        ("run2", ALBUMIN): 1,
    }
    assert cells(result, "peptides")["run 1", "P21926"] == 2
    assert cells(result, "evidence") == {
        ("run 1", "P21926"): "ms2",
        ("run2", "P21926"): "matched",
        ("run 1", ALBUMIN): "ms2",
        ("run2", ALBUMIN): "ms2",
    }
    assert set(result.proteins["genes"]) == {"CD9", "ALB"} and set(result.proteins["organism"]) == {"human"}
    assert set(result.proteins["q_value"]) == {0.001}
    assert (result.engine, result.version, result.level) == ("MaxQuant", "2.4", "protein")
    assert result.quantity == "Relative quantification unit" and result.q_columns == ["protein group-level q-value"]
    message = next(str(w["message"]) for w in result.warnings if w["code"] == "decoys_removed")
    assert "1 decoy rows" in message and f"{57 / 207.5:.2%}" in message


def test_its_spectra(tmp_path: Path) -> None:
    result = read(tmp_path, mztab())
    features = result.features
    assert features["spectra"].sum() == 5  # six rows, five spectra
    assert features.loc[features["is_decoy"], "spectra"].sum() == 1
    assert set(features["modified_sequence"]) == {"AAC[UNIMOD:4]K", "NAN[UNIMOD:4]", "AACK"}
    assert "NAN" in set(features["peptide"])  # a peptide, not a number
    shared = features[features["proteins"] == "P02768;1_2"]
    assert shared["protein_group"].tolist() == [ALBUMIN] and shared["run"].tolist() == ["run2"]
    found = codes(result)
    assert found["spectra_of_several_rows"] == 5 and found["peptides_over_q_value"] == 1


def test_counts_from_spectra_where_the_proteins_have_none(tmp_path: Path) -> None:
    bare = [{k: v for k, v in row.items() if not k.startswith(("num_", "protein_ab"))} for row in PROTEINS]
    result = read(tmp_path, mztab(PRT=bare, PSM=SPECTRA))
    assert cells(result, "spectra") == {
        ("run 1", "P21926"): 2,
        ("run2", "P21926"): 0,
        ("run 1", ALBUMIN): 0,
        ("run2", ALBUMIN): 1,
    }
    assert cells(result, "peptides")["run 1", "P21926"] == 2 and result.proteins["intensity"].isna().all()
    assert cells(result, "evidence")["run 1", ALBUMIN] == "unknown" and "spectral_counts_only" in codes(result)


def test_without_a_section_of_proteins(tmp_path: Path) -> None:
    result = read(tmp_path, mztab(PSM=SPECTRA))
    assert cells(result, "spectra") == {("run 1", "P21926"): 2, ("run2", "P02768;1_2"): 1}
    assert result.level == "psm" and result.q_columns == ["PSM-level q-value"]
    peptide = FIRST | {"peptide_abundance_assay[1]": "30", "peptide_abundance_assay[2]": "null"}
    other = peptide | {"sequence": "DDEK", "peptide_abundance_assay[2]": "12", "accession": "P02768"}
    repeated = other | {"accession": "P99999"}  # the same peptide in a second protein: one amount
    result = read(tmp_path, mztab(PEP=[other, repeated, peptide], PSM=SPECTRA))
    assert cells(result, "intensity") == {
        ("run 1", "P21926"): 30,
        ("run 1", "P02768;P99999"): 30,
        ("run2", "P02768;P99999"): 12,
    }
    assert result.features["intensity"].sum() == 72 and result.features["spectra"].sum() == 5
    assert result.level == "peptide" and result.proteins["peptides"].max() == 2


def test_peptides_beside_proteins(tmp_path: Path) -> None:
    peptide = FIRST | {"peptide_abundance_assay[1]": "30", "peptide_abundance_assay[2]": "20"}
    result = read(tmp_path, mztab(PRT=PROTEINS, PEP=[peptide], PSM=SPECTRA))
    assert cells(result, "intensity")["run 1", "P21926"] == 100.5  # the section of proteins has the word
    assert result.features["intensity"].sum() == 50 and result.features["spectra"].sum() == 5
    variables = FIRST | {"peptide_abundance_study_variable[1]": "30"}
    result = read(tmp_path, mztab(PRT=PROTEINS, PEP=[variables]))
    assert codes(result)["peptides_not_read"] == 1


def test_labels_and_study_variables(tmp_path: Path) -> None:
    silac = METADATA | {
        "assay[1]-quantification_reagent": "[PRIDE, PRIDE:0000326, SILAC light, ]",
        "assay[2]-quantification_reagent": "[PRIDE, PRIDE:0000325, SILAC heavy, ]",
        "assay[2]-ms_run_ref": "ms_run[1]",
    }
    result = read(tmp_path, mztab(silac, PRT=PROTEINS))
    assert cells(result, "intensity") == {("run 1-SILAC light", "P21926"): 100.5, ("run 1-SILAC heavy", "P21926"): 50}
    fractions = METADATA | {"assay[1]-ms_run_ref": "ms_run[1], ms_run[2]", "assay[2]-ms_run_ref": "null"}
    result = read(tmp_path, mztab(fractions, PRT=PROTEINS))
    assert cells(result, "intensity") == {("assay[1]", "P21926"): 100.5, ("assay[2]", "P21926"): 50}
    assert cells(result, "spectra") == {("assay[1]", "P21926"): 2, ("assay[1]", ALBUMIN): 3}
    names = {
        "protein_abundance_assay[1]": "protein_abundance_study_variable[1]",
        "protein_abundance_assay[2]": "protein_abundance_study_variable[2]",
    }
    means = [{names.get(k, k): v for k, v in row.items()} for row in PROTEINS]
    result = read(tmp_path, mztab(PRT=means))
    assert cells(result, "intensity") == {("vesicles", "P21926"): 100.5, ("medium", "P21926"): 50}
    assert codes(result)["study_variables_as_runs"] == 2
    twice = read(tmp_path, mztab(METADATA | {"study_variable[2]-description": "vesicles"}, PRT=means))
    assert set(twice.proteins["run"]) == {"study_variable[1]", "study_variable[2]"}


@pytest.mark.parametrize("unit", ["[PRIDE, PRIDE:0000395, Ratio, ]", "[, , log2 intensity, ]"])
def test_what_is_no_amount_is_not_read(tmp_path: Path, unit: str) -> None:
    result = read(tmp_path, mztab(METADATA | {"protein-quantification_unit": unit}, PRT=PROTEINS))
    assert result.proteins["intensity"].isna().all() and codes(result)["ratios_not_read"] == 2
    assert cells(result, "spectra")["run 1", "P21926"] == 2


def test_rows_that_repeat_a_group(tmp_path: Path) -> None:
    marked = [
        CD9 | {"opt_global_result_type": "protein_details", "protein_abundance_assay[1]": "null"},
        CD9 | {"opt_global_result_type": "single_protein"},
        ALB | {"opt_global_result_type": "indistinguishable_protein_group"},
    ]
    assert codes(read(tmp_path, mztab(PRT=marked)))["details_removed"] == 1
    # without the mark: a protein and, again, its group
    nothing = {"protein_abundance_assay[1]": "null", "protein_abundance_assay[2]": "null"}
    unmarked = [
        ALB | nothing | {"ambiguity_members": "null"},
        ALB | nothing | {"accession": "P02768-2", "ambiguity_members": "null"},
        ALB | nothing,
        CD9 | nothing,
        CD9 | nothing,
    ]
    result = read(tmp_path, mztab(PRT=unmarked))
    assert set(result.proteins["protein_group"]) == {ALBUMIN, "P21926"} and codes(result)["details_removed"] == 3
    # two rows with amounts are never merged
    result = read(tmp_path, mztab(PRT=[CD9, CD9 | {"protein_abundance_assay[1]": "1"}]))
    assert result.proteins["intensity"].sum() == 100.5 + 1 + 50 + 50 and codes(result)["identifier_repeated"] == 1


def test_q_values_that_are_none(tmp_path: Path) -> None:
    result = read(tmp_path, mztab(PRT=[CD9 | {"best_search_engine_score[1]": "6.03"}]))
    assert result.proteins["q_value"].isna().all() and codes(result)["q_values_unusable"] == 1


@pytest.mark.parametrize(
    ("metadata", "sections", "found"),
    [
        ({"mzTab-version": "2.0.0-M"}, {"SML": [{"SML_ID": "1"}]}, "2.0.0-M"),
        ({"mzTab-version": "2.0.0-M"}, {"PRT": PROTEINS}, "2.0.0-M"),
        ({"mzTab-version": "1.0.0"}, {"SML": [{"identifier": "CID:1"}]}, "small molecules"),
    ],
)
def test_metabolomics_is_refused_politely(tmp_path: Path, metadata: dict, sections: dict, found: str) -> None:
    message = refused(tmp_path, mztab(metadata, **sections))
    assert "metabolomics" in message and found in message


def test_files_that_are_not_whole(tmp_path: Path) -> None:
    assert "metadata alone" in refused(tmp_path, "\n".join(mztab().split("\n")[:10]) + "\n")
    assert "no version" in refused(tmp_path, mztab({"mzTab-mode": "Summary"}))
    assert "before the header PSH" in refused(tmp_path, mztab().replace("PSH\t", "COM\t"))
    assert "two headers PRH" in refused(tmp_path, mztab() + mztab(METADATA, PRT=PROTEINS))
    assert "no known kind" in refused(tmp_path, mztab() + "garbage\n")
    assert "MTD" in refused(tmp_path, mztab().split("\n\n")[1])
    assert "more cells" in refused(tmp_path, mztab().replace("GN=CD9", "GN=CD9\tX"))
    assert "line 5" in refused(tmp_path, mztab().replace("MTD\tprotein-quantification_unit", "MTD\tx\nMTD\tp"))


WRAPPINGS = {
    "gzip": lambda text: gzip.compress(text.encode()),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "latin-1": lambda text: text.replace("antigen", "antigène").encode("latin-1"),
    "utf-16": lambda text: text.encode("utf-16"),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "tabs to the right": lambda text: text.replace("\n", "\t\t\t\n").encode(),
    "quotation marks": lambda text: "\n".join(
        "\t".join(f'"{c}"' if "," in c else c for c in line.split("\t")) for line in text.split("\n")
    ).encode(),
    "decimal commas": lambda text: text.replace("\t100.5\t", "\t100,5\t").encode(),
    "unknown columns": lambda text: text.replace("PRH\t", "PRH\topt_new\t").replace("PRT\t", "PRT\tx\t").encode(),
    "columns in another order": lambda text: "\n".join(
        "\t".join([c[0], *c[:0:-1]]) if (c := line.split("\t"))[0] in {"PRH", "PRT", "PSH", "PSM"} else line
        for line in text.split("\n")
    ).encode(),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_wrappings_change_nothing(tmp_path: Path, wrapping: str) -> None:
    expected = read(tmp_path, mztab())
    found = read(tmp_path, WRAPPINGS[wrapping](mztab()))  # type: ignore[no-untyped-call]
    pd.testing.assert_frame_equal(found.proteins, expected.proteins)
    pd.testing.assert_frame_equal(found.features, expected.features)


def test_damage(tmp_path: Path) -> None:
    data = mztab().encode()
    for end in range(data.index(b"\nPSM") + 8, data.rindex(b"\t") - 1, 37):
        if data[end - 1 : end] == b"\n" or data[:end].rsplit(b"\n", 1)[-1].count(b"\t") == 10:
            continue  # cut between rows: nothing tells
        refused(tmp_path, data[:end])
    assert "tabs" in refused(tmp_path, mztab().replace("\t", ","))
    assert "tabs" in refused(tmp_path, mztab().replace("\t", ";"))
    assert "twice" in refused(tmp_path, mztab().replace("num_psms_ms_run[1]", "num_psms_ms_run[2]"))
    assert "twice" in refused(tmp_path, mztab().replace("ambiguity_members", "accession"))
    assert "negative" in refused(tmp_path, mztab().replace("100.5", "-100.5"))
    assert "text" in refused(tmp_path, mztab().replace("100.5", "many"))
    assert "infinite" in refused(tmp_path, mztab().replace("100.5", "INF"))
    assert "decoy" in refused(tmp_path, mztab(PRT=[DECOY]))
    assert "decoy" in refused(tmp_path, mztab(PSM=[SPECTRA[4]]))
    assert "lacks a needed column" in refused(tmp_path, mztab(PSM=[{"sequence": "AACK", "PSM_ID": "1"}]))
    packed = gzip.compress(data)
    assert "cut off" in refused(tmp_path, packed[: len(packed) // 2])
    assert "0 bytes" in refused(tmp_path, b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder"):
        readers.read(InputSpec.from_settings({"path": str(tmp_path / "folder")}))


def test_short_rows_are_told(tmp_path: Path) -> None:
    lines = mztab(PRT=PROTEINS).rstrip("\n").split("\n")
    row = next(i for i, line in enumerate(lines) if line.startswith("PRT\tsp|P21926"))
    lines[row] = "\t".join(lines[row].split("\t")[:-1])
    result = read(tmp_path, "\n".join(lines) + "\n")
    assert codes(result)["short_rows"] == 1 and cells(result, "intensity") == {("run 1", "P21926"): 100.5}


def test_the_tables_keep_their_contract(tmp_path: Path) -> None:
    result = read(tmp_path, mztab())
    assert list(result.proteins.columns) == list(tables.PROTEINS.columns)
    assert list(result.features.columns) == list(tables.FEATURES.columns)
    assert readers.detect(tmp_path / "result.txt") == "mztab"


def test_small_parts() -> None:
    assert modified_text("ACDE", "null".replace("null", "")) == "ACDE"
    assert modified_text("ACDE", "0-UNIMOD:1,2-UNIMOD:4") == "[UNIMOD:1]-AC[UNIMOD:4]DE"
    assert modified_text("ACDE", "2|3-UNIMOD:21") == "AC[UNIMOD:21]DE"
    assert modified_text("ACDE", "2[MS,MS:1001876,modification probability,0.8]-UNIMOD:21") == "AC[UNIMOD:21]DE"
    assert modified_text("ACDE", "CHEMMOD:+57.02") == "ACDE{CHEMMOD:+57.02}"
    assert references("ms_run[1], ms_run[12]", "ms_run") == [1, 12]
    assert parameter("[MS, MS:1001207, Mascot, 2.3]") == ("MS:1001207", "Mascot", "2.3")
    assert parameter("ratio") == ("", "ratio", "")


# --- the public files

PROTEOMICS = [
    "openms_labelfree.mzTab",
    "psi_PRIDE_16649.mztab",
    "psi_PRIDE_Exp_Complete_Ac_1643.xml-mztab.txt",
    "psi_SILAC_CQI.mzTab",
    "psi_SILAC_SQ.mzTab",
    "psi_iTRAQ_CQI.mzTab",
    "psi_iTRAQ_SQI.mzTab",
    "psi_labelfree_CQI.mzTab",
    "psi_labelfree_SQI.mzTab",
    "pyteomics_test.mztab",
    "quantms_PXD040438.mzTab",
]
METABOLOMICS = [
    "psi_Cytidine.mzTab",
    "psi_MTBLS2.mztab",
    "psi_faahKO.mzTab",
    "psi_lipidomics-HFD-LD-study-PL-DG-SM.mzTab",
    "psi_lipidomics-HFD-LD-study-TG.mzTab",
    "pyteomics_test_mztab2.mztab",
]


def section(path: Path, kind: str) -> list[dict[str, str]]:
    """A section by the csv module alone."""
    with path.open(encoding="utf-8", newline="") as handle:
        lines = [line for line in csv.reader(handle, delimiter="\t", quotechar='"') if line]
    names = next((line[1:] for line in lines if line[0] == CODES[kind]), [])
    return [dict(zip([n.strip() for n in names], line[1:], strict=False)) for line in lines if line[0] == kind]


def listed(text: str) -> set[str]:
    return {piece.strip() for piece in text.replace(";", ",").split(",")} - {"", "null"}


@pytest.mark.shared
@pytest.mark.parametrize("name", PROTEOMICS)
def test_public_files(shared_data: Path, name: str) -> None:
    path = shared_data / "formats" / "mztab" / name
    result = readers.read(InputSpec.from_settings({"path": str(path)}))
    spectra = section(path, "PSM")
    if spectra:
        unique = {
            (row["PSM_ID"], row["sequence"], row["spectra_ref"], row.get("charge"), row["modifications"])
            for row in spectra
        }
        assert result.features["spectra"].sum() == len(unique)
    proteins = section(path, "PRT")
    targets = [row for row in proteins if not row["accession"].startswith(("DECOY_", "REV__"))]
    everything = {one for row in targets for one in (row["accession"], *listed(row["ambiguity_members"]))}
    kept = {one for text in result.proteins["accessions"].unique() for one in text.split(";")}
    clean = {one.split("|")[1] if one.count("|") == 2 else one for one in everything}
    assert kept == {one.removeprefix("CONTAMINANT_") for one in clean}  # a group keeps all its members
    if "quantms" not in name:
        assert result.proteins["protein_group"].nunique() == len(targets)
    columns = [c for c in proteins[0] if c.startswith("protein_abundance_assay")]
    columns = columns or [c for c in proteins[0] if c.startswith("protein_abundance_study")]
    if columns and name != "psi_PRIDE_16649.mztab":
        sums = [np.nansum([float(row[c]) for row in targets if row[c] not in {"null", "NaN"}]) for c in columns]
        found = result.proteins.groupby("run")["intensity"].sum()
        assert found.sum() == pytest.approx(sum(sums), rel=1e-9)
        assert sorted(found) == pytest.approx(sorted(sums), rel=1e-9)
    else:
        assert result.proteins["intensity"].isna().all()
    counted = [row[c] for row in targets for c in row if c.startswith("num_psms") and row[c] != "null"]
    if counted and result.quantity == "spectra":
        assert result.proteins["spectra"].sum() == sum(map(int, counted))


@pytest.mark.shared
def test_public_runs(shared_data: Path) -> None:
    folder = shared_data / "formats" / "mztab"
    runs = {
        "openms_labelfree.mzTab": {f"file{n}" for n in range(1, 7)},
        "psi_SILAC_CQI.mzTab": {f"file{n}-SILAC {kind}" for n in (1, 2, 3) for kind in ("light", "heavy")},
        "psi_labelfree_SQI.mzTab": {"heat shock response of control", "heat shock response of treatment"},
    }
    for name, expected in runs.items():
        assert set(readers.read(InputSpec.from_settings({"path": str(folder / name)})).proteins["run"]) == expected
    quantms = readers.read(InputSpec.from_settings({"path": str(folder / "quantms_PXD040438.mzTab")}))
    rows = section(folder / "quantms_PXD040438.mzTab", "PSM")
    targets = [row for row in rows if row["opt_global_cv_MS:1002217_decoy_peptide"] == "0"]
    assert quantms.proteins["spectra"].sum() == len(targets) == 9909  # every spectrum in one group
    for n, run in ((1, "03COVID"), (2, "05COVID")):
        mine = sum(row["spectra_ref"].startswith(f"ms_run[{n}]") for row in targets)
        assert quantms.proteins.loc[quantms.proteins["run"] == run, "spectra"].sum() == mine
    albumin = quantms.proteins[quantms.proteins["accessions"].str.contains("P02768")]
    assert set(albumin["contaminant"]) == {"serum"}


@pytest.mark.shared
@pytest.mark.parametrize("name", METABOLOMICS)
def test_public_metabolomics(shared_data: Path, name: str) -> None:
    with pytest.raises(InputError, match="metabolomics"):
        readers.read(InputSpec.from_settings({"path": str(shared_data / "formats" / "mztab" / name)}))
