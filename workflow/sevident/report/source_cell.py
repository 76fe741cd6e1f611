"""The section on the source cell: panels of cell types, for or against the source that the configuration declares."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sevident.report import grid, numbers
from sevident.report.data import MANY_SAMPLES, ReportData
from sevident.report.detail import SampleTable
from sevident.report.grid import Cell, Column, Grid
from sevident.report.parts import Part, Section
from sevident.report.text import SIGN_SYMBOLS, Catalogue
from sevident.tables import CELL_SIGNS

_CSS = {"for": "r-pass", "against": "r-fail"}


def section(data: ReportData, t: Catalogue) -> Section:
    """The source cell of a study, or the reason why nothing is known of it."""
    table = data.source_cell
    if table is None or table.empty:
        return Section("source_cell", empty=_absence(data, t))
    declared = [str(d) for d in dict.fromkeys(table["declared"]) if d]
    told = [t("source_cell.declared", source=t.joined(declared)) if declared else t("source_cell.undeclared")]
    heads = [
        Column(t("source_cell.panel"), wide=True),
        Column(t("source_cell.expectation")),
        *(Column(t(f"sign.{sign}"), numeric=True) for sign in CELL_SIGNS),
        Column(t("source_cell.source")),
    ]
    rows = []
    for _, part in table.groupby("panel", sort=True):
        first, counts = part.iloc[0], part["sign"].value_counts()
        rows.append(
            [
                grid.words(t.title("panel", str(first["panel"]), str(first["title"]))),
                grid.words(t.known("expectation", str(first["expectation"]))),
                *(grid.count(int(counts.get(sign, 0))) for sign in CELL_SIGNS),
                grid.words(t.cited(part["source"])),
            ]
        )
    overview = Grid(t("source_cell.overview"), heads, rows)
    caption = t("source_cell.table")
    if data.many:
        part_of = Part(caption, empty=t("source_cell.on_demand", n=len(data.names), limit=MANY_SAMPLES))
    else:
        part_of = Part(caption, folded=[sample_table(data, t).together(caption, t("source_cell.sample"), data.names)])
    return Section("source_cell", t("source_cell.intro"), told, [overview], [part_of])


def _absence(data: ReportData, t: Catalogue) -> str:
    return t(f"source_cell.{'no_table' if data.source_cell is None else 'no_rows'}")


def sample_table(data: ReportData, t: Catalogue) -> SampleTable:
    """The panels of every sample."""
    table = data.source_cell
    numeric = ("members", "detected", "not_assessable")
    columns = [
        Column(t("source_cell.panel"), wide=True),
        Column(t("source_cell.expectation")),
        *(Column(t(f"source_cell.{name}"), numeric=True) for name in numeric),
        Column(t("source_cell.best")),
        Column(t("source_cell.share"), numeric=True),
        Column(t("source_cell.sign")),
        Column(t("source_cell.text"), wide=True),
    ]
    caption = t("list.colon", name=t("section.source_cell"), text="{sample}")
    rows: dict[str, list[list[Cell]]] = {}
    for r in [] if table is None else table.to_dict("records"):
        rows.setdefault(str(r["sample"]), []).append(_row(r, t))
    return SampleTable(caption, columns, rows, _absence(data, t))


def _row(r: dict[Hashable, Any], t: Catalogue) -> list[Cell]:
    sign = str(r["sign"])
    return [
        grid.words(t.title("panel", str(r["panel"]), str(r["title"]))),
        grid.words(t.known("expectation", str(r["expectation"]))),
        grid.count(r["members"]),
        grid.count(r["detected"]),
        grid.count(r["not_assessable"]),
        grid.words(r["best_member"] or numbers.MISSING),
        grid.percent(r["mass_fraction"]),
        grid.word("sign", sign, SIGN_SYMBOLS, t, _CSS.get(sign, "")),
        grid.said(r["text"], t),
    ]
