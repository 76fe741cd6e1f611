"""The user's own measurements: columns of the sample sheet, their units, and the numbers and words in their cells.

A column says its unit in its name: ``endotoxin_eu_per_ml``, ``size_mode_nm``, ``purity_percent``. A number may be given
as a limit of the assay (``<0.05``, ``>1e10``): it is then an interval, and stays one. Where a number is due and none
stands there, nothing is guessed: the error names sheet, line and column.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sevident.errors import SampleSheetError
from sevident.samples import SampleRow, SampleSheet

# Columns that are known by name, so that a misspelt criterion is found even where the sheet has no such column yet.
COLUMNS = (
    "particles_per_ml",
    "protein_ug_per_ml",
    "particles_per_ug_protein",
    "size_mode_nm",
    "size_mean_nm",
    "endotoxin_eu_per_ml",
    "residual_bsa_ng_per_ml",
    "residual_bsa_ng_per_ug_protein",
    "potency_percent",
    "viability_percent",
    "sterility",
    "mycoplasma",
)
DERIVED = "particles_per_ug_protein"
DERIVED_FROM = ("particles_per_ml", "protein_ug_per_ml")
# Words that say that nothing was measured; "n.d." is none of them, for it may mean "not detected" as well.
NOT_TESTED = ("not tested", "not done", "pending", "na", "n/a", "not available")

_ABOVE = ("particles", "eu", "iu", "g", "mg", "ug", "ng", "pg", "cfu", "copies", "cells", "mosm")
_BELOW = ("l", "ml", "ul", "kg", "g", "mg", "ug", "ng", "dose", "cell")
_ALONE = {"nm": "nm", "um": "um", "percent": "%", "ppm": "ppm", "mv": "mV", "ph": "pH"}
_SHOWN = {"eu": "EU", "iu": "IU", "cfu": "CFU", "mosm": "mOsm"}
# Words of a unit as people write it, each by its short form.
_WORDS = {
    r"micro ?grams?|mcg": "ug",
    r"nano ?grams?": "ng",
    r"milli ?grams?": "mg",
    r"pico ?grams?": "pg",
    r"kilo ?grams?": "kg",
    r"milli ?lit(?:er|re)s?": "ml",
    r"lit(?:er|re)s?": "l",
    r"nano ?met(?:er|re)s?": "nm",
    r"endotoxin units?": "eu",
    r"international units?": "iu",
    r"per ?cent(?:age)?": "%",
    r"\bper\b": "/",
    r"\bof protein\b|\bprotein\b": "",
}
_NUMBER = re.compile(r"([<>]?)\s*=?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")


@dataclass(frozen=True)
class Value:
    """What is known of a quantity in a sample or a lot.

    ``absent`` says why there is no value: not_tested or not_assessable ('' where there is one), ``why`` in words.
    ``word`` is the answer of a qualitative test. ``note`` is said along with the result.
    """

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    absent: str = ""
    why: str = ""
    word: str = ""
    note: str = ""


def unit_of(column: str) -> str:
    """The unit that a column's name ends in (``particles/ml``, ``EU/ml``, ``%``), or nothing where it names none."""
    words = column.casefold().split("_")
    if words[-1] == "protein":
        words = words[:-1]
    if len(words) >= 3 and words[-2] == "per" and words[-3] in _ABOVE and words[-1] in _BELOW:
        return f"{_SHOWN.get(words[-3], words[-3])}/{words[-1]}"
    return _ALONE.get(words[-1], "") if len(words) > 1 else ""


def stem(column: str) -> str:
    """The column's name without its unit: ``endotoxin`` of ``endotoxin_eu_per_ml``; a name without unit as it is."""
    if not unit_of(column):
        return column.casefold()
    words = column.casefold().removesuffix("_protein").split("_")
    return "_".join(words[:-3] if len(words) > 2 and words[-2] == "per" else words[:-1])


def plain_unit(text: str) -> str:
    """A unit in one spelling, to compare by: ``Particles per microgram`` and ``particles/µg`` are the same."""
    out = " ".join(text.casefold().replace("\N{GREEK SMALL LETTER MU}", "u").replace("\N{MICRO SIGN}", "u").split())
    for pattern, short in _WORDS.items():
        out = re.sub(pattern, short, out)
    return re.sub(r"[\s_]+", "", out).removesuffix("protein")


def same_unit(one: str, other: str) -> bool:
    """Whether two units are the same; ``particles`` may be left out (``/ml``)."""

    def bare(text: str) -> str:
        return re.sub(r"^(?:particles?|1)(?=/)", "", plain_unit(text))

    return bare(one) == bare(other)


