"""The statistics of lots and processes against statsmodels, scipy, a published example, and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sevident.release import statistics

# Davies OL, Goldsmith PL. Statistical methods in research and production, 4th ed., 1972, page 130: yield of dyestuff in
# five samples of each of six batches; the components of variance, 1764.05 and 2451.25, are also those that Bates DM
# gives (lme4: Mixed-effects modeling with R, 2010, section 1.3; REML).
DYESTUFF = (
    (1545, 1440, 1440, 1520, 1580),
    (1540, 1555, 1490, 1560, 1495),
    (1595, 1550, 1605, 1510, 1560),
    (1445, 1440, 1595, 1465, 1545),
    (1595, 1630, 1515, 1635, 1625),
    (1520, 1455, 1450, 1480, 1445),
)


def in_lots(*lots: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    values = np.array([value for lot in lots for value in lot], dtype="float64")
    return values, np.repeat(np.arange(len(lots)), [len(lot) for lot in lots])


def test_variance_components_of_a_published_example() -> None:
    found = statistics.components(*in_lots(*DYESTUFF))
    assert found.mean == pytest.approx(1527.5, abs=1e-9)
    assert found.between**2 == pytest.approx(1764.05, abs=1e-6)
    assert found.within**2 == pytest.approx(2451.25, abs=1e-6)
    assert (found.lots, found.samples, found.within_df) == (6, 30, 24)
    assert found.between_low < found.between < found.between_high


def test_variance_components_equal_restricted_maximum_likelihood_of_statsmodels() -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    rng = np.random.default_rng(3)
    values, codes = in_lots(*(tuple(rng.normal(rng.normal(0, 1), 0.4, 4)) for _ in range(7)))
    fit = MixedLM(values, np.ones((len(values), 1)), groups=codes).fit(reml=True, method="bfgs", gtol=1e-12)
    found = statistics.components(values, codes)
    assert found.within**2 == pytest.approx(fit.scale, rel=1e-6)
    assert found.between**2 == pytest.approx(float(fit.cov_re[0, 0]), rel=1e-6)


def test_variance_components_of_unequal_lots_are_those_of_the_analysis_of_variance() -> None:
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    values, codes = in_lots((1.0, 1.2, 0.9), (2.0, 2.3), (0.1,), (1.5, 1.1, 1.6, 1.4))
    table = anova_lm(ols("y ~ C(lot)", pd.DataFrame({"y": values, "lot": codes})).fit())
    square, rest = table["mean_sq"]
    size = (10 - (9 + 4 + 1 + 16) / 10) / 3  # Searle, Casella and McCulloch 1992, page 71
    found = statistics.components(values, codes)
    assert found.within**2 == pytest.approx(rest, abs=1e-9)
    assert found.between**2 == pytest.approx((square - rest) / size, abs=1e-9)


def test_lots_that_differ_no_more_than_their_samples_have_no_component() -> None:
    found = statistics.components(*in_lots((1.0, 3.0), (2.6, 1.4), (1.6, 3.0)))
    assert (found.between, found.between_low) == (0.0, 0.0)
    assert found.between_high > 0.0


@pytest.mark.parametrize(
    ("lots", "known"),
    [
        ([], []),
        ([(1.0,)], ["mean"]),
        ([(1.0, 2.0)], ["mean", "within"]),
        ([(1.0,), (2.0,)], ["mean", "low", "high", "between", "between_low", "between_high"]),
        ([(np.nan, 1.0), (np.nan, np.nan)], ["mean"]),
    ],
)
def test_what_the_lots_cannot_tell_is_not_invented(lots: list[tuple[float, ...]], known: list[str]) -> None:
    found = vars(statistics.components(*in_lots(*lots)))
    numbers = {k: v for k, v in found.items() if k not in ("lots", "samples", "within_df")}
    assert [k for k, v in numbers.items() if not np.isnan(v)] == known


@pytest.mark.parametrize("sizes", [(3, 3, 3, 3, 3, 3), (1, 2, 2, 3, 4, 5)])
@pytest.mark.parametrize("between", [0.5, 1.0])
def test_the_interval_of_the_component_between_lots_holds_it(sizes: tuple[int, ...], between: float) -> None:
    rng = np.random.default_rng(4)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    inside = 0
    for _ in range(300):
        values = rng.normal(0, between, len(sizes))[codes] + rng.normal(0, 0.5, len(codes))
        found = statistics.components(values, codes)
        inside += found.between_low <= between <= found.between_high
    assert 0.9 - 3 * np.sqrt(0.09 / 300) <= inside / 300 <= 0.98


def test_the_interval_excludes_zero_where_the_f_test_rejects() -> None:
    """The modified large-sample interval and the F test of no variation between lots are one decision."""
    rng = np.random.default_rng(5)
    for _ in range(100):
        lots = [tuple(rng.normal(rng.normal(0, 0.4), 0.5, 3)) for _ in range(5)]
        found = statistics.components(*in_lots(*lots))
        assert (found.between_low > 0) == (stats.f_oneway(*lots).pvalue < 0.05)


def two_groups(seed: int, rows: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(0, 0.3, (rows, 6)), rng.normal(0.2, 0.6, (rows, 9))
    a[rng.random(a.shape) < 0.2] = np.nan
    b[:, :2] = rng.normal(0.2, 0.6, (rows, 2))
    return a, b


def test_two_one_sided_tests_equal_statsmodels() -> None:
    from statsmodels.stats.weightstats import ttost_ind

    a, b = two_groups(1)
    keep = (~np.isnan(a)).sum(axis=1) >= 2
    a, b = a[keep], b[keep]
    margin = np.linspace(0.2, 1.0, len(a))
    found = statistics.difference(a, b).p_equivalence(margin)
    expected = [ttost_ind(y, x[~np.isnan(x)], -m, m, usevar="unequal")[0] for x, y, m in zip(a, b, margin, strict=True)]
    np.testing.assert_allclose(found, expected, atol=1e-9, rtol=0)


def test_difference_and_interval_equal_scipy() -> None:
    a, b = two_groups(2)
    found = statistics.difference(a, b)
    low, high = found.interval()
    p = found.p_difference()
    for i, (x, y) in enumerate(zip(a, b, strict=True)):
        test = stats.ttest_ind(y, x[~np.isnan(x)], equal_var=False)
        bounds = test.confidence_interval(0.9)
        assert p[i] == pytest.approx(test.pvalue, abs=1e-9)
        assert (low[i], high[i]) == pytest.approx((bounds.low, bounds.high), abs=1e-9)


def test_the_interval_lies_inside_the_margin_where_the_tests_say_so() -> None:
    a, b = two_groups(3, 200)
    found = statistics.difference(a, b)
    low, high = found.interval()
    margin = np.full(len(a), 0.5)
    inside = (low > -0.5) & (high < 0.5)
    assert inside.any()
    np.testing.assert_array_equal(inside, found.p_equivalence(margin) < 0.05)


@pytest.mark.parametrize(("ours", "name"), [("holm", "holm"), ("hochberg", "simes-hochberg")])
def test_adjustment_equals_statsmodels(ours: str, name: str) -> None:
    from statsmodels.stats.multitest import multipletests

    rng = np.random.default_rng(6)
    p = rng.random(50) ** 3
    np.testing.assert_allclose(getattr(statistics, ours)(p), multipletests(p, method=name)[1], atol=1e-12)
    holed = np.append(p, [np.nan, np.nan])
    np.testing.assert_allclose(getattr(statistics, ours)(holed)[:50], getattr(statistics, ours)(p), atol=1e-12)
    assert np.isnan(getattr(statistics, ours)(holed)[50:]).all()
    assert getattr(statistics, ours)(np.array([])).size == 0


def test_false_discovery_rate_equals_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(7).random(30)
    expected = multipletests(p, method="fdr_bh")[1]
    np.testing.assert_allclose(statistics.benjamini_hochberg(np.append(p, np.nan))[:30], expected, atol=1e-12)
    assert np.isnan(statistics.benjamini_hochberg(np.full(3, np.nan))).all()


@pytest.mark.parametrize(("lots", "sd_b"), [(3, 0.2), (6, 0.2), (6, 0.5), (12, 0.3)])
def test_the_error_of_the_equivalence_test_at_the_margin_is_held(
    lots: int, sd_b: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lots of two processes whose means differ by exactly the margin are called equivalent in at most 5 per cent."""
    rng = np.random.default_rng(8)
    studies, margin = 20_000, np.full(20_000, 0.5)
    a, b = rng.normal(0, 0.2, (studies, lots)), rng.normal(0, sd_b, (studies, lots))
    error = float((statistics.difference(a, b + 0.5).p_equivalence(margin) <= 0.05).mean())
    power = float((statistics.difference(a, b).p_equivalence(margin) <= 0.05).mean())
    with capsys.disabled():
        print(f"\n{lots} lots a side, sd 0.2 and {sd_b}: error {error:.3f}, power without a change {power:.3f}")
    assert error <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / studies)
    if (lots, sd_b) == (6, 0.2):
        assert power > 0.95


