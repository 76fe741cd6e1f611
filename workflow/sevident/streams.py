"""Tables that are too large for memory: written and read run by run, in the order and with the types of ``tables.py``.

Text is held as codes into a dictionary, as Parquet stores it: a report of 1,000 runs names the same 40,000 peptides in
each of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .tables import Table, begin, settle

ROWS = 1 << 19  # rows of a row group; what is written is in memory about twice
_DICTIONARY_BYTES = 1 << 26
_NO_MORE = object()
_ZEROS = pa.array(np.zeros(1 << 16, dtype=np.int32))
T = TypeVar("T")
_TYPES = {"str": pa.dictionary(pa.int32(), pa.string()), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}


def schema(table: Table) -> pa.Schema:
    """The contract's columns with Arrow's types; text as dictionary."""
    return pa.schema([(column, _TYPES[kind]) for column, kind in table.columns.items()])


def _is_text(field: pa.Field) -> bool:
    return pa.types.is_dictionary(field.type)


class Writer:
    """A Parquet file of a contract's table, written piece by piece; it appears under its name when it is complete.

    The pieces must come in the order of the table's key. The same rows give the same bytes, however they are cut into
    pieces and whatever dictionaries their text has: row groups hold ``ROWS`` rows each, dictionaries sorted words.
    A second thread compresses one row group while the caller makes the next one.
    """

    def __init__(self, path: str | Path, table: Table) -> None:
        self._schema = pa.schema([field.with_nullable(not _is_text(field)) for field in schema(table)])
        self._path = Path(path)
        self._part = begin(self._path)
        by_kind: dict[str, list[str]] = {}
        for column, kind in table.columns.items():
            by_kind.setdefault(kind, []).append(column)
        self._file = pq.ParquetWriter(
            self._part,
            self._schema,
            # text goes out as the codes that it is held in; half of a number's bytes are seldom more than noise
            compression="lz4",
            use_dictionary=[*by_kind.get("str", []), *by_kind.get("int", [])],
            use_byte_stream_split=by_kind.get("float", []),
            dictionary_pagesize_limit=_DICTIONARY_BYTES,
            # the least and the greatest run of a row group let a reader skip it; of long text they only cost
            write_statistics=[c for c, kind in table.columns.items() if kind != "str" or c in {"input", "run"}],
            store_schema=False,
        )
        self._words: dict[str, tuple[pa.Array, np.ndarray, pa.Array]] = {}
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
        while self._rows >= ROWS:
            self._flush()

    def _flush(self) -> None:
        group: list[pa.Table] = []
        room = ROWS
        while self._waiting and room:
            piece = self._waiting.pop(0)
            group.append(piece.slice(0, room))
            if piece.num_rows > room:
                self._waiting.insert(0, piece.slice(room))
            room -= group[-1].num_rows
        self._rows = sum(piece.num_rows for piece in self._waiting)
        rows = pa.concat_tables(group)
        columns = [
            self._text(field.name, rows[field.name]) if _is_text(field) else rows[field.name] for field in self._schema
        ]
        self._settle()
        self._pending = self._thread.submit(self._compress, pa.table(columns, schema=self._schema))

    def _compress(self, rows: pa.Table) -> None:
        self._file.write_table(rows, row_group_size=rows.num_rows)

    def _text(self, name: str, column: pa.ChunkedArray) -> pa.DictionaryArray:
        """A column of text whose dictionary holds the words that it needs, each once, in the order of code points.

        Pieces usually share one dictionary, which is then looked at once for the whole file.
        """
        looked_at = self._words.get(name)
        if looked_at is None or not all(chunk.dictionary.equals(looked_at[0]) for chunk in column.chunks):
            column = column.unify_dictionaries()
            known = column.chunk(0).dictionary
            looked_at = self._words[name] = (known, *_sorted_words(known))
        _, places, words = looked_at
        if len(words) == 1:
            return coded(np.zeros(len(column), dtype=np.int32), words)
        # once the type that NumPy makes of places anyway
        codes = np.concatenate([np.asarray(chunk.indices) for chunk in column.chunks], dtype=np.intp)
        used = np.zeros(len(places), dtype=bool)
        used[codes] = True
        needed = np.zeros(len(words), dtype=bool)
        needed[places[used]] = True
        place = (np.cumsum(needed, dtype=np.int32) - 1).take(places)
        return coded(place.take(codes), words.take(pa.array(np.flatnonzero(needed))))

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
        self._seen: deque[tuple[pa.Array, np.ndarray]] = deque(maxlen=2)  # dictionaries: often the next one's too

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
            indices = column.indices.cast(pa.int32()).fill_null(len(words) - 1)
        else:
            indices = column.indices
        known = next((known for seen, known in self._seen if seen.equals(words)), None)
        if known is None:
            known = self._place(words)
            self._seen.append((words, known))
        return known.take(np.asarray(indices))

    def codes_near(self, column: pa.Array, guesses: np.ndarray) -> np.ndarray:
        """As ``codes``, of plain text whose numbers are mostly known: comparing with a guess is faster than looking up.

        ``guesses``: for each row the number of the text that it probably is.
        """
        if column.null_count:
            column = column.fill_null("")
        same = np.asarray(pc.equal(self.words.take(pa.array(guesses)), column.cast(pa.string())))
        others = np.flatnonzero(~same)
        if not len(others):
            return guesses
        codes = guesses.copy()
        codes[others] = self.codes(column.take(pa.array(others)))
        return codes

    def _place(self, words: pa.Array) -> np.ndarray:
        found = pc.index_in(words, value_set=self.words)
        if found.null_count:
            new = pc.unique(words.filter(pc.is_null(found)))
            self.words = pa.concat_arrays([self.words, new])
            found = pc.index_in(words, value_set=self.words)
        return found.to_numpy(zero_copy_only=False)

    def ranks(self) -> np.ndarray:
        """The place of each text in the order of code points."""
        order = pc.sort_indices(self.words).to_numpy(zero_copy_only=False)
        ranks = np.empty(len(order), dtype=np.int64)
        ranks[order] = np.arange(len(order))
        return ranks


def distinct(words: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """For each word its place among the distinct ones, and these, in the order in which they come."""
    found = words.dictionary_encode()
    return np.asarray(found.indices), found.dictionary


def _sorted_words(words: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """For each word its place among the distinct ones, and these, in the order of code points."""
    places, known = distinct(words)
    order = pc.sort_indices(known)
    ranks = np.empty(len(known), dtype=np.int32)
    ranks[np.asarray(order)] = np.arange(len(known), dtype=np.int32)
    return ranks.take(places), known.take(order)


def coded(codes: np.ndarray, words: pa.Array) -> pa.DictionaryArray:
    """Codes into ``words`` as a column of text. Many columns may share the words: a ``Writer`` takes what is needed."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32, copy=False)), words, safe=False)


