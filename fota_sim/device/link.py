"""The connection to the platform: registration modes, attempts to connect, and what is said on success."""

from __future__ import annotations

from typing import Any

from fota_sim.device import body, platform, sleep
from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.device.port import begin, module_row, radio_row, schedule
from fota_sim.device.urcs import tell
from fota_sim.rules import ota as states
from fota_sim.rules import rows, streams
from fota_sim.rules.connection import REOPEN_S, connect
from fota_sim.rules.delay import to_ms

OFF, MANUAL, AUTOMATIC = 0, 1, 2
"""Modes of AT+QIOTREG: not registered; until power is lost; at each start from now on."""


def boot(w: Any, live: Any, now_ms: int) -> None:
    """Start up: manual mode is forgotten, automatic mode connects."""
    if live.mode == MANUAL:
        live.mode = OFF
    elif live.mode == AUTOMATIC:
        begin(w, live, now_ms, e.CONNECT_BEGINS, live.run, 0)


def shut_down(live: Any) -> None:
    """Lose power: the link and the waiting report are gone, the mode stays."""
    live.online = False
    live.waiting_state = states.NO_PLAN


def register(w: Any, live: Any, now_ms: int, mode: int) -> None:
    """Follow ``AT+QIOTREG=<mode>``. The mode that holds already changes nothing."""
    before = live.mode
    live.mode = mode
    if before == OFF and mode != OFF:
        begin(w, live, now_ms, e.CONNECT_BEGINS, live.run, 0)
    elif mode == OFF:
        live.online = False


def connect_begins(w: Any, live: Any, now_ms: int, run: int) -> None:
    """Try to register and subscribe. Also of a run that is over: its end will find out."""
    if not live.reachable:
        return
    u_delay, u_tries = body.draw_pair(w, live, streams.CONNECT, live.connections)
    radio = radio_row(w, live.radio)
    if radio[rows.ROUND_TRIP_MOST_S] > 0.0:  # else there is no spread to draw from
        live.trip_z = body.draw_normal(w, live, streams.ROUND_TRIP, live.connections)
        live.trip_level = NONE
    live.connections += 1
    rssi_dBm = body.rssi_dBm(w, live, now_ms)
    seconds, connected = connect(radio, rssi_dBm, live.resumes, u_delay, u_tries)
    module = module_row(w, live.module)
    body.rests(w, live, now_ms, module[rows.I_IDLE_MA] + module[rows.I_RECEIVE_MA])
    schedule(w, live, now_ms + to_ms(seconds), e.CONNECT_ENDS, run, 1 if connected else 0)


def connect_ends(w: Any, live: Any, now_ms: int, run: int, connected: bool) -> None:
    """Registered and subscribed: say so, report versions, then the status that waits; or try again later."""
    if run != live.run:
        return
    body.rests(w, live, now_ms, sleep.idle_mA(w, live))
    if not connected:
        tell(w, live, now_ms, e.URC_LOST, e.LOST, 0, 0)
        schedule(w, live, now_ms + to_ms(REOPEN_S), e.CONNECT_AGAIN, run, 0)
        return
    live.resumes = True
    live.online = True
    tell(w, live, now_ms, e.URC_REGISTERED, e.REGISTERED_URC, 0, 0)
    tell(w, live, now_ms, e.URC_SUBSCRIBED, e.SUBSCRIBED, 0, 0)
    platform.heard(w, live, now_ms)
    if live.waiting_state != states.NO_PLAN:
        state = live.waiting_state
        live.waiting_state = states.NO_PLAN
        platform.status(w, live, now_ms, state, live.waiting_component, now_ms)
    platform.goes_on(w, live, now_ms)
