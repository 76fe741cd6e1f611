"""What happens to tables between an engine and us, done to a small table on purpose.

``SAME`` are changes that must not change a number; ``BROKEN`` are damages that must end in one InputError. A table is
a list of rows of cells, the header first.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

Rows = list[list[str]]


def text(rows: Rows, delimiter: str = "\t") -> str:
    """The rows as delimited text; cells that hold the delimiter are quoted."""

    def cell(value: str) -> str:
        return f'"{value}"' if delimiter in value else value

    return "".join(delimiter.join(cell(value) for value in row) + "\n" for row in rows)


def _comma(rows: Rows) -> Rows:
    """The numbers as a European spreadsheet writes them, all columns of fractions alike."""
    return [rows[0]] + [
        [cell.replace(".", ",") if re.fullmatch(r"\d+\.\d+(?:[eE][+-]?\d+)?", cell) else cell for cell in row]
        for row in rows[1:]
    ]


def reordered(rows: Rows) -> Rows:
    """The columns from last to first."""
    return [row[::-1] for row in rows]


def widened(rows: Rows) -> Rows:
    """Two columns nobody knows: one of text in front, one of remarks behind."""
    return [["My notes", *rows[0], "Checked by"]] + [[f"n{i}", *row, "Müller"] for i, row in enumerate(rows[1:])]


def shuffled(rows: Rows) -> Rows:
    """The rows from last to first."""
    return [rows[0], *rows[:0:-1]]


def _plain(rows: Rows) -> bytes:
    return text(rows).encode()


SAME: dict[str, Callable[[Rows], bytes]] = {
    "commas": lambda rows: text(rows, ",").encode(),
    "semicolons": lambda rows: text(rows, ";").encode(),
    "utf-16": lambda rows: text(rows).encode("utf-16"),
    "latin-1": lambda rows: text(widened(rows)).encode("latin-1"),
    "byte order mark": lambda rows: b"\xef\xbb\xbf" + _plain(rows),
    "windows line ends": lambda rows: text(rows).replace("\n", "\r\n").encode(),
    "european decimals": lambda rows: text(_comma(rows), ";").encode(),
    "rows shuffled": lambda rows: _plain(shuffled(rows)),
    "unknown columns": lambda rows: _plain(widened(rows)),
    "gzip": lambda rows: gzip.compress(_plain(rows), mtime=0),
    "blank lines": lambda rows: b"\n" + _plain(rows) + b"\n\n",
}
BROKEN: dict[str, Callable[[Rows], bytes]] = {
    "cut off in a row": lambda rows: (text(rows[:-1]) + "\t".join(rows[-1][: len(rows[-1]) // 2])).encode(),
    "a cell too many": lambda rows: _plain([*rows, *rows[1:] * 20, [*rows[-1], "x", "y"]]),
    "header alone": lambda rows: _plain(rows[:1]),
    "broken gzip": lambda rows: gzip.compress(_plain(rows * 50), mtime=0)[:-40],
    "zero bytes": lambda rows: b"",
    "xml": lambda rows: b"<?xml version='1.0'?>\n<" + b"a" * 100 + b"/>",
    "not a table": lambda rows: bytes(range(256)) * 8,
}
