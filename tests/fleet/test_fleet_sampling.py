import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fota_sim.fleet.sampling import (
    correlated,
    cumulative,
    normal_scores,
    quantile,
    scores_of_values,
    shares_index,
)
from fota_sim.rules.draws import fill_uniform
from fota_sim.scenario.distribution import Distribution

N = 20_000
KEYS = np.arange(N, dtype=np.uint64)
NORMAL = Distribution("normal", mean=-94.0, sd=12.0)
LOGNORMAL = Distribution("lognormal", median=10.0, sigma=0.8)
BETA = Distribution("beta", a=2.5, b=1.3, low=0.0, high=1.0)
UNIFORM = Distribution("uniform", low=2.0, high=6.0)
TABLE = Distribution("table", values=(90.0, 20.0, 50.0), weights=(1.0, 1.0, 2.0))
MIXTURE = Distribution(
    "mixture",
    weights=(0.3, 0.7),
    parts=(Distribution("uniform", low=0.05, high=0.3), Distribution("beta", a=2.5, b=1.3)),
)


def uniforms(counter=0):
    return fill_uniform(1, 0, KEYS, 99, counter)


def choose(depth):
    return uniforms(1000 + depth)


def drawn(law, u=None):
    return quantile(law, uniforms() if u is None else u, choose)


def bounded(law, low=None, high=None):
    return Distribution(**{**law.__dict__, "min": low, "max": high})


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (NORMAL, stats.norm(-94.0, 12.0)),
        (LOGNORMAL, stats.lognorm(0.8, scale=10.0)),
        (BETA, stats.beta(2.5, 1.3)),
        (Distribution("beta", a=2.0, b=5.0, low=100.0, high=300.0), stats.beta(2.0, 5.0, 100.0, 200.0)),
        (UNIFORM, stats.uniform(2.0, 4.0)),
        (bounded(NORMAL, -125.0, -90.0), stats.truncnorm(-31 / 12, 4 / 12, -94.0, 12.0)),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_drawn_values_follow_the_law_asked_for(law, expected):
    assert stats.kstest(drawn(law), expected.cdf).pvalue > 0.01


def test_a_constant_is_always_itself():
    assert set(drawn(Distribution("constant", value=3.5))) == {3.5}


def test_a_table_gives_its_values_by_weight_and_in_ascending_order_of_the_uniform():
    values = drawn(TABLE)
    for value, share in ((20.0, 0.25), (50.0, 0.5), (90.0, 0.25)):
        assert np.mean(values == value) == pytest.approx(share, abs=0.015)
    assert np.all(np.diff(drawn(TABLE, np.sort(uniforms()))) >= 0)


def test_a_mixture_takes_each_part_by_its_weight():
    values = drawn(MIXTURE)
    below = 0.3 + 0.7 * stats.beta.cdf(0.3, 2.5, 1.3)
    assert np.mean(values <= 0.3) == pytest.approx(below, abs=0.015)


def test_a_mixture_may_hold_a_mixture():
    inner = Distribution("mixture", weights=(0.5, 0.5), parts=(UNIFORM, bounded(UNIFORM, 5.0)))
    outer = Distribution("mixture", weights=(0.5, 0.5), parts=(Distribution("constant", value=0.0), inner))
    values = drawn(outer)
    assert np.mean(values == 0.0) == pytest.approx(0.5, abs=0.015)
    assert np.mean(values >= 5.0) == pytest.approx(0.25 * (0.25 + 1.0), abs=0.015)


def test_truncating_a_mixture_shifts_weight_to_the_parts_that_reach_in():
    law = bounded(MIXTURE, 0.25)
    inside = 0.3 * 0.2, 0.7 * stats.beta.sf(0.25, 2.5, 1.3)
    low_part = inside[0] + 0.7 * (stats.beta.cdf(0.3, 2.5, 1.3) - stats.beta.cdf(0.25, 2.5, 1.3))
    values = drawn(law)
    assert values.min() >= 0.25
    assert np.mean(values <= 0.3) == pytest.approx(low_part / sum(inside), abs=0.015)


@pytest.mark.parametrize("law", [NORMAL, LOGNORMAL, BETA, UNIFORM, TABLE, MIXTURE], ids=lambda law: law.kind)
@given(ends=st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)))
def test_truncation_is_respected_and_values_grow_with_the_uniform(law, ends):
    if law.kind == "mixture":
        low, high = sorted(0.05 + 0.9 * end for end in ends)
    else:
        low, high = quantile(law, np.sort(np.array(ends)), choose)
    if not low < high:
        return
    u = np.linspace(1e-9, 1 - 1e-9, 51)
    values = quantile(bounded(law, float(low), float(high)), u, lambda depth: np.full(51, 0.9))
    assert values.min() >= low
    assert values.max() <= high
    assert np.all(np.diff(values) >= 0)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_truncation_far_out_in_either_tail_keeps_its_precision(sign):
    law = Distribution("normal", mean=0.0, sd=1.0, min=12.0 if sign > 0 else -13.0, max=13.0 if sign > 0 else -12.0)
    values = drawn(law) * sign
    assert values.min() >= 12.0
    assert len(np.unique(values)) > N // 2
    assert values.mean() == pytest.approx(stats.truncnorm.mean(12.0, 13.0), rel=1e-3)


@pytest.mark.parametrize(
    "law", [bounded(UNIFORM, 7.0), bounded(NORMAL, 900.0), bounded(TABLE, 55.0, 60.0), bounded(MIXTURE, 2.0)]
)
def test_a_truncation_that_leaves_nothing_is_an_error(law):
    with pytest.raises(ValueError, match=r"nothing of this .* lies between its min and max"):
        drawn(law)


@pytest.mark.parametrize("law", [NORMAL, BETA, TABLE, MIXTURE, bounded(MIXTURE, 0.2)], ids=lambda law: law.kind)
def test_the_place_of_a_drawn_value_in_its_law_is_uniform(law):
    places = cumulative(law, drawn(law), uniforms(5))
    assert stats.kstest(places, "uniform").pvalue > 0.01


@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.5, 0.8])
def test_the_copula_gives_the_rank_correlation_of_the_formula_and_keeps_uniforms_uniform(rho):
    first, second = uniforms(0), uniforms(1)
    mixed = correlated(second, normal_scores(first), rho)
    expected = 6.0 / math.pi * math.asin(rho / 2.0)
    assert stats.spearmanr(first, mixed).statistic == pytest.approx(expected, abs=0.02)
    assert stats.kstest(mixed, "uniform").pvalue > 0.01


def test_full_correlation_repeats_the_uniform_and_none_leaves_it_alone():
    first, second = uniforms(0), uniforms(1)
    assert correlated(second, normal_scores(first), 1.0) == pytest.approx(first, abs=1e-12)
    assert correlated(second, normal_scores(first), 0.0) is second


def test_values_outside_a_law_have_finite_scores():
    scores = scores_of_values(bounded(NORMAL, -110.0, -80.0), np.array([-200.0, -95.0, 0.0]), np.full(3, 0.5))
    assert np.all(np.isfinite(scores))
    assert np.all(np.diff(scores) > 0)


def test_names_take_their_shares_and_a_share_of_nothing_takes_nobody():
    index = shares_index({"a": 0.2, "none": 0.0, "b": 0.8}, uniforms())
    assert np.mean(index == 0) == pytest.approx(0.2, abs=0.015)
    assert np.mean(index == 2) == pytest.approx(0.8, abs=0.015)
    assert not np.any(index == 1)