def check_numbers(sheet: SampleSheet, columns: Iterable[str], roles: Iterable[str]) -> None:
    """Raise SampleSheetError for the first cell of ``columns`` that holds no number; empty cells are none."""
    judged = {s.name for s in sheet.with_role(*roles)}
    for column in columns:
        for row in sheet.rows:
            if row.sample in judged:
                _number(row.extra.get(column, ""), sheet.path, row.line, column)


def number(rows: Sequence[SampleRow], column: str, path: str = "") -> Value:
    """A sample's number in ``column``; its ``rows`` may repeat it, or differ: then their mean, from least to greatest.

    ``particles_per_ug_protein`` is computed from its two parts where it is not given itself.
    """
    given = [value for row in rows if (value := _number(row.extra.get(column, ""), path, row.line, column)) is not None]
    if given:
        first = given[0]
        if all(v == first for v in given):
            return first
        mean = sum(v.value for v in given) / len(given)
        low, high = min(v.low for v in given), max(v.high for v in given)
        return Value(mean, low, high, note=f"mean of {len(given)} entries of the sample sheet")
    if column == DERIVED:
        parts = [number(rows, part, path) for part in DERIVED_FROM]
        missing = [name for name, part in zip(DERIVED_FROM, parts, strict=True) if part.absent]
        if not missing:
            return _ratio(*parts)
        if len(missing) < len(parts):
            why = f"neither {column} nor {missing[0]} is in the sample sheet for this sample"
            return Value(absent="not_tested", why=why)
    return Value(absent="not_tested", why=f"the sample sheet has no {column} for this sample")


def word(rows: Sequence[SampleRow], column: str) -> Value:
    """A sample's answer to a qualitative test in ``column``; rows that differ are all kept, joined by ';'."""
    cells = [row.extra.get(column, "").strip() for row in rows]
    given = list(dict.fromkeys(c for c in cells if c and plain_word(c) not in NOT_TESTED))
    if not given:
        return Value(absent="not_tested", why=f"the sample sheet has no {column} for this sample")
    return Value(word=";".join(given))


def plain_word(text: str) -> str:
    """A word in one spelling, to compare by: case, blanks, hyphens and underscores do not matter."""
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def _ratio(above: Value, below: Value) -> Value:
    if below.value <= 0:
        return Value(absent="not_assessable", why=f"{DERIVED_FROM[1]} is not above zero: there is no ratio")
    notes = [f"computed from {DERIVED_FROM[0]} and {DERIVED_FROM[1]}", above.note, below.note]
    # protein given as below a limit may be next to none
    high = above.high / below.low if below.low > 0 else math.inf
    return Value(above.value / below.value, above.low / below.high, high, note=", ".join(filter(None, notes)))


def _number(cell: str, path: str, line: int, column: str) -> Value | None:
    """The number in a cell, None where the cell says that nothing was measured."""
    text = cell.strip()
    if not text or plain_word(text) in NOT_TESTED:
        return None
    match = _NUMBER.fullmatch(text)
    found = float(match[2]) if match else math.nan
    if match is None or not math.isfinite(found):
        advice = "write a number such as 0.05 or 2.1e10, a limit such as <0.05, or leave the cell empty"
        if re.fullmatch(r"[<>]?[\d.]*\d,\d+(?:[eE][+-]?\d+)?", text):
            advice = "write a point for the decimal comma, and nothing between thousands"
        elif plain_word(text).replace(".", "") in ("nd", "bdl", "bld", "blq"):
            advice = "leave the cell empty where it was not measured; below a limit, write it, such as <0.05"
        unit = unit_of(column)
        raise SampleSheetError(
            "the sample sheet holds text where a number is due",
            where=f"{path}, line {line}, column '{column}'",
            found=repr(text[:80]),
            expected=f"a number in {unit}" if unit else "a number",
            advice=advice,
        )
    if found < 0 and unit_of(column) not in ("", "mV"):
        raise SampleSheetError(
            "the sample sheet holds a negative number where none can be",
            where=f"{path}, line {line}, column '{column}'",
            found=repr(text[:80]),
            expected=f"a number from 0 in {unit_of(column)}",
        )
    if match[1] == "<":
        return Value(found, 0.0 if found >= 0 else -math.inf, found, note=f"given as below {found:g}")
    if match[1] == ">":
        return Value(found, found, math.inf, note=f"given as above {found:g}")
    return Value(found, found, found)
