"""Numbers from the cells of a grid, with the place of whatever is no number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from sevident.errors import InputError
from sevident.readers.base import Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Text that means "no number here" in exports of search engines, R, Perseus and spreadsheets.
MISSING = frozenset(
    {"", "nan", "-nan", "nan(ind)", "-nan(ind)", "na", "n/a", "n.a.", "null", "none", "-", "--", "missing"}
    | {"#n/a", "#na", "#n/d", "n. def."}
)
SPREADSHEET_ERRORS = frozenset({"#num!", "#div/0!", "#value!", "#ref!", "#name?", "#null!"})
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")


def parse_numbers(grid: Grid, positions: Sequence[int], spreadsheet_errors: Counter[str] | None = None) -> NDArray:
    """The columns as an array of floats (rows x positions), nan where a cell is empty or says that it is.

    Decimal comma and thousands separators are found over all the columns together. Raises InputError for text (line
    and column named), for infinite values, and where a comma may be either.
    """
    values = np.full((len(grid.frame), len(positions)), np.nan)
    pending: dict[int, list[str]] = {}
    for k, numbers, odd in _columns(grid.frame, positions):
        values[:, k] = numbers
        words = [text.strip() for text in odd]
        if spreadsheet_errors is not None:
            spreadsheet_errors.update(low for word in words if (low := word.lower()) in SPREADSHEET_ERRORS)
        if left := [word for word in words if word.lower() not in MISSING | SPREADSHEET_ERRORS]:
            pending[k] = left
    if pending:
        _parse_locale(grid, positions, values, pending)
    if np.isinf(values).any():
        row, k = (int(i) for i in np.argwhere(np.isinf(values))[0])
        raise InputError(
            "A value is infinite.",
            where=place(grid, row, positions[k]),
            found=str(grid.frame.iloc[row, positions[k]]),
            expected="a number; an empty cell where nothing was measured",
            advice="a logarithm of zero or a division by zero makes such values; leave the cell empty",
        )
    return values


def _columns(frame: pd.DataFrame, positions: Sequence[int]) -> Iterator[tuple[int, NDArray, list[str]]]:
    """Of each column its place in ``positions``, its numbers, and the filled cells that are written like none.

    Columns of text are taken together: a table of hundreds of runs is as quick as one of few.
    """
    text = []
    for k, position in enumerate(positions):
        column = frame[position]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            yield k, column.to_numpy(dtype=float, na_value=np.nan), []
        elif isinstance(column.dtype, pd.StringDtype):
            if (plain := _plain(column)) is None:
                text.append(k)
            else:
                yield k, plain, []
        else:
            numbers = pd.to_numeric(column, errors="coerce")
            odd = column[numbers.isna() & column.notna()].astype("str")
            yield k, numbers.to_numpy(dtype=float, na_value=np.nan), odd.tolist()
    if not text:
        return
    cells = np.concatenate([frame[positions[k]].to_numpy(dtype=object) for k in text])
    every = floats(cells)
    blank = np.isnan(every)
    blank[blank] = [isinstance(cell, str) for cell in cells[blank]]
    size = len(frame)
    for n, k in enumerate(text):
        part = slice(n * size, (n + 1) * size)
        yield k, every[part], cells[part][blank[part]].tolist()


def _plain(column: pd.Series) -> NDArray | None:
    """The numbers of a column of text in which every filled cell is one as Arrow reads it; None for any other."""
    try:
        return pa.array(column).cast("float64").to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None


def floats(cells: NDArray) -> NDArray:
    """Text cells as numbers, nan for what is none. pandas takes long over each cell that is none, "NaN" among them."""
    try:
        numbers = cells.astype("float64")
    except ValueError:  # another text than NaN
        return np.asarray(pd.to_numeric(cells, errors="coerce"), dtype=float)
    # Python takes 1_000 and the digits of other scripts for numbers, a table does not mean them so
    text = "".join(cell for cell in cells if isinstance(cell, str))
    return numbers if text.isascii() and "_" not in text else np.asarray(pd.to_numeric(cells, errors="coerce"), float)


def are_numbers(frame: pd.DataFrame, positions: Sequence[int], share: float, like: Callable[[str], bool]) -> set[int]:
    """The columns of which ``share`` of the filled cells are numbers, or texts ``like`` one; an empty column is one."""
    found = set()
    kept = [at for at in positions if not pd.api.types.is_bool_dtype(frame[at])]
    for k, numbers, odd in _columns(frame, kept):
        words = [word for word in map(str.strip, odd) if word.lower() not in MISSING | SPREADSHEET_ERRORS]
        hits = int((~np.isnan(numbers)).sum())
        if hits + sum(map(like, words)) >= share * (hits + len(words)):
            found.add(kept[k])
    return found


def _parse_locale(grid: Grid, positions: Sequence[int], values: NDArray, pending: dict[int, list[str]]) -> None:
    """Read the cells that are no plain numbers; ``pending``: the column's place to their texts."""
    style = decimal_style(text for words in pending.values() for text in words)
    if style == "comma":
        # with decimal commas in the table, what looked like a plain number with a point has a thousands separator
        for k, position in enumerate(positions):
            column = grid.frame[position]
            if not pd.api.types.is_numeric_dtype(column):
                _refuse_points(grid, column, position, next(iter(pending.values()))[0])
                values[:, k] = pd.to_numeric(_translate(column, style), errors="coerce").to_numpy(
                    float, na_value=np.nan
                )
    for k in pending:
        column = grid.frame[positions[k]]
        odd = column[pd.to_numeric(column, errors="coerce").isna() & column.notna()].astype("str").str.strip()
        odd = odd[~odd.str.lower().isin(MISSING | SPREADSHEET_ERRORS)]
        numbers = pd.to_numeric(_translate(odd, style), errors="coerce")
        if numbers.isna().any():
            bad = numbers.index[numbers.isna()][0]
            row = int(np.flatnonzero(grid.frame.index == bad)[0])
            text = str(odd[bad])
            raise InputError(
                "A column of numbers holds text.",
                where=place(grid, row, positions[k]),
                found=f"'{text[:60]}'",
                expected="a number, or an empty cell where nothing was measured",
                advice="correct the cell; where this is no column of a run, name the runs: `columns: {runs: ...}`",
            )
        values[np.flatnonzero(grid.frame.index.isin(odd.index)), k] = numbers.to_numpy(float)


