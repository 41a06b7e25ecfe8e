"""What an event of a device comes to (``events.py``), apart from those that are the engine's own."""

from __future__ import annotations

from typing import Any

from fota_sim.device import attempts, download, flashing, link, modem, offers, ota, sleep, slots, stages
from fota_sim.device import events as e
from fota_sim.device.port import begin, pages
from fota_sim.rules import codes


def happens(w: Any, live: Any, now_ms: int, kind: int, a: int, b: int) -> None:
    """One event of a device."""
    if kind in (e.CONNECT_BEGINS, e.CONNECT_AGAIN):
        if a == live.run:
            link.connect_begins(w, live, now_ms, a)
    elif kind == e.CONNECT_ENDS:
        link.connect_ends(w, live, now_ms, a, b == 1)
    elif kind in (e.FETCH_REFUSED, e.FETCH_TOO_SLOW):
        if not download.is_void(live, a):
            cause = codes.CONNECTION_REFUSED if kind == e.FETCH_REFUSED else codes.DOWNLOAD_BROKE
            download.fails(w, live, now_ms, cause)
    elif kind == e.FETCH_TURN:
        if not download.is_void(live, a):
            download.enters(w, live, now_ms)
    elif kind == e.FETCH_GOES_ON:
        download.after_segment(w, live, now_ms)
    elif kind == e.FLASH_BEGINS:
        flashing.flash_begins(w, live, now_ms)
    elif kind == e.FLASH_ENDS:
        flashing.flash_ends(w, live, now_ms, a)
    elif kind == e.FLASH_AGAIN:
        flashing.flash_again(w, live, now_ms, a)
    elif kind == e.RESTART_ENDS:
        modem.restart_ends(w, live, now_ms, a)
    elif kind == e.PLAN_ARRIVES:
        if sleep.is_there(live, now_ms):
            live.talked_ms = now_ms
            ota.plan_arrives(w, live, now_ms, a)
    elif kind == e.ADDRESS_ARRIVES:
        modem.address_arrives(w, live, now_ms, a, b)
    elif kind == e.ADDRESS_ACTS:
        modem.address_acts(w, live, now_ms, a >> 1, a & 1, b)
    elif kind == e.RETRY:
        if live.url_due and live.retry_ms == a:
            attempts.issue_address(w, live, now_ms)
    elif kind == e.TICK:
        if live.tick_ms == a:
            offers.tick(w, live, now_ms)
    elif kind == e.ARM:
        offers.arm(w, live, now_ms)
    elif kind == e.PAGES:
        if live.listens and offers.is_awaited(w, live, now_ms):
            pages(w, live, now_ms)
    elif kind == e.DIES:
        modem.die(w, live, now_ms, codes.LOST)
    elif kind == e.STAGE_OVER:
        if live.stage_number == a and stages.is_over(w, live, now_ms, kind, a, b):
            attempts.timed_out(w, live, now_ms, stages.too_long(b), False)
    elif kind == e.TOTAL_OVER:
        if live.total_number == a and live.total_runs and stages.is_over(w, live, now_ms, kind, a, b):
            live.total_runs = False
            attempts.timed_out(w, live, now_ms, codes.NO_RESULT, not w.total_of_attempt)
    elif kind == e.SLOT_LOOK:
        slots.look_at_slot(w, live, now_ms, a)
    elif live.battery_empty_ms < 0:
        modem.brick(w, live, now_ms, codes.DIED_LATER)


def timer_rang(w: Any, live: Any, now_ms: int) -> None:
    """The module's timer ran out."""
    if ota.timer(w, live, now_ms, live.timer):
        begin(w, live, now_ms, e.FLASH_BEGINS, 0, 0)
