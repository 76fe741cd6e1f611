"""A peptide table (tables.FEATURES) of any size, made up, for measuring: log-normal amounts, missing values, decoys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

LETTERS = np.array(list("ACDEFGHIKLMNPQSTVWY"))


def names(seed: int, groups: int) -> tuple[list[str], list[str]]:
    """For every peptide its sequence and its protein group: a group has 1 to 40 peptides."""
    rng = np.random.default_rng(seed)
    peptides, owners = [], []
    for group, number in enumerate(rng.geometric(0.08, groups).clip(1, 40).tolist()):
        for _ in range(number):
            peptides.append("".join(rng.choice(LETTERS, int(rng.integers(7, 25)))) + "K")
            owners.append(f"P{group:05d}")
    return peptides, owners


def write(path: Path, runs: int, groups: int = 6000, seed: int = 1) -> int:
    """Write a table of ``runs`` runs, one row group each, in the columns of FEATURES; returns the number of rows."""
    rng = np.random.default_rng(seed)
    peptides, owners = names(seed, groups)
    peptide, owner = pa.array(peptides), pa.array(owners)
    level = rng.normal(20, 2, len(peptides))
    charges = rng.integers(2, 4, len(peptides))
    rows = 0
    writer: pq.ParquetWriter | None = None
    for run in range(runs):
        # a peptide is seen the likelier the more there is of it; a third of those seen has a second charge state
        seen = np.flatnonzero(rng.random(len(peptides)) < 1 / (1 + np.exp(19 - level)))
        again = seen[rng.random(len(seen)) < 1 / 3]
        at = pa.array(np.concatenate([seen, again]))
        size = len(at)
        charge = np.concatenate([charges[seen], charges[again] + 1])
        amounts = 2.0 ** (level[at.to_numpy()] + rng.normal(0, 0.5, size))
        sequences = peptide.take(at)
        table = pa.table(
            {
                "input": pa.array(["main"] * size),
                "run": pa.array([f"run_{run:05d}"] * size),
                "peptide": sequences,
                "modified_sequence": sequences,
                "charge": pa.array(charge),
                "proteins": owner.take(at),
                "protein_group": owner.take(at),
                "genes": owner.take(at),
                "intensity": pa.array(amounts),
                "spectra": pa.array([1] * size),
                "score": pa.array(rng.random(size)),
                "q_value": pa.array(rng.random(size) * 0.01),
                "is_decoy": pa.array(rng.random(size) < 0.005),
                "evidence": pa.array(["ms2"] * size),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
        rows += size
    if writer:
        writer.close()
    return rows
