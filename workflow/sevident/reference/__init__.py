"""The reference: labelled public studies, the statistics derived from them and the model trained on them.

Only derived numbers (medians, spreads, frequencies, weights) leave this package; no row of a public table is kept.
"""

from __future__ import annotations

from pathlib import Path


def run(labels: str | Path, studies: str | Path, output: str | Path) -> None:
    """The stage behind ``sevident reference``, see ``reference.stage.run``."""
    from sevident.reference import stage

    stage.run(labels, studies, output)
