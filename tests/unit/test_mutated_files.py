"""Public files of every format, cut short and mutated: each is read as before, or refused with a SevidentError.

Every mutation runs under one guard: no other exception, no hang, nothing written outside the folder of the test, no
secret of another file in the tables, tables by their contract. The seeds are fixed, so that a failure repeats.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import re
import string
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from guarded import Guard, compare, sums, told, unharmed
from lxml import etree
from mutations import (
    CORPUS,
    DOCTYPES,
    JUNK,
    PARQUET,
    TABLES,
    XML,
    Base,
    as_parquet,
    base,
    european,
    reordered,
    scrambled,
    sectioned,
    widened,
    workbook,
    zipped,
)

from sevident import readers
from sevident.errors import SevidentError
from sevident.readers.base import ReadResult

BYTES, CELLS, NODES = 12, 16, 20  # random mutations per file


@pytest.fixture
def guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guard:
    return Guard(tmp_path, monkeypatch)


# Tables


@pytest.mark.shared
@pytest.mark.parametrize("name", TABLES)
def test_harmless_changes_of_tables(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    first, text = unharmed(guard, file), file.content
    mztab = sectioned(file)
    same: dict[str, bytes] = {
        "gzip": gzip.compress(text),
        "xz": lzma.compress(text),
        "bzip2": bz2.compress(text),
        "zip": zipped(text),
        "UTF-16": text.decode().encode("utf-16"),
        "UTF-16 without mark": text.decode().encode("utf-16-le"),
        "Latin-1": file.text(widened(file, 2, "Müller")).encode("latin-1", errors="replace"),
        "byte order mark": b"\xef\xbb\xbf" + text,
        "Windows line ends": text.replace(b"\n", b"\r\n"),
        "old Macintosh line ends": text.replace(b"\n", b"\r"),
        "no last line end": text.rstrip(b"\n"),
        "shuffled columns": file.text(reordered(file, "a")).encode(),
        "shuffled otherwise": file.text(reordered(file, "b")).encode(),
        "unknown columns": file.text(widened(file, 3)).encode(),
        "unknown and shuffled": Base(name, b"", reordered(file, "c"), file.delimiter, {}).text().encode(),
        "blank lines": text + b"\n\n",
    }
    if name in {"maxquant", "diann", "sage", "peaks", "mztab"}:
        same["10,000 columns"] = file.text(widened(file, 10_000)).encode()
    # where every unknown column is a run, a further column of text is refused
    wide = name in {"diann matrix", "alphadia", "alphapept"}
    for what, content in same.items():
        # AlphaPept's identifiers stand in a column without a name, so that its place is all that tells it
        if name == "alphapept" and "shuffled" in what:
            continue
        must = not (wide and what in {"Latin-1", "unknown columns", "unknown and shuffled"})
        compare(guard, what, first, guard.read(what, content, **file.settings), must=must)
    for ending in ("xlsx", "parquet", "mzid", "zip", "gz", "exe"):
        answer = guard.read(f"named .{ending}", text, f"file [1] ü.{ending}", **file.settings)
        compare(guard, f"named .{ending}", first, answer, must=True)
    either = {
        "European decimals, semicolons": file.text(european(file.rows), ";").encode(),
        "European decimals, tabs": file.text(european(file.rows), "\t").encode(),
        "commas": file.text(delimiter=",").encode(),
        "semicolons": file.text(delimiter=";").encode(),
        "all quoted": file.text(delimiter=",", quoting=csv.QUOTE_ALL).encode(),
        "bars": file.text(delimiter="|").encode(),
        "spaces": text.replace(file.delimiter.encode(), b" "),
        "header twice": file.text([file.rows[0], *file.rows]).encode(),
        "header again behind": file.text([*file.rows, file.rows[0]]).encode(),
        "workbook": workbook(file.rows),
        "lines before": b"exported by me\n\n" + text,
    }
    for what, content in either.items():
        if mztab and what.startswith(("header", "lines")):
            continue
        # where cells are empty, blanks as delimiters make another table, which may be sound
        if what == "spaces" and name != "peaks" and any(" " in cell or not cell for cell in file.rows[0]):
            continue
        compare(guard, what, first, guard.read(what, content, **file.settings), must=False)
    guard.done(30)


@pytest.mark.shared
@pytest.mark.parametrize("name", TABLES)
def test_damaged_tables(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    first, text, chance = unharmed(guard, file), file.content, file.seed("damaged")
    lines = text.decode().rstrip("\n").split("\n")
    last = lines[-1]
    refused = {
        "cut in a row": "\n".join([*lines[:-1], last[: max(1, last.find(file.delimiter, len(last) // 3))]]).encode(),
        "zero bytes": b"",
        "blank": b"\n \n",
        "zeros": b"\x00" * 4096,
        "header alone": file.text(file.rows[:1]).encode(),
        "broken gzip": gzip.compress(text)[:-30],
        "gzip of noise": b"\x1f\x8b" + chance.randbytes(300),
        "zip of noise": b"PK\x03\x04" + chance.randbytes(300),
        "noise": b"\xff" + chance.randbytes(1500),
    }
    for what, content in refused.items():
        answer = guard.read(what, content, **file.settings)
        if isinstance(answer, ReadResult) and sums(answer) != sums(first) and not told(answer) - told(first):
            guard.tell(what, "read without a word")
    folder = guard.folder / "folder.txt"
    folder.mkdir(exist_ok=True)
    assert isinstance(guard.open("a folder", folder, **file.settings), SevidentError)
    assert isinstance(guard.open("absent", guard.folder / "absent.txt", **file.settings), SevidentError)
    for i in range(6):
        guard.read(f"cut at byte {i}", text[: chance.randrange(len(text))], **file.settings)
    for i, header in enumerate([p for p, cell in enumerate(file.rows[0]) if cell][:10]):
        renamed = [[f"renamed {i}" if p == header else c for p, c in enumerate(file.rows[0])], *file.rows[1:]]
        guard.read(f"renamed '{file.rows[0][header]}'", file.text(renamed).encode(), **file.settings)
        if i < 4:
            twice = [[*row, row[header] if header < len(row) else ""] for row in file.rows]
            guard.read(f"twice '{file.rows[0][header]}'", file.text(twice).encode(), **file.settings)
            gone = [[c for p, c in enumerate(row) if p != header] for row in file.rows]
            guard.read(f"without '{file.rows[0][header]}'", file.text(gone).encode(), **file.settings)
    for prefix in ("REV__", "DECOY_"):
        decoys = re.sub(r"\b([OPQ]\d[A-Z0-9]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z0-9]{2}\d)+)\b", rf"{prefix}\1", text.decode())
        guard.read(f"only decoys, {prefix}", decoys.encode(), **file.settings)
    for format_ in readers.FORMATS:
        answer = guard.read(f"format: {format_}", text, format=format_)
        ours = name.split(" ", maxsplit=1)[0]
        if format_ == ours:
            compare(guard, f"format: {format_}", first, answer, must=True)
    guard.done(44)


@pytest.mark.shared
@pytest.mark.parametrize("name", TABLES)
def test_tables_with_a_wrong_cell(guard: Guard, shared_data: Path, name: str) -> None:
    """A cell of a row, a column or the header holds something else; then no protein goes without a word."""
    file = base(shared_data, name)
    first, chance = unharmed(guard, file), file.seed("cells")
    groups = len(first.proteins)
    for i in range(CELLS):
        rows = [list(row) for row in file.rows]
        row = chance.choice([0, *range(1, len(rows)), *range(1, len(rows))])
        column, junk = chance.randrange(len(rows[row])), JUNK[chance.randrange(len(JUNK))]
        every = chance.random() < 0.2
        for at in range(1, len(rows)) if every else (row,):
            if column < len(rows[at]):
                rows[at][column] = junk
        raw = "\n".join(file.delimiter.join(cells) for cells in rows) + "\n"
        what = f"{i}: {junk[:12]!r} in row {'all' if every else row}, column {column}"
        content = (raw if i % 2 else file.text(rows)).encode("utf-8", errors="surrogatepass")
        answer = guard.read(what, content, **file.settings)
        if (
            isinstance(answer, ReadResult)
            and len(answer.proteins) < groups
            and row
            and not every
            and told(answer) == told(first)
        ):
            guard.tell(what, f"{groups - len(answer.proteins)} rows of proteins went without a word")
    guard.done(CELLS)


# Bytes


@pytest.mark.shared
@pytest.mark.parametrize("name", CORPUS)
def test_random_bytes(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    chance = file.seed("bytes")
    for i in range(BYTES):
        content = scrambled(file.content, chance)
        guard.read(f"bytes {i}", content, **file.settings)
        if i % 5 == 0:  # most of a file is behind its beginning, by which it is recognised
            start = scrambled(file.content[:600], chance) + file.content[600:]
            guard.read(f"bytes {i} at the start", start, **file.settings)
            guard.read(f"bytes {i} of a gzip", scrambled(gzip.compress(content), chance), **file.settings)
    if name in TABLES:
        book = workbook(file.rows)
        for i in range(5):
            guard.read(f"bytes {i} of a workbook", scrambled(book, chance), **file.settings)
    guard.done(BYTES)


# XML


@pytest.mark.shared
@pytest.mark.parametrize("name", XML)
def test_changed_xml(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    first, text, chance = unharmed(guard, file), file.content.decode(), file.seed("xml")
    bare = re.sub(r"^<\?xml[^>]*\?>\s*", "", text)
    root = etree.fromstring(file.content)
    for element in root.iter(etree.Element):
        pairs = list(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(pairs[::-1])
        element.set("unknown", "Müller")
    same = {
        "gzip": gzip.compress(file.content),
        "zip": zipped(file.content),
        "byte order mark": b"\xef\xbb\xbf" + file.content,
        "Windows line ends": file.content.replace(b"\n", b"\r\n"),
        "UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>\n' + bare).encode("utf-16"),
        "no declaration": bare.encode(),
        "comments": text.replace("?>", "?>\n<!-- <a & b> -->", 1).encode(),
        "attributes shuffled, one more": etree.tostring(root, encoding="ISO-8859-1", xml_declaration=True),
    }
    for what, content in same.items():
        must = what != "attributes shuffled, one more" or name != "protxml"
        compare(guard, what, first, guard.read(what, content), must=must)
    for ending in ("xlsx", "parquet", "txt", "csv", "gz"):
        compare(guard, ending, first, guard.read(ending, file.content, f"file.{ending}"), must=True)
    end = file.content.rstrip().rfind(b"</")
    cuts = [file.content[: chance.randrange(40, end)] for _ in range(12)]
    open_tag = bare.index(">") + 1
    refused = {f"cut {i}": cut for i, cut in enumerate(cuts)}
    refused |= {f"cut {i} in a gzip": gzip.compress(cut) for i, cut in enumerate(cuts[:3])}
    refused |= {"broken gzip": gzip.compress(file.content)[:-50], "twice": file.content + bare.encode(), "zero": b""}
    for what, doctype in DOCTYPES.items():
        head = '<?xml version="1.0"?>\n' + doctype.replace("{secret}", str(guard.folder / "secret.txt")) + "\n"
        use = "&l9;" if "laughs" in what else "&x;"
        refused[what] = (head + bare[:open_tag] + use + bare[open_tag:]).encode()
        refused[f"{what}, unused"] = (head + bare).encode()
        attribute = re.sub(r'="[^"]*"(?=[^<]*>\s*</)', f'="{use}"', bare, count=3)
        refused[f"{what}, in an attribute"] = (head + attribute).encode()
    for what, content in refused.items():
        if not isinstance(guard.read(what, content), SevidentError):
            guard.tell(what, "was read")
    for format_ in readers.FORMATS:
        guard.read(f"format: {format_}", file.content, format=format_)
    guard.read("European decimals", re.sub(r'="(-?\d+)\.(\d+)"', r'="\1,\2"', text).encode())
    guard.read("Latin-1 that says UTF-8", text.replace('="', '="ü', 3).encode("latin-1"))
    guard.done(60)


@pytest.mark.shared
@pytest.mark.parametrize("name", XML)
def test_xml_with_wrong_elements(guard: Guard, shared_data: Path, name: str) -> None:
    """Elements removed, renamed, doubled or moved, attributes removed or filled with something else."""
    file = base(shared_data, name)
    chance = file.seed("nodes")
    for i in range(NODES):
        root = etree.fromstring(file.content)
        kinds: dict[str, list[Any]] = {}
        for node in root.iter(etree.Element):
            kinds.setdefault(node.tag, []).append(node)
        nodes = kinds[chance.choice(list(kinds))]
        nodes = nodes if chance.random() < 0.3 else [chance.choice(nodes)]
        kind, junk = chance.randrange(6), chance.choice([j for j in JUNK if not re.search(r"[\x00-\x08]", j)])
        key = chance.choice(list(nodes[0].attrib) or ["none"])
        for node in nodes:
            parent = node.getparent()
            if kind == 0 and parent is not None:
                parent.remove(node)
            elif kind == 1:
                node.tag = node.tag + "x"
            elif kind == 2 and parent is not None:
                parent.append(etree.fromstring(etree.tostring(node)))
            elif kind == 3:
                node.attrib.pop(key, None)
            else:
                node.set(key, junk)
        guard.read(f"{i}: {nodes[0].tag.split('}')[-1]} {kind} {key} {junk[:12]!r}", etree.tostring(root))
    guard.done(NODES)


# Parquet


@pytest.mark.shared
@pytest.mark.parametrize("name", PARQUET)
def test_changed_parquet(guard: Guard, shared_data: Path, name: str) -> None:
    """Columns dropped, doubled, renamed, emptied, of another kind; and the file cut."""
    file = base(shared_data, name)
    first, chance = unharmed(guard, file), file.seed("parquet")
    table = pq.read_table(io.BytesIO(file.content))
    names = table.column_names
    mixed = chance.sample(names, len(names))
    compare(guard, "shuffled", first, guard.read("shuffled", as_parquet(table.select(mixed))), must=True)
    wide = table.append_column("unknown", [["ü"] * len(table)])
    compare(guard, "unknown column", first, guard.read("unknown column", as_parquet(wide)), must=True)
    compare(guard, "named .tsv", first, guard.read("named .tsv", file.content, "a.tsv"), must=True)
    for what, content in {"cut": file.content[:-40], "start": file.content[:60], "mark": b"PAR1", "zero": b""}.items():
        assert isinstance(guard.read(what, content), SevidentError)
    assert isinstance(guard.read("no rows", as_parquet(table.slice(0, 0))), SevidentError)
    others = {
        "null": pa.nulls(len(table)),
        "text": pa.array(list(string.ascii_letters[: len(table)])),
        "minus": pa.array([-1.0] * len(table)),
        "inf": pa.array([float("inf")] * len(table)),
        "nan": pa.array([float("nan")] * len(table)),
        "lists": pa.array([[1]] * len(table)),
        "bytes": pa.array([b"\xff"] * len(table)),
        "truth": pa.array([True] * len(table)),
        "times": pa.array(pd.date_range("2020-01-01", periods=len(table))),
    }
    for column in names[:14]:
        guard.read(f"without {column}", as_parquet(table.drop_columns([column])))
        guard.read(
            f"renamed {column}", as_parquet(table.rename_columns([f"x{n}" if n == column else n for n in names]))
        )
        for what in chance.sample(sorted(others), 3):
            changed = table.set_column(names.index(column), column, others[what])
            guard.read(f"{what} in {column}", as_parquet(changed))
    for format_ in readers.FORMATS:
        guard.read(f"format: {format_}", file.content, format=format_)
    guard.done(60)


def test_every_format_has_a_file() -> None:
    assert {name.split(" ", maxsplit=1)[0] for name in CORPUS} == set(readers.FORMATS)


def test_there_are_enough_mutations() -> None:
    """Each test asserts that it tried at least as many as stand here."""
    planned = len(TABLES) * (30 + 44 + CELLS) + len(CORPUS) * BYTES + len(XML) * (60 + NODES) + len(PARQUET) * 60
    assert planned > 2000
