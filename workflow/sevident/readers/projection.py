"""The few columns that a reader needs of a long table, without holding the rest.

Small files, packed ones and all but plain UTF-8 go through ``grids.read_grid``. Large plain text is scanned by DuckDB,
which reads only the columns named and stays within its memory limit; the cells are the same text either way.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from sevident.errors import InputError
from sevident.readers.base import MEMORY_LIMIT, Grid, normalise
from sevident.readers.grids import read_grid
from sevident.readers.source import Source, read_head

LARGE = 64 << 20  # bytes; below this the whole table fits into memory many times over


def read_columns(
    source: Source,
    wanted: Callable[[str], bool],
    *,
    sheet: str | int | None = None,
    skip_rows: int = 0,
    distinct: bool = False,
    memory_limit: str = MEMORY_LIMIT,
) -> Grid:
    """The columns whose normalised names ``wanted`` accepts, as a grid of text.

    ``distinct``: rows that agree in all these columns are given once (the first one's line); ``memory_limit``: what the
    scan of a large file may use. Raises InputError for a
    file that is no table, has no rows or is cut off.
    """
    large = source.kind == "text" and source.is_plain_utf8 and not skip_rows and source.path.stat().st_size > LARGE
    if large:
        return _scan(source, wanted, distinct, memory_limit)
    grid = read_grid(source, sheet=sheet, skip_rows=skip_rows)
    positions = [i for i, name in enumerate(grid.header) if wanted(normalise(name))]
    frame = grid.frame[positions].set_axis(range(len(positions)), axis=1)
    if distinct and positions:
        frame = frame[~frame.duplicated()]
    return Grid(frame, [grid.header[i] for i in positions], grid.where, grid.short_rows)


def _scan(source: Source, wanted: Callable[[str], bool], distinct: bool, memory_limit: str) -> Grid:
    import duckdb

    head = read_head(source)
    first = next(i for i, line in enumerate(source.lines) if line.strip(" \t,;"))
    start = first + bool(re.fullmatch(r"sep=.", source.lines[first].strip()))
    positions = [i for i, name in enumerate(head.columns) if wanted(name)]
    quote = '"' if any('"' in line for line in source.lines) else ""
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(head.header)))
    names = ", ".join(f"c{i}" for i in positions)
    with tempfile.TemporaryDirectory(prefix="sevident-") as folder, duckdb.connect() as connection:
        connection.execute("SET memory_limit = $1", [memory_limit])
        connection.execute("SET temp_directory = $1", [folder])
        connection.execute("SET enable_progress_bar = false")
        path = Path(folder) / "table"  # DuckDB takes brackets, stars and question marks of a name for patterns
        path.symlink_to(source.path.resolve())
        place = str(path).replace("'", "''")
        rows = (
            f"SELECT {names}, row_number() OVER () + {start + 1} AS line FROM read_csv('{place}', "  # noqa: S608
            f"auto_detect=false, header=true, skip={start}, columns={{{types}}}, delim='{head.delimiter}', "
            f"quote='{quote}', escape='{quote}', compression='none', max_line_size=33554432)"
        )
        if distinct:
            rows = f"SELECT {names}, min(line) AS line FROM ({rows}) GROUP BY {names}"  # noqa: S608
        try:
            frame = connection.execute(f"SELECT * FROM ({rows}) ORDER BY line").df()  # noqa: S608
        except duckdb.Error as error:
            raise unreadable(source, error) from error
    if frame.empty:
        raise InputError(
            "The table has a header but no rows.",
            where=source.where,
            advice="check whether the search found anything, and that the export is complete",
        )
    lines = frame.pop("line").to_numpy(dtype=np.int64)
    frame = frame.set_axis(range(len(positions)), axis=1).set_axis(pd.Index(lines), axis=0)
    return Grid(frame, [head.header[i] for i in positions], source.where)


def unreadable(source: Source, error: Exception) -> InputError:
    """The error for a table that DuckDB, which was given it under a name of our own, cannot read."""
    text = str(error)
    line = re.search(r"Line: (\d+)", text)
    reason = re.search(r"(Expected Number of Columns: \d+ Found: \d+|[Ii]nvalid unicode[^.]*)", text)
    return InputError(
        "The file cannot be read as a table.",
        where=source.where + (f", line {line[1]}" if line else ""),
        found=reason[1] if reason else re.sub(r'"?/[^\s"]*/(?:table|report)"?', "the file", text.splitlines()[0])[:200],
        advice="the file may have been cut off or edited; copy or export it again",
    )
