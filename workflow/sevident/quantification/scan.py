"""The peptide table in DuckDB, for what joins and counts peptides; ``pieces`` is the way in for sums run by run.

Sums of floating-point numbers depend on the order of their terms, and DuckDB's order on the number of cores. Therefore
they are taken over sorted values.
"""

from __future__ import annotations

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
