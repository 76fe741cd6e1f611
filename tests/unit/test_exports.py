"""The exports: each is read back with the format's own library, and no foreign text becomes markup or a formula."""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pandas as pd
import pytest
from pyteomics import mztab
from tests.browser import synthetic

from sevident import tables
from sevident.report.exports import mztab as mztab_export
from sevident.report.exports import stage, vocabulary

NAMES = tuple(dict.fromkeys((*synthetic.HOSTILE, "=cmd|' /C calc'!A0", "../../x", "エクソソーム 1", "🧫 dish")))
MOMENT = "1700000000"
# What mzQC 1.0 asks for (https://hupo-psi.github.io/mzQC, section "mzQC format"), in our own words.
_TERM = {
    "type": "object",
    "required": ["accession", "name"],
    "properties": {
        "accession": {"type": "string", "pattern": "^[A-Z]+:[A-Z0-9]+$"},
        "name": {"type": "string", "minLength": 1},
        "unit": {"$ref": "#/$defs/term"},
    },
}
_URI = {"type": "string", "pattern": '^[a-z][a-z0-9+.-]*:[^ <>"{}|\\\\^`]+$'}
MZQC_SCHEMA = {
    "$defs": {"term": _TERM},
    "type": "object",
    "required": ["mzQC"],
    "additionalProperties": False,
    "properties": {
        "mzQC": {
            "type": "object",
            "required": ["version", "creationDate", "controlledVocabularies", "setQualities"],
            "additionalProperties": False,
            "properties": {
                "version": {"const": "1.0.0"},
                "creationDate": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)$"},
                "description": {"type": "string"},
                "setQualities": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["metadata", "qualityMetrics"],
                        "additionalProperties": False,
                        "properties": {
                            "metadata": {
                                "type": "object",
                                "required": ["label", "inputFiles", "analysisSoftware"],
                                "additionalProperties": False,
                                "properties": {
                                    "label": {"type": "string"},
                                    "inputFiles": {
                                        "type": "array",
                                        "minItems": 1,
                                        "items": {
                                            "type": "object",
                                            "required": ["location", "name", "fileFormat"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "location": _URI,
                                                "name": {"type": "string"},
                                                "fileFormat": {"$ref": "#/$defs/term"},
                                            },
                                        },
                                    },
                                    "analysisSoftware": {
                                        "type": "array",
                                        "minItems": 1,
                                        "items": {
                                            "allOf": [
                                                {"$ref": "#/$defs/term"},
                                                {"required": ["version", "uri"], "properties": {"uri": _URI}},
                                            ]
                                        },
                                    },
                                },
                            },
                            "qualityMetrics": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/term"}},
                        },
                    },
                },
                "controlledVocabularies": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["name", "uri"],
                        "additionalProperties": False,
                        "properties": {"name": {"type": "string"}, "uri": _URI, "version": {"type": "string"}},
                    },
                },
            },
        }
    },
}


def export(study: synthetic.Study, folder: Path) -> Path:
    stage.run(study.settings, study.sheet, study.tables, study.warnings, study.sources, folder)
    return folder


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> synthetic.Study:
    """Hostile names, and the search result at the place where the configuration has it."""
    made = synthetic.write(tmp_path_factory.mktemp("study"), samples=24, names=NAMES, specification=True)
    made.settings["config"]["inputs"][0]["path"] = str(made.sources[0])
    return made


