"""Tables written and read run by run are the tables that ``tables.write_table`` writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sevident import streams, tables


def proteins(runs: int, groups: int = 5) -> pd.DataFrame:
    rows = [
        {"input": "main", "run": f"r{r:03d}", "protein_group": f"P{g}", "genes": "" if g else "CD9", "evidence": "ms2",
         "intensity": 1.5 * g if g else None, "peptides": g, "contaminant": "none"}
        for r in range(runs) for g in range(groups)
    ]  # fmt: skip
    return tables.conform(pd.DataFrame(rows), tables.PROTEINS)


def piece(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False).cast(streams.schema(tables.PROTEINS))


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_what_is_written_piece_by_piece_is_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(streams, "ROWS", rows)
    frame = proteins(9)
    path = tmp_path / "new" / "p.parquet"
    with streams.Writer(path, tables.PROTEINS) as writer:
        for _, part in frame.groupby("run"):
            assert not path.exists()
            writer.write(piece(part))
    assert tables.read_table(path, tables.PROTEINS).equals(frame)
    assert [p.name for p in path.parent.iterdir()] == ["p.parquet"]
    tables.write_table(frame, tables.PROTEINS, tmp_path / "whole.parquet")
    for file in (path, tmp_path / "whole.parquet"):
        with streams.Blocks(file, tables.PROTEINS) as blocks:
            assert blocks.rows == {f"r{r:03d}": 5 for r in range(9)}
            assert blocks.read("r004").to_pandas()["protein_group"].tolist() == [f"P{g}" for g in range(5)]
            assert blocks.read("nothing").num_rows == 0


def test_the_cut_into_pieces_does_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "ROWS", 11)
    frame = proteins(9)
    written = []
    for size in (1, 4, 11, 45):
        path = tmp_path / f"{size}.parquet"
        with streams.Writer(path, tables.PROTEINS) as writer:
            for start in range(0, len(frame), size):
                writer.write(piece(frame.iloc[start : start + size]))
        written.append(path.read_bytes())
    assert len(set(written)) == 1


def test_nothing_remains_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    path.write_text("before")
    with pytest.raises(KeyError), streams.Writer(path, tables.PROTEINS) as writer:
        writer.write(piece(proteins(1)))
        raise KeyError
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]


def test_a_table_without_rows(tmp_path: Path) -> None:
    with streams.Writer(tmp_path / "p.parquet", tables.PROTEINS):
        pass
    assert tables.read_table(tmp_path / "p.parquet", tables.PROTEINS).equals(tables.empty(tables.PROTEINS))


def test_lexicon() -> None:
    lexicon = streams.Lexicon()
    first = lexicon.codes(pa.array(["b", None, "a", "b"]))
    second = lexicon.codes(pa.array(["c", "b", ""]).dictionary_encode())
    words = lexicon.words.to_pylist()
    assert [words[i] for i in first] == ["b", "", "a", "b"]
    assert [words[i] for i in second] == ["c", "b", ""]
    assert sorted(words) == ["", "a", "b", "c"]
    ranks = lexicon.ranks()
    assert [word for _, word in sorted(zip(ranks.tolist(), words, strict=True))] == ["", "a", "b", "c"]
    assert lexicon.codes(pa.array([None], pa.string()).dictionary_encode()).tolist() == [words.index("")]


def test_guesses_change_no_number() -> None:
    texts = ["b", "a", None, "c", "", "a"]
    for guesses in ([0] * 6, [1, 2, 0, 3, 0, 2], [2, 2, 2, 1, 1, 2]):
        lexicon = streams.Lexicon()
        lexicon.codes(pa.array(["b", "a", "z"]))
        codes = lexicon.codes_near(pa.array(texts), np.array(guesses, dtype=np.int32))
        assert lexicon.words.take(pa.array(codes)).to_pylist() == [text or "" for text in texts]
        assert len(lexicon) == 5


@pytest.mark.parametrize("shared", [True, False])
def test_dictionaries_do_not_show_in_what_is_written(tmp_path: Path, shared: bool) -> None:
    frame = proteins(4)
    written = []
    for number, extra in enumerate(([], ["unused", "P3", "zzz", ""], ["P1", "P1", "P0", ""])):
        path = tmp_path / f"{number}.parquet"
        groups = pa.array([*extra, *frame["protein_group"].unique().tolist(), *extra])
        with streams.Writer(path, tables.PROTEINS) as writer:
            for _, part in frame.groupby("run"):
                words = groups if shared or part["run"].iloc[0] < "r002" else groups[::-1]
                places = {word: i for i, word in enumerate(words.to_pylist())}
                column = streams.coded(np.array([places[g] for g in part["protein_group"]]), words)
                table = piece(part)
                writer.write(table.set_column(table.schema.get_field_index("protein_group"), "protein_group", column))
        assert tables.read_table(path, tables.PROTEINS).equals(frame)
        written.append(path.read_bytes())
    assert len(set(written)) == 1


def test_words_each_once() -> None:
    places, words = streams.distinct(pa.array(["x", "y", "x", "z"]))
    assert places.tolist() == [0, 1, 0, 2] and words.to_pylist() == ["x", "y", "z"]
    assert streams.coded(np.array([], dtype=int), words).to_pylist() == []
    assert streams.coded(np.array([2, 0]), words).to_pylist() == ["z", "x"]


def test_rows_put_aside_come_back_by_runs(tmp_path: Path) -> None:
    with streams.Spill(tmp_path / "spill", {"group": "int32", "amount": "float64"}) as spill:
        for run, start in ((3, 0), (1, 10), (3, 20)):
            numbers = np.arange(start, start + 4)
            spill.add(run, {"group": numbers, "amount": numbers / 8, "more": numbers})
        assert spill.read(3)["group"].tolist() == [0, 1, 2, 3, 20, 21, 22, 23]
        assert spill.read(1)["amount"].tolist() == [1.25, 1.375, 1.5, 1.625]
        assert len(spill.read(2)["group"]) == 0
        spill.add(1, {"group": np.array([7]), "amount": np.array([0.5])})
        assert spill.read(1)["group"].tolist() == [10, 11, 12, 13, 7]


def test_items_made_ahead() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise KeyError("here")

    assert list(streams.ahead(iter(range(5)))) == [0, 1, 2, 3, 4] and list(streams.ahead(iter([]))) == []
    found = []
    with pytest.raises(KeyError, match="here"):
        for item in streams.ahead(broken()):
            found += [item]
    assert found == [1, 2]


def test_stretches() -> None:
    assert list(streams.stretches(np.array([3, 3, 1, 3]))) == [(0, 2, 3), (2, 3, 1), (3, 4, 3)]
    assert list(streams.stretches(np.array([], dtype=int))) == []
