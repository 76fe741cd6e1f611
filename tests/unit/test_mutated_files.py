"""Public files of every format, cut short and mutated by chance: each is read, or refused with a SevidentError.

What can be foreseen is in test_bad_input.py, by format and kind; here are the 2,000 that are drawn. Every
mutation runs under one guard: no other exception, no hang, nothing written outside the folder of the test, no secret of
another file in the tables, tables by their contract. The seeds are fixed, so that a failure repeats.
"""

from __future__ import annotations

import gzip
import io
import re
import string
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from guarded import Guard, compare, told, unharmed
from lxml import etree
from mutations import (
    CORPUS,
    JUNK,
    PARQUET,
    TABLES,
    XML,
    as_parquet,
    base,
    scrambled,
    workbook,
)

from sevident import readers
from sevident.errors import SevidentError
from sevident.readers.base import ReadResult

BYTES, CELLS, NODES, CUT = 16, 24, 30, 40  # mutations per file


@pytest.fixture
def guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Guard:
    return Guard(tmp_path, monkeypatch)


# Tables


@pytest.mark.shared
@pytest.mark.parametrize("name", TABLES)
def test_tables_cut_anywhere_and_columns_taken_out(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    first, text, chance = unharmed(guard, file), file.content, file.seed("damaged")
    for i in range(14):
        guard.read(f"cut at byte {i}", text[: chance.randrange(1, len(text))], **file.settings)
    for i, header in enumerate([p for p, cell in enumerate(file.rows[0]) if cell][:10]):
        renamed = [[f"renamed {i}" if p == header else c for p, c in enumerate(file.rows[0])], *file.rows[1:]]
        guard.read(f"renamed '{file.rows[0][header]}'", file.text(renamed).encode(), **file.settings)
        if i < 4:
            twice = [[*row, row[header] if header < len(row) else ""] for row in file.rows]
            guard.read(f"twice '{file.rows[0][header]}'", file.text(twice).encode(), **file.settings)
            gone = [[c for p, c in enumerate(row) if p != header] for row in file.rows]
            guard.read(f"without '{file.rows[0][header]}'", file.text(gone).encode(), **file.settings)
    for format_ in readers.FORMATS:
        answer = guard.read(f"format: {format_}", text, format=format_)
        if format_ == name.split(" ", maxsplit=1)[0]:
            compare(guard, f"format: {format_}", first, answer, must=True)
    guard.done(CUT)


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
def test_xml_cut_anywhere(guard: Guard, shared_data: Path, name: str) -> None:
    file = base(shared_data, name)
    chance, end = file.seed("xml"), file.content.rstrip().rfind(b"</")
    for i in range(20):
        cut = file.content[: chance.randrange(40, end)]
        for what, content in ((f"cut {i}", cut), (f"cut {i} in a gzip", gzip.compress(cut))):
            if not isinstance(guard.read(what, content), SevidentError):
                guard.tell(what, "was read")
    for format_ in readers.FORMATS:
        guard.read(f"format: {format_}", file.content, format=format_)
    guard.done(40)


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
    """Columns dropped, renamed, emptied, of another kind, in any order; and the file cut."""
    file = base(shared_data, name)
    first, chance = unharmed(guard, file), file.seed("parquet")
    table = pq.read_table(io.BytesIO(file.content))
    names = table.column_names
    for i in range(5):
        mixed = chance.sample(names, len(names))
        compare(guard, f"shuffled {i}", first, guard.read("shuffled", as_parquet(table.select(mixed))), must=True)
        assert isinstance(
            guard.read(f"cut {i}", file.content[: chance.randrange(len(file.content) - 8)]), SevidentError
        )
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
    planned = len(TABLES) * (CUT + CELLS) + len(CORPUS) * BYTES + len(XML) * (40 + NODES) + len(PARQUET) * 60
    assert planned > 2000
