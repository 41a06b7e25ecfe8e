"""What the platform knows of one device: versions that it reported, and what follows from them."""

from __future__ import annotations

from typing import Any

from fota_sim.device.fields import NONE
from fota_sim.device.port import component_at, flag_at, openings_of, part_at
from fota_sim.rules import codes, ota, plan
from fota_sim.rules.zone import next_open


def read_versions(w: Any, live: Any) -> None:
    for j in range(w.parts):
        part = part_at(w, live.first_part + j)
        part.known = part.running if j == w.module_part else part.told


def is_left(w: Any, live: Any, component: int) -> bool:
    c = component_at(w, component)
    return bool(part_at(w, live.first_part + c.part).known != c.target)


def left(w: Any, live: Any) -> int:
    """Which components do not report their target version, a bit each."""
    mask = 0
    for component in range(w.components):
        if is_left(w, live, component):
            mask |= 1 << component
    return mask


def members(mask: int) -> int:
    """How many components a mask has."""
    count = 0
    while mask != 0:
        mask &= mask - 1
        count += 1
    return count


def first_left(w: Any, live: Any) -> int:
    """The first component in upgrade order that does not report its target version, or NONE."""
    for component in range(w.components):
        if is_left(w, live, component):
            return component
    return NONE


def read_version(w: Any, live: Any, component: int) -> None:
    """Take the version of one component, as it comes with the word that its upgrade failed."""
    c = component_at(w, component)
    part = part_at(w, live.first_part + c.part)
    version = part.running if c.part == w.module_part else part.told
    if version != NONE:
        part.known = version


def is_fetched(w: Any, live: Any, component: int) -> bool:
    """Whether the last byte of the package was fetched: software of an MCU comes in pieces, each of which is told."""
    return bool(live.piece_start_B + live.piece_B >= component_at(w, component).size_B)


def fits(w: Any, live: Any, component: int) -> int:
    """OFFER, or why the component's package is not for the version that the device reports."""
    c = component_at(w, component)
    version = part_at(w, live.first_part + c.part).known
    is_source = version != NONE and flag_at(w.admits_at, component * w.versions + version)
    return plan.version_fits(version != NONE, c.any_source, is_source)


def versions_fit(w: Any, live: Any) -> int:
    """OFFER, or why the first component that does not fit keeps the plan back."""
    for component in range(w.components):
        if is_left(w, live, component):
            found = fits(w, live, component)
            if found != plan.OFFER:
                return found
    return plan.OFFER


def settled(w: Any, live: Any) -> bool:
    """Whether nothing that this device does can change how its story ends."""
    if (live.given_up or live.cancelled != codes.NO_CAUSE) and not live.done and _goes_on(w, live):
        return False
    return plan.settled(
        live.done,
        live.on_list,
        live.cancelled != codes.NO_CAUSE or live.refused_for_good,
        live.given_up,
        w.retries_to_come,
        w.plan_state,
        live.confirmed,
    )


def _goes_on(w: Any, live: Any) -> bool:
    """Whether a device that the platform is done with has an upgrade to finish, or a success to report that counts."""
    if live.unfinished or live.saved_state == ota.UPDATING or (live.powered and ota.is_under_way(live.saved_state)):
        return True
    if not plan.takes_success(live.done, live.given_up, plan.aborted(live.cancelled), w.late_counts):
        return False
    for component in range(w.components):
        c = component_at(w, component)
        if is_left(w, live, component) and part_at(w, live.first_part + c.part).running == c.target:
            return True
    return False


def maintained_from(w: Any, live: Any, at_ms: int) -> int:
    """The first time not before ``at_ms`` at which one of the device's maintenance windows is open."""
    if not w.maintained:
        return at_ms
    return int(next_open(openings_of(w, live.zone), at_ms))
