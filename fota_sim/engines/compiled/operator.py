"""The operator's actions and the plan's end: they concern many devices at once, between two stretches of the loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.compiled import events as e
from fota_sim.engines.compiled.attempts import issue_address
from fota_sim.engines.compiled.layout import NONE
from fota_sim.engines.compiled.memory import ended_at, event_at, flag_at, int_at, live_at, slots_of
from fota_sim.engines.compiled.notes import note, write_line
from fota_sim.engines.compiled.offers import arm
from fota_sim.engines.compiled.queue import await_turn, key_of
from fota_sim.engines.compiled.room import short_of
from fota_sim.engines.compiled.slots import cancel, cancel_absent, count
from fota_sim.engines.record import NEVER
from fota_sim.rules import codes, ota, plan
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.compiled import part_of_rule, rule
from fota_sim.rules.outcome import NOT_UPGRADED, UPGRADE_FAILED, UPGRADING

CANCEL, RETRY, RESUME, TERMINATE, END = range(5)
ACTIONS = {"cancel": CANCEL, "retry": RETRY, "resume": RESUME, "terminate": TERMINATE}


@rule
def act_on(w: Any, action: int, devices: NDArray[np.int64], begin: int, now_ms: int, expired: int) -> int:
    """Do something to devices from the ``begin``-th on; the position of the first for which there was no room.

    ``expired``: the status of a device whose plan ended before it began. Raises nothing; ``s[SHORT_OF]`` says
    which array has to grow.
    """
    for position in range(begin, devices.shape[0]):
        w.short_of = short_of(w)
        if w.short_of != e.NOTHING:
            return position
        device = devices[position]
        slot = slots_of(w)[device]
        if slot == NONE:
            _act_on_absent(w, action, device, now_ms, expired)
        else:
            live = live_at(w, slot)
            _act_on_live(w, live, action, now_ms, expired)
            if live.head != NONE:
                await_turn(w, live, key_of(event_at(w, live.head).at_ms, device))
    return devices.shape[0]


@part_of_rule
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
            if live.confirmed:
                issue_address(w, live, now_ms)
            elif live.heard:
                arm(w, live, now_ms)
    elif action == RESUME:
        if live.heard:
            arm(w, live, now_ms)
    elif live.on_list == plan.OFFER and live.belief == NOT_UPGRADED:
        live.belief = UPGRADE_FAILED
        live.status = expired
        note(w, live, now_ms, e.P_TERMINATED if action == TERMINATE else e.P_EXPIRED, 0, 0)


@part_of_rule
def _act_on_absent(w: Any, action: int, device: int, now_ms: int, expired: int) -> None:
    """A device that was not in contact yet."""
    record = ended_at(w, device)
    if action == CANCEL:
        cancel_absent(w, device, now_ms, codes.BY_OPERATOR)
    elif action in (TERMINATE, END) and (
        plan.listed(flag_at(w.white_at, device), flag_at(w.black_at, device)) == plan.OFFER
        and record.belief == NOT_UPGRADED
    ):
        record.belief = UPGRADE_FAILED
        record.status = expired
        if flag_at(w.logged_at, device):
            write_line(w, device, now_ms, e.P_TERMINATED if action == TERMINATE else e.P_EXPIRED, 0, 0)
