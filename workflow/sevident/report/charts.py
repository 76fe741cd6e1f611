"""Charts: what a sample is made of, and truth beside estimate."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from sevident.report import figures, grid, numbers
from sevident.report.data import ReportData
from sevident.report.figures import Figure
from sevident.report.grid import Cell, Column, Grid
from sevident.report.groups import groups_of
from sevident.report.text import VERDICT_SYMBOLS, Catalogue
from sevident.tables import VERDICTS

TRUTH_SHARE = "truth_small_ev_percent"
#: order of the compartments in a bar: vesicles first, then what is soluble, then what is of the cell
_COMPARTMENT_ORDER = list(figures.COMPARTMENT_FILLS)


def composition(data: ReportData, t: Catalogue) -> Figure:
    """Stacked bars of the mass share by compartment, one bar per sample or group."""
    title, captions = t("why.composition.title"), [t("why.composition.caption")]
    columns = [Column(t("verdicts.sample"), wide=True)]
    table = data.compartments
    if table.empty:
        empty = Grid(t("why.composition.table"), columns, [], t("why.composition.empty"))
        return Figure("composition", title, [], empty)
    if data.many:
        captions.append(t("why.grouped_mean", n=len(data.names)))
    kinds = table[["compartment", "title"]].drop_duplicates("compartment")
    titles = {c: t.title("compartment", c, name) for c, name in zip(kinds["compartment"], kinds["title"], strict=True)}
    order = sorted(
        titles, key=lambda c: (_COMPARTMENT_ORDER.index(c) if c in _COMPARTMENT_ORDER else len(_COMPARTMENT_ORDER), c)
    )
    others = [c for c in order if c not in figures.COMPARTMENT_FILLS]
    groups = groups_of(data, t)
    wide = {
        column: table.pivot(index="compartment", columns="sample", values=column).reindex(
            index=order, columns=data.names
        )
        for column in ("mass_fraction", "mass_fraction_low", "mass_fraction_high")
    }
    # a group's bar is a mean, so that its parts still add up to one
    shares = [wide["mass_fraction"][g.samples].mean(axis=1) for g in groups]
    traces = []
    for compartment in order:
        colour, pattern = figures.fill(compartment, others)
        values = [figures.rounded(100 * s[compartment], 3) for s in shares]
        traces.append(
            figures.trace(
                "bar",
                name=figures.label(titles[compartment], 44),
                orientation="h",
                x=values,
                y=list(range(len(groups))),
                marker={
                    "color": colour,
                    "line": {"color": "#ffffff", "width": 0.6},
                    "pattern": {
                        "shape": pattern,
                        "fillmode": "overlay",
                        "fgcolor": "#ffffff",
                        "size": 6,
                        "solidity": 0.35,
                    },
                },
                # what print has in the place of a pattern
                meta=figures.tint(colour, pattern) if pattern else None,
                text=[figures.full_label(g.label) for g in groups],
                textposition="none",
                hovertemplate="%{text}<br>" + figures.full_label(titles[compartment]) + ": %{x:.1f}%<extra></extra>",
            )
        )
    height = 190 + 24 * len(groups)
    layout = figures.layout(
        height,
        barmode="stack",
        bargap=0.22,
        margin={"l": 190, "r": 20, "t": 10, "b": 130},
        xaxis=figures.axis(t("why.composition.axis"), range=[0, 100]),
        yaxis={**figures.places([figures.label(g.label, 28) for g in groups]), "range": [len(groups) - 0.5, -0.5]},
        legend={
            "orientation": "h",
            "yref": "container",
            "y": 0.0,
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )
    columns += [Column(titles[c], numeric=True) for c in order]
    rows = []
    for group, share in zip(groups, shares, strict=True):
        cells = [grid.words(group.label)]
        for compartment in order:
            text = numbers.percent(share[compartment])
            if len(group.samples) == 1:
                low, high = (wide[f"mass_fraction_{e}"].loc[compartment, group.samples[0]] for e in ("low", "high"))
                if not (numbers.missing(low) or numbers.missing(high)):
                    text += f" ({numbers.between(numbers.percent(low), numbers.percent(high))})"
            cells.append(Cell(text, numbers.exact(share[compartment])))
        rows.append(cells)
    table_grid = Grid(t("why.composition.table"), columns, rows)
    return Figure("composition", title, captions, table_grid, figures.as_json(traces, layout), height, 620, 1500)


def between(low: object, high: object) -> str:
    """An interval in words: '0.81 – 0.96'."""
    if numbers.missing(low) or numbers.missing(high):
        return numbers.MISSING
    return numbers.between(numbers.score(low), numbers.score(high))


def written(row: Mapping[Hashable, Any], quantity: str) -> str:
    """A score with its interval: '0.92 (0.81 – 0.96)'."""
    return f"{numbers.score(row[quantity])} ({between(row[f'{quantity}_low'], row[f'{quantity}_high'])})"


def errors(part: pd.DataFrame, quantity: str, colour: str) -> dict:
    return figures.error_bars(part[quantity], part[f"{quantity}_low"], part[f"{quantity}_high"], colour)


def share_of(text: str) -> float | None:
    """A true share in per cent, 0..100; None for what is not such a number."""
    try:
        value = float(text.strip().removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 100 else None


def truth_columns(data: ReportData) -> list[str]:
    """Columns of the sheet that state a truth, in sheet order; none unless `truth` or the true share is among them."""
    columns = [c for c in data.sheet.extra_columns if c == "truth" or c.startswith("truth_")]
    return columns if "truth" in columns or TRUTH_SHARE in columns else []


def truth(data: ReportData, t: Catalogue) -> Figure | None:
    """True share of small EVs against identity, purity and p(small EV); None when the sheet states no truth."""
    columns = truth_columns(data)
    if not columns:
        return None
    stated = [s for s in data.sheet.samples if any(s.extra.get(c, "") for c in columns)]
    heads = [Column(t("verdicts.sample"), wide=True)]
    words = [c.removeprefix("truth_").replace("_", " ") for c in columns]
    heads += [
        Column(t("truth.stated") if c == "truth" else t("truth.column", name=name), c == TRUTH_SHARE)
        for c, name in zip(columns, words, strict=True)
    ]
    heads += [Column(t("verdicts.verdict")), Column(t("verdicts.identity"), numeric=True)]
    heads += [Column(t("specification.range"), numeric=True), Column(t("verdicts.purity"), numeric=True)]
    heads += [Column(t("specification.range"), numeric=True), Column(t("truth.p"), numeric=True)]
    rows, points, unreadable = [], [], 0
    for sample in stated:
        row = data.score_rows[sample.name]
        verdict = data.verdict(sample.name)
        cells = [grid.words(sample.name)]
        for column in columns:
            said = sample.extra.get(column, "")
            value = share_of(said) if column == TRUTH_SHARE else None
            cells.append(Cell(said or numbers.MISSING, numbers.exact(value)))
            if column == TRUTH_SHARE and said:
                unreadable += value is None
                if value is not None and not numbers.missing(row["identity"]):
                    points.append((value, _series(sample.extra, columns), sample.name))
        cells.append(
            grid.words(t.known("verdict", verdict), f"v-{verdict or 'none'}", VERDICT_SYMBOLS.get(verdict, ""))
        )
        for quantity in ("identity", "purity"):
            low, high = row[f"{quantity}_low"], row[f"{quantity}_high"]
            cells += [grid.score(row[quantity]), Cell(between(low, high), numbers.exact(low))]
        cells.append(grid.score(row["p_small_ev"]))
        rows.append(cells)
    notes = []
    named = [s for s in stated if s.extra.get("truth", "") in VERDICTS]
    if named:
        agreed = sum(s.extra["truth"] == data.verdict(s.name) for s in named)
        undecided = sum(data.verdict(s.name) == "indeterminate" for s in named if s.extra["truth"] != "indeterminate")
        notes.append(t("truth.agree", k=agreed, n=len(named), open=undecided, other=len(stated) - len(named)))
    if unreadable:
        notes.append(t("truth.unreadable", n=unreadable))
    table = Grid(t("truth.table"), heads, rows)
    if not points:
        return Figure("truth", t("truth.title"), [t("truth.no_number")], table, notes=notes)
    drawing = _truth_plot(data, points, t)
    return Figure("truth", t("truth.title"), [t("truth.caption")], table, drawing, 430, 700, 1200, notes)


def _series(extra: dict[str, str], columns: Sequence[str]) -> str:
    """What the true rest of the sample is, where a column says so: it sets the series apart."""
    return extra.get("truth_other", "") if "truth_other" in columns else ""


def _truth_plot(data: ReportData, points: list[tuple[float, str, str]], t: Catalogue) -> str:
    panels = (("identity", t("verdicts.identity")), ("purity", t("verdicts.purity")), ("p_small_ev", t("truth.p")))
    looks = [
        (figures.BLUE, "circle"),
        (figures.VERMILLION, "square"),
        (figures.GREEN, "diamond"),
        (figures.PURPLE, "x"),
    ]
    looks += [
        (figures.ORANGE, "triangle-up"),
        (figures.BLACK, "cross"),
        (figures.SKY, "star"),
        (figures.GREY, "hexagon"),
    ]
    traces = []
    series = sorted({s for _, s, _ in points})
    for number, (quantity, _) in enumerate(panels, start=1):
        for k, name in enumerate(series):
            mine = sorted(p for p in points if p[1] == name)
            part = data.scores.loc[[p[2] for p in mine]]
            colour, shape = looks[k % len(looks)]
            traces.append(
                figures.trace(
                    "scatter",
                    name=figures.label(name.replace("_", " ") or t("verdicts.sample")),
                    legendgroup=str(k),
                    showlegend=number == 1 and len(series) > 1,
                    # series and replicates side by side, so that their intervals do not cover each other
                    x=[round(p[0] + (k - (len(series) - 1) / 2) * 1.2, 3) for p in mine],
                    y=[figures.rounded(v) for v in part[quantity]],
                    error_y=errors(part, quantity, colour) if quantity != "p_small_ev" else None,
                    mode="markers",
                    customdata=[
                        [
                            figures.full_label(p[2]),
                            f"{p[0]:g}",
                            numbers.score(data.score_rows[p[2]][quantity])
                            if quantity == "p_small_ev"
                            else written(data.score_rows[p[2]], quantity),
                        ]
                        for p in mine
                    ],
                    marker={"symbol": shape, "color": colour, "size": 8},
                    hovertemplate=(
                        f"%{{customdata[0]}}<br>{t('truth.x')}: %{{customdata[1]}}<br>%{{customdata[2]}}<extra></extra>"
                    ),
                    xaxis=f"x{number if number > 1 else ''}",
                    yaxis=f"y{number if number > 1 else ''}",
                )
            )
    legend = {"orientation": "h", "yanchor": "top", "x": 0, "itemclick": False, "itemdoubleclick": False}
    layout = figures.layout(
        430,
        legend={**legend, "y": -0.2},
        margin={"l": 60, "r": 20, "t": 40, "b": 90},
        **_truth_axes([h for _, h in panels], t, stacked=False),
    )
    stacked = {"height": 900, "legend": {**legend, "y": -0.08}}
    return figures.as_json(traces, layout, {**stacked, **_truth_axes([h for _, h in panels], t, stacked=True)})


def _truth_axes(headings: Sequence[str], t: Catalogue, *, stacked: bool) -> dict[str, Any]:
    """Axes and headings of the panels: side by side, or one above the other."""
    axes: dict[str, Any] = {}
    notes = []
    for number, heading in enumerate(headings):
        tail = str(number + 1) if number else ""
        start = 1 - number * 0.345 if stacked else number * 0.345
        across, along = ([0, 1], [start - 0.27, start]) if stacked else ([start, start + 0.31], [0, 1])
        labelled = number == (2 if stacked else 1)
        axes[f"xaxis{tail}"] = figures.axis(
            t("truth.x") if labelled else "", domain=across, range=[-6, 106], dtick=25, anchor=f"y{tail}"
        )
        first = stacked or number == 0
        axes[f"yaxis{tail}"] = figures.axis(
            t("truth.y") if first else "",
            domain=along,
            range=[-0.03, 1.05],
            dtick=0.2,
            anchor=f"x{tail}",
            showticklabels=first,
        )
        notes.append(figures.heading(heading, across[0], along[1] + (0.005 if stacked else 0.02)))
    return {**axes, "annotations": notes}
