"""The peptide table in DuckDB: one way in for all that counts and adds up peptides.

Sums of floating-point numbers depend on the order of their terms, and DuckDB's order on the number of cores. Therefore
intensities are added up as whole numbers of 128 bits: each is multiplied by a power of two, which is exact, chosen so
that the largest has 96 bits; that leaves room for 2^31 terms, and nothing is lost of an intensity within 43 powers of
two of the largest.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "1GB"
ROWS = 1 << 20  # rows of a batch of runs
PIECE = "input = $input AND run BETWEEN $first AND $last"  # DuckDB passes over what lies outside of it in a sorted file
EXACT = "CAST(intensity * $scale AS HUGEINT)"  # an intensity as a whole number; divide the sum by $scale
_BITS = 96
# text as text: categories of a frame would sort in the order of their first row
_COLUMNS = (
    "input::VARCHAR AS input, run::VARCHAR AS run, peptide::VARCHAR AS peptide, "
    "modified_sequence::VARCHAR AS modified_sequence, charge::BIGINT AS charge, "
    "protein_group::VARCHAR AS protein_group, intensity::DOUBLE AS intensity"
)


@dataclass(frozen=True)
class Source:
    """Where the peptides of a study are (tables.FEATURES), so that large ones need not be read into memory.

    ``frame``: rows that were changed after ingest; ``path``: the Parquet file, of which the rows of ``inputs`` count.
    ``weights`` (input, run, peptide, weight) multiply the intensities of the protein groups ``own`` (input,
    protein_group); see ``species``.
    """

    frame: pd.DataFrame | None = None
    path: Path | None = None
    inputs: tuple[str, ...] = ()
    weights: pd.DataFrame | None = None
    own: pd.DataFrame | None = None

    @property
    def weighted(self) -> bool:
        """Whether any intensity is not the one that stands in the table."""
        return self.weights is not None and self.own is not None and not self.weights.empty


Features = pd.DataFrame | Source


@contextmanager
def connect(features: Features) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the view ``quantified``: the rows with an intensity, decoys left out.

    Its columns: input, run, peptide, modified_sequence, charge, protein_group, intensity.
    """
    import duckdb

    source = Source(frame=features) if isinstance(features, pd.DataFrame) else features
    with tempfile.TemporaryDirectory(prefix="sevident-") as folder, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("SET temp_directory = $1", [folder])
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        condition = "WHERE NOT coalesce(is_decoy, false) AND intensity > 0 AND isfinite(intensity)"
        parts = []
        if source.frame is not None:
            connection.register("changed", source.frame)
            parts.append(f"SELECT {_COLUMNS} FROM changed {condition}")  # noqa: S608  (constants of this module)
        if source.path is not None:
            # DuckDB takes brackets, stars and question marks of a file name for patterns
            link = Path(folder) / "features.parquet"
            link.symlink_to(source.path.resolve())
            connection.register("kept", pd.DataFrame({"input": pd.Series(source.inputs, dtype="str")}))
            path = str(link).replace("'", "''")
            parts.append(
                f"SELECT {_COLUMNS} FROM read_parquet('{path}') {condition} "  # noqa: S608
                "AND input IN (SELECT input FROM kept)"
            )
        connection.execute(f"CREATE VIEW unweighted AS {' UNION ALL '.join(parts)}")
        _weigh(connection, source)
        yield connection


def _weigh(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    if not source.weighted:
        connection.execute("CREATE VIEW quantified AS SELECT * FROM unweighted")
        return
    connection.register("weights", source.weights)
    assert source.own is not None  # noqa: S101  (see ``weighted``)
    connection.register("own", source.own[["input", "protein_group"]].drop_duplicates().assign(mine=True))
    connection.execute(
        "CREATE VIEW quantified AS SELECT * FROM (SELECT unweighted.* REPLACE "
        "(CASE WHEN mine THEN intensity * coalesce(weight, 1.0) ELSE intensity END AS intensity) FROM unweighted "
        "LEFT JOIN own USING (input, protein_group) LEFT JOIN weights USING (input, run, peptide)) WHERE intensity > 0"
    )


def write_sorted(features: Features, path: Path) -> frozenset[str]:
    """Write the rows with an intensity, weighted, as a Parquet file sorted by input and run; returns the inputs."""
    target = str(path).replace("'", "''")
    with connect(features) as connection:
        connection.execute(
            f"COPY (SELECT *, false AS is_decoy FROM quantified ORDER BY input, run) TO '{target}' "  # noqa: S608
            "(FORMAT parquet, COMPRESSION snappy)"
        )
        found = connection.execute(f"SELECT DISTINCT input FROM read_parquet('{target}')").fetchall()  # noqa: S608
    return frozenset(str(row[0]) for row in found)


def inputs(features: Features) -> set[str]:
    """The inputs that have peptides with an intensity."""
    with connect(features) as connection:
        return {str(row[0]) for row in connection.execute("SELECT DISTINCT input FROM quantified").fetchall()}


@dataclass(frozen=True)
class Batches:
    """The rows with an intensity in pieces of whole runs, so that what is worked out of them fits into memory.

    ``runs``: all of them (input, run), sorted; ``pieces``: for each piece its input, its first and its last run, in the
    same order (the condition ``PIECE``); ``scale``: the power of two by which intensities become whole numbers.
    """

    runs: list[tuple[str, str]]
    pieces: list[tuple[str, str, str]]
    scale: float


def batches(connection: duckdb.DuckDBPyConnection) -> Batches:
    """The batches of the view ``quantified``. A run that is larger than a batch is one."""
    found = connection.execute(
        "SELECT input, run, count(*), max(intensity) FROM quantified GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    pieces: list[tuple[str, str, str]] = []
    room = 0
    for name, run, rows, _ in found:
        if pieces and pieces[-1][0] == name and rows <= room:
            pieces[-1] = (name, pieces[-1][1], run)
        else:
            pieces.append((name, run, run))
            room = ROWS
        room -= rows
    largest = max((row[3] for row in found), default=1.0)
    return Batches([(name, run) for name, run, *_ in found], pieces, 2.0 ** (_BITS - math.frexp(largest)[1]))
