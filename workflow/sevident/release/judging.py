"""Preparations and lots held against a specification, without hiding what was not tested.

Results: ``pass`` and ``fail``; ``inconclusive`` where the interval crosses the limit and the rule asks for the whole
interval; ``not_tested`` where the user gave no measurement; ``not_assessable`` where the quantity has no value.

**A lot** is judged on its samples together, criterion by criterion:

* Shares, scores and numbers of assays: on their mean. Its 90 % interval joins the spread of the samples (Student's t,
  with n samples) with their own intervals. These are taken as shared by all samples, for a score's error is the same
  model's each time: averaging does not make it smaller. So half-widths add as squares, t * s / sqrt(n) and the mean
  half-width of the samples. One sample has no spread, and the reason says so.
* Counts, yes or no, and words of qualitative tests: on the worst sample, for every sample must meet them.
* Samples without a value are left out and counted in the reason; a lot that has no value at all is ``not_tested`` or
  ``not_assessable``.

**Overall**, a lot (or a sample without a lot) has the gravest result of its ``release`` criteria in the order fail,
not_tested, not_assessable, inconclusive, pass: it passes when all of them pass, and a test that was not made is never
hidden behind others that pass.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sevident import tables
from sevident.panels import SPECIES_PANELS
from sevident.release import measurements
from sevident.release.measurements import Value, plain_word
from sevident.release.quantities import Quantity
from sevident.release.specification import OVERALL, Criterion, Specification
from sevident.samples import Sample, SampleRow, SampleSheet

JUDGED = ("preparation", "qualified_reference")
GRAVEST = ("fail", "not_tested", "not_assessable", "inconclusive", "pass")


@dataclass(frozen=True)
class Findings:
    """What the earlier stages found, by sample: rows of the tables as dictionaries."""

    scores: Mapping[Any, Mapping]
    families: Mapping[Any, Mapping]
    compartments: Mapping[Any, Mapping]
    markers: Mapping[Any, Mapping]
    species: Mapping[Any, Mapping]
    compartment_panels: Mapping[str, tuple[str, ...]]  # the panels that a compartment is made of
    sheet: SampleSheet
    rows: Mapping[str, list[SampleRow]]  # the sheet's rows by sample


def findings(
    sheet: SampleSheet,
    index: pd.DataFrame,
    genes: Iterable[str],
    *,
    scores: pd.DataFrame,
    families: pd.DataFrame,
    compartments: pd.DataFrame,
    markers: pd.DataFrame,
    species: pd.DataFrame,
) -> Findings:
    """The tables, made fit to be looked up.

    ``index``: the registry's index of panels; ``genes``: the markers that criteria name.
    """
    # a gene has one row per panel, with the same finding in each, but for panels of another species (bovine albumin)
    own = markers["gene"].isin(set(genes)) & ~markers["panel"].isin(list(SPECIES_PANELS))
    first = markers[own].drop_duplicates(["sample", "gene"])
    rows: dict[str, list[SampleRow]] = {}
    for row in sheet.rows:
        rows.setdefault(row.sample, []).append(row)
    of_compartment: dict[str, tuple[str, ...]] = {}
    for panel, compartment in zip(index["panel"], index["compartment"], strict=True):
        if compartment:
            of_compartment[str(compartment)] = (*of_compartment.get(str(compartment), ()), str(panel))
    return Findings(
        scores.set_index("sample").to_dict("index"),
        families.set_index(["sample", "panel"]).to_dict("index"),
        compartments.set_index(["sample", "compartment"]).to_dict("index"),
        first.set_index(["sample", "gene"])[["mass_fraction", "rank_percentile", "status"]].to_dict("index"),
        species.set_index(["sample", "species"]).to_dict("index"),
        of_compartment,
        sheet,
        rows,
    )


def judge(specification: Specification, found: Findings) -> pd.DataFrame:
    """Every preparation and every lot by every criterion, and overall; returns tables.SPECIFICATION."""
    rows = []
    lots: dict[str, list[Sample]] = {}
    values: dict[tuple[str, str], Value] = {}
    for sample in found.sheet.with_role(*JUDGED):
        lots.setdefault(sample.lot, []).append(sample)
        mine = []
        for criterion in specification.criteria:
            value = values[sample.name, criterion.id] = value_of(criterion, sample.name, found)
            mine.append((criterion, value, *verdict(value, criterion)))
        rows += [_row(specification, "sample", sample, *entry) for entry in mine]
        if not sample.lot:
            rows.append(_overall(specification, "sample", sample, mine))
    for lot, members in lots.items():
        if not lot:
            continue
        whole = Sample("", "", "", lot, "", "", {}, [])
        mine = [(c, *of_lot(c, {s.name: values[s.name, c.id] for s in members})) for c in specification.criteria]
        rows += [_row(specification, "lot", whole, *entry) for entry in mine]
        rows.append(_overall(specification, "lot", whole, mine))
    return tables.conform(pd.DataFrame(rows), tables.SPECIFICATION)


def value_of(criterion: Criterion, sample: str, found: Findings) -> Value:
    """What is known of the criterion's quantity in a sample."""
    quantity = criterion.quantity
    if quantity.kind == "measurement":
        rows = found.rows.get(sample, [])
        if criterion.equals:
            return measurements.word(rows, quantity.name)
        return measurements.number(rows, quantity.name, found.sheet.path)
    return {
        "misev_minimum": _misev,
        "score": _score,
        "family": _family,
        "compartment": _compartment,
        "species": _species,
        "marker": _marker,
    }[quantity.kind](quantity, sample, found)


