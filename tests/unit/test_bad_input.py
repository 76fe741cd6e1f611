"""What users hand over by accident, a table of it: every format by every kind of bad input.

A small public file of each format, cut short, is read as it is and as the kind makes it. Either the tables are the
same to a row and a sum, or the file is refused with one InputError that names it and is no longer than a screen;
``HARMLESS`` kinds have to be read, ``HOPELESS`` ones have to be refused. The random mutations are in
test_mutated_files.py.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from guarded import Guard, sums, told
from lxml import etree
from mutations import (
    CORPUS,
    DOCTYPES,
    PARQUET,
    TABLES,
    XML,
    Base,
    base,
    european,
    reordered,
    sectioned,
    widened,
)

from sevident import readers
from sevident.errors import InputError
from sevident.readers.base import InputSpec, ReadResult

SCREEN = 2_500  # characters
# of UniProt, of IPI, and the systematic names of yeast's genes
ACCESSION = re.compile(
    r"\b(?:[OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d){1,2}|IPI\d{8}|Y[A-P][LR]\d{3}[WC])\b"
)

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
    return ACCESSION.sub(lambda match: f"REV__{match[0]}", file.content.decode()).encode()


def with_doctype(what: str) -> Kind:
    def change(file: Base) -> bytes:
        text = re.sub(r"^<\?xml[^>]*\?>\s*", "", file.content.decode())
        at = text.index(">") + 1
        entity = "&l9;" if "laughs" in what else "&x;"
        head = '<?xml version="1.0"?>\n' + DOCTYPES[what].replace("{secret}", "/etc/hostname")
        return f"{head}\n{text[:at]}{entity}{text[at:]}".encode()

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


ANY: dict[str, Kind] = {
    "broken gzip": lambda file: gzip.compress(file.content)[:-30],
    "zero bytes": lambda file: b"",
    "cut at half": lambda file: file.content[: len(file.content) // 2],
}
OF_TABLES: dict[str, Kind] = {
    "cut in a row": cut_row,
    "wrong delimiter: bars": lambda file: file.text(delimiter="|").encode(),
    "wrong delimiter: commas": lambda file: file.text(delimiter=",").encode(),
    "UTF-16": lambda file: file.content.decode().encode("utf-16"),
    "Latin-1": lambda file: file.text(widened(file, 1, "Müller")).encode("latin-1", errors="replace"),
    "byte order mark": lambda file: b"\xef\xbb\xbf" + file.content,
    "Windows line ends": lambda file: file.content.replace(b"\n", b"\r\n"),
    "European decimals": lambda file: file.text(european(file.rows), ";").encode(),
    "European decimals and tabs": lambda file: file.text(european(file.rows), "\t").encode(),
    "header twice": lambda file: file.text([file.rows[0], *file.rows]).encode(),
    "a column twice": second_column_twice,
    "columns in another order": lambda file: file.text(reordered(file, "order")).encode(),
    "unknown columns": lambda file: file.text(widened(file, 2)).encode(),
    "10,000 columns": lambda file: file.text(widened(file, 10_000)).encode(),
    "only decoys": only_decoys,
    **ANY,
}
OF_XML: dict[str, Kind] = {
    "cut in an element": lambda file: file.content[: file.content.rindex(b'="') + 2],
    "cut between elements": lambda file: file.content[: file.content.rstrip().rindex(b"</")],
    "UTF-16": lambda file: (
        '<?xml version="1.0" encoding="UTF-16"?>' + re.sub(r"^<\?xml[^>]*\?>", "", file.content.decode())
    ).encode("utf-16"),
    "Latin-1 that says UTF-8": lambda file: file.content.decode().replace('="', '="ü', 3).encode("latin-1"),
    "byte order mark": lambda file: b"\xef\xbb\xbf" + file.content,
    "Windows line ends": lambda file: file.content.replace(b"\n", b"\r\n"),
    "attributes in another order, one more": attributes,
    **{f"DOCTYPE: {what}": with_doctype(what) for what in DOCTYPES},
    "only decoys": only_decoys,
    **ANY,
}
HARMLESS = {"UTF-16", "byte order mark", "Windows line ends", "columns in another order", "unknown columns"}
HARMLESS |= {"attributes in another order, one more", "named .xlsx", "named .mzid", "named .csv"}
HOPELESS = {"broken gzip", "zero bytes", "a folder", "only decoys", "cut in an element", "cut between elements"}
HOPELESS |= {kind for kind in OF_XML if kind.startswith("DOCTYPE")}
NAMES = ("file.xlsx", "file.mzid", "file.csv")

# every further column of these is a run (so that text in it is refused)
RUNS_ONLY = {"diann matrix", "alphadia", "alphapept"}

# a table that wide takes a second each; one format of each way of reading stands for the others
WIDE = {"maxquant", "diann", "fragpipe", "sage", "spectronaut", "mztab"}

CASES = [(name, kind) for name in TABLES for kind in OF_TABLES if kind != "10,000 columns" or name in WIDE]
# the pattern of accessions does not meet every identifier of these; the test of each reader has its decoys alone
OTHER_NAMES = {"maxquant", "diann", "fragpipe", "msstats", "proteome_discoverer peptides"}
CASES = [case for case in CASES if not (case[0] in OTHER_NAMES and case[1] == "only decoys")]
# the proteins of AlphaPept have no column name: with another column first it is a plain table of proteins by samples
CASES.remove(("alphapept", "columns in another order"))
CASES += [(name, kind) for name in XML for kind in OF_XML]
CASES += [(name, kind) for name in PARQUET for kind in ANY]


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
            assert not must and kind.startswith("cut") and told(answer) - told(first), "other sums, without a word"
        return
    assert isinstance(answer, InputError) and len(str(answer)) <= SCREEN
    assert not must, f"refused: {answer}"


@pytest.mark.shared
@pytest.mark.parametrize(("name", "kind"), CASES)
def test_bad_input(guard: Guard, shared_data: Path, folder: Path, name: str, kind: str) -> None:
    file = base(shared_data, name)
    if sectioned_rows(file) and kind == "header twice":
        pytest.skip("mzTab's first row is metadata, not a header")
    first = unharmed(shared_data, name, folder)
    change = (OF_TABLES if name in TABLES else OF_XML if name in XML else ANY)[kind]
    answer = guard.read(kind, change(file), **file.settings)
    must = kind in HARMLESS
    must &= not (name in RUNS_ONLY and kind == "unknown columns")
    judge(guard, kind, first, answer, must)


def sectioned_rows(file: Base) -> bool:
    return bool(file.rows) and sectioned(file)


@pytest.mark.shared
@pytest.mark.parametrize("name", CORPUS)
def test_wrong_names_and_folders(guard: Guard, shared_data: Path, folder: Path, name: str) -> None:
    """The content tells what a file is, whatever its name ends with."""
    file, first = base(shared_data, name), unharmed(shared_data, name, folder)
    for called in NAMES:
        judge(guard, called, first, guard.read(called, file.content, called, **file.settings), must=True)
    place = guard.folder / "folder.txt"
    place.mkdir()
    judge(guard, "a folder", first, guard.open("a folder", place, **file.settings), must=False)


@pytest.mark.shared
def test_metabolomics_is_refused_politely(guard: Guard, shared_data: Path) -> None:
    for name in ("psi_MTBLS2.mztab", "psi_Cytidine.mzTab"):
        content = (shared_data / "formats" / "mztab" / name).read_bytes()
        for settings in ({}, {"format": "mztab"}):
            answer = guard.read(name, content, **settings)
            assert isinstance(answer, InputError) and "metabolomics" in str(answer) and len(str(answer)) <= SCREEN
    assert not guard.wrong
