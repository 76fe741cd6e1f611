"""Heat maps of the marker families: how prominent each is, and how it changed against the study's own references."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sevident.report import figures, grid, numbers
from sevident.report.data import ReportData
from sevident.report.figures import Figure
from sevident.report.grid import Cell, Column, Grid
from sevident.report.groups import Group, groups_of
from sevident.report.text import STATUS_SYMBOLS, Catalogue
from sevident.tables import REFERENCE_ROLES

AXES = ("identity", "soluble", "intracellular", "species", "descriptive", "exploratory")
#: less in the sample than in the reference: orange; more: blue; the middle is white
_CHANGE = [[0.0, figures.VERMILLION], [0.25, "#F0B27A"], [0.5, "#FFFFFF"], [0.75, "#7FB8DB"], [1.0, figures.BLUE]]
_ROW = 19
_COLUMN = 22


def panel_order(families: pd.DataFrame, order: Sequence[str], t: Catalogue) -> pd.DataFrame:
    """panel, title, axis of every family, by axis, then in the order of the registry (unknown panels last, by name)."""
    place = {panel: i for i, panel in enumerate(order)}
    known = families[["panel", "title", "axis"]].drop_duplicates("panel")
    keys = [
        (AXES.index(a) if a in AXES else len(AXES), place.get(p, len(place)), p)
        for p, a in zip(known["panel"], known["axis"], strict=True)
    ]
    known = known.iloc[sorted(range(len(keys)), key=keys.__getitem__)]
    titles = [t.title("panel", str(p), str(title)) for p, title in zip(known["panel"], known["title"], strict=True)]
    return known.assign(title=titles).reset_index(drop=True)


def families(data: ReportData, order: Sequence[str], t: Catalogue) -> Figure:
    """Median rank percentile, families by samples (or by groups of samples when there are many)."""
    panels = panel_order(data.families, order, t)
    title, captions = t("why.families.title"), [t("why.families.caption")]
    columns = [Column(t("why.family"), wide=True), Column(t("why.axis"))]
    if panels.empty:
        return Figure("families", title, [], Grid(t("why.families.table"), columns, [], t("why.families.empty")))
    if data.many:
        captions.append(t("why.grouped", n=len(data.names)))
    groups = groups_of(data, t)
    percentile = _matrix(data.families, "median_rank_percentile", list(panels["panel"]), data.names)
    molar = _matrix(data.families, "molar_fraction", list(panels["panel"]), data.names).replace(0.0, np.nan)
    molar = molar.apply(np.log2)
    counts = {
        c: _matrix(data.families, c, list(panels["panel"]), data.names)
        for c in ("members", "detected", "not_detected", "not_searched", "not_assessable")
    }
    shown = _by_group(percentile, groups)
    shown_molar = _by_group(molar, groups).to_numpy()
    levels = shown.to_numpy()
    totals = {c: _by_group(m, groups, np.nansum, missing=0.0).to_numpy() for c, m in counts.items()}
    signs, texts = [], []
    rows: list[list[Cell]] = []
    for i, (name, kind) in enumerate(zip(panels["title"], panels["axis"], strict=True)):
        line, hover = [], []
        cells = [grid.words(name), grid.words(t.known("axis", kind))]
        for j, group in enumerate(groups):
            found = {c: int(totals[c][i, j]) for c in totals}
            value = levels[i, j]
            sign = "" if not numbers.missing(value) else STATUS_SYMBOLS[_absence(found)]
            line.append(sign)
            of = t("why.markers.cell", k=numbers.whole(found["detected"]), n=numbers.whole(found["members"]))
            level = sign or numbers.decimal(value)
            hover.append(
                f"{figures.first_words(name, 60)}<br>{figures.label(group.label, 60)}<br>"
                f"{t('why.families.colour')}: {level}; {t('status.detected')}: {of}"
            )
            cells.append(
                Cell(
                    f"{of} · {level}" + ("" if sign else f" · {numbers.decimal(shown_molar[i, j], 1)}"),
                    numbers.exact(value),
                )
            )
        signs.append(line)
        texts.append(hover)
        rows.append(cells)
    columns += [Column(g.label, numeric=True, name=True) for g in groups]
    heat = figures.trace(
        "heatmap",
        z=_lists(shown),
        x=list(range(len(groups))),
        y=list(range(len(panels))),
        zmin=0,
        zmax=1,
        colorscale="Cividis",
        xgap=1,
        ygap=1,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=True,
        colorbar=_bar(t("why.families.colour")),
    )
    table = Grid(t("why.families.table"), columns, rows)
    return Figure("families", title, captions, table, **_drawn(heat, signs, [g.label for g in groups], [], panels, t))


def paired(data: ReportData, order: Sequence[str], t: Catalogue) -> Figure:
    """log2 change of each family against each kind of reference of the sample's own group."""
    panels = panel_order(data.families, order, t)
    title, captions = t("why.paired.title"), [t("why.paired.caption")]
    columns = [Column(t("why.family"), wide=True), Column(t("why.axis"))]
    groups = groups_of(data, t)
    blocks: list[tuple[Group, str, pd.Series]] = []
    for role in REFERENCE_ROLES:
        changes = _matrix(data.families, f"log2_vs_{role}", list(panels["panel"]), data.names)
        by_group = _by_group(changes, groups)
        for j, group in enumerate(groups):
            if by_group[j].notna().any():
                blocks.append((group, t.known("role", role), by_group[j]))
    if not blocks:
        return Figure("paired", title, [], Grid(t("why.paired.table"), columns, [], t("why.paired.empty")))
    if data.many:
        captions.append(t("why.grouped", n=len(data.names)))
    shown = pd.concat([values for *_, values in blocks], axis=1, keys=range(len(blocks)))
    heads = [t("why.against", sample=group.label, role=role) for group, role, _ in blocks]
    rows = [
        [grid.words(name), grid.words(t.known("axis", kind)), *(grid.signed(v) for v in shown.loc[panel])]
        for panel, name, kind in panels.itertuples(index=False, name=None)
    ]
    texts = [
        [
            f"{figures.first_words(name, 60)}<br>{figures.label(head, 80)}<br>{numbers.signed(v)}"
            for head, v in zip(heads, shown.loc[panel], strict=True)
        ]
        for panel, name, _ in panels.itertuples(index=False, name=None)
    ]
    # beyond the 95th percentile colours saturate: one family that was absent before must not bleach all others
    limit = max(1.0, float(np.ceil(np.nanquantile(np.abs(shown.to_numpy(dtype=float)), 0.95))))
    heat = figures.trace(
        "heatmap",
        z=_lists(shown),
        x=list(range(len(heads))),
        y=list(range(len(panels))),
        zmin=-limit,
        zmax=limit,
        colorscale=_CHANGE,
        xgap=1,
        ygap=1,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=True,
        colorbar=_bar(t("why.paired.colour")),
    )
    columns += [Column(head, numeric=True, name=True) for head in heads]
    table = Grid(t("why.paired.table"), columns, rows)
    ticks = [group.label for group, *_ in blocks]
    roles = [t("why.against_role", role=role) for _, role, _ in blocks]
    return Figure("paired", title, captions, table, **_drawn(heat, [], ticks, roles, panels, t))


