"""Ions of samples: the peptide table as a matrix, joined over runs by the rule of ``merge``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .lfq import Ions
from .merge import Row, combine
from .runs import Runs
from .scan import EXACT, Features, connect, exact_scale

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
        scale = exact_scale(connection)
        connection.register("known", known[kept[known["group"].to_numpy(dtype="int64")]])
        connection.execute(
            'CREATE TEMP TABLE ions AS SELECT input, run, "group", '  # noqa: S608  (constants of this package)
            "coalesce(nullif(modified_sequence, ''), peptide) AS form, coalesce(charge, 0) AS charge, "
            f"sum({EXACT})::DOUBLE / $scale AS intensity FROM quantified JOIN known USING (input, protein_group) "
            "GROUP BY ALL",
            {"scale": scale},
        )
        frame = connection.execute(
            'SELECT input, run, "group", dense_rank() OVER (ORDER BY "group", form, charge) - 1 AS ion, intensity '
            "FROM ions ORDER BY input, run, ion"
        ).df()
    pairs = frame[["input", "run"]].astype("str")
    codes, runs = pd.factorize(pd.MultiIndex.from_frame(pairs), sort=True)
    ion = frame["ion"].to_numpy(dtype="int64")
    number = int(ion.max()) + 1 if len(ion) else 0
    group_of = np.zeros(number, dtype="int64")
    group_of[ion] = frame["group"].to_numpy(dtype="int64")
    nothing = np.full(len(frame), np.nan)
    taken = Runs(
        pd.DataFrame(index=range(number)),
        [(str(source), str(run)) for source, run in runs],
        ion,
        codes.astype("int64"),
        frame["intensity"].to_numpy(dtype="float64", copy=True),
        nothing,
        nothing,
        np.zeros(len(frame), dtype="int8"),
        [],
    )
    return Ions(combine(taken, rows, "intensity").quantity, group_of)
