"""Single markers by MISEV2018 category, and each sample's account of its scores."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from sevident.report import grid, numbers, sentences
from sevident.report.data import ReportData
from sevident.report.detail import SampleTable, neighbours, packed
from sevident.report.grid import Cell, Column, Grid
from sevident.report.groups import groups_of
from sevident.report.text import STATUS_SYMBOLS, VERDICT_SYMBOLS, Catalogue
from sevident.tables import STATUSES

PREFIX = "misev_"
#: the two characters that stand for a cell without a percentile in the compact form
_CODES = {"detected": "++", "not_detected": "--", "not_searched": "//", "not_assessable": "??"}
_CSS = {"detected": "sd", "not_detected": "sn", "not_searched": "sx", "not_assessable": "sq"}


@dataclass(frozen=True)
class MarkerRow:
    """One marker: ``cells`` are finished table cells, one per sample."""

    gene: str
    accession: str
    cells: list[Markup]


@dataclass(frozen=True)
class Category:
    """A MISEV2018 category with its markers; ``seen`` of them were detected in at least one sample."""

    panel: str
    title: str
    seen: int
    rows: list[MarkerRow] = field(default_factory=list)


def categories(data: ReportData, t: Catalogue) -> list[Category]:
    """Markers by category, those detected in most samples first, then by gene. No rows where there are many samples."""
    out = []

    @cache
    def cell(status: str, level: str, note: str) -> Markup:
        return _cell(status, level, note, t)

    for panel, title, part in _panels(data, t):
        genes = _genes(part)
        seen = int((genes["detected"] > 0).sum())
        if data.many:
            out.append(Category(panel, title, seen, []))
            continue
        cells = {
            (str(g), str(sample)): cell(status, "" if numbers.missing(percentile) else f" {100 * percentile:.0f}", note)
            for g, sample, status, percentile, note in zip(
                part["gene"], part["sample"], part["status"], part["rank_percentile"], part["note"], strict=True
            )
        }
        nothing = Markup('<td class="s0">{}</td>').format(numbers.MISSING)
        rows = [
            MarkerRow(gene, accession, [cells.get((gene, name), nothing) for name in data.names])
            for gene, accession in zip(genes.index, genes["accession"], strict=True)
        ]
        out.append(Category(panel, title, seen, rows))
    return out


def _cell(status: str, level: str, note: str, t: Catalogue) -> Markup:
    """One cell: sign and percentile (``level``); what an absence means, and why, stands in its title.

    Written here and not in the template, and kept short: a page may hold twenty thousand of them.
    """
    sign = STATUS_SYMBOLS[status]
    if status == "detected":
        return Markup('<td class="sd">{}{}</td>').format(sign, level)
    told = t(f"status.{status}")
    if note:
        told = t("list.colon", name=told, text=sentences.note(note, t))
    return Markup('<td class="{}" title="{}">{}</td>').format(_CSS[status], told, sign)


def overview(data: ReportData, t: Catalogue) -> Grid:
    """Per category and sample: detected of those that could have been seen, and how many could not."""
    groups = groups_of(data, t)
    place = {name: i for i, name in enumerate(data.names)}
    columns = [
        Column(t("why.markers.category"), wide=True),
        *(Column(g.label, numeric=True, name=True) for g in groups),
    ]
    rows = []
    for _, title, part in _panels(data, t):
        counts = np.zeros((len(data.names), len(STATUSES)), dtype=int)
        np.add.at(counts, (_places(part["sample"], data.names), _places(part["status"], STATUSES)), 1)
        cells = [grid.words(title)]
        for group in groups:
            total = dict(zip(STATUSES, counts[[place[name] for name in group.samples]].sum(axis=0), strict=True))
            searched = int(total["detected"] + total["not_detected"])
            blind = int(total["not_searched"] + total["not_assessable"])
            if searched + blind == 0:
                cells.append(grid.words(numbers.MISSING))
                continue
            text = t("why.markers.cell", k=numbers.whole(total["detected"]), n=numbers.whole(searched))
            if blind:
                text += f"; {t('why.markers.blind', n=numbers.whole(blind))}"
            cells.append(Cell(text, numbers.exact(total["detected"])))
        rows.append(cells)
    return Grid(t("why.markers.overview"), columns, rows, t("why.markers.empty"))


def blind_entries(data: ReportData) -> int:
    """Marker entries of the MISEV2018 categories that were not searched or not assessable, over all samples."""
    return int(_of_misev(data)["status"].isin(["not_searched", "not_assessable"]).sum())


def _of_misev(data: ReportData) -> pd.DataFrame:
    """The rows of the MISEV2018 categories."""
    panels = data.markers["panel"]
    return data.markers[panels.isin([name for name in panels.cat.categories if name.startswith(PREFIX)])]


def _panels(data: ReportData, t: Catalogue) -> list[tuple[str, str, pd.DataFrame]]:
    """(panel, title, rows) of each MISEV2018 category in the order 1a, 1b, 2a, ..."""
    titles = dict(zip(data.families["panel"], data.families["title"], strict=True))
    return [
        (str(panel), short_title(t.title("panel", str(panel), titles.get(panel, "")), str(panel), t), part)
        for panel, part in _of_misev(data).groupby("panel", sort=True, observed=True)
    ]


def short_title(title: str, panel: str, t: Catalogue) -> str:
    """The title without the words that the section's heading already says."""
    short = title.removeprefix(t("why.misev_title"))
    return short if short != panel.replace("_", " ") else panel.removeprefix(PREFIX)


def _genes(part: pd.DataFrame) -> pd.DataFrame:
    """gene -> accession, detected (number of samples), most often detected first."""
    genes = part.assign(_detected=part["status"].eq("detected"))
    genes = genes.groupby("gene", sort=True, observed=True).agg(
        accession=("accession", "first"), detected=("_detected", "sum")
    )
    return genes.sort_values("detected", ascending=False, kind="stable")


