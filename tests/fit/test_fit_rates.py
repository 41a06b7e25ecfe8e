"""Shares by class: none of n is an upper end, and a class of few devices leans on the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fota_sim.histories.reading import read_histories
from fota_sim.histories.view import EVERYTHING
from fota_sim.learning.classes import Classes
from fota_sim.learning.knobs import knobs_of
from fota_sim.learning.rates import pooled, pooled_draws, rates_of, share
from fota_sim.scenario.loader import parse_scenario


def test_none_of_n_is_an_upper_end_near_three_over_n() -> None:
    found = share("all", 0, 3000)
    assert found.low == 0.0
    assert 0.0 < found.mean < found.high
    assert found.high == pytest.approx(1.92 / 3000, rel=0.01)  # one-sided, of Jeffreys' prior
    assert found.high < 3.0 / 3000


def test_all_of_n_is_a_lower_end() -> None:
    assert share("all", 20, 20).high == 1.0


def test_a_small_class_leans_on_the_others_and_a_large_one_does_not() -> None:
    found = pooled(["a", "b", "c", "small"], np.array([50, 48, 52, 2]), np.array([1000, 1000, 1000, 4]))
    rates = {rate.label: rate for rate in found}
    assert rates["small"].mean < 0.2  # alone it would be a half
    assert rates["a"].mean == pytest.approx(0.05, abs=0.005)
    alone = share("small", 2, 4)
    assert rates["small"].high - rates["small"].low < alone.high - alone.low


def test_classes_that_differ_keep_apart() -> None:
    good, bad = pooled(["good", "bad"], np.array([5, 300]), np.array([1000, 1000]))
    assert good.high < 0.02
    assert bad.low > 0.25


def test_pooled_draws_hold_the_truth_as_often_as_they_say() -> None:
    luck = np.random.default_rng(8)
    inside = []
    for _ in range(60):
        shares = luck.beta(4.0, 60.0, 6)
        n = luck.integers(20, 400, 6)
        draws = pooled_draws(luck.binomial(n, shares), n, 600, luck)
        low, high = np.quantile(draws, [0.1, 0.9], axis=0)
        inside += ((low <= shares) & (shares <= high)).tolist()
    assert 0.72 < np.mean(inside) < 0.88  # 360 of 80 %, two standard errors of clustered classes


def test_what_fits_from_python_is_no_module_whatever_was_imported() -> None:
    import fota_sim as fs
    import fota_sim.learning.fitting

    assert fota_sim.learning.fitting.fit is not fs.fit
    assert callable(fs.fit)


def test_devices_whose_reading_the_log_lacks_have_a_row_so_that_the_rows_add_up(tmp_path: Path) -> None:
    rows = ["device,status,signal"]
    rows += [f"d{k},{'refused' if k % 10 == 0 else 'succeeded'},{-120 + k % 40}" for k in range(100)]
    rows += [f"d{k},waiting," for k in range(100, 160)]
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = rates_of(read_histories([tmp_path / "log.csv"], platform="spreadsheet", as_of_s=1.8e9))[
        "refused, of those reached"
    ]
    [whole] = found["all"]
    by_signal = found["signal"]
    assert (whole.k, whole.n) == (10, 160)
    assert (sum(rate.k for rate in by_signal), sum(rate.n for rate in by_signal)) == (10, 160)
    assert (by_signal[-1].label, by_signal[-1].n) == ("not known", 60)


def test_draws_beyond_what_is_searched_are_told_as_no_measurement() -> None:
    scenario = parse_scenario(
        "horizon: 4d\nproduct: {model: {device_model: M, components: [{identifier: app, type: firmware}]}}\n"
        'packages: [{name: two, component: app, target_version: "2_0", files: [{name: two.bin, size: 60kB}]}]\n'
        "plan: {packages: [two]}\nfleet: {groups: [{name: m, count: 4}]}\n"
    )
    classes = Classes((tuple(scenario.fleet.sources),), np.zeros(4, np.int64))
    speed = next(knob for knob in knobs_of(scenario, classes, EVERYTHING, True) if knob.key.startswith("speed/"))
    inside = np.linspace(speed.low, speed.high, 200)
    assert speed.beyond(inside) == ""
    assert speed.beyond(inside + 1.0) == "the log asks for above x 20, where the search ends: no measurement"
    assert "below x 0.05" in speed.beyond(inside - 1.0)
