"""The section on replicates: how far samples that should be alike agree in their scores and in their proteins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from sevident.report import figures, grid, numbers
from sevident.report.data import MANY_SAMPLES, ReportData
from sevident.report.figures import Figure
from sevident.report.grid import Cell, Column, Grid
from sevident.report.parts import Part, Section
from sevident.report.summary import listed
from sevident.report.text import VERDICT_SYMBOLS, Catalogue

_SCORES = ("identity", "purity")


@dataclass(frozen=True)
class Replicates:
    """Samples that share role, reference group, lot and process and differ in ``replicate``."""

    label: str
    samples: list[str]


def replicates(data: ReportData) -> list[Replicates]:
    """Groups of two and more replicates in the order of the sheet."""
    groups: dict[tuple[str, ...], list[str]] = {}
    numbered: dict[tuple[str, ...], set[str]] = {}
    for s in data.sheet.samples:
        key = (s.role, s.reference_group, s.lot, s.process)
        if s.replicate:
            groups.setdefault(key, []).append(s.name)
            numbered.setdefault(key, set()).add(s.replicate)
    groups = {key: names for key, names in groups.items() if len(numbered[key]) > 1}
    lots = [key[2] for key in groups]
    by_lot = all(lots) and len(set(lots)) == len(lots)
    return [
        Replicates(key[2] if by_lot else " · ".join(dict.fromkeys(filter(None, key[1:]))), names)
        for key, names in groups.items()
    ]


def section(data: ReportData, t: Catalogue) -> Section:
    """The agreement of replicates, or the reason why nothing can be compared."""
    groups = replicates(data)
    if not groups:
        return Section("agreement", empty=t("agreement.none"))
    if data.scores["identity"].isna().all():
        return Section("agreement", empty=t("agreement.not_scored"))
    same = sum(len({data.verdict(name) for name in g.samples}) == 1 for g in groups)
    told = [t("agreement.same", k=same, n=len(groups))]
    compared = {name for g in groups for name in g.samples}
    alone = [name for name in data.names if name not in compared]
    if alone:
        told.append(t("agreement.alone", n=len(alone), names=listed(alone, t)))
    if data.many:
        told.append(t("agreement.many", n=len(data.names), limit=MANY_SAMPLES))
    part = Part(t("agreement.title"), figure=_figure(data, groups, t))
    return Section("agreement", t("agreement.intro"), told, parts=[part])


def _grid(data: ReportData, groups: list[Replicates], t: Catalogue) -> Grid:
    columns = [
        Column(t("agreement.group"), wide=True),
        Column(t("agreement.samples"), wide=True),
        Column(t("agreement.verdicts")),
        Column(t("agreement.identity"), numeric=True),
        Column(t("agreement.purity"), numeric=True),
    ]
    if not data.many:
        columns += [Column(t("agreement.shared"), numeric=True), Column(t("agreement.correlation"), numeric=True)]
    rows = []
    for group in groups:
        part = data.scores.loc[group.samples]
        words = dict.fromkeys(_verdict(data.verdict(name), t) for name in group.samples)
        line = [
            grid.words(group.label or numbers.MISSING),
            grid.words(t.joined(group.samples)),
            grid.words(t.joined(words)),
            *(grid.interval(part[q].min(), part[q].max(), numbers.score) for q in _SCORES),
        ]
        if not data.many:
            shared, correlation = proteins(data.abundance, group.samples)
            line += [grid.percent(shared), Cell(numbers.decimal(correlation), numbers.exact(correlation))]
        rows.append(line)
    return Grid(t("agreement.table"), columns, rows)


def _verdict(verdict: str, t: Catalogue) -> str:
    return f"{VERDICT_SYMBOLS.get(verdict, '')} {t.known('verdict', verdict)}".strip()


def proteins(abundance: pd.DataFrame, samples: list[str]) -> tuple[float, float]:
    """(share of the proteins found in any of the samples that all of them hold, median rank correlation of pairs).

    ``abundance`` has sample, protein_group and mass_fraction. The correlation is Spearman's over the proteins that both
    samples of a pair hold; NaN for fewer than ten.
    """
    part = abundance[abundance["sample"].isin(samples) & abundance["mass_fraction"].notna()]
    wide = part.pivot(index="protein_group", columns="sample", values="mass_fraction").reindex(columns=samples)
    if wide.empty:
        return float("nan"), float("nan")
    shared = float(wide.notna().all(axis=1).mean())
    found = []
    for a, b in combinations(samples, 2):
        both = wide[[a, b]].dropna()
        if len(both) >= 10:
            # Pearson's of the ranks: pandas would load scipy for Spearman's, which takes longer than all of this page
            found.append(float(both[a].rank().corr(both[b].rank())))
    return shared, float(np.median(found)) if found else float("nan")


def _figure(data: ReportData, groups: list[Replicates], t: Catalogue) -> Figure:
    """Identity above, purity below; a column per group, its samples side by side."""
    table = _grid(data, groups, t)
    traces, settings = [], {}
    for number, quantity in enumerate(_SCORES):
        tail = "" if number == 0 else str(number + 1)
        for verdict, shape in figures.VERDICT_MARKERS.items():
            points = [
                (k + (i - (len(g.samples) - 1) / 2) * min(0.7 / len(g.samples), 0.16), name)
                for k, g in enumerate(groups)
                for i, name in enumerate(g.samples)
                if data.verdict(name) == verdict and not numbers.missing(data.score_rows[name][quantity])
            ]
            if not points:
                continue
            part = data.scores.loc[[name for _, name in points]]
            colour = figures.VERDICT_COLOURS[verdict]
            bars = figures.error_bars(part[quantity], part[f"{quantity}_low"], part[f"{quantity}_high"], colour)
            traces.append(
                figures.trace(
                    "scatter",
                    name=figures.label(t.known("verdict", verdict), 60),
                    legendgroup=verdict,
                    showlegend=number == 0,
                    x=[round(x, 3) for x, _ in points],
                    y=[figures.rounded(v) for v in part[quantity]],
                    error_y=bars,
                    mode="markers",
                    marker={"symbol": shape, "color": colour, "size": 8, "line": {"width": 1.6, "color": colour}},
                    text=[figures.full_label(name) for _, name in points],
                    hovertemplate="%{text}<br>%{y:.2f}<extra></extra>",
                    xaxis=f"x{tail}",
                    yaxis=f"y{tail}",
                )
            )
        ticks = [figures.label(g.label or numbers.MISSING, 24) for g in groups]
        settings[f"xaxis{tail}"] = {
            **figures.places(ticks, tickangle=-45),
            "anchor": f"y{tail}",
            "showticklabels": number == 1,
        }
        base = (0.54, 1.0) if number == 0 else (0.0, 0.46)
        settings[f"yaxis{tail}"] = figures.axis(
            t(f"verdicts.{quantity}"), domain=list(base), range=[-0.03, 1.05], dtick=0.2, anchor=f"x{tail}"
        )
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False, "itemdoubleclick": False}
    margin = {"l": 110, "r": 20, "t": 40, "b": 120}  # the first label slants to the left
    layout = figures.layout(620, legend=legend, margin=margin, showlegend=True, **settings)
    width = max(480, 190 + 44 * len(groups))
    return Figure(
        "agreement",
        t("agreement.title"),
        [t("agreement.caption")],
        table,
        figures.as_json(traces, layout),
        620,
        min(width, 2400),
        max(width, 980),
        narrow_width=100 + 34 * len(groups),
    )
