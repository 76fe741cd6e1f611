"""The sample sheet: what is understood, what is refused and in which words, and what is remarked on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sevident import configuration, samples
from sevident.errors import SampleSheetError
from sevident.samples import SampleSheet, read_samples
from sevident.tables import ROLES, WARNINGS


@pytest.fixture
def sheet(tmp_path: Path):
    """Write a sheet and read it; '|' stands for a tab."""

    def make(content: str | bytes, inputs: list[str] | None = None) -> SampleSheet:
        path = tmp_path / "samples.tsv"
        path.write_bytes(content if isinstance(content, bytes) else content.replace("|", "\t").encode())
        return read_samples(path, ["main"] if inputs is None else inputs)

    return make


def refusal(sheet, content: str | bytes, inputs: list[str] | None = None) -> SampleSheetError:
    with pytest.raises(SampleSheetError) as caught:
        sheet(content, inputs)
    assert "samples.tsv" in (caught.value.where or "")
    return caught.value


def codes(result: SampleSheet) -> list[object]:
    assert all(set(row) == set(WARNINGS.columns) for row in result.warnings)
    return [row["code"] for row in result.warnings]


FULL = (
    "sample|input|run|role|reference_group|lot|process|replicate|particles_per_ml\n"
    "EV 1|main|r1|preparation|A|L1|P1|1|1e11\n"
    "EV 1|main|r2|preparation|A|L1|P1|2|\n"
    "medium|main|r3|conditioned_medium|A||||\n"
)


def test_rows_and_samples_in_sheet_order(sheet) -> None:
    result = sheet(FULL)
    assert [r.run for r in result.rows] == ["r1", "r2", "r3"]
    assert [r.line for r in result.rows] == [2, 3, 4]
    assert [s.name for s in result.samples] == ["EV 1", "medium"]
    first = result.samples[0]
    assert first.runs == [("main", "r1"), ("main", "r2")]
    assert (first.role, first.reference_group, first.lot, first.process) == ("preparation", "A", "L1", "P1")
    assert first.replicate == "1;2"
    assert first.extra == {"particles_per_ml": "1e11"}
    assert result.extra_columns == ["particles_per_ml"]
    assert result.warnings == []
    assert result.references_of(first, "conditioned_medium") == [result.samples[1]]
    assert result.references_of(first, "source_fluid") == []
    assert result.with_role("conditioned_medium") == [result.named("medium")]
    with pytest.raises(KeyError):
        result.named("nobody")


def test_the_least_that_is_needed(sheet) -> None:
    result = sheet("sample\na\nb\n")
    assert [s.runs for s in result.samples] == [[("main", "a")], [("main", "b")]]
    assert {s.role for s in result.samples} == {"preparation"}
    assert codes(result) == []


def test_without_a_group_nothing_is_compared(sheet) -> None:
    result = sheet("sample|role\na|\nb|source_fluid\n")
    assert result.references_of(result.named("a"), "source_fluid") == []
    assert codes(result) == ["unused_reference"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + FULL.replace("|", "\t").encode(),
        FULL.replace("|", "\t").replace("\n", "\r\n").encode(),
        FULL.replace("|", "\t").replace("\n", "\r").encode(),
        FULL.replace("|", "\t").rstrip("\n").encode(),
        ("\n\n" + FULL.replace("|", " \t ").replace("\n", "\n\t\t\n\n")).encode(),
        FULL.replace("|", "\t").replace("EV 1", '"EV 1"').encode(),
        FULL.replace("|", "\t").replace("EV 1", "\u00a0EV 1\u200b").encode(),
        FULL.replace("|", "\t").replace("\n", "\t\t\n").encode(),
        FULL.replace("|", "\t").replace("reference_group", "Reference Group").replace("sample", "Sample").encode(),
        FULL.replace("|", "\t").replace("conditioned_medium", "Conditioned medium").encode(),
    ],
    ids=["bom", "windows", "old_mac", "no_last_newline", "blank_lines", "quotes", "spaces", "tails", "header", "role"],
)
def test_forms_that_mean_the_same(sheet, content: bytes) -> None:
    result, plain = sheet(content), sheet(FULL)
    assert result.samples == plain.samples
    assert codes(result) == []


@pytest.mark.parametrize(("delimiter", "word"), [(",", "commas"), (";", "semicolons")])
def test_other_delimiters_are_read_and_remarked_on(sheet, delimiter: str, word: str) -> None:
    result = sheet(FULL.replace("|", delimiter).replace("EV 1", f'"EV{delimiter} 1"').encode())
    assert result.samples[0].name == f"EV{delimiter} 1"
    assert codes(result) == ["sheet_delimiter"]
    assert word in str(result.warnings[0]["message"])
    assert result.warnings[0]["level"] == "info"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_read_and_remarked_on(sheet, encoding: str) -> None:
    text = "sample\trole\nñandú\t\n"
    result = sheet(text.encode(encoding) if encoding == "utf-16" else ("\ufeff" + text).encode(encoding))
    assert result.samples[0].name == "ñandú"
    assert codes(result) == ["sheet_encoding"]


NAMES = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0".replace("|", ":"),
    "../../etc/passwd",
    "'; DROP TABLE samples; --",
    "{curly} $(sub) `tick` %s",
    "培養上清 ロット１",
    "👩‍🔬 EV",
    "NA",
    "nan",
    "1e5",
    "007",
    "#1",
    "-1",
    "a, b; c",
    'the 5" dish',
    "עברית",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_text(sheet, name: str) -> None:
    result = sheet(f"sample|role\n{name}|\n")
    assert result.samples[0].name == name
    assert result.samples[0].runs == [("main", name)]


def test_names_that_differ_in_case_or_form_are_different(sheet) -> None:
    assert len(sheet("sample\nA\na\nÅ\nA\u030a\n").samples) == 4


def test_a_long_name_is_allowed_and_remarked_on(sheet) -> None:
    result = sheet("sample\n" + "x" * 201 + "\n" + "y" * 200 + "\n")
    assert codes(result) == ["long_name"]
    assert result.warnings[0]["count"] == 201


@pytest.mark.parametrize(
    ("content", "where", "words"),
    [
        ("", "line 1", "no column 'sample'"),
        ("\n\n", "line 1", "no column 'sample'"),
        ("samples|role\na|\n", "line 1", "did you mean 'samples'?"),
        ("source name|assay name\na|b\n", "line 1", "an SDRF file"),
        ("sample|role\n", "samples.tsv", "a header and no rows"),
        ("sample|role|role\na||\n", "columns 2 and 3", "twice"),
        ("sample|Role|role\na||\n", "columns 2 and 3", "twice"),
        ("sample||role\na|b|\n", "column 2", "no name"),
        ("sample|role\na|\nsample|role\nb|\n", "line 3", "header of the sample sheet stands in it twice"),
        ("sample|role\na|\n|preparation\n", "line 3, column 'sample'", "role = 'preparation'"),
        ("sample|role\na|preperation\n", "line 2, column 'role'", "did you mean 'preparation'?"),
        ("sample|role\n\n\na|EV\n", "line 4, column 'role'", "source_fluid"),
        ("sample|input\na|mian\n", "line 2, column 'input'", "did you mean 'main'?"),
        ("sample|run\na|r\nb|s\na|r\n", "lines 2 and 4", "sample 'a', run 'r' of input 'main'"),
        ("sample\na\na\n", "lines 2 and 3", "twice with the same run"),
        ("sample|run\na|r\nb|r\n", "lines 2 and 3", "samples 'a' and 'b'"),
        ("sample|run\na|b\nb|\n", "lines 2 and 3", "use the same run"),
        ("sample|run|role\na|1|source_fluid\na|2|preparation\n", "lines 2 and 3, column 'role'", "differ in 'role'"),
        ("sample|run|lot\na|1|X\na|2|\na|3|Y\n", "lines 2 and 4, column 'lot'", "'X' and 'Y'"),
        ("sample|run|reference_group\na|1|X\na|2|Y\n", "column 'reference_group'", "differ"),
        ("sample|run|process\na|1|X\na|2|Y\n", "column 'process'", "differ"),
        ("sample|role\na||surplus\n", "line 2", "3 values, the last is 'surplus'"),
        ("sample|role\na\x07|\n", "line 2, column 'sample'", "U+0007"),
        ("sample|role\na\u202eb|\n", "line 2, column 'sample'", "U+202E"),
        ('sample|role\n"a\nb"|\n', "line 2, column 'sample'", "U+000A"),
        ('sample|role\n"a|\nb|\n', "line 2", "quotation mark"),
        ('sample|role\n"a"b|\n', "line 2", "quotation mark"),
        ("sample|ro\x1ble\na|\n", "line 1, column 2", "U+001B"),
        ("sample\n" + "x" * 200_000 + "\n", "line 2", "100,000"),
    ],
)
def test_what_is_wrong_is_said(sheet, content: str, where: str, words: str) -> None:
    error = refusal(sheet, content)
    assert where in (error.where or "")
    assert words in str(error)


def test_lines_are_counted_as_in_the_file(sheet) -> None:
    error = refusal(sheet, '\nsample|note|role\n\na|"two\nlines"|\n\nb||x\n')
    assert "line 4, column 'note'" in (error.where or "")
    error = refusal(sheet, "\nsample|note|role\r\n\r\na||\r\n\r\nb||x\r\n")
    assert "line 6, column 'role'" in (error.where or "")


def test_several_inputs_want_to_be_named(sheet) -> None:
    inputs = ["one", "two"]
    assert "one of one, two" in str(refusal(sheet, "sample\na\n", inputs))
    assert "one of one, two" in str(refusal(sheet, "sample|input\na|\n", inputs))
    result = sheet("sample|input|run\na|one|r\na|two|r\n", inputs)
    assert result.samples[0].runs == [("one", "r"), ("two", "r")]
    assert "samples 'a' and 'b'" in str(refusal(sheet, "sample|input|run\na|one|r\nb|one|r\n", inputs))


def test_without_known_inputs_the_column_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "s.tsv"
    path.write_text("sample\tinput\na\tany\nb\t\n")
    assert [r.input for r in read_samples(path).rows] == ["any", ""]


def test_an_empty_cell_does_not_contradict(sheet) -> None:
    result = sheet("sample|run|role|lot\na|1||\na|2|source_fluid|L\n")
    assert (result.samples[0].role, result.samples[0].lot) == ("source_fluid", "L")
    assert {(r.role, r.lot) for r in result.rows} == {("source_fluid", "L")}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b"sample\nM\xfcller\n", "the byte 0xFC"),
        (b"sample\na\x00b\n", "a null character"),
        ("sample\na\n".encode("utf-16")[:-1], "breaks off"),
    ],
)
def test_what_is_not_text_is_said(sheet, content: bytes, words: str) -> None:
    assert words in str(refusal(sheet, content))


def test_the_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "samples.tsv").write_text("sample\na\n")
    with pytest.raises(SampleSheetError, match=r"does not exist[\s\S]*did you mean 'samples.tsv'"):
        read_samples(tmp_path / "sample.tsv")
    with pytest.raises(SampleSheetError, match="check the path"):
        read_samples(tmp_path / "nowhere" / "samples.tsv")
    with pytest.raises(SampleSheetError, match="cannot be read"):
        read_samples(tmp_path)


def test_remarks(sheet) -> None:
    assert codes(sheet("sample|role\na|source_fluid\n")) == ["no_preparation"]
    lonely = sheet("sample|role|reference_group\na||A\nb|process_blank|B\nc|source_fluid|A\n")
    assert [(r["code"], r["subject"]) for r in lonely.warnings] == [("unused_reference", "b")]
    assert codes(sheet("sample|roles|lot_no\na|x|y\n")) == ["sheet_column_unread"]
    assert codes(sheet("sample|role|roles\na||x\n")) == []


def test_the_schema_says_what_the_code_does() -> None:
    schema = yaml.safe_load((configuration.SCHEMA.parent / "samples.schema.yaml").read_text())
    Draft202012Validator.check_schema(schema)
    assert tuple(schema["properties"]) == samples.COLUMNS
    assert schema["properties"]["role"]["enum"] == ["", *ROLES]
    assert schema["properties"]["role"]["default"] == samples.DEFAULT_ROLE
    assert schema["required"] == ["sample"]
    with pytest.raises(Exception, match="not one of"):
        Draft202012Validator(schema).validate({"sample": "a", "role": "EV"})


@pytest.mark.parametrize("study", sorted((Path(__file__).parents[1] / "studies").iterdir()), ids=lambda p: p.name)
def test_the_sheets_of_the_public_studies_obey_the_schema(study: Path) -> None:
    schema = yaml.safe_load((configuration.SCHEMA.parent / "samples.schema.yaml").read_text())
    result = read_samples(study / "samples.tsv", ["main"])
    with (study / "samples.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for row in rows:
        Draft202012Validator(schema).validate(row)
    assert len(result.rows) == len(rows) == len(result.samples)
    assert "truth" in result.extra_columns
    assert result.warnings == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | st.text('samplerole\t\n\r",;a ').map(str.encode)
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "samples.tsv"
    path.write_bytes(data)
    try:
        result = read_samples(path, ["main"])
    except SampleSheetError as error:
        assert str(path) in str(error)
    else:
        assert result.samples
        assert len({(r.input, r.run) for r in result.rows}) == len(result.rows)
