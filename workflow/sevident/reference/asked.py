"""What was asked of the scores, what is reached, and what would close the lines that are not met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sevident.reference.composition_card import CompositionJudgement, deviation
from sevident.reference.composition_evaluation import coverage
from sevident.reference.evaluation import OWN, Judgement
from sevident.reference.ladders import GOOD, RANDOM_PAIRS
from sevident.reference.measures import calibration_error, decisions
from sevident.reference.model import EV, OTHERS
from sevident.reference.section import CLASS_TITLES, Section, percent, rows_of, three

#: agreement with the authors' clusters of plasma preparations that was asked for
_PLASMA = 0.92


@dataclass(frozen=True)
class Line:
    """One number that was asked for. ``why`` and ``closes`` are shown where it is missed: the cause as far as it is
    known, and the data that would close it.
    """

    title: str
    value: float
    limit: float
    shown: Callable[[float], str]
    most: bool = False
    why: str = ""
    closes: str = ""

    @property
    def met(self) -> bool:
        """Whether the value lies on the right side of the limit."""
        return self.value <= self.limit if self.most else self.value >= self.limit

    @property
    def short(self) -> str:
        """How far the value lies from the limit."""
        apart = abs(self.limit - self.value)
        return f"{100 * apart:.1f} percentage points" if self.shown is percent else self.shown(apart)

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Title, value, limit and yes or no."""
        limit = f"at {'most' if self.most else 'least'} {self.shown(self.limit)}"
        return self.title, self.shown(self.value), limit, "yes" if self.met else "no"


def sections(judgement: Judgement, composition: CompositionJudgement | None) -> list[Section]:
    """The table of lines, and a section on those that are not met."""
    told = lines(judgement, composition)
    missed = [line for line in told if not line.met]
    requirements = Section(
        "requirements",
        "What was asked and what is reached",
        (),
        ("line", "reached", "asked", "met"),
        [line.row for line in told],
    )
    if not missed:
        return [requirements]
    paragraphs = [
        f"{line.title}: reached {line.row[1]}, {line.short} short of what was asked. {line.why} What would close it: "
        f"{line.closes or 'not known'}."
        for line in missed
    ]
    return [requirements, Section("unmet", "The lines that are not met, and what would close them", paragraphs)]


def lines(j: Judgement, composition: CompositionJudgement | None) -> list[Line]:
    """Every line; those of the composition where it was judged."""
    told = decisions(j.results)
    auc: Any = j.auc.set_index("quantity")
    own = auc.loc["p_small_ev"]
    rivals = float(auc.drop(index=list(OWN))["all"].max())
    few = _few(j)
    out = [
        Line("AUC of p_small_ev, all classes", own["all"], 0.97, three, closes=few),
        *(Line(f"AUC of p_small_ev against {CLASS_TITLES[c]}", own[c], 0.95, three, closes=few) for c in OTHERS),
        Line("AUC of p_small_ev above that of the best formula from elsewhere", own["all"], rivals, three, closes=few),
        Line("samples decided", told["decided"], 0.8, percent, why=_curve(j, "decided"), closes=few),
        Line("decided samples that are right", told["right"], 0.95, percent, why=_wrong(j), closes=_WRONG_DATA + few),
        Line("others called small_ev", told["harmful"], 0.01, percent, most=True, closes=few),
        *_beside(j),
        Line("calibration error", calibration_error(j.calibration), 0.06, three, most=True, closes=few),
        *_ladders(j),
        Line("identity within 0.1 in damaged tables, the least", j.damages["identity_within"].min(), 0.9, percent),
        Line("damaged tables: others called small_ev", j.damages["called_small_ev"].max(), 0, str, most=True),
    ]
    if not j.silac.empty:
        wrong = int(j.silac["agrees"].eq("no").sum())
        out.append(Line("markers whose weight differs in sign from the measured ratio", wrong, 0, str, most=True))
    for r in rows_of(j.plasma[j.plasma["quantity"] == "identity"]):
        title = "plasma preparations, not fitted: Spearman of identity with the authors' vesicle clusters"
        why = _haemoglobin(r)
        if not j.plasma_curve.empty:
            steps = j.plasma_curve.groupby("laboratories")["clusters"].mean()
            told_steps = ", ".join(f"{three(float(value))} from {size}" for size, value in steps.items())
            why += f" Learning curve: {told_steps} laboratories."
        out.append(Line(title, r.clusters, _PLASMA, three, why=why, closes=_PLASMA_DATA))
    return out + ([] if composition is None else _composition(composition, j.plasma))


def _few(j: Judgement) -> str:
    studies = j.verdicts.groupby("sample_class")["study"].nunique()
    return (
        "conditioned media and body fluids other than blood, measured beside small EVs and lysate of the same source "
        f"in more laboratories (secretome comes from {studies.get('secretome', 0)} studies, small EVs from "
        f"{studies.get(EV, 0)})"
    )


def _curve(j: Judgement, quantity: str) -> str:
    """What the learning curve says of a quantity."""
    if j.learning.empty:
        return ""
    means = j.learning.groupby("laboratories")[quantity].mean()
    steps = ", ".join(f"{percent(float(value))} from {size}" for size, value in means.items())
    return f"Learning curve: {steps} laboratories."


