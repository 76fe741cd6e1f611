"""Panels as a whole: how many members were seen, what share they hold, where they rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import absence
from .composition import MATCHED, Composition, SampleLike, log2_against_references
from .markers import Measured

if TYPE_CHECKING:
    from numpy.typing import NDArray


def table(
    composition: Composition, measured: Measured, index: pd.DataFrame, samples: Sequence[SampleLike]
) -> pd.DataFrame:
    """The table FAMILIES: one row per sample and panel of the registry's ``index`` (panel, title, axis).

    A share is the sum over the panel's distinct detected protein groups: a group that stands for two members counts
    once. It is 0 where members were looked for and none was found, and null where nothing could have been found (all
    members ``not_searched`` or ``not_assessable``). Ranks are those of each detected member's best group.
    """
    blocks = []
    panels = index.sort_values("panel", kind="stable")
    for panel, title, axis in zip(panels["panel"], panels["title"], panels["axis"], strict=True):
        own = np.flatnonzero(measured.members["panel"].eq(panel).to_numpy())
        blocks.append(_panel(composition, measured, own, panel, title, axis, samples))
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()


def _panel(
    composition: Composition,
    measured: Measured,
    own: NDArray[np.int64],
    panel: str,
    title: str,
    axis: str,
    samples: Sequence[SampleLike],
) -> pd.DataFrame:
    status, best = measured.status[own], measured.best[own]
    groups = np.unique(measured.pair_group[np.isin(measured.pair_member, own)])
    counted = {name: (status == code).sum(axis=0) for name, code in _STATUS_COLUMNS.items()}
    seen = counted["detected"] > 0
    judged = (seen | (counted["not_detected"] > 0)) & (composition.counts > 0)
    mass = _summed(composition.mass, composition.detected, groups, judged)
    percentile = measured.of_best(composition.percentile)[own]
    evidence = np.where(best >= 0, measured.of_best(composition.evidence, -1)[own], -1)
    frame = pd.DataFrame(
        {
            "sample": composition.samples,
            "panel": panel,
            "title": title,
            "axis": axis,
            "members": len(own),
            **counted,
            "mass_fraction": mass,
            "molar_fraction": _summed(composition.molar, composition.detected, groups, judged),
            "median_rank_percentile": _medians(percentile),
            "best_member": _best_member(percentile, measured.members["gene"].to_numpy(dtype="object")[own]),
            "best_rank_percentile": np.max(
                np.where(np.isnan(percentile), -np.inf, percentile), axis=0, initial=-np.inf
            ),
            "peptides": _summed(composition.peptides, composition.detected, groups, seen),
            "matched_only": ((evidence == MATCHED) & (best >= 0)).sum(axis=0),
        }
    )
    frame["best_rank_percentile"] = frame["best_rank_percentile"].where(seen)
    for role, ratio in log2_against_references(mass[None, :], samples).items():
        frame[f"log2_vs_{role}"] = ratio[0]
    return frame


_STATUS_COLUMNS = {
    "detected": absence.DETECTED,
    "not_detected": absence.NOT_DETECTED,
    "not_searched": absence.NOT_SEARCHED,
    "not_assessable": absence.NOT_ASSESSABLE,
}


def _summed(
    matrix: NDArray[np.float64], detected: NDArray[np.bool_], groups: NDArray[np.int64], judged: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Sums over the groups of what is there; nan where nothing could be judged, or groups are seen without values."""
    usable = detected[groups] & ~np.isnan(matrix[groups])
    total = np.where(usable, matrix[groups], 0.0).sum(axis=0)
    valueless = detected[groups].any(axis=0) & ~usable.any(axis=0)
    return np.where(judged & ~valueless, total, np.nan)


def _medians(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return pd.DataFrame(values).median(axis=0).to_numpy(dtype="float64") if len(values) else _nothing(values)


def _nothing(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.full(values.shape[1], np.nan)


def _best_member(percentile: NDArray[np.float64], genes: NDArray) -> list[str]:
    """The gene of the highest rank (the first by name among equals); empty where none was detected."""
    if not len(genes):
        return [""] * percentile.shape[1]
    filled = np.where(np.isnan(percentile), -1.0, percentile)
    top = filled.argmax(axis=0)
    return [str(genes[i]) if filled[i, s] >= 0 else "" for s, i in enumerate(top)]
