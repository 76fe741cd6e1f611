"""The peptide table in pieces of whole runs, with text as numbers: for what is worked out run by run.

The stages write the table sorted by run, so a piece is some stretches of row groups, and each row group is read once.
What DuckDB would look up text for, and add up in an order of its own, is here an operation on sorted numbers.
"""

from __future__ import annotations

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

_NUMBERS = ["intensity", "is_decoy"]


@dataclass(frozen=True)
class Piece:
    """Rows with an intensity, no decoys: the rows of some whole runs of one input.

    ``run``: of each row the place of its run in ``Pieces.runs``; ``codes``: by column the number of its text in
    ``Pieces.lexicons``; ``intensity``: linear.
    """

    run: NDArray[np.int64]
    codes: dict[str, NDArray[np.int32]]
    intensity: NDArray[np.float64]


@dataclass(frozen=True)
class _Stretch:
    """Rows of one run in a row group of a file."""

    file: int
    group: int
    start: int
    rows: int


class Pieces:
    """Iterating gives the table's pieces, each of about ``scan.ROWS`` rows or one run, in the order of ``runs``.

    ``runs``: (input, run) of all of them, sorted; ``lexicons``: the texts that the numbers of each column stand for.
    """

    def __init__(self, files: Sequence[pq.ParquetFile], inputs: Sequence[frozenset[str]], columns: Sequence[str]):
        self._files = files
        self._columns = list(columns)
        self._kept: tuple[int, int, pa.Table] | None = None
        self.lexicons = {column: Lexicon() for column in columns}
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
                room = scan.ROWS
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
            self._kept = file, group, self._files[file].read_row_group(group, columns=[*self._columns, *_NUMBERS])
        return self._kept[2]

    def __iter__(self) -> Iterator[Piece]:
        for run, tables in ahead(self._read()):
            rows = pa.concat_tables(tables)
            intensity = rows["intensity"].to_numpy().astype(np.float64, copy=False)
            counts = (intensity > 0) & np.isfinite(intensity) & ~_flags(rows["is_decoy"])
            codes = {
                column: np.concatenate([lexicon.codes(chunk) for chunk in rows[column].chunks])
                for column, lexicon in self.lexicons.items()
            }
            if not counts.all():
                kept = np.flatnonzero(counts)
                run, intensity = run.take(kept), intensity.take(kept)  # noqa: PLW2901
                codes = {column: values.take(kept) for column, values in codes.items()}
            yield Piece(run, codes, intensity)


def _flags(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(column.fill_null(False) if column.null_count else column, dtype=bool)


@contextmanager
def pieces(features: scan.Features, *columns: str) -> Iterator[Pieces]:
    """The pieces of a peptide table (tables.FEATURES), with the text of ``columns``."""
    source = scan.Source(frame=features) if isinstance(features, pd.DataFrame) else features
    text = ["input", "run", *(column for column in columns if FEATURES.columns[column] == "str")]
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
