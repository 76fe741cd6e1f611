"""What users hand over by accident, a table of it: every format by every kind of bad input.

A small public file of each format, cut short, is read as it is and as the kind makes it. ``HARMLESS`` kinds have to be
read, to the same rows and sums; ``HOPELESS`` ones have to be refused; any other is either read the same or refused, and
``DAMAGED`` ones may be read in part where that is said. A refusal is one InputError that names the file and is no
longer than a screen. What does not apply says why (``why_not``); ``pytest -s -k the_table`` prints all of it. Mutations
that are drawn by chance are in test_mutated_files.py.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from guarded import Guard, sums, told
from lxml import etree
from mutations import (
    CORPUS,
    DOCTYPES,
    TABLES,
    XML,
    Base,
    as_parquet,
    base,
    change_rows,
    european,
    reordered,
    widened,
    workbook,
    zipped,
)

from sevident import readers
from sevident.errors import InputError
from sevident.readers.base import InputSpec, ReadResult, normalise

SCREEN = 2_500  # characters
# of UniProt, of IPI, and the systematic names of yeast's genes
ACCESSION = re.compile(
    r"\b(?:[OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2}|IPI\d{8}|Y[A-P][LR]\d{3}[WC])\b"
)
# the columns that name proteins, of all formats
IDENTIFIERS = frozenset(
    (
        "protein ids", "majority protein ids", "proteins", "leading proteins", "leading razor protein", "protein",
        "protein id", "protein group", "protein groups", "indistinguishable proteins", "mapped proteins",
        "protein name", "proteinname", "pg", "pg proteingroups", "pg proteinaccessions", "pg uniprotids", "accession",
        "ambiguity members", "master protein accessions", "protein accessions", "protein accession",
        "protein group accessions", "proteinid",
    )
)  # fmt: skip

Kind = Callable[[Base], bytes]


def cut_row(file: Base) -> bytes:
    """The table up to a third of its last row."""
    lines = file.content.decode().rstrip("\n").split("\n")
    last = lines[-1]
    return "\n".join([*lines[:-1], last[: max(1, last.find(file.delimiter, len(last) // 3))]]).encode()


def second_column_twice(file: Base) -> bytes:
    """A name of the header stands over two columns."""
    names = next(row for row in file.rows if row[0] != "MTD")
    at = next(i for i, name in enumerate(names) if name and i > 0)
    return file.text(
        [row if row[0] == "MTD" else [*row, row[at] if at < len(row) else ""] for row in file.rows]
    ).encode()


def only_decoys(file: Base) -> bytes:
    """A decoy's tag before each protein: in the columns that name them, or before every accession of an XML file."""
    if not file.rows:
        return ACCESSION.sub(lambda match: f"REV__{match[0]}", file.content.decode()).encode()
    columns: list[int] = []

    def change(row: list[str], i: int) -> list[str]:
        if i == 0:
            named = [k for k, name in enumerate(row) if normalise(name) in IDENTIFIERS]
            columns[:] = named or [0]  # AlphaPept's proteins have no column name
            return row
        return [tagged(cell) if k in columns else cell for k, cell in enumerate(row)]

    return file.text(change_rows(file, change)).encode()


def tagged(cell: str) -> str:
    return cell if cell in {"", "null"} else re.sub(r"(^|[;,:]\s*)(?=\S)", r"\1REV__", cell)


def decoys_of_parquet(file: Base) -> bytes:
    table = pq.read_table(io.BytesIO(file.content))
    if "is_decoy" in table.column_names:
        at = table.column_names.index("is_decoy")
        return as_parquet(table.set_column(at, "is_decoy", pa.array([True] * len(table))))
    for name in ("Protein.Group", "Protein.Ids"):
        names = [tagged(text) for text in table[name].to_pylist()]
        table = table.set_column(table.column_names.index(name), name, pa.array(names))
    return as_parquet(table)


def columns_of_parquet(*, unknown: bool) -> Kind:
    def change(file: Base) -> bytes:
        table = pq.read_table(io.BytesIO(file.content))
        table = table.append_column("unknown", [["ü"] * len(table)]) if unknown else table
        return as_parquet(table.select(table.column_names[::-1]))

    return change


