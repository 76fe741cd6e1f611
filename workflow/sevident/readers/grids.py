"""Grids of cells from delimited text, workbooks and Parquet; every row knows its line in the file."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.readers.base import Grid
from sevident.readers.source import DELIMITERS, Source, damaged_parquet, sniff_delimiter, split_lines
from sevident.readers.workbooks import workbook_grid


def read_grid(source: Source, *, sheet: str | int | None = None, skip_rows: int = 0) -> Grid:
    """The table in a file. Raises InputError for what is no table, for a header without rows and for ragged rows."""
    kind = source.kind
    if kind == "text":
        grid = _text_grid(source, skip_rows)
    elif kind == "xlsx":
        grid = workbook_grid(source, sheet, skip_rows)
    elif kind == "parquet":
        try:
            frame = pd.read_parquet(source.path)
        except Exception as error:
            raise damaged_parquet(source, error) from error
        if any(frame.index.names):  # pandas puts columns that it calls an index back into the index
            frame = frame.reset_index()
        header = [str(name) for name in frame.columns]
        frame.columns = pd.RangeIndex(frame.shape[1])
        frame.index = pd.RangeIndex(1, len(frame) + 1)
        grid = Grid(frame, header, source.where)
    else:
        raise InputError(
            "The file is not a table.",
            where=source.where,
            found={"xml": "XML", "xls": "an old binary Excel workbook (.xls)", "sqlite": "a SQLite database"}.get(
                kind, "binary content"
            ),
            expected="delimited text, .xlsx or .parquet",
            advice="save the workbook as .xlsx" if kind == "xls" else "export the protein table as text",
        )
    if grid.frame.empty:
        raise InputError(
            "The table has a header but no rows.",
            where=source.where,
            found=f"columns {', '.join(grid.header[:8])}",
            advice="check whether the search found anything, and that the export is complete",
        )
    return grid


def _text_grid(source: Source, skip_rows: int) -> Grid:
    text = source.text()
    lines = text.split("\n")
    start = next((i for i in range(skip_rows, len(lines)) if lines[i].strip(" \t,;")), None)
    if start is None:
        raise InputError(
            "The file holds no table.",
            where=source.where,
            found="only blank lines" if not skip_rows else f"nothing after the {skip_rows} skipped lines",
        )
    if re.fullmatch(r"sep=.", lines[start].strip()):  # Excel's hint line
        start += 1
    delimiter = sniff_delimiter(lines[start : start + 50])
    body = "\n".join(lines[start:])
    frame, header, quoting = _parse(source, body, lines[start:], delimiter, start)
    frame.index = _line_numbers(frame, body, start, quoting)
    # a line of nothing but delimiters is an empty line; its number is kept for the others
    frame = frame[frame.notna().any(axis=1)]
    short = _short_rows(source, lines, start, len(header), delimiter)
    return Grid(frame, header, source.where, short)


def _parse(
    source: Source, body: str, lines: list[str], delimiter: str, start: int
) -> tuple[pd.DataFrame, list[str], int]:
    quoting = csv.QUOTE_MINIMAL
    if delimiter == "\t" and lines[0].count('"') % 2 == 0 and body.count('"') % 2:
        quoting = csv.QUOTE_NONE  # a lone inch sign in a description is no quotation mark
    frame, header = _frame(source, body, lines, delimiter, start, quoting)
    if quoting == csv.QUOTE_MINIMAL and delimiter == "\t" and '"' in body and len(frame) < len(lines) - 2:
        swallowed = any(frame[column].str.contains("\t", regex=False, na=False).any() for column in frame.columns)
        if swallowed:  # a quotation mark ran over tabs and line ends
            quoting = csv.QUOTE_NONE
            frame, header = _frame(source, body, lines, delimiter, start, quoting)
    return frame, header, quoting


def _frame(
    source: Source, body: str, lines: list[str], delimiter: str, start: int, quoting: int
) -> tuple[pd.DataFrame, list[str]]:
    if quoting == csv.QUOTE_NONE:
        header = lines[0].split(delimiter)
        first = [line.split(delimiter) for line in lines[1:21] if line.strip()]
    else:
        cells = split_lines(lines[:21], delimiter)
        header, first = cells[0], cells[1:]
    header = [name.strip().lstrip("\ufeff") for name in header]
    width = max((len(row) for row in first), default=len(header))
    if width == len(header) + 1:
        surplus = [row[-1] for row in first if len(row) == width]
        # either every row ends in a delimiter, or R wrote row names, which have no name in the header
        header = [*header, ""] if not any(cell.strip() for cell in surplus) else ["", *header]
    try:
        frame = pd.read_csv(  # type: ignore[call-overload]
            io.StringIO(body),
            sep=r"\s+" if delimiter == " " else delimiter,
            header=None,
            skiprows=1 if "\n" not in _first_record(body, quoting) else _first_record(body, quoting).count("\n") + 1,
            names=list(range(len(header))),
            dtype="str",
            keep_default_na=False,
            na_values=[""],
            quoting=quoting,
            skip_blank_lines=False,
            index_col=False if width <= len(header) else None,
            engine="c",
        )
    except pd.errors.ParserError as error:
        raise _ragged(source, str(error), start, len(header), delimiter) from error
    except pd.errors.EmptyDataError:
        frame = pd.DataFrame(columns=range(len(header)), dtype="str")
    return frame, header


def _first_record(body: str, quoting: int) -> str:
    """The header's text; it spans lines where a quoted name holds a line break."""
    end = body.find("\n")
    if quoting != csv.QUOTE_NONE:
        while end >= 0 and body.count('"', 0, end) % 2:
            end = body.find("\n", end + 1)
    return body if end < 0 else body[:end]


