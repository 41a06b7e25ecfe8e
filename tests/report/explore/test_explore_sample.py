"""A part of a fleet answers for all of it, or says that it cannot."""

from pathlib import Path

import numpy as np
import pytest
from explore_world import MANY, a_source

from fota_sim.analysis.numbers.counters import count
from fota_sim.analysis.numbers.quantities import targeted_devices
from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.run.outline import BATTERY_SIGNAL, GROUP_TIMES, TIMESERIES, outline
from fota_sim.analysis.run.sample import DEVICES, LEAST_PART, Sample, Sampled, sampled, scaled_up
from fota_sim.engines.choice import REFERENCE, load
from fota_sim.fleet.fleet import build_fleet
from fota_sim.report.explore.pace import AT_ONCE_S, FOLLOWING_S, Pace, Samples
from fota_sim.report.explore.source import open_source
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.templates import TEMPLATES

SIZE = 40
SCENARIOS = [
    *(template.name for template in TEMPLATES),
    *sorted(str(path) for path in Path("scenarios").rglob("*.yaml") if path.stem != "two_products"),
]


def many(folder: Path, *overrides: str) -> Scenario:
    """400 devices in two groups, ten to a cell."""
    return a_source(folder, *overrides, text=MANY).scenario()


def part_of(scenario: Scenario) -> Sampled:
    found = sampled(scenario, SIZE)
    assert found is not None
    return found


