"""Censored waits and competing ends, beside arithmetic by hand, SciPy, and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from fota_sim.learning.incidence import incidence, survival

LUCK = np.random.default_rng(3)


def test_without_censoring_the_end_is_the_plain_share_and_its_binomial_error() -> None:
    times = np.array([1.0, 2.0, 3.0, 9.0, 9.0])
    found = survival(times, np.array([True, True, True, False, False]))
    assert found.share.tolist() == pytest.approx([0.8, 0.6, 0.4])
    assert found.at_end == pytest.approx(0.4)
    assert found.error == pytest.approx(np.sqrt(0.4 * 0.6 / 5))


def test_who_is_taken_out_counts_until_then() -> None:
    # by hand: 1 of 4 at 1; one leaves at 2; 1 of 2 at 3
    found = survival(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, False]))
    assert found.at_end == pytest.approx(0.75 * 0.5)


def test_survival_is_that_of_scipy() -> None:
    times = LUCK.integers(1, 50, 400).astype(float)
    happened = LUCK.random(400) < 0.6
    found = survival(times, happened)
    theirs = ecdf(CensoredData.right_censored(times, ~happened)).sf
    for at, share in zip(found.times, found.share, strict=True):
        assert share == pytest.approx(float(theirs.evaluate(at)))


def test_causes_that_compete_share_what_there_is() -> None:
    # by hand, 4 devices: cause 0 at 1; censored at 2; cause 1 at 3 of two left; cause 0 at 4
    at, shares = incidence(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, -1, 1, 0]), 2)
    assert at.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert shares[-1].tolist() == pytest.approx([0.25 + 0.75 * 0.5, 0.75 * 0.5])


def test_incidences_and_who_is_left_are_everybody() -> None:
    times, causes = LUCK.exponential(1.0, 300), LUCK.integers(-1, 3, 300)
    _, shares = incidence(times, causes, 3)
    left = survival(times, causes >= 0)
    assert shares[-1].sum() + left.at_end == pytest.approx(1.0)
    assert (np.diff(shares, axis=0) >= 0).all()


def test_statsmodels_finds_the_same_at_every_time() -> None:
    duration = pytest.importorskip("statsmodels.duration.survfunc")
    for number in range(5):
        luck = np.random.default_rng(number)
        times, causes = np.round(luck.exponential(1.0, 300), 2), luck.integers(-1, 2, 300)
        times[0], causes[0] = 99.0, -1  # so that somebody is left at the end
        with np.errstate(divide="ignore", invalid="ignore"):
            theirs = duration.CumIncidenceRight(times, causes + 1)
            kaplan = duration.SurvfuncRight(times, causes >= 0)
        at, shares = incidence(times, causes, 2)
        for cause in range(2):
            at_theirs = np.searchsorted(at, theirs.times, side="right") - 1
            assert shares[at_theirs, cause] == pytest.approx(theirs.cinc[cause], abs=1e-12)
        mine = survival(times, causes >= 0)
        assert mine.times == pytest.approx(kaplan.surv_times)
        assert mine.share == pytest.approx(kaplan.surv_prob, abs=1e-12)
        assert mine.error == pytest.approx(kaplan.surv_prob_se[-1])
        assert 0.0 < mine.at_end < 0.2
