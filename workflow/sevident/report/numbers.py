"""How numbers are written on the page: never rounder than they are, never a bare 0.00 or 1.00 for a probability.

Digits are the same in every language; only the signs between them follow its readers (``written_for``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

#: no value; a sign and no word, so that it is the same in every language (the glossary says what it means)
MISSING = "—"
_MINUS = "\u2212"
_THIN = "\u202f"


@dataclass(frozen=True)
class Signs:
    """What stands between the thousands of a count, and between the ends of a range."""

    thousands: str
    between: str


_SIGNS = Signs(_THIN, " – ")
_SIGNS_OF = {"ja": Signs(",", "～")}
# a context and no argument: numbers are written in a hundred places, and a page has one language
_signs: ContextVar[Signs] = ContextVar("signs", default=_SIGNS)


@contextmanager
def written_for(language: str) -> Iterator[None]:
    """Write numbers as readers of the language expect them, as long as the context lasts."""
    token = _signs.set(_SIGNS_OF.get(language, _SIGNS))
    try:
        yield
    finally:
        _signs.reset(token)


def missing(value: object) -> bool:
    """True for None, NaN and pandas' missing values."""
    if value is None:
        return True
    try:
        return math.isnan(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return True


def exact(value: object) -> str:
    """The number for sorting and for reading back, ten significant digits; empty when missing."""
    return "" if missing(value) else f"{float(value):.10g}"  # type: ignore[arg-type]


def score(value: object) -> str:
    """A score or probability in 0..1: two decimals; the ends are bounds, since a model is never certain."""
    if missing(value):
        return MISSING
    number = float(value)  # type: ignore[arg-type]
    if number < 0.005:
        return "<0.01"
    if number >= 0.995:
        return ">0.99"
    return f"{number:.2f}"


def percent(fraction: object) -> str:
    """A fraction 0..1 as per cent with one decimal; what is not zero never reads as zero."""
    if missing(fraction):
        return MISSING
    value = 100 * float(fraction)  # type: ignore[arg-type]
    if value == 0:
        return "0"
    return "<0.1" if abs(value) < 0.05 else f"{value:.1f}"


def signed(value: object, digits: int = 2) -> str:
    """A number with its sign, a true minus sign."""
    if missing(value):
        return MISSING
    text = f"{float(value):+.{digits}f}"  # type: ignore[arg-type]
    if float(text) == 0:
        text = text[1:]
    return text.replace("-", _MINUS)


def decimal(value: object, digits: int = 2) -> str:
    """A plain number with a fixed count of decimals."""
    return MISSING if missing(value) else f"{float(value):.{digits}f}".replace("-", _MINUS)  # type: ignore[arg-type]


def significant(value: object) -> str:
    """A measurement of any size with four significant digits; large ones written out, as counts are."""
    if missing(value):
        return MISSING
    if 1e4 <= abs(float(value)) < 1e9:  # type: ignore[arg-type]
        return whole(float(f"{float(value):.4g}")).replace("-", _MINUS)  # type: ignore[arg-type]
    return f"{float(value):.4g}".replace("-", _MINUS)  # type: ignore[arg-type]


def probability(value: object) -> str:
    """A p-value: three decimals, never zero."""
    if missing(value):
        return MISSING
    number = float(value)  # type: ignore[arg-type]
    return "<0.001" if number < 0.0005 else ">0.999" if number >= 0.9995 else f"{number:.3f}"


def between(low: str, high: str) -> str:
    """Two written numbers as a range."""
    return f"{low}{_signs.get().between}{high}"


def whole(value: object) -> str:
    """A count with its thousands set apart."""
    if missing(value):
        return MISSING
    return f"{round(float(value)):,}".replace(",", _signs.get().thousands)  # type: ignore[arg-type]


def size(count: int) -> str:
    """A file size in bytes, kB, MB or GB (powers of 1,000)."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.2f} GB"
