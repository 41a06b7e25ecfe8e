"""The shared, finite network: server connections, server egress, and each cell's places by coverage level."""

from __future__ import annotations

import math
from typing import Any

from fota_sim.device.events import FETCH_TURN
from fota_sim.device.fields import NONE
from fota_sim.device.port import (
    event_at,
    free_event,
    is_here,
    line_moves,
    live_of,
    new_event,
    places_at,
    radio_row,
    run_of,
    schedule,
    touched,
)
from fota_sim.rules.network import fair_share_bps, has_room
from fota_sim.rules.rows import CELL_LIMIT, RATE_CAP_BPS

ADMITTED, WAITS, TURNED_AWAY = 0, 1, 2
_SERVER = 0
_WANTED = 2  # the server first, then the cell


def cell_limit(w: Any, live: Any) -> float:
    """How many downloads the device's cell has room for at its coverage level."""
    if not w.cells_enforced:
        return math.inf
    return float(radio_row(w, live.radio)[CELL_LIMIT + live.coverage_level])


def choose_cell(w: Any, live: Any) -> None:
    """Set which places of a cell the next download wants, and whether it shares those, or its speed, with others."""
    live.place = 1 + (live.radio * w.cells + live.cell) * 3 + live.coverage_level
    live.coupled = not (math.isinf(w.connections) and math.isinf(w.egress_bps) and math.isinf(cell_limit(w, live)))
    live.shares_egress = live.coupled and _shares_egress(w, live)


def share_bps(w: Any) -> float:
    """What the server's egress leaves one download now, in bit/s."""
    return fair_share_bps(w.egress_bps, places_at(w, _SERVER).taken)


def _shares_egress(w: Any, live: Any) -> bool:
    """Whether the server's egress could leave this device less than its radio can take, were the server full."""
    if math.isinf(w.egress_bps):
        return False
    if math.isinf(w.connections):
        return True
    return bool(fair_share_bps(w.egress_bps, math.ceil(w.connections)) < radio_row(w, live.radio)[RATE_CAP_BPS])


def enter(w: Any, live: Any) -> int:
    """Take the places that are still wanted, in the order server, cell; stop at the first that is full."""
    while live.held < _WANTED:
        at_server = live.held == _SERVER
        limit = w.connections if at_server else cell_limit(w, live)
        places = places_at(w, _SERVER if at_server else live.place)
        if has_room(places.taken, limit):
            places.taken += 1
            live.held += 1
            continue
        if not (w.server_queues if at_server else w.cells_queue):
            return TURNED_AWAY
        row = new_event(w)
        waiting = event_at(w, row)
        waiting.a = live.who
        waiting.b = live.ticket
        waiting.next = NONE
        if places.head == NONE:
            places.head = row
        else:
            event_at(w, places.tail).next = row
        places.tail = row
        live.in_line = True
        return WAITS
    return ADMITTED


def _give_back(w: Any, now_ms: int, place: int) -> None:
    """The first in line has the place at once; nobody in line: it is free."""
    places = places_at(w, place)
    while places.head != NONE:
        row = places.head
        waiting = event_at(w, row)
        places.head = waiting.next
        line_moves(w, places.head)
        device = waiting.a
        ticket = waiting.b
        free_event(w, row)
        if not is_here(w, device):
            continue
        other = live_of(w, device)
        if other.in_line and other.ticket == ticket:
            other.in_line = False
            other.held += 1
            of_other = run_of(w, other)
            schedule(of_other, other, now_ms, FETCH_TURN, other.fetch, 0)
            touched(of_other, other)
            return
    places.taken -= 1


def leave(w: Any, live: Any, now_ms: int) -> None:
    """Give every held place back, in reverse, or the one in line."""
    live.ticket += 1
    live.in_line = False
    while live.held > 0:
        live.held -= 1
        _give_back(w, now_ms, _SERVER if live.held == _SERVER else live.place)
