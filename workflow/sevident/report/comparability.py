"""The section on comparability: processes against each other, with intervals and margins."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from sevident.report import figures, grid, numbers
from sevident.report.data import ReportData
from sevident.report.figures import Figure
from sevident.report.grid import Cell, Column, Grid
from sevident.report.heatmaps import row_title
from sevident.report.lots import quantity_title
from sevident.report.parts import Part, Section
from sevident.report.text import EQUIVALENCE_SYMBOLS, Catalogue
from sevident.tables import EQUIVALENCE

#: most single proteins that are listed; all of them are in the file
MOST_PROTEINS = 100
_SINGLE = ("protein", "overall")
_LOOKS = {
    "equivalent": ("circle", figures.BLUE),
    "different": ("square", figures.VERMILLION),
    "inconclusive": ("x-thin", figures.GREY),
}
_CSS = {"equivalent": "r-pass", "different": "r-fail", "inconclusive": "r-inconclusive"}


def section(data: ReportData, t: Catalogue) -> Section:
    """The comparison of processes, or the reason why there is none."""
    table = data.comparability
    if table is None or table.empty:
        return Section("comparability", empty=_absence(data, t))
    parts = []
    for number, ((a, b), rows) in enumerate(table.groupby(["process_a", "process_b"], sort=True), start=1):
        parts.append(_pair(number, str(a), str(b), rows, t))
    return Section("comparability", t("comparability.intro"), parts=parts)


def _absence(data: ReportData, t: Catalogue) -> str:
    named = {s.process for s in data.preparations if s.process}
    if data.comparability is None:
        return t("comparability.no_table")
    if len(named) == 1:
        return t("comparability.one_process", process=named.pop())
    return t("comparability.no_rows" if named else "comparability.no_process")


def _pair(number: int, a: str, b: str, rows: pd.DataFrame, t: Catalogue) -> Part:
    pair = t("comparability.pair", a=a, b=b)
    whole, proteins = rows[~rows["kind"].isin(_SINGLE)], rows[rows["kind"].eq("protein")]
    told = [
        t("comparability.overall", result=t.known("equivalence", str(r["result"])), reason=t.stated(str(r["reason"])))
        for r in rows[rows["kind"].eq("overall")].to_dict("records")
    ]
    if whole.empty and proteins.empty:
        return Part(pair, told or [t("comparability.empty")])
    told.append(t("comparability.counts", **_counts(whole)))
    told.append(t("comparability.proteins", **_counts(proteins)) if len(proteins) else t("comparability.no_proteins"))
    different = proteins[proteins["result"].eq("different")]
    largest = different["difference"].abs().sort_values(ascending=False, kind="stable").index[:MOST_PROTEINS]
    notes = []
    if len(different) > MOST_PROTEINS:
        notes.append(t("comparability.left_out", shown=MOST_PROTEINS, total=len(different)))
    folded = []
    if len(proteins):
        title, empty = t("comparability.proteins.table", pair=pair), t("comparability.proteins.empty")
        folded.append(_grid(different.loc[largest], title, empty, t))
    return Part(pair, told, intervals(number, a, b, pair, whole, t), folded=folded, notes=notes)


def _counts(rows: pd.DataFrame) -> dict[str, object]:
    counts = rows["result"].value_counts()
    return {"n": len(rows), **{word: int(counts.get(word, 0)) for word in EQUIVALENCE}}


def _grid(rows: pd.DataFrame, caption: str, empty: str, t: Catalogue) -> Grid:
    names = ("difference", "range", "margin", "p_equivalence", "p_difference", "needed")
    columns = [
        Column(t("comparability.quantity"), wide=True),
        Column(t("comparability.kind")),
        Column(t("comparability.unit")),
        Column(t("comparability.lots")),
        Column(t("comparability.samples")),
        *(Column(t(f"comparability.{name}"), numeric=True) for name in names),
        Column(t("comparability.result")),
        Column(t("comparability.reason"), wide=True),
    ]
    return Grid(caption, columns, [_row(r, t) for r in rows.to_dict("records")], empty)


def _row(r: dict[Hashable, Any], t: Catalogue) -> list[Cell]:
    kind, result = str(r["kind"]), str(r["result"])
    return [
        grid.words(quantity_title(kind, str(r["quantity"]), str(r["title"]), t)),
        grid.words(t.known("kind", kind)),
        grid.words(t.known("unit", str(r["unit"]))),
        grid.words(t.joined([numbers.whole(r["lots_a"]), numbers.whole(r["lots_b"])], "semicolon")),
        grid.words(t.joined([numbers.whole(r["samples_a"]), numbers.whole(r["samples_b"])], "semicolon")),
        grid.signed(r["difference"]),
        grid.interval(r["low"], r["high"], numbers.signed),
        grid.significant(r["margin"]),
        grid.probability(r["p_equivalence_adjusted"]),
        grid.probability(r["p_difference_adjusted"]),
        grid.count(r["lots_needed"]),
        grid.word("equivalence", result, EQUIVALENCE_SYMBOLS, t, _CSS.get(result, "")),
        grid.said(r["reason"], t),
    ]


def intervals(number: int, a: str, b: str, pair: str, rows: pd.DataFrame, t: Catalogue) -> Figure:
    """Difference and interval of each quantity in units of its margin, the margins at -1 and +1."""
    title = t("comparability.figure.title", pair=pair)
    table = _grid(rows, t("comparability.table", pair=pair), t("comparability.empty"), t)
    name = f"comparability-{number}"
    drawn = rows[rows["difference"].notna() & rows["margin"].gt(0)]
    if drawn.empty:
        return Figure(name, title, [t("comparability.figure.empty")], table)
    places = {index: i for i, index in enumerate(drawn.index)}
    scaled = drawn[["difference", "low", "high"]].div(drawn["margin"], axis=0)
    # what lies far beyond the margins would press everything else into a line
    most = float(min(max(scaled.abs().max(skipna=True).max(), 1.5), 8.0))
    reach = most * 1.08
    beyond = scaled["difference"].abs().gt(reach)
    at = scaled["difference"].clip(-most, most).where(beyond, scaled["difference"])  # an arrowhead at the edge
    traces = []
    for result, (shape, colour) in _LOOKS.items():
        part = scaled[drawn["result"].eq(result)]
        if part.empty:
            continue
        traces.append(
            figures.trace(
                "scatter",
                name=t.known("equivalence", result),
                x=[figures.rounded(v) for v in at.loc[part.index]],
                y=[places[i] for i in part.index],
                error_x=figures.error_bars(at.loc[part.index], part["low"], part["high"], colour),
                mode="markers",
                marker={
                    "symbol": _shapes(shape, part["difference"].where(beyond)),
                    "color": colour,
                    "size": 9,
                    "line": {"width": 2, "color": colour},
                },
                text=[figures.full_label(_shown(drawn.loc[i], t)) for i in part.index],
                customdata=[figures.rounded(v) for v in part["difference"]],
                hovertemplate="%{text}<br>%{customdata:.2f}<extra></extra>",
            )
        )
    shapes = [
        {
            "type": "line",
            "x0": x,
            "x1": x,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"color": c, "dash": d, "width": w},
        }
        for x, c, d, w in ((-1, "#1d2733", "dash", 1.4), (1, "#1d2733", "dash", 1.4), (0, "#8a95a1", "solid", 1))
    ]
    height = 150 + 22 * len(drawn)
    labels = [figures.first_words(row_title(_shown(drawn.loc[i], t), t), 38) for i in drawn.index]
    layout = figures.layout(
        height,
        margin={"l": 260, "r": 20, "t": 10, "b": 90},
        shapes=shapes,
        xaxis=figures.axis(t("comparability.axis"), range=[-reach, reach], side="bottom"),
        yaxis={**figures.places(labels), "range": [len(drawn) - 0.5, -0.5]},
        showlegend=True,
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "itemclick": False},
    )
    captions = [t("comparability.figure.caption", a=a, b=b)]
    if beyond.any():
        captions.append(t("comparability.figure.beyond"))
    return Figure(name, title, captions, table, figures.as_json(traces, layout), height, 560, 1100)


def _shapes(shape: str, beyond: pd.Series) -> str | list[str]:
    """The sign of each difference; an arrowhead where it lies ``beyond`` the axis (NaN: within)."""
    if beyond.isna().all():
        return shape
    return [shape if numbers.missing(v) else "triangle-right" if v > 0 else "triangle-left" for v in beyond]


def _shown(row: pd.Series, t: Catalogue) -> str:
    return quantity_title(str(row["kind"]), str(row["quantity"]), str(row["title"]), t)
