"""What every export is made from: the study's tables, its name and files, and the moment of writing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sevident.report.data import ReportData

SCORES_WITH_INTERVALS = ("identity", "purity", "purity_soluble", "purity_intracellular")
PROBABILITIES = ("p_small_ev", "p_secretome", "p_serum", "p_cell_debris")


@dataclass(frozen=True)
class Source:
    """A file that the study was made from. ``format`` is the configured one, empty where it is no search result."""

    path: Path
    sha256: str
    size: int
    format: str = ""


@dataclass(frozen=True)
class Study:
    """``data`` as the report reads it; ``tables`` is the folder it came from; ``time`` is ISO 8601 in UTC."""

    name: str
    data: ReportData
    tables: Path
    config: Mapping[str, Any]
    sources: list[Source]
    time: str
    version: str


def plain(value: object) -> Any:
    """A value of a table for JSON: None where it is missing or not finite, Python numbers else.

    JSON (RFC 8259, section 6) has no NaN and no infinity.
    """
    import pandas as pd

    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, bool | int):
        return value
    number = float(value)  # type: ignore[arg-type]
    if not math.isfinite(number):
        return None
    # ten significant digits, as the tables are written
    number = float(f"{number:.10g}")
    return int(number) if number.is_integer() and not isinstance(value, float) else number
