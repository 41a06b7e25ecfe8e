"""One download after another: places on the network, segments, progress, and how downloads end badly."""

from __future__ import annotations

import math
from typing import Any

from fota_sim.device import accounts, body, faults, modem, network, ota
from fota_sim.device.events import FETCH_GOES_ON, FETCH_REFUSED, FETCH_TOO_SLOW, SEGMENT_ENDS
from fota_sim.device.fetch import end_fetch, end_segment
from fota_sim.device.fields import NONE
from fota_sim.device.port import component_at, int_at, lacks_room_for_lines, module_row, radio_row, resume, schedule
from fota_sim.rules import battery, codes, plan, rows, streams
from fota_sim.rules.delay import to_ms
from fota_sim.rules.link import progress_due, progress_heard_ms, segment_end_B, segments_of, too_slow
from fota_sim.rules.radio import coverage_level
from fota_sim.rules.segment import segment
from fota_sim.rules.zone import FAR

_ALL, _NOT_ALL, _DROPPED = range(3)


def look_around(w: Any, live: Any, now_ms: int) -> None:
    """Before a download enters the network: the signal, the coverage level, and what it will share."""
    live.first_dBm = body.rssi_dBm(w, live, now_ms)
    live.coverage_level = coverage_level(radio_row(w, live.radio), live.first_dBm)
    network.choose_cell(w, live)
    live.held = 0


def enters(w: Any, live: Any, now_ms: int) -> None:
    """Ask for the places that are still wanted; with all of them the download starts."""
    if live.coupled:
        answer = network.enter(w, live)
        if answer == network.WAITS:
            return
        if answer == network.TURNED_AWAY:
            network.leave(w, live, now_ms)
            schedule(w, live, now_ms + w.http_ms, FETCH_REFUSED, live.fetch, 0)
            return
    _starts(w, live, now_ms)


def _starts(w: Any, live: Any, now_ms: int) -> None:
    live.running = True
    if live.download_start_ms < 0:
        live.download_start_ms = now_ms
    accounts.begin_row(w, live, now_ms)
    faults.download_starts(w, live)
    flash_Bps = module_row(w, live.module)[rows.FLASH_WRITE_BPS]
    if too_slow(radio_row(w, live.radio), live.first_dBm, flash_Bps, w.first_progress_s):
        live.began_ms = FAR
        schedule(w, live, now_ms + w.first_progress_ms, FETCH_TOO_SLOW, live.fetch, 0)
        return
    live.began_ms = now_ms
    live.ticks = 0
    if _says_progress(w, live, now_ms) != _ALL:
        return
    live.base_B = 0
    live.file = component_at(w, live.component).first_file
    live.count = 0
    live.index = 0
    live.asks = True
    goes_on(w, live, now_ms)


def goes_on(w: Any, live: Any, now_ms: int) -> None:
    """Play the next segment, or be done. What is shared is looked at here."""
    c = component_at(w, live.component)
    radio = radio_row(w, live.radio)
    flash_Bps = module_row(w, live.module)[rows.FLASH_WRITE_BPS]
    while live.file < c.last_file:
        file_B = int_at(w.files_at, live.file)
        if live.count == 0 and live.base_B + file_B > live.at_B:
            share_bps = network.share_bps(w) if live.shares_egress else math.inf
            rssi_dBm = body.rssi_dBm(w, live, now_ms)
            trip_s = body.trip_s(w, live, rssi_dBm)
            live.count = segments_of(radio, rssi_dBm, file_B, share_bps, flash_Bps, trip_s)
            live.index = 0
        while live.index < live.count:
            stop_B = min(live.end_B, live.base_B + segment_end_B(radio, file_B, live.index, live.count))
            live.index += 1
            if live.cut_B != NONE:
                stop_B = min(stop_B, live.cut_B)
            if stop_B > live.at_B:
                if _is_denied(w, live, now_ms):
                    fails(w, live, now_ms, codes.ADDRESS_EXPIRED)
                    return
                live.asks = False
                _segment_begins(w, live, now_ms, stop_B - live.at_B)
                live.at_B = stop_B
                return
        live.base_B += file_B
        live.file += 1
        live.count = 0
        live.index = 0
    _complete(w, live, now_ms)


def _complete(w: Any, live: Any, now_ms: int) -> None:
    if live.spoiled and not live.saved_mcu and not live.truncated:
        fails(w, live, now_ms, codes.WRONG_CHECKSUM)
        return
    end_fetch(w, live, now_ms)
    live.downloaded_ms = now_ms
    ota.piece_downloaded(w, live, now_ms)


def _is_denied(w: Any, live: Any, now_ms: int) -> bool:
    """Whether the server refuses to go on, for the address has expired: it looks at every request."""
    asks = live.asks or radio_row(w, live.radio)[rows.BLOCK_MODE] > 0.0
    return bool(asks and w.address_ms > 0 and now_ms - live.issued_ms > w.address_ms)


