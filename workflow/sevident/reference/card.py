"""The model card: how the scoring model did on laboratories it never saw, as a page of Markdown."""

from __future__ import annotations

import pandas as pd

from sevident.reference.model import EV, OTHERS, balanced_auc
from sevident.scoring.model import ScoreModel
from sevident.scoring.verdict import IDENTITY_LIMIT, PURITY_LIMIT

QUANTITIES = ("identity", "purity_soluble", "purity_intracellular", "p_small_ev")


def text(model: ScoreModel, held_out: pd.DataFrame, labels: pd.DataFrame) -> str:
    """Markdown of the card. ``held_out`` as from ``leave_one_laboratory_out``, row by row with ``labels``."""
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
    for quantity in QUANTITIES:
        values = held_out[quantity].to_numpy()
        cells = [balanced_auc(values, labels, against) for against in (OTHERS, *((c,) for c in OTHERS))]
        lines.append(f"| {quantity} | " + " | ".join(f"{x:.3f}" for x in cells) + " |")
    lines += [
        "",
        "Purity asks a narrower question than identity: each axis is meant against its own kind of contaminant only.",
        "",
        "## Estimates by study",
        "",
        f"`called` counts samples with identity of at least {IDENTITY_LIMIT} and purity of at least",
        f"{PURITY_LIMIT} on both axes, before intervals are asked for; the workflow is stricter.",
        "",
        "| study | class | samples | identity | soluble purity | intracellular purity | called small_ev |",
        "|---|---|---|---|---|---|---|",
    ]
    called = (held_out["identity"] >= IDENTITY_LIMIT) & (
        held_out[["purity_soluble", "purity_intracellular"]].min(axis=1) >= PURITY_LIMIT
    )
    table = held_out.assign(called=called)
    for (study, name), part in table.groupby(["study", "sample_class"], sort=True):
        medians = " | ".join(f"{part[q].median():.2f}" for q in QUANTITIES[:3])
        lines.append(f"| {study} | {name} | {len(part)} | {medians} | {int(part['called'].sum())} |")
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
        "- Small EVs come from few studies: the intervals cover the choice of proteins and of reference",
        "samples, not how   much the next laboratory may differ.",
        "- Secretome labels of some studies are inferred from their descriptions.",
        "- Vesicles from blood or ascites carry soluble protein: they score high on identity, low on soluble purity.",
        "",
    ]
    return "\n".join(lines)
