"""The section on risks: five kinds, and for each item its evidence, how strong it is, and what it cannot show."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import pandas as pd

from sevident.report import grid, numbers
from sevident.report.data import MANY_SAMPLES, ReportData
from sevident.report.detail import SampleTable
from sevident.report.grid import Cell, Column, Grid
from sevident.report.parts import Part, Section
from sevident.report.text import RISK_SYMBOLS, Catalogue
from sevident.tables import RISK_KINDS, RISK_STATUSES

STRENGTHS = ("none", "weak", "moderate", "strong")


def section(data: ReportData, t: Catalogue) -> Section:
    """The risks of a study, a part per kind."""
    table = data.risks
    if table is None or table.empty:
        return Section("risks", empty=t(f"risks.{'no_table' if table is None else 'no_rows'}"))
    return Section("risks", t("risks.intro"), parts=[_part(data, kind, t) for kind in RISK_KINDS])


def _part(data: ReportData, kind: str, t: Catalogue) -> Part:
    assert data.risks is not None  # noqa: S101  (for the type checker; see section)
    rows = data.risks[data.risks["risk"].eq(kind)]
    name = t(f"risk.{kind}")
    told = [t(f"risk_meaning.{kind}")]
    if rows.empty:
        return Part(name, told, empty=t("risks.none_of_kind"))
    if found := int(rows["status"].eq("found").sum()):
        told.append(t("risks.found", n=found))
    folded, notes = [], []
    samples = rows[rows["sample"].ne("")]
    if data.many and len(samples):
        notes.append(t("risks.on_demand", n=len(data.names), limit=MANY_SAMPLES))
    elif len(samples):
        folded.append(_sample_grid(data, samples, name, t))
    return Part(name, told, grids=[_overview(rows, name, t)], folded=folded, notes=notes)


def _overview(rows: pd.DataFrame, name: str, t: Catalogue) -> Grid:
    """A row per item: samples by status, the strongest evidence, the highest value, limits and source."""
    columns = [
        Column(t("risks.item"), wide=True),
        Column(t("risks.found_in"), numeric=True),
        Column(t("risks.otherwise")),
        Column(t("risks.strongest")),
        Column(t("risks.highest")),
        Column(t("risks.detected")),
        Column(t("risks.text"), wide=True),
        Column(t("risks.limits"), wide=True),
        Column(t("risks.source")),
    ]
    cells = [_item(part, t) for _, part in rows.groupby("item", sort=False)]
    if all(line[6].text == numbers.MISSING for line in cells):
        columns, cells = columns[:6] + columns[7:], [line[:6] + line[7:] for line in cells]
    return Grid(t("risks.overview.table", risk=name), columns, cells)


def _item(part: pd.DataFrame, t: Catalogue) -> list[Cell]:
    counts = part["status"].value_counts()
    first = part.iloc[0]
    found = part[part["status"].eq("found")]
    strongest = max(found["strength"], key=_grade, default="none")
    highest = part.sort_values("value", ascending=False, na_position="last", kind="stable").iloc[0].to_dict()
    proteins = dict.fromkeys(p for joined in found["detected"] for p in str(joined).split(";") if p)
    told = list(dict.fromkeys(part["text"]))
    otherwise = [f"{t(f'risk_status.{s}')} {counts[s]}" for s in RISK_STATUSES if s != "found" and s in counts.index]
    return [
        grid.words(t.title("risk_item", str(first["item"]), str(first["title"]))),
        grid.count(int(counts.get("found", 0))),
        grid.words(t.joined(otherwise) or numbers.MISSING),
        grid.words(_with_sample(t.known("strength", strongest), found[found["strength"].eq(strongest)], t)),
        _highest(highest, t),
        grid.words(_listed(list(proteins), t)),
        # sentences that differ from sample to sample stand in the table of samples
        grid.said(told[0], t) if len(told) == 1 else grid.words(numbers.MISSING),
        _limits(first["item"], t.joined(dict.fromkeys(filter(None, part["limits"])), "sentences"), t),
        grid.words(t.cited(part["source"])),
    ]


def _highest(r: dict[Hashable, Any], t: Catalogue) -> Cell:
    """The highest value of an item with its interval."""
    cell = grid.amount(r["value"], str(r["unit"]), t)
    ends = grid.amounts(r["low"], r["high"], str(r["unit"]), t)
    return replace(cell, text=f"{cell.text} ({ends.text})") if cell.value and ends.value else cell


def _limits(item: object, stated: str, t: Catalogue) -> Cell:
    """What mass spectrometry cannot show, from the catalogue where the page speaks another language."""
    key = f"risk_limits.{item}"
    return grid.words(t(key)) if stated and not t.as_tables and t.has(key) else grid.said(stated, t)


def _grade(strength: str) -> int:
    return STRENGTHS.index(strength) if strength in STRENGTHS else 0


def _with_sample(word: str, rows: pd.DataFrame, t: Catalogue) -> str:
    names = [str(name) for name in rows["sample"] if name]
    return t("list.colon", name=word, text=_listed(names, t, 3)) if names else word


def _listed(names: list[str], t: Catalogue, most: int = 12) -> str:
    shown = t.joined(names[:most])
    return shown if len(names) <= most else t("list.rest", names=shown, n=len(names) - most)


def _sample_columns(t: Catalogue) -> list[Column]:
    return [
        Column(t("risks.item"), wide=True),
        Column(t("risks.status")),
        Column(t("risks.strength")),
        Column(t("risks.value"), numeric=True),
        Column(t("risks.range"), numeric=True),
        Column(t("risks.detected")),
        Column(t("risks.text"), wide=True),
        Column(t("risks.limits"), wide=True),
        Column(t("risks.source")),
    ]


def _sample_row(r: dict[Hashable, Any], t: Catalogue) -> list[Cell]:
    return [
        grid.words(t.title("risk_item", str(r["item"]), str(r["title"]))),
        grid.word("risk_status", r["status"], RISK_SYMBOLS, t, "r-inconclusive" if r["status"] == "found" else ""),
        grid.words(t.known("strength", str(r["strength"]))),
        grid.amount(r["value"], str(r["unit"]), t),
        grid.amounts(r["low"], r["high"], str(r["unit"]), t),
        grid.words(t.joined(filter(None, str(r["detected"]).split(";")))),
        grid.said(r["text"], t),
        _limits(r["item"], r["limits"], t),
        grid.words(t.cited([r["source"]])),
    ]


def _sample_grid(data: ReportData, rows: pd.DataFrame, name: str, t: Catalogue) -> Grid:
    """Sample by sample; what is the same for an item in all samples stands in the table of items and not here."""
    columns = _sample_columns(t)
    keep = [i for i in range(len(columns)) if i not in (7, 8)]
    order = {sample: i for i, sample in enumerate(data.names)}
    rows = rows.iloc[sorted(range(len(rows)), key=lambda i: order[rows["sample"].iloc[i]])]
    cells = []
    for r in rows.to_dict("records"):
        line = _sample_row(r, t)
        cells.append([grid.words(r["sample"]), *(line[i] for i in keep)])
    heads = [Column(t("risks.sample"), wide=True), *(columns[i] for i in keep)]
    return Grid(t("risks.samples.table", risk=name), heads, cells)


def sample_table(data: ReportData, t: Catalogue) -> SampleTable:
    """Every item of every sample, for the detail view."""
    caption = t("list.colon", name=t("section.risks"), text="{sample}")
    table = data.risks
    if table is None or table.empty:
        return SampleTable(caption, [], {}, t(f"risks.{'no_table' if table is None else 'no_rows'}"))
    rows: dict[str, list[list[Cell]]] = {}
    for r in table[table["sample"].ne("")].to_dict("records"):
        rows.setdefault(str(r["sample"]), []).append([grid.words(t.known("risk", str(r["risk"]))), *_sample_row(r, t)])
    return SampleTable(caption, [Column(t("section.risks")), *_sample_columns(t)], rows, t("risks.none_of_kind"))
