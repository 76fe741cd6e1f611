"""One scale for all samples: values for the comparison of lots and for nothing else.

Every sample gets one factor (delayed normalisation; Cox J et al. Mol Cell Proteomics 2014;13:2513-2526, doi
10.1074/mcp.M113.031591), so that its ions, or protein groups where there are no ions, agree in the median with their
means over samples (the median in the place of least squares). It assumes that most proteins do not change. Between a
vesicle preparation and a plasma they do, therefore references are not on one scale with preparations, and composition
is never judged on these values.

Where a search result holds peptides, the ions of a protein group are then brought to one level and their median taken
in each sample (directLFQ; Ammar C et al. Mol Cell Proteomics 2023;22:100581, doi 10.1016/j.mcpro.2023.100581), by the
package directlfq-rs with its own normalisation switched off. Otherwise the summed quantities of the groups are used.
"""

from __future__ import annotations

import importlib.util
import itertools
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..tables import warning
from .runs import STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOLERANCE = 1e-9  # log2 units
_MOST_ROUNDS = 200
_FEWEST_SHARED = 10  # protein groups shared with other samples; below, a median is no scale
_CELLS = 1 << 21  # values that are worked on at a time, and that directlfq-rs is given
_LOTS = ("preparation", "qualified_reference")


def shifts(logs: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """The shift of each sample (to be subtracted; they sum to zero) and whether the iteration settled.

    ``logs``: protein groups x samples in log2 units, nan = not measured. Repeated until it settles: the shift of a
    sample grows by the median, over the groups seen in at least two samples, of its distance to the group's mean. A
    sample that shares fewer than ten groups with others keeps a shift of zero.
    """
    count = logs.shape[1]
    total = np.zeros(count)
    seen = ~np.isnan(logs)
    seen &= (seen.sum(axis=1) >= 2)[:, None]
    able = seen.sum(axis=0) >= _FEWEST_SHARED
    values = logs[np.ix_(seen[:, able].sum(axis=1) >= 2, able)]
    del seen
    if not len(values):
        return total, True
    own = np.zeros(values.shape[1])
    for _ in range(_MOST_ROUNDS):
        step = _column_medians(values, own, _row_means(values, own))
        own = own + step
        own -= own.mean()
        if np.abs(step - step.mean()).max() < _TOLERANCE:
            break
    else:
        total[able] = own
        return total, False
    total[able] = own
    return total, True


def _row_means(values: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.float64]:
    """The means of the rows of ``values - own`` without nan; some rows at a time, so that no copy of all is made."""
    means = np.empty(len(values))
    for block in _pieces(len(values), values.shape[1]):
        moved = values[block] - own
        seen = ~np.isnan(moved)
        means[block] = np.where(seen, moved, 0.0).sum(axis=1) / seen.sum(axis=1)
    return means


def _column_medians(
    values: NDArray[np.float64], own: NDArray[np.float64], means: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Medians of the columns of ``values - own - means`` without nan; zero (no step) for a column without any number.

    Some columns at a time, as above.
    """
    medians = np.empty(values.shape[1])
    for block in _pieces(values.shape[1], len(values)):
        ordered = np.sort((values[:, block] - own[block]).T - means, axis=1)  # nan goes last
        number = (~np.isnan(ordered)).sum(axis=1)
        lines = np.arange(len(ordered))
        lower, upper = np.maximum(number - 1, 0) // 2, np.minimum(number // 2, len(values) - 1)
        medians[block] = np.where(number > 0, 0.5 * (ordered[lines, lower] + ordered[lines, upper]), 0.0)
    return medians


def _pieces(length: int, width: int) -> Iterator[slice]:
    """The rows of a matrix, or its columns, in pieces of about ``_CELLS`` values."""
    step = max(_CELLS // max(width, 1), 1)
    return (slice(start, start + step) for start in range(0, length, step))


@dataclass(frozen=True)
class Ions:
    """Ions (charge states and modified forms of peptides) x samples: ``quantity`` (linear, nan = not measured) and the
    place of each ion's protein group, ``group_of``; sorted by group.
    """

    quantity: NDArray[np.float64]
    group_of: NDArray[np.int64]


def available() -> bool:
    """Whether the package directlfq-rs is installed."""
    return importlib.util.find_spec("directlfq_rs") is not None


def profiles(ions: Ions, groups: int) -> NDArray[np.float64]:
    """Intensities of protein groups (``groups`` x samples, linear, nan = no ion measured) by directLFQ.

    No normalisation between samples takes place here. The sum over samples of a group is that of its ions. directLFQ
    looks at ions that were measured in two samples at least. A group that was measured in one sample alone has nothing
    to be compared with, and gets the sum of its ions; one that has different ions in every sample cannot be compared,
    and gets nothing. As one group has no part in the numbers of another, the package is given some groups at a time,
    ``_CELLS`` values or one group: its memory then does not grow with the study.
    """
    out = np.full((groups, ions.quantity.shape[1]), np.nan)
    usable = (ions.quantity > 0).any(axis=1)
    if not usable.any():
        return out
    sums = np.zeros(out.shape)
    for block in _pieces(*ions.quantity.shape):
        values = ions.quantity[block]
        np.add.at(sums, ions.group_of[block], np.where(np.isnan(values), 0.0, values))
    alone = (sums > 0).sum(axis=1) == 1
    out[alone] = np.where(sums[alone] > 0, sums[alone], np.nan)
    del sums
    compared = np.flatnonzero(usable & ~alone[ions.group_of])
    if not len(compared):
        return out
    group_of = ions.group_of[compared]
    with tempfile.TemporaryDirectory(prefix="sevident-") as folder:
        for start, end in _blocks(group_of, max(_CELLS // out.shape[1], 1)):
            found = _directlfq(ions.quantity[compared[start:end]], group_of[start:end], Path(folder) / "ions.tsv")
            for group, amounts in found.items():
                out[group] = np.where(amounts > 0, amounts, np.nan)
    return out


def _blocks(group_of: NDArray[np.int64], rows: int) -> list[tuple[int, int]]:
    """First and last row (exclusive) of pieces of whole groups of about ``rows`` rows."""
    starts = np.flatnonzero(np.diff(group_of, prepend=-1))
    block = starts // rows
    first = starts[np.flatnonzero(np.diff(block, prepend=-1))].tolist()
    return list(itertools.pairwise([*first, len(group_of)]))


def _directlfq(values: NDArray[np.float64], group_of: NDArray[np.int64], path: Path) -> dict[int, NDArray[np.float64]]:
    """What the package makes of ions (rows x samples): by group the intensities, nan = none. It reads a text file."""
    import pyarrow as pa
    from directlfq_rs import quantify
    from pyarrow import csv

    # names of the same length sort as numbers do; the user's own names would pass through the text file
    columns = [
        pa.array([f"{group:09d}" for group in group_of]),
        pa.array([f"{ion:09d}" for ion in range(len(values))]),
        *(pa.array(column, from_pandas=True) for column in np.ascontiguousarray(values.T)),
    ]
    names = ["protein", "ion", *(f"sample_{i}" for i in range(values.shape[1]))]
    with path.open("wb") as file:  # Arrow would put quotation marks around the names
        file.write(("\t".join(names) + "\n").encode())
        options = csv.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
        csv.write_csv(pa.table(columns, names=names), file, options)
    found = quantify(str(path), deactivate_normalization=True)
    return {int(group): np.array(amounts, dtype="float64") for group, amounts in found.items()}


def log2_lfq(
    quantity: NDArray[np.float64], roles: Sequence[str], ions: Ions | None = None
) -> tuple[NDArray[np.float64], list[dict[str, object]]]:
    """log2 values (groups x samples) on one scale for each set of samples, and warnings.

    ``quantity``: summed quantities of the groups; ``roles``: one per sample; ``ions``: of the same samples, where there
    are peptides. Preparations and qualified references share one scale; every other role has its own. A set with a
    sample that was measured and has no ions goes by the quantities of the groups.
    """
    with np.errstate(divide="ignore"):
        logs = np.log2(quantity)
    found: list[dict[str, object]] = []
    sets: dict[str, list[int]] = {}
    for column, role in enumerate(roles):
        sets.setdefault("lots" if role in _LOTS else role, []).append(column)
    by_ions = ions if ions is not None and len(ions.group_of) and available() else None
    if ions is not None and len(ions.group_of) and by_ions is None:
        message = (
            "The package directlfq-rs is not installed: log2_lfq goes by summed protein quantities, which are less "
            "precise where peptides are missing in some samples. Install it with 'make setup'."
        )
        found.append(warning(STAGE, "warning", "directlfq_not_installed", "study", message, len(roles)))
    lost = 0
    for name, columns in sorted(sets.items()):
        if by_ions is not None and _covered(quantity[:, columns], by_ions.quantity[:, columns]):
            values = by_ions.quantity[:, columns]
            np.log2(values, out=values)
            shift, settled = shifts(values)
            values -= shift
            level = profiles(Ions(np.exp2(values, out=values), by_ions.group_of), len(quantity))
            del values
            lost += int((~np.isnan(logs[:, columns]) & np.isnan(level)).sum())
            level[np.isnan(quantity[:, columns])] = np.nan
            logs[:, columns] = np.log2(level)
        else:
            shift, settled = shifts(logs[:, columns])
            logs[:, columns] -= shift
        if not settled:
            message = (
                "The scale between samples did not settle; log2_lfq is uncertain. Usual cause: samples that share few "
                "proteins."
            )
            found.append(warning(STAGE, "warning", "lfq_not_settled", name, message, len(columns)))
    if lost:
        message = (
            f"{lost} measured values have no log2_lfq: their protein groups have no peptides in the inputs, or "
            "different ones in every sample."
        )
        found.append(warning(STAGE, "info", "lfq_without_common_peptides", "study", message, lost))
    return logs, found


def _covered(quantity: NDArray[np.float64], ions: NDArray[np.float64]) -> bool:
    """Whether every sample with a quantity has ions."""
    return bool((~np.isnan(ions).all(axis=0) | np.isnan(quantity).all(axis=0)).all())
