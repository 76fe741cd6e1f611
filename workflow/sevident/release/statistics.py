"""Statistics of lots and of two processes: variance components, prediction limits, equivalence tests, multiplicity.

Matrices are attributes x lots (or samples); nan is no value. Everything is closed form, nothing is drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TAIL = 0.05  # each side of a 90 % interval
# A point of a Shewhart chart falls outside three standard deviations this often on each side.
THREE_SIGMA = 0.001349898


def means_by(values: Floats, codes: NDArray[np.int64], count: int) -> Floats:
    """Mean of the columns of each code, rows x ``count``; a column of code -1 belongs to none."""
    out = np.full((len(values), count), np.nan)
    for code in range(count):
        out[:, code] = row_mean(values[:, codes == code])
    return out


def row_mean(values: Floats) -> Floats:
    """Mean of what is there in each row; nan where nothing is."""
    seen = ~np.isnan(values)
    number = seen.sum(axis=1)
    total = np.where(seen, values, 0.0).sum(axis=1)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def row_variance(values: Floats) -> Floats:
    """Variance (divisor n - 1) of what is there in each row; nan for fewer than two values.

    Values that differ by rounding alone have variance 0: their mean need not be any of them.
    """
    seen = ~np.isnan(values)
    number = seen.sum(axis=1)
    deviations = np.where(seen, values - row_mean(values)[:, None], 0.0)
    found = (deviations**2).sum(axis=1) / np.maximum(number - 1, 1)
    scale = np.where(seen, np.abs(values), 0.0).max(axis=1, initial=0.0)
    found = np.where(found <= (1e-12 * scale) ** 2, 0.0, found)
    return np.where(number > 1, found, np.nan)


# ---------------------------------------------------------------- two groups


@dataclass(frozen=True)
class Difference:
    """Mean of b minus mean of a per row, with Welch's standard error and Satterthwaite's degrees of freedom.

    Welch BL. Biometrika 1947;34:28-35. ``a`` and ``b``: number of values. ``se`` and ``df`` are nan where a side has
    fewer than two values or neither side varies: of chance nothing is then known.
    """

    estimate: Floats
    se: Floats
    df: Floats
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    variance_a: Floats
    variance_b: Floats

    def followed_by(self, other: Difference) -> Difference:
        """The rows of this and of the other."""
        mine, theirs = vars(self), vars(other)
        return Difference(**{name: np.concatenate([mine[name], theirs[name]]) for name in mine})

    def interval(self, tail: float = TAIL) -> tuple[Floats, Floats]:
        """Central interval that leaves ``tail`` on each side."""
        from scipy import stats

        half = stats.t.ppf(1 - tail, self.df) * self.se
        return self.estimate - half, self.estimate + half

    def p_difference(self) -> Floats:
        """Two-sided p value of no difference (Welch's t test)."""
        from scipy import stats

        return 2 * np.asarray(stats.t.sf(np.abs(self.estimate) / self.se, self.df))

    def p_above_zero(self) -> Floats:
        """One-sided p value, for what cannot be less than zero."""
        from scipy import stats

        return np.asarray(stats.t.sf(self.estimate / self.se, self.df))

    def p_below(self, margin: Floats) -> Floats:
        """One-sided p value of ``margin`` or more."""
        from scipy import stats

        return np.asarray(stats.t.cdf((self.estimate - margin) / self.se, self.df))

    def p_equivalence(self, margin: Floats) -> Floats:
        """The larger p value of the two one-sided tests of a difference of ``margin`` or more, up and down.

        Schuirmann DJ. J Pharmacokinet Biopharm 1987;15:657-680.
        """
        from scipy import stats

        lower = stats.t.sf((self.estimate + margin) / self.se, self.df)
        return np.maximum(self.p_below(margin), lower)


def difference(a: Floats, b: Floats) -> Difference:
    """Compare the columns of ``a`` with those of ``b`` row by row."""
    number_a, number_b = ((~np.isnan(m)).sum(axis=1) for m in (a, b))
    variance_a, variance_b = row_variance(a), row_variance(b)
    of_a, of_b = variance_a / np.maximum(number_a, 1), variance_b / np.maximum(number_b, 1)
    total = of_a + of_b
    total = np.where(total > 0, total, np.nan)
    df = total**2 / (of_a**2 / np.maximum(number_a - 1, 1) + of_b**2 / np.maximum(number_b - 1, 1))
    return Difference(row_mean(b) - row_mean(a), np.sqrt(total), df, number_a, number_b, variance_a, variance_b)


def squared_distance(a: Floats, b: Floats) -> Difference:
    """How far the profiles of two groups lie apart: mean over rows of the squared difference of their means.

    A Difference of one row. What chance adds to the squares, the squared standard errors, is taken off, so that groups
    of one profile have a distance of 0 on average (it may be negative). Rows take part that have two values on both
    sides. The standard error is the jackknife's over the columns of each side (Arvesen JN. Ann Math Stat
    1969;40:2076-2100), as rows are not independent; nan for fewer than three columns a side.
    """

    def apart(x: Floats, y: Floats) -> float:
        found = difference(x, y)
        use = (found.a > 1) & (found.b > 1)
        squares = (
            found.estimate**2 - found.variance_a / np.maximum(found.a, 1) - found.variance_b / np.maximum(found.b, 1)
        )
        return float(squares[use].mean()) if use.any() else np.nan

    a, b = (m[:, ~np.isnan(m).all(axis=0)] for m in (a, b))
    variances = []
    for side in (0, 1):
        count = (a, b)[side].shape[1]
        without = [apart(np.delete(a, i, 1), b) if side == 0 else apart(a, np.delete(b, i, 1)) for i in range(count)]
        left_out = np.array(without)
        # per column, as a variance of values: its nth part is the variance of the estimate
        variances.append((count - 1) * float(((left_out - left_out.mean()) ** 2).sum()) if count > 2 else np.nan)
    sizes = [m.shape[1] for m in (a, b)]
    parts = [v / max(n, 1) for v, n in zip(variances, sizes, strict=True)]
    scale = max((float(np.nanmax(np.abs(m))) for m in (a, b) if m.size), default=0.0)
    some = sum(parts) > (1e-12 * scale**2) ** 2  # less is rounding
    total = sum(parts) if some else np.nan
    df = total**2 / sum(v**2 / max(n - 1, 1) for v, n in zip(parts, sizes, strict=True)) if some else np.nan
    return Difference(
        estimate=np.array([apart(a, b)]),
        se=np.array([np.sqrt(total)]),
        df=np.array([df]),
        a=np.array(sizes[:1]),
        b=np.array(sizes[1:]),
        variance_a=np.array(variances[:1]),
        variance_b=np.array(variances[1:]),
    )


def lots_to_decide(
    found: Difference, margin: Floats, *, alpha: float, alpha_difference: float, power: float, most: int
) -> Floats:
    """Lots a side with which a test would decide with probability ``power``; nan where ``most`` would not do.

    The true difference and the variances are taken to be those observed. A decision is equivalence (at ``alpha``) or a
    difference (at ``alpha_difference``, two-sided), whichever takes fewer lots. The power of the two one-sided tests
    together is taken from shifted central t distributions, P(equivalent) = P(upper) + P(lower) - 1 (Phillips KF. J
    Pharmacokinet Biopharm 1990;18:137-144).
    """
    from scipy import stats

    number = np.arange(2, most + 1, dtype="float64")[None, :]
    of_a, of_b = found.variance_a[:, None], found.variance_b[:, None]
    total = np.where(of_a + of_b > 0, of_a + of_b, np.nan)
    se = np.sqrt(total / number)
    df = (number - 1) * total**2 / (of_a**2 + of_b**2)
    size, limit = np.abs(found.estimate)[:, None], np.broadcast_to(margin, found.estimate.shape)[:, None]
    one_sided = stats.t.ppf(1 - alpha, df)
    equivalent = stats.t.cdf((limit - size) / se - one_sided, df) + stats.t.cdf((limit + size) / se - one_sided, df) - 1
    different = stats.t.cdf(size / se - stats.t.ppf(1 - alpha_difference / 2, df), df)
    enough = np.fmax(equivalent, different) >= power
    return np.where(enough.any(axis=1), number[0, enough.argmax(axis=1)], np.nan)


# ---------------------------------------------------------------- multiplicity


def holm(p: Floats) -> Floats:
    """Adjusted p values that hold the family-wise error under any dependence; nan stays nan and does not count.

    Holm S. Scand J Stat 1979;6:65-70.
    """
    return _stepwise(p, np.maximum.accumulate)


def hochberg(p: Floats) -> Floats:
    """Adjusted p values of the step-up procedure, never above the largest p value; nan stays nan, does not count.

    Hochberg Y. Biometrika 1988;75:800-802; it asks for independent or positively dependent tests.
    """
    return _stepwise(p, lambda scaled: np.minimum.accumulate(scaled[::-1])[::-1])


def _stepwise(p: Floats, monotone: Any) -> Floats:
    out = np.full(len(p), np.nan)
    there = np.flatnonzero(~np.isnan(p))
    order = there[np.argsort(p[there], kind="stable")]
    out[order] = np.minimum(monotone(p[order] * np.arange(len(order), 0, -1)), 1.0)
    return out


def benjamini_hochberg(p: Floats) -> Floats:
    """False discovery rates; nan stays nan and does not count. Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289."""
    from scipy import stats

    out = np.full(len(p), np.nan)
    there = ~np.isnan(p)
    if there.any():
        out[there] = stats.false_discovery_control(p[there])
    return out


# ---------------------------------------------------------------- lots


@dataclass(frozen=True)
class Components:
    """Variance components of one attribute: value = mean + lot + rest.

    ``mean``: mean of the lot means, each lot weighing the same, with its 90 % interval; ``within``: standard deviation
    between samples of a lot (nan where no lot has two); ``between``: standard deviation of lots, 0 where the lots
    differ no more than their samples do, with its 90 % interval; nan for fewer than two lots. Where no lot has two
    samples ``between`` holds the variation within lots as well.
    """

    lots: int
    samples: int
    mean: float
    low: float
    high: float
    between: float
    between_low: float
    between_high: float
    within: float
    within_df: int


def components(values: Floats, codes: NDArray[np.int64]) -> Components:
    """One-way random effects for ``values`` (samples) of the lots ``codes``; nan values do not count.

    Estimates are those of the analysis of variance, which for lots of one size are those of restricted maximum
    likelihood wherever they are above zero (Searle SR, Casella G, McCulloch CE. Variance components, 1992, chapters 3
    and 4). The interval of the component between lots is the modified large-sample one (Ting N et al. J Stat Comput
    Simul 1990;35:135-143), on the unweighted mean square of lots of unequal size (Thomas JD, Hultquist RA. Ann Stat
    1978;6:582-587); where its upper end is not above zero it is that of the variance of lot means, which holds more.
    """
    from scipy import stats

    there = ~np.isnan(values)
    values, codes = values[there], codes[there]
    names, place = np.unique(codes, return_inverse=True)
    lots, samples = len(names), len(values)
    if not samples:
        return Components(0, 0, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 0)
    sizes = np.bincount(place).astype("float64")
    means = np.bincount(place, weights=values) / sizes
    mean = float(means.mean())
    rest = samples - lots
    within_square = float(((values - means[place]) ** 2).sum() / rest) if rest else np.nan
    within = float(np.sqrt(within_square))
    if lots < 2:
        return Components(lots, samples, mean, np.nan, np.nan, np.nan, np.nan, np.nan, within, rest)
    of_means = float(row_variance(means[None, :])[0])
    half = float(stats.t.ppf(1 - TAIL, lots - 1) * np.sqrt(of_means / lots))
    if rest:
        average = (samples - (sizes**2).sum() / samples) / (lots - 1)
        square = float((sizes * (means - values.mean()) ** 2).sum() / (lots - 1))
        between = float(np.sqrt(max((square - within_square) / average, 0.0)))
        bounds = _modified_large_sample(of_means, within_square, lots - 1, rest, float(lots / (1 / sizes).sum()))
    else:
        between = float(np.sqrt(of_means))
        chi = stats.chi2.ppf([1 - TAIL, TAIL], lots - 1)
        bounds = tuple(np.sqrt((lots - 1) * of_means / chi))
    low, high = min(float(bounds[0]), between), max(float(bounds[1]), between)
    return Components(lots, samples, mean, mean - half, mean + half, between, low, high, within, rest)


def _modified_large_sample(of_means: float, within: float, n1: int, n2: int, size: float) -> tuple[float, float]:
    """90 % interval of the standard deviation between lots, from the variance of lot means of ``size`` samples each and
    the mean square within lots, with ``n1`` and ``n2`` degrees of freedom.
    """
    from scipy import stats

    square = size * of_means
    g1, g2 = (1 - n / stats.chi2.ppf(1 - TAIL, n) for n in (n1, n2))
    h1, h2 = (n / stats.chi2.ppf(TAIL, n) - 1 for n in (n1, n2))
    upper, lower = stats.f.ppf(1 - TAIL, n1, n2), stats.f.ppf(TAIL, n1, n2)
    g12 = ((upper - 1) ** 2 - (g1 * upper) ** 2 - h2**2) / upper
    h12 = ((1 - lower) ** 2 - (h1 * lower) ** 2 - g2**2) / lower
    down = (g1 * square) ** 2 + (h2 * within) ** 2 + g12 * square * within
    up = (h1 * square) ** 2 + (g2 * within) ** 2 + h12 * square * within
    low = (square - within - np.sqrt(max(down, 0.0))) / size
    high = (square - within + np.sqrt(max(up, 0.0))) / size
    if high <= 0:  # lots that happen to differ less than their samples: no proof that they do not differ at all
        high = of_means * (1 + h1)
    return float(np.sqrt(max(low, 0.0))), float(np.sqrt(max(high, 0.0)))


def cv_of_log2(sd: float) -> float:
    """Coefficient of variation, per cent, of a quantity whose log2 is normal with standard deviation ``sd``."""
    # beyond ten log2 units the number means nothing and overflows
    return 100.0 * float(np.sqrt(np.expm1((min(sd, 10.0) * np.log(2.0)) ** 2))) if not np.isnan(sd) else np.nan


@dataclass(frozen=True)
class Limits:
    """Control limits, attributes x lots; ``number``: how many lots each rests on, ``centre`` their mean. Limits are nan
    where they rest on fewer than two lots, and where these do not vary.
    """

    low: Floats
    high: Floats
    centre: Floats
    number: NDArray[np.int64]


def prediction_limits(values: Floats, references: NDArray[np.bool_], tail: float = THREE_SIGMA) -> Limits:
    """Limits that each column of ``values`` is held against: those of one more value beside the ``references``.

    The value lies within mean +- t s sqrt(1 + 1/n) of n references with probability 1 - 2 ``tail``. With many
    references these are Shewhart's three standard deviations; with few they are wider, as the mean and the standard
    deviation are then little known (Hahn GJ, Meeker WQ. Statistical intervals, 1991, chapter 4). A column that is a
    reference itself is left out of its own limits: among n values none lies (n - 1) / sqrt(n) standard deviations or
    more from the mean that it is part of, so that three are out of reach for ten.
    """
    from scipy import stats

    chosen = np.where(references[None, :], values, np.nan)
    own = ~np.isnan(chosen)
    centre = row_mean(chosen)
    total = own.sum(axis=1)[:, None]
    away = np.where(own, chosen - centre[:, None], 0.0)
    squares = (away**2).sum(axis=1)[:, None]
    number = total - own
    some = np.maximum(number, 1)
    mean = centre[:, None] - away / some
    # what is left of the sum of squares when one value goes (away is 0 for a column that is no reference)
    left = squares - away**2 * np.where(own, total / some, 0.0)
    scale = np.where(own, np.abs(values), 0.0).max(axis=1, initial=0.0)[:, None]
    variance = left / np.maximum(number - 1, 1)
    variance = np.where((number > 1) & (variance > (1e-7 * scale) ** 2), variance, np.nan)
    half = stats.t.ppf(1 - tail, np.maximum(number - 1, 1)) * np.sqrt(variance * (1 + 1 / some))
    centres = np.where(number > 0, mean, np.nan)
    return Limits(mean - half, mean + half, centres, number.astype("int64"))


def moderated(variances: Floats, df: Floats) -> tuple[Floats, Floats]:
    """Variances drawn towards what is common to all rows, and their degrees of freedom.

    Empirical Bayes with a scaled inverse chi-square prior whose parameters come from the moments of log variances
    (Smyth GK. Stat Appl Genet Mol Biol 2004;3:3, section 6.2). Rows without variance (nan or 0) get nan; with fewer
    than two rows nothing is drawn.
    """
    from scipy.special import digamma, polygamma

    usable = (variances > 0) & (df > 0)
    out, degrees = np.where(usable, variances, np.nan), np.where(usable, df, np.nan)
    if usable.sum() < 2:
        return out, degrees
    own = df[usable]
    logs = np.log(variances[usable]) - digamma(own / 2) + np.log(own / 2)
    spread = float(logs.var(ddof=1) - polygamma(1, own / 2).mean())
    if spread <= 0:  # no more scatter than equal variances would show
        common = float(np.exp(logs.mean()))
        return np.where(usable, common, np.nan), np.where(usable, np.inf, np.nan)
    prior = 2 * _trigamma_inverse(spread)
    common = float(np.exp(logs.mean() + digamma(prior / 2) - np.log(prior / 2)))
    return (prior * common + df * out) / (prior + df), prior + degrees


def _trigamma_inverse(value: float) -> float:
    """x with trigamma(x) = ``value`` by Newton's method on 1 / trigamma (the appendix of Smyth 2004)."""
    from scipy.special import polygamma

    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, x))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, x))
        x += step
        if -step / x < 1e-10:
            break
    return x