def _refuse_points(grid: Grid, column: pd.Series, position: int, comma: str) -> None:
    """Beside decimal commas, a point can only separate thousands; a decimal point means that two exports were mixed."""
    text = column.astype("str").str.strip()
    odd = column.notna() & text.str.contains(".", regex=False) & ~text.str.contains(",", regex=False)
    odd &= text.str.fullmatch(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?") & ~text.str.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})+")
    if odd.any():
        row = int(np.flatnonzero(odd)[0])
        raise InputError(
            "Numbers are written in two ways in one table.",
            where=place(grid, row, position),
            found=f"'{text.iloc[row]}' (decimal point), but '{comma}' elsewhere (decimal comma)",
            advice="export the table again with one setting of the decimal sign",
        )


def _translate(column: pd.Series, style: str) -> pd.Series:
    text = column.astype("str").str.replace(r"[\s\u00a0\u202f']", "", regex=True)
    if style == "comma":
        return text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return text.str.replace(",", "", regex=False)


def decimal_style(texts: Iterator[str]) -> str:
    """'comma' where the texts use a decimal comma, 'point' where commas separate thousands.

    Raises InputError where both readings fit (every comma is followed by exactly three digits), or neither does.
    """
    comma = point = unclear = 0
    example = {"comma": "", "point": "", "unclear": ""}
    for text in texts:
        if "," not in text:
            continue
        if "." in text:
            reading = "comma" if text.rindex(",") > text.rindex(".") else "point"
        elif text.count(",") > 1:
            reading = "point"
        elif _COMMA.fullmatch(text.replace(" ", "")):
            digits = re.split(r"[eE]", text)[0].split(",")
            reading = "unclear" if len(digits[1]) == 3 and 1 <= len(digits[0].lstrip("+-0")) <= 3 else "comma"
        else:
            continue
        comma, point, unclear = (
            comma + (reading == "comma"),
            point + (reading == "point"),
            unclear + (reading == "unclear"),
        )
        example[reading] = example[reading] or text
    if comma and point:
        raise InputError(
            "Numbers are written in two ways in one table.",
            found=f"'{example['comma']}' (decimal comma) and '{example['point']}' (decimal point)",
            advice="export the table again with one setting of the decimal sign",
        )
    if unclear and not comma and not point:
        raise InputError(
            "It cannot be known whether the comma is a decimal sign or separates thousands.",
            found=f"'{example['unclear']}'",
            advice="export the table with a decimal point and without thousands separators",
        )
    return "comma" if comma else "point"


def not_negative(grid: Grid, positions: Sequence[int], engine: str) -> NDArray:
    """Quantities or counts as ``engine`` wrote them (rows x positions), nan where a cell is empty; zeros stay.

    Raises InputError for text, and for negative values: those are logarithms, or the table was worked on.
    """
    values = parse_numbers(grid, positions)
    refuse(
        grid,
        values < 0,
        positions,
        "A quantity is negative.",
        expected=f"quantities as {engine} wrote them, on a linear scale",
        advice="for a table of logarithms by proteins use `format: matrix` with `scale: log2`",
    )
    return values


def positive(grid: Grid, positions: Sequence[int], engine: str) -> NDArray:
    """As ``not_negative``, with nan for zeros as well: engines write a zero where nothing was measured."""
    values = not_negative(grid, positions, engine)
    values[values == 0] = np.nan
    return values


def place(grid: Grid, row: int, position: int) -> str:
    """The place of a cell for a message: file, line, column."""
    return f"{grid.where}, line {grid.frame.index[row]}, column '{grid.header[position]}'"


def refuse(grid: Grid, mask: NDArray, positions: Sequence[int], problem: str, *, expected: str, advice: str) -> None:
    """Raise InputError when any cell of ``mask`` (rows x positions) is set, naming the first one and the count."""
    if not mask.any():
        return
    row, k = (int(i) for i in np.argwhere(mask)[0])
    more = int(mask.sum()) - 1
    raise InputError(
        problem,
        where=place(grid, row, positions[k]),
        found=str(grid.frame.iloc[row, positions[k]]) + (f", and {more} more" if more else ""),
        expected=expected,
        advice=advice,
    )
