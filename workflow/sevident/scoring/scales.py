"""From axes to scores: the logistic scales of identity and purity, and the comparison with a study's own references.

Identity asks for vesicle prominence beyond what non-vesicular material shows. A lysate, a leaky medium or a plasma
each hold vesicle-borne proteins in proportion to their intracellular ones (every cell has membranes); that
expectation is taken off:

    excess = vesicle - expected_slope * intracellular                                   (prominences, 0..1)

Purity asks how much else there is per unit of vesicle signature, on two axes that are never pooled:

    ratio_soluble       = log2((vesicle share + floor) / (soluble share + floor))
    ratio_intracellular = log2((vesicle share + floor) / (intracellular share + floor)) (shares of protein mass)

Each quantity x becomes a score by a logistic curve through three points: 0.1 at the median of the material to be
told apart (``low``), 0.9 at the median of small-EV preparations (``high``), and 0.5 (``half``) midway for identity and,
for purity, at the ratio that a half-and-half mixture of the two by protein mass would show:

    score = 1 / (1 + exp(-z)),   z = ln 9 (x - half) / (half - low)     below half
                                 z = ln 9 (x - half) / (high - half)    above

With a reference of the same study (same instrument, search, normalisation) the difference d to the reference's mean
moves z by a quarter of its own weight, within the distance of the two medians:

    z_paired = z + 2 ln 9 * clip(d / (high - low), -1, 1) / 4

so that a sample above its own reference always scores above it, and that a hundredfold purification of something
that is still mostly serum does not make it pure.
"""

from __future__ import annotations

import numpy as np

from sevident.scoring.model import Anchors, ScoreModel
from sevident.scoring.signature import Signature

LN9 = float(np.log(9.0))
#: share of a quantity's own weight that the comparison with the study's reference adds
PAIRED_WEIGHT = 0.25
#: which reference tells something about which quantity: serum-like material about soluble protein, cells about the rest
REFERENCES_OF = {
    "identity": ("source_fluid", "conditioned_medium", "producer_lysate"),
    "purity_soluble": ("source_fluid", "conditioned_medium"),
    "purity_intracellular": ("producer_lysate",),
}


def raw_quantities(signature: Signature, model: ScoreModel) -> dict[str, np.ndarray]:
    """excess and the two log2 ratios, each (samples, 1 + draws); column 0 is the estimate."""
    floor = model.share_floor
    vesicle = signature.shares["vesicle"] + floor
    return {
        "identity": signature.axes["vesicle"] - model.expected_slope * signature.axes["intracellular"],
        "purity_soluble": np.log2(vesicle / (signature.shares["soluble"] + floor)),
        "purity_intracellular": np.log2(vesicle / (signature.shares["intracellular"] + floor)),
    }


def anchors_of(quantity: str, model: ScoreModel) -> Anchors:
    """The two reference medians of a quantity."""
    return {
        "identity": model.identity,
        "purity_soluble": model.purity_soluble,
        "purity_intracellular": model.purity_intracellular,
    }[quantity]


def log_odds(values: np.ndarray, anchors: Anchors) -> np.ndarray:
    """z of the module's docstring."""
    return slope_at(values, anchors) * (values - anchors.half)


def slope_at(values: np.ndarray, anchors: Anchors) -> np.ndarray:
    """Log-odds per unit of the quantity, on the side of ``half`` where each value lies."""
    return LN9 / np.where(values < anchors.half, anchors.half - anchors.low, anchors.high - anchors.half)


def paired_shift(values: np.ndarray, references: np.ndarray, anchors: Anchors, rng: np.random.Generator) -> np.ndarray:
    """What a study's own references add to z.

    ``values`` (1 + draws,) of the sample, ``references`` (reference samples, 1 + draws). In the draws the reference
    samples are resampled with replacement, so that one odd replicate shows in the interval.
    """
    count, columns = references.shape
    mean = np.empty(columns)
    mean[0] = references[:, 0].mean()
    if columns > 1:
        picked = rng.integers(0, count, size=(count, columns - 1))
        mean[1:] = np.take_along_axis(references[:, 1:], picked, axis=0).mean(axis=0)
    return PAIRED_WEIGHT * 2 * LN9 * np.clip((values - mean) / anchors.span, -1.0, 1.0)


def score(z: np.ndarray) -> np.ndarray:
    """Logistic of log-odds, 0..1, without overflow."""
    return 1.0 / (1.0 + np.exp(-np.clip(z, -50.0, 50.0)))


def intervals(z: np.ndarray, widen: np.ndarray | float = 1.0, level: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    """Central intervals of the scores from the draws z[:, 1:], stretched about the estimates z[:, 0] by ``widen`` on
    the log-odds scale. ``z`` is (samples, 1 + draws), ``widen`` (samples,) or one number; returns (low, high).
    """
    estimate = z[:, 0]
    if z.shape[1] == 1:
        return score(estimate), score(estimate)
    low, high = np.quantile(z[:, 1:], [(1 - level) / 2, (1 + level) / 2], axis=1)
    low = estimate + widen * (np.minimum(low, estimate) - estimate)
    high = estimate + widen * (np.maximum(high, estimate) - estimate)
    return score(low), score(high)