def verdict(value: Value, criterion: Criterion) -> tuple[str, str]:
    """(result, reason) of one value against one criterion."""
    if value.absent:
        return value.absent, value.why
    note = f" ({value.note})" if value.note else ""
    if criterion.equals:
        accepted = {plain_word(word) for word in criterion.equals}
        wrong = [word for word in value.word.split(";") if plain_word(word) not in accepted]
        if wrong:
            return "fail", f"'{wrong[0]}' is not {criterion.limit}{note}"
        return "pass", f"'{value.word}' is {criterion.limit}{note}"
    if math.isnan(value.value):
        return "not_assessable", value.why or "there is no value"
    # a number given as a limit of the assay is an interval, whatever the rule says
    whole = (criterion.rule == "interval" or "given as" in value.note) and not math.isnan(value.low + value.high)
    low, high = (value.low, value.high) if whole else (value.value, value.value)
    least = -math.inf if criterion.at_least is None else criterion.at_least
    most = math.inf if criterion.at_most is None else criterion.at_most
    told = f"{value.value:.4g}"
    if whole and low != high:
        told += f" ({low:.4g} to {high:.4g})"
    if low >= least and high <= most:
        return "pass", f"{told} meets {criterion.limit}{note}"
    if high < least or low > most:
        return "fail", f"{told} does not meet {criterion.limit}{note}"
    return "inconclusive", f"the interval {told} crosses the limit: {criterion.limit}{note}"


def of_lot(criterion: Criterion, values: Mapping[str, Value]) -> tuple[Value, str, str]:
    """(value, result, reason) of a lot from the values of its samples."""
    there = {name: value for name, value in values.items() if not _missing(value, criterion)}
    if not there:
        absent = "not_tested" if any(v.absent == "not_tested" for v in values.values()) else "not_assessable"
        why = next((v.why for v in values.values() if v.absent == absent and v.why), "there is no value")
        return Value(absent=absent, why=why), absent, f"{why.replace('for this sample', 'for this lot')}"
    single = {name: verdict(value, criterion) for name, value in there.items()}
    said = f"{len(there)} of {len(values)} samples" if len(there) < len(values) else f"{len(there)} samples"
    if len(values) == 1:
        said = "one sample: the spread within the lot is not known"
    elif len(there) == 1:
        said = f"one of {len(values)} samples: the spread within the lot is not known"
    if criterion.equals or criterion.quantity.worst:
        worst = min(there, key=lambda name: (GRAVEST.index(single[name][0]), _distance(there[name], criterion)))
        result, reason = single[worst]
        which = f"worst of {said}" if len(there) > 1 else said
        return there[worst], result, f"{reason}; {which}"
    joined = mean_of(list(there.values()), criterion.quantity)
    result, reason = verdict(joined, criterion)
    if len(there) > 1:
        passing = sum(r == "pass" for r, _ in single.values())
        said = f"mean of {said}, of which {passing} pass by themselves"
    return joined, result, f"{reason}; {said}"


def mean_of(values: list[Value], quantity: Quantity) -> Value:
    """The mean of the samples of a lot with its 90 % interval (see the module's text), inside the quantity's bounds."""
    from scipy.special import stdtrit  # the quantile of Student's t; scipy.stats takes a second to import

    notes = list(dict.fromkeys(v.note for v in values if v.note))
    note = notes[0] if len(notes) == 1 else "; ".join(notes)
    count = len(values)
    if count == 1:
        return values[0]
    numbers = [v.value for v in values]
    mean = sum(numbers) / count
    spread = math.sqrt(sum((x - mean) ** 2 for x in numbers) / (count - 1))
    half = float(stdtrit(count - 1, 0.95)) * spread / math.sqrt(count)
    down = sum(_finite(v.value - v.low) for v in values) / count
    up = sum(_finite(v.high - v.value) for v in values) / count
    low = max(quantity.lowest, mean - math.hypot(half, down))
    high = min(quantity.highest, mean + math.hypot(half, up))
    return Value(mean, low, high, note=note)


def _finite(width: float) -> float:
    """A half-width; none where the sample has no interval."""
    return 0.0 if math.isnan(width) else width


def _missing(value: Value, criterion: Criterion) -> bool:
    return bool(value.absent) or (not criterion.equals and math.isnan(value.value))


def _distance(value: Value, criterion: Criterion) -> float:
    """How far inside the limits a value lies: the smallest is the worst."""
    if criterion.equals:
        return 0.0
    room = [math.inf]
    if criterion.at_least is not None:
        room.append(value.value - criterion.at_least)
    if criterion.at_most is not None:
        room.append(criterion.at_most - value.value)
    return min(room)


