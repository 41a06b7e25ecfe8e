"""What the operator's actions and the plan's end do to one device."""

from __future__ import annotations

from typing import Any

from fota_sim.device import events as e
from fota_sim.device.attempts import issue_address
from fota_sim.device.offers import arm, on_list
from fota_sim.device.port import ended_at, flag_at, int_at, is_here, live_of, note, touched, write_line
from fota_sim.device.slots import cancel, cancel_absent, count, stir
from fota_sim.rules import codes, ota, plan
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.fates import NEVER
from fota_sim.rules.outcome import NOT_UPGRADED, UPGRADE_FAILED, UPGRADING

CANCEL, RETRY, RESUME, TERMINATE, END = range(5)
ACTIONS = {"cancel": CANCEL, "retry": RETRY, "resume": RESUME, "terminate": TERMINATE}
"""What is done to devices, by the operator's words."""


def act_on(w: Any, device: int, action: int, now_ms: int, expired: int) -> None:
    """Do something to a device. ``expired``: the status of one whose plan ended before it began."""
    if is_here(w, device):
        live = live_of(w, device)
        _act_on_live(w, live, action, now_ms, expired)
        touched(w, live)
    else:
        _act_on_absent(w, action, device, now_ms, expired)


def _act_on_live(w: Any, live: Any, action: int, now_ms: int, expired: int) -> None:
    if action == CANCEL:
        if not live.done and not live.given_up:
            cancel(w, live, now_ms, codes.BY_OPERATOR)
    elif action == RETRY:
        if live.given_up:
            live.given_up = False
            if not live.bricked:
                live.finished_ms = NEVER
            live.retried = 0
            live.belief = UPGRADING if live.confirmed else NOT_UPGRADED
            live.status = int_at(w.status_of_at, ota.SUBMITTED if live.confirmed else ota.NO_PLAN)
            note(w, live, now_ms, e.P_TAKEN_UP, 0, 0)
            count(w, live.wave, rr.FAILED, -1)
            count(w, live.wave, rr.DEVICES + live.kind, -1)
            stir(w, now_ms)
            if live.confirmed:
                issue_address(w, live, now_ms)
            elif live.heard or live.met:
                arm(w, live, now_ms)
    elif action == RESUME:
        if live.heard or live.met:
            arm(w, live, now_ms)
    elif live.on_list == plan.OFFER and live.belief == NOT_UPGRADED:
        live.belief = UPGRADE_FAILED
        live.status = expired
        note(w, live, now_ms, e.P_TERMINATED if action == TERMINATE else e.P_EXPIRED, 0, 0)


def _act_on_absent(w: Any, action: int, device: int, now_ms: int, expired: int) -> None:
    """A device that was not in contact yet."""
    record = ended_at(w, device)
    if action == CANCEL:
        cancel_absent(w, device, now_ms, codes.BY_OPERATOR)
    elif action in (TERMINATE, END) and (on_list(w, device) == plan.OFFER and record.belief == NOT_UPGRADED):
        record.belief = UPGRADE_FAILED
        record.status = expired
        if flag_at(w.logged_at, device * w.logged_step):
            write_line(w, device, now_ms, e.P_TERMINATED if action == TERMINATE else e.P_EXPIRED, 0, 0)
