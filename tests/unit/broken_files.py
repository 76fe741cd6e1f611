"""One table in the wrappings that users give it, and in the ways in which files break; for the tests of the readers.

These are tables made by the tests, so that layouts without a public file are covered and all runs without the public
data; equal to the last cell, and with the words of each message. Public files by format and kind: test_bad_input.py.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from sevident import readers
from sevident.readers.base import InputSpec, ReadResult

Rows = list[list[str]]


def text_of(rows: Rows) -> str:
    """The rows between tabs, as they are: a name may stand twice in the header."""
    return "".join("\t".join(row) + "\n" for row in rows)


@dataclass
class Example:
    """A small table of one format: rows as dictionaries, the columns of decimal numbers, and rows of decoys alone."""

    format: str
    rows: list[dict[str, object]]
    numbers: Sequence[str]
    needed: str  # a column that must stand once
    decoys: list[dict[str, object]] = field(default_factory=list)

    @classmethod
    def of(cls, format_: str, rows: Rows) -> Example:
        """From rows of cells, the header first; the columns of decimal numbers are those that hold one."""
        made = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        numbers = [n for n in rows[0] if any(re.fullmatch(r"\d+\.\d+", str(row[n])) for row in made)]
        return cls(format_, made, numbers, "")

    @property
    def header(self) -> list[str]:
        return list(dict.fromkeys(name for row in self.rows for name in row))

    def text(
        self,
        separator: str = "\t",
        *,
        header: list[str] | None = None,
        rows: list[dict[str, object]] | None = None,
        comma: bool = False,
        quoting: int = csv.QUOTE_MINIMAL,
    ) -> str:
        names = header or self.header
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator="\n", quoting=quoting)  # type: ignore[arg-type]
        writer.writerow(names)
        for row in self.rows if rows is None else rows:
            cells = [str(row.get(name, "")) for name in names]
            if comma:
                cells = [
                    cell.replace(".", ",") if name in self.numbers else cell
                    for name, cell in zip(names, cells, strict=True)
                ]
            writer.writerow(cells)
        return out.getvalue()


def _with_more_columns(example: Example) -> str:
    rows = [row | {"Some note": "µ, and more", "Other number": 3.5} for row in example.rows]
    return Example(example.format, rows, example.numbers, example.needed).text()


VARIANTS: dict[str, Callable[[Example], bytes]] = {
    "windows line ends": lambda e: e.text().replace("\n", "\r\n").encode(),
    "no last line end": lambda e: e.text().rstrip("\n").encode(),
    "mark": lambda e: b"\xef\xbb\xbf" + e.text().encode(),
    "utf-16": lambda e: e.text().encode("utf-16"),
    "latin-1": lambda e: _with_more_columns(e).encode("latin-1"),
    "gzip": lambda e: gzip.compress(e.text().encode()),
    "comma": lambda e: e.text(",").encode(),
    "every cell quoted": lambda e: e.text(",", quoting=csv.QUOTE_ALL).encode(),
    "semicolon and decimal comma": lambda e: e.text(";", comma=True, quoting=csv.QUOTE_ALL).encode(),
    "tab and decimal comma": lambda e: e.text(comma=True).encode(),
    "columns in another order": lambda e: e.text(header=e.header[::-1]).encode(),
    "unknown columns": lambda e: _with_more_columns(e).encode(),
    "blank lines": lambda e: f"\n{e.text()}\n\n".encode(),
    "rows in another order": lambda e: e.text(rows=e.rows[::-1]).encode(),
}


def _cut(text: str) -> bytes:
    """The text without the larger part of its last row."""
    *before, last = text.rstrip("\n").split("\n")
    return "\n".join([*before, last[: len(last) // 3]]).encode()


def _twice(example: Example) -> bytes:
    header, _, rest = example.text().partition("\n")
    lines = [f"{header}\t{example.needed}", *(f"{line}\t1" for line in rest.rstrip("\n").split("\n"))]
    return ("\n".join(lines) + "\n").encode()


def _with_text(example: Example) -> bytes:
    rows = [dict(row) for row in example.rows]
    rows[-1][example.numbers[0]] = "much"
    return example.text(rows=rows).encode()


def _negative(example: Example) -> bytes:
    rows = [dict(row) for row in example.rows]
    rows[-1][example.numbers[0]] = -5
    return example.text(rows=rows).encode()


BROKEN: dict[str, tuple[Callable[[Example], bytes], list[str]]] = {
    "cut in a row": (lambda e: _cut(e.text()), ["middle of a row", "line "]),
    "cut in a row, quoted": (lambda e: _cut(e.text(",", quoting=csv.QUOTE_ALL)), []),
    "cut gzip": (lambda e: gzip.compress(e.text().encode())[:-20], ["damaged or was cut off"]),
    "bars between the cells": (lambda e: e.text("|").encode(), []),
    "a column twice": (_twice, ["present twice"]),
    "text for a number": (_with_text, ["holds text", "'much'", "line "]),
    "negative": (_negative, ["negative", "-5", "line "]),
    "only decoys": (lambda e: e.text(rows=e.decoys).encode(), [" left", "decoy"]),
    "header alone": (lambda e: e.text(rows=[]).encode(), ["no rows"]),
    "empty": (lambda e: b"", ["empty (0 bytes)"]),
    "blank": (lambda e: b"\n \n", []),
    "binary": (lambda e: b"\x00\x01\x02" * 300, []),
    "xml": (lambda e: b"<?xml version='1.0'?>\n<" + b"a" * 100 + b"/>", []),
}
# those that concern no cell in particular
DAMAGED = [kind for kind in BROKEN if kind not in {"a column twice", "text for a number", "negative", "only decoys"}]


def read(tmp_path: Path, content: str | bytes, name: str = "table [1].txt", **settings: object) -> ReadResult:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return readers.read(InputSpec.from_settings({"path": str(path), "organism": "human", **settings}))


def codes(result: ReadResult) -> dict[str, object]:
    return {str(w["code"]): w["count"] for w in result.warnings}


def message(result: ReadResult, code: str) -> str:
    return str(next(w["message"] for w in result.warnings if w["code"] == code))


def same(one: ReadResult, other: ReadResult) -> bool:
    pd.testing.assert_frame_equal(one.proteins, other.proteins)
    if one.features is None or other.features is None:
        return one.features is other.features
    pd.testing.assert_frame_equal(one.features, other.features)
    return True
