"""The section on lots: variance within and between them, the control chart, and the lots that do not belong."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from sevident.report import figures, grid, numbers
from sevident.report.data import ReportData
from sevident.report.figures import Figure
from sevident.report.grid import Cell, Column, Grid
from sevident.report.parts import Part, Section
from sevident.report.text import CONTROL_SYMBOLS, Catalogue

#: kinds that the control chart shows; the others stand in a table of their own
CHARTED = ("score", "proteome")
#: most rows of one table of the section; all of them are in the file
MOST_ROWS = 400
_LOOKS = {
    "in_control": ("circle", figures.BLUE),
    "out_of_control": ("square-open", figures.VERMILLION),
    "not_assessable": ("x-thin", figures.GREY),
}
_PANEL = 230


def section(data: ReportData, t: Catalogue) -> Section:
    """The lots of a study, or the reason why there is nothing to say about them."""
    table = data.lots
    if table is None or table.empty:
        return Section("lots", empty=_absence(data, t))
    study, lots = table[table["level"].eq("study")], table[table["level"].eq("lot")]
    outside = lots[lots["status"].eq("out_of_control")]
    unknown = int(lots["status"].eq("not_assessable").sum())
    told = [
        t(
            "lots.told",
            lots=lots["lot"].nunique() or int(study["lots"].max()),
            samples=int(study["samples"].max()) if len(study) else int(lots["samples"].max()),
            quantities=len(study) or lots["quantity"].nunique(),
        ),
        t("lots.out", n=len(outside)) if len(outside) else t("lots.none_out"),
    ]
    if unknown:
        told.append(t("lots.open", n=unknown))
    charted = lots["kind"].isin(CHARTED)
    shown, more_notes = _most(lots[~charted], _distance(lots[~charted]), "lots.left_out", t)
    components, notes = _most(
        study, study["sd_between"].where(study["kind"].eq("protein")), "lots.left_out_components", t
    )
    parts = [
        Part(
            t("lots.outside.title"),
            grids=[_lot_grid(outside, "lots.outside", t, outside=True)],
        ),
        Part(t("lots.chart.title"), figure=chart(lots[charted], study, t)),
        Part(t("lots.components.title"), grids=[_components(components, t)], notes=notes),
        Part(t("lots.more.title"), folded=[_lot_grid(shown, "lots.more", t)], notes=more_notes),
    ]
    return Section("lots", t("lots.intro"), told, parts=parts)


def _absence(data: ReportData, t: Catalogue) -> str:
    named = {s.lot for s in data.preparations if s.lot}
    if data.lots is None:
        return t("lots.no_table")
    return t("lots.no_lots" if not named else "lots.one_lot" if len(named) == 1 else "lots.no_rows")


def _distance(rows: pd.DataFrame) -> pd.Series:
    """How far a lot lies from the middle of its limits, in halves of their width; null where there are none."""
    half = (rows["limit_high"] - rows["limit_low"]) / 2
    return ((rows["estimate"] - (rows["limit_high"] + rows["limit_low"]) / 2) / half.where(half > 0)).abs()


def _most(rows: pd.DataFrame, size: pd.Series, key: str, t: Catalogue) -> tuple[pd.DataFrame, list[str]]:
    """The rows that are shown, in file order, and the sentence about those that are not. What has no size stays."""
    if len(rows) <= MOST_ROWS:
        return rows, []
    first = size.fillna(float("inf")).sort_values(ascending=False, kind="stable").index[:MOST_ROWS]
    return rows.loc[sorted(first)], [t(key, shown=MOST_ROWS, total=len(rows))]


def _title(row: dict[Hashable, Any], t: Catalogue) -> str:
    return quantity_title(str(row["kind"]), str(row["quantity"]), str(row["title"]), t)


def quantity_title(kind: str, quantity: str, title: str, t: Catalogue) -> str:
    """What to call a quantity of a table of lots or processes."""
    if kind == "score":
        return t.title("quantity", quantity, title)
    return t.title("panel" if kind == "family" else kind, quantity, title)


def _components(rows: pd.DataFrame, t: Catalogue) -> Grid:
    columns = [
        Column(t("lots.quantity"), wide=True),
        Column(t("lots.kind")),
        Column(t("lots.unit")),
        Column(t("lots.lots"), numeric=True),
        Column(t("lots.samples"), numeric=True),
        Column(t("lots.estimate"), numeric=True),
        Column(t("lots.range"), numeric=True),
        Column(t("lots.sd_between"), numeric=True),
        Column(t("lots.sd_within"), numeric=True),
        Column(t("lots.cv_between"), numeric=True),
        Column(t("lots.cv_range"), numeric=True),
        Column(t("lots.cv_within"), numeric=True),
        Column(t("lots.limits"), numeric=True),
        Column(t("lots.limits_from")),
    ]
    told = bool(rows["reason"].ne("").any())
    if told:
        columns.append(Column(t("lots.reason"), wide=True))
    cells = [
        [
            grid.words(_title(r, t)),
            grid.words(t.known("kind", str(r["kind"]))),
            grid.words(t.known("unit", str(r["unit"]))),
            grid.count(r["lots"]),
            grid.count(r["samples"]),
            grid.significant(r["estimate"]),
            grid.interval(r["low"], r["high"]),
            grid.significant(r["sd_between"]),
            grid.significant(r["sd_within"]),
            grid.significant(r["cv_between"]),
            grid.interval(r["cv_between_low"], r["cv_between_high"]),
            grid.significant(r["cv_within"]),
            grid.interval(r["limit_low"], r["limit_high"]),
            grid.words(t.known("limits_from", str(r["limits_from"]))),
            *([grid.said(r["reason"], t)] if told else []),
        ]
        for r in rows.to_dict("records")
    ]
    return Grid(t("lots.components.table"), columns, cells, t("lots.components.empty"))


def _lot_grid(rows: pd.DataFrame, key: str, t: Catalogue, *, outside: bool = False) -> Grid:
    """Means of lots and their limits; for those outside them the proteins, and not what the reason says anyway."""
    columns = [
        Column(t("lots.lot")),
        Column(t("lots.quantity"), wide=True),
        Column(t("lots.unit")),
        Column(t("lots.samples"), numeric=True),
        Column(t("lots.estimate"), numeric=True),
        Column(t("lots.range"), numeric=True),
        Column(t("lots.limits"), numeric=True),
        Column(t("lots.status")),
        Column(t("lots.reason"), wide=True),
    ]
    named = outside and bool(rows["proteins"].ne("").any())
    if named:
        columns.append(Column(t("lots.proteins"), wide=True))
    elif not outside:
        columns.append(Column(t("lots.limits_from")))
    cells = []
    for r in rows.to_dict("records"):
        proteins = t.joined([p.strip() for p in str(r["proteins"]).split("|") if p.strip()], "semicolon")
        cells.append(
            [
                grid.words(r["lot"]),
                grid.words(_title(r, t)),
                grid.words(t.known("unit", str(r["unit"]))),
                grid.count(r["samples"]),
                grid.significant(r["estimate"]),
                grid.interval(r["low"], r["high"]),
                grid.interval(r["limit_low"], r["limit_high"]),
                _status(str(r["status"]), t),
                grid.said(r["reason"], t),
            ]
        )
        if named:
            cells[-1].append(grid.words(proteins or numbers.MISSING))
        elif not outside:
            cells[-1].append(grid.words(t.known("limits_from", str(r["limits_from"]))))
    return Grid(t(f"{key}.table"), columns, cells, t(f"{key}.empty"))


def _status(status: str, t: Catalogue) -> Cell:
    css = {"in_control": "r-pass", "out_of_control": "r-fail"}.get(status, "r-not_assessable")
    return grid.word("control", status, CONTROL_SYMBOLS, t, css)


def chart(lots: pd.DataFrame, study: pd.DataFrame, t: Catalogue) -> Figure:
    """Small control charts, one per score: each lot's mean with its interval and limits, lots by name."""
    title = t("lots.chart.title")
    table = _lot_grid(lots, "lots.chart", t)
    lots = lots[lots["estimate"].notna()]
    if lots.empty:
        return Figure("lots", title, [], table)
    names = sorted(lots["lot"].unique())
    place = {name: i for i, name in enumerate(names)}
    quantities = list(dict.fromkeys(zip(lots["kind"], lots["quantity"], strict=True)))
    height = 70 + _PANEL * len(quantities)
    traces, settings, notes, shapes = [], {}, [], []
    span, gap = 1 / len(quantities), 0.3 / len(quantities)
    for number, (kind, quantity) in enumerate(quantities):
        tail = "" if number == 0 else str(number + 1)
        top = 1 - number * span
        rows = lots[lots["kind"].eq(kind) & lots["quantity"].eq(quantity)]
        first = rows.iloc[0]
        for status, (shape, colour) in _LOOKS.items():
            part = rows[rows["status"].eq(status)]
            if part.empty:
                continue
            traces.append(
                figures.trace(
                    "scatter",
                    x=[place[name] for name in part["lot"]],
                    y=[figures.rounded(v) for v in part["estimate"]],
                    error_y=figures.error_bars(part["estimate"], part["low"], part["high"], colour),
                    mode="markers",
                    text=[figures.full_label(name) for name in part["lot"]],
                    marker={"symbol": shape, "color": colour, "size": 9, "line": {"width": 2, "color": colour}},
                    hovertemplate="%{text}<br>%{y:.3g}<extra></extra>",
                    showlegend=False,
                    xaxis=f"x{tail}",
                    yaxis=f"y{tail}",
                )
            )
        own = study[study["kind"].eq(kind) & study["quantity"].eq(quantity)]
        levels = [(figures.rounded(first[c]), "dash") for c in ("limit_low", "limit_high")]
        levels += [(figures.rounded(v), "solid") for v in own["estimate"].head(1)]
        for level, dash in levels:
            if level is not None:
                shapes.append(_level(level, tail, len(names), dash))
        settings[f"xaxis{tail}"] = {
            **figures.places([figures.label(n, 20) for n in names], tickangle=-45),
            "anchor": f"y{tail}",
            "showticklabels": number == len(quantities) - 1,
        }
        unit = t.known("unit", str(first["unit"]))
        shown = [*rows[["estimate", "low", "high"]].to_numpy().ravel(), *(level for level, _ in levels)]
        settings[f"yaxis{tail}"] = figures.axis(
            unit, domain=[top - span + gap, top - 0.04 * span], anchor=f"x{tail}", range=_reach(shown)
        )
        heading = figures.inert(quantity_title(kind, quantity, str(first["title"]), t))
        notes.append(figures.heading(heading, 0.0, top - 0.04 * span))
    layout = figures.layout(
        height, annotations=notes, shapes=shapes, margin={"l": 70, "r": 20, "t": 30, "b": 90}, **settings
    )
    width = max(480, 150 + 26 * len(names))
    captions = [t("lots.chart.caption")]
    return Figure(
        "lots",
        title,
        captions,
        table,
        figures.as_json(traces, layout),
        height,
        min(width, 2400),
        max(width, 980),
        narrow_width=100 + 18 * len(names),
    )


def _reach(values: list[float | None]) -> list[float]:
    """An axis that holds all values, limits too, with some room."""
    known = [float(v) for v in values if not numbers.missing(v)]  # type: ignore[arg-type]
    room = 0.08 * (max(known) - min(known)) or 0.5
    return [round(min(known) - room, 4), round(max(known) + room, 4)]


def _level(level: float, tail: str, lots: int, dash: str) -> dict:
    return {
        "type": "line",
        "xref": f"x{tail}",
        "yref": f"y{tail}",
        "x0": -0.5,
        "x1": lots - 0.5,
        "y0": level,
        "y1": level,
        "line": {"color": "#4a5560", "width": 1.2, "dash": dash},
    }