@pytest.mark.parametrize(("lots", "common"), [(3, 0.0), (6, 0.3)])
def test_the_distance_of_profiles_is_unbiased_and_its_errors_are_held(
    lots: int, common: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """``common`` moves the proteins of a lot together: they are not independent."""
    rng = np.random.default_rng(14)
    proteins, studies = 40, 100
    margin = np.array([0.25])
    apart = rng.normal(0, 1, proteins)
    apart *= 0.5 / np.sqrt((apart**2).mean())
    loadings = rng.normal(0, 1, (proteins, 1))

    def lots_at(mean: np.ndarray) -> np.ndarray:
        return mean[:, None] + rng.normal(0, 0.25, (proteins, lots)) + loadings * rng.normal(0, common, (1, lots))

    rates = {}
    for name, shift in (("at the margin", apart), ("no change", 0 * apart)):
        found = [statistics.squared_distance(lots_at(0 * apart), lots_at(shift)) for _ in range(studies)]
        equivalent = np.mean([f.p_below(margin)[0] <= 0.05 for f in found])
        different = np.mean([f.p_above_zero()[0] <= 0.05 for f in found])
        mean = float(np.mean([f.estimate[0] for f in found]))
        assert mean == pytest.approx(float((shift**2).mean()), abs=0.03)
        rates[name] = (equivalent, different)
    with capsys.disabled():
        print(f"\n{lots} lots a side, common sd {common}: (equivalent, different) {rates}")
    assert rates["at the margin"][0] <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / studies)
    assert rates["no change"][1] <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / studies)
    assert rates["no change"][0] > 0.8


