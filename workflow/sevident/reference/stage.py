"""The stage behind ``sevident reference``: labelled public studies in, reference statistics and scoring model out."""

from __future__ import annotations

from pathlib import Path


def run(labels: str | Path, studies: str | Path, output: str | Path) -> None:
    """Rebuild resources/reference in ``output`` from the label table and the folder of studies. Raises InputError."""
    from sevident import panels
    from sevident.reference import composition_card, model, profiles, statistics

    labelled = statistics.build(labels, studies, output)
    registry = panels.load()
    model.train(labelled, registry, Path(output))
    judged = composition_card.judge(labelled, registry, studies)
    profiles.write(profiles.means(labelled, registry), judged.stretch, output)
    card = Path(output) / "model_card.md"
    text = card.read_text(encoding="utf-8").rstrip("\n")
    statistics.write_text(card, "\n".join([text, "", *composition_card.section(judged)]))
