"""Devices that are kept are those that would be drawn, and whatever changes them has them drawn again."""

from threading import Thread

import numpy as np
import pytest
from fleet_world import group, groups, scenario_of
from test_fleet_drawing import same
from test_fleet_groups import RICH

from fota_sim.fleet import groups as drawn
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.kept import Kept, Piece
from fota_sim.scenario.model import Scenario

FLEET = groups(
    group("g", 300, **RICH), group("h", 200, module="BG95", radio="lte-m", churn="10%", joins="{uniform: [0s, 5d]}")
)
BATTERY = "{chemistry: li-ion, capacity: 1Ah, level: 50%, resistance: 0.2ohm, self_discharge: 3%}"
OF_THE_FLEET = (
    "seed=8",
    "horizon=3d",
    "time_zone=Asia/Tokyo",
    "fleet.groups.g.count=299",
    "fleet.groups.g.rssi={normal: {mean: -90dBm, sd: 2dB}}",
    "fleet.groups.h.cells=7",
    "fleet.groups.h.module=EC800K",
    "modules.BG95={extends: BG95, mains: 50%}",
    "radios.lte-m={extends: lte-m, gone: 20%}",
    "fleet.groups.h.joins={uniform: [0s, 1d]}",
    f"modules.BG95={{extends: BG95, battery: {BATTERY}}}",
    "product.name=another",
)
OF_THE_PLAN = ("plan.strategy.min_battery=40%", "plan.push=true", "network.server.connections=7")


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """What this process keeps, for the time of a test."""
    monkeypatch.setattr(drawn, "kept", Kept(1 << 24))
    return drawn.kept


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the groups that are drawn, each time."""
    found: list[str] = []
    draw = drawn.draw_devices

    def counted(scenario, kind, *rest):
        found.append(kind.devices.name)
        return draw(scenario, kind, *rest)

    monkeypatch.setattr(drawn, "draw_devices", counted)
    return found


def of(*changes: str) -> Scenario:
    return scenario_of(FLEET, overrides=changes)


@pytest.mark.parametrize("change", OF_THE_FLEET)
def test_who_would_be_another_is_drawn_again(change: str, kept: Kept) -> None:
    build_fleet(of(), 0)
    after = build_fleet(of(change), 0)
    kept.most_B = 0
    same(after, build_fleet(of(change), 0))


@pytest.mark.parametrize("change", OF_THE_PLAN)
def test_a_change_of_the_plan_draws_nobody(change: str, draws: list[str]) -> None:
    first = build_fleet(of("seed=1234"), 0)
    begun = len(draws)
    same(first, build_fleet(of("seed=1234", change), 0))
    assert len(draws) == begun


def test_the_plan_s_lists_are_those_of_the_plan_that_is_played() -> None:
    build_fleet(of(), 0)
    assert build_fleet(of('plan.blacklist={where: group == "h"}'), 0).black.sum() == 200
    assert build_fleet(of('plan.blacklist={where: group == "g"}'), 0).black.sum() == 300


def test_each_replication_has_its_own_devices() -> None:
    fleets = [build_fleet(of(), number % 3) for number in range(6)]
    for one, again in zip(fleets[:3], fleets[3:], strict=True):
        same(one, again)
    assert not np.array_equal(fleets[0].rssi_mean_dBm, fleets[1].rssi_mean_dBm)


def test_no_more_is_kept_than_there_is_room_for(draws: list[str], kept: Kept) -> None:
    kept.most_B = 1  # of bytes
    for _ in range(2):
        build_fleet(of("seed=4321"), 0)
    assert draws == ["g", "h", "g", "h"]


def test_a_sample_between_two_answers_does_not_have_all_drawn_again(draws: list[str]) -> None:
    sample = of("fleet.groups.g.count=30", "fleet.groups.h.count=20")
    for scenario in (of(), sample, of(), sample):
        build_fleet(scenario, 0)
    assert draws == ["g", "h", "g", "h"]


def test_where_room_is_short_what_was_asked_for_longest_ago_goes(draws: list[str], kept: Kept) -> None:
    build_fleet(of("seed=1"), 0)
    kept.most_B = kept._size_B
    for seed in (1, 2, 2, 1):
        build_fleet(of(f"seed={seed}"), 0)
    assert draws == [*"ghghgh"]


def test_of_many_small_groups_those_asked_for_longest_ago_go(draws: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fota_sim.fleet.kept.MOST_GROUPS", 4)
    for seed in (1, 2, 3, 3, 2, 1):
        build_fleet(of(f"seed={seed}"), 0)
    assert draws == [*"ghghghgh"]


def test_what_is_kept_is_counted_as_it_comes_and_goes(kept: Kept) -> None:
    for seed in (1, 2, 1, 3):
        build_fleet(of(f"seed={seed}"), 0)
    of_three = kept._size_B
    kept.most_B = of_three - 1
    build_fleet(of("seed=4"), 0)
    assert 0 < kept._size_B < of_three
    kept.most_B = 1
    build_fleet(of("seed=5"), 0)
    assert kept._size_B == 0


def test_kept_devices_cannot_be_written_to() -> None:
    fleet = build_fleet(of(), 0)
    with pytest.raises(ValueError, match="read-only"):
        drawn.group_fleet(of(), of().fleet.groups[0], 0, 0, 300).rssi_mean_dBm[0] = 0.0
    assert fleet.n == 500


def test_a_run_keeps_nothing(draws: list[str], kept: Kept) -> None:
    kept.most_B = 0
    for _ in range(2):
        build_fleet(of(), 0)
    assert draws == ["g", "h", "g", "h"]


def test_threads_that_change_the_cause_in_turn_get_their_own() -> None:
    both = {seed: of(f"seed={seed}") for seed in (1, 2)}
    truth = {seed: Kept().fleet((), Piece(0, 0, 0), lambda s=one: build_fleet(s, 0)) for seed, one in both.items()}
    wrong: list[BaseException] = []

    def play(seed: int) -> None:
        try:
            for _ in range(20):
                same(build_fleet(both[seed], 0), truth[seed])
        except BaseException as error:
            wrong.append(error)

    threads = [Thread(target=play, args=(seed,)) for seed in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
