"""One scale for all samples: a shift in log space, for the comparison of lots and for nothing else.

Every sample gets one factor, so that its protein groups agree in the median with the groups' means over samples: the
idea of delayed normalisation (Cox J et al. Mol Cell Proteomics 2014;13:2513-2526, doi 10.1074/mcp.M113.031591), at the
level of proteins and with the median in the place of least squares. It assumes that most proteins do not change.
Between a vesicle preparation and a plasma they do, therefore references are not on one scale with preparations, and
composition is never judged on these values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..tables import warning
from .runs import STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOLERANCE = 1e-9  # log2 units
_MOST_ROUNDS = 200
_FEWEST_SHARED = 10  # protein groups shared with other samples; below, a median is no scale
_LOTS = ("preparation", "qualified_reference")


def shifts(logs: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    """The shift of each sample (to be subtracted; they sum to zero) and whether the iteration settled.

    ``logs``: protein groups x samples in log2 units, nan = not measured. Repeated until it settles: the shift of a
    sample grows by the median, over the groups seen in at least two samples, of its distance to the group's mean. A
    sample that shares fewer than ten groups with others keeps a shift of zero.
    """
    count = logs.shape[1]
    total = np.zeros(count)
    shared = logs[(~np.isnan(logs)).sum(axis=1) >= 2]
    able = (~np.isnan(shared)).sum(axis=0) >= _FEWEST_SHARED
    values = shared[:, able]
    values = values[(~np.isnan(values)).sum(axis=1) >= 2]
    if not len(values):
        return total, True
    seen = ~np.isnan(values)
    numbers = seen.sum(axis=1, keepdims=True)
    own = np.zeros(values.shape[1])
    for _ in range(_MOST_ROUNDS):
        moved = values - own
        means = np.where(seen, moved, 0.0).sum(axis=1, keepdims=True) / numbers
        step = _column_medians(moved - means)
        own = own + step
        own -= own.mean()
        if np.abs(step - step.mean()).max() < _TOLERANCE:
            break
    else:
        total[able] = own
        return total, False
    total[able] = own
    return total, True


def _column_medians(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Medians of the columns without nan; zero (no step) for a column without any number."""
    ordered = np.sort(values, axis=0)  # nan goes last
    number = (~np.isnan(values)).sum(axis=0)
    columns = np.arange(values.shape[1])
    lower, upper = np.maximum(number - 1, 0) // 2, np.minimum(number // 2, len(values) - 1)
    return np.where(number > 0, 0.5 * (ordered[lower, columns] + ordered[upper, columns]), 0.0)


def log2_lfq(
    quantity: NDArray[np.float64], roles: Sequence[str]
) -> tuple[NDArray[np.float64], list[dict[str, object]]]:
    """log2 quantity (groups x samples) after the shift, and warnings.

    ``roles``: one per sample. Preparations and qualified references share one scale; every other role has its own.
    """
    with np.errstate(divide="ignore"):
        logs = np.log2(quantity)
    found: list[dict[str, object]] = []
    sets: dict[str, list[int]] = {}
    for column, role in enumerate(roles):
        sets.setdefault("lots" if role in _LOTS else role, []).append(column)
    for name, columns in sorted(sets.items()):
        shift, settled = shifts(logs[:, columns])
        logs[:, columns] -= shift
        if not settled:
            message = (
                "The scale between samples did not settle; log2_lfq is uncertain. Usual cause: samples that share few "
                "proteins."
            )
            found.append(warning(STAGE, "warning", "lfq_not_settled", name, message, len(columns)))
    return logs, found
