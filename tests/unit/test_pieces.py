"""The peptide table in pieces of whole runs, and sums that no order of rows changes."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sevident import tables
from sevident.quantification import pieces
from sevident.quantification.scan import Source


def features(runs: int) -> pd.DataFrame:
    rows = [
        {"input": name, "run": f"r{run}", "peptide": f"{word}K", "protein_group": "A", "charge": 2, "evidence": "ms2",
         "intensity": 1.0 + run + 10 * place}
        for name in ("one", "two") for run in range(runs) for place, word in enumerate("XYZ")
    ]  # fmt: skip
    return tables.conform(pd.DataFrame(rows), tables.FEATURES)


@pytest.mark.parametrize("group", [2, 5, 100])  # rows of a row group of the file
@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("shuffled", [False, True])
def test_every_row_comes_once_with_its_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int, size: int, shuffled: bool
) -> None:
    monkeypatch.setattr(pieces, "ROWS", size)
    frame = features(5)
    written = frame.sample(frac=1, random_state=3) if shuffled else frame
    arrow = pa.Table.from_pandas(written, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, tmp_path / "f.parquet", row_group_size=group)
    with pieces.pieces(Source(path=tmp_path / "f.parquet", inputs=("two",)), "peptide", "charge") as table:
        found = list(table)
        assert table.runs == [("two", f"r{run}") for run in range(5)]
        assert len(found) == {1: 5, 7: 3, 1000: 1}[size]
        got = [
            (int(run), str(table.lexicons["peptide"].words[int(code)]), float(amount), int(charge))
            for piece in found
            for run, code, amount, charge in zip(
                piece.run, piece.codes["peptide"], piece.numbers["intensity"], piece.numbers["charge"], strict=True
            )
        ]
    two = frame[frame["input"].eq("two")]
    wanted = zip(two["run"].str[1:].astype(int), two["peptide"], two["intensity"], two["charge"], strict=True)
    assert sorted(got) == sorted(wanted)
    assert [run for run, *_ in got] == sorted(run for run, *_ in got)


def test_sums_do_not_depend_on_the_order_of_rows() -> None:
    random = np.random.default_rng(5)
    key = random.integers(0, 40, 1000)
    values = random.lognormal(0, 12, 1000)
    first = pieces.add_up(key, values)
    for _ in range(20):
        order = random.permutation(1000)
        for one, other in zip(first, pieces.add_up(key[order], values[order]), strict=True):
            assert np.array_equal(one, other)
    assert first[1] == pytest.approx([math.fsum(values[key == k]) for k in first[0]], rel=1e-14)
    assert [len(part) for part in pieces.add_up(np.zeros(0, dtype=np.int64), np.zeros(0))] == [0, 0]


def test_numbers_are_packed_without_loss() -> None:
    columns = (np.array([0, 2, 1]), np.array([5, 0, 6]), np.array([1 << 30, 3, 0]))
    sizes = (3, 7, 1 << 31)
    back = pieces.unpacked(pieces.packed(columns, sizes), sizes)
    assert all(np.array_equal(one, other) for one, other in zip(columns, back, strict=True))
    with pytest.raises(OverflowError):
        pieces.packed(columns, (1 << 20, 1 << 22, 1 << 31))
