"""Faults on purpose in downloads and in what a host reads of its own software, and what the host does about these."""

from __future__ import annotations

from typing import Any

from fota_sim.device import body
from fota_sim.device.fields import NONE
from fota_sim.device.port import component_at, host_at, part_at
from fota_sim.rules import codes, streams


def befall(w: Any, live: Any) -> None:
    """Whether the device is one that they befall."""
    live.faulty = body.draw(w, live, streams.FAULTY, 0) < w.p_faulty


# Downloads


def download_starts(w: Any, live: Any) -> None:
    """Where the download that starts will be cut off, if it will, and whether its file is the right one."""
    live.cut_B = NONE
    if live.at_B == 0:
        live.spoiled = False
    if not w.download_faults or not live.faulty:
        return
    u_cut, u_checksum = body.draw_pair(w, live, streams.DOWNLOAD_FAULT, live.starts)
    live.starts += 1
    if u_cut < w.p_cut:
        fetched_B = int(w.cut_at * (live.end_B - live.at_B))
        if fetched_B > 0:
            live.cut_B = live.at_B + fetched_B
    if u_checksum < w.p_wrong_checksum:
        live.spoiled = True


def is_cut(live: Any) -> bool:
    """Whether the segment that is played ends where the download is cut off."""
    return bool(live.cut_B != NONE and live.at_B >= live.cut_B)


# The host's own software


def file_begins(live: Any) -> None:
    """The host begins to read a file."""
    live.garbled = False
    live.again = 0
    live.rejected = codes.NO_CAUSE


def block_read(w: Any, live: Any) -> None:
    """A block went over the serial line."""
    if w.p_garbled > 0.0 and live.faulty:
        if body.draw(w, live, streams.BLOCK_FAULT, live.blocks) < w.p_garbled:
            live.garbled = True
        live.blocks += 1


def _is_bad(live: Any) -> bool:
    return bool(live.garbled or live.spoiled)


def reads_again(w: Any, live: Any) -> bool:
    """All was read; whether the host finds it wrong and reads it anew. Earlier pieces the module has no more."""
    settings = host_at(w, live.host)
    if not _is_bad(live) or not settings.checks_file or live.piece_start_B > 0 or live.again >= settings.reads_again:
        return False
    live.again += 1
    live.garbled = False
    return True


def rejects(w: Any, live: Any) -> bool:
    """Whether the host leaves its old software in place. One that does not check flashes what it has, and hangs."""
    if not _is_bad(live):
        return False
    if not host_at(w, live.host).checks_file:
        live.truncated = True
        return False
    live.rejected = codes.FILE_GARBLED if live.garbled else codes.WRONG_CHECKSUM
    return True


def running(w: Any, live: Any) -> tuple[int, int]:
    """The part that the host leaves as it is, and the version that runs there."""
    part = component_at(w, live.component).part
    return part, part_at(w, live.first_part + part).running
