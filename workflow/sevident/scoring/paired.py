"""Comparison of preparations with the references of their own group: what it adds to the scores, and how much of the
references is left.

The difference to a reference moves the log-odds (``scales.paired_shift``). It cannot tell a preparation that is rich in
vesicle proteins and then thinned with its own lysate from one that is poorer in them and pure. What is left of the
reference can. In a mixture of a vesicles and 1 - a reference material, every protein p of the reference keeps at least
the share 1 - a of what it had there,

    s_p = a e_p + (1 - a) r_p   =>   s_p / r_p >= 1 - a                                  (shares of protein mass)

and the proteins that vesicles lack keep just that. So the remainder of a reference is the median of s_p / r_p over the
proteins of the axis for which it is a reference (soluble protein for a source fluid or a medium, intracellular protein
for a lysate). The median, because a few abundant ones may come along with vesicles too, and a sum would hang on those.
It needs no other study and no fitted number; a half-and-half mixture shows at least one half. Where the references hold
too few proteins to tell, as a medium without protein does, everything stands above them, secretome too: then the
difference may lower a score and raises none.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sevident.scoring.model import ScoreModel
from sevident.scoring.scales import REFERENCES_OF, anchors_of, log_odds, paired_shift

#: axis of ``Signature.shares`` -> quantity whose references bear its proteins
AXES = {"soluble": "purity_soluble", "intracellular": "purity_intracellular"}
#: fewer proteins than this tell nothing of a remainder
LEAST_MEMBERS = 5
#: part of a sample's quantified proteins that are too faint to say that one more is absent
FAINT = 0.1


@dataclass(frozen=True)
class Group:
    """A sample and its references: ``name`` seeds its random draws, ``references``: role -> columns of the matrices;
    empty for what is not compared.
    """

    name: str
    references: dict[str, list[int]]

    def of(self, quantity: str) -> list[int]:
        """Columns of the references that tell something about a quantity, in order."""
        return sorted(i for role in REFERENCES_OF[quantity] for i in self.references.get(role, []))

    def roles(self, quantity: str) -> list[str]:
        """Their roles, by name."""
        return sorted(role for role in REFERENCES_OF[quantity] if self.references.get(role))


def shifted_log_odds(
    values: dict[str, np.ndarray],
    left: dict[str, np.ndarray],
    columns: Sequence[int],
    groups: Sequence[Group],
    model: ScoreModel,
    seed: int,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Log-odds of each quantity with the paired shift added, and the shifts of the estimates (NaN: not compared).

    ``values``: ``raw_quantities``, each (all samples, 1 + draws); ``left``: ``remainders`` of the judged samples;
    ``columns`` those of the samples that are judged and ``groups`` their references. References of which it cannot be
    told what is left raise no score. Returns (log-odds (judged, 1 + draws), shifts (judged,)), each by quantity.
    """
    odds, shifts = {}, {}
    for quantity in REFERENCES_OF:
        anchors = anchors_of(quantity, model)
        odds[quantity] = log_odds(values[quantity][list(columns)], anchors)
        shifts[quantity] = np.full(len(groups), np.nan)
        for i, (column, group) in enumerate(zip(columns, groups, strict=True)):
            known = [
                purity
                for axis, purity in AXES.items()
                if quantity in ("identity", purity) and not np.isnan(left[axis][i, 0])
            ]
            mates = sorted({mate for purity in known for mate in group.of(purity)}) or group.of(quantity)
            if mates:
                rng = _stream(seed, group.name)
                shift = paired_shift(values[quantity][column], values[quantity][mates], anchors, rng)
                if not known:
                    shift = np.minimum(shift, 0.0)
                odds[quantity][i] += shift
                shifts[quantity][i] = shift[0]
    return odds, shifts


def remainders(
    mass: np.ndarray,
    rows: dict[str, np.ndarray],
    columns: Sequence[int],
    groups: Sequence[Group],
    *,
    floor: float,
    draws: int,
    seed: int,
) -> dict[str, np.ndarray]:
    """What is left of the references in each judged sample: axis -> (judged, 1 + draws), column 0 the estimate; NaN
    where there is no reference or too few proteins tell.

    ``mass`` (protein groups, all samples), NaN where not quantified; ``rows``: axis -> mask of its protein groups
    (``signature.share_rows``). ``floor``: least share of protein mass in the references that counts.
    """
    out = {axis: np.full((len(groups), 1 + draws), np.nan) for axis in AXES}
    for axis, quantity in AXES.items():
        known = np.nan_to_num(mass[rows[axis]], nan=0.0)
        for i, (column, group) in enumerate(zip(columns, groups, strict=True)):
            mates = group.of(quantity)
            quantified = mass[:, column][mass[:, column] > 0]
            if not mates or not len(quantified):
                continue
            # half of it, the limit of a verdict, must be visible in the sample
            visible = max(floor, 2.0 * float(np.quantile(quantified, FAINT)))
            rng = _stream(seed, group.name, f"left {axis}")
            out[axis][i] = remainder(known[:, column], known[:, mates], visible, draws, rng)
    return out


def remainder(
    sample: np.ndarray, references: np.ndarray, floor: float, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Median over proteins of the sample's share by that of the references' mean: (1 + draws,), NaN throughout where
    fewer than LEAST_MEMBERS proteins reach ``floor`` in the references.

    ``sample`` (proteins,) and ``references`` (proteins, references), 0 where not quantified. The draws reweight the
    proteins (Bayesian bootstrap) and resample the references with replacement.
    """
    mean = references.mean(axis=1)
    kept = mean >= floor
    count, samples = int(kept.sum()), references.shape[1]
    if count < LEAST_MEMBERS:
        return np.full(1 + draws, np.nan)
    times = np.column_stack([np.ones(samples), rng.multinomial(samples, [1.0 / samples] * samples, size=draws).T])
    drawn = references[kept] @ times / samples
    own = np.broadcast_to(sample[kept][:, None], drawn.shape)
    ratios = np.divide(own, drawn, out=np.where(own > 0, np.inf, 0.0), where=drawn > 0)
    weights = np.column_stack([np.ones(count), rng.exponential(1.0, size=(count, draws))])
    order = np.argsort(ratios, axis=0, kind="stable")
    reached = np.cumsum(np.take_along_axis(weights, order, axis=0), axis=0)
    # of two middle ones the upper: a doubt leads away from small EVs
    middle = (reached <= reached[-1] / 2).sum(axis=0)
    middle = np.minimum(middle, count - 1)
    return np.take_along_axis(np.take_along_axis(ratios, order, axis=0), middle[None], axis=0)[0]


def interval(left: np.ndarray, widen: np.ndarray, level: float = 0.9) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate, low and high of remainders (samples, 1 + draws), the central interval of the draws stretched about the
    estimate by ``widen`` (samples,), never below 0."""
    estimate = left[:, 0]
    if left.shape[1] == 1:
        return estimate, estimate, estimate
    # by order statistics: a draw may hold none of a protein that only some of the references have (infinite ratio)
    low, high = np.quantile(left[:, 1:], [(1 - level) / 2, (1 + level) / 2], axis=1, method="nearest")
    low = estimate + widen * (np.minimum(low, estimate) - estimate)
    high = estimate + widen * (np.maximum(high, estimate) - estimate)
    return estimate, np.maximum(low, 0.0), high


def _stream(seed: int, *names: str) -> np.random.Generator:
    return np.random.default_rng([seed, *(zlib.crc32(name.encode("utf-8")) for name in names)])
