"""Variation within and between lots, control limits, and lots that do not belong.

At level ``study`` each attribute has its variance components, over lots and over the samples within lots (biological
replicates; technical ones are merged before), its coefficients of variation, and the limits for a next lot. At level
``lot`` each lot has its mean and is held against limits that the other lots give: the qualified ones (role
qualified_reference) where there are enough of them, else all. A lot is never part of the limits it is held against: of
a few lots, one that stands apart would widen them until it lies inside.

The proteome as a whole is ``vesicular_profile``: the distance of a lot from the median of the lots it is held against,
in log2 units, root mean square over vesicular proteins. For a lot outside its limit the proteins are named whose
difference is beyond chance.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sevident import tables
from sevident.release import statistics
from sevident.release.attributes import LEAST_PROTEINS, PROFILE, STAGE, Attributes, Lots, collect, lots_of, remarks
from sevident.release.statistics import Components, Limits
from sevident.samples import Sample
from sevident.tables import warning

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PROFILE_TITLE = "Distance from the other lots, over vesicular proteins"
_LEAST_VALUES = 3  # other lots in which a protein is found, for a median and a spread
_MANY_LOTS = 50  # from so many on, a median is the same with a lot and without it
_FALSE_DISCOVERIES = 0.05
_RESOLUTION = 1.0  # log2 unit, or unit of log-odds
_TOLD = 6  # attributes that a warning names
_NO_ONE = "no single protein stands out"


@dataclass(frozen=True)
class LotSettings:
    """``families``: panels to judge in the place of all that count (see attributes.AXES).

    ``least_lots``: lots that control limits must rest on. From fewer than five the limits of a next lot are wider than
    seven standard deviations and would pass for control without being any. ``most_proteins``: how many proteins are
    named for a lot that does not belong.
    """

    families: tuple[str, ...] = ()
    least_lots: int = 5
    most_proteins: int = 10


def analyse(
    samples: Sequence[Sample],
    scores: pd.DataFrame,
    families: pd.DataFrame,
    compartments: pd.DataFrame,
    abundance: pd.DataFrame,
    vesicular: Collection[str],
    settings: LotSettings | None = None,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """The table LOTS, and rows for the table WARNINGS. Pure.

    Tables by tables.SCORES, FAMILIES, COMPARTMENTS and ABUNDANCE; ``vesicular``: the protein groups of small vesicles
    (``attributes.vesicular_groups``). Without a lot in the sample sheet the table is empty.
    """
    settings = settings or LotSettings()
    attributes = collect(samples, scores, families, compartments, abundance, vesicular, settings.families)
    lots = lots_of(attributes.samples)
    notes = remarks(attributes, "variation between lots") if attributes.samples else []
    if not lots.names:
        return tables.empty(tables.LOTS), notes
    analysis = _Analysis(attributes, lots, settings)
    rows = [row for i in range(len(attributes.table)) for row in analysis.rows(i)] + analysis.profile()
    notes += analysis.notes(rows)
    return tables.conform(pd.DataFrame(rows), tables.LOTS), notes


class _Analysis:
    """The attributes of a study by lots: ``means``, attributes x lots, and the lots that give the limits."""

    def __init__(self, attributes: Attributes, lots: Lots, settings: LotSettings) -> None:
        self.table, self.lots, self.settings = attributes.table, lots, settings
        belongs = lots.codes >= 0
        self.matrix, self.codes = attributes.matrix[:, belongs], lots.codes[belongs]
        self.means = statistics.means_by(self.matrix, self.codes, len(lots.names))
        self.qualified = int(lots.qualified.sum()) >= settings.least_lots
        self.references = lots.qualified if self.qualified else np.ones(len(lots.names), dtype=bool)
        self.limits = _or_resolution(statistics.prediction_limits(self.means, self.references))
        # a column without a value is no reference: its limits are those of a lot to come
        to_come = np.full((len(self.means), 1), np.nan)
        self.next_lot = _or_resolution(
            statistics.prediction_limits(np.hstack([self.means, to_come]), np.append(self.references, False))
        )

    def rows(self, i: int) -> list[dict[str, object]]:
        """The row of attribute ``i`` at level study and, but for single proteins, its rows of the lots."""
        facts = dict(self.table.iloc[i])
        found = statistics.components(self.matrix[i], self.codes)
        out = [{**facts, **self._study_row(i, found, str(facts["unit"]))}]
        if facts["kind"] != "protein":
            out += [{**facts, **self._lot_row(i, lot, found)} for lot in range(len(self.lots.names))]
        return out

    def _source(self, number: int) -> str:
        enough = number >= self.settings.least_lots
        return ("qualified" if self.qualified else "all") if enough else ""

    def _study_row(self, i: int, found: Components, unit: str) -> dict[str, object]:
        row: dict[str, object] = {
            "level": "study",
            "lots": found.lots,
            "samples": found.samples,
            "estimate": found.mean,
            "low": found.low,
            "high": found.high,
            "sd_between": found.between,
            "sd_within": found.within,
            "reason": _study_reason(found),
        }
        if found.lots < 2:
            row["status"] = "not_assessable"
        if unit == "log2":
            spreads = (found.between, found.between_low, found.between_high, found.within)
            columns = ("cv_between", "cv_between_low", "cv_between_high", "cv_within")
            row |= dict(zip(columns, map(statistics.cv_of_log2, spreads), strict=True))
        number = int(self.next_lot.number[i, -1])
        low, high = self.next_lot.low[i, -1], self.next_lot.high[i, -1]
        if self._source(number) and not math.isnan(low):
            row |= {"limit_low": low, "limit_high": high, "limits_from": self._source(number)}
        return row

    def _lot_row(self, i: int, lot: int, found: Components) -> dict[str, object]:
        from scipy import stats

        mean = self.means[i, lot]
        number = int((~np.isnan(self.matrix[i, self.codes == lot])).sum())
        half = math.nan
        if number and found.within_df:
            half = float(stats.t.ppf(1 - statistics.TAIL, found.within_df)) * found.within / math.sqrt(number)
        return {
            "level": "lot",
            "lot": self.lots.names[lot],
            "lots": 1,
            "samples": number,
            "estimate": mean,
            "low": mean - half,
            "high": mean + half,
            **self._held(mean, lot, self.limits.low[i, lot], self.limits.high[i, lot], int(self.limits.number[i, lot])),
        }

    def _held(self, value: float, lot: int, low: float, high: float, number: int) -> dict[str, object]:
        """A lot's value held against its limits: limits, their source, status and reason."""
        if math.isnan(value):
            return {"status": "not_assessable", "reason": "the lot has no value"}
        source = self._source(number)
        if not source:
            reason = f"limits would rest on {number} other lots; they take {self.settings.least_lots}"
            return {"status": "not_assessable", "reason": reason}
        if math.isnan(low) and math.isnan(high):
            return {"status": "not_assessable", "reason": "the other lots do not vary, so that there are no limits"}
        out: dict[str, object] = {"limit_low": low, "limit_high": high, "limits_from": source}
        rests = f"of {number} {'qualified' if self.qualified else 'other'} lots"
        if value > high:
            return {**out, "status": "out_of_control", "reason": f"{value:.3g} lies above the limit {high:.3g} {rests}"}
        if value < low:
            return {**out, "status": "out_of_control", "reason": f"{value:.3g} lies below the limit {low:.3g} {rests}"}
        return {**out, "status": "in_control", "reason": f"{value:.3g} lies within the limits {rests}"}

    def profile(self) -> list[dict[str, object]]:
        """The vesicular profile: a row of the study and one of each lot, with the proteins that set it apart."""
        chosen = self.table["kind"].eq("protein").to_numpy()
        proteins = self.means[chosen]
        if not chosen.any():
            return []
        distance = self._distances(proteins)
        some = ~np.isnan(distance)
        facts: dict[str, object] = {"kind": "proteome", "quantity": PROFILE, "title": _PROFILE_TITLE, "unit": "log2"}
        # distances are positive and skewed: their limit is taken on the logarithm, upwards alone
        logs = np.full((1, len(distance)), np.nan)
        logs[0, some & (distance > 0)] = np.log(distance[some & (distance > 0)])
        limits = statistics.prediction_limits(
            np.hstack([logs, [[np.nan]]]), np.append(self.references, False)
        )  # the last column is a lot to come
        mean = float(distance[some].mean()) if some.any() else math.nan
        study = {"level": "study", "lots": int(some.sum()), "samples": len(self.codes), "estimate": mean}
        if not some.any():
            study["status"] = "not_assessable"
            study["reason"] = (
                f"a distance takes {LEAST_PROTEINS} vesicular proteins that are found in {_LEAST_VALUES} other lots"
            )
        high, number = float(np.exp(limits.high[0, -1])), int(limits.number[0, -1])
        if self._source(number) and not math.isnan(high):
            study |= {"limit_high": high, "limits_from": self._source(number)}
        rows = [{**facts, **study}]
        for lot, name in enumerate(self.lots.names):
            high, number = float(np.exp(limits.high[0, lot])), int(limits.number[0, lot])
            held = self._held(float(distance[lot]), lot, math.nan, high, number)
            if held["status"] == "out_of_control":
                named = self._apart(proteins, self.table[chosen], lot)
                held["proteins"] = " | ".join(named)
                held["reason"] = f"{held['reason']}; {'named are the proteins beyond chance' if named else _NO_ONE}"
            counted = int((self.codes == lot).sum())
            row = {"level": "lot", "lot": name, "lots": 1, "samples": counted, "estimate": float(distance[lot])}
            rows.append({**facts, **row, **held})
        return rows

    def _distances(self, proteins: NDArray[np.float64]) -> NDArray[np.float64]:
        """Root mean square distance of each lot from the median of the others, in log2 units; nan = none."""
        out = np.full(proteins.shape[1], np.nan)
        many = self.references.sum() >= _MANY_LOTS
        whole = _medians(proteins[:, self.references]) if many else None
        for lot in range(proteins.shape[1]):
            middle = _medians(proteins[:, self._others(lot)]) if whole is None else whole
            away = proteins[:, lot] - middle
            away = away[~np.isnan(away)]
            if len(away) >= LEAST_PROTEINS:
                out[lot] = math.sqrt(float((away**2).mean()))
        return out

    def _others(self, lot: int) -> NDArray[np.bool_]:
        others = self.references.copy()
        others[lot] = False
        return others

    def _apart(self, proteins: NDArray[np.float64], facts: pd.DataFrame, lot: int) -> list[str]:
        """The proteins that set a lot apart, the clearest first: gene (protein group) and log2 difference.

        Moderated t statistics against the lots it is held against, at a false discovery rate of 5 %; then proteins that
        all of these hold and the lot does not.
        """
        from scipy import stats

        others = proteins[:, self._others(lot)]
        number = (~np.isnan(others)).sum(axis=1)
        enough = number >= _LEAST_VALUES
        variance, df = statistics.moderated(
            np.where(enough, statistics.row_variance(others), np.nan), (number - 1).astype("float64")
        )
        difference = proteins[:, lot] - statistics.row_mean(others)
        t = np.abs(difference) / np.sqrt(variance * (1 + 1 / np.maximum(number, 1)))
        rate = statistics.benjamini_hochberg(2 * np.asarray(stats.t.sf(t, df)))
        label = [
            group if title == group else f"{title} ({group})"
            for title, group in zip(facts["title"], facts["quantity"], strict=True)
        ]
        order = sorted(np.flatnonzero(rate <= _FALSE_DISCOVERIES), key=lambda p: (-t[p], label[p]))
        named = [f"{label[p]} {difference[p]:+.2f}" for p in order]
        gone = np.isnan(proteins[:, lot]) & (number == others.shape[1]) & enough
        named += [f"{label[p]} not found" for p in np.flatnonzero(gone)]
        return named[: self.settings.most_proteins]

    def notes(self, rows: list[dict[str, object]]) -> list[dict[str, object]]:
        """Rows for the table WARNINGS."""
        out = []
        lots, about = self.lots, "variation between lots"
        processes = sorted(set(lots.processes) - {""})
        if len(processes) > 1:
            message = (
                f"the lots are of {len(processes)} processes: variation between lots holds the difference between "
                "processes, which comparability tells apart"
            )
            out.append(warning(STAGE, "warning", "lots_of_several_processes", about, message, len(processes)))
        if len(lots.names) == 1:
            message = "there is one lot: nothing can be said about how much lots differ"
            out.append(warning(STAGE, "warning", "one_lot", about, message, 1))
        elif len(self.codes) == len(lots.names):
            message = (
                "no lot has two samples: variation between lots holds the variation within lots as well, and the two "
                "cannot be told apart"
            )
            out.append(warning(STAGE, "warning", "lots_without_replicates", about, message, len(lots.names)))
        qualified = int(lots.qualified.sum())
        if qualified > 0 and not self.qualified:
            message = (
                f"{qualified} qualified lots are fewer than the {self.settings.least_lots} that control limits take; "
                "limits are taken from all lots"
            )
            out.append(warning(STAGE, "warning", "few_qualified_lots", about, message, qualified))
        for name in lots.names:
            held = [r for r in rows if r["level"] == "lot" and r["lot"] == name and r["status"] != "not_assessable"]
            outside = [r for r in held if r["status"] == "out_of_control"]
            if not outside:
                continue
            apart = next((r for r in outside if r["quantity"] == PROFILE), None)
            told = ", ".join(str(r["title"]) for r in outside[:_TOLD]) + (" ..." if len(outside) > _TOLD else "")
            message = (
                f"lot '{name}' lies outside the control limits in {len(outside)} of {len(held)} attributes ({told}); "
                "one in 370 does so by chance"
            )
            if apart and apart.get("proteins"):
                message += f". Proteins that set it apart: {apart['proteins']}"
            out.append(warning(STAGE, "warning", "lot_out_of_control", name, message, len(outside)))
        return out


def _study_reason(found: Components) -> str:
    """What the reader must know of the variance components; empty where nothing is amiss."""
    if not found.lots:
        return "no lot has a value"
    if found.lots == 1:
        return "one lot: nothing is known of how much lots differ"
    if not found.within_df:
        return "no lot has two samples: the variation between lots holds the variation within lots as well"
    return ""


def _or_resolution(limits: Limits) -> Limits:
    """Limits also where the lots that give them do not vary, as at the end of a score's scale, or where all hold
    nothing of a panel: a lot that is more than a unit away is then no longer like them.
    """
    same = np.isnan(limits.low) & (limits.number > 1)
    low = np.where(same, limits.centre - _RESOLUTION, limits.low)
    return replace(limits, low=low, high=np.where(same, limits.centre + _RESOLUTION, limits.high))


def _medians(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Row medians; nan for rows with fewer than _LEAST_VALUES values."""
    out = np.full(len(values), np.nan)
    enough = (~np.isnan(values)).sum(axis=1) >= _LEAST_VALUES
    if enough.any():
        out[enough] = np.nanmedian(values[enough], axis=1)
    return out
