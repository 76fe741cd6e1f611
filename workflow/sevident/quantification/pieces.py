"""The peptide table in pieces of whole runs, with text as numbers: for what is worked out run by run.

The stages write the table sorted by run, so a piece is some stretches of row groups, and each row group is read once.
What DuckDB would look up text for, and add up in an order of its own, is here an operation on sorted numbers.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..streams import Lexicon, ahead, stretches
from ..tables import FEATURES
from . import scan

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS = 1 << 20  # rows of a piece
_ALWAYS = ("intensity", "is_decoy")


@dataclass(frozen=True)
class Piece:
    """Rows with an intensity, no decoys: the rows of some whole runs of one input.

    ``run``: of each row the place of its run in ``Pieces.runs``; ``codes``: by column the number of its text in
    ``Pieces.lexicons``; ``numbers``: by column (``intensity`` among them) its number, 0 where there is none.
    """

    run: NDArray[np.int64]
    codes: dict[str, NDArray[np.int32]]
    numbers: dict[str, NDArray]


@dataclass(frozen=True)
class _Stretch:
    """Rows of one run in a row group of a file."""

    file: int
    group: int
    start: int
    rows: int


class Pieces:
    """Iterating gives the table's pieces, each of about ``ROWS`` rows or one run, in the order of ``runs``.

    ``runs``: (input, run) of all of them, sorted; ``lexicons``: the texts that the numbers of each column stand for.
    """

    def __init__(self, files: Sequence[pq.ParquetFile], inputs: Sequence[frozenset[str]], columns: Sequence[str]):
        self._files = files
        self._columns = [*columns, *_ALWAYS]
        self._kept: tuple[int, int, pa.Table] | None = None
        self.lexicons = {column: Lexicon() for column in columns if _is_text(column)}
        self._stretches: dict[tuple[str, str], list[_Stretch]] = {}
        for number, (file, wanted) in enumerate(zip(files, inputs, strict=True)):
            self._find_runs(number, file, wanted)
        self.runs = sorted(self._stretches)

    def _find_runs(self, number: int, file: pq.ParquetFile, wanted: frozenset[str]) -> None:
        sources, names = Lexicon(), Lexicon()
        for group in range(file.num_row_groups):
            keys = file.read_row_group(group, columns=["input", "run"])
            pairs = (sources.codes(keys["input"]).astype(np.int64) << 32) + names.codes(keys["run"])
            for start, end, pair in stretches(pairs):
                source, run = str(sources.words[pair >> 32]), str(names.words[pair & 0xFFFFFFFF])
                if source in wanted:
                    place = _Stretch(number, group, start, end - start)
                    self._stretches.setdefault((source, run), []).append(place)

    def _batches(self) -> Iterator[list[int]]:
        """The runs of each piece, by their places."""
        batch: list[int] = []
        room = 0
        for place, (source, run) in enumerate(self.runs):
            rows = sum(stretch.rows for stretch in self._stretches[source, run])
            if batch and (rows > room or self.runs[batch[-1]][0] != source):
                yield batch
                batch = []
            if not batch:
                room = ROWS
            batch.append(place)
            room -= rows
        if batch:
            yield batch

    def _read(self) -> Iterator[tuple[NDArray[np.int64], list[pa.Table]]]:
        for batch in self._batches():
            joined: list[_Stretch] = []  # neighbouring runs of a row group as one stretch
            places, lengths = [], []
            for place in batch:
                for one in self._stretches[self.runs[place]]:
                    places.append(place)
                    lengths.append(one.rows)
                    last = joined[-1] if joined else None
                    if last and (last.file, last.group, last.start + last.rows) == (one.file, one.group, one.start):
                        joined[-1] = replace(last, rows=last.rows + one.rows)
                    else:
                        joined.append(one)
            tables = [self._row_group(one.file, one.group).slice(one.start, one.rows) for one in joined]
            yield np.repeat(np.array(places, dtype=np.int64), lengths), tables

    def _row_group(self, file: int, group: int) -> pa.Table:
        if self._kept is None or self._kept[:2] != (file, group):
            self._kept = None
            self._kept = file, group, self._files[file].read_row_group(group, columns=self._columns)
        return self._kept[2]

    def __iter__(self) -> Iterator[Piece]:
        for run, tables in ahead(self._read()):
            rows = pa.concat_tables(tables)
            codes = {
                column: np.concatenate([lexicon.codes(chunk) for chunk in rows[column].chunks])
                for column, lexicon in self.lexicons.items()
            }
            numbers = {column: _plain(rows[column]) for column in self._columns if column not in codes}
            counts = (numbers["intensity"] > 0) & np.isfinite(numbers["intensity"]) & ~numbers.pop("is_decoy")
            if not counts.all():
                kept = np.flatnonzero(counts)
                run = run.take(kept)  # noqa: PLW2901
                codes, numbers = (
                    {column: values.take(kept) for column, values in columns.items()} for columns in (codes, numbers)
                )
            yield Piece(run, codes, numbers)


def _is_text(column: str) -> bool:
    return FEATURES.columns[column] == "str"


def _plain(column: pa.ChunkedArray) -> NDArray:
    return np.asarray(column.fill_null(False if pa.types.is_boolean(column.type) else 0))


def packed(columns: Sequence[NDArray], sizes: Sequence[int]) -> NDArray[np.int64]:
    """Columns of numbers (each below its size, 0 the least) as one number, which sorts as the columns do."""
    if math.prod(sizes) >= 1 << 63:
        raise OverflowError(f"{sizes} combinations are more than 2^63")
    key = columns[0].astype(np.int64)
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        key *= size
        key += column
    return key


def unpacked(key: NDArray[np.int64], sizes: Sequence[int]) -> tuple[NDArray[np.int64], ...]:
    """The columns of which ``packed`` made the numbers."""
    columns = []
    for size in reversed(sizes[1:]):
        key, column = np.divmod(key, size)
        columns.append(column)
    return (key, *reversed(columns))


def add_up(key: NDArray[np.int64], values: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The distinct keys, sorted, and for each the sum of its values, which does not depend on the order of rows."""
    order = np.argsort(key)
    key, values = key.take(order), values.take(order)
    starts = stretch_starts(key)
    lengths = np.diff(starts, append=len(key))
    # the sum of two is the same in either order; more are added from the smallest upwards
    several = np.flatnonzero(lengths > 2)
    if len(several):
        where = np.flatnonzero(np.repeat(lengths > 2, lengths))
        values[where] = values[where[np.lexsort((values[where], np.repeat(several, lengths[several])))]]
    return key.take(starts), sums(values, starts)


