"""A table as the page shows it: columns, cells with written and exact values, and the reason when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from sevident.report import numbers
from sevident.report.text import TABLES_SPEAK, Catalogue

#: rows of a long table that the screen shows at a time, where scripts run
PAGE_ROWS = 100
#: and as cards, which are longer than rows
PAGE_CARDS = 12
#: columns that a narrow screen shows side by side
_FITTING = 3
#: signs that half the width of a card holds on about two lines
_HALF = 36


@dataclass(frozen=True)
class Cell:
    """``text`` is what is read; ``value`` (exact number as text) is for sorting and checking; ``css`` names a class.

    ``symbol`` is a sign set before the text and hidden from screen readers, which hear ``text`` alone. ``lang`` is the
    language of the text where it is not the page's.
    """

    text: str
    value: str = ""
    css: str = ""
    symbol: str = ""
    bar: tuple[float, float] | None = None  # start and width of a bar in per cent of the cell
    lang: str = ""


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

    @property
    def cards(self) -> str:
        """What narrow screens need to set each row as a card: custom properties of CSS, a heading per column.

        Empty for tables that fit them as they are, and for those with a column per sample, which are read across.
        """
        if len(self.columns) <= _FITTING or any(c.name for c in self.columns):
            return ""
        long = [any(len(row[i].text) > _HALF for row in self.rows) for i in range(len(self.columns))]
        return headings([(c.label, c.wide or is_long) for c, is_long in zip(self.columns, long, strict=True)])


def headings(columns: Sequence[tuple[str, bool]]) -> str:
    """The headings of a table's (label, takes the whole width) columns as custom properties that report.css reads."""
    out = []
    for number, (label, wide) in enumerate(columns[1:], start=2):
        out.append(f"--h{number}:{css_string(label)}")
        if wide:
            out.append(f"--w{number}:1/-1")
    return ";".join(out)


def css_string(text: str) -> str:
    """Text as a string of CSS: all but letters, digits and spaces escaped (CSS Syntax Level 3, section 4.3.7)."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text) + '"'


def words(text: object, css: str = "", symbol: str = "") -> Cell:
    """A cell of foreign or catalogue text."""
    return Cell(str(text), css=css, symbol=symbol)


def said(text: object, t: Catalogue) -> Cell:
    """A cell with a sentence of a table, marked where it stays in the language of the tables."""
    said = t.said(str(text))
    return Cell(str(text), lang=TABLES_SPEAK) if said is None else Cell(said)


def interval(low: object, high: object, write: Callable[[object], str] | None = None) -> Cell:
    """A cell with an interval; ``write`` is how its ends are written, four significant digits if nothing else."""
    if numbers.missing(low) or numbers.missing(high):
        return Cell(numbers.MISSING)
    write = write or numbers.significant
    return Cell(numbers.between(write(low), write(high)), numbers.exact(low))


def amount(value: object, unit: str, t: Catalogue) -> Cell:
    """A cell with a measurement and its unit; a share is written in per cent."""
    if numbers.missing(value):
        return Cell(numbers.MISSING)
    if t.has(f"amount.{unit}"):
        text = t(f"amount.{unit}", value=numbers.percent(value))
    else:
        text = numbers.score(value) if unit == "score" else numbers.significant(value)
        text = t("list.unit", value=text, unit=t.known("unit", unit)) if unit else text
    return Cell(text, numbers.exact(value))


def amounts(low: object, high: object, unit: str, t: Catalogue) -> Cell:
    """A cell with the interval of an amount, in the unit of its value."""
    write = numbers.percent if t.has(f"amount.{unit}") else numbers.score if unit == "score" else None
    return interval(low, high, write)


def word(prefix: str, name: object, symbols: Mapping[str, str], t: Catalogue, css: str = "") -> Cell:
    """A cell with a controlled word and its sign."""
    return Cell(t.known(prefix, str(name)), css=css, symbol=symbols.get(str(name), ""))


def probability(value: object) -> Cell:
    """A cell with a p-value."""
    return Cell(numbers.probability(value), numbers.exact(value))


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


def breaking(name: str) -> Markup:
    """A name, escaped, that may end a line after its underscores; what is read or copied stays the same."""
    return Markup(str(escape(name)).replace("_", "_<wbr>"))  # noqa: S704  (escaped)


def body(table: Grid, as_in_table: str, paged: bool) -> Markup:
    """The rows of a table as HTML, each cell's text escaped; ``as_in_table`` stands before text of another language.
    Rows after the first page of a ``paged`` table are marked.

    Written here and not in a template: a page of 1,000 samples has a hundred thousand cells.
    """
    numeric = [column.numeric for column in table.columns]
    lines = []
    for number, row in enumerate(table.rows):
        off = ' class="off"' if paged and number >= PAGE_ROWS else ""
        cells = [
            _html(c, "th" if place == 0 else "td", is_number, as_in_table)
            for place, (c, is_number) in enumerate(zip(row, numeric, strict=True))
        ]
        lines.append(f"<tr{off}>{''.join(cells)}</tr>\n")
    return Markup("".join(lines))  # noqa: S704  (made of escaped parts)


def _html(c: Cell, tag: str, numeric: bool, as_in_table: str) -> str:
    css = " ".join(filter(None, (c.css, "num" if numeric else "")))
    text = escape(c.text)
    attributes = ' scope="row"' if tag == "th" else ""
    attributes += f' class="{escape(css)}"' if css else ""
    attributes += f' data-v="{escape(c.value)}"' if c.value else ""
    attributes += f' data-s="{text}"' if c.symbol else ""
    sign = f'<span class="sign" aria-hidden="true">{escape(c.symbol)}</span> ' if c.symbol else ""
    shown = f"<bdi>{breaking(c.text)}</bdi>" if tag == "th" else text
    if c.lang and tag != "th":
        shown = f'<span lang="{escape(c.lang)}">{escape(as_in_table)} {text}</span>'
    bar = ""
    if c.bar:
        start, width = c.bar
        bar = f'<span class="balance" aria-hidden="true"><span style="left:{start}%;width:{width}%"></span></span>'
    return f"<{tag}{attributes}>{sign}{shown}{bar}</{tag}>"
