"""A table as the page shows it: columns, cells with written and exact values, and the reason when it is empty."""

from __future__ import annotations

from dataclasses import dataclass, field

from sevident.report import numbers


@dataclass(frozen=True)
class Cell:
    """``text`` is what is read; ``value`` (exact number as text) is for sorting and checking; ``css`` names a class.

    ``symbol`` is a sign set before the text and hidden from screen readers, which hear ``text`` alone.
    """

    text: str
    value: str = ""
    css: str = ""
    symbol: str = ""
    bar: tuple[float, float] | None = None  # start and width of a bar in per cent of the cell


@dataclass(frozen=True)
class Column:
    """``numeric`` decides alignment and sorting; ``name`` marks a heading of foreign text of any length."""

    label: str
    numeric: bool = False
    wide: bool = False
    name: bool = False


@dataclass(frozen=True)
class Grid:
    """``rows`` of cells, the first being the row's header; ``empty`` is the sentence shown when there are none."""

    caption: str
    columns: list[Column]
    rows: list[list[Cell]] = field(default_factory=list)
    empty: str = ""


def words(text: object, css: str = "", symbol: str = "") -> Cell:
    """A cell of foreign or catalogue text."""
    return Cell(str(text), css=css, symbol=symbol)


def count(value: object) -> Cell:
    """A cell with a whole number."""
    return Cell(numbers.whole(value), numbers.exact(value))


def score(value: object) -> Cell:
    """A cell with a score or probability."""
    return Cell(numbers.score(value), numbers.exact(value))


def percent(value: object) -> Cell:
    """A cell with a fraction written as per cent; the exact value stays the fraction."""
    return Cell(numbers.percent(value), numbers.exact(value))


def signed(value: object, digits: int = 2) -> Cell:
    """A cell with a signed number."""
    return Cell(numbers.signed(value, digits), numbers.exact(value))


def significant(value: object) -> Cell:
    """A cell with a measurement."""
    return Cell(numbers.significant(value), numbers.exact(value))
