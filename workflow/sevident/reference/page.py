"""The evaluation as a page in the report's style: one file, without scripts, that loads nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from sevident import __version__
from sevident.reference.section import Section
from sevident.report.page import ASSETS, environment

WIDTH, HEIGHT, LEFT, BOTTOM = 620, 260, 46, 34
_LINES = (
    ("auc", "AUC of p_small_ev", "#0072b2", ""),
    ("right", "right of decided", "#b35900", "6 3"),
    ("decided", "decided", "#555555", "2 3"),
)


def render(sections: Sequence[Section], learning: pd.DataFrame) -> str:
    """HTML text of the page. Pure: the same arguments give the same text."""
    style = (ASSETS / "report.css").read_text(encoding="utf-8")
    return (
        environment()
        .get_template("evaluation.html.jinja")
        .render(
            sections=sections,
            chart=chart(learning),
            version=__version__,
            style=Markup(style),  # noqa: S704  (a file of the package)
            policy="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
        )
    )


def chart(learning: pd.DataFrame) -> dict[str, object]:
    """Lines of the learning curve in the coordinates of an SVG of WIDTH x HEIGHT; the axis runs from 0.5 to 1."""
    sizes = sorted(int(s) for s in learning["laboratories"].unique())
    if not sizes:
        return {}
    means = {name: learning.groupby("laboratories")[name].mean().to_dict() for name, *_ in _LINES}
    span = max(sizes[-1] - sizes[0], 1)

    def x(size: int) -> float:
        return round(LEFT + (size - sizes[0]) / span * (WIDTH - LEFT - 20), 1)

    def y(value: float) -> float:
        return round((1.0 - max(0.5, min(1.0, value))) / 0.5 * (HEIGHT - BOTTOM - 10) + 10, 1)

    lines = []
    for name, title, colour, dash in _LINES:
        points = [(x(size), y(means[name][size])) for size in sizes]
        lines.append({"title": title, "colour": colour, "dash": dash, "points": points})
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "base": HEIGHT - BOTTOM,
        "lines": lines,
        "ticks": [(x(size), str(size)) for size in sizes],
        "levels": [(y(v), f"{v:.1f}") for v in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)],
    }
