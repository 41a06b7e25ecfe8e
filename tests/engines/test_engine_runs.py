import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import MIXED, ONE_PLUG, STM32, at_s, dialogue, play

from fota_sim.engines.compiled.run import run_replication as run_compiled
from fota_sim.rules.labels import CAUSES, OUTCOMES
from fota_sim.scenario.loader import parse_scenario

LTE_PLACES = Path(__file__).parents[3] / "shared" / "data" / "lte-places.csv"


def by_id(record, columns=("outcome", "cause", "upgraded_ms", "bytes_sent", "energy_J")):
    return {name: tuple(record.devices[c][i] for c in columns) for i, name in enumerate(record.devices["id"])}


def test_the_same_run_twice_is_the_same():
    first, second = play(MIXED), play(MIXED)
    for name, column in first.devices.items():
        np.testing.assert_array_equal(column, second.devices[name])
    np.testing.assert_array_equal(first.downloads, second.downloads)


def test_replications_differ():
    assert by_id(play(MIXED)) != by_id(play(MIXED, replication=1))


def test_the_hash_seed_changes_nothing():
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests/engines'); from worlds import MIXED, play\n"
        "r = play(MIXED); print(hashlib.sha256(repr([list(c) for c in r.devices.values()]).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            text=True,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_one_more_device_changes_no_other_device():
    fewer = by_id(play(MIXED))
    more = by_id(play(MIXED, "fleet.groups.meters.count=61"))
    assert set(more) - set(fewer) == {"meters-60"}
    assert {name: more[name] for name in fewer} == fewer


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    module=st.sampled_from(["FC41D", "EC200U", "EC800K", "BG95", "BC66"]),
    host=st.sampled_from(["careful", "lenient", "careless", "late"]),
    pattern=st.sampled_from(["always", "wake", "daily"]),
    mode=st.sampled_from(["silent", "manual"]),
    push=st.booleans(),
    enforced=st.sampled_from(["device", "platform"]),
    effect=st.sampled_from(["verify_failure", "boot_failure", "wrong_version", "never_reconnects", "dies_later"]),
    operator=st.sampled_from(["[]", "[{at: 2h, do: suspend}]", "[{at: 2h, do: terminate}]"]),
    churn=st.sampled_from(["0%", "99.99%"]),
    seed=st.integers(0, 1000),
)
def test_every_device_has_exactly_one_outcome(
    module, host, pattern, mode, push, enforced, effect, operator, churn, seed
):
    record = play(
        MIXED,
        "horizon=1d",
        "fleet.groups.meters.count=12",
        "fleet.groups.trackers.count=0",
        "fleet.groups.gates.count=5",
        f"fleet.groups.meters.module={module}",
        f"fleet.groups.meters.host={host}",
        f"fleet.groups.meters.contact.pattern={pattern}",
        f"plan.mode={mode}",
        f"plan.push={str(push).lower()}",
        f"plan.strategy.enforced_by={enforced}",
        f"packages[0].defects=[{{effect: {effect}, probability: 40%}}]",
        f"plan.operator={operator}",
        f"fleet.groups.meters.churn={churn}",
        f"seed={seed}",
    )
    table = {name: record.column(name) for name in record.devices}
    assert len(table["outcome"]) == 17
    assert set(table["outcome"]) <= set(OUTCOMES)
    assert set(table["cause"]) <= set(CAUSES)
    explained = np.isin(table["outcome"], ["upgraded", "already_on_target"])
    assert ((table["cause"] != "") | explained).all()
    upgraded = table["outcome"] == "upgraded"
    assert (table["upgraded_ms"][upgraded] >= 0).all()
    assert (table["firmware_end"][upgraded] == "2_0").all()
    assert (table["bytes_wasted"] <= table["bytes_sent"]).all()
    assert (table["energy_wasted_J"] <= table["energy_J"] + 1e-9).all()
    for_nothing = np.isin(table["outcome"], ["failed", "rolled_back", "bricked", "unreachable"])
    for_nothing &= table["cause"] != "died after the update"
    assert (table["bytes_wasted"] == table["bytes_sent"])[for_nothing].all()
    assert (table["battery_end_pct"] <= table["battery_start_pct"] + 1e-9).all()


