"""A section of the model card and of the evaluation page, and how numbers are written in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sevident.reference.model import EV

CLASS_TITLES = {EV: "small EVs", "secretome": "secretome", "serum": "serum", "cell_debris": "cell debris"}


@dataclass(frozen=True)
class Section:
    """A heading, paragraphs before the table, the table (may be empty), remarks after it. All plain text."""

    key: str
    title: str
    text: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    remarks: Sequence[str] = field(default_factory=tuple)


def percent(value: float) -> str:
    """A share as per cent with one decimal."""
    return f"{value:.1%}"


def three(value: float) -> str:
    """Three decimals."""
    return f"{value:.3f}"


def or_none(value: float) -> str:
    """Two decimals, a dash where there is no number."""
    return "-" if math.isnan(value) else f"{value:.2f}"


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows as named tuples."""
    return list(frame.itertuples())