def _segment_begins(w: Any, live: Any, now_ms: int, size_B: int) -> None:
    """Play one segment. Power may fail in the middle of it."""
    radio = radio_row(w, live.radio)
    module = module_row(w, live.module)
    rssi_dBm = body.rssi_dBm(w, live, now_ms)
    u_break, u_count = body.draw_pair(w, live, streams.SEGMENT, live.segments)
    live.segments += 1
    share_bps = network.share_bps(w) if live.shares_egress else math.inf
    trip_s = body.trip_s(w, live, rssi_dBm)
    seconds, on_air_s, sent_B, broken = segment(
        radio, rssi_dBm, size_B, share_bps, module[rows.FLASH_WRITE_BPS], trip_s, u_break, u_count
    )
    lasts_ms = to_ms(seconds)
    cut_ms = body.cut_between(w, live, now_ms, now_ms + lasts_ms)
    live.cut_by = codes.NO_CAUSE if cut_ms == body.NO_CUT else codes.REBOOT_IN_DOWNLOAD
    peak_mA = battery.transmit_mA(radio, module, rssi_dBm)
    if body.browns_out(w, live, now_ms, peak_mA):
        cut_ms = now_ms + 1
        live.cut_by = codes.BROWN_OUT_IN_DOWNLOAD
    live.segment_ms = now_ms
    live.lasts_ms = lasts_ms
    live.sent_B = sent_B
    live.broken = broken
    body.works(w, live, now_ms, battery.download_mA(module, peak_mA, seconds, on_air_s, lasts_ms))
    schedule(w, live, now_ms + lasts_ms if cut_ms == body.NO_CUT else cut_ms, SEGMENT_ENDS, live.fetch, 0)


def segment_ends(w: Any, live: Any, now_ms: int) -> None:
    """What the segment cost. It touches nothing shared."""
    end_segment(w, live, now_ms)


def is_alone(w: Any, live: Any) -> bool:
    """Whether what comes after the segment touches nothing shared either: it is neither the last nor broken."""
    if w.may_cut or w.address_ms > 0:  # it may be cut off, or its address may have expired
        return False
    if not live.coupled and not w.ordered:
        return True
    if live.cut_by != codes.NO_CAUSE or live.broken or live.at_B >= live.end_B or faults.is_cut(live):
        return False
    return not live.shares_egress


def after_segment(w: Any, live: Any, now_ms: int) -> None:
    """Say the progress, and go on, or end badly."""
    if live.cut_by != codes.NO_CAUSE:
        _loses_power(w, live, now_ms)
        return
    said = _says_progress(w, live, now_ms)
    if said == _NOT_ALL:
        resume(w, live, now_ms, FETCH_GOES_ON, live.fetch)
    if said != _ALL:
        return
    if w.cuts_off and plan.aborted(live.cancelled):
        fails(w, live, now_ms, live.cancelled)
        return
    p_truncated = module_row(w, live.module)[rows.P_TRUNCATED]
    ended = live.broken or faults.is_cut(live)
    if ended and body.draw(w, live, streams.TRUNCATED, live.segments) < p_truncated:
        live.truncated = True
        _complete(w, live, now_ms)
        return
    if ended:
        fails(w, live, now_ms, codes.DOWNLOAD_BROKE if live.broken else codes.DOWNLOAD_CUT)
        return
    goes_on(w, live, now_ms)


def last_said_ms(w: Any, live: Any, now_ms: int) -> int:
    """When the module said the last 7,10702 of the download that goes on; 0 if none does.

    What is said during a segment is written down at its end, but the host hears it.
    """
    if not live.running or now_ms < live.began_ms:
        return 0
    return progress_heard_ms(live.began_ms, now_ms, w.progress_ms)


def _says_progress(w: Any, live: Any, now_ms: int) -> int:
    """Say 10702 at the first data and for every progress interval that passed.

    Whether all is said; _NOT_ALL if the log has no room for more, _DROPPED if the download does not run any more.
    """
    fetch = live.fetch
    interval_ms = w.progress_ms
    due = progress_due(now_ms - live.began_ms, interval_ms)
    if not live.logged:
        live.ticks = max(live.ticks, due - 1)  # said again in the same millisecond, it changes nothing
    while live.ticks < due and fetch == live.fetch:
        if live.logged and lacks_room_for_lines(w):
            return _NOT_ALL
        said_ms = live.began_ms + live.ticks * interval_ms
        live.ticks += 1
        ota.progress(w, live, now_ms, said_ms)
    return _ALL if fetch == live.fetch else _DROPPED


def fails(w: Any, live: Any, now_ms: int, cause: int) -> None:
    """The download came to nothing."""
    live.download_failures += 1
    end_fetch(w, live, now_ms)
    accounts.attempt_failed(w, live, cause)
    ota.download_failed(w, live, now_ms, cause)


def _loses_power(w: Any, live: Any, now_ms: int) -> None:
    live.download_failures += 1
    accounts.attempt_failed(w, live, live.cut_by)
    modem.restart(w, live, now_ms)


def is_void(live: Any, fetch: int) -> bool:
    """Whether an event belongs to a download that was dropped."""
    return bool(fetch != live.fetch)
