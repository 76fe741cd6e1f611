"""iBAQ and Top3: amounts of protein that can be compared between the proteins of a sample.

* Mass fraction: share in the summed intensity (total protein approach; see ``abundance``), without unit.
* iBAQ: summed peptide intensity of a protein group divided by the number of theoretically observable peptides of its
  leading protein: tryptic, without missed cleavages, 6 to 30 residues (Schwanhaeusser B et al. Nature 2011;473:337-342,
  doi 10.1038/nature10098). Unit: intensity per peptide; proportional to moles. Its share in the sample's sum is the
  molar fraction.
* Top3: mean intensity of the three most intense peptides of a protein group; a group with fewer has none (Silva JC et
  al. Mol Cell Proteomics 2006;5:144-156, doi 10.1074/mcp.M500230-MCP200). Unit: intensity; proportional to moles. The
  ions of one peptide (charge states, modifications) are added up first.

Trypsin cuts after K and R but not before P. A peptide that a protein holds twice counts twice, because both copies
give to its intensity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .database import Database
from .pieces import Piece, Pieces, add_up, packed, pieces, stretch_starts, sums, unpacked
from .runs import Runs
from .scan import Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..streams import Lexicon

SHORTEST, LONGEST = 6, 30  # residues of an observable peptide, Schwanhaeusser 2011
TOP = 3
_KEYS, _NUMBERS = ("input", "run", "protein_group"), ("intensity", "peptides", "mass_fraction", "top3")
_SITE = re.compile(r"(?<=[KR])(?!P|$)")


def digest(sequence: str) -> list[str]:
    """The tryptic peptides of a protein without missed cleavages, in their order, of any length."""
    return _SITE.split(sequence) if sequence else []


def observable(sequence: str) -> int:
    """The number of theoretically observable peptides of a protein (see the module)."""
    return sum(SHORTEST <= len(peptide) <= LONGEST for peptide in digest(sequence))


def observable_of_groups(groups: pd.DataFrame, database: Database) -> NDArray[np.float64]:
    """Observable peptides of the leading protein of each group; nan where it is not in the database or has none.

    ``groups``: one row per protein group with ``accessions`` (joined by ';', the leading one first).
    """
    names = database.names()
    known: dict[str, float] = {}

    def count(accessions: str) -> float:
        leading = accessions.partition(";")[0]
        if leading not in known:
            protein = names.get(leading)
            if protein is None and "-" in leading:  # an isoform whose canonical sequence alone was searched
                protein = names.get(leading.rpartition("-")[0])
            known[leading] = float(observable(protein.sequence)) if protein else np.nan
        return known[leading] or np.nan

    return np.array([count(text) for text in groups["accessions"].astype("str")], dtype="float64")


@dataclass(frozen=True)
class _Sums:
    """Of each protein group in each run of a piece: the run's place, the group's number, and ``_NUMBERS``; sorted."""

    run: NDArray[np.int64]
    group: NDArray[np.int32]
    numbers: dict[str, NDArray[np.float64]]


def quantities(features: Features, observable_peptides: Mapping[str, float]) -> pd.DataFrame:
    """Quantities of every protein group in every run from its peptides.

    ``features``: tables.FEATURES with the protein group that each row counts for; rows of decoys, without a group or
    without a positive intensity are left out.
    ``observable_peptides``: the number of observable peptides by protein group. Returns input, run, protein_group
    (categories), intensity (the sum), peptides (with intensity), mass_fraction (of the run, process contaminants
    included), ibaq (nan without a number of observable peptides) and top3 (nan for fewer than three peptides), sorted
    by the first three. Sums do not depend on the order of rows.
    """
    with pieces(features, "protein_group", "peptide") as table:
        return _frame([_sums(piece, table.lexicons) for piece in table], table, observable_peptides)


def in_batches(features: Features, observable_peptides: Mapping[str, float]) -> Iterator[pd.DataFrame]:
    """The same, some whole runs at a time: of 10,000 runs the quantities alone would fill gigabytes."""
    with pieces(features, "protein_group", "peptide") as table:
        for piece in table:
            yield _frame([_sums(piece, table.lexicons)], table, observable_peptides)


def _frame(parts: Sequence[_Sums], table: Pieces, observable_peptides: Mapping[str, float]) -> pd.DataFrame:
    run = np.concatenate([part.run for part in parts] or [np.zeros(0, dtype=np.int64)])
    group = np.concatenate([part.group for part in parts] or [np.zeros(0, dtype=np.int32)])
    words = table.lexicons["protein_group"].words.to_pylist()
    frame = pd.DataFrame(
        {
            "input": _category(run, [source for source, _ in table.runs]),
            "run": _category(run, [name for _, name in table.runs]),
            "protein_group": _category(group, words),
            **{name: np.concatenate([part.numbers[name] for part in parts] or [np.zeros(0)]) for name in _NUMBERS},
        }
    )
    counts = np.array([observable_peptides.get(word, np.nan) for word in words])
    frame["peptides"] = frame["peptides"].astype("int64")
    frame.insert(6, "ibaq", frame["intensity"].to_numpy() / counts.take(group))
    return frame


def _category(codes: NDArray, words: Sequence[str]) -> pd.Categorical:
    """The words of codes, of which several may mean one word, as categories in the order of code points."""
    used = np.zeros(len(words), dtype=bool)
    used[codes] = True
    known = sorted({word for word, here in zip(words, used.tolist(), strict=True) if here})
    place = {word: number for number, word in enumerate(known)}
    places = np.array([place.get(word, -1) for word in words], dtype=np.int32)
    return pd.Categorical.from_codes(places.take(codes), categories=pd.Index(known, dtype="str"))


def _sums(piece: Piece, lexicons: Mapping[str, Lexicon]) -> _Sums:
    """Peptides and then protein groups, by adding up neighbours in the order of run, group and peptide."""
    named = np.flatnonzero(piece.codes["protein_group"])  # 0 is the empty text
    ranks = [lexicons[column].ranks() for column in ("protein_group", "peptide")]
    first = int(piece.run[0]) if len(piece.run) else 0
    group, peptide = (
        rank.take(piece.codes[column].take(named))
        for rank, column in zip(ranks, ("protein_group", "peptide"), strict=True)
    )
    run = piece.run.take(named) - first
    sizes = (int(run.max(initial=0)) + 1, *map(len, ranks))
    key, amounts = add_up(packed((run, group, peptide), sizes), piece.numbers["intensity"].take(named))
    key //= sizes[2]
    starts = stretch_starts(key)
    number = np.diff(starts, append=len(key))
    run, rank = unpacked(key.take(starts), sizes[:2])
    intensity = sums(amounts, starts)
    in_run = stretch_starts(run)
    total = np.repeat(sums(intensity, in_run), np.diff(in_run, append=len(run)))
    group_of = np.argsort(ranks[0]).astype(np.int32)
    return _Sums(
        run + first,
        group_of.take(rank),
        {
            "intensity": intensity,
            "peptides": number.astype(np.float64),
            "mass_fraction": intensity / total,
            "top3": _top(amounts, starts, number),
        },
    )


def _top(amounts: NDArray[np.float64], starts: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean of the ``TOP`` largest amounts of each stretch, nan where there are fewer."""
    left = amounts.copy()
    total = np.zeros(len(starts))
    for _ in range(TOP if len(starts) else 0):
        largest = np.maximum.reduceat(left, starts)
        total += largest
        hits = np.flatnonzero(left == np.repeat(largest, number))
        stretch = np.searchsorted(starts, hits, side="right")
        left[hits[stretch_starts(stretch)]] = -np.inf  # of equal ones the first
    return np.where(number >= TOP, total / TOP, np.nan)