@pytest.mark.parametrize(
    ("overrides", "outcome", "cause"),
    [
        (["fleet.groups.plug.gone=100%"], "unreachable", "gone for good"),
        (["fleet.groups.plug.rssi=-120dBm"], "unreachable", "never in contact"),
        (
            ["fleet.groups.plug.firmware=FC41D_FOTA_2_0", "packages[0].kind=full", "packages[0].source_version=null"],
            "already_on_target",
            "",
        ),
        (["fleet.groups.plug.host=careful", "fleet.groups.plug.rssi_unknown=100%"], "refused", "reading unknown"),
        (
            [
                "fleet.groups.plug.host=careful",
                "fleet.groups.plug.mains=0%",
                "fleet.groups.plug.battery_level=20%",
                "horizon=12h",
            ],
            "refused",
            "low battery",
        ),
        (["fleet.groups.plug.host=lenient", "fleet.groups.plug.rssi_unknown=100%"], "upgraded", ""),
        (["fleet.groups.plug.host=careful", "plan.strategy.min_signal=-55dBm"], "refused", "weak signal"),
        (
            ["plan.strategy.enforced_by=platform", "plan.strategy.min_signal=-55dBm"],
            "not_offered",
            "signal below plan minimum",
        ),
        (["packages[0].defects=[{effect: boot_failure}]"], "bricked", "new firmware does not boot"),
        (
            ["packages[0].defects=[{effect: boot_failure}]", "modules.FC41D={extends: FC41D, boot: ab}"],
            "rolled_back",
            "new firmware does not boot",
        ),
        (["packages[0].defects=[{effect: verify_failure}]"], "failed", "verification failed"),
        (["packages[0].defects=[{effect: wrong_version}]"], "failed", "wrong version reported"),
        (["packages[0].defects=[{effect: never_reconnects}]"], "bricked", "never came back"),
        (["packages[0].defects=[{effect: dies_later, after: 2h}]"], "bricked", "died after the update"),
        (["packages[0].files=[{name: a.bin, size: 5MB}]"], "failed", "no space"),
        (["hosts.careless={extends: careless, ignores_offer: 100%}"], "refused", "host ignores offers"),
        (["plan.operator=[{at: 1s, do: suspend}]"], "not_offered", "plan suspended"),
        (["plan.operator=[{at: 1s, do: terminate}]"], "not_offered", "plan over"),
        (["plan.operator=[{at: 1s, do: cancel, devices: {ids: [plug-0]}}]"], "cancelled", "operator"),
        (["plan.mode=manual", "plan.user_confirm_share=0%"], "not_offered", "user has not confirmed"),
        (["horizon=12s", "packages[0].files=[{name: a.bin, size: 698000B}]"], "in_progress", "downloading"),
    ],
)
def test_each_fate_has_its_outcome_and_cause(overrides, outcome, cause):
    record = play(ONE_PLUG, *overrides)
    assert (record.devices["outcome"][0], record.devices["cause"][0]) == (outcome, cause)


def test_what_a_device_fetched_that_is_lost_meanwhile_was_for_nothing():
    record = play(
        ONE_PLUG,
        "fleet.groups.plug.count=200",
        "fleet.groups.plug.churn=99.99%",
        "packages[0].files=[{name: a.bin, size: 690000B}]",
        "network.server.egress=2Mbit/s",
        "horizon=1d",
    )
    lost = record.column("cause") == "lost during the rollout"
    sent_B, wasted_B = (record.devices[name][lost] for name in ("bytes_sent", "bytes_wasted"))
    assert (sent_B > 0).any()
    assert (wasted_B == sent_B).all()


def test_a_sleeper_stays_awake_for_a_download_longer_than_its_patience():
    record = play(
        ONE_PLUG,
        "radios.slow={extends: nb-iot, rtt: [9s, 9s, 9s], rtt_sigma: [0, 0, 0]}",
        "fleet.groups.plug.module=BC66",
        "fleet.groups.plug.radio=slow",
        "fleet.groups.plug.rssi={uniform: [-113dBm, -112dBm]}",
        "fleet.groups.plug.contact.pattern=wake",
        "packages[0].files=[{name: a.bin, size: 400kB}]",
    )
    lasted_ms = record.devices["downloaded_ms"][0] - record.devices["download_start_ms"][0]
    assert record.devices["outcome"][0] == "upgraded"
    assert record.devices["contacts"][0] == 1
    assert lasted_ms > 30 * 60_000  # the host's patience


def test_an_empty_battery_browns_out_in_every_download_and_each_counts_once():
    record = play(
        ONE_PLUG,
        "fleet.groups.plug.module=EC200U",
        "fleet.groups.plug.mains=0%",
        "fleet.groups.plug.rssi=-90dBm",
        "fleet.groups.plug.battery_level=2%",
        "fleet.groups.plug.temperature=-15C",
    )
    assert (record.devices["outcome"][0], record.devices["cause"][0]) == ("failed", "battery brown-out during download")
    assert record.devices["attempts"][0] == record.devices["download_failures"][0] == 6


def test_components_are_upgraded_one_after_another_in_plan_order():
    both = STM32.replace(
        "plan: {packages: [two]",
        '  - {name: first, component: app, target_version: "9", files: [{name: f.bin, size: 300kB}]}\n'
        "plan: {packages: [first, two]",
    )
    record = play(both)
    lines = dialogue(record)
    assert record.devices["outcome"][0] == "upgraded"
    assert [line for line in lines if "7,10700" in line] == [
        '+QIOTEVT: 7,10700,"app","","9",30,-113,300000',
        '+QIOTEVT: 7,10700,"STM32","","2_0_0",30,-113,27954',
    ]
    starts = [line for line in lines if "7,10701" in line]
    assert starts[0] == "+QIOTEVT: 7,10701"
    assert starts[1].startswith('+QIOTEVT: 7,10701,"STM32",27954,')
    assert lines.count("+QIOTEVT: 7,10705") == 2


