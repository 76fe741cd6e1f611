"""A table written by hand or by a spreadsheet, as records: encoding, delimiter, quotes, lines.

Knows nothing of samples; ``samples.py`` gives the records their meaning.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from .errors import SampleSheetError, did_you_mean
from .tables import warning

# A row of the file: the line on which it begins (the header is line 1), and its values.
Record = tuple[int, list[str]]

_DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma"}
_INVISIBLE = "\u200b\ufeff"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SIGNATURES = {b"PK\x03\x04": "an Excel workbook (or another zip file)", b"\xd0\xcf\x11\xe0": "an old Excel workbook"}
_ADVICE_TEXT = "save the sheet as tab-separated text (in Excel: 'Text (tab delimited)' or 'CSV UTF-8')"


def read(source: str) -> tuple[list[str], list[Record], list[dict[str, object]]]:
    """Header, rows that are not empty, and remarks about the file's form as rows for the WARNINGS table.

    Tab, semicolon and comma are understood as delimiters, UTF-8 and UTF-16 as encodings, any line ends; blanks around
    values are taken off. Rows are as long as the header. Raises SampleSheetError, naming file and line.
    """
    text, warnings = _decode(_read_bytes(source), source)
    header, records, delimiter = _records(text, source)
    if delimiter != "\t":
        message = f"The sample sheet is delimited by {_DELIMITERS[delimiter]}s, not tabs; it was read as such."
        warnings.append(warning("samples", "info", "sheet_delimiter", Path(source).name, message))
    return header, records, warnings


def _read_bytes(source: str) -> bytes:
    path = Path(source)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder = path.parent
        there = sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
        raise SampleSheetError(
            "the sample sheet does not exist",
            where=source,
            found=f"no such file (working directory: {Path.cwd()})",
            advice=did_you_mean(path.name, there)
            if there
            else "check the path; it is relative to the working directory",
        ) from None
    except OSError as error:
        raise SampleSheetError(
            "the sample sheet cannot be read", where=source, found=error.strerror or str(error)
        ) from None


def _decode(data: bytes, source: str) -> tuple[str, list[dict[str, object]]]:
    """The text of the sheet, with a remark when it is not UTF-8."""
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise SampleSheetError("the sample sheet is not a text file", where=source, found=what, advice=_ADVICE_TEXT)
    if data.startswith(_UTF16):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            raise SampleSheetError(
                "the sample sheet is damaged", where=source, found="UTF-16 text that breaks off", advice=_ADVICE_TEXT
            ) from None
        message = "The sample sheet is UTF-16 text (as Excel writes it); it was read as such."
        return text, [warning("samples", "info", "sheet_encoding", Path(source).name, message)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SampleSheetError(
            "the sample sheet holds characters that are not UTF-8",
            where=f"{source}, line {line}",
            found=f"the byte 0x{data[error.start]:02X}",
            expected="UTF-8 text",
            advice=_ADVICE_TEXT,
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise SampleSheetError(
            "the sample sheet is not a text file",
            where=f"{source}, line {line}",
            found="a null character",
            expected="tab-separated text",
            advice=_ADVICE_TEXT,
        )
    return text, []


def _records(text: str, source: str) -> tuple[list[str], list[Record], str]:
    """Header, the rows that are not empty with their line in the file, and the delimiter."""
    first = next((line for line in text.splitlines() if line.strip(' \t;,"')), "")
    delimiter = _delimiter(first)
    header: list[str] = []
    records: list[Record] = []
    for line, values in _parse(text, delimiter, source):
        if not any(values):
            continue
        if not header:
            header = values
            while header and not header[-1]:
                header.pop()
            continue
        surplus = [v for v in values[len(header) :] if v]
        if surplus:
            raise SampleSheetError(
                "a row of the sample sheet has more values than the header has columns",
                where=f"{source}, line {line}",
                found=f"{len(values)} values, the last is {surplus[-1]!r}",
                expected=f"at most {len(header)}: {', '.join(header)}",
                advice=f"look for a {_DELIMITERS[delimiter]} too many; quote values that hold one",
            )
        if [v.casefold() for v in values] == [h.casefold() for h in header]:
            raise SampleSheetError(
                "the header of the sample sheet stands in it twice",
                where=f"{source}, line {line}",
                advice="delete this line",
            )
        records.append((line, values + [""] * (len(header) - len(values))))
    return header, records, delimiter


def _delimiter(header: str) -> str:
    if "\t" in header:
        return "\t"
    counts = {d: header.count(d) for d in (";", ",")}
    best = max(counts, key=lambda d: counts[d])
    return best if counts[best] else "\t"


def _parse(text: str, delimiter: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins, its values without surrounding blanks."""
    # a lone carriage return ends a line too (old spreadsheets), which the csv module refuses
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SampleSheetError(
                "a row of the sample sheet cannot be read",
                where=f"{source}, line {line}",
                found="a quotation mark that is opened and not closed as the csv format asks"
                if "limit" not in str(error)
                else "a value of more than 100,000 characters",
                advice="look for a lone quotation mark in or after this line",
            ) from None
        yield line, [_clean(v) for v in values]
        line = reader.line_num + 1


def _clean(value: str) -> str:
    """The value without surrounding white space (no-break spaces too) and invisible marks."""
    return value.strip().strip(_INVISIBLE).strip()