def constant(text: str, rows: int) -> pa.DictionaryArray:
    """A column of one text."""
    zeros = _ZEROS[:rows] if rows <= len(_ZEROS) else pa.array(np.zeros(rows, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(zeros, pa.array([text]), safe=False)


class Spill:
    """Rows put aside on the disk as plain numbers until all of a file has been seen, and read again run by run.

    ``columns``: their names and NumPy types. What is in memory is one place (where in the file, how many rows) for each
    piece that was put aside.
    """

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        self._columns = {name: np.dtype(kind) for name, kind in columns.items()}
        self._file = path.open("w+b", buffering=1 << 20)
        self._width = sum(kind.itemsize for kind in self._columns.values())
        self._places: dict[int, list[tuple[int, int]]] = {}
        self._end = 0

    def add(self, run: int, rows: Mapping[str, np.ndarray]) -> None:
        """Put rows of a run aside, in any number of pieces."""
        length = len(next(iter(rows.values())))
        if self._file.tell() != self._end:
            self._file.seek(self._end)
        for name, kind in self._columns.items():
            self._file.write(np.ascontiguousarray(rows[name], dtype=kind).data)
        self._places.setdefault(run, []).append((self._end, length))
        self._end += length * self._width

    def read(self, run: int) -> dict[str, np.ndarray]:
        """The rows of a run, in the order in which they came."""
        pieces: dict[str, list[np.ndarray]] = {name: [] for name in self._columns}
        for start, length in self._places.get(run, []):
            self._file.seek(start)
            for name, kind in self._columns.items():
                pieces[name].append(np.frombuffer(self._file.read(length * kind.itemsize), dtype=kind))
        return {
            name: np.concatenate(parts) if parts else np.zeros(0, self._columns[name]) for name, parts in pieces.items()
        }

    def __enter__(self) -> Spill:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@contextmanager
def steady_memory() -> Iterator[None]:
    """Arrow's memory from the C library, for what allocates and frees pieces of one size over and over.

    Arrow's own allocator hands freed pages back to the system at once, and has to ask for them again for each piece.
    """
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items; while the caller works with one, a second thread makes the next."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, items, _NO_MORE)
        while (item := coming.result()) is not _NO_MORE:
            coming = thread.submit(next, items, _NO_MORE)
            yield item  # type: ignore[misc]
