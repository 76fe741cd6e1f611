"""Tables of single samples: written out where there are few, else kept in one data block and built on demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sevident.report import grid
from sevident.report.data import ReportData
from sevident.report.grid import Cell, Column, Grid
from sevident.report.text import Catalogue


@dataclass(frozen=True)
class SampleTable:
    """Rows of every sample. ``caption`` is for the sample's own table, with ``{sample}`` in it; ``empty`` is said of a
    sample without rows.
    """

    caption: str
    columns: list[Column]
    rows: dict[str, list[list[Cell]]] = field(default_factory=dict)
    empty: str = ""

    def of(self, sample: str) -> Grid:
        """The table of one sample."""
        return Grid(self.caption.replace("{sample}", sample), self.columns, self.rows.get(sample, []), self.empty)

    def together(self, caption: str, heading: str, names: Sequence[str]) -> Grid:
        """All samples in one table, the sample's name first."""
        rows = [[grid.words(name), *row] for name in names for row in self.rows.get(name, [])]
        return Grid(caption, [Column(heading, wide=True), *self.columns], rows, self.empty)


def neighbours(data: ReportData, t: Catalogue) -> SampleTable:
    """The nearest labelled samples of the reference; ``empty`` says why there are none."""
    table = data.neighbours
    names = ("place", "study", "class", "subclass", "distance", "identity", "purity")
    numeric = {"place", "distance", "identity", "purity"}
    columns = [Column(t(f"neighbours.{name}"), numeric=name in numeric) for name in names]
    caption = t("neighbours.title", sample="{sample}")
    if table is None or table.empty:
        return SampleTable(caption, columns, {}, t(f"neighbours.{'no_table' if table is None else 'no_rows'}"))
    rows: dict[str, list[list[Cell]]] = {}
    for r in table.sort_values(["sample", "place"], kind="stable").to_dict("records"):
        rows.setdefault(str(r["sample"]), []).append(
            [
                grid.count(r["place"]),
                grid.words(r["study"]),
                grid.words(t.known("verdict", str(r["reference_class"]))),
                grid.words(t.title("class", str(r["subclass"]), "")),
                grid.significant(r["distance"]),
                grid.score(r["identity"]),
                grid.score(r["purity"]),
            ]
        )
    return SampleTable(caption, columns, rows, t("neighbours.sample_empty"))


def packed(tables: Sequence[SampleTable], names: Sequence[str]) -> dict[str, object]:
    """Tables of many samples for the page's script.

    ``texts`` holds every text once. ``tables[].rows`` has one list of rows per sample; a cell is the place of its text,
    or [place, exact value] where it has one, or [place, "", language] where its text is not in the page's.
    """
    places: dict[str, int] = {}

    def place(text: str) -> int:
        return places.setdefault(text, len(places))

    def cell(c: Cell) -> object:
        shown = place(f"{c.symbol} {c.text}" if c.symbol else c.text)
        if c.lang:
            return [shown, c.value, c.lang]
        return [shown, c.value] if c.value else shown

    out: list[Mapping[str, object]] = [
        {
            "caption": table.caption,
            "heads": [[c.label, c.numeric] for c in table.columns],
            "empty": table.empty,
            "rows": [[[cell(c) for c in row] for row in table.rows.get(name, [])] for name in names],
        }
        for table in tables
    ]
    return {"tables": out, "texts": list(places)}


def by_sample(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of each sample."""
    return {str(name): part for name, part in frame.groupby("sample", sort=False)}
