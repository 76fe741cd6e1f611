"""What every figure is made of: colours, labels, layout, and the JSON that the page embeds.

Colours are Okabe and Ito's, which stay apart under the common kinds of colour blindness, and cividis for amounts; no
figure tells anything by colour alone. Sample names reach plotly escaped: it reads a small HTML of its own in labels.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sevident.report.grid import Grid

# Okabe M, Ito K. Color Universal Design (2008), the eight-colour set
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY = "#767676"
VERDICT_COLOURS = {
    "small_ev": BLUE,
    "secretome": ORANGE,
    "serum": VERMILLION,
    "cell_debris": PURPLE,
    "indeterminate": GREY,
    "": GREY,
}
#: the plotly signs that look like text.VERDICT_SYMBOLS
VERDICT_MARKERS = {
    "small_ev": "circle",
    "secretome": "triangle-up",
    "serum": "square",
    "cell_debris": "diamond",
    "indeterminate": "asterisk",
    "": "x-thin",
}
#: (colour, pattern) of the compartments; patterns set apart those that share a hue
COMPARTMENT_FILLS = {
    "vesicular": (BLUE, ""),
    "serum": (VERMILLION, ""),
    "lipoprotein": (VERMILLION, "/"),
    "immunoglobulin": (VERMILLION, "x"),
    "bovine_serum": (BLACK, "."),
    "secreted_ecm": (ORANGE, ""),
    "nucleus": (PURPLE, ""),
    "mitochondrion": (PURPLE, "/"),
    "er_golgi": (PURPLE, "x"),
    "ribosome": (GREEN, ""),
    "proteasome": (GREEN, "/"),
    "cytosol": (SKY, ""),
    "cytoskeleton": (SKY, "/"),
    "erythrocyte": (YELLOW, ""),
    "platelet": (YELLOW, "/"),
}
_OTHER_FILLS = (("#E3E3E3", ""), ("#BDBDBD", ""), ("#BDBDBD", "/"), ("#9A9A9A", ""), ("#9A9A9A", "x"))
#: fonts of the reader's system, those with Japanese among them (the page's style has the same)
FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, 'Hiragino Sans', 'Yu Gothic UI', 'Yu Gothic', Meiryo, "
    "'Noto Sans CJK JP', 'Noto Sans JP', sans-serif"
)
_LABEL = 30
_MOST_LABELS = 90


@dataclass(frozen=True)
class Figure:
    """A figure of the page; ``json`` is empty when there is nothing to draw, and then ``grid.empty`` says why.

    Height and widths in CSS pixels; a figure wider than the page scrolls in its own box. ``narrow_width`` is the least
    width on narrow screens, where the names of rows stand beside the figure and stay; 0: as wide as the screen.
    """

    name: str
    title: str
    captions: list[str]
    grid: Grid
    json: str = ""
    height: int = 0
    min_width: int = 0
    max_width: int = 0
    notes: list[str] = field(default_factory=list)
    narrow_width: int = 0


def label(text: object, limit: int = _LABEL) -> str:
    """Foreign text for a plotly label: shortened in the middle, with plotly's HTML made inert."""
    plain = str(text)
    if len(plain) > limit:
        head = (limit - 1) * 2 // 3
        plain = plain[:head] + "…" + plain[-(limit - 1 - head) :]
    return inert(plain)


def inert(text: str) -> str:
    """Text that plotly shows as it is: no tags, and no dollar signs, which it takes for formulas."""
    return html.escape(text, quote=False).replace("$", "&#36;")


def first_words(text: object, limit: int = 40) -> str:
    """A title for a plotly label: its beginning, inert."""
    plain = str(text)
    return inert(plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…")


def wrapped(text: object, width: int) -> str:
    """A title for a plotly label on as many lines as it needs, inert.

    ``width`` counts narrow signs; East Asian ones take two and a line may end after any of them.
    """
    lines, filled = [""], 0
    for piece in re.findall(r"\s+|[^\s\u2e80-\uffff]+|\S", str(text)):
        size = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in piece)
        if filled and filled + size > width:
            lines.append("")
            filled = 0
        if filled or not piece.isspace():
            lines[-1] += piece
            filled += size
    return "<br>".join(inert(line.rstrip()) for line in lines)


