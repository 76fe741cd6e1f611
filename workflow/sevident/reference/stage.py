"""What stands behind ``sevident reference`` and ``sevident evaluate``: labelled public studies in, reference
statistics, the scoring model, and what they are worth out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sevident.reference.composition_card import CompositionJudgement
    from sevident.reference.evaluation import Judgement
    from sevident.reference.labelled import Labelled
    from sevident.scoring.model import ScoreModel


def run(labels: str | Path, studies: str | Path, output: str | Path) -> None:
    """Rebuild resources/reference in ``output`` from the label table and the folder of studies. Raises InputError."""
    from sevident import panels
    from sevident.reference import composition_card, profiles, statistics
    from sevident.scoring import model as models
    from sevident.scoring import neighbours
    from sevident.tables import write_table

    output = Path(output)
    labelled = statistics.build(labels, studies, output)
    model, judgement = _judged(labelled, Path(studies))
    models.save(model, output / "model.json")
    write_table(judgement.samples, neighbours.REFERENCE, output / neighbours.FILE)
    registry = panels.load()
    composition = composition_card.judge(labelled, registry, studies)
    profiles.write(profiles.means(labelled, registry), composition.stretch, output)
    _write_card(model, judgement, composition, labelled, output)


def evaluate(labels: str | Path, studies: str | Path, output: str | Path) -> None:
    """Write evaluation.html, model_card.md and the tables behind them (tables/*.tsv) to ``output``.

    Raises InputError.
    """
    from sevident import panels
    from sevident.reference import account, composition_card, labelled, page
    from sevident.tables import to_tsv

    output = Path(output)
    data = labelled.load(labels, studies)
    model, judgement = _judged(data, Path(studies))
    frames = {
        "results": judgement.results,
        "formulas": judgement.auc,
        "verdicts": judgement.verdicts,
        "reasons": judgement.reasons,
        "calibration": judgement.calibration,
        "ladders_across_studies": judgement.ladders,
        "ladders_within_studies": judgement.pairs,
        "damages": judgement.damages,
        "mixtures": judgement.mixtures,
        "beside_references": judgement.beside,
        "redrawn": judgement.redrawn,
        "plasma": judgement.plasma,
        "plasma_learning_curve": judgement.plasma_curve,
        "learning_curve": judgement.learning,
        "silac": judgement.silac,
    }
    for name, frame in frames.items():
        _write(output / "tables" / f"{name}.tsv", to_tsv(frame))
    composition = composition_card.judge(data, panels.load(), studies)
    told = account.sections(model, judgement, data.samples.reset_index(drop=True), composition)
    _write(output / "evaluation.html", page.render(told, judgement.learning))
    _write(output / "tables" / "composition_ladders.tsv", to_tsv(composition.rungs))
    _write_card(model, judgement, composition, data, output)


def _judged(labelled: Labelled, studies: Path) -> tuple[ScoreModel, Judgement]:
    """The model fitted on all labelled studies, and its evaluation on laboratories left out."""
    from dataclasses import replace

    from sevident import panels
    from sevident.reference import evaluation
    from sevident.reference.model import EV, OTHERS, fit, signature_of
    from sevident.score import member_weights

    registry = panels.load()
    members = member_weights(registry)
    labels = labelled.samples.reset_index(drop=True)
    fractions = labelled.fractions[labels["sample_id"]]
    used = labels[labels["sample_class"].isin([EV, *OTHERS])]
    counts = used.groupby(["study", "sample_class"]).size().reset_index(name="samples")
    provenance: dict[str, object] = {
        "made_by": "sevident reference",
        "samples": dict(zip(counts["study"] + ": " + counts["sample_class"], counts["samples"].tolist(), strict=True)),
    }
    model = replace(fit(signature_of(fractions, members), labels), provenance=provenance)
    return model, evaluation.judge(fractions, labels, members, registry, model, studies)


def _write_card(
    model: ScoreModel,
    judgement: Judgement,
    composition: CompositionJudgement,
    labelled: Labelled,
    output: Path,
) -> None:
    from sevident.reference import account, card, composition_card

    told = account.sections(model, judgement, labelled.samples.reset_index(drop=True), composition)
    scores = card.text(told)
    _write(output / "model_card.md", "\n".join([scores.rstrip("\n"), "", *composition_card.section(composition)]))


def _write(path: Path, text: str) -> None:
    from sevident.tables import write_atomically

    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8", newline=""))