@pytest.fixture(scope="module")
def exports(study: synthetic.Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", MOMENT)
        return export(study, tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def scores(study: synthetic.Study) -> pd.DataFrame:
    return tables.read_table(study.tables / "scores.tsv", tables.SCORES).set_index("sample")


def test_the_folder_holds_the_files_that_are_named(exports: Path) -> None:
    assert {p.name for p in exports.iterdir()} == set(stage.FILES)


def test_scores_are_those_of_the_table(exports: Path, scores: pd.DataFrame) -> None:
    content = json.loads((exports / "scores.json").read_text(encoding="utf-8"))
    assert [s["sample"] for s in content["samples"]] != []
    assert {s["sample"] for s in content["samples"]} == set(scores.index)
    for sample in content["samples"]:
        row = scores.loc[sample["sample"]]
        assert sample["verdict"] == row["verdict"]
        assert sample["identity"]["value"] == pytest.approx(row["identity"], rel=1e-9)
        assert sample["purity"]["interval"] == pytest.approx([row["purity_low"], row["purity_high"]], rel=1e-9)
        assert " | ".join(sample["reasons"]) == row["reasons"]


def test_missing_numbers_are_null_and_unscored_samples_are_said(tmp_path: Path) -> None:
    study = synthetic.write(tmp_path, samples=6)
    frame = tables.read_table(study.tables / "scores.tsv", tables.SCORES)
    frame.loc[0, ["purity", "purity_low", "purity_high"]] = float("nan")
    tables.write_table(frame.iloc[:-1], tables.SCORES, study.tables / "scores.tsv")
    folder = export(study, tmp_path / "exports")
    content = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    samples = {s["sample"]: s for s in content["samples"]}
    assert samples[frame.loc[0, "sample"]]["purity"] == {"value": None, "interval": [None, None]}
    assert samples[frame["sample"].iloc[-1]] == {"sample": frame["sample"].iloc[-1], "scored": False}
    quality = json.loads((folder / "study.mzQC").read_text(encoding="utf-8"))["mzQC"]["setQualities"]
    assert len(quality) == len(frame) - 1
    first = next(q for q in quality if q["metadata"]["label"] == frame.loc[0, "sample"])
    assert "small-EV purity" not in {m["name"] for m in first["qualityMetrics"]}


def test_mzqc_is_valid_and_read_by_its_library(exports: Path, scores: pd.DataFrame) -> None:
    from mzqc import MZQCFile

    text = (exports / "study.mzQC").read_text(encoding="utf-8")
    jsonschema.validate(json.loads(text), MZQC_SCHEMA)
    read = MZQCFile.JsonSerialisable.from_json(text)
    labels = [q.metadata.label for q in read.setQualities]
    assert labels and set(labels) == set(scores.index)
    for quality in read.setQualities:
        values = {m.accession: m.value for m in quality.qualityMetrics}
        row = scores.loc[quality.metadata.label]
        for term in vocabulary.terms():
            expected = [row[f"{term.column}_low"], row[f"{term.column}_high"]] if term.interval else row[term.column]
            assert values[term.accession] == (
                expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-9)
            )


def test_metrics_are_defined_and_foreign_terms_are_those_of_their_vocabularies(exports: Path) -> None:
    import pronto

    own = pronto.Ontology(io.BytesIO((exports / vocabulary.FILE).read_bytes()))
    names = {t.id: t.name for t in own.terms()}
    used: dict[str, str] = {}

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            if {"accession", "name"} <= value.keys():
                used[value["accession"]] = value["name"]
            for part in value.values():
                collect(part)
        elif isinstance(value, list):
            for part in value:
                collect(part)

    collect(json.loads((exports / "study.mzQC").read_text(encoding="utf-8")))
    assert {a for a in used if a.startswith(vocabulary.PREFIX)} == {t.accession for t in vocabulary.terms()}
    folder = Path(importlib.util.find_spec("psims").origin).parent / "controlled_vocabulary" / "vendor"  # type: ignore[union-attr,arg-type]
    for file in ("psi-ms.obo.gz", "unit.obo.gz"):
        text = gzip.decompress((folder / file).read_bytes()).decode("utf-8")
        names |= dict(re.findall(r"\[Term\]\nid: (\S+)\nname: ([^\n]*)\n", text))
    assert used == {accession: names[accession] for accession in used}


def test_mztab_is_read_back_by_pyteomics(exports: Path, study: synthetic.Study) -> None:
    read = mztab.MzTab(str(exports / "proteins.mzTab"))
    abundance = pd.read_parquet(study.tables / "abundance.parquet")
    abundance = abundance[abundance["mass_fraction"].notna()]
    table = read.protein_table
    assert read.mode == "Summary" and read.type == "Quantification"
    assert len(table) == abundance["protein_group"].nunique()
    described = {k: v for k, v in read.metadata.items() if re.fullmatch(r"study_variable\[\d+\]-description", k)}
    assert len(described) == 24
    for key, name in described.items():
        number = re.search(r"\d+", key)[0]  # type: ignore[index]
        column = pd.to_numeric(table[f"protein_abundance_study_variable[{number}]"], errors="coerce")
        source = abundance[abundance["sample"].map(mztab_export._text) == str(name)]["mass_fraction"]
        assert len(source) and column.sum() == pytest.approx(source.sum(), rel=1e-8)
        assert column.notna().sum() == len(source)


def test_multiqc_renders_the_custom_content(exports: Path, scores: pd.DataFrame, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "multiqc", str(exports), "--outdir", str(tmp_path), "--no-ansi", "--no-version-check"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "multiqc_report.html").read_text(encoding="utf-8")
    for section in ("Scores and verdicts", "Composition"):
        assert section in page
    plain_name = next(n for n in scores.index if str(n).startswith("MSC_"))
    assert plain_name in page
    shown = set(re.findall(r'data-sample-group="([^"]*)"', page))
    assert len(shown) == len(scores), "no two samples became one"
    for name in NAMES:
        if "<" in name:
            assert name not in page


def test_the_workbook_opens_and_holds_no_formula(exports: Path, study: synthetic.Study) -> None:
    book = openpyxl.load_workbook(exports / "tables.xlsx")
    listed = {row[0].value: row[1].value for row in book["contents"].iter_rows(min_row=2)}
    assert {"scores", "families", "specification", "misev_checklist", "warnings"} <= set(book.sheetnames)
    seen = set()
    for sheet in book:
        if sheet.title != "contents":
            assert listed[sheet.title] == sheet.max_row - 1
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{sheet.title}!{cell.coordinate}"
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                    assert cell.quotePrefix
                    seen.add(cell.value)
    assert "=cmd|' /C calc'!A0" in seen
    frame = tables.read_table(study.tables / "families.tsv", tables.FAMILIES)
    values = [c.value for c in book["families"][next(iter(_column(book["families"], "mass_fraction")))][1:]]
    assert [v for v in values if v is not None] == pytest.approx(frame["mass_fraction"].dropna().tolist(), rel=1e-9)


def _column(sheet: Any, name: str) -> list[str]:
    return [c.column_letter for c in sheet[1] if c.value == name]


def test_a_long_table_is_named_and_left_in_its_file(study: synthetic.Study, tmp_path: Path, monkeypatch: Any) -> None:
    from sevident.report.exports import workbook

    monkeypatch.setattr(workbook, "MOST_ROWS", 30)
    book = openpyxl.load_workbook(export(study, tmp_path) / "tables.xlsx")
    notes = [str(row[2].value) for row in book["contents"].iter_rows(min_row=2) if row[2].value]
    assert "markers" not in book.sheetnames
    assert "too long for a worksheet: see tables/markers.tsv" in notes


def test_the_crate_is_read_by_its_library_and_names_every_file(exports: Path, study: synthetic.Study) -> None:
    from rocrate.rocrate import ROCrate

    crate = ROCrate(str(exports))
    parts = {e.id: e for e in crate.data_entities}
    assert set(parts) == set(stage.FILES) - {"ro-crate-metadata.json"}
    for name, part in parts.items():
        assert int(part["contentSize"]) == (exports / name).stat().st_size
    assert crate.mainEntity is None and crate.name == "sEVident: synthetic"
    run = crate.dereference("#run")
    assert run["instrument"]["softwareVersion"] and len(run["result"]) == len(parts)
    assert {s["name"] for s in run["object"]} == {study.sheet.as_posix(), *(s.as_posix() for s in study.sources)}


def test_the_checklist_says_what_only_the_authors_can(exports: Path) -> None:
    frame = pd.read_csv(exports / "misev_checklist.tsv", sep="\t", dtype="str", keep_default_na=False)
    assert set(frame["answered_by"]) == {"data", "sample_sheet", "authors"}
    assert set(frame["status"]) <= {"answered", "partly", "open"}
    assert (frame.loc[frame["answered_by"] == "authors", "status"] == "open").all()
    assert frame["source"].ne("").all()
    assert frame["answer"].str.contains("preparations").any()


def test_exports_are_the_same_bytes_at_the_same_moment(
    exports: Path, study: synthetic.Study, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MOMENT)
    again = export(study, tmp_path)
    for name in stage.FILES:
        assert (again / name).read_bytes() == (exports / name).read_bytes(), name
    assert all(i.date_time[0] == 1980 for i in zipfile.ZipFile(again / "tables.xlsx").infolist())


def test_a_study_without_rows_still_exports(tmp_path: Path) -> None:
    study = synthetic.write(tmp_path, samples=4, empty=("markers", "families", "compartments", "contributions"))
    folder = export(study, tmp_path / "exports")
    assert {p.name for p in folder.iterdir()} == set(stage.FILES)
    frame = pd.read_csv(folder / "misev_checklist.tsv", sep="\t", dtype="str", keep_default_na=False)
    assert (frame.loc[frame["item"].str.contains("category 1"), "status"] == "open").all()
