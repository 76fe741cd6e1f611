"""Where observed peptides occur in the sequences of a database, with isoleucine and leucine taken as one.

No mass spectrometer tells I from L, so a peptide of one species may be read as the peptide of another that differs in
this alone. An occurrence counts when it is tryptic: it begins after K or R, at the protein's start or after its first
methionine, and ends with K or R or at the protein's end, with any number of missed cleavages. A peptide that occurs
nowhere in this way (another enzyme, half-tryptic) counts wherever it occurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEED = 6  # residues by which occurrences are found; shorter peptides are not looked up
_BITS = 5  # per residue
_BLOCK = 1 << 21  # positions looked at in one go
_TABLE = 22  # bits of the table that most positions do not pass
_MIX = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4)
_IL = str.maketrans("I", "L")
_CODES = np.zeros(256, dtype="uint64")
_CODES[ord("A") : ord("Z") + 1] = np.arange(1, 27)


@dataclass(frozen=True)
class Occurrences:
    """Pairs of places: ``peptide`` in the list of peptides, ``protein`` in the list of sequences; sorted, each once."""

    peptide: NDArray[np.int64]
    protein: NDArray[np.int64]


def equate(text: str) -> str:
    """The sequence with every I written as L."""
    return text.upper().translate(_IL)


def locate(peptides: Sequence[str], proteins: Sequence[str]) -> Occurrences:
    """All occurrences of the peptides (sequences without modifications) in the proteins.

    Twenty million residues and 100,000 peptides take some seconds: the first six residues of every peptide are looked
    for at all places at once, and what is found is compared in full.
    """
    wanted: dict[str, list[int]] = {}
    for number, peptide in enumerate(peptides):
        if len(peptide) >= SEED:
            wanted.setdefault(equate(peptide), []).append(number)
    if not wanted or not len(proteins):
        return Occurrences(np.empty(0, dtype="int64"), np.empty(0, dtype="int64"))
    text = "*" + "*".join(equate(protein) for protein in proteins) + "*"
    starts = np.cumsum([1, *(len(protein) + 1 for protein in proteins)])[:-1]
    by_seed: dict[int, list[str]] = {}
    for peptide, seed in zip(wanted, _seeds(np.array([p[:SEED] for p in wanted])), strict=True):
        by_seed.setdefault(seed, []).append(peptide)
    # tryptic occurrences and others, as (peptide, protein)
    tryptic: set[tuple[str, int]] = set()
    other: set[tuple[str, int]] = set()
    for place, seed in _candidates(text, np.array(sorted(by_seed), dtype="uint64")):
        for peptide in by_seed[seed]:
            if text.startswith(peptide, place):
                protein = int(np.searchsorted(starts, place, side="right")) - 1
                (tryptic if _is_tryptic(text, place, len(peptide)) else other).add((peptide, protein))
    cut = {peptide for peptide, _ in tryptic}
    pairs = [
        (number, protein)
        for peptide, protein in tryptic | {pair for pair in other if pair[0] not in cut}
        for number in wanted[peptide]
    ]
    found = np.array(sorted(pairs), dtype="int64").reshape(-1, 2)
    return Occurrences(found[:, 0], found[:, 1])


def _is_tryptic(text: str, place: int, length: int) -> bool:
    before, last, after = text[place - 1], text[place + length - 1], text[place + length]
    begins = before in "KR*" or (before == "M" and text[place - 2] == "*")
    return begins and (last in "KR" or after == "*")


def _seeds(words: NDArray[np.str_]) -> list[int]:
    letters = np.frombuffer("".join(words.tolist()).encode("ascii", "replace"), dtype="uint8").reshape(-1, SEED)
    return _join([_CODES[letters[:, i]] for i in range(SEED)]).tolist()


def _join(columns: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    seed = np.zeros_like(columns[0])
    for column in columns:
        seed = (seed << np.uint64(_BITS)) | column
    return seed


def _slot(seeds: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        return (seeds * _MIX) >> np.uint64(64 - _TABLE)


def _candidates(text: str, seeds: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """Places of the text whose six residues are one of ``seeds`` (sorted), with the seed."""
    codes = _CODES[np.frombuffer(text.encode("ascii", "replace"), dtype="uint8")]
    passes = np.zeros(1 << _TABLE, dtype="bool")
    passes[_slot(seeds)] = True
    found: list[tuple[int, int]] = []
    last = len(codes) - SEED + 1
    for first in range(0, max(last, 0), _BLOCK):
        size = min(_BLOCK, last - first)
        block = _join([codes[first + i : first + i + size] for i in range(SEED)])
        places = np.flatnonzero(passes[_slot(block)])
        here = block[places]
        at = np.minimum(np.searchsorted(seeds, here), len(seeds) - 1)
        hit = seeds[at] == here
        found += zip((places[hit] + first).tolist(), here[hit].tolist(), strict=True)
    return found