def _wrong(j: Judgement) -> str:
    """Where the wrong verdicts come from."""
    known = j.results[j.results["sample_class"].isin([EV, *OTHERS]) & j.results["verdict"].ne("indeterminate")]
    wrong = known[known["verdict"] != known["sample_class"]]
    kinds = wrong.groupby(["study", "sample_class", "verdict"], sort=True).size().reset_index(name="count")
    listed = ", ".join(
        f"{r['count']} of {r['study']} labelled {r['sample_class']} and called {r['verdict']}"
        for r in kinds.to_dict("records")
    )
    return (
        f"The wrong verdicts are: {listed}. {percent(decisions(j.results)['told'])} say rightly whether it is small "
        "EVs. " + _curve(j, "right")
    )


_WRONG_DATA = (
    "unbound fractions of ascites, urine and the like from three or more laboratories, since what is left over of a "
    "body fluid is no conditioned medium and the four classes have no place of its own for it; "
)
_PLASMA_DATA = (
    "preparations from plasma with a measure of vesicles other than mass spectrometry, beside their plasma and a "
    "lysate of red cells from the same donors; more studies like those at hand would not"
)


def _haemoglobin(r: Any) -> str:
    return (
        f"Haemoglobin is {r.haemoglobin:.0%} of the clusters' mass in the median preparation; without it the "
        "correlation "
        f"is {three(r.without_haemoglobin)}. It cannot be counted as cargo of red-cell vesicles: these would bring "
        f"their membrane along, but the membrane proteins of red cells weigh from {r.membrane_low:.4f} to "
        f"{r.membrane_high:.2f} of the haemoglobin (10th to 90th percentile of the preparations), so that most of it "
        "is free in some and not in others."
    )


def _beside(j: Judgement) -> list[Line]:
    """Small EVs above the references of their own group, or shown as impure; others not taken for small EVs there."""
    if j.beside.empty:
        return []
    vesicles = j.beside["sample_class"] == EV
    own = j.beside[vesicles][["samples", "not_above", "not_above_impure"]].sum()
    above = int(own["samples"] - own["not_above"])
    title = (
        "small EVs above every reference of their group in identity and purity, or shown as impure "
        f"({above} above, {own['not_above_impure']} impure, of {own['samples']})"
    )
    harm = j.beside[~vesicles]
    return [
        Line(title, (above + own["not_above_impure"]) / own["samples"], 1.0, percent),
        Line(
            "others beside material of their own group called small_ev",
            harm["small_ev"].sum() / max(harm["samples"].sum(), 1),
            0.01,
            percent,
            most=True,
        ),
    ]


def _ladders(j: Judgement) -> list[Line]:
    good = (j.ladders[["identity", "p_small_ev"]] >= GOOD).mean()
    short = j.ladders.loc[j.ladders["p_small_ev"] < GOOD, "first"].value_counts()
    which = ", ".join(f"{count} ladders of {first}" for first, count in short.items())
    inside = j.pairs["spearman"] >= GOOD
    return [
        Line(
            f"ladders across studies in which identity follows the share (Spearman {GOOD})",
            good["identity"],
            1,
            percent,
        ),
        Line(
            f"ladders across studies in which p_small_ev follows the share (Spearman {GOOD})",
            good["p_small_ev"],
            1,
            percent,
            why=f"Short are {which}: the probability is capped by the poorer purity, and preparations that are rich in "
            "soluble protein themselves bring it along with every step. The cap is meant so.",
            closes="purer preparations of the same source",
        ),
        Line(
            f"ladders within a study that follow the share (Spearman {GOOD})",
            float(inside.mean()),
            1,
            percent,
            why=_leaky(j.pairs[~inside]),
            closes="conditioned media of cells of which it is known how many were alive, to show where a medium ends "
            "and a lysate begins",
        ),
    ]


def _leaky(short: pd.DataFrame) -> str:
    """Why ladders between two materials of one study go back a step."""
    return " ".join(
        f"{r.study}, {r.first} in {r.second}, the first sample of each: {three(r.spearman)}. The one holds "
        f"{r.soluble_first:.1%}, the other {r.soluble_second:.1%} soluble protein by mass, so that little tells them "
        "apart, "
        f"as where a medium is mostly leaked cell content; of random pairs {r.random_good} of {RANDOM_PAIRS} reach "
        f"{GOOD}."
        for r in rows_of(short)
    )


def _composition(judged: CompositionJudgement, plasma: pd.DataFrame) -> list[Line]:
    inside = coverage(judged.rungs, judged.stretch).mean()
    out = [
        Line(
            "composition of mixtures: largest deviation from the straight line",
            deviation(judged),
            0.03,
            three,
            most=True,
        ),
        Line("composition: 90% intervals that hold the truth, at least", inside, 0.85, percent),
        Line("composition: 90% intervals that hold the truth, at most", inside, 0.95, percent, most=True),
    ]
    if judged.test is not None:
        why = f"Without haemoglobin on both sides it is {three(judged.test['both_without'])}."
        if judged.curve is not None:
            ends = judged.curve.sort_values("laboratories")
            steps = ", ".join(f"{three(r.median)} from {r.laboratories}" for r in rows_of(ends))
            why += f" Learning curve: {steps} laboratories whose vesicles are known."
        title = "plasma preparations, not fitted: Spearman of the vesicular share with the authors' vesicle clusters"
        cause = "The cause is haemoglobin, as for identity. " if len(plasma) else ""
        out.append(Line(title, judged.test["all"], _PLASMA, three, why=cause + why, closes=_PLASMA_DATA))
    return out