def with_top3(taken: Runs, features: Features, known: pd.DataFrame) -> Runs:
    """The long protein table with Top3 in the place of intensity, so that ``merge`` joins it over runs.

    ``known``: input, protein_group and group (place in ``taken.groups``). Of a fractionated sample the Top3 of the
    fractions are then added up: an upper bound, since each fraction has three peptides of its own.
    """
    sources, names = zip(*taken.runs, strict=True) if taken.runs else ((), ())
    rows = taken.run_of * len(taken.groups) + taken.group_of
    order = np.argsort(rows)
    rows = rows[order]
    values = np.full(len(rows), np.nan)
    for frame in in_batches(features, {}):
        frame = frame[frame["top3"].notna()]  # noqa: PLW2901
        column, run, name = (frame[key].cat for key in _KEYS)
        places = _places(column.categories, name.categories, known["input"], known["protein_group"], known["group"])
        numbers = _places(column.categories, run.categories, sources, names, range(len(taken.runs)))
        group_of, run_of = places[column.codes, name.codes], numbers[column.codes, run.codes]
        row = run_of * len(taken.groups) + group_of
        at = np.minimum(np.searchsorted(rows, row), len(rows) - 1)
        here = (group_of >= 0) & (run_of >= 0) & (rows[at] == row)
        values[order[at[here]]] = frame["top3"].to_numpy()[here]
    return replace(taken, intensity=values)


def _places(first: pd.Index, second: pd.Index, one: Iterable, other: Iterable, number: Iterable) -> NDArray[np.int64]:
    """The numbers of pairs (``one``, ``other``) as a matrix of the words ``first`` x ``second``; -1 = no such pair."""
    out = np.full((len(first), len(second)), -1, dtype="int64")
    rows, columns = first.get_indexer(pd.Index(one, dtype="str")), second.get_indexer(pd.Index(other, dtype="str"))
    here = (rows >= 0) & (columns >= 0)
    out[rows[here], columns[here]] = np.array(list(number), dtype="int64")[here]
    return out
