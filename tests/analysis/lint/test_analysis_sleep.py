"""What timers of PSM and eDRX come to before anything is run, by hand; what is played is held to it elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from fota_sim.analysis.lint.checking import check
from fota_sim.analysis.lint.sleep import Sleeping, sleeping
from fota_sim.scenario.loader import parse_scenario

SCENARIO = """
product: {{model: {{components: [{{identifier: app, type: firmware}}]}}}}
packages: [{{name: two, component: app, target_version: "2_0", files: [{{name: a.bin, size: 60kB}}]}}]
plan: {{packages: [two]}}
modules:
  cell: {{extends: BC66, i_idle: 1mA, i_receive: 49mA, i_gap: 20mA, i_sleep: 4uA, i_edrx: 10uA,
         battery: {{chemistry: li-socl2, capacity: 8766mAh, level: 100%, resistance: 0.1ohm, self_discharge: 1%}}}}
radios: {{air: {{extends: nb-iot, resume: 1500ms, rtt: [500ms, 1s, 2s]}}}}
fleet:
  groups: [{{name: g, count: 1, module: cell, radio: air, contact: {contact}}}]
"""


def of(contact: str) -> Sleeping:
    scenario = parse_scenario(SCENARIO.format(contact=contact))
    group = scenario.fleet.groups[0]
    return sleeping(group, scenario.modules["cell"], scenario.radios["air"])


def test_a_module_in_psm_listens_at_each_report_and_tau() -> None:
    found = of("{pattern: wake, every: 24h, sleep: {t3412: 10h, t3324: 20s, inactivity: 10s}}")
    waits = [36_000.0 - 32.0, 36_000.0 - 32.0, 14_400.0 - 32.0]
    assert found.mean_wait_s == pytest.approx(sum(each * each for each in waits) / 2 / 86_400)
    assert found.longest_wait_s == 36_000.0 - 32.0
    wake_uC = 2_000 * 50.0 + 10_000 * 20.0 + 20_000 * 1.0
    trip_uC = 500 * (50.0 - 0.004)  # of the report, in which it is a part of listening
    assert found.drains_mA == pytest.approx(0.004 + (3 * (wake_uC - 32_000 * 0.004) - trip_uC) / 86_400_000)
    assert found.life_years == pytest.approx(1.0 / (0.01 + found.drains_mA))  # 8,766 mAh are a milliampere for a year


def test_a_module_in_edrx_listens_in_its_windows() -> None:
    found = of("{sleep: {edrx: 81.92s, paging_window: 20.48s}}")
    assert found.mean_wait_s == pytest.approx(0.75 * 61.44 / 2)
    assert found.longest_wait_s == pytest.approx(61.44)
    assert found.drains_mA == pytest.approx(0.25 * 1.0 + 0.75 * 0.010)


def test_daily_hours_count_for_what_is_drawn_and_not_for_the_wait() -> None:
    found, always = (of(f"{{{p}sleep: {{edrx: 81.92s}}}}") for p in ('pattern: daily, hours: "00:00-06:00", ', ""))
    assert found.mean_wait_s == always.mean_wait_s
    assert found.drains_mA == pytest.approx(0.25 * always.drains_mA + 0.75 * 0.004)


def test_windows_in_an_active_time_as_long_as_many_cycles_delay_little_and_lose_little() -> None:
    """By adding up a push each second of a period."""
    found = of("{pattern: wake, every: 10h, sleep: {t3412: 10h, t3324: 1h, inactivity: 0s, edrx: 81.92s}}")
    assert found.longest_wait_s == pytest.approx(36_000 - 3_602 + 71.68)
    waited = 0.0
    phases = 64
    for phase in range(phases):
        window = [81.92 * (k + phase / phases) for k in range(-1, 46)]
        for at in range(3_600):
            heard = [max(0.0, begins - at) for begins in window if begins + 10.24 > at and max(begins, at) <= 3_600]
            waited += min(heard) if heard else 36_000 - 2 - at
    asleep = (36_000 - 3_602) ** 2 / 2
    assert found.mean_wait_s == pytest.approx((asleep + waited / phases) / 36_000, rel=1e-3)


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        (
            "{pattern: wake, every: 7d, sleep: {t3412: 20h, t3324: 16s}}",
            "g: a push waits 9.7 h on average, 20 h at most; while nothing is upgraded the module draws ",
        ),
        ("{pattern: wake, every: 7d, sleep: {t3412: 20h, t3324: 16s}}", "8,766 mAh lasts more than 20 years"),
        ("{sleep: {edrx: 20.48s}}", "505 uA, and a full battery of 8,766 mAh lasts 23 months"),
        ('{pattern: daily, hours: "00:00-06:00", sleep: {edrx: 20.48s}}', "g: a push in its hours waits 2.56 s"),
    ],
)
def test_validate_says_it_in_plain_words(contact: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(SCENARIO.format(contact=contact), encoding="utf-8")
    (line,) = check(file, [], None, False).sleep
    assert words in line


def test_nothing_is_said_of_devices_that_have_no_timers(tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(SCENARIO.format(contact="{pattern: wake}"), encoding="utf-8")
    assert check(file, [], None, False).sleep == []
