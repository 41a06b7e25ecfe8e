"""When devices are there, as engines play it: the pattern of each group, and those that devices have for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.own_timers import timers_of
from fota_sim.rules import contact
from fota_sim.rules.delay import to_ms
from fota_sim.scenario.fleet import Contact
from fota_sim.scenario.sleep import Access, Sleep

_PATTERNS = {"always": contact.ALWAYS, "wake": contact.WAKE, "daily": contact.DAILY}


@dataclass(frozen=True, eq=False)
class ContactParameters:
    """A group's contact pattern."""

    pattern: int
    spread_s: float
    every_s: float
    jitter_s: float
    from_min: int
    to_min: int
    request_every_ms: int
    """0: once a contact."""
    linger_ms: int
    sleeps: bool = False
    tau_ms: int = 0
    """T3412; 0 without PSM."""
    active_ms: int = 0
    edrx_ms: int = 0
    """0 without eDRX."""
    window_ms: int = 0
    inactivity_ms: int = 0
    keep_ms: int = -1
    """-1: for ever."""


def contact_parameters(settings: Contact, access: Access) -> ContactParameters:
    """A contact pattern with its own defaults filled in, and those of sleep by the kind of radio."""
    spread_s = settings.spread
    if spread_s is None:
        spread_s = settings.every if settings.pattern == "wake" else 600.0
    return ContactParameters(
        _PATTERNS[settings.pattern],
        spread_s,
        settings.every,
        settings.jitter,
        settings.hours.from_min,
        settings.hours.to_min,
        0 if settings.request_every is None else to_ms(settings.request_every),
        to_ms(settings.linger if settings.sleep is None else settings.sleep.linger_s(access)),
        *(() if settings.sleep is None else _sleep(settings.sleep, access)),
    )


def _sleep(settings: Sleep, access: Access) -> Iterator[int]:
    """The fields of ``ContactParameters`` about sleep, from ``sleeps`` on."""
    yield True
    lasts_s = (settings.t3412, settings.t3324, settings.edrx, settings.window_s(access), settings.inactivity_s(access))
    for seconds in lasts_s:
        yield to_ms(seconds) if seconds else 0
    keeps_s = settings.keeps_downlinks
    yield -1 if keeps_s is None else round(keeps_s * 1000.0)


def own_contact(contact: Contact, every_s: float, timers: int) -> Contact:
    """The contact of a device with a period (0: none) and timers (fleet/own_timers.py, 0: none) of its own."""
    if contact.sleep is not None and timers:
        contact = contact.model_copy(update={"sleep": contact.sleep.model_copy(update=timers_of(timers))})
    return contact.model_copy(update={"every": every_s}) if every_s > 0.0 else contact


def contacts_of(
    settings: Sequence[Contact], fleet: Fleet, accesses: Sequence[Access]
) -> tuple[list[ContactParameters], NDArray[np.int32]]:
    """Contact patterns, and which is each device's, shape (devices,).

    ``settings`` by number of the group, ``accesses`` by number of the radio, which defaults of sleep hang on.
    """
    contacts = [contact_parameters(each, "lte") for each in settings]
    sleeps = np.array([each.sleep is not None for each in settings])[fleet.group]
    own = np.flatnonzero((fleet.contact_every_s > 0.0) | sleeps)
    if not len(own):
        return contacts, fleet.group
    narrow = np.array([access == "nb-iot" for access in accesses])[fleet.radio]
    told = (fleet.group, fleet.contact_every_s, sleeps & narrow, fleet.own_timers)
    kinds, which = np.unique(np.stack([column[own].astype(np.float64) for column in told]), axis=1, return_inverse=True)
    for group, every_s, is_narrow, timers in kinds.T.tolist():
        each = own_contact(settings[int(group)], every_s, int(timers))
        contacts.append(contact_parameters(each, "nb-iot" if is_narrow else "lte"))
    place = fleet.group.copy()
    place[own] = len(settings) + which.reshape(-1)
    return contacts, place
