"""PSM and eDRX as played against their closed forms: how long a push waits, and what sleeping draws. Both engines."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from fota_sim.analysis.lint.sleep import Sleeping, sleeping
from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication as reference
from fota_sim.engines.twins import describe, play_both
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.window import Window

Engine = Callable[[Scenario, int], RunRecord]

PUSHED_S = 2 * 86_400 + 30_000
"""When the only push of a scenario comes: all have reported by then, whatever their phase."""
NEVER = "2591999s"
"""A second before the end of 30 days: nobody is pushed to."""
SCENARIO = """
horizon: {horizon}
product: {{model: {{components: [{{identifier: app, type: firmware}}]}}}}
packages: [{{name: two, component: app, target_version: "2_0", files: [{{name: a.bin, size: 1kB}}]}}]
plan: {{packages: [two], push: true, push_grid: 0s, starts: {starts}}}
hosts: {{pushed: {{extends: careful, asks: false, when_unknown: accept}}}}
radios: {{clean: {{extends: {radio}, p_floor: 0%, rssi_sd: 0dB, rtt_sigma: [0, 0, 0]}}}}
fleet:
  groups:
    - {{name: g, count: {count}, module: {module}, radio: clean, host: pushed, mains: 0%, battery_level: 90%, gone: 0%,
       churn: 0%, rssi: -70dBm, contact: {contact}}}
"""
PSM = "{pattern: wake, every: 24h, sleep: {t3412: 10h, t3324: 96min, inactivity: 20s}}"
EVERY_REPORT = "{pattern: wake, every: 6h, sleep: {t3412: 10h, t3324: 20s}}"
EDRX = "{sleep: {edrx: 655.36s, paging_window: 20.48s}}"
BOTH = "{pattern: wake, every: 24h, sleep: {t3412: 10h, t3324: 96min, edrx: 655.36s, paging_window: 20.48s}}"
KINDS = {
    "PSM with TAUs between reports": (PSM, "BC66", "nb-iot"),
    "PSM with a report before each TAU": (EVERY_REPORT, "BC66", "nb-iot"),
    "eDRX": (EDRX, "BG95", "lte-m"),
    "eDRX in PSM's active time": (BOTH, "BC66", "nb-iot"),
}


def scenario(kind: tuple[str, str, str], count: int, starts: str = f"{PUSHED_S}s", horizon: str = "4d") -> Scenario:
    contact, module, radio = kind
    text = SCENARIO.format(contact=contact, module=module, radio=radio, count=count, starts=starts, horizon=horizon)
    return parse_scenario(text)


def closed_form(played: Scenario) -> Sleeping:
    group = played.fleet.groups[0]
    return sleeping(group, played.modules[group.module], played.radios["clean"])


def waits_s(record: RunRecord) -> NDArray[np.float64]:
    """From the push to the module's word of the offer."""
    offered_ms = np.asarray(record.devices["first_offer_ms"], dtype=np.float64)
    assert (offered_ms >= 0).all()
    waited: NDArray[np.float64] = offered_ms / 1000.0 - PUSHED_S
    return waited


@pytest.mark.parametrize(("engine", "count"), [(reference, 150), (compiled, 3000)], ids=["reference", "compiled"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_push_waits_as_long_as_the_closed_form_says(kind: tuple[str, str, str], engine: Engine, count: int) -> None:
    played = scenario(kind, count)
    expected, radio = closed_form(played), played.radios["clean"]
    waited_s = waits_s(engine(played, 0))
    comes_back_s = radio.resume + radio.rtt[0]
    assert waited_s.max() <= expected.longest_wait_s + comes_back_s + 0.01
    said_within_s = 4.0 * float(waited_s.std()) / count**0.5 + comes_back_s
    assert abs(float(waited_s.mean()) - expected.mean_wait_s) <= said_within_s


@pytest.mark.parametrize("engine", [reference, compiled], ids=["reference", "compiled"])
def test_who_listens_after_a_tau_hears_a_push_at_once_and_the_others_at_their_next(engine: Engine) -> None:
    played = scenario(KINDS["PSM with TAUs between reports"], 200)
    waited_s = waits_s(engine(played, 0))
    radio = played.radios["clean"]
    at_once = waited_s <= radio.resume + radio.rtt[0] + 0.01
    assert 0.10 <= at_once.mean() <= 0.35  # 96 of 480 minutes
    assert waited_s[~at_once].min() > radio.resume + radio.rtt[0]


@pytest.mark.parametrize("engine", [reference, compiled], ids=["reference", "compiled"])
def test_edrx_within_the_active_time_delays_what_comes_then(engine: Engine) -> None:
    """Of those that listen after a TAU, the network's paging reaches all in a cycle, and not all at once."""
    played = scenario((BOTH, "BC66", "nb-iot"), 300)
    waited_s = waits_s(engine(played, 0))
    soon = waited_s[waited_s < 700.0]
    assert soon.size > 20
    assert float(np.median(soon)) > 120.0


@pytest.mark.parametrize("engine", [reference, compiled], ids=["reference", "compiled"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_sleeping_draws_what_the_closed_form_says_for_as_many_years(kind: tuple[str, str, str], engine: Engine) -> None:
    played = scenario(kind, 24, starts=NEVER, horizon="30d")
    expected = closed_form(played)
    table = engine(played, 0).devices
    drained_mA = np.asarray(table["drained_mAh"]) / (30 * 24.0)
    assert float(drained_mA.mean()) == pytest.approx(expected.drains_mA, rel=0.003)
    fades_mA = np.asarray(table["self_discharged_mAh"]) / (30 * 24.0)
    years = played.modules[played.fleet.groups[0].module].battery.capacity.value / (drained_mA + fades_mA) / 8766.0
    assert float(years.mean()) == pytest.approx(expected.life_years, rel=0.003)


@pytest.mark.parametrize("engine", [reference, compiled], ids=["reference", "compiled"])
@pytest.mark.parametrize(("kept", "share"), [("3h", 3 / 24), ("6h", 6 / 24), (None, 1.0)])
def test_a_push_reaches_those_who_wake_while_it_is_kept(engine: Engine, kept: str | None, share: float) -> None:
    """Pushed once a day, at noon; the others sleep through each."""
    keeps = f", keeps_downlinks: {kept}" if kept else ""
    contact = f"{{pattern: wake, every: 24h, sleep: {{t3412: 24h, t3324: 20s{keeps}}}}}"
    played = scenario((contact, "BC66", "nb-iot"), 300, starts="0s", horizon="3d")
    plan = played.plan.model_copy(update={"push_grid": 43_200.0, "push_period": Window(720, 780)})
    record = engine(played.model_copy(update={"plan": plan}), 0)
    offered = float((np.asarray(record.devices["first_offer_ms"]) >= 0).mean())
    assert offered == pytest.approx(share, abs=4 * (share * (1 - share) / 300) ** 0.5)


def test_a_tau_for_which_nothing_waits_is_no_contact() -> None:
    played = scenario(KINDS["PSM with TAUs between reports"], 30, starts=NEVER, horizon="30d")
    contacts = np.asarray(reference(played, 0).devices["contacts"])
    assert set(contacts.tolist()) <= {30, 31}


@pytest.mark.parametrize("contact", [PSM, EDRX, BOTH], ids=["PSM", "eDRX", "both"])
def test_engines_agree_on_devices_that_sleep(contact: str) -> None:
    played = scenario((contact, "BC66", "nb-iot"), 25)
    played = played.model_copy(update={"keep": played.keep.model_copy(update={"events": True})})
    found = play_both(played, 0, reference, compiled)
    assert not found, describe(found, "reference", "compiled")
