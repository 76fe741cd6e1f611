"""Specifications: acceptance criteria that the user writes, read from YAML and checked word by word.

A criterion names a quantity (see ``quantities``) and either limits (``at_least``, ``at_most``) or the words that pass
(``equals``). ``rule`` says what must lie inside the limits: the whole ``interval`` or the ``estimate``. ``severity``:
a ``release`` criterion decides about a lot, ``alert`` and ``information`` ones are shown beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sevident.errors import ConfigurationError, did_you_mean
from sevident.release import measurements, quantities
from sevident.release.quantities import Known, Quantity

RULES = ("interval", "estimate")
SEVERITIES = ("release", "alert", "information")
NO_SOURCE = "no source: set your own"
OVERALL = "overall"  # the criterion's name in a lot's row over the whole specification
_SECTIONS = ("specification", "title", "source", "criteria")
_KEYS = ("id", "title", "quantity", "at_least", "at_most", "equals", "unit", "rule", "severity", "source")
_LIMITS = ("at_least", "at_most")


@dataclass(frozen=True)
class Criterion:
    """One demand on one quantity: ``at_least`` and ``at_most``, or else the words of ``equals``."""

    id: str
    title: str
    quantity: Quantity
    at_least: float | None = None
    at_most: float | None = None
    equals: tuple[str, ...] = ()
    unit: str = ""
    rule: str = RULES[0]
    severity: str = SEVERITIES[0]
    source: str = NO_SOURCE

    @property
    def limit(self) -> str:
        """The demand in words."""
        if self.equals:
            return " or ".join(f"'{word}'" for word in self.equals)
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

    @property
    def number_columns(self) -> list[str]:
        """The columns of the sample sheet in which the criteria need numbers."""
        columns = [c.quantity.name for c in self.criteria if c.quantity.kind == "measurement" and not c.equals]
        derived = measurements.DERIVED_FROM if measurements.DERIVED in columns else ()
        return list(dict.fromkeys([*columns, *derived]))


def load(path: Path, known: Known) -> Specification:
    """Read and check a specification file. ConfigurationError names the file, the criterion and what was expected."""
    raw = _parsed(path)
    if not isinstance(raw, dict) or not isinstance(raw.get("criteria"), list) or not raw["criteria"]:
        raise ConfigurationError(
            "a specification has no criteria",
            where=str(path),
            expected="a mapping with the keys specification, title, source and criteria (a list)",
        )
    for key in raw:
        if key not in _SECTIONS:
            raise ConfigurationError(f"unknown key '{key}'", where=str(path), advice=did_you_mean(str(key), _SECTIONS))
    criteria = [_criterion(item, f"{path}, criterion {i}", known) for i, item in enumerate(raw["criteria"], 1)]
    ids = [c.id for c in criteria]
    for name in ids:
        if ids.count(name) > 1:
            raise ConfigurationError(f"criterion '{name}' stands twice", where=str(path), advice="give each its own id")
    name, title = (str(raw.get(key) or path.stem) for key in ("specification", "title"))
    return Specification(name, title, str(raw.get("source") or ""), criteria)


def _parsed(path: Path) -> Any:
    import yaml

    from sevident import configuration

    if not path.is_file():
        raise ConfigurationError("a specification file does not exist", where=str(path))
    try:
        return configuration.parse(path)
    except ConfigurationError as error:  # the same words for another file
        problem = error.problem.replace("the configuration file", "a specification file")
        raise ConfigurationError(
            problem, where=error.where, found=error.found, expected=None, advice=error.advice
        ) from None
    except yaml.YAMLError:
        raise ConfigurationError("a specification file is not YAML", where=str(path)) from None


def _criterion(item: object, where: str, known: Known) -> Criterion:
    if not isinstance(item, dict):
        raise ConfigurationError("a criterion is not a mapping", where=where, found=str(item)[:80])
    for key in item:
        if key not in _KEYS:
            raise ConfigurationError(f"unknown key '{key}'", where=where, advice=did_you_mean(str(key), _KEYS))
    for key in ("id", "quantity"):
        if not item.get(key):
            raise ConfigurationError(f"a criterion has no {key}", where=where)
    where = f"{where} ('{item['id']}')"
    if str(item["id"]) == OVERALL:
        raise ConfigurationError(
            f"the id '{OVERALL}' is taken", where=where, found="it names a lot's result over all criteria"
        )
    for key, allowed in (("rule", RULES), ("severity", SEVERITIES)):
        if item.get(key, allowed[0]) not in allowed:
            raise ConfigurationError(
                f"unknown {key} '{item[key]}'",
                where=where,
                expected=", ".join(allowed),
                advice=did_you_mean(str(item[key]), allowed),
            )
    quantity = quantities.parse(str(item["quantity"]), known, where)
    words = _words(item, quantity, where)
    unit = quantities.check_unit(quantity, str(item.get("unit") or ""), where)
    least, most = _limits(item, quantity, bool(words), where)
    return Criterion(
        id=str(item["id"]),
        title=str(item.get("title") or item["id"]),
        quantity=quantity,
        at_least=least,
        at_most=most,
        equals=words,
        unit=unit,
        rule=str(item.get("rule", RULES[0])),
        severity=str(item.get("severity", SEVERITIES[0])),
        source=str(item.get("source") or NO_SOURCE),
    )


def _words(item: dict, quantity: Quantity, where: str) -> tuple[str, ...]:
    """The words of ``equals``, none where the criterion has limits instead."""
    value = item.get("equals")
    if value is None:
        return ()
    words = value if isinstance(value, list) else [value]
    if not words or not all(isinstance(w, str) and w.strip() for w in words):
        raise ConfigurationError(
            "equals is not a word", where=where, found=repr(value)[:80], expected="a text in quotation marks, or a list"
        )
    if any(item.get(key) is not None for key in _LIMITS):
        raise ConfigurationError(
            "a criterion has words and limits", where=where, expected="either equals, or at_least and at_most"
        )
    if quantity.kind != "measurement" or quantity.unit:
        found = f"{quantity.text}, a number" + (f" in {quantity.unit}" if quantity.unit else "")
        raise ConfigurationError(
            "equals is for qualitative tests alone",
            where=where,
            found=found,
            expected="a column of words, such as measurement.sterility",
        )
    for word in words:
        if measurements.plain_word(word) in measurements.NOT_TESTED:
            raise ConfigurationError(
                "equals accepts what means that nothing was tested", where=where, found=repr(word), advice="take it out"
            )
    return tuple(words)


def _limits(item: dict, quantity: Quantity, words: bool, where: str) -> tuple[float | None, float | None]:
    limits: list[float | None] = []
    for key in _LIMITS:
        value = item.get(key)
        if value is None:
            limits.append(None)
            continue
        number = _as_number(value)
        if number is None:
            raise ConfigurationError(
                f"{key} is not a number",
                where=where,
                found=repr(value)[:80],
                expected="a number such as 0.05 or 1.0e+10",
            )
        quantities.check_limit(quantity, key, number, where)
        limits.append(number)
    least, most = limits
    if least is None and most is None and not words:
        expected = "at_least, at_most or both; equals for a column of words"
        raise ConfigurationError("a criterion has no limit", where=where, expected=expected)
    if least is not None and most is not None and least > most:
        raise ConfigurationError(
            "the limits exclude every value", where=where, found=f"at_least {least:g}, at_most {most:g}"
        )
    return least, most


def _as_number(value: object) -> float | None:
    """A finite number; 1e10 too, which YAML 1.1 takes for text because it wants a point and a sign."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