def test_a_file_larger_than_the_flash_is_read_piece_by_piece():
    lines = dialogue(play(STM32, "modules.EC200U={extends: EC200U, free_flash: 10000B}"))
    assert [line for line in lines if "7,10703" in line] == [
        '+QIOTEVT: 7,10703,"STM32",27954,0,10000',
        '+QIOTEVT: 7,10703,"STM32",27954,10000,10000',
        '+QIOTEVT: 7,10703,"STM32",27954,20000,7954',
    ]
    assert lines.count("AT+QIOTUPDATE=2") == 2


def test_registration_mode_2_reconnects_by_itself_after_the_reboot():
    lines = dialogue(play(ONE_PLUG, "hosts.careless={extends: careless, registration_mode: 2}"))
    assert lines[-3:] == ["+QIOTEVT: 7,10705", "+QIOTEVT: 2,10200", "+QIOTEVT: 3,10200"]


def test_manual_mode_waits_for_the_user():
    record = play(ONE_PLUG, "plan.mode=manual", "plan.push=true", "plan.user_confirm=90min", "horizon=1d")
    assert at_s(record, "7,10700") // 60 == 90


def test_a_silent_brick_is_believed_upgraded():
    record = play(ONE_PLUG, "packages[0].defects=[{effect: dies_later, after: 2h}]")
    assert record.devices["belief"][0] == "Upgraded"
    assert not record.devices["belief_true"][0]


def test_a_refused_device_is_pushed_again_after_the_hold_on_the_grid():
    record = play(
        ONE_PLUG,
        "plan.push=true",
        "fleet.groups.plug.host=careful",
        "fleet.groups.plug.rssi_unknown=100%",
        "plan.rejection_hold=50min",
        "horizon=100min",
        "hosts.careful={extends: careful, asks: false}",
    )
    (lines,) = record.transcripts.values()
    offers = [line.at_ms // 60_000 for line in lines if "7,10700" in line.text]
    assert offers == [10, 70]  # 08:10; refused; held to 09:00, so the next tick: 09:10


def test_a_full_server_makes_the_others_wait_in_line():
    crowd = (
        "fleet.groups.plug.count=5",
        "network.server.connections=1",
        "packages[0].files=[{name: a.bin, size: 200kB}]",
    )
    starts = np.sort(play(ONE_PLUG, *crowd).downloads[:, 1])
    ends = np.sort(play(ONE_PLUG, *crowd).downloads[:, 2])
    assert (starts[1:] >= ends[:-1]).all()


def test_a_server_that_refuses_costs_download_failures():
    record = play(
        ONE_PLUG,
        "fleet.groups.plug.count=5",
        "network.server.connections=1",
        "network.server.when_full=refuse",
        "packages[0].files=[{name: a.bin, size: 600kB}]",
    )
    assert record.devices["download_failures"].sum() > 0


@pytest.mark.skipif(not LTE_PLACES.exists(), reason="the measured LTE places are not here")
@pytest.mark.parametrize(("host", "outcome"), [("careful", "refused"), ("lenient", "upgraded")])
def test_a_real_fleet_with_unknown_battery_fails_closed_or_open_as_its_host_does(host, outcome):
    text = f"""
name: places
product: {{model: {{components: [{{identifier: app}}]}}}}
packages: [{{name: two, component: app, target_version: "2_0", files: [{{name: a.bin, size: 500kB}}]}}]
plan: {{packages: [two]}}
horizon: 1d
fleet:
  csv:
    - name: places
      file: {LTE_PLACES.name}
      columns: {{id: place, rssi: rssi_mean_dBm, rssi_sd: rssi_sd_dB, cell: cell}}
      module: EC200U
      host: {host}
      mains: 0%
      battery_unknown: 100%
      gone: 0%
      churn: 0%
"""
    record = play(text, path=LTE_PLACES.parent / "scenario.yaml")
    assert len(record.devices["id"]) == 320
    assert not record.devices["battery_known"].any()
    assert (record.column("outcome") == outcome).mean() > 0.8


def test_one_device_with_a_long_life_of_its_own_does_not_keep_the_compiled_engine_from_looking_up():
    scenario = parse_scenario(
        ONE_PLUG,
        "plug.yaml",
        ["plan.push=true", "hosts={deaf: {ignores_offer: 100%}}", "fleet.groups.plug.host=deaf", "horizon=3650d"],
    )
    looks: list[int] = []
    record = run_compiled(scenario, 0, lambda done_ms, _: looks.append(done_ms))
    assert record.column("offers")[0] > 500_000  # one every ten minutes, for ten years
    assert looks == sorted(looks)
    assert len(looks) > 5
