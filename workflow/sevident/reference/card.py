"""The model card: how the scoring model did on laboratories it never saw, as a page of Markdown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sevident.reference.evaluation import Judgement, calibration_error, decisions
from sevident.reference.model import EV, OTHERS, balanced_auc, study_balanced_weights
from sevident.scoring.model import ScoreModel

QUANTITIES = ("identity", "purity_soluble", "purity_intracellular", "p_small_ev")


def text(model: ScoreModel, judgement: Judgement, labels: pd.DataFrame) -> str:
    """Markdown of the card; every frame row by row with ``labels``."""
    held_out = judgement.results
    used = labels["sample_class"].isin([EV, *OTHERS])
    studies, laboratories = (labels.loc[used, column].nunique() for column in ("study", "laboratory"))
    lines = [
        "# Model card: identity, purity and class probabilities",
        "",
        "Made by `sevident reference`; the numbers below are of the model in this folder.",
        "",
        "**What it is.** An excess of vesicle-marker prominence over what intracellular material explains",
        "(identity), two log ratios of protein mass (soluble and intracellular purity), each on a logistic scale",
        "between two reference medians, and a logistic regression on three axes that names the alternative.",
        "The formulas are in `workflow/sevident/scoring`.",
        "",
        f"**What it was fitted on.** {int(used.sum())} labelled samples of {studies} public studies from",
        f"{laboratories} laboratories; every study of a class weighs the same. Samples whose label is",
        "contested, and fluids that hold vesicles of their own, are not fitted.",
        "",
        "**How it was judged.** Each laboratory in turn is left out, the model is fitted on the others, and the",
        "laboratory's samples are scored in absolute mode, without the references of their own study.",
        "",
        "## Area under the ROC curve, small EVs against the rest",
        "",
        "Every study and class weighs the same.",
        "",
        "| quantity | all | secretome | serum | cell debris |",
        "|---|---|---|---|---|",
    ]
    rows = [(quantity, held_out[quantity].to_numpy()) for quantity in QUANTITIES]
    rows += [(f"{name} [{i}]", values) for i, (name, (_, values)) in enumerate(judgement.formulas.items(), 1)]
    for name, values in rows:
        cells = [balanced_auc(values, labels, against) for against in (OTHERS, *((c,) for c in OTHERS))]
        lines.append(f"| {name} | " + " | ".join(f"{x:.3f}" for x in cells) + " |")
    lines += [
        "",
        "Purity asks a narrower question than identity: each axis is meant against its own kind of contaminant only.",
        "The numbered rows are formulas from elsewhere, re-implemented from their description:",
        "",
        *(f"{i}. {name}: {source}." for i, (name, (source, _)) in enumerate(judgement.formulas.items(), 1)),
        "",
        "## Verdicts",
        "",
        "With the intervals that the workflow asks for. In the first two rows every study of a class weighs the same.",
        "",
        "| | share |",
        "|---|---|",
        *(f"| {name} | {value:.1%} |" for name, value in _verdict_rows(held_out)),
        f"| calibration error of p_small_ev (10 bins) | {_calibration(held_out, labels):.3f} |",
        "",
        "## Dilution ladders in silico",
        "",
        "Spearman correlation of estimate and share, 0 to 100 % small EVs of one study in one sample of every other",
        f"study and class ({len(judgement.ladders)} ladders).",
        "",
        "| estimate | median | lowest | ladders of at least 0.99 |",
        "|---|---|---|---|",
        *(
            f"| {q} | {judgement.ladders[q].median():.3f} | {judgement.ladders[q].min():.3f} "
            f"| {int((judgement.ladders[q] >= 0.99).sum())} |"
            for q in ("identity", "purity", "p_small_ev")
        ),
        "",
        "Purity falls with the share where the small-EV sample itself is poorer on an axis than what it is mixed with.",
        "",
        "## Tables as others publish them",
        "",
        "| damage | identity within 0.1 | others called small_ev |",
        "|---|---|---|",
        *(
            f"| {name} | {_within(held_out, damage):.1%} | {_harm(damage)} |"
            for name, damage in judgement.damages.items()
        ),
        "",
        "## Estimates by study",
        "",
        "Medians; `called` counts the verdicts small_ev.",
        "",
        "| study | class | samples | identity | soluble purity | intracellular purity | called small_ev |",
        "|---|---|---|---|---|---|---|",
    ]
    table = held_out.assign(called=held_out["verdict"] == EV)
    for (study, kind), part in table.groupby(["study", "sample_class"], sort=True):
        medians = " | ".join(f"{part[q].median():.2f}" for q in QUANTITIES[:3])
        lines.append(f"| {study} | {kind} | {len(part)} | {medians} | {int(part['called'].sum())} |")
    lines += [
        "",
        "## Parameters",
        "",
        "| quantity | scores 0.1 at | 0.5 at | 0.9 at | unit |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {a.low:.3f} | {a.half:.3f} | {a.high:.3f} | {unit} |"
            for name, a, unit in (
                ("identity", model.identity, "excess prominence"),
                ("purity_soluble", model.purity_soluble, "log2 ratio of shares"),
                ("purity_intracellular", model.purity_intracellular, "log2 ratio of shares"),
            )
        ),
        "",
        f"Expected vesicle prominence per unit of intracellular prominence: {model.expected_slope:.3f}.",
        "",
        "## Limits",
        "",
        "- Small EVs come from few studies: the intervals cover the choice of proteins and of reference samples, not",
        "  how much the next laboratory may differ.",
        "- Panels, axes, least weight and limits were chosen while looking at these same left-out results, so the",
        "  numbers above are optimistic: only the fitted parameters are unseen. Fresh studies are the real test.",
        "- Secretome labels of some studies are inferred from their descriptions.",
        "- Vesicles from blood or ascites carry soluble protein: they score high on identity, low on soluble purity.",
        "",
    ]
    return "\n".join(lines)


def _known(results: pd.DataFrame) -> np.ndarray:
    return results["sample_class"].isin([EV, *OTHERS]).to_numpy()


def _verdict_rows(results: pd.DataFrame) -> list[tuple[str, float]]:
    told = decisions(results)
    return [
        ("labelled samples decided", told["decided"]),
        ("decided samples whose verdict is their label", told["right"]),
        ("secretome, serum and lysate samples called small_ev", told["harmful"]),
    ]


def _calibration(results: pd.DataFrame, labels: pd.DataFrame) -> float:
    known = _known(results)
    truth = (results["sample_class"] == EV).to_numpy(dtype=float)
    weights = study_balanced_weights(labels)
    return calibration_error(results["p_small_ev"].to_numpy()[known], truth[known], weights[known])


def _within(results: pd.DataFrame, damage: pd.DataFrame) -> float:
    known = _known(results)
    return float(((damage["identity"] - results["identity"]).abs() <= 0.1).to_numpy()[known].mean())


def _harm(damage: pd.DataFrame) -> int:
    return int(((damage["verdict"] == EV) & damage["sample_class"].isin(OTHERS)).sum())