def noise(start: bytes, count: int) -> Kind:
    return lambda file: start + random.Random(count).randbytes(count)  # noqa: S311 (repeatable on purpose)


def doctype(what: str, where: str) -> Kind:
    """A document type with entities: used in the text, in attributes, or not at all."""

    def change(file: Base) -> bytes:
        text = re.sub(r"^<\?xml[^>]*\?>\s*", "", file.content.decode())
        at = text.index(">") + 1
        entity = "&l9;" if "laughs" in what else "&x;"
        if where == "used":
            text = f"{text[:at]}{entity}{text[at:]}"
        elif where == "in attributes":
            text = re.sub(r'="[^"]*"(?=[^<]*>\s*</)', f'="{entity}"', text, count=3)
        return ('<?xml version="1.0"?>\n' + DOCTYPES[what].replace("{secret}", "/etc/hostname") + "\n" + text).encode()

    return change


def attributes(file: Base) -> bytes:
    """XML whose attributes stand in another order, with one that nobody knows."""
    root = etree.fromstring(file.content)
    for element in root.iter(etree.Element):
        pairs = list(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(pairs[::-1])
        element.set("remark", "Müller")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def bare(file: Base) -> str:
    """XML without its declaration."""
    return re.sub(r"^<\?xml[^>]*\?>\s*", "", file.content.decode())


ANY: dict[str, Kind] = {
    "broken gzip": lambda file: gzip.compress(file.content)[:-30],
    "gzip of noise": noise(b"\x1f\x8b", 300),
    "zip of noise": noise(b"PK\x03\x04", 300),
    "noise": noise(b"\xff", 1500),
    "zero bytes": lambda file: b"",
    "cut at half": lambda file: file.content[: len(file.content) // 2],
}
PACKED: dict[str, Kind] = {
    "gzip": lambda file: gzip.compress(file.content),
    "xz": lambda file: lzma.compress(file.content),
    "bzip2": lambda file: bz2.compress(file.content),
    "zip": lambda file: zipped(file.content),
    "byte order mark": lambda file: b"\xef\xbb\xbf" + file.content,
    "Windows line ends": lambda file: file.content.replace(b"\n", b"\r\n"),
    "old Macintosh line ends": lambda file: file.content.replace(b"\n", b"\r"),
}
OF_TABLES: dict[str, Kind] = {
    "cut in a row": cut_row,
    "wrong delimiter: bars": lambda file: file.text(delimiter="|").encode(),
    "wrong delimiter: commas": lambda file: file.text(delimiter=",").encode(),
    "wrong delimiter: semicolons": lambda file: file.text(delimiter=";").encode(),
    "wrong delimiter: blanks": lambda file: file.content.replace(file.delimiter.encode(), b" "),
    "every cell quoted": lambda file: file.text(delimiter=",", quoting=csv.QUOTE_ALL).encode(),
    "UTF-16": lambda file: file.content.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda file: file.content.decode().encode("utf-16-le"),
    "Latin-1": lambda file: file.text(widened(file, 1, "Müller")).encode("latin-1", errors="replace"),
    **PACKED,
    "no last line end": lambda file: file.content.rstrip(b"\n"),
    "blank lines behind": lambda file: file.content + b"\n\n",
    "European decimals": lambda file: file.text(european(file.rows), ";").encode(),
    "European decimals and tabs": lambda file: file.text(european(file.rows), "\t").encode(),
    "header twice": lambda file: file.text([file.rows[0], *file.rows]).encode(),
    "header again behind": lambda file: file.text([*file.rows, file.rows[0]]).encode(),
    "header alone": lambda file: file.text(file.rows[:1]).encode(),
    "lines before the header": lambda file: b"exported by me\n\n" + file.content,
    "a column twice": second_column_twice,
    "columns in another order": lambda file: file.text(reordered(file, "order")).encode(),
    "columns in a third order": lambda file: file.text(reordered(file, "a")).encode(),
    "unknown columns": lambda file: file.text(widened(file, 3)).encode(),
    "unknown columns in another order": lambda file: (
        Base(file.name, b"", widened(file, 2), file.delimiter, {})
        .text(reordered(Base(file.name, b"", widened(file, 2), file.delimiter, {}), "c"))
        .encode()
    ),
    "10,000 columns": lambda file: file.text(widened(file, 10_000)).encode(),
    "a workbook": lambda file: workbook(file.rows),
    "only decoys": only_decoys,
    "blank": lambda file: b"\n \n",
    "zeros": lambda file: b"\x00" * 4096,
    **ANY,
}
OF_XML: dict[str, Kind] = {
    "cut in an element": lambda file: file.content[: file.content.rindex(b'="') + 2],
    "cut between elements": lambda file: file.content[: file.content.rstrip().rindex(b"</")],
    "twice": lambda file: file.content + bare(file).encode(),
    "UTF-16": lambda file: ('<?xml version="1.0" encoding="UTF-16"?>' + bare(file)).encode("utf-16"),
    "Latin-1 that says UTF-8": lambda file: file.content.decode().replace('="', '="ü', 3).encode("latin-1"),
    **PACKED,
    "no declaration": lambda file: bare(file).encode(),
    "comments": lambda file: file.content.decode().replace("?>", "?>\n<!-- <a & b> -->", 1).encode(),
    "European decimals": lambda file: re.sub(r'="(-?\d+)\.(\d+)"', r'="\1,\2"', file.content.decode()).encode(),
    "attributes in another order, one more": attributes,
    **{f"DOCTYPE: {what}, {where}": doctype(what, where) for what in DOCTYPES
       for where in ("used", "unused", "in attributes")},
    "only decoys": only_decoys,
    **ANY,
}  # fmt: skip
OF_PARQUET: dict[str, Kind] = {
    "cut at the end": lambda file: file.content[:-40],
    "its mark alone": lambda file: b"PAR1",
    "header alone": lambda file: as_parquet(pq.read_table(io.BytesIO(file.content)).slice(0, 0)),
    "columns in another order": columns_of_parquet(unknown=False),
    "unknown columns": columns_of_parquet(unknown=True),
    "only decoys": decoys_of_parquet,
    **ANY,
}
HARMLESS = {"UTF-16", "UTF-16 without a mark", "Latin-1", *PACKED, "no last line end", "blank lines behind"}
HARMLESS |= {"columns in another order", "columns in a third order", "unknown columns"}
HARMLESS |= {"unknown columns in another order", "10,000 columns"}
HARMLESS |= {"no declaration", "comments", "attributes in another order, one more"}
HOPELESS = {"broken gzip", "gzip of noise", "zip of noise", "noise", "zero bytes", "blank", "zeros", "header alone"}
HOPELESS |= {"a folder", "absent", "only decoys", "cut in an element", "cut between elements", "twice"}
HOPELESS |= {"cut at the end", "its mark alone", *(kind for kind in OF_XML if kind.startswith("DOCTYPE"))}
DAMAGED = {"cut in a row", "cut at half"}
ENDINGS = ("xlsx", "mzid", "csv", "parquet", "zip", "gz", "txt", "exe")

# where every further column is a run, text in it is refused
RUNS_ONLY = {"diann matrix", "alphadia", "alphapept"}
WIDENED = {"Latin-1", "unknown columns", "unknown columns in another order", "10,000 columns"}


def kinds_of(name: str) -> dict[str, Kind]:
    return OF_TABLES if name in TABLES else OF_XML if name in XML else OF_PARQUET


def why_not(name: str, kind: str) -> str:
    """Why a kind of bad input does not apply to a format; nothing where it does."""
    if name.startswith("mztab") and kind in {"header twice", "header again behind", "lines before the header"}:
        return "the first row is metadata, and each section has a header of its own"
    if name == "alphapept" and "order" in kind:
        return "the proteins have no column name: with another column first it is a plain table of proteins by samples"
    if kind == "wrong delimiter: blanks" and name != "peaks":
        return (
            "names of columns hold blanks or cells are empty: parted by blanks it is another table, maybe a sound one"
        )
    if kind == "old Macintosh line ends" and name in XML:
        return "line ends in XML are white space; the one of the declaration's line is enough"
    return ""


CASES = [(name, kind) for name in CORPUS for kind in kinds_of(name) if not why_not(name, kind)]


@cache
def unharmed(data: Path, name: str, folder: Path) -> ReadResult:
    file = base(data, name)
    path = folder / f"{name} as it is"
    path.write_bytes(file.content)
    return readers.read(InputSpec("main", path, organism="human", **file.settings))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("unharmed")


@pytest.fixture
def guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guard:
    return Guard(tmp_path, monkeypatch)


def judge(guard: Guard, kind: str, first: ReadResult, answer: object, must: bool) -> None:
    """The same tables, or one InputError of a screen at most; nothing in between goes without a word."""
    assert not guard.wrong, guard.wrong
    if isinstance(answer, ReadResult):
        assert kind not in HOPELESS, "was read"
        if sums(answer) != sums(first):
            assert not must and kind in DAMAGED and told(answer) - told(first), "other sums, without a word"
        return
    assert isinstance(answer, InputError) and len(str(answer)) <= SCREEN
    assert not must, f"refused: {answer}"


@pytest.mark.shared
@pytest.mark.parametrize(("name", "kind"), CASES)
def test_bad_input(guard: Guard, shared_data: Path, folder: Path, name: str, kind: str) -> None:
    file, first = base(shared_data, name), unharmed(shared_data, name, folder)
    answer = guard.read(kind, kinds_of(name)[kind](file), **file.settings)
    must = kind in HARMLESS and not (name in RUNS_ONLY and kind in WIDENED)
    judge(guard, kind, first, answer, must)


@pytest.mark.shared
@pytest.mark.parametrize("name", CORPUS)
def test_wrong_names_and_folders(guard: Guard, shared_data: Path, folder: Path, name: str) -> None:
    """The content tells what a file is, whatever its name ends with."""
    file, first = base(shared_data, name), unharmed(shared_data, name, folder)
    for ending in ENDINGS[list(CORPUS).index(name) % 2 :: 2]:  # a half of them for each format
        called = f"file [1] ü.{ending}"
        judge(guard, called, first, guard.read(called, file.content, called, **file.settings), must=True)
    place = guard.folder / "folder.txt"
    place.mkdir()
    judge(guard, "a folder", first, guard.open("a folder", place, **file.settings), must=False)
    judge(guard, "absent", first, guard.open("absent", guard.folder / "absent.txt", **file.settings), must=False)


def test_the_table_of_kinds() -> None:
    """Every format by every kind; a cell that does not apply says why."""
    asked = {
        "tables": {"cut in a row", "wrong delimiter: bars", "UTF-16", "Latin-1", "byte order mark", "Windows line ends",
                   "European decimals", "header twice", "columns in another order", "unknown columns", "only decoys",
                   "zero bytes", "broken gzip", "10,000 columns"},
        "xml": {"cut in an element", "UTF-16", "byte order mark", "Windows line ends", "only decoys", "zero bytes",
                "broken gzip", "DOCTYPE: billion laughs, used", "DOCTYPE: external entity, used"},
        "parquet": {"cut at the end", "columns in another order", "unknown columns", "only decoys", "zero bytes",
                    "broken gzip"},
    }  # fmt: skip
    for name in CORPUS:
        kinds = kinds_of(name)
        assert asked["tables" if name in TABLES else "xml" if name in XML else "parquet"] <= set(kinds)
        for kind in kinds:
            print(f"{name:30s} {kind:45s} {why_not(name, kind) or 'applies'}")
        assert sum(bool(why_not(name, kind)) for kind in kinds) <= 5


@pytest.mark.shared
def test_metabolomics_is_refused_politely(guard: Guard, shared_data: Path) -> None:
    for name in ("psi_MTBLS2.mztab", "psi_Cytidine.mzTab"):
        content = (shared_data / "formats" / "mztab" / name).read_bytes()
        for settings in ({}, {"format": "mztab"}):
            answer = guard.read(name, content, **settings)
            assert isinstance(answer, InputError) and "metabolomics" in str(answer) and len(str(answer)) <= SCREEN
    assert not guard.wrong
