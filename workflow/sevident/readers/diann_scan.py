"""The file of a DIA-NN long report, opened for scanning: only the needed columns, in pieces, within a memory limit.

Text reports, and Parquet ones with unusual types, become a temporary Parquet file of the needed columns first.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sevident.errors import ConfigurationError, InputError
from sevident.readers.base import column_twice, normalise
from sevident.readers.grids import read_grid
from sevident.readers.numbers import place
from sevident.readers.projection import unreadable
from sevident.readers.source import Source, read_head
from sevident.streams import ROWS

GROUP_Q = ("PG.Q.Value", "Protein.Q.Value", "Global.PG.Q.Value")
LONG = ("Run", "Protein.Group", "Stripped.Sequence", "Precursor.Charge", "Q.Value", "Precursor.Quantity")
TEXT = {
    "run": "Run",
    "file": "File.Name",
    "channel": "Channel",
    "group": "Protein.Group",
    "ids": "Protein.Ids",
    "names": "Protein.Names",
    "genes": "Genes",
    "peptide": "Stripped.Sequence",
    "modified": "Modified.Sequence",
}
NUMBERS = {"charge": "Precursor.Charge", "quantity": "Precursor.Quantity", "q": "Q.Value", "decoy": "Decoy"}
# read as text, not as codes: too many and too long for the dictionaries in a file, which Arrow would make up for by
# looking every value up
_PLAIN = ("modified",)
_LARGEST_TEXT = 200_000_000  # bytes of a text report in which the line of a bad value is still looked for
_OPENERS: dict[str, Any] = {"gzip": gzip.open, "xz": lzma.open, "bzip2": bz2.open}


class Report:
    """An opened report. ``columns``: what it is read for (run, group, quantity ...) to the column's name in ``path``.

    ``group_q``: its column of q-values of protein groups, or nothing; ``q_columns``: all its q-values.
    """

    def __init__(self, source: Source, folder: Path, memory_limit: str) -> None:
        self.source = source
        self.folder = folder
        self.head = read_head(source)
        for name in (*LONG, *GROUP_Q, "Genes"):
            positions = [i for i, other in enumerate(self.head.columns) if other == normalise(name)]
            if len(positions) > 1:
                raise column_twice(source.where, self.head.header, positions)
        self.group_q = next((name for name in GROUP_Q if normalise(name) in self.head.columns), "")
        self.connection = duckdb.connect()
        try:
            self.connection.execute("SET memory_limit = $1", [memory_limit])
        except duckdb.Error as error:
            raise ConfigurationError(
                "The memory limit is not understood.", found=memory_limit, expected="such as 2GB or 800MB"
            ) from error
        self.connection.execute("SET temp_directory = $1", [str(folder)])
        self.connection.execute("SET enable_progress_bar = false")
        self._sql = self._view()
        wanted = TEXT | NUMBERS | ({"group_q": self.group_q} if self.group_q else {})
        self._wanted = {role: name for role, name in wanted.items() if normalise(name) in self._sql}
        self.path = folder / "report"
        self.columns: dict[str, str] = {}
        self._open()

    def __enter__(self) -> Report:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def _view(self) -> dict[str, str]:
        """A view ``report`` over the file; its columns, as SQL names, by normalised name."""
        source, head = self.source, self.head
        path = self.folder / "report"  # DuckDB takes brackets, stars and question marks of a file name for patterns
        sql_path = str(path).replace("'", "''")
        if source.kind == "parquet":
            path.symlink_to(source.path.resolve())
            names = [_quoted(name) for name in head.header]
            self.connection.execute(f"CREATE VIEW report AS SELECT * FROM read_parquet('{sql_path}')")  # noqa: S608
        else:
            _as_utf8(source, path)
            names = [f"c{i}" for i in range(len(head.header))]
            types = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
            # DIA-NN writes no quotation marks, but R does where a report went through it
            quote = '"' if source.lines[0].startswith('"') else ""
            self.connection.execute(
                f"CREATE VIEW report AS SELECT * FROM read_csv('{sql_path}', auto_detect=false, header=true, "  # noqa: S608
                f"columns={{{types}}}, delim='{head.delimiter}', quote='{quote}', escape='{quote}', "
                "compression='none', max_line_size=33554432)"
            )
        return dict(reversed(list(zip(head.columns, names, strict=True))))

    def _open(self) -> None:
        """Point ``path`` and ``columns`` to a Parquet file with plain types: the report itself, where it is one."""
        if self.source.kind == "parquet":
            types = pq.read_schema(self.source.path)
            columns = {role: self._header(name) for role, name in self._wanted.items()}
            if all(_plain(types.field(column).type, role in TEXT) for role, column in columns.items()):
                self.path, self.columns = self.source.path, columns
                return
        self.check_values()
        parts = []
        for role, name in self._wanted.items():
            column = self._sql[normalise(name)]
            value = f"coalesce({column}::VARCHAR, '')" if role in TEXT else f"TRY_CAST({column} AS DOUBLE)"
            parts.append(f"{value} AS {_quoted(role)}")
        self._copy(f"SELECT {', '.join(parts)} FROM report", self.folder / "precursors.parquet")  # noqa: S608

    def _header(self, name: str) -> str:
        return self.head.header[self.head.columns.index(normalise(name))]

    def _copy(self, select: str, path: Path) -> None:
        target = str(path).replace("'", "''")
        try:
            self.connection.execute(
                f"COPY ({select}) TO '{target}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {ROWS})"
            )
        except duckdb.Error as error:
            raise unreadable(self.source, error) from error
        self.path, self.columns = path, {role: role for role in self._wanted}

    def is_single(self, role: str) -> bool:
        """Whether a column of numbers is stored in single precision."""
        return pa.types.is_float32(pq.read_schema(self.path).field(self.columns[role]).type)

    def check_values(self) -> None:
        """Error for an empty report, and for text, infinite or negative values in the columns of numbers."""
        names = [name for role, name in self._wanted.items() if role not in TEXT]
        counts = ", ".join(f"count(*) FILTER (WHERE {self._bad(name)})" for name in names)
        try:
            total, *bad = self.connection.execute(f"SELECT count(*), {counts} FROM report").fetchone() or (0,)  # noqa: S608
        except duckdb.Error as error:
            raise unreadable(self.source, error) from error
        if not total:
            raise InputError(
                "The table has a header but no rows.",
                where=self.source.where,
                advice="check whether the search found anything, and that the export is complete",
            )
        for name, count in zip(names, bad, strict=True):
            if count:
                raise self._bad_value(name, count)

    def _bad(self, name: str) -> str:
        column = self._sql[normalise(name)]
        number = f"TRY_CAST({column} AS DOUBLE)"
        wrong = f"isinf({number}) OR {number} < 0"
        if self.source.kind == "text":
            wrong += f" OR ({number} IS NULL AND lower(trim(coalesce({column}, ''))) NOT IN ('', 'na'))"
        return wrong

    def _bad_value(self, name: str, count: int) -> InputError:
        """The first bad value and, in a text report that is not too large, its line: the fast scan knows no lines."""
        column, where = self._sql[normalise(name)], f"{self.source.where}, column '{self._header(name)}'"
        first = self.connection.execute(f"SELECT {column}::VARCHAR FROM report WHERE {self._bad(name)} LIMIT 1")  # noqa: S608
        found = str((first.fetchone() or ("",))[0])
        if self.source.kind == "text" and (self.folder / "report").stat().st_size < _LARGEST_TEXT:
            grid = read_grid(self.source)
            position = grid.find(name) or 0
            for row, text in enumerate(grid.text(position)):
                if text.lower() in {"", "nan", "na"}:
                    continue
                number = pd.to_numeric(text, errors="coerce")
                if pd.isna(number) or np.isinf(number) or number < 0:
                    found, where = text, place(grid, row, position)
                    break
        return InputError(
            f"A value of {name} is not a number of zero or more.",
            where=where,
            found=f"'{found[:60]}'" + (f" and {count - 1} more" if count > 1 else ""),
            expected="the values as DIA-NN wrote them (decimal point, no edits)",
            advice="give DIA-NN's own file; a spreadsheet may have changed the numbers",
        )

    def batches(self, *roles: str) -> Iterator[pa.RecordBatch]:
        """The rows in the order of the file, in pieces; of ``roles`` those that the report has."""
        columns = {self.columns[role]: role for role in roles if role in self.columns}
        coded = [column for column, role in columns.items() if role in TEXT and role not in _PLAIN]
        try:
            with pq.ParquetFile(self.path, read_dictionary=coded, buffer_size=1 << 20, pre_buffer=False) as file:
                # a batch that lies in one row group has one dictionary of each text
                for group in range(file.num_row_groups):
                    for batch in file.iter_batches(batch_size=ROWS, row_groups=[group], columns=list(columns)):
                        yield batch.rename_columns([columns[name] for name in batch.schema.names])
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk, not the file
            raise unreadable(self.source, error) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(kind: pa.DataType, text: bool) -> bool:
    if not text:
        return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _as_utf8(source: Source, path: Path) -> None:
    """The report's text at ``path`` for DuckDB, which reads plain UTF-8: linked, unpacked or decoded."""
    if source.is_plain_utf8:
        path.symlink_to(source.path.resolve())
        return
    if source.packing in _OPENERS:
        try:
            with _OPENERS[source.packing](source.path, "rb") as packed, path.open("wb") as plain:
                _pour(packed, plain)
        except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk, not the file
            raise InputError(
                "The compressed file is damaged or was cut off.",
                where=source.where,
                found=str(error),
                advice="copy or download it again; the sizes of the original and the copy should agree",
            ) from error
        unpacked = Source(path)
        if unpacked.is_plain_utf8:
            return
        text = unpacked.text()
    else:
        text = source.text()
    path.write_text(text, encoding="utf-8", newline="")


def _pour(packed: IO[bytes], plain: IO[bytes]) -> None:
    shutil.copyfileobj(packed, plain, 1 << 20)
