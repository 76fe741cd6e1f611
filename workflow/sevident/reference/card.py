"""The model card: how the scoring model did on laboratories it never saw, as a page of Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from sevident.reference.section import Section


def text(sections: Sequence[Section]) -> str:
    """Markdown of the sections."""
    lines = [
        "# Model card: identity, purity and class probabilities",
        "",
        "Made by `sevident reference`; the numbers below are of the model in this folder.",
    ]
    for section in sections:
        lines += ["", f"## {section.title}", ""]
        for paragraph in section.text:
            lines += [*_wrapped(paragraph), ""]
        if section.rows:
            lines += [_row(section.columns), "|" + "---|" * len(section.columns)]
            lines += [*(_row(cells) for cells in section.rows), ""]
        if section.key == "limits":
            for remark in section.remarks:
                lines += textwrap.wrap(remark, 110, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
        else:
            for remark in section.remarks:
                lines += [*_wrapped(remark), ""]
        while lines[-1] == "":
            lines.pop()
    return "\n".join(lines) + "\n"


def _wrapped(paragraph: str) -> list[str]:
    return textwrap.wrap(paragraph, 110, break_long_words=False, break_on_hyphens=False)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
