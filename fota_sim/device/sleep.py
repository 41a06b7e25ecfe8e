"""How a device sleeps in PSM and eDRX: what its state draws, and when it hears what is sent to it."""

from __future__ import annotations

from typing import Any

from fota_sim.device.events import PAGES
from fota_sim.device.port import contact_at, module_row, radio_row, schedule
from fota_sim.rules import rows, sleep
from fota_sim.rules.contact import next_wake_ms
from fota_sim.rules.delay import to_ms
from fota_sim.rules.draws import uniform
from fota_sim.rules.streams import CONTACT_JITTER, EDRX_PHASE


def idle_mA(w: Any, live: Any) -> float:
    """What the module draws while it is on and nothing works for the update."""
    module = module_row(w, live.module)
    c = contact_at(w, live.contact)
    if not c.sleeps:
        return float(module[rows.I_IDLE_MA])
    if c.tau_ms == 0:
        return sleep.paged_mA(module, c.edrx_ms, c.window_ms)
    return sleep.listening_mA(module, c.inactivity_ms, c.active_ms, c.edrx_ms, c.window_ms)


def asleep_mA(w: Any, live: Any) -> float:
    """What it draws between contacts."""
    module = module_row(w, live.module)
    c = contact_at(w, live.contact)
    if c.tau_ms == 0:
        return float(module[rows.I_SLEEP_MA])
    radio = radio_row(w, live.radio)
    every_ms = to_ms(c.every_s)
    return sleep.asleep_mA(
        radio, module, c.inactivity_ms, c.active_ms, c.edrx_ms, c.window_ms, every_ms, (every_ms - 1) // c.tau_ms
    )


def is_there(live: Any, now_ms: int) -> bool:
    """Whether what is sent to the module now finds it connected. A daily contact is over as its hours end."""
    return bool(live.online and now_ms < live.ends_ms)


def hears_ms(w: Any, live: Any, now_ms: int) -> int:
    """When a module that is on hears what is sent to it now."""
    c = contact_at(w, live.contact)
    if c.edrx_ms == 0:
        return now_ms
    phase_ms = int(uniform(w.seed, w.replication, live.key, EDRX_PHASE, 0) * c.edrx_ms)
    return sleep.hears_ms(now_ms, live.talked_ms, c.inactivity_ms, c.edrx_ms, c.window_ms, phase_ms)


def next_report_ms(w: Any, live: Any, first_ms: int, number: int) -> int:
    """When a device that wakes reports next after report ``number``, from 0; -1: before its first, at ``first_ms``."""
    c = contact_at(w, live.contact)
    u = uniform(w.seed, w.replication, live.key, CONTACT_JITTER, number + 1) if number >= 0 else 0.0
    return int(next_wake_ms(first_ms, c.every_s, c.jitter_s, number + 1, u))


def listens_until_ms(w: Any, live: Any, now_ms: int, reports_ms: int) -> int:
    """Until when a module can be reached that wakes for a periodic TAU now: until its next report at most."""
    c = contact_at(w, live.contact)
    live.talked_ms = now_ms + to_ms(sleep.exchange_ms(radio_row(w, live.radio)) / 1000.0)
    return int(max(now_ms, min(live.talked_ms + c.linger_ms, reports_ms - 1)))


def is_waited_for(w: Any, live: Any, now_ms: int) -> None:
    """Something is to be sent to a device that is not connected: if its module listens after a TAU, it is paged."""
    if live.listens:
        schedule(w, live, hears_ms(w, live, now_ms), PAGES, 0, 0)
