"""Which scores of the engines grow with the quality of a hit: what ``FEATURES.score`` is filled from.

Decoys and targets are told apart by them where the engine gives no q-value. A file is read by one kind of score, the
best that any of its hits has, since two kinds cannot be put in one order. An E-value or a probability of error is none
of them.

Source: psi-ms.obo (github.com/HUPO-PSI/psi-ms-CV), the terms that "has_order MS:1002108 ! higher score better"; for
Percolator's score Käll and others 2007 (Nat Methods 4:923), for X!Tandem's hyperscore Fenyö and Beavis 2003 (Anal Chem
75:768), for Mascot's Perkins and others 1999 (Electrophoresis 20:3551: -10 log10 of a probability).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from sevident.errors import InputError
from sevident.readers.base import Grid, InputSpec, normalise
from sevident.readers.numbers import parse_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

# accession, names; the best first: those that put several scores together go before the plain ones
_TERMS = (
    ("MS:1001492", "percolator:score"),
    ("MS:1002466", "PeptideShaker PSM score"),
    ("MS:1002262", "Byonic:Score"),
    ("MS:1002338", "Andromeda:score"),
    ("MS:1002827", "MetaMorpheus:score"),
    ("MS:1002662", "Morpheus:Morpheus score"),
    ("MS:1002252", "Comet:xcorr"),
    ("MS:1001155", "SEQUEST:xcorr"),
    ("MS:1002534", "ProLuCID:xcorr"),
    ("MS:1002989", "IdentiPy:hyperscore"),
    ("MS:1001331", "X!Tandem:hyperscore"),
    ("MS:1001171", "Mascot:score"),
    ("", "hyperscore"),  # pepXML of MSFragger and X!Tandem
    ("", "xcorr"),  # pepXML of Comet and SEQUEST
    ("", "ionscore"),  # pepXML of Mascot
)
_RANKS = {key: rank for rank, (accession, name) in enumerate(_TERMS) for key in (accession, normalise(name)) if key}


def rank(name: str, accession: str | None = None) -> int | None:
    """The place of a score among those that are known (0 = best); None for one that is not."""
    return _RANKS.get(accession or "", _RANKS.get(normalise(name)))


def of_column(grid: Grid, spec: InputSpec, warnings: list[dict[str, object]], *names: str) -> NDArray:
    """The first of the columns that is there, a score per row; nan without one, and with a warning for text in it."""
    try:
        position = grid.find(*names)
        if position is not None:
            return parse_numbers(grid, [position])[:, 0]
    except InputError as error:  # nothing that is counted or measured hangs on it
        text = f"The engine's scores (column '{names[0]}') are not used: {error.problem} {error.found or ''}"
        warnings.append(spec.warn("warning", "scores_unusable", text.strip()))
    return np.full(len(grid.frame), np.nan)


def best(scores: Iterable[tuple[str, str | None, object]]) -> tuple[int, float] | None:
    """The rank and value of a hit's best score (name, accession, value); None without one that is a finite number."""
    known = [(place, value) for name, accession, value in scores if (place := rank(name, accession)) is not None]
    for place, value in sorted(known, key=lambda item: item[0]):
        try:
            found = float(str(value))
        except ValueError:
            continue
        if math.isfinite(found):
            return place, found
    return None
