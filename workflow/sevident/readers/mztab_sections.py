"""The sections of an mzTab file: metadata, proteins, peptides, spectra; every row knows its line.

The metadata go through pyteomics. The tables do not: pyteomics guesses the type of every cell, so that the peptide NAN
and the accession 1_2 become numbers, and fills a row that was cut off with nothing.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass, field

import pandas as pd

from sevident.errors import InputError
from sevident.readers.base import Grid, unique_runs
from sevident.readers.source import Source

_HEADERS = {"PRH": "PRT", "PEH": "PEP", "PSH": "PSM", "SMH": "SML", "SFH": "SMF", "SEH": "SME"}
_SMALL_MOLECULES = {"SML", "SMF", "SME"}
_KNOWN = {*_HEADERS, *_HEADERS.values(), "MTD", "COM"}
_NULL = frozenset(("", "null"))


@dataclass
class Sections:
    """An mzTab file. ``metadata``: name to value as text; ``grids``: PRT, PEP and PSM, where the file has them."""

    where: str
    metadata: dict[str, str] = field(default_factory=dict)
    grids: dict[str, Grid] = field(default_factory=dict)
    short_rows: int = 0

    def numbered(self, name: str, attribute: str = "") -> dict[int, str]:
        """The values of ``name[n]`` or ``name[n]-attribute``, by n."""
        tail = f"-{re.escape(attribute)}" if attribute else ""
        pattern = re.compile(rf"{re.escape(name)}\[(\d+)\]{tail}")
        return {int(m[1]): value for key, value in self.metadata.items() if (m := pattern.fullmatch(key))}

    def runs(self) -> dict[int, str]:
        """The runs by number: file names without folder and ending; ``ms_run[n]`` where no location is given."""
        located = {n: text for n, text in sorted(self.numbered("ms_run", "location").items()) if text}
        names = dict(zip(located, unique_runs(list(located.values())), strict=True))
        numbers = {int(n) for key in self.metadata for n in re.findall(r"^ms_run\[(\d+)\]", key)}
        return {n: names.get(n, f"ms_run[{n}]") for n in sorted(numbers)}


def references(text: str, name: str) -> list[int]:
    """The numbers of a list of references, ``ms_run[1],ms_run[2]``."""
    return [int(n) for n in re.findall(rf"{re.escape(name)}\[(\d+)\]", text)]


def parameter(text: str) -> tuple[str, str, str]:
    """Accession, name and value of a parameter ``[vocabulary, accession, name, value]``; text as it is is a name."""
    pieces = [piece.strip() for piece in text.strip().strip("[]").split(",")]
    if not text.strip().startswith("[") or len(pieces) < 4:
        return "", text.strip(), ""
    return pieces[1], ", ".join(pieces[2:-1]).strip('"'), pieces[-1]


def numbered_columns(grid: Grid, name: str) -> dict[int, int]:
    """The columns ``name[n]``: n to position. Raises InputError when one stands twice."""
    found: dict[int, int] = {}
    for position, column in enumerate(grid.header):
        match = re.fullmatch(rf"{re.escape(name)}\[(\d+)\]", column.strip())
        if match:
            if int(match[1]) in found:
                raise grid.twice([found[int(match[1])], position])
            found[int(match[1])] = position
    return found


def read_sections(source: Source) -> Sections:
    """The sections of the file. Raises InputError for what is no mzTab of proteins and peptides."""
    lines = source.text().split("\n")
    first = next((line for line in lines if line.strip()), "")
    if "\t" not in first:
        raise InputError(
            "The cells of the mzTab file are not separated by tabs.",
            where=source.where,
            found=first[:60],
            expected="MTD, a tab, mzTab-version, a tab, the version",
            advice="the file went through a spreadsheet or an editor; give it as the search engine wrote it",
        )
    tables = _Tables(source.where, last=len(lines))
    for number, line in enumerate(lines, 1):
        if line.strip():
            cells = line.split("\t")
            tables.add(number, [_unquote(c) for c in cells] if '"' in line else [c.strip() for c in cells], line)
    sections = Sections(source.where, _metadata(tables.metadata, source.where), short_rows=tables.short_rows)
    _refuse_metabolomics(sections, {kind for kind, rows in tables.rows.items() if rows})
    for kind in ("PRT", "PEP", "PSM"):
        if tables.rows.get(kind):
            header, numbers = tables.headers[kind], pd.Index(tables.numbers[kind])
            rows = [[None if cell in _NULL else cell for cell in row] for row in tables.rows[kind]]
            frame = pd.DataFrame(rows, index=numbers, columns=range(len(header)), dtype="str")
            sections.grids[kind] = Grid(frame, header, source.where)
    return sections


@dataclass
class _Tables:
    """The lines of a file, sorted into its sections. ``last``: the number of the last line."""

    where: str
    last: int
    metadata: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[list[str]]] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    short_rows: int = 0

    def add(self, number: int, cells: list[str], line: str) -> None:
        kind = cells[0]
        if kind not in _KNOWN:
            raise _unknown_line(self.where, number, line)
        if kind == "MTD":
            if len(cells) < 3 or not cells[1].strip():  # without its name, a line of metadata is none
                raise _cut(self.where, number, len(cells), 3)
            self.metadata.append((cells[1], cells[2]))
        elif kind in _HEADERS:
            self._add_header(number, kind, cells[1:])
        elif kind != "COM":
            self._add_row(number, kind, cells[1:])

    def _add_header(self, number: int, kind: str, cells: list[str]) -> None:
        section = _HEADERS[kind]
        if section in self.headers:
            raise InputError(
                f"The mzTab file has two headers {kind}.",
                where=f"{self.where}, line {number}",
                expected="every section once",
                advice="two files were put together; give each as an input of its own",
            )
        while cells and not cells[-1]:  # a spreadsheet fills short lines up with empty cells
            cells.pop()
        self.headers[section], self.rows[section], self.numbers[section] = cells, [], []

    def _add_row(self, number: int, kind: str, row: list[str]) -> None:
        if kind not in self.headers:
            raise _row_before_header(self.where, number, kind)
        width = len(self.headers[kind])
        if len(row) < width:
            if number == self.last:  # no line end: the file was cut off
                raise _cut(self.where, number, len(row), width)
            self.short_rows += 1
        if any(row[width:]):
            raise InputError(
                "A row has more cells than the header.",
                where=f"{self.where}, line {number}",
                found=f"{len(row)} cells",
                expected=f"{width} cells",
                advice="a tab may stand inside a text; export the file again",
            )
        self.rows[kind].append((row + [""] * width)[:width])
        self.numbers[kind].append(number)


def _unquote(cell: str) -> str:
    """A cell without the quotation marks that spreadsheets and R put around it."""
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"').strip()
    return cell


def _metadata(pairs: list[tuple[str, str]], where: str) -> dict[str, str]:
    """The metadata as text, by pyteomics' reading of them; its version and kind are checked."""
    from pyteomics import mztab

    text = "".join(f"MTD\t{name}\t{value}\n" for name, value in pairs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a missing version is refused below
        parsed = mztab.MzTab(io.StringIO(text), table_format="dict")
    if not any(name == "mzTab-version" for name, _ in pairs):
        raise InputError(
            "The mzTab file states no version.",
            where=where,
            expected="a line: MTD, mzTab-version, 1.0.0",
            advice="give the file as the search engine wrote it",
        )
    if parsed.variant == "M" or parsed.num_version[0] >= 2:
        raise _metabolomics(where, f"mzTab {parsed.version}")
    return {name: "" if value == "null" else value for name, value in pairs}


def _refuse_metabolomics(sections: Sections, filled: set[str]) -> None:
    if filled & {"PRT", "PEP", "PSM"}:
        return
    if filled & _SMALL_MOLECULES:
        raise _metabolomics(sections.where, "sections of small molecules alone")
    raise InputError(
        "The mzTab file holds no proteins, peptides or spectra.",
        where=sections.where,
        found="metadata alone",
        expected="a section PRT, PEP or PSM",
        advice="export the file again with its identifications",
    )


def _metabolomics(where: str, found: str) -> InputError:
    return InputError(
        "This mzTab file is one of metabolomics or lipidomics; sEVident reads proteomics.",
        where=where,
        found=found,
        expected="mzTab 1.0 with proteins, peptides or spectra",
        advice="give the proteomics result of the same samples",
    )


def _cut(where: str, number: int, found: int, expected: int) -> InputError:
    return InputError(
        "The file ends in the middle of a row, or a row was cut off.",
        where=f"{where}, line {number}",
        found=f"{found} cells",
        expected=f"{expected} cells",
        advice="copy or export the file again",
    )


def _row_before_header(where: str, number: int, kind: str) -> InputError:
    header = next(name for name, section in _HEADERS.items() if section == kind)
    return InputError(
        f"A row {kind} stands before the header {header}.",
        where=f"{where}, line {number}",
        expected=f"the header {header} before its rows",
        advice="the file was cut or put together by hand; export it again",
    )


def _unknown_line(where: str, number: int, line: str) -> InputError:
    return InputError(
        "A line of the mzTab file is of no known kind.",
        where=f"{where}, line {number}",
        found=f"'{line[:40]}'",
        expected="a line that begins with MTD, COM, PRH, PRT, PEH, PEP, PSH or PSM and a tab",
        advice="the file was cut off or edited; copy or export it again",
    )