def test_what_devices_share_is_made_smaller_with_them(tmp_path: Path) -> None:
    part, sample = part_of(
        many(
            tmp_path,
            "network.server={connections: 200, egress: 1Mbit/s}",
            "plan.rollout.concurrency={devices: 60, priority: {where: 'rssi > -90dBm'}, reserved: 20}",
            "plan.rollout.rate={devices: 25, factor: 2, step: 50, cap: 80}",
            "plan.rollout.waves=[{count: 100}, {share: 30%, opens: {after: 1h}}, {opens: {after: 1h}}]",
        )
    )
    assert sample == Sample(SIZE, 400)
    assert [(group.count, group.cells) for group in part.fleet.groups] == [(30, 3), (10, 1)]
    server, rollout = part.network.server, part.plan.rollout
    assert (server.connections, server.egress) == (20, 100_000)
    assert rollout.concurrency is not None
    assert rollout.rate is not None
    assert (rollout.concurrency.devices, rollout.concurrency.reserved) == (6, 2)
    assert (rollout.rate.devices, rollout.rate.step, rollout.rate.cap) == (2.5, 5, 8)
    assert [(wave.count, wave.share) for wave in rollout.waves] == [(10, None), (None, 0.3), (None, None)]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_sample_of_a_shipped_scenario_is_a_scenario(name: str) -> None:
    source = open_source(name)
    groups = source.scenario().fleet.groups
    larger = source.scenario([f"fleet.groups.{group.name}.{change}" for group in groups for change in tenfold(group)])
    found = sampled(larger, max(1, sum(group.count for group in larger.fleet.groups) // 10))
    if found is not None:
        part = parse_scenario(dump_yaml(found.scenario), source.path)
        assert part == found.scenario
        assert sum(group.count for group in part.fleet.groups) == found.sample.devices


def tenfold(group: object) -> list[str]:
    return [f"count={10 * group.count}", f"cells={10 * group.cells}"]  # type: ignore[attr-defined]


def test_its_devices_are_those_of_the_whole_fleet(tmp_path: Path) -> None:
    whole = many(tmp_path)
    fleet, few = build_fleet(whole, 0), build_fleet(part_of(whole).scenario, 0)
    places = [fleet.ids.find(name) for name in few.ids]
    assert None not in places
    alike = fleet.take(np.array(places))
    for name in ("keys", "rssi_mean_dBm", "charge", "mains", "capacity_mAh", "battery_known", "gone"):
        assert np.array_equal(getattr(alike, name), getattr(few, name)), name


@pytest.mark.parametrize(
    "change",
    [
        "plan.rollout.abort=[{share: 10%}]",
        "plan.rollout.sequential={acceptable: 1%, unacceptable: 5%}",
        "plan.rollout.waves=[{share: 50%}, {opens: {success: 90%}}]",
        "plan.rollout.waves=[{share: 50%}, {}]",
        "plan.rollout.waves=[{share: 1%}, {opens: {after: 1h}}]",
        "plan.blacklist={ids: [indoor-7]}",
        "plan.rollout.concurrency={devices: 3}",
        "network.server.connections=4",
        "fleet.groups.indoor.cells=7",
        "fleet.groups.indoor.count=10",
    ],
)
def test_what_a_part_cannot_answer_it_is_not_asked(tmp_path: Path, change: str) -> None:
    assert sampled(many(tmp_path, change), SIZE) is None


def test_a_fleet_from_a_file_has_no_sample() -> None:
    assert sampled(open_source("csv").scenario(), 1) is None


def test_cells_without_limits_may_be_any_number(tmp_path: Path) -> None:
    assert sampled(many(tmp_path, "fleet.groups.indoor.cells=7", "network.cells.enforce=false"), SIZE) is not None


def test_it_is_larger_where_that_makes_it_more_like(tmp_path: Path) -> None:
    part, sample = part_of(many(tmp_path, "network.server.connections=15"))  # a tenth of them would be one and a half
    assert sample == Sample(2 * SIZE, 400)
    assert part.network.server.connections == 3


def test_nobody_is_left_out(tmp_path: Path) -> None:
    scenario = many(tmp_path, "fleet.groups.outdoor.count=2", "fleet.groups.outdoor.module=FC41D")
    assert [group.count for group in part_of(scenario).scenario.fleet.groups] == [39, 1]


def test_what_was_counted_is_scaled_up_and_shares_stay(tmp_path: Path) -> None:
    part, sample = part_of(many(tmp_path))
    record = load(REFERENCE)(part, 0)
    played = outline(record, terms_of(part))
    whole = scaled_up(played, sample)
    assert whole.counted.devices == whole.counted.causes.sum() == 400
    for name in ("success_of_targeted", "time_to_50_pct_ms", "energy_per_upgraded_J", "attempts_per_started"):
        assert whole.measured[name] == played.measured[name], name
    for name in ("targeted", "bytes_sent", "energy_wasted_J", "downloads_peak", "upgraded_per_hour_middle_90_pct"):
        value = played.measured[name].value
        assert value is not None
        assert whole.measured[name].value == 10 * value, name
    assert whole.measured["targeted"].value == 10 * targeted_devices(count(record.devices, terms_of(part)))
    for name, column in ((TIMESERIES, "downloading_peak"), (GROUP_TIMES, "upgraded"), (BATTERY_SIGNAL, "started")):
        assert (whole.tables[name][column].to_numpy() == 10 * played.tables[name][column].to_numpy()).all()
    for name, column in ((TIMESERIES, "at_ms"), (GROUP_TIMES, "group"), (BATTERY_SIGNAL, "rssi_dBm")):
        assert whole.tables[name][column].equals(played.tables[name][column])


def test_it_is_near_what_all_devices_show(tmp_path: Path) -> None:
    whole = many(tmp_path)
    part, sample = part_of(whole)
    share = "success_of_targeted"
    all_of_them = outline(load(REFERENCE)(whole, 0), terms_of(whole)).measured[share].value
    some = scaled_up(outline(load(REFERENCE)(part, 0), terms_of(part)), sample).measured[share].value
    assert all_of_them is not None
    assert some is not None
    assert abs(some - all_of_them) < 4 * np.sqrt(all_of_them * (1 - all_of_them) / SIZE)


def test_the_first_question_has_a_sample_and_later_ones_where_all_would_take_long(tmp_path: Path) -> None:
    pace, scenario = Pace(), many(tmp_path)
    samples = Samples(pace, SIZE)
    assert samples.wanted(scenario, settled=True)
    pace.took(400, (AT_ONCE_S + FOLLOWING_S) / 2)
    assert not samples.wanted(scenario, settled=True)
    assert samples.wanted(scenario, settled=False)  # while dragging, sooner
    for _ in range(9):
        pace.took(400, FOLLOWING_S / 2)
    assert not samples.wanted(scenario, settled=False)


def test_small_fleets_do_not_tell_how_long_large_ones_take() -> None:
    pace = Pace()
    pace.took(1_000, 1.0)
    assert pace.expects_s(10_000) == pytest.approx(10.0)
    pace.took(10_000, 2.0)
    assert pace.expects_s(10_000) == pytest.approx(2.0)


def test_a_small_fleet_is_played_at_once() -> None:
    smaller = open_source("meters", [f"fleet.groups.meters.count={LEAST_PART * DEVICES - 1}"]).scenario()
    assert sampled(smaller) is None