def _overall(
    specification: Specification, level: str, of: Sample, entries: Iterable[tuple[Criterion, Value, str, str]]
) -> dict:
    """The row over all criteria: the gravest result of the release criteria, and how many had which."""
    by_severity: dict[str, dict[str, list[str]]] = {}
    for criterion, _, result, _ in entries:
        by_severity.setdefault(criterion.severity, {}).setdefault(result, []).append(criterion.id)
    release = by_severity.get("release", {})
    result = next((r for r in GRAVEST if r in release), "not_assessable")
    parts = []
    for severity in ("release", "alert"):
        counted = by_severity.get(severity, {})
        told = [
            f"{len(counted[r])} {r.replace('_', ' ')}" + ("" if r == "pass" else f" ({', '.join(counted[r])})")
            for r in GRAVEST
            if r in counted
        ]
        if told:
            parts.append(f"{severity} criteria: {', '.join(told)}")
    if not release:
        parts.insert(0, "the specification has no release criteria, so nothing can be released by it")
    whole = Criterion(OVERALL, specification.title, Quantity(OVERALL, OVERALL), source=specification.source)
    row = _row(specification, level, of, whole, Value(), result, "; ".join(parts))
    return row | {"limit": "all release criteria pass"}


def _row(
    specification: Specification, level: str, of: Sample, criterion: Criterion, value: Value, result: str, reason: str
) -> dict:
    return {
        "specification": specification.name,
        "level": level,
        "lot": of.lot,
        "sample": of.name,
        "criterion": criterion.id,
        "title": criterion.title,
        "quantity": criterion.quantity.text,
        "value": value.value,
        "low": value.low if math.isfinite(value.low) else math.nan,
        "high": value.high if math.isfinite(value.high) else math.nan,
        "limit": criterion.limit,
        "unit": criterion.unit,
        "severity": criterion.severity,
        "result": result,
        "reason": reason,
        "source": criterion.source,
    }


# ---------------------------------------------------------------- values of the kinds of quantities


def _misev(quantity: Quantity, sample: str, found: Findings) -> Value:
    told = found.scores.get(sample, {}).get("misev_minimum", "not_assessable")
    if told == "not_assessable":
        return Value(absent="not_assessable", why="too little was searched or could be seen")
    met = 1.0 if told == "yes" else 0.0
    return Value(met, met, met)


def _score(quantity: Quantity, sample: str, found: Findings) -> Value:
    row = found.scores.get(sample, {})
    value = _float(row.get(quantity.name))
    if math.isnan(value):
        return Value(absent="not_assessable", why=f"this sample has no {quantity.name.replace('_', ' ')}")
    return Value(value, _float(row.get(f"{quantity.name}_low", value)), _float(row.get(f"{quantity.name}_high", value)))


def _family(quantity: Quantity, sample: str, found: Findings) -> Value:
    row = found.families.get((sample, quantity.name))
    value = math.nan if row is None else _float(row[quantity.column])
    if row is None or math.isnan(value):
        why = f"panel {quantity.name} has no {quantity.column} in this sample"
        return Value(absent="not_assessable", why=why)
    if quantity.column == "detected" and not row["detected"] and not row["not_detected"]:
        why = f"no member of {quantity.name} was searched and could have been seen"
        return Value(absent="not_assessable", why=why)
    return Value(value, value, value)


def _compartment(quantity: Quantity, sample: str, found: Findings) -> Value:
    row = found.compartments.get((sample, quantity.name))
    if row is None or math.isnan(_float(row["mass_fraction"])):
        return Value(absent="not_assessable", why=f"{quantity.name} has no share in this sample")
    panels = [found.families.get((sample, p)) for p in found.compartment_panels.get(quantity.name, ())]
    # a share of 0 says something only where a protein of the compartment was looked for
    if panels and not any(p is not None and (p["detected"] or p["not_detected"]) for p in panels):
        return Value(absent="not_assessable", why=f"no protein of {quantity.name} was searched")
    low, high = _float(row["mass_fraction_low"]), _float(row["mass_fraction_high"])
    return Value(_float(row["mass_fraction"]), low, high)


def _species(quantity: Quantity, sample: str, found: Findings) -> Value:
    row = found.species.get((sample, quantity.name))
    if row is None or row["status"] != "searched" or math.isnan(_float(row["apportioned_share"])):
        return Value(absent="not_assessable", why=f"no {quantity.name} sequences are known to have been searched")
    value = _float(row["apportioned_share"])
    return Value(value, value, value)


def _marker(quantity: Quantity, sample: str, found: Findings) -> Value:
    row = found.markers.get((sample, quantity.name))
    if row is None or row["status"] in ("not_searched", "not_assessable"):
        status = "not searched" if row is None else row["status"].replace("_", " ")
        return Value(absent="not_assessable", why=f"{quantity.name} is {status}")
    detected = row["status"] == "detected"
    value = float(detected) if quantity.column == "detected" else _float(row[quantity.column])
    if not detected:
        value = 0.0
    elif math.isnan(value):
        return Value(absent="not_assessable", why=f"{quantity.name} is detected and has no quantity")
    return Value(value, value, value)


def _float(value: object) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)  # type: ignore[call-overload,arg-type]
