"""The section on species: how much of each sample is bovine or of another species, and what was not searched."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sevident.report import grid, numbers
from sevident.report.data import ReportData
from sevident.report.grid import Cell, Column, Grid
from sevident.report.summary import listed
from sevident.report.text import STATUS_SYMBOLS, Catalogue

BOVINE = "bovine"
_SEARCHED, _NOT_SEARCHED = "searched", "not_searched"
_SIGN = STATUS_SYMBOLS[_NOT_SEARCHED]
#: column of tables.SPECIES with the estimate of the load that is named first
ESTIMATE = "apportioned_share"


@dataclass(frozen=True)
class Section:
    """``grids``: a title and a table per foreign species, bovine first; ``empty``: why there is nothing to tell."""

    sentences: list[str]
    grids: list[tuple[str, Grid]] = field(default_factory=list)
    empty: str = ""


def section(data: ReportData, organism: str, t: Catalogue) -> Section:
    """The species of a study of ``organism``: sentences, and a table per species other than the study's own."""
    platelets = _platelets(data, t)
    if data.species is None or data.species.empty:
        return Section(platelets, empty=t("species.no_table" if data.species is None else "species.no_rows"))
    foreign = data.species[data.species["species"].ne(organism)]
    if foreign.empty:
        return Section(platelets, empty=t("species.only_own", organism=organism))
    searched = foreign["status"].eq(_SEARCHED).any()
    empty = "" if searched else t("species.nothing_searched", organism=organism)
    if not searched and foreign["shared_share"].isna().all():
        return Section(platelets, empty=empty)
    names = sorted(foreign["species"].unique(), key=lambda name: (name != BOVINE, name))
    told = _told(foreign[foreign["species"].eq(BOVINE)], data.names, t) if searched else []
    return Section(told + platelets, [(_title(name, t), _grid(data, foreign, name, t)) for name in names], empty)


def _title(name: str, t: Catalogue) -> str:
    return t("species.title_serum") if name == BOVINE else t("species.title_other", species=name)


def _told(bovine: pd.DataFrame, order: list[str], t: Catalogue) -> list[str]:
    """What the table says of bovine protein, in sentences; the first in the sheet is named where several are equal."""
    if bovine.empty:
        return []
    told = [t("species.load")]
    searched = bovine[bovine["status"].eq(_SEARCHED)].set_index("sample")[ESTIMATE]
    loads = searched.reindex([name for name in order if name in searched.index]).dropna()
    if found := int(loads.gt(0).sum()):
        # the stage's warning gives the median of the samples that hold some, too
        shares = {"median": numbers.percent(loads[loads > 0].median()), "most": numbers.percent(loads.max())}
        told.append(t("species.found", n=len(loads), k=found, sample=loads.idxmax(), **shares))
    elif len(loads):
        told.append(t("species.none", n=len(loads)))
    if silent := len(searched) - len(loads):
        told.append(t("species.silent", n=silent))
    if blind := int(bovine["status"].eq(_NOT_SEARCHED).sum()):
        told.append(t("species.blind", n=blind))
    return told


def _platelets(data: ReportData, t: Catalogue) -> list[str]:
    """Human platelet lysate is human: the stage's warning is repeated where its reader looks for species."""
    named = set(data.warnings.loc[data.warnings["code"].eq("platelet_proteins"), "subject"])
    names = [name for name in data.names if name in named]
    return [t("species.platelets", n=len(names), names=listed(names, t))] if names else []


def _grid(data: ReportData, foreign: pd.DataFrame, name: str, t: Catalogue) -> Grid:
    rows = {str(row["sample"]): row for row in foreign[foreign["species"].eq(name)].to_dict("records")}
    columns = [
        Column(t("species.sample"), wide=True),
        Column(t("species.estimate"), numeric=True),
        Column(t("species.status")),
        Column(t("species.own"), numeric=True),
        Column(t("species.shared"), numeric=True),
        Column(t("species.peptides"), numeric=True),
        Column(t("species.note"), wide=True),
    ]
    cells = [[grid.words(sample), *_cells(rows.get(sample), t)] for sample in data.names]
    notes = {line[-1].text for line in cells}
    if len(notes) > 1:
        return Grid(t("species.caption", species=name), columns, cells)
    # what holds of all samples alike is said once
    caption = t("species.caption_note" if (note := notes.pop()) else "species.caption", species=name, note=note)
    return Grid(caption, columns[:-1], [line[:-1] for line in cells])


def _cells(row: Mapping[Hashable, Any] | None, t: Catalogue) -> list[Cell]:
    """One sample: a species that was not searched has a sign where a number would stand, never a zero."""
    if row is None:
        missing = grid.words(numbers.MISSING)
        return [missing, grid.words(t("species.no_row")), missing, missing, missing, grid.words("")]
    shared, note = grid.percent(row["shared_share"]), grid.said(row["note"], t)
    if row["status"] != _SEARCHED:
        blind = grid.words(t("species.not_searched"), symbol=_SIGN)
        none = grid.words(numbers.MISSING)
        return [blind, grid.words(t("species.not_searched"), symbol=_SIGN), none, _at_most(shared), none, note]
    estimate = grid.percent(row[ESTIMATE])
    key = "unmeasured" if not estimate.value else "none_found" if float(row[ESTIMATE]) == 0 else "searched"
    own, peptides = grid.percent(row["intensity_share"]), grid.count(row["peptides"])
    return [estimate, grid.words(t(f"species.{key}")), own, shared, peptides, note]


def _at_most(shared: Cell) -> Cell:
    return Cell(f"\u2264 {shared.text}", shared.value) if shared.value else shared