def _matrix(table: pd.DataFrame, column: str, panels: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    wide = table.assign(_value=table[column].astype("float64")).pivot(index="panel", columns="sample", values="_value")
    return wide.reindex(index=list(panels), columns=list(names))


def _by_group(
    table: pd.DataFrame,
    groups: Sequence[Group],
    summary: Callable[..., np.ndarray] = np.nanmedian,
    missing: float = np.nan,
) -> pd.DataFrame:
    """(panels x groups): the value of the one sample, or the summary over the group's samples that have one."""
    out = {}
    for j, group in enumerate(groups):
        part = table[group.samples].to_numpy(dtype=float)
        value = np.full(len(table), missing)
        some = ~np.isnan(part).all(axis=1) if part.shape[1] else np.zeros(len(table), dtype=bool)
        if some.any():
            value[some] = summary(part[some], axis=1)
        out[j] = value
    return pd.DataFrame(out, index=table.index)


def _absence(found: dict[str, int]) -> str:
    """The absence that a family without a detected member shows: having been looked for outranks the others."""
    if found["not_detected"]:
        return "not_detected"
    return "not_assessable" if found["not_assessable"] else "not_searched"


def _lists(table: pd.DataFrame) -> list[list[float | None]]:
    return [[figures.rounded(v) for v in row] for row in table.to_numpy(dtype=float)]


def _bar(title: str) -> dict:
    return {
        "orientation": "h",
        "yref": "container",
        "y": 1.0,
        "yanchor": "top",
        "x": 0,
        "xanchor": "left",
        "ypad": 4,
        "thickness": 10,
        "lenmode": "pixels",
        "len": 220,
        "title": {"text": title, "side": "top"},
        "outlinewidth": 0,
    }


def _drawn(
    heat: dict[str, Any],
    signs: Sequence[Sequence[str]],
    ticks: Sequence[str],
    blocks: Sequence[str],
    panels: pd.DataFrame,
    t: Catalogue,
) -> dict[str, Any]:
    """JSON, height and widths of a heat map: signs in empty cells, families by axis, column blocks."""
    traces = [heat]
    spots = [(j, i, sign) for i, line in enumerate(signs) for j, sign in enumerate(line) if sign]
    if spots:
        traces.append(
            figures.trace(
                "scatter",
                x=[s[0] for s in spots],
                y=[s[1] for s in spots],
                text=[s[2] for s in spots],
                mode="text",
                textfont={"color": "#4a5560", "size": 13},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    shapes, notes = [], []
    for kind, first, last in _runs(panels["axis"]):
        if first:
            shapes.append(_line("x", first - 0.5))
        note = {"xref": "paper", "x": 1.0, "xanchor": "left", "xshift": 6, "y": (first + last) / 2}
        notes.append(_note(t.known("axis", kind), **note, textangle=90 if last - first > 2 else 0))
    for block, first, last in _runs(blocks):
        if first:
            shapes.append(_line("y", first - 0.5))
        note = {"yref": "paper", "y": 1.0, "yanchor": "bottom", "yshift": 3, "x": (first + last) / 2}
        notes.append(_note(block, **note))
    top = 90 if blocks else 66
    height = top + 140 + _ROW * len(panels)
    titles = [figures.first_words(row_title(title, t)) for title in panels["title"]]
    layout = figures.layout(
        height,
        margin={"l": 250, "r": 80, "t": top, "b": 130},
        plot_bgcolor="#eceff2",
        shapes=shapes,
        annotations=notes,
        xaxis=figures.places([figures.label(tick, 24) for tick in ticks], tickangle=-45),
        yaxis={**figures.places(titles), "range": [len(panels) - 0.5, -0.5]},
    )
    least = max(370 + _COLUMN * len(ticks), 600)
    return {
        "json": figures.as_json(traces, layout),
        "height": height,
        "min_width": min(least, 2400),
        "max_width": max(370 + 4 * _COLUMN * len(ticks), least),
        "narrow_width": 200 + _COLUMN * len(ticks),
    }


def row_title(title: str, t: Catalogue) -> str:
    """The title of a panel for a row of a figure, for which those of the MISEV2018 categories are too long."""
    return title.replace(t("why.misev_title"), "MISEV2018 ")


def _runs(values: Iterable[str]) -> list[tuple[str, int, int]]:
    """(value, first place, last place) of each run of equal values."""
    out: list[tuple[str, int, int]] = []
    for place, value in enumerate(values):
        if out and out[-1][0] == value:
            out[-1] = (value, out[-1][1], place)
        else:
            out.append((value, place, place))
    return out


def _line(along: str, at: float) -> dict:
    """A line across the figure: along x (between families) or along y (between blocks of columns)."""
    across = "y" if along == "x" else "x"
    ends = {f"{along}ref": "paper", f"{along}0": 0, f"{along}1": 1, f"{across}0": at, f"{across}1": at}
    return {"type": "line", **ends, "line": {"color": "#1d2733", "width": 1.2}}


def _note(text: str, **place: object) -> dict:
    return {"text": text, "showarrow": False, "font": {"size": 11, "color": "#4a5560"}, **place}
