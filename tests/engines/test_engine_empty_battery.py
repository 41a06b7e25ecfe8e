"""A battery runs empty at its millisecond, whatever the device does then, and ends what it does; in both engines."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import NEVER, RunRecord
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.engines.twins import describe, play_both
from fota_sim.rules.labels import BOOT_SCHEMES
from fota_sim.scenario.loader import parse_scenario

CAPACITY_MAH = 100.0

TRACKER = """
name: tracker
horizon: 6h
product: {model: {components: [{identifier: app}, {identifier: STM32, type: mcu}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 400kB}]}]
plan: {packages: [two], push: false}
hosts: {slow: {extends: careless, confirm_delay: 20s, mcu_flash_failure: 0%, mcu_flash_rate: 500B/s}}
modules:
  M: {extends: BG95, v_min: 1V, verify_failure: 0%, storage_failure: 0%, power_cuts_battery: 0, apply_fixed: 2min,
      reboot: 30s, url_to_start: 5s, radio: calm, i_sleep: 10uA,
      battery: {chemistry: li-po, capacity: 100mAh, level: 50%, resistance: 0ohm, self_discharge: 3%}}
radios: {calm: {extends: lte-m, connect: 10s, p_floor: 0%}}
protocol: {flash_delay: 10s}
fleet:
  groups:
    - {name: a, count: 1, module: M, host: slow, rssi: -70dBm, mains: 0%, gone: 0%, churn: 0%, mcu: {STM32: "1_0"},
       contact: {spread: 0s}}
