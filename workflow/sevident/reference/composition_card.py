"""The model card's section about composition, as lines of Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sevident.profiling.memberships import UNEXPLAINED, VESICULAR
from sevident.reference.composition_evaluation import (
    Held,
    agreement,
    authors_clusters,
    calibration_of,
    coverage,
    held_out,
    ladders,
    learning_curve,
    nested_coverage,
)
from sevident.reference.model import EV, OTHERS, balanced_auc
from sevident.reference.profiles import PRIOR, TEST_STUDIES

if TYPE_CHECKING:
    from sevident.panels import Registry
    from sevident.reference.labelled import Labelled

_SHOWN = (VESICULAR, "cytosol", "cytoskeleton", "secreted_ecm", "serum", UNEXPLAINED)


@dataclass(frozen=True)
class CompositionJudgement:
    """What was measured: rungs of ``ladders``, the factor of intervals and its ``nested_coverage``, left-out shares
    (samples x compartments), the vesicular share by the panels alone, and of the test study the ``agreement`` and
    ``learning_curve`` (None where its table is not there).
    """

    rungs: pd.DataFrame
    stretch: float
    nested: pd.Series
    shares: pd.DataFrame
    panels_alone: pd.Series
    samples: pd.DataFrame
    test: dict[str, float] | None
    curve: pd.DataFrame | None


def judge(data: Labelled, registry: Registry, studies: str | Path) -> CompositionJudgement:
    """Measure the composition on labelled studies, each laboratory left out in turn."""
    held = Held(data, registry)
    rungs = ladders(held)
    clusters = authors_clusters(studies, set(held.samples.index))
    return CompositionJudgement(
        rungs=rungs,
        stretch=round(calibration_of(rungs), 2),
        nested=nested_coverage(rungs),
        shares=held_out(held),
        panels_alone=held.fractions[held.means.place.eq(VESICULAR).to_numpy()].sum(),
        samples=held.samples,
        test=None if clusters is None else agreement(held, clusters),
        curve=None if clusters is None else learning_curve(held, clusters),
    )


def deviation(judged: CompositionJudgement) -> float:
    """The farthest that a mixture's composition lies from the line between its two components."""
    return float((judged.rungs["estimate"] - judged.rungs["line"]).abs().max())


def section(judged: CompositionJudgement) -> list[str]:
    """Markdown lines, from the heading to an empty last line."""
    rungs = judged.rungs
    vesicular = rungs[rungs["compartment"].eq(VESICULAR)]
    error = (rungs["estimate"] - rungs["truth"]).abs()
    lines = [
        "## Composition",
        "",
        "Shares of protein mass by compartment. What the panels list as vesicular, cytosol or cytoskeleton,",
        "and what no panel lists, is divided by fixed memberships: the share of the protein that would come from the",
        "vesicles in a mixture of equal parts of vesicles, cells, secretome and plasma (`memberships.tsv`). The panels",
        f"count as {PRIOR:.0f} further laboratories. Every number is of memberships learned without the laboratories",
        "of the samples in question.",
        "",
        f"In {rungs['ladder'].nunique()} ladders (pairs of studies and classes, 0 to 100%):",
        "",
        "| | value |",
        "|---|---|",
        f"| largest deviation from the straight line | {deviation(judged):.3f} |",
        f"| truth inside the 90% interval, factor {judged.stretch:.2f} chosen on all ladders | "
        f"{coverage(rungs, judged.stretch).mean():.1%} |",
        f"| the same, factor chosen on ladders of other laboratories | {judged.nested.mean():.1%} |",
        f"| the same, vesicular share alone | {coverage(vesicular, judged.stretch).mean():.1%} |",
        f"| without the factor | {coverage(rungs).mean():.1%} |",
        f"| error of the vesicular share, median and 90th percentile | {error[vesicular.index].median():.3f}, "
        f"{error[vesicular.index].quantile(0.9):.3f} |",
        "",
        "The truth of a ladder is the line between the mean compositions of the other samples of its two kinds (same",
        "study, class and reference group), as the whole reference sees them. Fractions of a gradient and preparations",
        "whose purity is unknown have no such others and are left out.",
        "",
        "Median left-out shares, per cent:",
        "",
        "| study | class | samples | " + " | ".join(name.replace("_", " ") for name in _SHOWN) + " |",
        "|---|---|---|" + "---|" * len(_SHOWN),
        *_medians(judged),
        "",
        "Study-balanced area under the ROC curve of the vesicular share, small EVs against all others: "
        f"{_auc(judged, judged.shares[VESICULAR])},",
        f"by the panels alone {_auc(judged, judged.panels_alone)}. A membership is the same in every sample, so a",
        "lysate keeps the vesicular part of its actin: the share is to be read beside those of lysates and media",
        "above, and no verdict rests on it.",
        "",
        *_test(judged),
    ]
    return lines


def _medians(judged: CompositionJudgement) -> list[str]:
    keys = [judged.samples["study"], judged.samples["subclass"]]
    rows = []
    for (study, subclass), part in judged.shares.groupby(keys, sort=True):
        cells = " | ".join(f"{100 * part[name].median():.1f}" if name in part else "" for name in _SHOWN)
        rows.append(f"| {study} | {subclass} | {len(part)} | {cells} |")
    return rows


def _auc(judged: CompositionJudgement, values: pd.Series) -> str:
    labels = judged.samples.reset_index()
    if not {EV, *OTHERS} <= set(labels["sample_class"]):
        return "not assessable"
    return f"{balanced_auc(values.to_numpy(), labels, OTHERS):.3f}"


def _test(judged: CompositionJudgement) -> list[str]:
    if judged.test is None or judged.curve is None:
        return []
    test = judged.test
    return [
        f"On `{TEST_STUDIES[0]}`, which teaches nothing, Spearman correlation with the share of its authors' vesicle",
        "clusters (C10 and C11):",
        "",
        "| estimate | Spearman |",
        "|---|---|",
        f"| vesicular share | {test['all']:.3f} |",
        f"| panels alone, without memberships | {test['panels']:.3f} |",
        f"| tetraspanins alone | {test['tetraspanins']:.3f} |",
        f"| both without haemoglobin | {test['both_without']:.3f} |",
        f"| vesicular share, were red-cell proteins divided | {test['red_cells_divided']:.3f} |",
        "",
        "The authors' clusters hold much haemoglobin (see above): preparations with few vesicles differ in",
        "them by little else. Dividing the proteins of red cells like those of other cytosol would agree best with",
        "these clusters. It is not done: haemolysis sets haemoglobin free, the reference holds no red-cell lysate",
        "to tell it from vesicles, and a haemolysed plasma must not look vesicular. Such a lysate, and more",
        "preparations from plasma beside their plasma, would decide it. The design was chosen with these numbers in",
        "view: for it, though not for any fitted number, the study is no longer unseen.",
        "",
        "By the number of laboratories whose vesicles the reference holds (all choices of so many):",
        "",
        "| laboratories | choices | median | lowest | highest |",
        "|---|---|---|---|---|",
        *(
            f"| {row.laboratories} | {row.subsets} | {row.median:.3f} | {row.lowest:.3f} | {row.highest:.3f} |"
            for row in judged.curve.itertuples()
        ),
        "",
    ]
