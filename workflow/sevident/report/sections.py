"""The page's tables: verdicts, what was measured, specification, warnings."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from sevident.report import grid, numbers
from sevident.report.charts import between
from sevident.report.data import ReportData
from sevident.report.grid import Cell, Column, Grid
from sevident.report.text import RESULT_SYMBOLS, VERDICT_SYMBOLS, Catalogue
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
    for number, sample in enumerate(data.sheet.samples, start=1):
        row = data.scores.loc[sample.name].to_dict()
        verdict = data.verdict(sample.name)
        scored = sample.name not in data.unscored
        reasons = [r.strip() for r in str(row["reasons"]).split(" | ") if r.strip()] if scored else []
        if not reasons:
            reasons = [t("verdicts.no_reason" if scored else "verdicts.not_scored")]
        facts = [
            f"{name.replace('_', ' ')} {value}"
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
    for name in data.names if int(table["groups"].sum()) else []:
        row = table.loc[name]
        cells = [grid.words(name), *(grid.count(row[c]) for c in plain)]
        for kind in ("process", "serum"):
            cells += [grid.count(row[kind]), grid.percent(row[f"{kind}_share"])]
        rows.append([*cells, grid.count(row["ambiguous"])])
    return Grid(t("why.measured.title"), columns, rows, t("why.measured.empty"))


@dataclass(frozen=True)
class Specification:
    """``overview`` counts the results of each lot, ``grids`` hold them; ``empty`` says why there are none."""

    overview: Grid
    grids: list[tuple[str, Grid]]
    empty: str = ""


def _criterion(r: dict[Hashable, Any], t: Catalogue) -> list[Cell]:
    """The row of one criterion and sample."""
    unit = f" {r['unit']}" if r["unit"] else ""
    value, bounds = numbers.significant(r["value"]), numbers.MISSING
    if not (numbers.missing(r["low"]) or numbers.missing(r["high"])):
        bounds = f"{numbers.significant(r['low'])} – {numbers.significant(r['high'])}"
    limit = r["limit"] or numbers.MISSING
    if r["limit"] and r["unit"] not in r["limit"]:
        limit += unit
    return [
        grid.words(r["title"] or r["criterion"]),
        grid.words(r["sample"] or numbers.MISSING),
        Cell(value + (unit if value != numbers.MISSING else ""), numbers.exact(r["value"])),
        Cell(bounds, numbers.exact(r["low"])),
        grid.words(limit),
        grid.words(t.known("severity", r["severity"])),
        grid.words(t.known("result", r["result"]), f"r-{r['result']}", RESULT_SYMBOLS.get(r["result"], "")),
        grid.words(r["reason"]),
        grid.words(r["source"]),
    ]


def specification(data: ReportData, configured: list[str], t: Catalogue) -> Specification:
    """Results against acceptance criteria, by specification and lot."""
    table = data.specification
    heads = [
        Column(t("specification.lot"), wide=True),
        *(Column(t(f"result.{r}"), numeric=True) for r in RESULT_SYMBOLS),
    ]
    heads.append(Column(t("specification.failed"), wide=True))
    overview = Grid(t("specification.overview"), heads, [])
    if table is None or table.empty:
        key = "none" if not configured else "no_table" if table is None else "no_rows"
        return Specification(overview, [], t(f"specification.{key}", names=", ".join(configured)))
    columns = [
        Column(t("specification.criterion"), wide=True),
        Column(t("specification.sample")),
        Column(t("specification.value"), numeric=True),
        Column(t("specification.range"), numeric=True),
        Column(t("specification.limit")),
        Column(t("specification.severity")),
        Column(t("specification.result")),
        Column(t("specification.reason"), wide=True),
        Column(t("specification.source"), wide=True),
    ]
    out = []
    for (name, lot), part in table.groupby(["specification", "lot"], sort=True):
        rows = [_criterion(r, t) for r in part.to_dict("records")]
        caption = t("specification.caption", specification=name, lot=lot or t("specification.no_lot"))
        counts = part["result"].value_counts()
        tally = ", ".join(f"{counts[k]} {t.known('result', k)}" for k in RESULT_SYMBOLS if k in counts.index)
        out.append((tally, Grid(caption, columns, rows)))
        failed = part[part["result"].eq("fail")]
        named = dict.fromkeys(
            f"{title} ({t.known('severity', s)})" for title, s in zip(failed["title"], failed["severity"], strict=True)
        )
        cells = [grid.count(int(counts.get(k, 0))) for k in RESULT_SYMBOLS]
        overview.rows.append([grid.words(caption), *cells, grid.words("; ".join(named))])
    return Specification(overview, out)


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
                    grid.words(r["message"]),
                    grid.words(r["code"], "code"),
                ]
                for r in rows.to_dict("records")
            ]
            grids.append(Grid(t("warnings.caption", level=t(f"level.{level}"), stage=stage), columns, cells))
        out.append(Level(level, t(f"level.{level}"), len(part), grids))
    return out
