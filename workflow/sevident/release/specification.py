"""Specifications: acceptance criteria written by the user, judged sample by sample without hiding what was not tested.

A criterion names a quantity and a limit. Quantities:

    score.<column>                a column of the scores table (identity, purity, purity_soluble, p_small_ev, ...)
    family.<panel>.<column>       a column of the families table (detected, mass_fraction, median_rank_percentile, ...)
    compartment.<name>            a compartment's share of protein mass (0..1)
    marker.<gene>                 a marker's mass fraction, 0 where it is not detected
    misev_minimum                 1 where MISEV2018's minimum is met, 0 where it is not
    measurement.<column>          a number from the sample sheet (particles_per_ml, endotoxin_eu_per_ml, ...)

Results: ``pass`` and ``fail``; ``inconclusive`` where the interval crosses the limit and the rule asks for the whole
interval; ``not_tested`` where the user gave no measurement; ``not_assessable`` where the quantity has no value for
this sample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sevident import tables
from sevident.errors import ConfigurationError, did_you_mean
from sevident.samples import Sample

RULES = ("interval", "estimate")
SEVERITIES = ("release", "alert", "information")
_KEYS = ("id", "title", "quantity", "at_least", "at_most", "unit", "rule", "severity", "source")
_SCORE_COLUMNS = tuple(c for c, kind in tables.SCORES.columns.items() if kind in ("float", "int"))
_FAMILY_COLUMNS = tuple(c for c, kind in tables.FAMILIES.columns.items() if kind in ("float", "int"))


@dataclass(frozen=True)
class Criterion:
    """One limit on one quantity; ``at_least`` and ``at_most`` may both be given."""

    id: str
    title: str
    quantity: str
    at_least: float | None
    at_most: float | None
    unit: str
    rule: str
    severity: str
    source: str

    @property
    def limit(self) -> str:
        """The limit in words."""
        parts = []
        if self.at_least is not None:
            parts.append(f"at least {self.at_least:g}")
        if self.at_most is not None:
            parts.append(f"at most {self.at_most:g}")
        return " and ".join(parts) + (f" {self.unit}" if self.unit else "")


@dataclass(frozen=True)
class Specification:
    """A named list of criteria."""

    name: str
    title: str
    source: str
    criteria: list[Criterion]


@dataclass(frozen=True)
class Value:
    """What is known of a quantity in a sample; ``absent`` says why there is no value ('' where there is one)."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    absent: str = ""  # '' | not_tested | not_assessable
    why: str = ""


def load(path: Path, known_panels: list[str], known_compartments: list[str]) -> Specification:
    """Read and check a specification file. ConfigurationError names the file, the criterion and what was expected."""
    import yaml

    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError("a specification file does not exist", where=str(path)) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = f"{path}, line {line + 1}" if line is not None else str(path)
        raise ConfigurationError("a specification file is not valid YAML", where=place) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("criteria"), list) or not raw["criteria"]:
        raise ConfigurationError(
            "a specification has no criteria",
            where=str(path),
            expected="a mapping with the keys specification, title, source and criteria (a list)",
        )
    for key in raw:
        if key not in ("specification", "title", "source", "criteria"):
            advice = did_you_mean(str(key), ("specification", "title", "source", "criteria"))
            raise ConfigurationError(f"unknown key '{key}'", where=str(path), advice=advice)
    criteria = [
        _criterion(item, f"{path}, criterion {i}", known_panels, known_compartments)
        for i, item in enumerate(raw["criteria"], 1)
    ]
    ids = [c.id for c in criteria]
    for name in ids:
        if ids.count(name) > 1:
            raise ConfigurationError(f"criterion '{name}' stands twice", where=str(path), advice="give each its own id")
    return Specification(
        str(raw.get("specification", path.stem)), str(raw.get("title", path.stem)), str(raw.get("source", "")), criteria
    )


def _criterion(item: object, where: str, known_panels: list[str], known_compartments: list[str]) -> Criterion:
    if not isinstance(item, dict):
        raise ConfigurationError("a criterion is not a mapping", where=where, found=str(item)[:80])
    for key in item:
        if key not in _KEYS:
            raise ConfigurationError(f"unknown key '{key}'", where=where, advice=did_you_mean(str(key), _KEYS))
    for key in ("id", "quantity"):
        if not item.get(key):
            raise ConfigurationError(f"a criterion has no {key}", where=where)
    where = f"{where} ('{item['id']}')"
    limits = {}
    for key in ("at_least", "at_most"):
        value = item.get(key)
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value)
        ):
            raise ConfigurationError(f"{key} is not a number", where=where, found=repr(value))
        limits[key] = None if value is None else float(value)
    if limits["at_least"] is None and limits["at_most"] is None:
        raise ConfigurationError("a criterion has no limit", where=where, expected="at_least, at_most or both")
    if None not in limits.values() and limits["at_least"] > limits["at_most"]:  # type: ignore[operator]
        raise ConfigurationError(
            "the limits exclude every value",
            where=where,
            found=f"at_least {limits['at_least']:g}, at_most {limits['at_most']:g}",
        )
    for key, allowed in (("rule", RULES), ("severity", SEVERITIES)):
        if item.get(key, allowed[0]) not in allowed:
            raise ConfigurationError(f"unknown {key} '{item[key]}'", where=where, expected=", ".join(allowed))
    _check_quantity(str(item["quantity"]), where, known_panels, known_compartments)
    return Criterion(
        id=str(item["id"]),
        title=str(item.get("title", item["id"])),
        quantity=str(item["quantity"]),
        at_least=limits["at_least"],
        at_most=limits["at_most"],
        unit=str(item.get("unit", "")),
        rule=str(item.get("rule", RULES[0])),
        severity=str(item.get("severity", SEVERITIES[0])),
        source=str(item.get("source", "no source: set your own limit")),
    )


