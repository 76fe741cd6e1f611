"""Files, encodings, delimiters, numbers, and the registry of formats."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from sevident import readers
from sevident.errors import ConfigurationError, InputError, clip
from sevident.readers.base import InputSpec, normalise, strip_run, unique_runs
from sevident.readers.grids import read_grid
from sevident.readers.numbers import decimal_style, floats, parse_numbers
from sevident.readers.source import Source, read_head, sniff_delimiter

TABLE = "Gene\tProtein IDs\ts1\ts2\nCD9\tP21926\t10\t20\nALB\tP02768\t\t5.5\n"


def grid_of(tmp_path: Path, content: str | bytes, name: str = "table.txt", **keys: object):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_grid(Source(path), **keys)  # type: ignore[arg-type]


def zipped(content: bytes, *names: str) -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


ENCODINGS = {
    "plain": TABLE.encode(),
    "windows line ends": TABLE.replace("\n", "\r\n").encode(),
    "old mac line ends": TABLE.replace("\n", "\r").encode(),
    "mark": b"\xef\xbb\xbf" + TABLE.encode(),
    "utf-16 with mark": TABLE.encode("utf-16"),
    "utf-16 little": TABLE.encode("utf-16-le"),
    "utf-16 big": TABLE.encode("utf-16-be"),
    "no last line end": TABLE.rstrip("\n").encode(),
    "gzip": gzip.compress(TABLE.encode()),
    "xz": lzma.compress(TABLE.encode()),
    "bzip2": bz2.compress(TABLE.encode()),
    "zip": zipped(TABLE.encode(), "table.txt"),
    "zip of a mac": zipped(TABLE.encode(), "table.txt", "__MACOSX/._table.txt"),
    "comma": TABLE.replace("\t", ",").encode(),
    "semicolon": TABLE.replace("\t", ";").encode(),
    "semicolon and decimal comma": TABLE.replace("\t", ";").replace("5.5", "5,5").encode(),
    "excel hint": ("sep=;\n" + TABLE.replace("\t", ";")).encode(),
    "blank lines": ("\n\n" + TABLE + "\n\n").encode(),
}


@pytest.mark.parametrize("kind", ENCODINGS)
def test_one_table_in_every_wrapping(tmp_path: Path, kind: str) -> None:
    grid = grid_of(tmp_path, ENCODINGS[kind], name="any name at all")
    assert [normalise(name) for name in grid.header] == ["gene", "protein ids", "s1", "s2"]
    assert grid.text(grid.find("Protein.IDs")) == ["P21926", "P02768"]
    assert parse_numbers(grid, [2, 3]).tolist()[0] == [10, 20]
    second = parse_numbers(grid, [2, 3])[1]
    assert np.isnan(second[0]) and second[1] == 5.5


def test_latin_1_and_utf_8_letters_survive(tmp_path: Path) -> None:
    for encoding in ("utf-8", "latin-1"):
        grid = grid_of(tmp_path, "Gene\tMünster_µ\nCD9\t1\n".encode(encoding))
        assert grid.header == ["Gene", "Münster_µ"]


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a\tb c\td,e", "1\t2 3\t4,5"], "\t"),
        (["a;b;c", "1,5;2,5;3,5"], ";"),
        (["a,b,c", "1,2,3"], ","),
        (["a b c", "1 2 3"], " "),
        (['"a;x",b', '"1;2;3",4'], ","),
        (['"",gene,s1', '"1","A;B",3'], ","),
        (["one column", "of text"], " "),
        (["gene\tname\ts1", "A\tlong name, with commas; and more\t1", "B\tshort\t2"], "\t"),
    ],
)
def test_delimiters(lines: list[str], delimiter: str) -> None:
    assert sniff_delimiter(lines) == delimiter


def test_r_row_names_and_trailing_delimiters(tmp_path: Path) -> None:
    with_names = grid_of(tmp_path, "gene\ts1\n1\tCD9\t5\n2\tCD63\t6\n")
    assert with_names.header == ["", "gene", "s1"]
    assert with_names.text(1) == ["CD9", "CD63"]
    trailing = grid_of(tmp_path, "gene\ts1\nCD9\t5\t\nCD63\t6\t\n")
    assert trailing.header == ["gene", "s1", ""]
    assert trailing.text(0) == ["CD9", "CD63"]
    space = grid_of(tmp_path, 'gene s1  s2\n"1" CD9 5  6\n')
    assert space.text(1) == ["CD9"]


def test_quotation_marks(tmp_path: Path) -> None:
    quoted = grid_of(tmp_path, 'gene,name,s1\n"CD9","a, ""b""\nc",5\nCD63,d,x\n')
    assert quoted.text(1) == ['a, "b"\nc', "d"]
    with pytest.raises(InputError, match="line 4, column 's1'"):  # the line break inside a cell is counted
        parse_numbers(quoted, [2])
    lone = grid_of(tmp_path, 'gene\tname\ts1\nA\t"5-inch protein\t1\nB\tx\t2\nC\ty\t3\n')
    assert lone.text(0) == ["A", "B", "C"]
    pair = grid_of(tmp_path, 'gene\tname\ts1\nA\t"5-inch\t1\nB\tx\t2\nC\t"7-inch\t3\nD\tz\t4\n')
    assert pair.text(0) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["empty (0 bytes)"]),
        (b"\n\n  \n", ["no table"]),
        (b"Gene\ts1\n", ["header but no rows", "Gene, s1"]),
        (gzip.compress(TABLE.encode() * 500)[:-40], ["damaged or was cut off"]),
        (lzma.compress(TABLE.encode() * 500)[:-40], ["damaged or was cut off"]),
        (zipped(b"x", "a.txt", "b.txt"), ["exactly one file", "a.txt, b.txt"]),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, [".xls", "save the workbook as .xlsx"]),
        (b"\x00\x01\x02\x03" * 200, ["not a table", "binary content"]),
        (b"<?xml version='1.0'?>\n<MzIdentML/>", ["not a table", "XML"]),
        (b"PAR1" + b"\x00" * 100, ["Parquet file is damaged"]),
        (b"a\tb\n1\t2\n1\t2\t3\n" + b"1\t2\n" * 30 + b"1\t2\t3\t4\n", ["more cells than the header", "line 34"]),
        (b"a\tb\tc\n1\t2\t3\n1\t2\t3\n1", ["middle of a row", "line 4"]),
    ],
)
def test_unusable_files(tmp_path: Path, content: bytes, words: list[str]) -> None:
    with pytest.raises(InputError) as error:
        grid_of(tmp_path, content)
    assert "table.txt" in str(error.value)
    for word in words:
        assert word in str(error.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "proteinGroups.txt").write_text(TABLE)
    with pytest.raises(InputError) as error:
        Source(tmp_path / "proteinGroup.txt")
    assert "does not exist" in str(error.value) and "did you mean 'proteinGroups.txt'?" in str(error.value)
    with pytest.raises(InputError, match="does not exist"):
        Source(tmp_path / "nowhere" / "x.txt")
    with pytest.raises(InputError, match="this is a folder"):
        Source(tmp_path)


def test_short_rows_are_counted(tmp_path: Path) -> None:
    grid = grid_of(tmp_path, "gene\ts1\ts2\ts3\nA\t1\nB\t1\t2\t3\nC\t1\n")
    assert grid.short_rows == 2
    remarks = grid.short_rows_remarks(InputSpec("main", Path("x")))
    assert [(r["code"], r["count"]) for r in remarks] == [("short_rows", 2)]


def test_a_column_that_stands_twice_is_refused_when_it_is_needed(tmp_path: Path) -> None:
    grid = grid_of(tmp_path, "Gene names\tGene.names\ts1\nA\tB\t1\n")
    with pytest.raises(InputError) as error:
        grid.find("gene names")
    assert "'Gene names' (column 1) and 'Gene.names' (column 2)" in str(error.value)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "2.5", "1e6", "-3"], [1, 2.5, 1e6, -3]),
        (["1,89E+12", "5,5", "7"], [1.89e12, 5.5, 7]),
        (["1.234.567,89", "1.234", "2"], [1234567.89, 1234, 2]),
        (["1,234,567", "1,234.5"], [1234567, 1234.5]),
        (["1 234,5", "1\u00a0234,5"], [1234.5, 1234.5]),
        (["NaN", "nan", "NA", "n/a", "-", "#N/A", "null"], [np.nan] * 7),
        (["1", " 2 ", "3"], [1, 2, 3]),
        (["NaN", "-nan(ind)", "2"], [np.nan, np.nan, 2]),
        (["n/a", "-nan(ind)", "2"], [np.nan, np.nan, 2]),
        (["+5", "1e-300", "0.1"], [5, 1e-300, 0.1]),
    ],
)
def test_numbers(tmp_path: Path, cells: list[str], expected: list[float]) -> None:
    grid = grid_of(tmp_path, "gene\ts1\n" + "".join(f"g\t{cell}\n" for cell in cells))
    np.testing.assert_array_equal(parse_numbers(grid, [1])[:, 0], expected)


@pytest.mark.parametrize(
    "cell",
    ["1", " 2 ", "+5", "1E5", "1e+05", ".5", "1.", ".", "1e", "--1", "1\t", "nan", "NaN", "-nan", "inf", "-Infinity",
     "1e999", "0x10", "1_000", "\u0663", "\uff11", "1 000", "1d5", "TRUE", "", " "],
)  # fmt: skip
def test_text_is_a_number_where_pandas_says_so(cell: str) -> None:
    cells = np.array([cell, "2", np.nan], dtype=object)
    np.testing.assert_array_equal(floats(cells), pd.to_numeric(cells, errors="coerce"))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["1", "2", "low"], ["holds text", "line 4, column 's1'", "'low'"]),
        (["1", "inf"], ["infinite", "line 3, column 's1'"]),
        (["1", "-Infinity"], ["infinite"]),
        (["1,5", "2,345.6"], ["written in two ways"]),
        (["1,5", "2.5"], ["written in two ways", "line 3"]),
        (["1,234", "5,678"], ["cannot be known", "1,234"]),
        (["1e400"], ["infinite"]),
    ],
)
def test_what_is_no_number(tmp_path: Path, cells: list[str], words: list[str]) -> None:
    grid = grid_of(tmp_path, "gene\ts1\n" + "".join(f"g\t{cell}\n" for cell in cells))
    with pytest.raises(InputError) as error:
        parse_numbers(grid, [1])
    for word in words:
        assert word in str(error.value)


def test_decimal_style_over_all_columns() -> None:
    assert decimal_style(iter(["1,234", "1,5"])) == "comma"
    assert decimal_style(iter(["1,234", "1,234,567"])) == "point"
    with pytest.raises(InputError):
        decimal_style(iter(["12,345"]))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "_rels/.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path, part: str, encoding: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Gene", "s1", "s2"])
    book.active.append(["CD9", 1, 2])
    book.save(tmp_path / "plain.xlsx")
    assert read_grid(Source(tmp_path / "plain.xlsx")).header == ["Gene", "s1", "s2"]
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                text = re.sub(r"^<\?xml[^>]*\?>\s*", "", content.decode())
                start = (
                    f'<?xml version="1.0" encoding="{encoding}"?>\n<!-- a comment --><!DOCTYPE r [<!ENTITY a "ha">]>'
                )
                content = (start + text).encode(encoding)
            new.writestr(name, content)
    with pytest.raises(InputError, match="document type declaration") as error:
        read_grid(Source(path))
    assert part in str(error.value)


def test_a_workbook_is_opened_once_for_its_head_and_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    for row in (["Gene", "s1", "s2"], *([f"G{i}", i, i] for i in range(1, 200))):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    opened = []
    load = openpyxl.load_workbook
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *a, **k: (opened.append(1), load(*a, **k))[1])
    source = Source(tmp_path / "book.xlsx")
    head = read_head(source)
    assert head.header == ["Gene", "s1", "s2"]
    assert head.rows[0] == ["G1", "1", "1"]
    grid = read_grid(source)
    assert len(grid.frame) == 199
    assert grid.frame.index[0] == 2
    assert len(opened) == 1
    # a workbook that was written anew is opened anew
    book.active.append(["G200", 1, 1])
    book.save(tmp_path / "book.xlsx")
    assert len(read_grid(Source(tmp_path / "book.xlsx")).frame) == 200


def test_workbooks(tmp_path: Path) -> None:
    import datetime

    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "read me"
    notes.append(["notes"])
    sheet = book.create_sheet("Proteins")
    for row in (["a title"], [], ["Gene", "s1", "s2"], [datetime.datetime(2024, 3, 1), 1.5, None], ["CD9", 2, "x"]):
        sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    grid = read_grid(Source(path), sheet="Proteins", skip_rows=2)
    assert grid.header == ["Gene", "s1", "s2"]
    assert grid.text(0) == ["1-Mar", "CD9"]  # a gene that Excel made a date is given back as Excel shows it
    assert parse_numbers(grid, [1])[:, 0].tolist() == [1.5, 2]
    with pytest.raises(InputError, match="line 5, column 's2'"):
        parse_numbers(grid, [2])
    assert read_grid(Source(path), sheet=1, skip_rows=2).header == grid.header
    for wrong in ("proteins ", 7):
        with pytest.raises(InputError) as error:
            read_grid(Source(path), sheet=wrong)
        assert "'read me', 'Proteins'" in str(error.value)
    renamed = path.rename(tmp_path / "book.txt")
    assert read_grid(Source(renamed), sheet="Proteins", skip_rows=2).header == grid.header


def test_run_names() -> None:
    assert strip_run(r"D:\data\dia 17.11\ost_d8_1_2486.d") == "ost_d8_1_2486"
    assert strip_run("/mnt/x/A.mzML.gz") == "A"
    assert strip_run("25000am.1") == "25000am.1"
    assert strip_run("sample1.thermo.raw") == "sample1.thermo"
    assert unique_runs(["a/x.raw", "b/y.raw"]) == ["x", "y"]
    assert unique_runs(["a/x.raw", "b/x.raw"]) == ["a/x.raw", "b/x.raw"]
    assert unique_runs(["a/x.raw", "a/x.d"]) == ["x.raw", "x.d"]


def test_unknown_formats_and_settings(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(TABLE)
    with pytest.raises(ConfigurationError, match="did you mean 'maxquant'"):
        readers.read(InputSpec("main", path, format="maxqant"))
    with pytest.raises(ConfigurationError, match="did you mean 'sheet'"):
        InputSpec.from_settings({"path": str(path), "sheets": 1})
    with pytest.raises(ConfigurationError, match="no path"):
        InputSpec.from_settings({"name": "main"})
    assert InputSpec.from_settings({"path": "x", "columns": None}) == InputSpec("main", Path("x"))


@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("formats/maxquant/msqrob2_cptac_summary.txt", "summary.txt"),
        ("formats/diann/PXD036609.sdrf.tsv", "SDRF"),
    ],
)
def test_other_formats_are_named_and_refused(shared_data: Path, file: str, word: str) -> None:
    with pytest.raises(InputError) as error:
        readers.detect(shared_data / file)
    assert word in str(error.value) and "format of the file is not recognised" in str(error.value)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("formats/maxquant/wrProteo_proteinGroupsMaxQuant1.txt.gz", "maxquant"),
        ("formats/maxquant/msstatsconvert_proteinGroups.csv", "maxquant"),
        ("formats/maxquant/directlfq_peptides.txt", "maxquant"),
        ("formats/maxquant/msstatsconvert_evidence.csv", "maxquant"),
        ("formats/spectronaut/pivot_mouse_ovary_ecm.xls", "spectronaut"),
        ("formats/spectronaut/alphapeptstats_results.tsv", "spectronaut"),
        ("formats/proteome_discoverer/wrProteo_pxd001819_PD24_Proteins.txt.gz", "proteome_discoverer"),
        ("formats/proteome_discoverer/msstatsconvert_psm.csv", "proteome_discoverer"),
        ("studies/endothelial_secretome/lysate_HCA_peaks.csv", "peaks"),
        ("studies/milk_ev/DB search psm_UC_ POOL_1.csv", "peaks"),
        ("formats/diann/msqrob2_spikein_pg_matrix.tsv", "diann"),
        ("formats/diann/proteobench_1.9beta_report.tsv", "diann"),
        ("studies/osteogenic_lysate/report..gg_matrix_diaml.tsv", "diann"),
        ("studies/ascites_ev/abundance.csv", "matrix"),
        ("formats/fragpipe/celegans_combined_protein.tsv", "fragpipe"),
        ("formats/fragpipe/paynelab_peptide.tsv", "fragpipe"),
        ("studies/urine/combined_final_protein_ByJF.csv", "fragpipe"),
        ("studies/msc_secretome/wjs_proteom_frag.csv", "matrix"),
        ("formats/sage/proteobench_lfq.tsv", "sage"),
        ("formats/other/quantms_PXD040438_msstats_in.csv", "msstats"),
        ("formats/other/msstatsconvert_skyline.csv", "skyline"),
        ("formats/other/alphadia_1.10.4_pg_matrix.tsv", "alphadia"),
        ("formats/other/alphapept_0.5.0_pg_matrix.csv", "alphapept"),
        ("formats/other/mokapot_percolator.proteins.txt", "percolator"),
        ("studies/plasma_cohort/example_Weight_loss_study.txt", "matrix"),
    ],
)
def test_formats_are_recognised(shared_data: Path, file: str, name: str) -> None:
    assert readers.detect(shared_data / file) == name


def test_a_wrong_format_is_refused_with_the_right_one(shared_data: Path) -> None:
    table = shared_data / "studies" / "breast_exosome" / "proteinGroups.csv"
    with pytest.raises(InputError) as error:
        readers.read(InputSpec("main", table, format="diann"))
    assert "`format: diann` says so" in str(error.value) and "set `format: maxquant`" in str(error.value)


def test_reading_the_head_reads_no_more_than_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "big.tsv"
    path.write_text(TABLE + "X\tP1\t1\t2\n" * 300_000)
    head = read_head(Source(path))
    assert head.columns == ["gene", "protein ids", "s1", "s2"] and len(head.rows) < 60


def test_duckdb_is_not_imported_for_other_formats() -> None:
    code = (
        "import sys, sevident.ingest, sevident.readers.maxquant, sevident.readers.matrix, sevident.readers.diann;"
        "sys.exit('duckdb' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_a_file_holds_makes_no_message_endless(tmp_path: Path) -> None:
    assert clip("short") == "short" and clip("x" * 900) == "x" * 900
    clipped = clip("a" * 5000 + "b" * 100_000 + "the end")
    assert len(clipped) <= 900 and clipped.startswith("aaa") and clipped.endswith("the end")
    assert "characters ..." in clipped
    path = tmp_path / "names.tsv"
    path.write_text("\t".join(["Foo" + "o" * 100_000, "Bar"]) + "\nx\ty\n")
    with pytest.raises(InputError) as error:
        readers.detect(path)
    assert len(str(error.value)) < 1500 and str(path) in str(error.value)


def test_a_file_that_is_not_recognised_tells_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text("Foo\tBar\nx\ty\n")
    with pytest.raises(InputError) as error:
        readers.detect(path)
    for word in ("MaxQuant", "mzIdentML", "sevident inspect", "format: matrix"):
        assert word in str(error.value)
    assert len(str(error.value)) < 900
