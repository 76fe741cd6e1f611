"""The stage behind ``sevident reference``: labelled public studies in, reference statistics and scoring model out."""

from __future__ import annotations

from pathlib import Path


def run(labels: str | Path, studies: str | Path, output: str | Path) -> None:
    """Rebuild resources/reference in ``output`` from the label table and the folder of studies. Raises InputError."""
    from sevident import panels
    from sevident.reference import model, statistics

    labelled = statistics.build(labels, studies, output)
    model.train(labelled, panels.load(), Path(output))
