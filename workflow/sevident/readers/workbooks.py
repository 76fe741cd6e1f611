"""Sheets of workbooks (.xlsx): opened once, read row by row, refused when they are unsafe or damaged."""

from __future__ import annotations

import datetime
import os
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import IO, Any
from xml.parsers import expat

import pandas as pd

from sevident.errors import InputError, did_you_mean
from sevident.readers.base import Grid
from sevident.readers.source import Source, stamp

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _openpyxl() -> ModuleType:
    """openpyxl with the parser of the standard library: defusedxml, where it is installed, works in Python, slower.

    What that would refuse is refused before, see ``_refuse_unsafe``.
    """
    os.environ.setdefault("OPENPYXL_DEFUSEDXML", "False")
    return import_module("openpyxl")


class _Looked(Exception):
    """The prologue of an XML file is over."""


def _refuse_unsafe(handle: IO[bytes], where: str) -> None:
    """Raise InputError when a part of the workbook carries a document type, where entities come from.

    The parser that looks is expat, the one that reads afterwards; a damaged part is left for it to tell.
    """

    def found(*_: object) -> None:
        raise InputError(
            "The workbook carries a document type declaration, which can hide other files or endless text.",
            where=where,
            found=f"<!DOCTYPE in {name}",
            expected="a workbook as spreadsheet programs save it",
            advice="do not trust the file; export the result again from the search engine",
        )

    def over(*_: object) -> None:
        raise _Looked

    with zipfile.ZipFile(handle) as archive:
        for name in archive.namelist():
            if not name.lower().endswith((".xml", ".rels")):
                continue
            parser = expat.ParserCreate()
            parser.StartDoctypeDeclHandler, parser.StartElementHandler = found, over
            with archive.open(name) as part, suppress(expat.ExpatError, _Looked):
                while piece := part.read(1 << 14):
                    parser.Parse(piece)
    handle.seek(0)


def _damaged_workbook(source: Source, error: Exception) -> InputError:
    return InputError(
        "The workbook cannot be opened; it may be damaged or protected.",
        where=source.where,
        found=str(error)[:200] or type(error).__name__,
        advice="open it in a spreadsheet program and save it again, or copy it again",
    )


class _Sheet:
    """A sheet of a workbook, unpacked row by row. What was read stays, since a head is asked for before the table."""

    def __init__(self, source: Source, sheet: str | int | None) -> None:
        self._source = source
        self._seen: list[tuple[Any, ...]] = []
        self._error: InputError | None = None
        self._rest = self._unpack(sheet)

    def rows(self, start: int, most: int | None) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """(row number from 1, cells) of the rows after ``start``, at most so many."""
        place = start
        while most is None or place < start + most:
            while len(self._seen) <= place:
                if self._error:
                    raise self._error
                try:
                    self._seen.append(next(self._rest))
                except StopIteration:
                    return
                except InputError as error:  # the same answer for everybody who asks again
                    self._error = error
            yield place + 1, self._seen[place]
            place += 1

    def _unpack(self, sheet: str | int | None) -> Iterator[tuple[Any, ...]]:
        source = self._source
        with source.path.open("rb") as handle:  # openpyxl judges a path by its ending, a handle by its content
            try:
                _refuse_unsafe(handle, source.where)
                openpyxl = _openpyxl()
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # openpyxl tells of styles and validations it leaves out
                    workbook = openpyxl.load_workbook(handle, read_only=True, data_only=True)
                name = _sheet_name(source, workbook.sheetnames, sheet)
                yield from workbook[name].iter_rows(values_only=True)
            except (InputError, GeneratorExit):
                raise
            except Exception as error:  # the sheets are parsed only here, row by row
                raise _damaged_workbook(source, error) from error


def _sheet_name(source: Source, names: list[str], sheet: str | int | None) -> str:
    if sheet is None:
        return names[0]
    if isinstance(sheet, int) and not isinstance(sheet, bool) and 0 <= sheet < len(names):
        return names[sheet]
    if str(sheet) in names:
        return str(sheet)
    raise InputError(
        f"The workbook has no sheet '{sheet}'.",
        where=source.where,
        found=f"sheets {', '.join(repr(n) for n in names)}",
        advice=did_you_mean(str(sheet), names),
    )


@lru_cache(maxsize=1)
def _sheet(path: Path, _: tuple[int, ...], sheet: str | int | None) -> _Sheet:
    return _Sheet(Source(path), sheet)


def workbook_rows(
    source: Source, sheet: str | int | None, skip_rows: int, most: int | None = None
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(row number, cells) of a sheet: the named one, the one with that number (from 0), or the first."""
    yield from _sheet(source.path, stamp(source.path), sheet).rows(skip_rows, most)
    if most is None:  # the whole table was taken: nobody needs the cells any more
        _sheet.cache_clear()


def workbook_grid(source: Source, sheet: str | int | None, skip_rows: int) -> Grid:
    """The table in a sheet; its first filled row is the header. Raises InputError for an empty sheet."""
    numbers, rows = [], []
    for number, row in workbook_rows(source, sheet, skip_rows):
        if any(cell is not None and cell != "" for cell in row):
            numbers.append(number)
            rows.append(row)
    if not rows:
        raise InputError(
            "The sheet is empty.", where=source.where, advice="name the sheet that holds the table: `sheet`"
        )
    width = max(len(row) for row in rows)
    header = ["" if c is None else str(c).strip() for c in rows[0]] + [""] * (width - len(rows[0]))
    padded = [[_cell(c) for c in row] + [None] * (width - len(row)) for row in rows[1:]]
    frame = pd.DataFrame(padded, index=pd.Index(numbers[1:]), columns=range(width))
    return Grid(frame, header, source.where)


def _cell(value: Any) -> Any:
    if isinstance(value, datetime.datetime | datetime.date):  # MARCH1 turned into a date: as Excel shows it, 1-Mar
        return f"{value.day}-{_MONTHS[value.month - 1]}"
    return str(value) if isinstance(value, bool) else value