def sums(values: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The sum of each stretch of values."""
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0)


def stretch_starts(key: NDArray) -> NDArray[np.int64]:
    """Where each stretch of equal values begins."""
    new = np.ones(len(key), dtype=bool)
    np.not_equal(key[1:], key[:-1], out=new[1:])
    return np.flatnonzero(new)


@contextmanager
def pieces(features: scan.Features, *columns: str) -> Iterator[Pieces]:
    """The pieces of a peptide table (tables.FEATURES), with the text of ``columns``."""
    source = scan.Source(frame=features) if isinstance(features, pd.DataFrame) else features
    text = ["input", "run", *(column for column in columns if _is_text(column))]
    with tempfile.TemporaryDirectory(prefix="sevident-") as folder, ExitStack() as stack:
        paths: list[tuple[Path, frozenset[str]]] = []
        as_it_is = source.path is not None and not source.weighted
        if as_it_is and source.path is not None:
            paths.append((source.path, frozenset(source.inputs)))
        if source.frame is not None or not as_it_is:
            changed = Path(folder) / "changed.parquet"
            rest = replace(source, path=None) if as_it_is else source
            paths.append((changed, scan.write_sorted(rest, changed)))
        files = [stack.enter_context(pq.ParquetFile(path, read_dictionary=text)) for path, _ in paths]
        yield Pieces(files, [wanted for _, wanted in paths], columns)
