"""Specifications: what passes, what fails, what was not tested, and what a broken file says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sevident import tables
from sevident.errors import ConfigurationError
from sevident.release.specification import Criterion, Value, judge, load, verdict
from sevident.samples import Sample

PANELS = ["misev_1a", "tetraspanins"]
COMPARTMENTS = ["serum", "unexplained"]


def specification(tmp_path: Path, body: str, name: str = "spec.yaml") -> Path:
    path = tmp_path / name
    path.write_text(body, encoding="utf-8")
    return path


GOOD = """
specification: demo
title: Demo
criteria:
  - {id: identity, quantity: score.identity, at_least: 0.5, rule: interval}
  - {id: serum, quantity: compartment.serum, at_most: 0.1, rule: estimate}
  - {id: members, quantity: family.misev_1a.detected, at_least: 2}
  - {id: cd9, quantity: marker.CD9, at_least: 0.001}
  - {id: minimum, quantity: misev_minimum, at_least: 1}
  - {id: endotoxin, quantity: measurement.endotoxin_eu_per_ml, at_most: 0.5, unit: EU/ml}
"""


def frames() -> dict[str, pd.DataFrame]:
    return {
        "scores": tables.conform(
            pd.DataFrame(
                [
                    {
                        "sample": "a",
                        "identity": 0.6,
                        "identity_low": 0.4,
                        "identity_high": 0.8,
                        "misev_minimum": "yes",
                    },
                    {
                        "sample": "b",
                        "identity": 0.9,
                        "identity_low": 0.8,
                        "identity_high": 0.95,
                        "misev_minimum": "not_assessable",
                    },
                ]
            ),
            tables.SCORES,
        ),
        "families": tables.conform(
            pd.DataFrame(
                [
                    {"sample": "a", "panel": "misev_1a", "members": 5, "detected": 3, "not_detected": 2},
                    {"sample": "b", "panel": "misev_1a", "members": 5, "detected": 0, "not_detected": 0},
                ]
            ),
            tables.FAMILIES,
        ),
        "compartments": tables.conform(
            pd.DataFrame(
                [
                    {
                        "sample": s,
                        "compartment": "serum",
                        "mass_fraction": v,
                        "mass_fraction_low": v,
                        "mass_fraction_high": v,
                    }
                    for s, v in (("a", 0.2), ("b", 0.05))
                ]
            ),
            tables.COMPARTMENTS,
        ),
        "markers": tables.conform(
            pd.DataFrame(
                [
                    {
                        "sample": "a",
                        "panel": "tetraspanins",
                        "gene": "CD9",
                        "status": "detected",
                        "mass_fraction": 0.002,
                    },
                    {"sample": "b", "panel": "tetraspanins", "gene": "CD9", "status": "not_searched"},
                ]
            ),
            tables.MARKERS,
        ),
    }


SAMPLES = [
    Sample("a", "preparation", "", "L1", "", "", {"endotoxin_eu_per_ml": "0.1"}, []),
    Sample("b", "preparation", "", "L2", "", "", {}, []),
    Sample("medium", "conditioned_medium", "", "", "", "", {}, []),
]


def test_every_kind_of_result(tmp_path: Path) -> None:
    result = judge(load(specification(tmp_path, GOOD), PANELS, COMPARTMENTS), SAMPLES, **frames())
    got = {(r.sample, r.criterion): r.result for r in result.itertuples()}
    assert got == {
        ("a", "identity"): "inconclusive",
        ("a", "serum"): "fail",
        ("a", "members"): "pass",
        ("a", "cd9"): "pass",
        ("a", "minimum"): "pass",
        ("a", "endotoxin"): "pass",
        ("b", "identity"): "pass",
        ("b", "serum"): "pass",
        ("b", "members"): "not_assessable",
        ("b", "cd9"): "not_assessable",
        ("b", "minimum"): "not_assessable",
        ("b", "endotoxin"): "not_tested",
    }
    assert set(result["lot"]) == {"L1", "L2"}
    assert "set your own" in result["source"].iloc[0]


def test_a_measurement_that_is_no_number_is_said(tmp_path: Path) -> None:
    odd = [Sample("a", "preparation", "", "", "", "", {"endotoxin_eu_per_ml": "<0.1"}, [])]
    result = judge(load(specification(tmp_path, GOOD), PANELS, COMPARTMENTS), odd, **frames())
    row = result[result["criterion"] == "endotoxin"].iloc[0]
    assert (row["result"], row["reason"]) == ("not_assessable", "endotoxin_eu_per_ml is not a number: <0.1")


@pytest.mark.parametrize(
    ("value", "rule", "result"),
    [
        (Value(0.5, 0.5, 0.5), "interval", "pass"),
        (Value(0.6, 0.4, 0.8), "interval", "inconclusive"),
        (Value(0.6, 0.4, 0.8), "estimate", "pass"),
        (Value(0.3, 0.2, 0.49), "interval", "fail"),
        (Value(), "interval", "not_assessable"),
    ],
)
def test_the_interval_rule(value: Value, rule: str, result: str) -> None:
    criterion = Criterion("i", "i", "score.identity", 0.5, None, "", rule, "release", "")
    assert verdict(value, criterion)[0] == result


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("criteria: []", "has no criteria"),
        ("- a list", "has no criteria"),
        ("criteria: [{id: x, quantity: score.identity}", "not valid YAML"),
        ("criteria: [{id: x, quantity: score.identity}]", "no limit"),
        ("criteria: [{id: x, quantity: score.identiy, at_least: 1}]", "did you mean 'identity'"),
        ("criteria: [{id: x, quantity: family.tetraspanin.detected, at_least: 1}]", "did you mean 'tetraspanins'"),
        ("criteria: [{id: x, quantity: compartment.sera, at_least: 1}]", "did you mean 'serum'"),
        ("criteria: [{id: x, quantity: scores.identity, at_least: 1}]", "did you mean 'score'"),
        ("criteria: [{id: x, quantity: score.identity, at_least: high}]", "not a number"),
        ("criteria: [{id: x, quantity: score.identity, at_least: 1, at_most: 0}]", "exclude every value"),
        ("criteria: [{id: x, quantity: score.identity, at_least: 1, rule: strict}]", "unknown rule"),
        ("criteria: [{id: x, quantity: score.identity, at_least: 1, severty: alert}]", "did you mean 'severity'"),
        ("criteria: [{quantity: score.identity, at_least: 1}]", "has no id"),
        (
            "criteria: [{id: x, quantity: misev_minimum, at_least: 1}, {id: x, quantity: misev_minimum, at_least: 1}]",
            "twice",
        ),
        ("criterai: [{id: x}]\ncriteria: [{id: x, quantity: misev_minimum, at_least: 1}]", "did you mean 'criteria'"),
        ("criteria: [word]", "not a mapping"),
    ],
)
def test_broken_specifications_are_refused_in_words(tmp_path: Path, body: str, word: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(specification(tmp_path, body), PANELS, COMPARTMENTS)
    assert word in str(refusal.value)
    assert "spec.yaml" in str(refusal.value)


def test_a_missing_specification_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        load(tmp_path / "none.yaml", PANELS, COMPARTMENTS)


def test_the_shipped_specifications_are_sound() -> None:
    from sevident import panels

    registry = panels.load()
    known = [str(p) for p in registry.index["panel"]]
    folder = Path(__file__).resolve().parents[2] / "config" / "specifications"
    shipped = sorted(folder.glob("*.yaml"))
    assert shipped
    for path in shipped:
        assert load(path, known, ["unexplained"]).criteria
