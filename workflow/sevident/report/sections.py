"""The page's tables: verdicts, what was measured, warnings."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from sevident.report import grid, numbers, sentences
from sevident.report.charts import between
from sevident.report.data import ReportData
from sevident.report.detail import by_sample
from sevident.report.grid import Cell, Column, Grid
from sevident.report.text import VERDICT_SYMBOLS, Catalogue
from sevident.tables import EVIDENCE_KINDS, WARNING_LEVELS

CLASSES = ("small_ev", "secretome", "serum", "cell_debris")
_YES = frozenset({"yes", "true", "1", "y"})


@dataclass(frozen=True)
class Interval:
    """A score with its interval, as text, exact number and as places of a bar in per cent."""

    text: str
    value: str
    range: str
    at: float | None
    start: float
    width: float


@dataclass(frozen=True)
class VerdictRow:
    """One sample in the verdict table."""

    number: int
    sample: str
    facts: list[str]
    simulated: bool
    role: str
    role_label: str
    verdict: str
    verdict_label: str
    symbol: str
    identity: Interval
    purity: Interval
    probabilities: list[Cell]
    mode: str
    misev: str
    misev_label: str
    proteins: Cell
    reasons: list[str]


def verdict_rows(data: ReportData, t: Catalogue) -> list[VerdictRow]:
    """One row per sample in sheet order; a sample without a score has a row that says so."""
    out = []
    fake = simulated(data)
    accounts = by_sample(data.contributions)
    for number, sample in enumerate(data.sheet.samples, start=1):
        row = data.score_rows[sample.name]
        verdict = data.verdict(sample.name)
        scored = sample.name not in data.unscored
        reasons = sentences.reasons(row, accounts.get(sample.name), t) if scored else []
        if not reasons:
            reasons = [t("verdicts.no_reason" if scored else "verdicts.not_scored")]
        facts = [
            t("list.colon", name=t(f"sheet.{name}"), text=value)
            for name, value in (
                ("group", sample.reference_group),
                ("lot", sample.lot),
                ("process", sample.process),
                ("replicate", sample.replicate),
            )
            if value
        ]
        out.append(
            VerdictRow(
                number=number,
                sample=sample.name,
                facts=facts,
                simulated=sample.name in fake,
                role=sample.role,
                role_label=t.known("role", sample.role),
                verdict=verdict,
                verdict_label=t.known("verdict", verdict),
                symbol=VERDICT_SYMBOLS.get(verdict, ""),
                identity=interval(row, "identity"),
                purity=interval(row, "purity"),
                probabilities=[grid.score(row[f"p_{c}"]) for c in CLASSES],
                mode=t.known("mode", row["reference_mode"]) if scored else numbers.MISSING,
                misev=str(row["misev_minimum"]) if scored else "",
                misev_label=t.known("misev", row["misev_minimum"]) if scored else numbers.MISSING,
                proteins=grid.count(row["proteins"]),
                reasons=reasons,
            )
        )
    return out


def verdict_headings(t: Catalogue) -> str:
    """The headings of the verdict table's columns for its cards, and that of the probabilities."""
    plain = [t(f"verdicts.{name}") for name in ("number", "sample", "role", "verdict", "identity", "purity")]
    rest = [t(f"verdicts.{name}") for name in ("misev", "proteins", "reasons")]
    heads = grid.headings([(label, False) for label in (*plain, *(t(f"class.{c}") for c in CLASSES), *rest)])
    return f"{heads};--chances:{grid.css_string(t('verdicts.probability'))}"


def interval(row: Mapping[Hashable, Any], quantity: str) -> Interval:
    """A score and its interval for the verdict table."""
    value, low, high = (row[f"{quantity}{tail}"] for tail in ("", "_low", "_high"))
    known = not (numbers.missing(low) or numbers.missing(high))
    return Interval(
        numbers.score(value),
        numbers.exact(value),
        between(low, high),
        None if numbers.missing(value) else round(100 * float(value), 1),
        round(100 * float(low), 1) if known else 0.0,
        round(100 * (float(high) - float(low)), 1) if known else 0.0,
    )


def simulated(data: ReportData) -> set[str]:
    """Names of the samples that the sheet calls simulated."""
    return {
        s.name
        for s in data.sheet.samples
        if any(v.strip().casefold() in _YES for v in s.extra.get("simulated", "").split(";"))
    }


def measured(data: ReportData, t: Catalogue) -> Grid:
    """What each sample's numbers rest on."""
    plain = ["groups", "analytes", *EVIDENCE_KINDS]
    table = data.measured
    columns = [Column(t("verdicts.sample"), wide=True), *(Column(t(f"measured.{c}"), numeric=True) for c in plain)]
    for kind in ("process", "serum"):
        columns += [
            Column(t(f"measured.{kind}"), numeric=True),
            Column(t(f"measured.{kind}_share").strip(), numeric=True),
        ]
    columns.append(Column(t("measured.ambiguous"), numeric=True))
    rows = []
    counted = table.to_dict("index") if int(table["groups"].sum()) else {}
    for name, row in counted.items():
        cells = [grid.words(name), *(grid.count(row[c]) for c in plain)]
        for kind in ("process", "serum"):
            cells += [grid.count(row[kind]), grid.percent(row[f"{kind}_share"])]
        rows.append([*cells, grid.count(row["ambiguous"])])
    return Grid(t("why.measured.title"), columns, rows, t("why.measured.empty"))


@dataclass(frozen=True)
class Level:
    """The warnings of one level, a grid per stage."""

    level: str
    title: str
    count: int
    grids: list[Grid]


def warning_levels(data: ReportData, t: Catalogue) -> list[Level]:
    """All warnings, the grave ones first, by stage."""
    columns = [
        Column(t("warnings.subject")),
        Column(t("warnings.count"), numeric=True),
        Column(t("warnings.message"), wide=True),
        Column(t("warnings.code")),
        *([] if t.as_tables else [Column(t("warnings.original"), wide=True)]),
    ]
    out = []
    for level in reversed(WARNING_LEVELS):
        part = data.warnings[data.warnings["level"] == level]
        grids = []
        for stage, rows in part.groupby("stage", sort=True):
            cells = [
                [
                    grid.words(r["subject"] or numbers.MISSING),
                    grid.count(r["count"]) if not numbers.missing(r["count"]) else grid.words(""),
                    grid.words(sentences.warning(r, t)),
                    grid.words(r["code"], "code"),
                    *([] if t.as_tables else [grid.said(r["message"], t)]),
                ]
                for r in rows.to_dict("records")
            ]
            grids.append(
                Grid(
                    t("warnings.caption", level=t(f"level.{level}"), stage=t.known("stage", str(stage))), columns, cells
                )
            )
        out.append(Level(level, t(f"level.{level}"), len(part), grids))
    return out
