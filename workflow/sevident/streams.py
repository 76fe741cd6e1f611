"""Tables that are too large for memory: written and read run by run, in the order and with the types of ``tables.py``.

Text is held as codes into a dictionary, as Parquet stores it: a report of 1,000 runs names the same 40,000 peptides in
each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .tables import Table, begin, settle

ROWS = 1 << 18  # rows of a row group; what is written is in memory about twice
_DICTIONARY_BYTES = 1 << 25
_TYPES = {"str": pa.dictionary(pa.int32(), pa.string()), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}


def schema(table: Table) -> pa.Schema:
    """The contract's columns with Arrow's types; text as dictionary."""
    return pa.schema([(column, _TYPES[kind]) for column, kind in table.columns.items()])


class Writer:
    """A Parquet file of a contract's table, written piece by piece; it appears under its name when it is complete.

    The pieces must come in the order of the table's key. The same rows give the same bytes, however they are cut into
    pieces: row groups hold ``ROWS`` rows each (with ``by_piece`` those of one piece), dictionaries their words in the
    order in which they come. A second thread compresses one row group while the caller makes the next one.
    """

    def __init__(self, path: str | Path, table: Table, *, by_piece: bool = False, compression: str = "zstd") -> None:
        self._schema = schema(table)
        self._plain = pa.schema(
            [(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type) for field in self._schema]
        )
        self._by_piece = by_piece
        self._path = Path(path)
        self._part = begin(self._path)
        text = [column for column, kind in table.columns.items() if kind == "str"]
        self._file = pq.ParquetWriter(
            self._part,
            self._plain,
            compression=compression,
            use_dictionary=text,
            dictionary_pagesize_limit=_DICTIONARY_BYTES,
        )
        self._waiting: list[pa.Table] = []
        self._rows = 0
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._pending: Future | None = None

    def write(self, piece: pa.Table) -> None:
        """Add rows; ``piece`` has the table's columns (text as dictionaries)."""
        if not piece.num_rows:
            return
        self._waiting.append(piece.select(self._schema.names))
        self._rows += piece.num_rows
        while self._waiting and (self._by_piece or self._rows >= ROWS):
            self._flush()

    def _flush(self) -> None:
        self._settle()
        group: list[pa.Table] = []
        room = self._rows if self._by_piece else ROWS
        while self._waiting and room:
            piece = self._waiting.pop(0)
            group.append(piece.slice(0, room))
            if piece.num_rows > room:
                self._waiting.insert(0, piece.slice(room))
            room -= group[-1].num_rows
        self._rows = sum(piece.num_rows for piece in self._waiting)
        self._pending = self._thread.submit(self._compress, group)

    def _compress(self, group: list[pa.Table]) -> None:
        rows = pa.concat_tables([piece.cast(self._plain) for piece in group])
        self._file.write_table(rows, row_group_size=rows.num_rows)

    def _settle(self) -> None:
        if self._pending:
            self._pending.result()
            self._pending = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            while kind is None and self._waiting:
                self._flush()
            self._settle()
            self._file.close()
            if kind is None:
                settle(self._part, self._path)
        finally:
            self._thread.shutdown()
            self._part.unlink(missing_ok=True)


class Blocks:
    """A table's Parquet file by runs: ``rows`` tells the rows of each run, ``read`` gives them.

    Rows of one run stand together in what the stages write. The row group read last is kept, so that runs read in the
    order of the file read it once.
    """

    def __init__(self, path: str | Path, table: Table) -> None:
        self._schema = schema(table)
        text = [column for column, kind in table.columns.items() if kind == "str"]
        self._file = pq.ParquetFile(path, read_dictionary=text)
        self._places: dict[str, list[tuple[int, int, int]]] = {}
        self._kept: tuple[int, pa.Table] | None = None
        for group in range(self._file.num_row_groups):
            runs = self._file.read_row_group(group, columns=["run"])["run"].combine_chunks()
            for chunk in runs.chunks if isinstance(runs, pa.ChunkedArray) else [runs]:
                names = chunk.dictionary.to_pylist()
                for start, end, code in stretches(np.asarray(chunk.indices)):
                    self._places.setdefault(names[code], []).append((group, start, end - start))
        self.rows = {run: sum(length for _, _, length in places) for run, places in self._places.items()}

    def read(self, run: str) -> pa.Table:
        """The rows of a run, none when it has none."""
        pieces = [self._group(group).slice(start, length) for group, start, length in self._places.get(run, [])]
        return pa.concat_tables(pieces) if pieces else self._schema.empty_table()

    def _group(self, number: int) -> pa.Table:
        if self._kept is None or self._kept[0] != number:
            self._kept = None
            rows = self._file.read_row_group(number).select(self._schema.names)
            self._kept = number, rows.cast(self._schema)
        return self._kept[1]

    def __enter__(self) -> Blocks:
        return self

    def __exit__(self, *_: object) -> None:
        self._kept = None
        self._file.close()


def stretches(codes: np.ndarray) -> Iterable[tuple[int, int, int]]:
    """Start, end and value of each stretch of equal values."""
    if not len(codes):
        return []
    cuts = np.flatnonzero(np.diff(codes)) + 1
    bounds = [0, *cuts.tolist(), len(codes)]
    return [(start, end, int(codes[start])) for start, end in pairwise(bounds)]


class Lexicon:
    """Distinct texts in the order in which they came, each with its number; the empty text is 0."""

    def __init__(self) -> None:
        self.words = pa.array([""], pa.string())
        self._last: tuple[pa.Array, np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.words)

    def codes(self, column: pa.Array) -> np.ndarray:
        """The numbers of a column's texts (dictionary-coded or plain); null is the empty text."""
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        words = column.dictionary.cast(pa.string())
        if column.null_count or words.null_count:
            words = pa.concat_arrays([words.fill_null(""), pa.array([""], pa.string())])
            indices = column.indices.cast(pa.int64()).fill_null(len(words) - 1)
        else:
            indices = column.indices
        if self._last is not None and self._last[0].equals(words):
            known = self._last[1]
        else:
            known = self._place(words)
            self._last = words, known
        return known[np.asarray(indices)]

    def _place(self, words: pa.Array) -> np.ndarray:
        found = pc.index_in(words, value_set=self.words)
        if found.null_count:
            new = pc.unique(words.filter(pc.is_null(found)))
            self.words = pa.concat_arrays([self.words, new])
            found = pc.index_in(words, value_set=self.words)
        return found.to_numpy(zero_copy_only=False).astype(np.int64)

    def ranks(self) -> np.ndarray:
        """The place of each text in the order of code points."""
        order = pc.sort_indices(self.words).to_numpy(zero_copy_only=False)
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(len(order))
        return ranks


def coded(codes: np.ndarray, words: pa.Array) -> pa.DictionaryArray:
    """Codes into ``words`` as a column of text whose dictionary holds no more than is needed, each text once."""
    used = np.zeros(len(words), dtype=bool)
    used[codes] = True
    places = np.flatnonzero(used)
    small = words.take(pa.array(places))
    distinct = pc.unique(small)
    place = np.zeros(len(words), dtype=np.int32)
    place[places] = (
        np.arange(len(places)) if len(distinct) == len(small) else np.asarray(pc.index_in(small, value_set=distinct))
    )
    return pa.DictionaryArray.from_arrays(pa.array(place[codes], pa.int32()), distinct)


def constant(text: str, rows: int) -> pa.DictionaryArray:
    """A column of one text."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, dtype=np.int32)), pa.array([text]))
