"""What a section of the page is made of, in the order in which it is read; one template shows every such section."""

from __future__ import annotations

from dataclasses import dataclass, field

from sevident.report.figures import Figure
from sevident.report.grid import Grid


@dataclass(frozen=True)
class Part:
    """A part of a section under a heading of its own.

    ``folded`` grids stand behind their caption and are opened by the reader; ``notes`` say what is left out and why.
    """

    title: str
    sentences: list[str] = field(default_factory=list)
    figure: Figure | None = None
    grids: list[Grid] = field(default_factory=list)
    folded: list[Grid] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    empty: str = ""


@dataclass(frozen=True)
class Section:
    """``name`` is its anchor and, under ``section.``, its heading; ``empty`` says why there is nothing to show."""

    name: str
    intro: str = ""
    sentences: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    empty: str = ""
