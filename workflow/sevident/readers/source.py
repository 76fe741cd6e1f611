"""A file of a search result: what it is, its text, its first lines.

A file is opened by content, not by name: gzip, xz, bzip2 and single-member zip are unpacked, UTF-8 (with or without
mark), UTF-16 and Latin-1 are decoded, the delimiter is found from the lines.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import re
import shutil
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO, Any

from sevident.errors import InputError, did_you_mean
from sevident.readers.base import normalise

HEAD_BYTES = 1 << 18  # enough for the widest header we know (1,000 runs x 8 columns) and a few lines
HEAD_ROWS = 50
DELIMITERS = {"\t": "tab", ";": "semicolon", ",": "comma", " ": "space"}
_PACKED = {b"\x1f\x8b": "gzip", b"\xfd7zXZ\x00": "xz", b"BZh": "bzip2", b"PK\x03\x04": "zip"}


class Source:
    """A file of a search result. Nothing is read before it is asked for."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.exists():
            folder = self.path.parent
            siblings = sorted(p.name for p in folder.iterdir() if p.is_file()) if folder.is_dir() else []
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
        with self._open() as handle:
            return handle.read(most)

    def unpack(self, path: Path) -> None:
        """Write the content, unpacked, to ``path``, piece by piece."""
        with self._open() as handle, path.open("wb") as copy:
            shutil.copyfileobj(handle, copy, 1 << 20)

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        """The unpacked content; whatever goes wrong with the file while it is read becomes an InputError."""
        try:
            if self.packing == "zip":
                with zipfile.ZipFile(self.path) as archive, archive.open(self._member(archive)) as handle:
                    yield handle
            else:
                opener: Any = {"gzip": gzip.open, "xz": lzma.open, "bzip2": bz2.open}.get(self.packing, io.open)
                with opener(self.path, "rb") as handle:
                    yield handle
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
        if self.packing or start.startswith((b"\xff\xfe", b"\xfe\xff")) or _utf16(start):
            return False
        try:
            start[: start.rfind(b"\n") + 1].decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True


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
            raise damaged_parquet(source, error) from error
    elif kind == "xlsx":
        rows = _workbook_head(source.path, stamp(source.path), sheet, skip_rows)
        header, rows, delimiter = (rows[0] if rows else []), rows[1:], ""
    else:
        return Head(source, kind, [], [], [])
    header = [name.strip().lstrip("\ufeff") for name in header]
    return Head(source, kind, header, [normalise(name) for name in header], rows, delimiter)


def stamp(path: Path) -> tuple[int, ...]:
    """What changes when a file is written anew: beside its path, the key under which its content may be kept."""
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=4)
def _workbook_head(path: Path, _: tuple[int, ...], sheet: str | int | None, skip_rows: int) -> list[list[str]]:
    """The first rows of a sheet. They are asked for again and again, and a workbook is slow to open."""
    from sevident.readers.workbooks import workbook_rows

    cells = workbook_rows(Source(path), sheet, skip_rows, most=HEAD_ROWS)
    return [["" if c is None else str(c) for c in row] for _, row in cells if any(c is not None for c in row)]


def damaged_parquet(source: Source, error: Exception) -> InputError:
    """The error for a Parquet file that its own library cannot read."""
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
    """Tab, semicolon, comma or space: the one of the header that splits the rows most evenly.

    Delimiters inside double quotes do not count. A tab that every line holds decides at once, since text holds none;
    then semicolon goes before comma (a European export has decimal commas), and a space comes last.
    """
    shown = [re.sub(r'"[^"]*"', "", line) for line in lines if line.strip()][:HEAD_ROWS]
    if not shown or all("\t" in line for line in shown):
        return "\t"
    best, best_score = "\t", 0.0
    for delimiter in DELIMITERS:
        counts = [len(re.findall(" +", line)) if delimiter == " " else line.count(delimiter) for line in shown]
        rows = counts[1:] or counts
        score = Counter(rows).most_common(1)[0][1] / len(rows) if counts[0] and max(rows) else 0.0
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def split_lines(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    """Lines into cells, by the rules of csv; a delimiter of a space means any number of them."""
    kept = [line for line in lines if line.strip()]
    if delimiter == " ":
        kept = [re.sub(r"  +", " ", line.strip()) for line in kept]
    # the csv module's own limit (131,072) is shorter than the lists of spectra of large studies; it is process-wide
    before = csv.field_size_limit(HEAD_BYTES * 4)
    try:
        return list(csv.reader(kept, delimiter=delimiter, skipinitialspace=delimiter == " "))
    finally:
        csv.field_size_limit(before)