def _check_quantity(quantity: str, where: str, known_panels: list[str], known_compartments: list[str]) -> None:
    kind, _, rest = quantity.partition(".")
    if kind == "score":
        _must_be(rest, _SCORE_COLUMNS, quantity, where)
    elif kind == "family":
        panel, _, column = rest.partition(".")
        _must_be(panel, known_panels, quantity, where)
        _must_be(column, _FAMILY_COLUMNS, quantity, where)
    elif kind == "compartment":
        _must_be(rest, known_compartments, quantity, where)
    elif quantity != "misev_minimum" and not (kind in ("marker", "measurement") and rest):
        kinds = ("score", "family", "compartment", "marker", "measurement", "misev_minimum")
        raise ConfigurationError(f"unknown quantity '{quantity}'", where=where, advice=did_you_mean(kind, kinds))


def _must_be(word: str, known: tuple[str, ...] | list[str], quantity: str, where: str) -> None:
    if word not in known:
        raise ConfigurationError(
            f"unknown quantity '{quantity}'", where=where, found=word, advice=did_you_mean(word, known)
        )


def judge(
    specification: Specification,
    samples: list[Sample],
    scores: pd.DataFrame,
    families: pd.DataFrame,
    compartments: pd.DataFrame,
    markers: pd.DataFrame,
) -> pd.DataFrame:
    """Judge every preparation by every criterion; returns tables.SPECIFICATION."""
    by_sample = scores.set_index("sample").to_dict("index")
    by_family = families.set_index(["sample", "panel"]).to_dict("index")
    by_compartment = compartments.set_index(["sample", "compartment"]).to_dict("index")
    first = markers.drop_duplicates(["sample", "gene"]).set_index(["sample", "gene"])
    by_marker = first[["mass_fraction", "status"]].to_dict("index")
    rows = []
    for sample in samples:
        if sample.role not in ("preparation", "qualified_reference"):
            continue
        for criterion in specification.criteria:
            value = _value(criterion.quantity, sample, by_sample, by_family, by_compartment, by_marker)
            result, reason = verdict(value, criterion)
            rows.append(
                {
                    "specification": specification.name,
                    "level": "sample",
                    "lot": sample.lot,
                    "sample": sample.name,
                    "criterion": criterion.id,
                    "title": criterion.title,
                    "quantity": criterion.quantity,
                    "value": value.value,
                    "low": value.low,
                    "high": value.high,
                    "limit": criterion.limit,
                    "unit": criterion.unit,
                    "severity": criterion.severity,
                    "result": result,
                    "reason": reason,
                    "source": criterion.source,
                }
            )
    return tables.conform(pd.DataFrame(rows), tables.SPECIFICATION)


def _value(quantity: str, sample: Sample, scores: dict, families: dict, compartments: dict, markers: dict) -> Value:
    kind, _, rest = quantity.partition(".")
    if kind == "measurement":
        text = sample.extra.get(rest, "").strip()
        if not text:
            return Value(absent="not_tested", why=f"the sample sheet has no {rest} for this sample")
        try:
            number = float(text)
        except ValueError:
            return Value(absent="not_assessable", why=f"{rest} is not a number: {text}")
        return Value(number, number, number)
    if kind == "misev_minimum":
        told = scores[sample.name]["misev_minimum"]
        if told == "not_assessable":
            return Value(absent="not_assessable", why="too little was searched or could be seen")
        met = 1.0 if told == "yes" else 0.0
        return Value(met, met, met)
    if kind == "score":
        row = scores[sample.name]
        value = float(row[rest])
        return Value(value, float(row.get(f"{rest}_low", value)), float(row.get(f"{rest}_high", value)))
    if kind == "family":
        panel, _, column = rest.partition(".")
        row = families.get((sample.name, panel))
        if row is None or pd.isna(row[column]):
            return Value(absent="not_assessable", why=f"panel {panel} has no {column} in this sample")
        if column == "detected" and not row["detected"] and not row["not_detected"]:
            return Value(absent="not_assessable", why=f"no member of {panel} was searched and could have been seen")
        value = float(row[column])
        return Value(value, value, value)
    if kind == "compartment":
        row = compartments.get((sample.name, rest))
        if row is None:
            return Value(absent="not_assessable", why=f"{rest} has no share in this sample")
        return Value(float(row["mass_fraction"]), float(row["mass_fraction_low"]), float(row["mass_fraction_high"]))
    row = markers.get((sample.name, rest))
    if row is None or row["status"] in ("not_searched", "not_assessable"):
        status = "is in no panel" if row is None else f"is {row['status'].replace('_', ' ')}"
        return Value(absent="not_assessable", why=f"{rest} {status}")
    value = 0.0 if pd.isna(row["mass_fraction"]) else float(row["mass_fraction"])
    return Value(value, value, value)


def verdict(value: Value, criterion: Criterion) -> tuple[str, str]:
    """(result, reason) of one value against one criterion."""
    if value.absent or math.isnan(value.value):
        return value.absent or "not_assessable", value.why or "there is no value"
    whole = criterion.rule == "interval" and not math.isnan(value.low) and not math.isnan(value.high)
    low, high = (value.low, value.high) if whole else (value.value, value.value)
    least = -math.inf if criterion.at_least is None else criterion.at_least
    most = math.inf if criterion.at_most is None else criterion.at_most
    told = f"{value.value:.4g}"
    if whole and low != high:
        told += f" ({low:.4g} to {high:.4g})"
    if low >= least and high <= most:
        return "pass", f"{told} meets {criterion.limit}"
    if high < least or low > most:
        return "fail", f"{told} does not meet {criterion.limit}"
    return "inconclusive", f"the interval {told} crosses the limit: {criterion.limit}"
