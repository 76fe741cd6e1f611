"""Ions of samples: the peptide table as a matrix, joined over runs by the rule of ``merge``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .lfq import Ions
from .merge import Row, combine
from .pieces import Piece, Pieces, add_up, packed, pieces, unpacked
from .runs import Runs
from .scan import Features

if TYPE_CHECKING:
    from numpy.typing import NDArray


def groups_of(proteins: pd.DataFrame, taken: Runs) -> pd.DataFrame:
    """Columns input, protein_group and group (place in ``taken.groups``): each group of the protein table once.

    ``taken``: the same protein table, taken apart.
    """
    frame = proteins[["input", "protein_group"]].assign(group=taken.group_of).drop_duplicates()
    return frame.astype({"input": "str", "protein_group": "str"}).reset_index(drop=True)


@dataclass(frozen=True)
class _Part:
    """Of each ion in each run of a piece: the run's place, the ion's place in ``ions``, and its intensity.

    ``ions``: the distinct ones, by the places of their groups, the numbers of their texts, and their charges.
    """

    run: NDArray[np.int32]
    ion: NDArray[np.int32]
    intensity: NDArray[np.float64]
    ions: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def of_samples(features: Features, known: pd.DataFrame, rows: Sequence[Row], kept: NDArray[np.bool_]) -> Ions:
    """The ions of every sample.

    ``features``: tables.FEATURES; ``known``: of ``groups_of``; ``rows``: of the sample sheet; ``kept``: which groups
    are wanted. An ion is a modified sequence (the plain one where there is none) with its charge in a protein group;
    what a run holds of one ion in several rows is added up. Technical replicates are averaged and fractions added up
    as those of proteins are.
    """
    known = known[kept[known["group"].to_numpy(dtype="int64")]]
    with pieces(features, "protein_group", "peptide", "modified_sequence", "charge") as table:
        # an ion's text may come from either column: one numbering for both
        table.lexicons["modified_sequence"] = table.lexicons["peptide"]
        parts = [_of_runs(piece, table, known) for piece in table]
    group_of, places = _number([part.ions for part in parts], table.lexicons["peptide"].ranks())
    run_of = np.concatenate([part.run for part in parts] or [np.zeros(0, dtype=np.int32)])
    ion = np.concatenate([place.take(part.ion) for place, part in zip(places, parts, strict=True)] or [run_of])
    intensity = np.concatenate([part.intensity for part in parts] or [np.zeros(0)])
    del parts
    nothing, evidence = np.broadcast_to(np.nan, ion.shape), np.broadcast_to(np.int8(0), ion.shape)
    taken = Runs(
        pd.DataFrame(index=range(len(group_of))), table.runs, ion, run_of, intensity, nothing, nothing, evidence, []
    )
    return Ions(combine(taken, rows, "intensity").quantity, group_of)


def _of_runs(piece: Piece, table: Pieces, known: pd.DataFrame) -> _Part:
    here = known[known["input"].eq(table.runs[int(piece.run[0])][0])] if len(piece.run) else known
    place = dict(zip(here["protein_group"], here["group"].tolist(), strict=True))
    words = table.lexicons["protein_group"].words.to_pylist()
    group = np.array([place.get(word, -1) for word in words], dtype=np.int64).take(piece.codes["protein_group"])
    wanted = np.flatnonzero(group >= 0)
    modified = piece.codes["modified_sequence"].take(wanted)
    form = np.where(modified > 0, modified, piece.codes["peptide"].take(wanted))  # 0 is the empty text
    charge, charges = pd.factorize(piece.numbers["charge"].take(wanted))
    sizes = (max(place.values(), default=0) + 1, len(table.lexicons["peptide"]), max(len(charges), 1))
    ion, keys = pd.factorize(packed((group.take(wanted), form, charge), sizes))
    found, form, charge = unpacked(keys, sizes)
    in_runs = (len(table.runs), max(len(keys), 1))
    key = packed((piece.run.take(wanted), ion), in_runs)
    key, intensity = add_up(key, piece.numbers["intensity"].take(wanted))
    run, ion = unpacked(key, in_runs)
    return _Part(run.astype(np.int32), ion.astype(np.int32), intensity, (found, form, charges.take(charge)))


def _number(
    ions: Sequence[tuple[NDArray[np.int64], ...]], ranks: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[NDArray[np.int32]]]:
    """The groups of all ions in the order of group, text and charge, and the place of each part's ions among these."""
    if not ions:
        return np.zeros(0, dtype=np.int64), []
    group, form, charge = (np.concatenate(column) for column in zip(*ions, strict=True))
    rank = ranks.take(form)
    order = np.lexsort((charge, rank, group))
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for column in (group, rank, charge):
        ordered = column.take(order)
        new[1:] |= ordered[1:] != ordered[:-1]
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.cumsum(new) - 1
    return group.take(order[new]), np.split(number, np.cumsum([len(one) for one, *_ in ions])[:-1])
