"""The verdict: the probability of small EVs first, then purity, then - where it is something else - what it is.

small_ev        the whole intervals of the calibrated probability and of soluble purity lie at or above 0.5, and so does
                the estimate of intracellular purity; and of the sample's own source fluid, medium or lysate, where
                there is one, no more than half is left
secretome, serum, cell_debris
                the whole identity interval lies below 0.5, the probability of small EVs too, and one alternative is
                clearly more probable than the others together
indeterminate   anything else, with the reason

Calling a secretome a small-EV preparation is the error that does harm, so every doubt leads away from ``small_ev``: a
probability that spans 0.5, impurity, too few proteins, a species without panels, a table that the panels hardly know, a
sample unlike anything in the reference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sevident.scoring.model import Alternatives, Calibration
from sevident.scoring.scales import LN9

#: calibrated probability that the whole interval must reach for small_ev
PROBABILITY_LIMIT = 0.5
#: identity below which the whole interval must lie before an alternative is named
IDENTITY_LIMIT = 0.5
#: purity that both axes must reach, the soluble one with its whole interval: what a half-and-half mixture of median
#: preparations shows
PURITY_LIMIT = 0.5
#: of the study's own references no more than this may be left (``paired``): a half-and-half mixture keeps as much
LEFT_LIMIT = 0.5
#: fewer quantified protein groups than this say nothing about what is absent
LEAST_PROTEINS = 100
#: fewer than this say nothing at all; between the two, what is there in bulk can still be named
LEAST_FOR_BULK = 20
#: share of protein mass that counts as bulk
BULK_SHARE = 0.5
#: least share of protein mass that any panel must know before a verdict is given
LEAST_KNOWN_MASS = 0.05
#: what an alternative must have of the probability of all three alternatives
ALTERNATIVE_LIMIT = 0.6
#: conditioned medium of cultured cells holds no blood: immunoglobulin is made by plasma cells, haemoglobin by red cells
BLOOD_LIMIT = 0.05

#: the rules that give a verdict; stable names, by which reports and translations go
REASON_CODES = (
    "organism_without_panels",
    "too_few_proteins",
    "little_known_mass",
    "outside_domain",
    "small_ev_clear",
    "purity_doubt",
    "reference_left",
    "identity_spans_limit",
    "alternative_clear",
    "no_alternative",
    "blood_in_secretome",
)

Estimate = tuple[float, float, float]  # estimate, low, high; 90 % interval


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on, of one sample. Scores, probabilities and shares are 0..1."""

    identity: Estimate
    probability: Estimate  # of small EVs, calibrated
    purity_soluble: Estimate
    purity_intracellular: Estimate
    alternatives: dict[str, float]  # class -> probability given that it is not small EVs; sums to 1
    proteins: int
    known_mass: float
    soluble_share: float  # of protein mass: serum, lipoproteins, immunoglobulins, secreted proteins
    blood_share: float  # of protein mass: immunoglobulins and erythrocyte proteins
    left: dict[str, Estimate]  # axis -> part of the group's references that is left; none where it cannot be told
    distance: float  # to the nearest labelled sample of the reference; NaN where there is no reference
    farthest: float  # distance at which the reference's domain ends
    organism_has_panels: bool
    organism: str


def small_ev_log_odds(odds: dict[str, np.ndarray], calibration: Calibration | None = None) -> np.ndarray:
    """Log-odds of being a small-EV preparation: identity's, capped at nine times the odds of the poorer purity, then
    calibrated (Platt 1999: a straight line on the log-odds).

    ``odds``: log-odds of identity, purity_soluble and purity_intracellular, all of one shape. The cap keeps a
    preparation with clear markers in an overwhelming background from looking certain.
    """
    purity = np.minimum(odds["purity_soluble"], odds["purity_intracellular"])
    capped = np.minimum(odds["identity"], purity + LN9)
    return capped if calibration is None else calibration.intercept + calibration.slope * capped


def probabilities(p: float, alternatives: dict[str, float]) -> dict[str, float]:
    """Class probabilities from that of small EVs and the shares of the alternatives; they sum to 1."""
    return {"small_ev": p, **{name: (1.0 - p) * share for name, share in alternatives.items()}}


def alternative_shares(axes: dict[str, float], model: Alternatives) -> dict[str, float]:
    """Probabilities of secretome, serum and cell debris for a sample that is not small EVs; sums to 1."""
    standard = (np.array([axes[a] for a in model.axes]) - np.array(model.mean)) / np.array(model.scale)
    logits = np.array(model.intercepts) + np.array(model.coefficients) @ standard
    weights = np.exp(logits - logits.max())
    return {name: float(w) for name, w in zip(model.classes, weights / weights.sum(), strict=True)}


def told(value: float) -> str:
    """A score in words: two decimals, and never a certainty that no measurement gives."""
    return "<0.01" if value < 0.01 else ">0.99" if value > 0.99 else f"{value:.2f}"


