"""The map of identity and purity: where each sample stands, before the cloud of labelled public samples."""

from __future__ import annotations

from typing import Any

from sevident.report import figures, grid, numbers
from sevident.report.charts import between, errors, written
from sevident.report.data import ReportData
from sevident.report.figures import Figure
from sevident.report.grid import Cell, Column, Grid
from sevident.report.text import Catalogue
from sevident.tables import VERDICTS

_SCORES = ("identity", "purity", "purity_soluble", "purity_intracellular")
#: above this many points error bars and numbers would only cover each other
_CROWDED = 150


def identity_purity(data: ReportData, t: Catalogue) -> Figure:
    """Identity against purity with intervals, one sign per verdict, hollow for references."""
    title = t("why.map.title")
    columns = [Column(t("verdicts.number"), numeric=True), Column(t("verdicts.sample"), wide=True)]
    scored = data.scores[data.scores["identity"].notna() & data.scores["purity"].notna()]
    if scored.empty:
        return Figure("map", title, [], Grid(t("why.map.table"), columns, [], t("why.map.empty")))
    place = {name: i + 1 for i, name in enumerate(data.names)}
    crowded = len(scored) > _CROWDED
    traces = cloud_traces(data, t)
    for verdict in (*VERDICTS, ""):
        for reference in (False, True):
            chosen = (scored["verdict"].fillna("") == verdict) & ((scored["role"] != "preparation") == reference)
            part = scored[chosen]
            if part.empty:
                continue
            name = t.known("verdict", verdict)
            if reference:
                name += f" ({', '.join(t.known('role', r) for r in dict.fromkeys(part['role']))})"
            shape = figures.VERDICT_MARKERS[verdict]
            if reference or verdict == "indeterminate":
                shape += "-open"
            colour = figures.VERDICT_COLOURS[verdict]
            traces.append(
                figures.trace(
                    "scatter",
                    name=figures.label(name, 70),
                    x=[figures.rounded(v) for v in part["identity"]],
                    y=[figures.rounded(v) for v in part["purity"]],
                    error_x=None if crowded else errors(part, "identity", colour),
                    error_y=None if crowded else errors(part, "purity", colour),
                    mode="markers" if data.many else "markers+text",
                    text=[str(place[n]) for n in part.index],
                    textposition="top right",
                    textfont={"size": 10, "color": "#4a5560"},
                    customdata=[
                        [figures.full_label(n), *(written(data.score_rows[n], q) for q in ("identity", "purity"))]
                        for n in part.index
                    ],
                    marker={"symbol": shape, "color": colour, "size": 10, "line": {"width": 1.6, "color": colour}},
                    hovertemplate=(
                        f"%{{customdata[0]}}<br>{t('why.map.x')} %{{customdata[1]}}<br>"
                        f"{t('why.map.y')} %{{customdata[2]}}<extra></extra>"
                    ),
                )
            )
    layout = figures.layout(
        600,
        xaxis=figures.axis(t("why.map.x"), range=[-0.03, 1.06], dtick=0.2),
        yaxis=figures.axis(t("why.map.y"), range=[-0.03, 1.06], dtick=0.2),
        legend={
            "orientation": "h",
            "y": -0.14,
            "yanchor": "top",
            "x": 0,
            "itemclick": False,
            "itemdoubleclick": False,
        },
        margin={"l": 60, "r": 20, "t": 10, "b": 170},
        showlegend=True,
    )
    for quantity in _SCORES:
        heading = t.known("quantity", quantity) if "_" in quantity else t(f"verdicts.{quantity}")
        columns += [Column(heading, numeric=True), Column(t("specification.range"), numeric=True)]
    rows = []
    for name in data.names:
        row = data.score_rows[name]
        cells = [grid.count(place[name]), grid.words(name)]
        for quantity in _SCORES:
            low, high = row[f"{quantity}_low"], row[f"{quantity}_high"]
            cells += [grid.score(row[quantity]), Cell(between(low, high), numbers.exact(low))]
        rows.append(cells)
    grid_table = Grid(t("why.map.table"), columns, rows)
    captions = [t("why.map.caption"), cloud_caption(data, t)]
    return Figure("map", title, captions, grid_table, figures.as_json(traces, layout), 600, 480, 980)


def cloud_caption(data: ReportData, t: Catalogue) -> str:
    """What the cloud is, or why it is not drawn."""
    if data.cloud is None or data.cloud.empty:
        return t("cloud.no_table" if data.cloud is None else "cloud.no_rows")
    return t("cloud.caption", n=numbers.whole(len(data.cloud)), studies=data.cloud["study"].nunique())


def cloud_traces(data: ReportData, t: Catalogue) -> list[dict[str, Any]]:
    """The labelled public samples, small and pale, by class."""
    if data.cloud is None:
        return []
    out = []
    for name, part in data.cloud.groupby("reference_class", sort=True):
        colour = figures.VERDICT_COLOURS.get(str(name), figures.GREY)
        label = t("cloud.name", label=t.known("verdict", str(name)))
        out.append(
            figures.trace(
                "scatter",
                name=figures.label(label, 70),
                x=[figures.rounded(v) for v in part["identity"]],
                y=[figures.rounded(v) for v in part["purity"]],
                mode="markers",
                marker={
                    "symbol": f"{figures.VERDICT_MARKERS.get(str(name), 'circle')}-open",
                    "color": colour,
                    "size": 5,
                    "opacity": 0.4,
                },
                text=[
                    f"{figures.full_label(sample)}<br>{figures.full_label(study)}"
                    for sample, study in zip(part["sample_id"], part["study"], strict=True)
                ],
                hovertemplate="%{text}<br>%{x:.2f}; %{y:.2f}<extra></extra>",
            )
        )
    return out


def cloud_grid(data: ReportData, t: Catalogue) -> Grid | None:
    """The numbers of the cloud; None where it is not drawn."""
    if data.cloud is None or data.cloud.empty:
        return None
    columns = [
        Column(t(f"cloud.{c}"), wide=c == "sample") for c in ("sample", "study", "laboratory", "class", "subclass")
    ]
    columns += [Column(t(f"verdicts.{q}"), numeric=True) for q in ("identity", "purity")]
    rows = [
        [
            grid.words(r["sample_id"]),
            grid.words(r["study"]),
            grid.words(r["laboratory"]),
            grid.words(t.known("verdict", str(r["reference_class"]))),
            grid.words(t.title("class", str(r["subclass"]), "")),
            grid.score(r["identity"]),
            grid.score(r["purity"]),
        ]
        for r in data.cloud.to_dict("records")
    ]
    return Grid(t("cloud.table"), columns, rows)
