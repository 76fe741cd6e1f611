"""The verdict: identity first, then purity, then - where it is not small EVs - what it is instead.

small_ev        the whole intervals of identity and of both purities lie at or above 0.5
secretome, serum, cell_debris
                the whole identity interval lies below 0.5, and one alternative is more probable than the others
                together
indeterminate   anything else, with the reason

Calling a secretome a small-EV preparation is the error that does harm, so every doubt leads away from ``small_ev``: an
interval that spans 0.5, impurity, too few proteins, a species without panels, a table that the panels hardly know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sevident.scoring.model import Alternatives
from sevident.scoring.scales import LN9, score

#: identity that the whole interval must reach (small_ev) or stay below (an alternative)
IDENTITY_LIMIT = 0.5
#: purity that both whole intervals must reach: what a half-and-half mixture of median preparations shows
PURITY_LIMIT = 0.5
#: fewer quantified protein groups than this say nothing about what is absent
LEAST_PROTEINS = 100
#: least share of protein mass that any panel must know before a verdict is given
LEAST_KNOWN_MASS = 0.05
#: an alternative must be more probable than the other two together
ALTERNATIVE_LIMIT = 0.5


#: the rules that give a verdict; stable names, by which reports and translations go
REASON_CODES = (
    "organism_without_panels",
    "too_few_proteins",
    "little_known_mass",
    "small_ev_clear",
    "purity_doubt",
    "identity_spans_limit",
    "alternative_clear",
    "no_alternative",
)


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on, of one sample. Scores are 0..1; intervals are 90 %."""

    identity: float
    identity_low: float
    identity_high: float
    purity_soluble: tuple[float, float, float]  # estimate, low, high
    purity_intracellular: tuple[float, float, float]
    alternatives: dict[str, float]  # class -> probability given that it is not small EVs; sums to 1
    proteins: int
    known_mass: float
    organism_has_panels: bool
    organism: str


def small_ev_log_odds(odds: dict[str, np.ndarray]) -> np.ndarray:
    """Log-odds of being a small-EV preparation: identity's, capped at nine times the odds of the poorer purity.

    ``odds``: log-odds of identity, purity_soluble and purity_intracellular (samples,). The cap keeps a preparation with
    clear markers in an overwhelming background from looking certain.
    """
    purity = np.minimum(odds["purity_soluble"], odds["purity_intracellular"])
    return np.minimum(odds["identity"], purity + LN9)


def probabilities(z: float, alternatives: dict[str, float]) -> dict[str, float]:
    """Class probabilities from the log-odds of small EVs and the shares of the alternatives; they sum to 1."""
    p = float(score(np.array([z]))[0])
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


def decide(evidence: Evidence) -> tuple[str, str, str]:
    """(verdict, reason code, why it is this verdict and not another) of one sample; the codes are REASON_CODES."""
    e = evidence
    if not e.organism_has_panels:
        return "indeterminate", "organism_without_panels", f"there are no marker panels for organism '{e.organism}'"
    if e.proteins < LEAST_PROTEINS:
        return (
            "indeterminate",
            "too_few_proteins",
            f"only {e.proteins} protein groups are quantified; below {LEAST_PROTEINS} absence means nothing",
        )
    if e.known_mass < LEAST_KNOWN_MASS:
        return (
            "indeterminate",
            "little_known_mass",
            f"the panels know only {e.known_mass:.1%} of the protein mass: is the organism right, are there genes?",
        )
    interval = f"identity {told(e.identity)} (90 % interval {told(e.identity_low)} to {told(e.identity_high)})"
    if e.identity_low >= IDENTITY_LIMIT:
        doubts = [
            f"{axis} purity {told(value)} ({told(low)} to {told(high)}) "
            + (f"lies below {PURITY_LIMIT}" if high < PURITY_LIMIT else f"spans {PURITY_LIMIT}")
            for axis, (value, low, high) in (
                ("soluble", e.purity_soluble),
                ("intracellular", e.purity_intracellular),
            )
            if low < PURITY_LIMIT
        ]
        if not doubts:
            return "small_ev", "small_ev_clear", f"{interval} and both purities lie above {IDENTITY_LIMIT}"
        return "indeterminate", "purity_doubt", f"vesicle markers are clear, {interval}, but " + " and ".join(doubts)
    if e.identity_high < IDENTITY_LIMIT:
        name, share = max(e.alternatives.items(), key=lambda item: (item[1], item[0]))
        if share >= ALTERNATIVE_LIMIT:
            return (
                name,
                "alternative_clear",
                f"{interval} lies below {IDENTITY_LIMIT}; of the alternatives this one has {share:.0%}",
            )
        return (
            "indeterminate",
            "no_alternative",
            f"{interval} lies below {IDENTITY_LIMIT}, but no alternative stands out",
        )
    return "indeterminate", "identity_spans_limit", f"{interval} spans {IDENTITY_LIMIT}"
