"""A host that switches its module off in the middle of writing cuts its power; in both engines."""

import pytest

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord, spelled_out
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.engines.twins import describe, play_both
from fota_sim.scenario.loader import parse_scenario

DAY_MS = 86_400_000
PLUG = """
name: plug
horizon: 4d
product: {model: {components: [{identifier: app}]}}
packages: [{name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 40kB}]}]
plan: {packages: [two], push: false, strategy: {retries: 0}}
hosts: {hasty: {extends: careless, confirm_delay: 0s, patience: 30s}}
modules:
  M: {extends: BG95, verify_failure: 0%, storage_failure: 0%, power_cuts_battery: 0, power_cuts_mains: 0, reboot: 5s,
      url_to_start: 1s, radio: calm, apply_fixed: 2min, brick_on_power_loss: 0%, boot: staged}
radios: {calm: {extends: lte-m, connect: 10s, p_floor: 0%}}
protocol: {flash_delay: 10s}
fleet:
  groups:
    - {name: a, count: 1, module: M, host: hasty, rssi: -70dBm, mains: 100%, gone: 0%, churn: 0%, contact: {spread: 0s}}
keep: {events: true}
"""
DAILY = ("fleet.groups.a.contact={pattern: daily, hours: '08:00-08:03'}", "hosts.hasty.patience=1h", "time_zone=UTC")
"""The contact ends by the clock in the middle of writing; one that begins with writing is long enough."""
WAKES = ("fleet.groups.a.contact={pattern: wake, every: 1d, linger: 1s, spread: 0s}",)
"""The host loses its patience in the middle of writing, at every contact."""


def play(*overrides: str) -> RunRecord:
    scenario = parse_scenario(PLUG, "scenario.yaml", overrides)
    found = play_both(scenario, 0, reference, compiled)
    assert not found, describe(found, "reference", "compiled")
    return compiled(scenario, 0)


def told(record: RunRecord) -> tuple[str, str]:
    outcome, cause = (spelled_out(record.devices[name])[0] for name in ("outcome", "cause"))
    return str(outcome), str(cause)


@pytest.mark.parametrize("contact", [DAILY, WAKES], ids=["the contact's end", "patience"])
@pytest.mark.parametrize("scheme", ["in-place", "staged", "backup"])
def test_it_may_brick(scheme: str, contact: tuple[str, ...]) -> None:
    record = play(*contact, f"modules.M.boot={scheme}", "modules.M.brick_on_power_loss=100%")
    assert told(record) == ("bricked", "power lost while flashing")
    assert record.devices["finished_ms"][0] % DAY_MS < 9 * 3_600_000
    assert record.devices["contacts"][0] == 1


@pytest.mark.parametrize("scheme", ["in-place", "staged"])
def test_what_was_begun_is_written_again_at_the_next_contact_before_the_module_says_anything(scheme: str) -> None:
    record = play(*DAILY, f"modules.M.boot={scheme}")
    assert told(record) == ("upgraded", "")
    assert record.devices["contacts"][0] == 2
    assert record.devices["attempts"][0] == 1
    upgraded_ms = int(record.devices["upgraded_ms"][0])
    events = record.event_columns()
    again = (events["at_ms"] >= DAY_MS) & (events["at_ms"] < upgraded_ms)
    assert set(events["actor"][again]) == {"host"}  # it is not answered
    assert upgraded_ms - events["at_ms"][again][0] >= 120_000


def test_a_host_without_patience_never_gets_there() -> None:
    record = play(*WAKES)
    assert told(record)[0] != "upgraded"
    assert record.devices["contacts"][0] == 4


def test_a_backup_is_restored_after_the_last_attempt() -> None:
    record = play(*WAKES, "modules.M.boot=backup", "modules.M.boot_attempts=1")
    assert told(record) == ("rolled_back", "power lost while flashing")


def test_the_other_slot_is_not_touched() -> None:
    record = play(*WAKES, "modules.M.boot=ab")
    assert told(record) == ("failed", "power lost while flashing")
    assert record.devices["bytes_wasted"][0] == record.devices["bytes_sent"][0] > 0


def test_a_module_that_was_switched_off_before_it_wrote_failed_for_want_of_power() -> None:
    record = play(*WAKES, "protocol.flash_delay=1h")
    assert told(record) == ("failed", "power lost while flashing")
    assert record.devices["bytes_wasted"][0] == record.devices["bytes_sent"][0] > 0
    assert record.devices["energy_wasted_J"][0] > 0