@dataclass(frozen=True)
class Account:
    """One sample's contributions, strongest first within each score."""

    number: int
    sample: str
    verdict: str
    grids: list[Grid]


def accounts(data: ReportData, t: Catalogue) -> list[Account]:
    """Contributions and nearest reference samples of every sample; empty when there are too many samples, or no
    contributions.
    """
    if data.many or data.contributions.empty:
        return []
    titles = panel_titles(data)
    near = neighbours(data, t)
    by_sample = dict(list(_sorted_contributions(data).groupby("sample", sort=False)))
    columns = [
        Column(t("why.accounts.quantity")),
        Column(t("why.accounts.term")),
        Column(t("why.accounts.value"), numeric=True),
        Column(t("why.accounts.contribution"), numeric=True),
        Column(t("why.accounts.text"), wide=True),
    ]
    out = []
    for number, name in enumerate(data.names, start=1):
        part = by_sample.get(name)
        rows: list[list[Cell]] = []
        if part is not None:
            top = max(float(part["contribution"].abs().max(skipna=True) or 0), 1e-9)
            rows = [_summand(r, top, titles, t) for r in part.to_dict("records")]
        table = Grid(t("why.accounts.table", sample=name), columns, rows, t("why.accounts.sample_empty"))
        out.append(Account(number, name, data.verdict(name), [table, near.of(name)] if near.rows else [table]))
    return out


def panel_titles(data: ReportData) -> dict[str, str]:
    """What the tables call the panels."""
    return dict(zip(data.families["panel"], data.families["title"], strict=True))


def _summand(r: dict[Hashable, Any], top: float, titles: dict[str, str], t: Catalogue) -> list[Cell]:
    """The row of one contribution; ``top`` is the sample's strongest."""
    value = r["contribution"]
    return [
        grid.words(t.known("quantity", r["quantity"])),
        grid.words(sentences.term(r["term"], titles, t)),
        grid.significant(r["value"]),
        Cell(numbers.signed(value), numbers.exact(value), "bar", bar=_bar(value, top)),
        grid.words(sentences.contribution(r, titles, t)),
    ]


def _bar(value: float, top: float) -> tuple[float, float]:
    """Start and width of a bar about the middle, in per cent."""
    if numbers.missing(value):
        return 50.0, 0.0
    width = round(50 * abs(value) / top, 1)
    return (50.0, width) if value >= 0 else (round(50 - width, 1), width)


def _sorted_contributions(data: ReportData) -> pd.DataFrame:
    table = data.contributions
    order = {q: i for i, q in enumerate(("verdict", "identity", "purity_soluble", "purity_intracellular"))}
    keys = pd.DataFrame(
        {
            "sample": table["sample"],
            "quantity": table["quantity"].map(order).fillna(len(order)),
            "size": -table["contribution"].abs().fillna(0.0),
            "term": table["term"],
        }
    )
    return table.loc[keys.sort_values(["sample", "quantity", "size", "term"], kind="stable").index]


def _places(values: pd.Series, order: Sequence[str]) -> np.ndarray:
    """Where each value of a categorical column stands in ``order``, which holds them all."""
    place = {name: i for i, name in enumerate(order)}
    return np.array([place.get(name, -1) for name in values.cat.categories], dtype=int)[values.cat.codes]


def compact(data: ReportData, further: Sequence[SampleTable], t: Catalogue) -> str:
    """Markers, contributions and ``further`` tables of many samples as JSON for the page's script.

    ``panels[].cells`` holds one string per marker, two characters per sample in sheet order: the rank percentile 00..99
    or ** (100), ++ (seen, no rank), -- (not detected), // (not searched), ?? (not assessable), two blanks (no entry).
    ``contributions`` holds, per sample in sheet order, [index in ``terms``, value, contribution].
    """
    position = {name: i for i, name in enumerate(data.names)}
    panels = []
    for panel, title, part in _panels(data, t):
        genes = _genes(part)
        table = np.full((len(genes), len(data.names)), "  ", dtype="<U2")
        codes = part["status"].astype("str").map(_CODES).to_numpy(dtype="<U2")
        ranked = part["status"].eq("detected") & part["rank_percentile"].notna()
        level = (100 * part.loc[ranked, "rank_percentile"]).round().astype(int)
        codes[ranked.to_numpy()] = ["**" if v >= 100 else f"{v:02d}" for v in level]
        table[_places(part["gene"], list(genes.index)), _places(part["sample"], data.names)] = codes
        panels.append(
            {
                "panel": panel,
                "title": title,
                "genes": list(genes.index),
                "accessions": list(genes["accession"]),
                "cells": ["".join(line) for line in table],
            }
        )
    titles = panel_titles(data)
    terms: dict[tuple[str, str, str], int] = {}
    listed: list[list[list[object]]] = [[] for _ in data.names]
    for r in _sorted_contributions(data).to_dict("records"):
        words = (t.known("quantity", r["quantity"]), sentences.term(r["term"], titles, t))
        k = terms.setdefault((*words, sentences.contribution(r, titles, t)), len(terms))
        pair = [None if numbers.missing(v) else float(f"{v:.4g}") for v in (r["value"], r["contribution"])]
        listed[position[r["sample"]]].append([k, *pair])
    content = {
        "samples": data.names,
        "verdicts": [
            f"{VERDICT_SYMBOLS.get(v, '')} {t.known('verdict', v)}".strip() for v in map(data.verdict, data.names)
        ],
        "panels": panels,
        "terms": [list(k) for k in terms],
        "contributions": listed,
        **packed(further, data.names),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
