"""What is made of a device: causes name what happened, and one story has one end, on both engines."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from rollout_worlds import ENGINES
from worlds import MIXED, ONE_PLUG

from fota_sim.engines.record import RunRecord
from fota_sim.scenario.loader import parse_scenario

pytestmark = pytest.mark.parametrize("engine", ENGINES)

ENDS = ("outcome", "cause", "belief", "component_status", "belief_true")
OVER = ("failed", "plan over", "Upgrade Failed", "Expired Upgrade Plan", True)


def play(engine: str, text: str, *overrides: str) -> RunRecord:
    return ENGINES[engine](parse_scenario(text, "scenario.yaml", overrides), 0)


def ends(record: RunRecord, columns: tuple[str, ...] = ENDS) -> Counter[tuple[Any, ...]]:
    return Counter(zip(*(record.column(name).tolist() for name in columns), strict=True))


def log(record: RunRecord) -> list[str]:
    (lines,) = record.platform_logs.values()
    return [line.text for line in lines]


def said_min(record: RunRecord, text: str) -> list[int]:
    (lines,) = record.transcripts.values()
    return [line.at_ms // 60_000 for line in lines if text in line.text]


# The plan is over


@pytest.mark.parametrize(
    "ending",
    [
        "plan={packages: [two], push: false, ends: 6s}",
        "plan.operator=[{at: 6s, do: terminate}]",
        "plan={packages: [two], push: false, delete_rule: stop-then-delete,"
        " operator: [{at: 6s, do: terminate}, {at: 20min, do: delete}]}",
    ],
)
def test_who_answers_after_the_end_was_too_late_for_the_plan_however_it_ended(engine: str, ending: str) -> None:
    found = play(engine, ONE_PLUG, ending)
    assert ends(found) == {OVER: 1}
    assert found.column("attempts")[0] == 0
    assert "Upgrade failed; retry" not in " ".join(log(found))


@pytest.mark.parametrize("at", ["90s", "10min", "5h", "26h"])
def test_a_planned_end_and_the_operators_in_the_same_second_leave_the_same_devices(engine: str, at: str) -> None:
    planned = play(engine, MIXED, f"plan.ends={at}")
    operated = play(engine, MIXED, f"plan.operator=[{{at: {at}, do: terminate}}]")
    for name in planned.devices:
        np.testing.assert_array_equal(planned.column(name), operated.column(name), name)


def test_sleepers_of_a_deleted_plan_make_no_more_contacts(engine: str) -> None:
    often = "fleet.groups.meters.contact={pattern: wake, every: 10min, spread: 10min}"
    stop = "plan.operator=[{at: 12min, do: terminate}, {at: 1h, do: delete}]"
    kept = play(engine, MIXED, often, "plan.operator=[{at: 12min, do: terminate}]")
    deleted = play(engine, MIXED, often, stop, "plan.delete_rule=stop-then-delete")
    assert kept.column("contacts").sum() == deleted.column("contacts").sum() < 6 * 140
    assert ends(kept) == ends(deleted)


# Cancelled


def test_a_cancelled_device_keeps_its_word_whatever_comes_of_it_later(engine: str) -> None:
    weak = ("fleet.groups.gates.host=careless", "fleet.groups.gates.contact={pattern: always, spread: 0s}")
    cut = "packages[0].defects=[{effect: verify_failure, probability: 50%}]"
    everybody = "plan.operator=[{at: 11min, do: cancel, devices: {where: \"firmware == '1_0'\"}}]"
    found = play(engine, MIXED, *weak, cut, everybody, "plan.push_grid=0s", "keep={events: true}")
    by_end = ends(found, ("outcome", "belief", "component_status"))
    assert set(by_end) <= {
        ("upgraded", "Upgraded", "Upgrade Succeeded"),
        ("cancelled", "Upgrade Failed", "Upgrade Failed"),
        ("failed", "Upgrade Failed", "Upgrade Failed"),  # before
    }
    assert by_end["cancelled", "Upgrade Failed", "Upgrade Failed"] > 20


# What is offered, and not


ASLEEP = (
    "plan={packages: [two], push: true}",
    "hosts.silent={extends: careless, asks: false}",
    "fleet.groups.plug.host=silent",
    "fleet.groups.plug.module=BC66",
    "fleet.groups.plug.contact={pattern: wake, every: 24h, spread: 5min, linger: 20s}",
    "horizon=5d",
)


def test_who_sleeps_through_every_push_is_told_from_who_is_outside_a_period(engine: str) -> None:
    assert ends(play(engine, ONE_PLUG, *ASLEEP), ("outcome", "cause")) == {("not_offered", "asleep at every push"): 1}
    period = play(engine, ONE_PLUG, *ASLEEP, "plan.push_period=22:00-23:00")
    assert ends(period, ("outcome", "cause")) == {("not_offered", "outside push period"): 1}


@pytest.mark.parametrize(
    ("overrides", "end"),
    [
        (["horizon=5200ms"], ("not_offered", "time ran out")),
        (["horizon=6s"], ("in_progress", "host has not answered")),
        (["fleet.groups.plug.host=silent", "plan.push=true", "horizon=9min"], ("not_offered", "time ran out")),
        (["fleet.groups.plug.host=silent", "plan.push=true", "plan.ends=9min"], ("not_offered", "plan over")),
        (
            ["fleet.groups.plug.host=silent", "plan={packages: [two], mode: manual, user_confirm_share: 0%}"],
            ("not_offered", "user has not confirmed"),
        ),
    ],
)
def test_a_host_never_asks_only_if_it_never_asks(engine: str, overrides: list[str], end: tuple[str, str]) -> None:
    hosts = "hosts={silent: {extends: careless, asks: false}}"
    assert ends(play(engine, ONE_PLUG, hosts, *overrides), ("outcome", "cause")) == {end: 1}


def test_a_host_that_never_asks_of_a_plan_that_is_not_pushed_is_called_so(engine: str) -> None:
    silent = "{name: silent, count: 1, module: FC41D, host: silent, firmware: FC41D_FOTA_1_0, mains: 100%, gone: 0%}"
    text = ONE_PLUG.replace("keep:", f"    - {silent}\nhosts: {{silent: {{extends: careless, asks: false}}}}\nkeep:")
    assert ends(play(engine, text), ("outcome", "cause")) == {
        ("upgraded", ""): 1,
        ("not_offered", "host never asks"): 1,
    }


def test_who_answers_after_the_platform_gave_up_failed_by_its_answer_and_not_by_the_address(engine: str) -> None:
    found = play(engine, ONE_PLUG, "plan.rollout={timeouts: {ack: 1s}, retry: []}")
    assert ends(found, ENDS[:4]) == {("failed", "no answer in time", "Upgrade Failed", "Upgrade Failed"): 1}


# The hold


@pytest.mark.parametrize(("thinks", "offers"), [("2min", [10, 70]), ("25min", [10, 20, 30, 70, 80])])
def test_a_hold_counts_from_the_offer_that_was_refused_not_from_its_repetitions(
    engine: str, thinks: str, offers: list[int]
) -> None:
    found = play(
        engine,
        ONE_PLUG,
        "plan={packages: [two], push: true, rejection_hold: 50min}",
        f"hosts.slow={{extends: careful, asks: false, confirm_delay: {thinks}}}",
        "fleet.groups.plug.host=slow",
        "fleet.groups.plug.rssi_unknown=100%",
        "horizon=85min",
    )
    assert said_min(found, "7,10700") == offers


# Contacts


def test_a_daily_contact_ends_while_the_host_thinks(engine: str) -> None:
    found = play(
        engine,
        ONE_PLUG,
        "hosts.careless={extends: careless, confirm_delay: 3h}",
        "fleet.groups.plug.contact={pattern: daily, hours: 08:00-10:00, spread: 0s}",
        "horizon=3d",
    )
    assert said_min(found, "AT+QIOTUPDATE") == []
    assert found.column("contacts")[0] == 3
    assert ends(found, ("outcome", "cause")) == {("in_progress", "host has not answered"): 1}


def test_a_host_hears_the_progress_within_a_segment_that_outlasts_its_patience(engine: str) -> None:
    found = play(
        engine,
        ONE_PLUG,
        "radios.coarse={extends: nb-iot, segments: 1, rssi_sd: 0dB, rtt: [9s, 9s, 9s], rtt_sigma: [0, 0, 0]}",
        "hosts.careless={extends: careless, patience: 5min}",
        "fleet.groups.plug.module=BC66",
        "fleet.groups.plug.radio=coarse",
        "fleet.groups.plug.rssi=-112dBm",
        "fleet.groups.plug.contact={pattern: wake, every: 12h, spread: 0s}",
        "packages[0].files=[{name: a.bin, size: 300kB}]",
    )
    lasted_ms = found.column("downloaded_ms")[0] - found.column("download_start_ms")[0]
    assert lasted_ms > 3 * 5 * 60_000
    assert found.column("contacts")[0] == 1
    assert ends(found, ("outcome",)) == {("upgraded",): 1}


# Failures


def test_a_rollback_is_the_end_only_of_who_was_rolled_back_last(engine: str) -> None:
    found = play(
        engine,
        MIXED,
        "fleet.groups.meters.count=0",
        "fleet.groups.gates.count=0",
        "fleet.groups.trackers.count=120",
        "fleet.groups.trackers.host=careless",
        "fleet.groups.trackers.rssi={uniform: [-117dBm, -111dBm]}",
        "modules.BG95={extends: BG95, boot: ab, radio: fading}",
        "radios.fading={extends: lte-m, rssi_sd: 6dB}",
        "packages[0].defects=[{effect: boot_failure, probability: 100%}]",
        "plan.strategy.retries=1",
        "protocol.max_download_failures=0",
    )
    rolled_back = {cause for outcome, cause in ends(found, ENDS[:2]) if outcome == "rolled_back"}
    failed = {cause for outcome, cause in ends(found, ENDS[:2]) if outcome == "failed"}
    assert rolled_back == {"new firmware does not boot"}
    assert "new firmware does not boot" not in failed
    assert "download broke off" in failed


def test_who_is_tried_again_by_the_operator_has_not_finished(engine: str) -> None:
    fails = ("packages[0].defects=[{effect: verify_failure}]", "plan.strategy={retries: 0}")
    again = "plan.operator=[{at: 1h, do: retry, devices: {ids: [plug-0]}}]"
    before = play(engine, ONE_PLUG, *fails, "horizon=50min")
    assert 0 < before.column("finished_ms")[0] < 3_600_000
    under_way = play(engine, ONE_PLUG, *fails, again, "horizon=3600100ms")
    assert ends(under_way, ("outcome", "belief", "component_status")) == {
        ("in_progress", "Upgrading", "Upgrade Confirmed"): 1
    }
    assert under_way.column("finished_ms")[0] == -1
    assert "Operator has the upgrade tried again" in log(under_way)
    after = play(engine, ONE_PLUG, *fails, again)
    assert after.column("finished_ms")[0] > 3_600_000
    assert after.column("attempts")[0] == 2


@pytest.mark.parametrize(("kind", "attempts"), [("delta", 1), ("full", 6)])
def test_a_delta_is_not_sent_again_to_who_has_lost_its_source(engine: str, kind: str, attempts: int) -> None:
    source = "" if kind == "full" else "source_version: FC41D_FOTA_1_0, "
    found = play(
        engine,
        ONE_PLUG,
        f"packages=[{{name: two, component: FC41D, kind: {kind}, {source}target_version: FC41D_FOTA_2_0,"
        " files: [{name: a.bin, size: 22536B}], defects: [{effect: wrong_version}]}]",
    )
    assert ends(found, ENDS[:4]) == {("failed", "wrong version reported", "Upgrade Failed", "Upgrade Failed"): 1}
    assert found.column("attempts")[0] == attempts
    assert sum("Issuing download address" in line for line in log(found)) == attempts


@pytest.mark.parametrize(
    ("effect", "reported"), [("wrong_version", "FC41D_FOTA_2_0_wrong"), ("verify_failure", "FC41D_FOTA_1_0")]
)
def test_the_log_of_a_failed_result_says_which_version_was_reported(engine: str, effect: str, reported: str) -> None:
    found = log(
        play(
            engine,
            ONE_PLUG,
            "packages=[{name: two, component: FC41D, target_version: FC41D_FOTA_2_0,"
            f" files: [{{name: a.bin, size: 22536B}}], defects: [{{effect: {effect}}}]}}]",
            "plan.strategy.retries=1",
        )
    )
    line = f"Reported version {reported} is not the target version FC41D_FOTA_2_0"
    told = [row for row, text in enumerate(found) if text == line]
    assert [found[row - 1] for row in told] == ["Device reported component FC41D: upgrade failed"] * 2
    assert [found[row + 1] for row in told] == ["Upgrade failed; retry 1 of 1", "Upgrade of component FC41D failed"]


def test_a_download_that_breaks_off_is_no_reported_version(engine: str) -> None:
    found = play(
        engine,
        MIXED,
        "fleet.groups.meters.count=0",
        "fleet.groups.gates.count=0",
        "fleet.groups.trackers.host=careless",
        "fleet.groups.trackers.rssi=-115dBm",
        "keep.transcripts=40",
    )
    logs = ["\n".join(line.text for line in lines) for lines in found.platform_logs.values()]
    broken = [text for text in logs if "download failed" in text and "upgrade failed" not in text]
    assert broken
    assert not any("is not the target version" in text for text in broken)


def test_a_penalty_box_is_no_way_round_a_source_that_is_gone(engine: str) -> None:
    found = play(
        engine,
        ONE_PLUG,
        "packages[0].defects=[{effect: wrong_version}]",
        "plan.rollout={penalty_box: {failures: 1, lasts: 1h}}",
    )
    assert ends(found, ENDS[:3]) == {("failed", "wrong version reported", "Upgrade Failed"): 1}
    assert found.column("attempts")[0] == 1


TWO_MCUS = """
name: two-mcus
horizon: 8h
product: {model: {components: [{identifier: app}, {identifier: A, type: mcu}, {identifier: B, type: mcu}]}}
packages:
  - {name: a2, component: A, target_version: "2", files: [{name: a.bin, size: 20kB}]}
  - {name: b2, component: B, target_version: "2", files: [{name: b.bin, size: 20kB}]}
