"""The model card: facts of the scoring model, and the card itself as blocks of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sevident.report import grid, numbers
from sevident.report.grid import Column, Grid
from sevident.report.text import Catalogue

_CLASSES = ("small_ev", "secretome", "serum", "cell_debris")
#: the card's own headings begin at this level of the page
_LEVEL = 3


@dataclass(frozen=True)
class Block:
    """A block of the card: ``kind`` is heading, text, items, numbered or table. ``level`` is that of a heading."""

    kind: str
    text: str = ""
    level: int = 0
    items: list[str] = field(default_factory=list)
    table: Grid | None = None


@dataclass(frozen=True)
class Card:
    """``facts`` of the model in the language of the page; ``blocks`` of the card, which is in English."""

    facts: Grid
    blocks: list[Block]


def card(markdown: str, version: object, counts: Mapping[str, tuple[int, int]], t: Catalogue) -> Card:
    """The card. ``counts``: class -> (samples, studies) that the model was fitted on; empty where it does not say."""
    rows = [[grid.words(t("card.version")), grid.count(version)]]
    if counts:
        total = sum(n for n, _ in counts.values())
        rows.append([grid.words(t("card.samples")), grid.count(total)])
        for name in _CLASSES:
            samples, studies = counts.get(name, (0, 0))
            told = t("card.samples_from", n=studies, samples=numbers.whole(samples))
            cell = grid.Cell(told, numbers.exact(samples))
            rows.append([grid.words(t("card.samples_of", label=t.known("verdict", name))), cell])
    columns = [Column(t("card.fact"), wide=True), Column(t("card.value"), numeric=True)]
    return Card(Grid(t("card.facts"), columns, rows), blocks(markdown))


def blocks(markdown: str) -> list[Block]:
    """Headings, paragraphs, lists and tables of a Markdown text; emphasis and code signs are taken off.

    Reads what the program that makes the card writes, no more: no nesting, no links, no HTML (which stays text).
    """
    out: list[Block] = []
    title = ""
    for chunk in re.split(r"\n\s*\n", markdown.strip()):
        lines = [line.rstrip() for line in chunk.split("\n") if line.strip()]
        while lines and (heading := re.match(r"(#+) (.+)", lines[0])):
            title = plain(heading[2])
            out.append(Block("heading", title, min(_LEVEL + len(heading[1]) - 1, 4)))
            lines = lines[1:]
        if not lines:
            continue
        if lines[0].startswith("|"):
            out.append(Block("table", table=_table(lines, title)))
        elif all(re.match(r"[-*] |  ", line) for line in lines):
            out.append(Block("items", items=_items(lines, r"[-*] ")))
        elif all(re.match(r"\d+\. |  ", line) for line in lines):
            out.append(Block("numbered", items=_items(lines, r"\d+\. ")))
        else:
            out.append(Block("text", plain(" ".join(line.strip() for line in lines))))
    return out


def plain(text: str) -> str:
    """Text without the signs of emphasis and code."""
    return re.sub(r"\*\*(.+?)\*\*", r"\1", text).replace("`", "")


def _items(lines: list[str], sign: str) -> list[str]:
    out: list[str] = []
    for line in lines:
        if re.match(sign, line) or not out:
            out.append(plain(re.sub(rf"^{sign}", "", line)))
        else:
            out[-1] += " " + plain(line.strip())
    return out


def _table(lines: list[str], title: str) -> Grid:
    rows = [[plain(cell.strip()) for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    head, body = rows[0], [row for row in rows[1:] if not all(set(cell) <= set(":- ") for cell in row)]
    columns = [Column(name or title, wide=i == 0) for i, name in enumerate(head)]
    return Grid(title, columns, [[grid.words(cell) for cell in row] for row in body])
