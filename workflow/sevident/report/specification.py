"""The section on release specifications: each lot's own results, those of its samples, and how they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sevident.report import grid, numbers
from sevident.report.data import ReportData
from sevident.report.detail import SampleTable
from sevident.report.grid import Cell, Column, Grid
from sevident.report.text import RESULT_SYMBOLS, Catalogue

#: criteria of rows that are the result of a lot over its whole specification
OVERALL = frozenset({"", "overall"})


@dataclass(frozen=True)
class Specification:
    """``overview`` counts the results of each lot; ``lots`` holds a tally and a table per lot; ``empty`` says why there
    are none, ``note`` what is left to the detail view.
    """

    overview: Grid
    lots: list[tuple[str, Grid]]
    empty: str = ""
    note: str = ""


def section(data: ReportData, configured: list[str], t: Catalogue) -> Specification:
    """Results against acceptance criteria, by specification and lot."""
    table = data.specification
    heads = [
        Column(t("specification.lot"), wide=True),
        Column(t("specification.overall")),
        *(Column(t(f"result.{r}"), numeric=True) for r in RESULT_SYMBOLS),
        Column(t("specification.failed"), wide=True),
    ]
    overview = Grid(t("specification.overview"), heads, [])
    if table is None or table.empty:
        key = "none" if not configured else "no_table" if table is None else "no_rows"
        return Specification(overview, [], t(f"specification.{key}", names=t.joined(configured)))
    columns = [Column(t("specification.level")), Column(t("specification.sample")), *_columns(t)]
    out = []
    by_lot: dict[tuple[str, str], list[dict[Hashable, Any]]] = {}
    for r in table.to_dict("records"):
        by_lot.setdefault((str(r["specification"]), str(r["lot"])), []).append(r)
    for (name, lot), part in sorted(by_lot.items()):
        of_lot = [r for r in part if r["level"] == "lot"]
        of_samples = [r for r in part if r["level"] != "lot"]
        whole = [r for r in of_lot if r["criterion"] in OVERALL]
        caption = t("specification.caption", specification=name, lot=lot or t("specification.no_lot"))
        judged = [r for r in of_samples if r["criterion"] not in OVERALL]
        judged = judged or [r for r in of_lot if r["criterion"] not in OVERALL]
        counts = Counter(str(r["result"]) for r in judged)
        tally = t.joined(
            t("summary.part", n=counts[k], verdict=t.known("result", k)) for k in RESULT_SYMBOLS if counts[k]
        )
        rows = [
            [_level(r, t), grid.words(r["sample"] or numbers.MISSING), *_criterion(r, t)]
            for r in (of_lot if data.many else of_lot + of_samples)
        ]
        if rows:
            out.append((tally, Grid(caption, columns, rows)))
        failed = dict.fromkeys(
            f"{t.said(str(r['title'])) or r['title']} ({t.known('severity', str(r['severity']))})"
            for r in part
            if r["result"] == "fail" and r["criterion"] not in OVERALL
        )
        overview.rows.append(
            [
                grid.words(caption),
                _result(str(whole[0]["result"]), t) if whole else grid.words(numbers.MISSING),
                *(grid.count(counts[k]) for k in RESULT_SYMBOLS),
                grid.words(t.joined(failed, "semicolon")),
            ]
        )
    note = t("specification.on_demand", n=len(data.names)) if data.many else ""
    return Specification(overview, out, note=note)


def _columns(t: Catalogue) -> list[Column]:
    return [
        Column(t("specification.criterion"), wide=True),
        Column(t("specification.value"), numeric=True),
        Column(t("specification.range"), numeric=True),
        Column(t("specification.limit")),
        Column(t("specification.severity")),
        Column(t("specification.result")),
        Column(t("specification.reason"), wide=True),
        Column(t("specification.source"), wide=True),
    ]


def _level(r: dict[Hashable, Any], t: Catalogue) -> Cell:
    level = "lot" if r["level"] == "lot" else "sample"
    return grid.words(t(f"level_of.whole_{level}" if r["criterion"] in OVERALL else f"level_of.{level}"))


def _result(result: str, t: Catalogue) -> Cell:
    return grid.word("result", result, RESULT_SYMBOLS, t, f"r-{result}")


def _criterion(r: dict[Hashable, Any], t: Catalogue) -> list[Cell]:
    """The row of one criterion and sample, or lot."""
    value = numbers.significant(r["value"])
    unit = str(r["unit"])
    limit = t.said(str(r["limit"])) or r["limit"] or numbers.MISSING
    if r["limit"] and unit not in r["limit"]:
        limit = t("list.unit", value=limit, unit=unit)
    if value != numbers.MISSING and unit:
        value = t("list.unit", value=value, unit=unit)
    return [
        grid.words(t.said(str(r["title"])) or r["title"] or r["criterion"] or t("level_of.whole_sample")),
        Cell(value, numbers.exact(r["value"])),
        grid.interval(r["low"], r["high"]),
        grid.words(limit),
        grid.words(t.known("severity", r["severity"])),
        _result(str(r["result"]), t),
        grid.said(r["reason"], t),
        grid.words(t.cited([r["source"]])),
    ]


def sample_table(data: ReportData, configured: list[str], t: Catalogue) -> SampleTable:
    """The results of every sample, for the detail view."""
    caption = t("list.colon", name=t("section.specification"), text="{sample}")
    columns = [Column(t("specification.name")), Column(t("specification.lot_name")), *_columns(t)]
    rows: dict[str, list[list[Cell]]] = {}
    table = data.specification
    for r in [] if table is None else table[table["sample"].ne("")].to_dict("records"):
        line = [grid.words(r["specification"]), grid.words(r["lot"]), *_criterion(r, t)]
        rows.setdefault(str(r["sample"]), []).append(line)
    return SampleTable(caption, columns, rows, t("specification.sample_empty"))
