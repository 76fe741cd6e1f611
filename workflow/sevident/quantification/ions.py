"""Ions of samples: the peptide table as a matrix, joined over runs by the rule of ``merge``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .lfq import Ions
from .merge import Row, combine
from .runs import Runs
from .scan import EXACT, PIECE, Features, batches, connect

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

_FORM = "coalesce(nullif(modified_sequence, ''), peptide) AS form, coalesce(charge, 0) AS charge"


def groups_of(proteins: pd.DataFrame, taken: Runs) -> pd.DataFrame:
    """Columns input, protein_group and group (place in ``taken.groups``): each group of the protein table once.

    ``taken``: the same protein table, taken apart.
    """
    frame = proteins[["input", "protein_group"]].assign(group=taken.group_of).drop_duplicates()
    return frame.astype({"input": "str", "protein_group": "str"}).reset_index(drop=True)


def of_samples(features: Features, known: pd.DataFrame, rows: Sequence[Row], kept: NDArray[np.bool_]) -> Ions:
    """The ions of every sample.

    ``features``: tables.FEATURES; ``known``: of ``groups_of``; ``rows``: of the sample sheet; ``kept``: which groups
    are wanted. An ion is a modified sequence (the plain one where there is none) with its charge in a protein group;
    what a run holds of one ion in several rows is added up. Technical replicates are averaged and fractions added up
    as those of proteins are.
    """
    with connect(features) as connection:
        pieces = batches(connection)
        connection.register("known", known[kept[known["group"].to_numpy(dtype="int64")]])
        names = pd.DataFrame(pieces.runs, columns=["input", "run"], dtype="str")
        connection.register("places", names.assign(place=np.arange(len(names))))
        connection.execute(
            f"""
            CREATE TEMP TABLE ions AS
            SELECT "group", form, charge, row_number() OVER (ORDER BY "group", form, charge) - 1 AS ion
            FROM (SELECT DISTINCT "group", {_FORM} FROM quantified JOIN known USING (input, protein_group))
            """  # noqa: S608  (constants of this package)
        )
        number = int((connection.execute("SELECT count(*) FROM ions").fetchone() or (0,))[0])
        groups = connection.execute('SELECT "group" FROM ions ORDER BY ion').fetchnumpy()["group"]
        parts = [_of_runs(connection, piece, pieces.scale) for piece in pieces.pieces]
    nothing = np.full(sum(len(part["ion"]) for part in parts), np.nan)
    run_of, ion, intensity = (
        np.concatenate([part.pop(name) for part in parts]) if parts else np.zeros(0)
        for name in ("place", "ion", "intensity")
    )
    taken = Runs(
        pd.DataFrame(index=range(number)),
        pieces.runs,
        ion.astype("int64", copy=False),
        run_of.astype("int64", copy=False),
        intensity,
        nothing,
        nothing,
        np.zeros(len(nothing), dtype="int8"),
        [],
    )
    return Ions(combine(taken, rows, "intensity").quantity, np.asarray(groups, dtype="int64"))


def _of_runs(
    connection: duckdb.DuckDBPyConnection, piece: tuple[str, str, str], scale: float
) -> dict[str, NDArray[Any]]:
    """Columns place (of the run), ion and intensity of a batch of runs, sorted by the first two."""
    found = connection.execute(
        f"""
        WITH sums AS (
            SELECT run, "group", {_FORM}, sum({EXACT})::DOUBLE / $scale AS intensity
            FROM (SELECT * FROM quantified WHERE {PIECE}) JOIN known USING (input, protein_group) GROUP BY ALL
        )
        SELECT place, ion, intensity FROM sums JOIN ions USING ("group", form, charge)
        JOIN (SELECT * FROM places WHERE input = $input) USING (run) ORDER BY place, ion
        """,  # noqa: S608  (constants of this package)
        dict(zip(("input", "first", "last"), piece, strict=True)) | {"scale": scale},
    ).fetchnumpy()
    return {name: np.asarray(column) for name, column in found.items()}
