"""Every member of every panel in every sample: seen or not, how much, in which rank, against the study's references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..panels import SPECIES_PANELS
from ..quantification.abundance import as_category
from ..tables import EVIDENCE_KINDS, STATUSES
from . import absence
from .composition import IMPUTED, Composition, SampleLike, log2_against_references

if TYPE_CHECKING:
    from numpy.typing import NDArray

ABSENT = -1  # in a matrix of group indices: none


@dataclass(frozen=True)
class Measured:
    """Panel members x samples. ``members`` are the registry's rows, sorted by panel and gene.

    ``best``: index of the most abundant detected protein group, ABSENT = none; ``status`` and ``note`` index STATUSES
    and absence.NOTES. ``pair_member`` and ``pair_group`` list which groups belong to which member, sorted.
    ``searched``: per member, whether an input or a database of any sample holds it.
    """

    members: pd.DataFrame
    best: NDArray[np.int64]
    status: NDArray[np.int8]
    note: NDArray[np.int8]
    pair_member: NDArray[np.int64]
    pair_group: NDArray[np.int64]
    searched: NDArray[np.bool_]

    def only(self, chosen: NDArray[np.bool_]) -> Measured:
        """The same for a part of the members."""
        new = np.cumsum(chosen) - 1
        pairs = chosen[self.pair_member]
        return Measured(
            self.members[chosen].reset_index(drop=True),
            self.best[chosen],
            self.status[chosen],
            self.note[chosen],
            new[self.pair_member[pairs]],
            self.pair_group[pairs],
            self.searched[chosen],
        )

    def of_best(self, matrix: NDArray, nothing: float = np.nan) -> NDArray:
        """Values of a groups x samples matrix at each member's best group."""
        if not matrix.size:
            return np.full(self.best.shape, nothing)
        values = matrix[np.maximum(self.best, 0), np.arange(self.best.shape[1])[None, :]]
        return np.where(self.best >= 0, values, nothing)


def measure(
    composition: Composition,
    members: pd.DataFrame,
    matches: pd.DataFrame,
    *,
    samples: Sequence[SampleLike],
    in_table: Mapping[str, NDArray[np.bool_]],
    databases: Mapping[str, set[tuple[str, str]]],
) -> Measured:
    """Find each member's best protein group and say what absence means.

    ``members``: rows of the registry (panel, gene, assessable, ...); ``matches``: panel, gene, protein_group, as
    ``panels.match`` gives them; ``in_table``: for each input which protein groups it has rows for; ``databases``: for
    inputs with a FASTA the (panel, gene) pairs that it holds.
    """
    members = members.sort_values(["panel", "gene"], kind="stable").reset_index(drop=True)
    keys = list(zip(members["panel"], members["gene"], strict=True))
    place = {key: i for i, key in enumerate(keys)}
    group_place = {g: i for i, g in enumerate(composition.groups["protein_group"])}
    pairs = sorted(
        {
            (place[panel, gene], group_place[group])
            for panel, gene, group in matches[["panel", "gene", "protein_group"]].itertuples(index=False)
        }
    )
    member, group = np.array(pairs, dtype="int64").reshape(-1, 2).T
    detected = composition.detected
    amount = np.where(detected, composition.mass, -1.0)
    best = _best(amount, member, group, len(members))
    imputed = _any(~np.isnan(composition.mass) & (composition.evidence == IMPUTED), member, group, len(members))
    process = composition.groups["contaminant"].eq("process").to_numpy()
    held = np.bincount(member, minlength=len(members))
    process_only = (held > 0) & (np.bincount(member, weights=process[group], minlength=len(members)) == held)
    held_by_table = _in_table(member, group, len(members), samples, in_table)
    held_by_database = _in_database(keys, samples, databases)
    status, note = absence.judge(
        detected=best >= 0,
        imputed=imputed & (best < 0),
        process_only=process_only,
        in_database=held_by_database,
        in_table=held_by_table,
        seldom=members["assessable"].eq("seldom").to_numpy(),
        counts=composition.counts,
    )
    searched = (held_by_table | (held_by_database == 1)).any(axis=1)
    return Measured(members, best, status, note, member, group, searched)


