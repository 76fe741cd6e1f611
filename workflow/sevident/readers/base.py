"""What every reader shares: the settings of an input, the result, and how a file becomes text or a grid of cells.

A file is opened by content, not by name: gzip, xz, bzip2 and single-member zip are unpacked, UTF-8 (with or without mark),
UTF-16 and Latin-1 are decoded, the delimiter is found from the lines. Line numbers of the file are kept through to the
grid's index so that an error can say where.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sevident.errors import ConfigurationError, InputError, did_you_mean
from sevident.tables import warning

if TYPE_CHECKING:
    import pandas as pd

STAGE = "ingest"
HEAD_BYTES = 1 << 18  # enough for the widest header we know (1,000 runs x 8 columns) and a few lines
HEAD_ROWS = 50
DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma", " ": "space"}
_PACKED = {b"\x1f\x8b": "gzip", b"\xfd7zXZ\x00": "xz", b"BZh": "bzip2", b"PK\x03\x04": "zip"}


@dataclass(frozen=True)
class InputSpec:
    """One configured input. ``columns``: protein, gene, description (names or null) and runs (list or regular expression).

    ``scale`` is None when the configuration does not say; readers then take the values as linear.
    """

    name: str
    path: Path
    format: str = "auto"
    fasta: Path | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    scale: str | None = None
    sheet: str | int | None = None
    skip_rows: int = 0
    organism: str = ""

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> InputSpec:
        """From the plain settings of the configuration; raises ConfigurationError on an unknown key."""
        known = ("name", "path", "format", "fasta", "columns", "scale", "sheet", "skip_rows", "organism")
        for key in settings:
            if key not in known:
                raise ConfigurationError(
                    f"The settings of an input have an unknown key '{key}'.",
                    expected=", ".join(known),
                    advice=did_you_mean(key, known),
                )
        if not settings.get("path"):
            raise ConfigurationError(
                "The settings of an input name no path.", expected="path: the search result's file"
            )
        return cls(
            name=str(settings.get("name") or "main"),
            path=Path(settings["path"]),
            format=str(settings.get("format") or "auto"),
            fasta=Path(settings["fasta"]) if settings.get("fasta") else None,
            columns=dict(settings.get("columns") or {}),
            scale=settings.get("scale"),
            sheet=settings.get("sheet"),
            skip_rows=int(settings.get("skip_rows") or 0),
            organism=str(settings.get("organism") or ""),
        )

    def warn(self, level: str, code: str, message: str, count: int | None = None) -> dict[str, object]:
        """A row of the WARNINGS table about this input."""
        return warning(STAGE, level, code, self.name, message, count)


@dataclass
class ReadResult:
    """What a reader gives: ``proteins`` (tables.PROTEINS), ``features`` (tables.FEATURES) or None, and warning rows."""

    proteins: pd.DataFrame
    features: pd.DataFrame | None
    warnings: list[dict[str, object]]
    engine: str
    version: str = ""


def normalise(name: object) -> str:
    """A column name without case, dots, underscores and signs: ``Protein.IDs``, ``Protein IDs``, ``protein_ids`` are one."""
    return re.sub(r"[^a-z0-9#]+", " ", str(name).lower()).strip()


@dataclass
class Grid:
    """A rectangular table as it stands in the file.

    ``frame``: one column per file column (numbered 0..n-1, text or numbers), its index the line (or sheet row) numbers;
    ``header``: the column names as written, stripped; ``where``: the file, for messages; ``short_rows``: rows with fewer
    cells than the header.
    """

    frame: pd.DataFrame
    header: list[str]
    where: str
    short_rows: int = 0

    def find(self, *names: str) -> int | None:
        """The first column whose normalised name is one of ``names`` (earlier names win); error when it stands twice."""
        keys = [normalise(column) for column in self.header]
        for name in names:
            positions = [i for i, key in enumerate(keys) if key == normalise(name)]
            if len(positions) > 1:
                raise self.twice(positions)
            if positions:
                return positions[0]
        return None

    def twice(self, positions: list[int]) -> InputError:
        """The error for one column that is present more than once."""
        names = " and ".join(f"'{self.header[i]}' (column {i + 1})" for i in positions[:4])
        return InputError(
            "A column is present twice, and it cannot be known which one is meant.",
            where=self.where,
            found=names,
            expected="every column once",
            advice="remove or rename one of them",
        )

    def text(self, position: int | None) -> list[str]:
        """A column as text; empty where the cell is empty, nan, or the column does not exist."""
        if position is None:
            return [""] * len(self.frame)
        column = self.frame[position]
        values = column.astype("object").where(column.notna(), "")
        return ["" if (text := str(value).strip()) in {"nan", "NaN"} else text for value in values]

    def flags(self, position: int | None) -> list[bool]:
        """A column of ``+`` marks (also True, 1, yes)."""
        return [value.lower() in {"+", "true", "1", "yes"} for value in self.text(position)]


class Source:
    """A file of a search result. Nothing is read before it is asked for."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.exists():
            siblings = [p.name for p in self.path.parent.iterdir()] if self.path.parent.is_dir() else []
            raise InputError(
                "The file does not exist.",
                where=str(self.path),
                advice=did_you_mean(self.path.name, siblings)
                if siblings
                else "check the path; it is taken relative to the working directory",
            )
        if self.path.is_dir():
            raise InputError(
                "A file is expected, but this is a folder.",
                where=str(self.path),
                advice="give the result table inside it, for example proteinGroups.txt or report.tsv",
            )
        if self.path.stat().st_size == 0:
            raise InputError(
                "The file is empty (0 bytes).", where=str(self.path), advice="export or copy the search result again"
            )

    @property
    def where(self) -> str:
        return str(self.path)

    @cached_property
    def magic(self) -> bytes:
        with self.path.open("rb") as handle:
            return handle.read(8)

    @cached_property
    def packing(self) -> str:
        """gzip, xz, bzip2, zip, or nothing. A workbook (a zip of XML) is not packed."""
        kind = next((kind for start, kind in _PACKED.items() if self.magic.startswith(start)), "")
        return "" if kind == "zip" and self._is_workbook else kind

    @cached_property
    def _is_workbook(self) -> bool:
        try:
            with zipfile.ZipFile(self.path) as archive:
                return any(name.startswith("xl/") for name in archive.namelist())
        except zipfile.BadZipFile:
            return False

    @cached_property
    def kind(self) -> str:
        """What the content is: text, xml, xlsx, xls (old binary workbook), parquet or sqlite; else binary."""
        if self.magic.startswith(b"PAR1"):
            return "parquet"
        if self.magic.startswith(b"PK\x03\x04") and self._is_workbook:
            return "xlsx"
        start = self._bytes(HEAD_BYTES)
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            return "xls"
        if start.startswith(b"SQLite format 3"):
            return "sqlite"
        if b"\x00" in start[:4096] and not start.startswith((b"\xff\xfe", b"\xfe\xff")) and not _utf16(start):
            return "binary"
        return "xml" if _decode(start, partial=True).lstrip("\ufeff \r\n\t").startswith("<") else "text"

    def _bytes(self, most: int = -1) -> bytes:
        try:
            if self.packing == "zip":
                with zipfile.ZipFile(self.path) as archive:
                    with archive.open(self._member(archive)) as handle:
                        return handle.read(most)
            opener: Any = {"gzip": gzip.open, "xz": lzma.open, "bzip2": bz2.open}.get(self.packing, io.open)
            with opener(self.path, "rb") as handle:
                return handle.read(most)
        except (EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
            raise InputError(
                "The compressed file is damaged or was cut off.",
                where=self.where,
                found=str(error),
                advice="copy or download it again; the sizes of the original and the copy should agree",
            ) from error
        except OSError as error:
            raise InputError(
                "The file cannot be read.", where=self.where, found=str(error.strerror or error)
            ) from error

    def _member(self, archive: zipfile.ZipFile) -> str:
        members = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")]
        if len(members) != 1:
            raise InputError(
                "The zip archive does not hold exactly one file.",
                where=self.where,
                found=", ".join(members[:6]) + (" ..." if len(members) > 6 else "") or "no file",
                advice="unpack it and give the one table",
            )
        return members[0]

    def text(self) -> str:
        """The whole content, decoded, line ends as ``\\n``."""
        return _decode(self._bytes()).replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def lines(self) -> list[str]:
        """The first lines of a text file (complete ones unless the file has but one)."""
        start = self._bytes(HEAD_BYTES)
        text = _decode(start, partial=True).replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if len(start) == HEAD_BYTES and len(lines) > 1:
            lines = lines[:-1]
        return lines[:HEAD_ROWS]

    @cached_property
    def is_plain_utf8(self) -> bool:
        """Whether another program may read the file as it is: not packed, UTF-8 throughout the first lines."""
        start = self._bytes(HEAD_BYTES)
        return not self.packing and not start.startswith((b"\xff\xfe", b"\xfe\xff")) and not _utf16(start)


@dataclass
class Head:
    """The beginning of a file, for recognising the format. ``columns`` are normalised, ``header`` as written."""

    source: Source
    kind: str
    header: list[str]
    columns: list[str]
    rows: list[list[str]]
    delimiter: str = ""

    def has(self, *names: str) -> bool:
        """Whether all the (normalised) names are columns."""
        return set(names) <= set(self.columns)


def read_head(source: Source, *, sheet: str | int | None = None, skip_rows: int = 0) -> Head:
    """The header and first rows of a table; empty for what is no table."""
    kind = source.kind
    if kind == "text":
        lines = source.lines[skip_rows:]
        start = next((i for i, line in enumerate(lines) if line.strip(" \t,;")), None)
        if start is None:
            return Head(source, kind, [], [], [])
        if re.fullmatch(r"sep=.", lines[start].strip()):
            start += 1
        delimiter = sniff_delimiter(lines[start:])
        rows = split_lines(lines[start:], delimiter)
        header, rows = rows[0] if rows else [], rows[1:]
    elif kind == "parquet":
        import pyarrow.parquet as pq

        try:
            header, rows, delimiter = list(pq.read_schema(source.path).names), [], ""
        except Exception as error:
            raise _damaged_parquet(source, error) from error
    elif kind == "xlsx":
        from sevident.readers.grids import workbook_rows

        cells = workbook_rows(source, sheet, skip_rows, most=HEAD_ROWS)
        rows = [["" if c is None else str(c) for c in row] for _, row in cells if any(c is not None for c in row)]
        header, rows, delimiter = (rows[0] if rows else []), rows[1:], ""
    else:
        return Head(source, kind, [], [], [])
    header = [name.strip().lstrip("\ufeff") for name in header]
    return Head(source, kind, header, [normalise(name) for name in header], rows, delimiter)


def _damaged_parquet(source: Source, error: Exception) -> InputError:
    return InputError(
        "The Parquet file is damaged or was cut off.",
        where=source.where,
        found=str(error).splitlines()[0],
        advice="copy or download it again",
    )


def _utf16(start: bytes) -> str:
    """UTF-16 without a mark: every second byte of Latin text is zero."""
    sample = start[:512]
    if len(sample) < 8:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.8 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.8 * half and odd < 0.1 * half else ""


def _decode(data: bytes, *, partial: bool = False) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[: len(data) - len(data) % 2].decode("utf-16", errors="replace")
    if encoding := _utf16(data):
        return data[: len(data) - len(data) % 2].decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if partial and error.start >= len(data) - 4:  # the piece ends inside a character
            return data[: error.start].decode("utf-8-sig")
        return data.decode("latin-1")


def sniff_delimiter(lines: Iterable[str]) -> str:
    """Tab, semicolon, comma or space: the one that splits the lines into the same number of cells most often.

    Delimiters inside double quotes do not count. Tab wins ties, then semicolon (a European export has decimal commas),
    comma and space.
    """
    shown = [re.sub(r'"[^"]*"', "", line) for line in lines if line.strip()][:HEAD_ROWS]
    if not shown:
        return "\t"
    best, best_score = "\t", 0.0
    for delimiter in DELIMITERS:
        counts = [len(re.findall(" +", line)) if delimiter == " " else line.count(delimiter) for line in shown]
        if not counts[0]:
            continue
        # a table written by R with row names has one name fewer in the header than cells in the rows
        agree = sum(count in {counts[0], counts[0] + 1} for count in counts) / len(counts)
        if agree > best_score + 1e-9:
            best, best_score = delimiter, agree
    return best


def split_lines(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    """Lines into cells, by the rules of csv; a delimiter of a space means any number of them."""
    kept = [line for line in lines if line.strip()]
    if delimiter == " ":
        kept = [re.sub(r"  +", " ", line.strip()) for line in kept]
    return list(csv.reader(kept, delimiter=delimiter, skipinitialspace=delimiter == " "))


def strip_run(name: str) -> str:
    """A run's file name without folder (of either kind of slash) and without the ending of a mass-spectrometry file."""
    base = re.split(r"[\\/]", name.strip().rstrip("\\/"))[-1]
    return re.sub(
        r"(?:\.(?:raw|mzml|mzxml|d|dia|wiff2?|wiff\.scan|htrms|lcd|mgf|quant|gz|zip))+$", "", base, flags=re.IGNORECASE
    )


def unique_runs(names: list[str]) -> list[str]:
    """Run names for file names: stripped where that stays unique, else with the ending, else the whole path."""
    stripped = [strip_run(name) for name in names]
    counts = Counter(stripped)
    bases = [re.split(r"[\\/]", name)[-1] for name in names]
    base_counts = Counter(bases)
    return [
        s if s and counts[s] == 1 else b if base_counts[b] == 1 else n
        for s, b, n in zip(stripped, bases, names, strict=True)
    ]


def require_runs(runs: list[str], where: str, looked_for: str, columns: list[str]) -> None:
    """Error when a table has no column of intensities."""
    if not runs:
        shown = ", ".join(columns[:10]) + (" ..." if len(columns) > 10 else "")
        raise InputError(
            "The table holds no intensity columns.",
            where=where,
            found=f"columns {shown}",
            expected=looked_for,
            advice="export the table with quantities",
        )