def _ragged(source: Source, message: str, start: int, expected: int, delimiter: str) -> InputError:
    match = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if match:
        return InputError(
            "A row has more cells than the header.",
            where=f"{source.where}, line {int(match[2]) + start}",
            found=f"{match[3]} cells",
            expected=f"{expected} cells ({DELIMITERS[delimiter]} between them)",
            advice="the delimiter may stand inside a text without quotation marks; export the table again",
        )
    return InputError("The table cannot be read.", where=source.where, found=message)


def _line_numbers(frame: pd.DataFrame, body: str, start: int, quoting: int) -> pd.Index:
    """The line of the file on which each row begins; breaks inside quoted cells are counted."""
    extra = np.zeros(len(frame), dtype=int)
    record = _first_record(body, quoting)
    if quoting != csv.QUOTE_NONE and '"' in body and len(frame) + 1 < body.rstrip("\n").count("\n") + 1:
        for column in frame.columns:
            extra += frame[column].str.count("\n").fillna(0).to_numpy(dtype=int)
        extra = np.concatenate(([0], np.cumsum(extra)[:-1]))
    return pd.Index(np.arange(len(frame)) + start + 2 + record.count("\n") + extra)


def _short_rows(source: Source, lines: list[str], start: int, width: int, delimiter: str) -> int:
    """How many rows have too few cells; error when it is the last line, which then was cut off."""
    if delimiter == " ":
        return 0
    least = width - 1
    short = [i for i in range(start + 1, len(lines)) if lines[i] and lines[i].count(delimiter) < least]
    last = lines[-1] if delimiter == "\t" else re.sub(r'"[^"]*"', "", lines[-1])
    whole = not lines[-1] or last.count(delimiter) >= least or '"' in last  # an open quote: a cell of several lines
    if not whole and short in ([], [len(lines) - 1]):  # alone, and without a line end: all before it is complete
        raise InputError(
            "The file ends in the middle of a row; it was probably cut off.",
            where=f"{source.where}, line {len(lines)}",
            found=f"{last.count(delimiter) + 1} cells and no line end",
            expected=f"{width} cells",
            advice="copy or export the file again",
        )
    if not short or any('"' in lines[i] for i in short[:1000]):  # a quoted cell may run over several lines
        return 0
    return len(short)