def _with_interval(value: Estimate) -> str:
    return f"{told(value[0])} ({told(value[1])} to {told(value[2])})"


def decide(evidence: Evidence) -> tuple[str, str, str]:
    """(verdict, reason code, why it is this verdict and not another) of one sample; the codes are REASON_CODES."""
    refusal = _refusal(evidence)
    if refusal:
        return "indeterminate", *refusal
    e = evidence
    p, p_low, p_high = e.probability
    shallow = e.proteins < LEAST_PROTEINS
    chance = f"probability of small EVs {told(p)} (90% interval {told(p_low)} to {told(p_high)})"
    identity = f"identity {told(e.identity[0])} (90% interval {told(e.identity[1])} to {told(e.identity[2])})"
    if p_low >= PROBABILITY_LIMIT and not shallow:
        # what comes along in solution is what a secretome is sold as vesicles by: there the whole interval must clear
        doubts = []
        if e.purity_soluble[1] < PURITY_LIMIT:
            where = "lies below" if e.purity_soluble[2] < PURITY_LIMIT else "is not clearly above"
            doubts.append(f"soluble purity {_with_interval(e.purity_soluble)} {where} {PURITY_LIMIT}")
        if e.purity_intracellular[0] < PURITY_LIMIT:
            doubts.append(f"intracellular purity {_with_interval(e.purity_intracellular)} lies below {PURITY_LIMIT}")
        rest = _left_over(e)
        if rest and not doubts:
            return "indeterminate", "reference_left", f"vesicle markers are clear, {chance}, but " + " and ".join(rest)
        doubts += rest
        if not doubts:
            return "small_ev", "small_ev_clear", f"{chance} and both purities lie above {PURITY_LIMIT}; {identity}"
        return "indeterminate", "purity_doubt", f"vesicle markers are clear, {chance}, but " + " and ".join(doubts)
    if e.identity[2] < IDENTITY_LIMIT and p < PROBABILITY_LIMIT:
        return _alternative(e, f"{identity} lies below {IDENTITY_LIMIT}", shallow)
    if shallow:
        return "indeterminate", "too_few_proteins", _shallow(e.proteins)
    return "indeterminate", "identity_spans_limit", f"{chance} does not settle it; {identity}"


def _left_over(e: Evidence) -> list[str]:
    """What is said of references of which more than LEFT_LIMIT may be left: of soluble protein the whole interval must
    lie below, of intracellular protein the estimate, as for the purities."""
    out = []
    for axis, (value, low, high) in e.left.items():
        if (high if axis == "soluble" else value) > LEFT_LIMIT:
            how = "more than" if round(value, 2) > LEFT_LIMIT else "not clearly less than"  # as it is shown
            told = f"{value:.0%} (90% interval {low:.0%} to {high:.0%})"
            out.append(f"of the group's own {axis} protein {told} is left, {how} {LEFT_LIMIT:.0%}")
    return out


def _refusal(e: Evidence) -> tuple[str, str] | None:
    """Reason code and text where a sample cannot be judged at all."""
    if not e.organism_has_panels:
        return "organism_without_panels", f"there are no marker panels for organism '{e.organism}'"
    if e.proteins < LEAST_FOR_BULK:
        return "too_few_proteins", _shallow(e.proteins)
    if e.known_mass < LEAST_KNOWN_MASS:
        return (
            "little_known_mass",
            f"the panels know only {e.known_mass:.1%} of the protein mass: is the organism right, are there genes?",
        )
    if e.distance > e.farthest:
        return (
            "outside_domain",
            f"no labelled sample of the reference is like this one: the nearest lies {e.distance:.2f} away, and the "
            f"reference reaches {e.farthest:.2f}",
        )
    return None


def _shallow(proteins: int) -> str:
    return f"only {proteins} protein groups are quantified; below {LEAST_PROTEINS} absence means nothing"


def _alternative(e: Evidence, low: str, shallow: bool) -> tuple[str, str, str]:
    """The verdict on a sample that is clearly no small-EV preparation."""
    name, share = max(e.alternatives.items(), key=lambda item: (item[1], item[0]))
    if shallow and (name == "cell_debris" or e.soluble_share < BULK_SHARE):
        return "indeterminate", "too_few_proteins", _shallow(e.proteins)
    if share < ALTERNATIVE_LIMIT:
        return "indeterminate", "no_alternative", f"{low}, but no alternative stands out"
    if name == "secretome" and e.blood_share > BLOOD_LIMIT:
        return (
            "indeterminate",
            "blood_in_secretome",
            f"{low}, but immunoglobulins and erythrocyte proteins make up {e.blood_share:.0%} of the protein mass, "
            "which no conditioned medium without human serum holds: a tissue or a body fluid?",
        )
    return name, "alternative_clear", f"{low}; of the probability of the other three classes it has {share:.0%}"