keep: {events: true}
"""
MCU = ("packages=[{name: two, component: STM32, target_version: '2_0', files: [{name: m.bin, size: 30kB}]}]",)
WAKES = ("fleet.groups.a.contact={pattern: wake, every: 1h, jitter: 0s}",)

Moment = Callable[[RunRecord], int]


def play(*overrides: str) -> RunRecord:
    """One replication, the same in both engines."""
    scenario = parse_scenario(TRACKER, "scenario.yaml", overrides)
    found = play_both(scenario, 0, reference, compiled)
    assert not found, describe(found, "reference", "compiled")
    return compiled(scenario, 0)


def lines(record: RunRecord, who: str = "", device: int = 0) -> list[tuple[int, str]]:
    """When what was said by ``who`` (host, module, platform; anybody), of one device."""
    events = record.event_columns()
    chosen = (events["device"] == device) & ((events["actor"] == who) if who else True)
    return list(zip(events["at_ms"][chosen].tolist(), events["text"][chosen].tolist(), strict=True))


def after(words: str, more_ms: int) -> Moment:
    """So long after these words were first said."""
    return lambda record: next(at_ms for at_ms, text in lines(record) if words in text) + more_ms


def needed_mAh(at_ms: int, *overrides: str) -> float:
    """What the device takes until then, self-discharge too, when it has plenty."""
    table = play(*overrides, f"horizon={at_ms}ms").devices
    return float(table["drained_mAh"][0] + table["self_discharged_mAh"][0])


def with_mAh(charge_mAh: float) -> str:
    """So much in the battery at the start."""
    return f"modules.M.battery.level={100.0 * charge_mAh / CAPACITY_MAH:.15f}%"


PHASES = {
    "asleep before the first contact": (WAKES, lambda record: int(record.devices["first_contact_ms"][0]) // 2),
    "connecting": ((), after("AT+QIOTREG", 4000)),
    "idle": (("hosts.slow.ignores_offer=100%",), lambda _: 1_800_000),
    "asking": ((), after("AT+QIOTOTAREQ", 20)),
    "thinking about the offer": ((), after("7,10700", 7000)),
    "waiting for the address": ((), after("AT+QIOTUPDATE=1", 2000)),
    "downloading": ((), after("7,10701", 3000)),
    "waiting to write": ((), after("7,10704", 4000)),
    "writing": ((), after("7,10704", 60_000)),
    "restarting": ((), after("7,10704", 10_000 + 120_000 + 8000 + 10_000)),
    "asleep between contacts": ((*WAKES, "hosts.slow.ignores_offer=100%"), after("AT+QIOTREG", 2_400_000)),
    "reading pieces": (MCU, after("AT+QIOTOTARD", 700)),
    "writing the host's software": (MCU, after("AT+QIOTUPDATE=3", 30_000)),
}


@pytest.mark.parametrize("phase", PHASES)
def test_a_device_is_silent_from_the_millisecond_on_in_which_its_battery_is_empty(phase: str) -> None:
    overrides, moment = PHASES[phase]
    at_ms = moment(play(*overrides))
    record = play(*overrides, with_mAh(needed_mAh(at_ms, *overrides)))
    table = record.devices
    empty_ms = int(table["battery_empty_ms"][0])
    assert abs(empty_ms - at_ms) <= 1  # charge that is written in decimals is off by some last bits
    assert table["battery_end_pct"][0] == 0.0
    assert all(said_ms <= empty_ms for said_ms, _ in lines(record, "module") + lines(record, "host"))
    ends = record.column("outcome")[0], record.column("cause")[0]
    if phase == "restarting":
        assert ends == ("upgraded", "")  # the new firmware is in place, though nobody has seen it run
    else:
        assert ends == ("unreachable", "battery empty")
    earlier = [line for line in lines(play(*overrides)) if line[0] < empty_ms - 1]
    assert [line for line in lines(record) if line[0] < empty_ms - 1] == earlier


def test_an_idle_battery_is_empty_when_its_charge_over_its_current_says() -> None:
    """1.5 mA and a self-discharge of 3 % of 100 mAh a year; while connecting 70 mA more."""
    record = play("plan.starts=2d", "horizon=3d", with_mAh(20.0))
    begun_ms, connected_ms = after("AT+QIOTREG", 0)(record), after("3,10200", 0)(record)
    idle_mA = 1.5 + 0.03 * CAPACITY_MAH / 8766.0
    left_uC = 20.0 * 3.6e6 - connected_ms * idle_mA - (connected_ms - begun_ms) * 70.0
    closed_ms = connected_ms + math.ceil(left_uC / idle_mA)
    assert abs(int(record.devices["battery_empty_ms"][0]) - closed_ms) <= 1
    assert record.devices["offers"][0] == 0


def test_a_battery_that_is_empty_from_the_start_is_never_in_contact() -> None:
    table = play("modules.M.battery.level=0%").devices
    assert (table["battery_empty_ms"][0], table["contacts"][0]) == (0, 0)
    assert str(table["outcome"].texts[0]) == "unreachable"


@pytest.mark.parametrize("bricks", ["0%", "100%"])
@pytest.mark.parametrize("scheme", BOOT_SCHEMES)
def test_empty_while_writing_is_a_power_loss_and_off(scheme: str, bricks: str) -> None:
    own = (f"modules.M.boot={scheme}", f"modules.M.brick_on_power_loss={bricks}")
    at_ms = after("7,10704", 60_000)(play(*own))
    record = play(*own, with_mAh(needed_mAh(at_ms, *own)))
    bricked = scheme != "ab" and bricks == "100%"
    ends = record.column("outcome")[0], record.column("cause")[0]
    assert ends == ("bricked" if bricked else "unreachable", "battery empty")
    assert record.column("firmware_end")[0] != "2_0"
    table = record.devices
    assert table["energy_wasted_J"][0] == table["energy_J"][0] > 0.0
    assert table["bytes_wasted"][0] == table["bytes_sent"][0] > 0


def test_an_aborted_download_counts_the_bytes_and_the_energy_until_the_battery_was_empty() -> None:
    whole = play()
    at_ms = after("7,10701", 3000)(whole)
    table = play(with_mAh(needed_mAh(at_ms))).devices
    assert 0 < table["bytes_sent"][0] < whole.devices["bytes_sent"][0]
    assert table["bytes_wasted"][0] == table["bytes_sent"][0]
    assert 0.0 < table["energy_J"][0] < whole.devices["energy_J"][0]
    assert table["download_failures"][0] == 1


TWO = ("network.server={connections: 1, when_full: queue}", "fleet.groups.a.count=3")


def test_an_empty_battery_gives_its_place_at_the_server_to_the_next_at_once() -> None:
    at_ms = after("7,10701", 3000)(play())
    first = f"fleet.groups[0].battery={{chemistry: li-po, capacity: 100mAh, level: {needed_mAh(at_ms):.12f}%, "
    record = play(*TWO, f"{first} resistance: 0ohm, self_discharge: 3%}}")
    downloads = record.downloads
    empty_ms = record.devices["battery_empty_ms"]
    begun = downloads[np.argsort(downloads[:, 1], kind="stable")]
    assert len(begun) >= 1
    assert begun[0, 2] == empty_ms[begun[0, 0]]
    assert all(later[1] >= earlier[2] for earlier, later in pairwise(begun))
    if len(begun) > 1:
        assert begun[1, 1] == begun[0, 2]


def test_a_device_that_runs_empty_in_line_is_passed_over() -> None:
    """Batteries by device: the first has plenty, the second ends while the first downloads, the third waits on."""
    alone = play()
    started_ms = after("7,10701", 0)(alone)
    lasts_ms = int(alone.downloads[0, 2] - alone.downloads[0, 1])
    waits_mAh = needed_mAh(started_ms) + 1.5 * (lasts_ms / 2) / 3.6e6
    levels = f"{{table: {{values: [50%, {waits_mAh:.9f}%], weights: [2, 1]}}}}"
    battery = f"battery={{chemistry: li-po, capacity: 100mAh, level: {levels}, resistance: 0ohm, self_discharge: 3%}}"
    record = play(TWO[0], "fleet.groups.a.count=12", f"fleet.groups[0].{battery}", "horizon=1h")
    emptied = record.devices["battery_empty_ms"] != NEVER
    assert 0 < emptied.sum() < 12
    begun = record.downloads[np.argsort(record.downloads[:, 1], kind="stable")]
    assert not set(begun[1:, 0]) & set(np.flatnonzero(emptied))
    assert all(later[1] == earlier[2] for earlier, later in pairwise(begun))


def test_a_connection_that_the_host_breaks_off_has_taken_its_charge() -> None:
    """Without a link the module tries for long; a host that is not patient switches it off meanwhile."""
    deaf = ("fleet.groups.a.rssi=-150dBm", *WAKES, "hosts.slow.patience=1min", "radios.calm.connect=5min")
    record = play(*deaf, "horizon=2h", "modules.M.i_sleep=0A", "modules.M.battery.self_discharge=0%")
    table = record.devices
    on_ms = 60_000 * int(table["contacts"][0])
    drained_mAs = 3600.0 * float(table["drained_mAh"][0])
    assert table["contacts"][0] >= 1
    assert drained_mAs == pytest.approx(71.5 * on_ms / 1000.0, rel=0.01)


def test_a_brown_out_names_the_battery() -> None:
    weak = ("modules.M.v_min=3.4V", "modules.M.battery.resistance=4ohm", "plan.strategy.retries=0")
    record = play(*weak, "modules.M.battery.level=30%")
    ends = record.column("outcome")[0], record.column("cause")[0]
    assert ends == ("failed", "battery brown-out during download")


def test_a_brown_out_while_writing_names_the_battery_too() -> None:
    weak = ("modules.M.i_flash=900mA", "modules.M.v_min=3.2V", "modules.M.battery.resistance=1ohm")
    record = play(*weak, "modules.M.boot=staged", "modules.M.brick_on_power_loss=100%")
    ends = record.column("outcome")[0], record.column("cause")[0]
    assert ends == ("bricked", "battery brown-out while flashing")


def test_a_platform_that_gives_up_on_an_empty_device_does_not_hide_why() -> None:
    at_ms = after("7,10701", 3000)(play())
    waits = ("plan.rollout.timeouts={download: 10min}", "plan.rollout.retry=[]")
    record = play(*waits, with_mAh(needed_mAh(at_ms)))
    assert (record.column("outcome")[0], record.column("cause")[0]) == ("failed", "battery empty")


@pytest.mark.parametrize("level", ["0.1%", "0.2%", "0.3%"])
def test_nobody_finishes_an_update_that_costs_more_than_there_is(level: str) -> None:
    """A download of 400 kB and its writing take some 2 mAh with the connection before it."""
    cost_mAh = needed_mAh(int(play().devices["upgraded_ms"][0]))
    record = play(f"modules.M.battery.level={level}", "modules.M.battery.capacity=500mAh", "fleet.groups.a.count=40")
    has_mAh = 5.0 * float(level.rstrip("%"))
    assert (record.column("outcome") == "upgraded").any() == (has_mAh > cost_mAh)
    assert (record.devices["battery_empty_ms"] != NEVER).all()


def test_each_power_loss_while_writing_is_a_draw_of_its_own_however_many_there_are() -> None:
    """A module that browns out at every try bricks with 5 % at each: four in ten live through 16, none through 700."""
    weak = ("modules.M.i_flash=900mA", "modules.M.v_min=3.2V", "modules.M.battery.resistance=1ohm")
    record = play(*weak, "modules.M.boot=staged", "modules.M.brick_on_power_loss=5%", "fleet.groups.a.count=60")
    assert set(record.column("outcome")) == {"bricked"}
    took_ms = record.devices["finished_ms"] - record.devices["downloaded_ms"]
    losses = took_ms // 30_001 + 1
    assert 10 <= (losses > 16).sum() <= 40
