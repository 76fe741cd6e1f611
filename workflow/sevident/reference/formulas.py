"""Published and customary formulas that score an EV preparation from its proteins, to stand beside our own in one
table.

Each takes the same labelled samples (gene x sample mass fractions, NaN = not detected) and gives one number per
sample, higher meaning more like small EVs. They are re-implemented from their description; where a description
leaves something open, what was chosen stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

POSITIVE = ("misev_1a", "misev_1b", "misev_2a", "misev_2b")
NEGATIVE = ("misev_3a", "misev_3b", "misev_4a", "misev_4b", "misev_4c", "misev_4d")
#: the markers that Western blots of small EVs use most: membrane and ESCRT proteins that lead Vesiclepedia's counts
#: (Kalra 2012 PLoS Biol 10:e1001450), with MISEV2018's flotillins, annexins and HSC70; the choice of twelve is ours
CORE = ("CD9", "CD63", "CD81", "CD82", "TSG101", "PDCD6IP", "SDCBP", "FLOT1", "FLOT2", "ANXA2", "ANXA5", "HSPA8")
SOLUBLE_CONTROLS = ("ALB", "APOA1", "APOA2", "APOB")


@dataclass(frozen=True)
class Formula:
    """A formula with its name in the table, where it comes from, and the function (fractions, members) ->
    (samples,).
    """

    name: str
    source: str
    function: Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]


def _genes(members: pd.DataFrame, panels: tuple[str, ...], fractions: pd.DataFrame) -> list[str]:
    wanted = set(members.loc[members["panel"].isin(panels), "gene"])
    return sorted(wanted & set(fractions.index))


def marker_count(fractions: pd.DataFrame, members: pd.DataFrame) -> np.ndarray:
    """Detected members of MISEV2018 categories 1 and 2 minus detected members of categories 3 and 4."""
    seen = fractions.notna()
    positive = seen.loc[_genes(members, POSITIVE, fractions)].sum()
    return (positive - seen.loc[_genes(members, NEGATIVE, fractions)].sum()).to_numpy(dtype=float)


def category_ratio(fractions: pd.DataFrame, members: pd.DataFrame) -> np.ndarray:
    """Detected members of categories 1 and 2 over detected members of 1 to 4; 0 where none is detected."""
    seen = fractions.notna()
    positive = seen.loc[_genes(members, POSITIVE, fractions)].sum().to_numpy(dtype=float)
    total = positive + seen.loc[_genes(members, NEGATIVE, fractions)].sum().to_numpy(dtype=float)
    return np.divide(positive, total, out=np.zeros_like(positive), where=total > 0)


def core_over_soluble(fractions: pd.DataFrame, members: pd.DataFrame) -> np.ndarray:
    """log2 of the summed mass fraction of twelve core markers over that of category 3a (floor 1e-6)."""
    del members
    known = fractions.fillna(0.0)
    core = known.reindex(list(CORE)).fillna(0.0).sum()
    soluble = known.reindex(list(SOLUBLE_CONTROLS)).fillna(0.0).sum()
    return np.log2((core.to_numpy(dtype=float) + 1e-6) / (soluble.to_numpy(dtype=float) + 1e-6))


def mean_rank_difference(fractions: pd.DataFrame, members: pd.DataFrame) -> np.ndarray:
    """Mean relative rank of detected positives minus that of detected negatives (0 = least, 1 = most abundant)."""
    rank = fractions.rank(pct=True)
    positive = rank.loc[_genes(members, POSITIVE, fractions)].mean().fillna(0.0)
    negative = rank.loc[_genes(members, NEGATIVE, fractions)].mean().fillna(0.0)
    return (positive - negative).to_numpy(dtype=float)


def misev_yes_no(fractions: pd.DataFrame, members: pd.DataFrame) -> np.ndarray:
    """1 where three positives are detected, one of category 1 and one of 2a among them, else 0."""
    seen = fractions.notna()
    transmembrane = seen.loc[_genes(members, ("misev_1a", "misev_1b"), fractions)].sum().to_numpy()
    cytosolic = seen.loc[_genes(members, ("misev_2a",), fractions)].sum().to_numpy()
    met = (transmembrane >= 1) & (cytosolic >= 1) & (transmembrane + cytosolic >= 3)
    return met.astype(float)


FORMULAS = (
    Formula("marker count, positives minus negatives", "customary; categories of MISEV2018 Table 3", marker_count),
    Formula("(categories 1+2) / (categories 1 to 4)", "omicverse; categories of MISEV2018 Table 3", category_ratio),
    Formula("log2 core markers / category 3a", "customary; the twelve markers are our choice", core_over_soluble),
    Formula("difference of mean ranks", "EVqualityMS; categories of MISEV2018 Table 3", mean_rank_difference),
    Formula("MISEV2018 minimum, yes or no", "Thery 2018 J Extracell Vesicles 7:1535750 Table 3", misev_yes_no),
)
