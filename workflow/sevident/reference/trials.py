"""Sections on how the estimates stand up to trial: mixtures in silico, damaged tables, other random draws, fewer
laboratories."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sevident.reference.evaluation import MORE_SEEDS, SEED, Judgement
from sevident.reference.ladders import ESTIMATES, GOOD, PAIRS, RANDOM_PAIRS, REFERENCES
from sevident.reference.model import EV, OTHERS
from sevident.reference.section import CLASS_TITLES, Section, percent, rows_of, three
from sevident.scoring.verdict import LEFT_LIMIT


def ladders(j: Judgement) -> Section:
    """How the estimates follow the share of small EVs, across studies."""
    rows = [
        (q, three(j.ladders[q].median()), three(j.ladders[q].min()), str(int((j.ladders[q] >= GOOD).sum())))
        for q in ESTIMATES
    ]
    return Section(
        "ladders",
        "Dilution ladders in silico, across studies",
        (
            "Spearman correlation of estimate and share, 0 to 100% small EVs of one study in one sample of "
            "every other "
            f"study and class ({len(j.ladders)} ladders).",
        ),
        ("estimate", "median", "lowest", f"ladders of at least {GOOD}"),
        rows,
        (
            "Purity falls with the share where the small-EV sample itself is poorer on an axis than what it is "
            "mixed with.",
        ),
    )


def pairs(j: Judgement) -> Section:
    """How the odds follow the share, within a study."""
    rows = [
        (
            r.study,
            r.first,
            r.second,
            three(r.spearman),
            "yes" if r.monotone else "no",
            f"{r.lowest:.2f} to {r.highest:.2f}",
            f"{r.random_good} of {RANDOM_PAIRS}",
        )
        for r in rows_of(j.pairs)
    ]
    return Section(
        "pairs",
        "Dilution ladders in silico, within a study",
        (
            "Two classes of one study mixed: the odds of the first against the second must rise with its share. The "
            "first "
            "sample of each class, and in the last column random pairs of them: how many reach a Spearman correlation "
            "of "
            f"{GOOD}.",
        ),
        ("study", "first", "second", "Spearman", "monotone", "p(first) / (p(first) + p(second))", "random pairs"),
        rows,
    )


def mixtures(j: Judgement) -> Section:
    """What small EVs are called when they are thinned with other material."""
    studies = sorted(j.mixtures["study"].unique())
    rows = []
    for share, part in j.mixtures.groupby("share", sort=True):
        by_study = part.groupby("study")["small_ev"].mean()
        by_other = part.groupby("other")["small_ev"].mean()
        cells = [percent(float(by_study[s])) for s in studies] + [percent(float(by_other[c])) for c in OTHERS]
        rows.append((f"{float(str(share)):.0%}", *cells))
    return Section(
        "mixtures",
        "How pure a preparation must be to be called small_ev",
        (
            f"{PAIRS} random samples of each study of small EVs, mixed by protein mass with samples of every other "
            "study and class, and judged by the model that never saw the laboratory of the small EVs: share of the "
            "mixtures called small_ev, by study of the small EVs and by what they were mixed with.",
        ),
        ("share of small EVs", *studies, *(f"in {CLASS_TITLES[c]}" for c in OTHERS)),
        rows,
        (
            "Preparations differ in what they hold themselves: a quarter of one that is rich in vesicle proteins shows "
            "as much of them as the whole of another, and no table alone tells the two apart. Material of the same "
            "study as reference does, see the next table.",
        ),
    )


def mixtures_beside(j: Judgement) -> Section:
    """The same mixtures, judged beside references of the material that was mixed in."""
    rows = []
    for share, part in j.mixtures.groupby("share", sort=True):
        kinds = [part[part["other"] == other] for other in OTHERS]
        cells = [
            percent(_mean(mine[column], mine["compared"]))
            for mine in kinds
            for column in ("small_ev_alone", "small_ev_beside")
        ]
        rows.append((f"{float(str(share)):.0%}", *cells))
    titles = [f"in {CLASS_TITLES[c]}, {how}" for c in OTHERS for how in ("alone", "beside it")]
    return Section(
        "mixtures_beside",
        "What references of the study's own add",
        (
            f"The same mixtures where the study holds other samples of what the small EVs were mixed with: up to "
            f"{REFERENCES} of these serve as their source fluid, conditioned medium or lysate. Share of the mixtures "
            "called small_ev, without and with these references.",
        ),
        ("share of small EVs", *titles),
        rows,
        (
            "The comparison raises what stands above its references, and lets nothing pass of which more than half is "
            f"still reference ({LEFT_LIMIT:.0%} left; a half-and-half mixture is the limit). The references here are "
            "other "
            "donors, cell lines and treatments than what was mixed in; a study's own would be nearer.",
        ),
    )


def _mean(values: pd.Series, weights: pd.Series) -> float:
    """Weighted mean of the values that are there."""
    there = values.notna() & weights.gt(0)
    return float(np.average(values[there], weights=weights[there])) if there.any() else float("nan")


def beside(j: Judgement) -> Section:
    """Small EVs beside the references of their own group."""
    rows = [
        (
            r.study,
            CLASS_TITLES[str(r.other)],
            str(r.samples),
            str(r.references),
            *(f"{count} of {r.samples}" for count in (r.identity_above, r.purity_above)),
            f"{r.not_above_impure} of {r.not_above}",
            f"{r.left:.0%} ({r.left_low:.0%} to {r.left_high:.0%})",
            *(f"{count} of {r.samples}" for count in (r.small_ev_absolute, r.small_ev)),
        )
        for r in rows_of(j.beside[j.beside["sample_class"] == EV])
    ]
    others = j.beside[j.beside["sample_class"] != EV]
    return Section(
        "beside",
        "Small EVs beside the references of their own group",
        (
            "Samples labelled small EVs, judged with the material of their own study and group as reference, by the "
            "model "
            "that never saw the laboratory: how many score above every one of these references, whether those that do "
            "not "
            f"show as impure (more than {LEFT_LIMIT:.0%} of the references is left), how much of the references is "
            "left "
            "(median, lowest to highest), and how many are called small_ev without and with them.",
        ),
        (
            *("study", "references", "small EVs", "number of references", "identity above", "purity above"),
            *("of those not above, impure", "reference left", "small_ev alone", "small_ev beside them"),
        ),
        rows,
        (
            "Samples of the other classes, judged as if they were preparations beside other samples of their study and "
            f"group: {int(others['small_ev'].sum())} of {int(others['samples'].sum())} are called small_ev.",
        ),
    )


def redrawn(j: Judgement) -> Section:
    """How much the verdicts hang on the random draws behind the intervals."""
    rows = [
        (str(seed), percent(r.decided), percent(r.right), percent(r.harmful), percent(r.changed))
        for seed, r in zip((SEED, *MORE_SEEDS), rows_of(j.redrawn), strict=True)
    ]
    return Section(
        "redrawn",
        "Other random draws",
        (
            "Intervals rest on random draws, and a verdict near a limit may change with them. The same samples with "
            f"other seeds; every other number here is of seed {SEED}.",
        ),
        ("seed", "decided", "right of decided", "others called small_ev", "labelled samples with another verdict"),
        rows,
    )


def damages(j: Judgement) -> Section:
    """Tables stripped, halved or imputed."""
    return Section(
        "damages",
        "Tables as others publish them",
        (),
        ("damage", "identity within 0.1", "others called small_ev"),
        [(r.damage, percent(r.identity_within), str(r.called_small_ev)) for r in rows_of(j.damages)],
    )


def learning(j: Judgement) -> Section:
    """The estimates by the number of laboratories that were learnt from."""
    rows = []
    for size, part in j.learning.groupby("laboratories", sort=True):
        cells = [
            f"{part[q].mean():.3f} ({part[q].min():.3f} to {part[q].max():.3f})" for q in ("auc", "decided", "right")
        ]
        rows.append((str(size), str(len(part)), *cells, percent(part["harmful"].max())))
    return Section(
        "learning",
        "Learning curve over laboratories",
        (
            "The model is fitted on so many laboratories, drawn at random among the choices that hold all classes, and "
            "judged on one that is not among them. Mean of the draws (lowest to highest).",
        ),
        (
            "laboratories",
            "draws",
            "AUC of p_small_ev",
            "decided",
            "right of decided",
            "others called small_ev, at most",
        ),
        rows,
    )
