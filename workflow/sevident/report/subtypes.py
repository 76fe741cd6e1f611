"""The section on subtypes, which are exploratory: what the vesicles or particles resemble more. Never a verdict."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from sevident.report import figures, grid, numbers
from sevident.report.data import MANY_SAMPLES, ReportData
from sevident.report.detail import SampleTable
from sevident.report.figures import Figure
from sevident.report.grid import Cell, Column, Grid
from sevident.report.parts import Part, Section
from sevident.report.text import Catalogue

#: signs that the heading of a panel holds on one line
_HEADING = 24


def section(data: ReportData, t: Catalogue) -> Section:
    """The subtypes of a study, or the reason why there are none."""
    table = data.subtypes
    if table is None or table.empty:
        return Section("subtypes", empty=_absence(data, t))
    if data.many:
        part = Part(t("subtypes.table"), empty=t("subtypes.on_demand", n=len(data.names), limit=MANY_SAMPLES))
    else:
        part = Part(t("subtypes.figure.title"), figure=_figure(data, table, t))
    return Section("subtypes", t("subtypes.intro"), grids=[_overview(table, t)], parts=[part])


def _absence(data: ReportData, t: Catalogue) -> str:
    return t(f"subtypes.{'no_table' if data.subtypes is None else 'no_rows'}")


def _overview(table: pd.DataFrame, t: Catalogue) -> Grid:
    columns = [
        Column(t("subtypes.subtype"), wide=True),
        Column(t("subtypes.assessed"), numeric=True),
        Column(t("subtype_status.not_assessable"), numeric=True),
        Column(t("subtypes.median"), numeric=True),
        Column(t("subtypes.span"), numeric=True),
        Column(t("subtypes.source")),
    ]
    rows = []
    for name, part in table.groupby("subtype", sort=True):
        assessed = part[part["status"].eq("assessed")]
        values = assessed["value"]
        rows.append(
            [
                grid.words(t.title("subtype", str(name), str(part["title"].iloc[0]))),
                grid.count(len(assessed)),
                grid.count(len(part) - len(assessed)),
                grid.amount(values.median(), str(part["unit"].iloc[0]), t),
                grid.amounts(values.min(), values.max(), str(part["unit"].iloc[0]), t),
                grid.words(t.cited(part["source"])),
            ]
        )
    return Grid(t("subtypes.overview"), columns, rows)


def sample_table(data: ReportData, t: Catalogue) -> SampleTable:
    """The subtypes of every sample."""
    table = data.subtypes
    columns = [
        Column(t("subtypes.subtype"), wide=True),
        Column(t("subtypes.value"), numeric=True),
        Column(t("subtypes.range"), numeric=True),
        Column(t("subtypes.members"), numeric=True),
        Column(t("subtypes.status")),
        Column(t("subtypes.note"), wide=True),
    ]
    rows: dict[str, list[list[Cell]]] = {}
    for r in [] if table is None else table.to_dict("records"):
        rows.setdefault(str(r["sample"]), []).append(_row(r, t))
    caption = t("list.colon", name=t("section.subtypes"), text="{sample}")
    return SampleTable(caption, columns, rows, _absence(data, t))


def _row(r: dict[Hashable, Any], t: Catalogue) -> list[Cell]:
    seen = t("why.markers.cell", k=numbers.whole(r["detected"]), n=numbers.whole(r["members"]))
    return [
        grid.words(t.title("subtype", str(r["subtype"]), str(r["title"]))),
        grid.amount(r["value"], str(r["unit"]), t),
        grid.amounts(r["low"], r["high"], str(r["unit"]), t),
        Cell(seen, numbers.exact(r["detected"])),
        grid.words(t.known("subtype_status", str(r["status"]))),
        grid.said(r["note"], t),
    ]


def _figure(data: ReportData, table: pd.DataFrame, t: Catalogue) -> Figure:
    """Intervals, a panel per comparison, a row per sample."""
    title = t("subtypes.figure.title")
    numbers_of = sample_table(data, t).together(t("subtypes.table"), t("subtypes.sample"), data.names)
    assessed = table[table["status"].eq("assessed") & table["value"].notna()]
    if assessed.empty:
        return Figure("subtypes", title, [t("subtypes.figure.empty")], numbers_of)
    kinds = sorted(assessed["subtype"].unique())
    place = {name: i for i, name in enumerate(data.names)}
    traces, settings, notes = [], {}, []
    span = 1 / len(kinds)
    for number, kind in enumerate(kinds):
        tail = "" if number == 0 else str(number + 1)
        part = assessed[assessed["subtype"].eq(kind)]
        unit = str(part["unit"].iloc[0])
        named = t.known("unit", unit)
        if t.has(f"amount.{unit}"):  # as in the table: a share is written in per cent
            part = part.assign(**{c: 100 * part[c] for c in ("value", "low", "high")})
            named = t("subtypes.figure.percent", unit=named)
        traces.append(
            figures.trace(
                "scatter",
                x=[figures.rounded(v) for v in part["value"]],
                y=[place[name] for name in part["sample"]],
                error_x=figures.error_bars(part["value"], part["low"], part["high"], figures.BLUE),
                mode="markers",
                marker={"color": figures.BLUE, "size": 8, "symbol": "diamond"},
                text=[figures.full_label(name) for name in part["sample"]],
                hovertemplate="%{text}<br>%{x:.3g}<extra></extra>",
                showlegend=False,
                xaxis=f"x{tail}",
            )
        )
        settings[f"xaxis{tail}"] = figures.axis(named, domain=[number * span, (number + 0.88) * span], nticks=4)
        heading = figures.wrapped(t.title("subtype", str(kind), str(part["title"].iloc[0])), _HEADING)
        notes.append(figures.heading(heading, number * span, 1.0))
    ticks = [figures.label(name, 28) for name in data.names]
    axis = {**figures.places(ticks), "range": [len(ticks) - 0.5, -0.5], "showgrid": True}
    height = 150 + 22 * len(ticks)
    layout = figures.layout(
        height, annotations=notes, yaxis=axis, margin={"l": 190, "r": 20, "t": 60, "b": 60}, **settings
    )
    width = 200 + 210 * len(kinds)
    captions = [t("subtypes.figure.caption")]
    return Figure(
        "subtypes",
        title,
        captions,
        numbers_of,
        figures.as_json(traces, layout),
        height,
        min(width, 1600),
        1500,
        narrow_width=130 + 210 * len(kinds),
    )