@pytest.mark.parametrize("shape", [(5, 0), (5, 1), (5, 2), (0, 4)])
def test_the_distance_of_too_little_is_unknown(shape: tuple[int, int]) -> None:
    found = statistics.squared_distance(np.ones(shape), np.ones((shape[0], 4)))
    assert np.isnan(found.se).all()


@pytest.mark.parametrize(("shift", "sd"), [(0.0, 0.4), (0.15, 0.4), (0.8, 0.5)])
def test_the_number_of_lots_that_would_decide_gives_the_power_it_promises(shift: float, sd: float) -> None:
    rng = np.random.default_rng(9)
    base = np.array([[-1.0, 0.0, 1.0]])  # variance 1
    found = statistics.difference(base * sd, base * sd + shift)
    margin = np.array([0.5])
    facts = {"alpha": 0.05, "alpha_difference": 0.05, "power": 0.8, "most": 200}
    needed = int(statistics.lots_to_decide(found, margin, **facts)[0])
    reached = {}
    for lots in (needed - 1, needed):
        a, b = rng.normal(0, sd, (20_000, lots)), rng.normal(shift, sd, (20_000, lots))
        test = statistics.difference(a, b)
        p = test.p_equivalence(margin) if shift < 0.5 else test.p_difference()
        reached[lots] = float((p <= 0.05).mean())
    assert reached[needed] > 0.78
    assert reached[needed - 1] < 0.82


def test_a_difference_just_inside_the_margin_is_decided_as_one() -> None:
    """Equivalence would take ever more lots there; that there is a difference takes few."""
    base = np.array([[-0.3, 0.0, 0.3]])
    facts = {"alpha": 0.05, "alpha_difference": 0.05, "power": 0.8}
    on_it = statistics.difference(base, base + 0.499)
    assert 5 < statistics.lots_to_decide(on_it, np.array([0.5]), most=50, **facts)[0] < 10