def _best(
    amount: NDArray[np.float64], member: NDArray[np.int64], group: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """The most abundant group of each member in each sample (the first by name among equals)."""
    best = np.full((count, amount.shape[1]), ABSENT, dtype="int64")
    if not len(member):
        return best
    starts = np.flatnonzero(np.r_[True, member[1:] != member[:-1]])
    values = amount[group]
    top = np.maximum.reduceat(values, starts, axis=0)
    sizes = np.diff(np.r_[starts, len(member)])
    position = np.where(values == np.repeat(top, sizes, axis=0), np.arange(len(member))[:, None], len(member))
    chosen = group[np.minimum.reduceat(position, starts, axis=0)]
    best[member[starts]] = np.where(top > 0, chosen, ABSENT)
    return best


def _any(
    matrix: NDArray[np.bool_], member: NDArray[np.int64], group: NDArray[np.int64], count: int
) -> NDArray[np.bool_]:
    """Whether any group of a member is true, members x columns."""
    out = np.zeros((count, matrix.shape[1]), dtype="bool")
    if len(member):
        starts = np.flatnonzero(np.r_[True, member[1:] != member[:-1]])
        out[member[starts]] = np.logical_or.reduceat(matrix[group], starts, axis=0)
    return out


def _in_table(
    member: NDArray[np.int64],
    group: NDArray[np.int64],
    count: int,
    samples: Sequence[SampleLike],
    in_table: Mapping[str, NDArray[np.bool_]],
) -> NDArray[np.bool_]:
    """Whether an input of the sample has a row for the member, members x samples."""
    inputs = sorted(in_table)
    out = np.zeros((count, len(samples)), dtype="bool")
    if not inputs:
        return out
    held = _any(np.column_stack([in_table[i] for i in inputs]), member, group, count)
    for column, sample in enumerate(samples):
        own = [inputs.index(name) for name in {source for source, _ in sample.runs} if name in in_table]
        out[:, column] = held[:, own].any(axis=1)
    return out


def _in_database(
    keys: list[tuple[str, str]], samples: Sequence[SampleLike], databases: Mapping[str, set[tuple[str, str]]]
) -> NDArray[np.int8]:
    """1 where a database of the sample holds the member, 0 where all its inputs have one and none does, else -1."""
    held = {name: np.array([key in pairs for key in keys], dtype="bool") for name, pairs in databases.items()}
    out = np.full((len(keys), len(samples)), -1, dtype="int8")
    for column, sample in enumerate(samples):
        sources = {source for source, _ in sample.runs}
        given = [held[s] for s in sorted(sources) if s in held]
        if given:
            holds = np.logical_or.reduce(given)
            out[holds, column] = 1
            if len(given) == len(sources):
                out[~holds, column] = 0
    return out


def table(
    composition: Composition,
    measured: Measured,
    samples: Sequence[SampleLike],
    organism: str,
    listed: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """The table MARKERS (text as categories): one row per sample and panel member of those ``listed`` (all)."""
    if listed is not None:
        measured = measured.only(listed)
    members = measured.members
    shape = measured.best.shape
    member, sample = (axis.ravel() for axis in np.indices(shape))
    best = measured.best.ravel()

    def registry(column: str) -> pd.Categorical:
        codes, words = pd.factorize(members[column].astype("str"))
        return as_category(codes[member], words)

    expected = _accessions(members, organism)
    # the registry's accession; where it has none, the leading one of the group that was detected
    leading = composition.groups["accessions"].str.split(";").str[0]
    words = pd.concat([leading, expected], ignore_index=True).fillna("").astype("str")
    from_group = (best >= 0) & expected.eq("").to_numpy()[member]
    codes, categories = pd.factorize(words)
    accession = codes[np.where(from_group, best, len(leading) + member)]
    mass = measured.of_best(composition.mass)
    frame = pd.DataFrame(
        {
            "sample": as_category(sample, composition.samples),
            "panel": registry("panel"),
            "gene": registry("gene"),
            "accession": as_category(accession, categories),
            "direction": registry("direction"),
            "weight": members["weight"].to_numpy(dtype="float64")[member],
            "status": as_category(measured.status.ravel(), STATUSES),
            "protein_group": as_category(best, composition.groups["protein_group"].tolist()),
            "mass_fraction": mass.ravel(),
            "molar_fraction": measured.of_best(composition.molar).ravel(),
            "rank_percentile": measured.of_best(composition.percentile).ravel(),
            "peptides": measured.of_best(composition.peptides).ravel(),
            "evidence": as_category(measured.of_best(composition.evidence, -1).astype("int8").ravel(), EVIDENCE_KINDS),
            "note": as_category(measured.note.ravel(), absence.NOTES),
        }
    )
    for role, ratio in log2_against_references(mass, samples).items():
        frame[f"log2_vs_{role}"] = ratio.ravel()
    return frame


def _accessions(members: pd.DataFrame, organism: str) -> pd.Series:
    """The registry's accession of each member in the study's organism; of a species panel, in that species."""
    species = members["panel"].map(SPECIES_PANELS).fillna(organism)
    found = pd.Series("", index=members.index, dtype="str")
    for name in sorted(set(species)):
        column = f"uniprot_{name}"
        if column in members:
            found = found.where(species.ne(name), members[column])
    return found
