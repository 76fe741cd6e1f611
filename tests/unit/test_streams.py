"""Tables written and read run by run are the tables that ``tables.write_table`` writes."""

from __future__ import annotations

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


@pytest.mark.parametrize(("rows", "by_piece"), [(1, False), (7, False), (1000, False), (1000, True)])
def test_what_is_written_piece_by_piece_is_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, by_piece: bool
) -> None:
    monkeypatch.setattr(streams, "ROWS", rows)
    frame = proteins(9)
    path = tmp_path / "new" / "p.parquet"
    with streams.Writer(path, tables.PROTEINS, by_piece=by_piece) as writer:
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


def test_coded_columns_hold_no_more_than_is_needed() -> None:
    words = pa.array(["x", "y", "x", "z"])
    column = streams.coded(np.array([2, 0, 1, 2]), words)
    assert column.to_pylist() == ["x", "x", "y", "x"]
    assert sorted(column.dictionary.to_pylist()) == ["x", "y"]
    assert streams.coded(np.array([], dtype=int), words).to_pylist() == []


def test_stretches() -> None:
    assert list(streams.stretches(np.array([3, 3, 1, 3]))) == [(0, 2, 3), (2, 3, 1), (3, 4, 3)]
    assert list(streams.stretches(np.array([], dtype=int))) == []