def test_no_number_of_lots_decides_where_most_are_too_few_or_nothing_varies() -> None:
    base = np.array([[-0.3, 0.0, 0.3]])
    facts = {"alpha": 0.05, "alpha_difference": 0.05, "power": 0.8, "most": 5}
    noisy = statistics.difference(10 * base, 10 * base + 0.3)
    assert np.isnan(statistics.lots_to_decide(noisy, np.array([0.5]), **facts)[0])
    flat = statistics.difference(np.ones((1, 3)), np.ones((1, 3)))
    assert np.isnan(statistics.lots_to_decide(flat, np.array([0.5]), **facts)[0])


@pytest.mark.parametrize("values", [[[0.1] * 7], [[1e6 + 0.3] * 5], [[-3.3, -3.3, np.nan]]])
def test_equal_values_have_no_variance_and_no_test(values: list[list[float]]) -> None:
    matrix = np.array(values)
    assert statistics.row_variance(matrix)[0] == 0.0
    found = statistics.difference(matrix, matrix)
    assert np.isnan([found.se[0], found.p_difference()[0], found.p_equivalence(np.array([1.0]))[0]]).all()
    assert np.isnan(statistics.prediction_limits(matrix, np.ones(matrix.shape[1], dtype=bool)).low).all()


def test_limits_leave_the_lot_out_that_they_judge() -> None:
    rng = np.random.default_rng(10)
    values = rng.normal(5, 1, (4, 8))
    values[0, 2] = np.nan
    references = np.array([True] * 6 + [False] * 2)
    found = statistics.prediction_limits(values, references)
    for i in range(4):
        for lot in range(8):
            others = references.copy()
            others[lot] = False
            rest = values[i, others]
            rest = rest[~np.isnan(rest)]
            half = stats.t.ppf(stats.norm.cdf(3), len(rest) - 1) * rest.std(ddof=1) * np.sqrt(1 + 1 / len(rest))
            bounds = (found.low[i, lot], found.high[i, lot])
            assert bounds == pytest.approx((rest.mean() - half, rest.mean() + half), rel=1e-6)
            assert found.number[i, lot] == len(rest)


@pytest.mark.parametrize("lots", [6, 30])
def test_a_lot_like_the_others_is_out_of_control_once_in_370(lots: int) -> None:
    values = np.random.default_rng(11).normal(0, 1, (20_000, lots))
    found = statistics.prediction_limits(values, np.ones(lots, dtype=bool))
    outside = ((values < found.low) | (values > found.high)).mean()
    assert outside == pytest.approx(0.0027, abs=0.0006)


def test_variances_are_drawn_towards_what_is_common() -> None:
    """Variances that a scaled inverse chi-square prior made: its parameters are found again."""
    rng = np.random.default_rng(12)
    df, prior_df, prior = 4.0, 6.0, 0.05
    true = prior * prior_df / rng.chisquare(prior_df, 20_000)
    drawn, total = statistics.moderated(true * rng.chisquare(df, 20_000) / df, np.full(20_000, df))
    assert np.median(total) - df == pytest.approx(prior_df, rel=0.1)
    # drawn = (prior_df prior + df own) / (prior_df + df): the least it can be tells the prior
    assert drawn.min() * np.median(total) / prior_df == pytest.approx(prior, rel=0.1)
    equal, infinite = statistics.moderated(0.2 * rng.chisquare(4, 5000) / 4, np.full(5000, 4.0))
    assert equal[0] == pytest.approx(0.2, rel=0.1)
    assert infinite[0] > 100
    alone, own = statistics.moderated(np.array([0.3, np.nan, 0.0]), np.array([2.0, 2.0, 2.0]))
    assert (alone[0], own[0]) == (0.3, 2.0)
    assert np.isnan(alone[1:]).all()


def test_the_inverse_of_the_trigamma_function() -> None:
    from scipy.special import polygamma

    for value in (1e-4, 0.01, 1.0, 50.0):
        assert float(polygamma(1, statistics._trigamma_inverse(value))) == pytest.approx(value, rel=1e-8)


def test_coefficient_of_variation_of_a_log_normal_quantity() -> None:
    drawn = 2.0 ** np.random.default_rng(13).normal(3, 0.4, 400_000)
    assert statistics.cv_of_log2(0.4) == pytest.approx(100 * drawn.std() / drawn.mean(), rel=0.01)
    assert np.isnan(statistics.cv_of_log2(np.nan))
    assert np.isfinite(statistics.cv_of_log2(1e6))