plan: {packages: [a2, b2], push: false, strategy: {retry_delay: 5h}}
protocol: {mcu_update_timeout: 1s}
hosts: {slow: {extends: careless, mcu_flash_rate: 500B/s, mcu_flash_failure: 0%}}
fleet:
  groups:
    - {name: meter, count: 1, module: EC200U, host: slow, rssi: -70dBm, mains: 100%, gone: 0%, churn: 0%,
       mcu: {A: "1", B: "1"}, contact: {spread: 0s, request_every: 1h}}
keep: {transcripts: 1}
"""


def test_a_version_that_comes_with_a_request_is_judged_and_the_log_names_the_next_component(engine: str) -> None:
    found = log(play(engine, TWO_MCUS))
    asked = [place for place, line in enumerate(found) if line.startswith("Device asked")]
    assert found[asked[1] + 1] == "Reported version is the target version: component A upgraded"
    assert found[asked[1] + 2] == "Issuing download address: component B"
    assert found[: asked[1]].count("Issuing download address: component A") == 1


# Coverage classes


@pytest.mark.parametrize(("slots", "at_once"), [(0, 0), (1, 1), (3, 3)])
def test_slots_of_deep_coverage_go_by_the_level_and_not_by_the_floor_of_the_reading(
    engine: str, slots: int, at_once: int
) -> None:
    found = play(
        engine,
        ONE_PLUG,
        "radios.deep={extends: nb-iot, rssi_sd: 0dB, s50: -135dBm}",
        "modules.M={extends: BC66, radio: deep, verify_failure: 0%, storage_failure: 0%, power_cuts_mains: 0}",
        "fleet.groups.plug.module=M",
        "fleet.groups.plug.count=12",
        "fleet.groups.plug.cells=1",
        "network.cells.enforce=false",
        "fleet.groups.plug.rssi=-125dBm",
        f"plan={{packages: [two], rollout: {{cell_concurrency: {{devices: [50, 10, {slots}]}}}}}}",
    )
    starts, ends_ms = found.downloads[:, 1], found.downloads[:, 2]
    most = max((int(((starts <= at) & (at < ends_ms)).sum()) for at in starts), default=0)
    assert most == at_once
    upgraded = found.column("outcome") == "upgraded"
    assert upgraded.all() if slots else not upgraded.any()
