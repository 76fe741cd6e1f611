"""Sections on how the estimates stand up to trial: mixtures in silico, damaged tables, other random draws, fewer
laboratories."""

from __future__ import annotations

from sevident.reference.evaluation import MORE_SEEDS, SEED, Judgement
from sevident.reference.ladders import ESTIMATES, PAIRS
from sevident.reference.model import OTHERS
from sevident.reference.section import CLASS_TITLES, Section, percent, rows_of, three


def ladders(j: Judgement) -> Section:
    """How the estimates follow the share of small EVs, across studies."""
    rows = [
        (q, three(j.ladders[q].median()), three(j.ladders[q].min()), str(int((j.ladders[q] >= 0.99).sum())))
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
        ("estimate", "median", "lowest", "ladders of at least 0.99"),
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
        )
        for r in rows_of(j.pairs)
    ]
    return Section(
        "pairs",
        "Dilution ladders in silico, within a study",
        ("Two classes of one study mixed: the odds of the first against the second must rise with its share.",),
        ("study", "first", "second", "Spearman", "monotone", "p(first) / (p(first) + p(second))"),
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
            "study as reference does.",
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