def full_label(text: object) -> str:
    """Foreign text for a hover box: whole up to 120 characters, inert."""
    return label(text, 120)


def fill(compartment: str, others: Sequence[str]) -> tuple[str, str]:
    """(colour, pattern) of a compartment; those without a place of their own are greys in the order of ``others``."""
    if compartment in COMPARTMENT_FILLS:
        return COMPARTMENT_FILLS[compartment]
    return _OTHER_FILLS[list(others).index(compartment) % len(_OTHER_FILLS)]


def tint(colour: str, pattern: str) -> str:
    """The colour, paler the denser its pattern: what print shows, where patterns would become large pictures."""
    share = {"": 0.0, "/": 0.5, "x": 0.75, ".": 0.4}[pattern]
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(c + (255 - c) * share):02x}" for c in channels)


def trace(kind: str, **settings: Any) -> dict[str, Any]:
    """A trace of plotly.js; what is None is left to plotly."""
    return {"type": kind, **{name: value for name, value in settings.items() if value is not None}}


def layout(height: int, **settings: Any) -> dict[str, Any]:
    """The look that all figures share."""
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 60, "r": 20, "t": 20, "b": 50},
        "font": {
            "family": FONTS,
            "size": 12,
            "color": "#1d2733",
        },
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "#ffffff",
        "hoverlabel": {"align": "left", "bgcolor": "#ffffff", "font": {"color": "#1d2733"}},
        "dragmode": False,
    }
    return {**base, **settings}


def axis(title: str = "", **settings: Any) -> dict[str, Any]:
    """A plain axis with a light grid."""
    base: dict[str, Any] = {
        "gridcolor": "#e4e8ec",
        "zeroline": False,
        "linecolor": "#8a95a1",
        "automargin": True,
        "fixedrange": True,
    }
    if title:
        base["title"] = {"text": title, "standoff": 8}
    return {**base, **settings}


def places(labels: Sequence[str], **settings: Any) -> dict[str, Any]:
    """An axis of inert labels at the positions 0, 1, 2, ..., so that names such as '1' and '2024-01-01' stay names.

    Where there are more than can be read side by side, every second, third, ... has its label; hover boxes name all.
    """
    step = -(-len(labels) // _MOST_LABELS) or 1
    return axis(
        tickmode="array",
        tickvals=list(range(0, len(labels), step)),
        ticktext=list(labels[::step]),
        range=[-0.5, len(labels) - 0.5],
        showgrid=False,
        **settings,
    )


def error_bars(value: pd.Series, low: pd.Series, high: pd.Series, colour: str) -> dict[str, Any]:
    """Asymmetric error bars from an interval; none where a bound is missing."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [rounded(v) for v in (high - value).clip(lower=0).fillna(0)],
        "arrayminus": [rounded(v) for v in (value - low).clip(lower=0).fillna(0)],
        "thickness": 1,
        "width": 3,
        "color": colour,
    }


def heading(text: str, x: float, y: float) -> dict[str, Any]:
    """The heading of one panel of a figure, at its upper left corner in paper coordinates; ``text`` is inert."""
    place = {"xref": "paper", "yref": "paper", "x": x, "y": y, "xanchor": "left", "yanchor": "bottom"}
    return {**place, "text": f"<b>{text}</b>", "showarrow": False}


def as_json(
    traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], narrow: Mapping[str, Any] | None = None
) -> str:
    """A figure as plotly.js reads it, in JSON with its keys in a fixed order.

    ``narrow`` holds the parts of the layout that are others on narrow screens.

    The schema of plotly.js is written out here and checked by plotly's Python library in the tests: building figures
    with that library takes longer than all else of a page.
    """
    content = {"data": list(traces), "layout": layout, **({"narrow": narrow} if narrow else {})}
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def rounded(value: Any, digits: int = 4) -> float | None:
    """A number for a figure; None where missing, which plotly leaves empty."""
    number = float(value) if value is not None else float("nan")
    return None if number != number else round(number, digits)  # noqa: PLR0124  (NaN is the one number unlike itself)
