"""The stage behind ``sevident reference``: labelled public studies in, reference statistics out."""

from __future__ import annotations

from pathlib import Path


def run(labels: str | Path, studies: str | Path, output: str | Path) -> None:
    """Rebuild resources/reference in ``output`` from the label table and the folder of studies. Raises InputError."""
    from sevident.reference import statistics

    statistics.build(labels, studies, output)
    # MODEL: train on the Labelled that build() returns, and write the model card, here.
