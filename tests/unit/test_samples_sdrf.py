"""SDRF-Proteomics files as sample sheets."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from sevident import ingest, tables
from sevident.errors import SampleSheetError
from sevident.samples import SampleSheet, read_samples

HEADER = "source name\tcharacteristics[organism]\tcharacteristics[biological replicate]\tassay name\tcomment[data file]"
FULL = HEADER + "\tcomment[fraction identifier]\tcomment[technical replicate]\tcharacteristics[sevident role]"


def read(tmp_path: Path, *lines: str, name: str = "study.sdrf.tsv", inputs: tuple[str, ...] = ("main",)) -> SampleSheet:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_samples(path, inputs=inputs)


def test_columns_become_those_of_a_sheet(tmp_path: Path) -> None:
    sheet = read(
        tmp_path,
        FULL,
        "EV 1\tHomo sapiens\t1\trun 1\tD:\\raw\\EV_1_F1.raw\t1\t2\tpreparation",
        "EV 1\tHomo sapiens\t1\trun 2\tftp://host/EV_1_F2.raw\t2\t2\t",
        "medium\tHomo sapiens\tnot applicable\trun 3\tCM.d\t1\tnot available\tConditioned medium",
    )
    assert [(r.sample, r.run, r.input, r.replicate) for r in sheet.rows] == [
        ("EV 1", "EV_1_F1", "main", "1"),
        ("EV 1", "EV_1_F2", "main", "1"),
        ("medium", "CM", "main", ""),
    ]
    assert [s.role for s in sheet.samples] == ["preparation", "conditioned_medium"]
    assert [r.extra["fraction"] for r in sheet.rows] == ["1", "2", "1"]
    assert [r.extra["technical_replicate"] for r in sheet.rows] == ["2", "2", ""]
    assert sheet.samples[0].extra["characteristics[organism]"] == "Homo sapiens"
    assert sheet.samples[0].extra["assay name"] == "run 1;run 2"
    assert [r.line for r in sheet.rows] == [2, 3, 4]
    (remark,) = [w for w in sheet.warnings if w["code"] == "sheet_sdrf"]
    assert remark["count"] == 3 and "every sample is taken" not in str(remark["message"])


def test_without_roles_every_sample_is_a_preparation(tmp_path: Path) -> None:
    sheet = read(tmp_path, HEADER, "a\tHomo sapiens\t1\trun 1\ta.raw", "b\tHomo sapiens\t2\trun 2\tb.raw")
    assert {s.role for s in sheet.samples} == {"preparation"}
    (remark,) = [w for w in sheet.warnings if w["code"] == "sheet_sdrf"]
    assert "characteristics[sevident role]" in str(remark["message"])


@pytest.mark.parametrize("column", ["comment[sevident role]", "Factor Value [sevident role]", "role"])
def test_roles_may_stand_in_several_kinds_of_columns(tmp_path: Path, column: str) -> None:
    sheet = read(tmp_path, f"Source Name\tComment[Data File]\t{column}", "a\ta.raw\tsource_fluid", "b\tb.raw\t")
    assert [s.role for s in sheet.samples] == ["source_fluid", "preparation"]


def test_our_other_columns_have_the_same_form(tmp_path: Path) -> None:
    names = ["reference group", "lot", "process", "input"]
    header = "source name\tcomment[data file]\t" + "\t".join(f"characteristics[sevident {name}]" for name in names)
    sheet = read(tmp_path, header, "a\ta.raw\tg\tL1\tSEC\tsecond", inputs=("first", "second"))
    (sample,) = sheet.samples
    assert (sample.reference_group, sample.lot, sample.process) == ("g", "L1", "SEC")
    assert sample.runs == [("second", "a")]


def test_a_column_that_stands_there_several_times_is_joined(tmp_path: Path) -> None:
    header = "source name\tcomment[data file]\tcomment[modification parameters]\tcomment[modification parameters]"
    sheet = read(tmp_path, header, "a\ta.raw\tOxidation\tCarbamidomethyl", "b\tb.raw\tOxidation\tOxidation")
    assert [s.extra["comment[modification parameters]"] for s in sheet.samples] == [
        "Oxidation;Carbamidomethyl",
        "Oxidation",
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((HEADER, "a\tHomo sapiens\t1\trun 1\t"), ["no data file", "line 2"]),
        (
            (HEADER, "a\tHomo sapiens\t1\trun 1\ta.raw", "b\tHomo sapiens\t1\trun 2\ta.raw"),
            ["same run", "lines 2 and 3"],
        ),
        ((HEADER,), ["holds no samples"]),
        ((FULL, "a\tHomo sapiens\t1\trun 1\ta.raw\t1\t1\tvesicles"), ["role that does not exist", "vesicles"]),
        (
            ("source name\tcomment[data file]\tcomment[label]", "a\tx.raw\tTMT126", "b\tx.raw\tTMT127"),
            ["labelled samples", "lines 2 and 3", "TMT127"],
        ),
        (("source name\tassay name", "a\trun 1"), ["no column 'sample'", "comment[data file]"]),
        ((HEADER.replace("source name", "sample"), "a\tx\t1\tr\ta.raw\tsurplus"), ["more values"]),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, lines: tuple[str, ...], words: list[str]) -> None:
    with pytest.raises(SampleSheetError) as error:
        read(tmp_path, *lines)
    for word in words:
        assert word in str(error.value)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["PXD019909-DIA.sdrf.tsv", "PXD036609.sdrf.tsv"])
def test_published_files(shared_data: Path, name: str) -> None:
    path = shared_data / "formats" / "diann" / name
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t")
    file_at = header.index("comment[data file]")
    sheet = read_samples(path, inputs=["main"])
    assert [r.sample for r in sheet.rows] == [row[0] for row in rows]
    assert [r.run for r in sheet.rows] == [row[file_at].removesuffix(".raw") for row in rows]
    assert len(sheet.samples) == len({row[0] for row in rows})
    repeated = [column for column, count in Counter(header).items() if count > 1]
    assert repeated and all(column in sheet.extra_columns for column in repeated)


@pytest.mark.shared
def test_a_published_file_names_the_runs_of_its_search(shared_data: Path, tmp_path: Path) -> None:
    # two of the searched runs, the sheet cut to them: 43 runs x 9,417 groups would take long
    lines = (shared_data / "studies/skin_lysate/report.pg_matrix.tsv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "pg_matrix.tsv"
    path.write_text("\n".join("\t".join(line.split("\t")[:7]) for line in lines[:400]) + "\n", encoding="utf-8")
    files = [tmp_path / name for name in ("p.parquet", "f.parquet", "w.tsv")]
    ingest.run_input({"name": "main", "path": str(path), "organism": "human"}, *files)
    known = tables.read_table(files[0], tables.PROTEINS)["run"].unique().tolist()
    sdrf = (shared_data / "formats/diann/PXD019909-DIA.sdrf.tsv").read_text(encoding="utf-8").splitlines()
    sheet = tmp_path / "study.sdrf.tsv"
    sheet.write_text("\n".join([sdrf[0], *(line for line in sdrf[1:] if any(k in line for k in known))]) + "\n")
    out = [tmp_path / "out" / name for name in ("p.parquet", "f.parquet", "w.tsv")]
    ingest.run({"inputs": ["main"]}, sheet, [files[0]], [files[1]], [files[2]], *out)
    found = tables.read_table(out[0], tables.PROTEINS)
    assert len(known) == 2 and sorted(found["run"].unique()) == sorted(known)
    assert "sheet_sdrf" in tables.read_table(out[2], tables.WARNINGS)["code"].tolist()
