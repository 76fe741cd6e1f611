"""Prominence: how near the top of a sample's abundance ranking the members of a panel stand.

Ranks travel between instruments, searches and quantities better than shares do, and the *logarithm* of a rank does not
depend on how deep the measurement went: rank 30 is rank 30 in a table of 500 and of 6,000 proteins, whereas its
percentile is not. A member of rank r counts

    v(r) = max(0, 1 - ln r / ln n0)            (1 for the most abundant protein, 0 from rank n0 on or when not detected)

A place near the top says little where a few proteins hold nearly all of the mass: in a lipoprotein fraction a protein
of one part in a million may stand sixtieth. So a protein never counts with a better rank than its share of mass would
have in a usual table. In the labelled studies of the model card the first protein holds about a tenth of the mass, and
the thousandth, where a table is that deep, about one part in ten thousand (medians of the studies' medians: 7.7 % and
0.0099 %). The scale runs to a tenth of the latter, so that tables of the usual shape keep their ranks:

    r = max(rank, n0 ^ (ln(top_share / share) / ln(top_share / least_share)))

A panel's prominence is the weighted power mean of its most prominent members, the weights of the panel adding up
to at most ``top``: a handful of clear markers decides, a long list of possible members neither helps nor harms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: samples handled together, so that (members x samples x draws) stays small in memory
_CHUNK = 32


@dataclass(frozen=True)
class ProminenceSettings:
    """``n0``: rank from which on a protein counts nothing; ``power`` of the mean; ``top``: summed weight that is
    averaged; ``top_share``, ``least_share``: shares of protein mass that are worth the first rank and rank ``n0``.
    """

    n0: float = 1000.0
    power: float = 2.0
    top: float = 10.0
    top_share: float = 0.1
    least_share: float = 1e-5


def counted_ranks(ranks: np.ndarray, shares: np.ndarray, settings: ProminenceSettings) -> np.ndarray:
    """The rank r that each protein counts with (module's docstring): its own, or the one that its share of protein mass
    is worth, whichever is the poorer. Both arrays of one shape; NaN stays NaN."""
    decades = np.log(settings.top_share / settings.least_share)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = settings.n0 ** (np.log(settings.top_share / shares) / decades)
    return np.where(np.isnan(ranks), np.nan, np.fmax(ranks, worth))


def member_values(ranks: np.ndarray, settings: ProminenceSettings) -> np.ndarray:
    """v(r) of each rank; NaN (not detected) counts 0. Shape kept, values 0..1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        values = 1.0 - np.log(ranks) / np.log(settings.n0)
    return np.clip(np.nan_to_num(values, nan=0.0), 0.0, 1.0)


def prominence(ranks: np.ndarray, weights: np.ndarray, settings: ProminenceSettings) -> np.ndarray:
    """Prominence of a panel in each sample.

    Parameters
    ----------
    ranks
        (members, samples), 1 = most abundant protein of the sample, NaN = not detected.
    weights
        (members,) or (members, draws): the members' weights, or one set of bootstrap weights per column.

    Returns
    -------
    (samples,) or (samples, draws), 0..1.
    """
    values = member_values(ranks, settings)
    single = weights.ndim == 1
    table = weights[:, None] if single else weights
    members, samples = values.shape
    out = np.zeros((samples, table.shape[1]))
    if members:
        order = np.argsort(-values, axis=0, kind="stable")
        raised = np.take_along_axis(values, order, axis=0) ** settings.power
        for start in range(0, samples, _CHUNK):
            part = slice(start, start + _CHUNK)
            # members beyond those detected add nothing to the sum but their weight still counts in the mean
            w = table[order[:, part]]  # (members, chunk, draws)
            reached = np.cumsum(w, axis=0)
            used = np.clip(settings.top - (reached - w), 0.0, w)
            total = np.einsum("msd,ms->sd", used, raised[:, part])
            mean = total / np.maximum(np.minimum(reached[-1], settings.top), 1e-12)
            out[part] = mean ** (1.0 / settings.power)
    return out[:, 0] if single else out


def bootstrap_weights(weights: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Bayesian-bootstrap weights of a panel's members: (members, draws), mean equal to ``weights``.

    Exponential weights instead of resampling with replacement: no member vanishes by chance from a panel of four.
    Source: Rubin 1981, Ann Stat 9:130, section 2.
    """
    return weights[:, None] * rng.exponential(1.0, size=(weights.shape[0], draws))
