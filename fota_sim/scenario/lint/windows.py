"""Windows in the wrong zone, over midnight, or never open together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration, percent
from fota_sim.scenario.lint.spans import Span, any_of, both, openings, whole
from fota_sim.scenario.maintenance import DAYS, Maintenance
from fota_sim.scenario.window import Window, write
from fota_sim.scenario.zones import zone_info


def plan_zone(facts: Facts) -> str:
    """The zone of the plan's own windows."""
    return facts.scenario.plan.time_zone or facts.scenario.time_zone


def device_zones(facts: Facts) -> list[str]:
    """Zones of groups; a file's own column is not read."""
    own = {facts.scenario.time_zone: 1.0}
    return sorted({zone for devices in facts.scenario.fleet.sources for zone in devices.time_zone or own})


def _offset_min(zone: str, start: datetime) -> int:
    offset = start.replace(tzinfo=zone_info(zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60


def _elsewhere(facts: Facts) -> list[str]:
    """Zones of devices whose clocks differ from the plan's at the start."""
    start = facts.scenario.start
    here = _offset_min(plan_zone(facts), start)
    return [zone for zone in device_zones(facts) if _offset_min(zone, start) != here]


def _shifted(facts: Facts, window: Window, zone: str) -> str:
    """The window of the plan's zone on the clocks of ``zone``."""
    start = facts.scenario.start
    later = _offset_min(zone, start) - _offset_min(plan_zone(facts), start)
    return write(Window((window.from_min + later) % 1440, (window.to_min + later) % 1440))


def push_in_another_zone(facts: Facts) -> Iterator[Finding]:
    """A push period in the plan's zone for devices that live in another."""
    window, others = facts.scenario.plan.push_period, _elsewhere(facts)
    if window is not None and others:
        message = (
            f"{write(window)} is local time of {plan_zone(facts)}; in {others[0]} that is "
            f"{_shifted(facts, window, others[0])}. For the devices' own hours use rollout.maintenance"
        )
        yield ("plan", "push_period"), message


def maintenance_of(facts: Facts) -> list[tuple[Key, Maintenance]]:
    """Every maintenance window with its place, as it is written: alone, or in a list."""
    windows = facts.rollout.maintenance
    at: Key = (*ROLLOUT, "maintenance")
    in_list = len(windows) > 1 or (*at, 0) in facts.written
    return [((*at, number) if in_list else at, window) for number, window in enumerate(windows)]


def whose_zones(facts: Facts, window: Maintenance) -> list[str]:
    """The zones on whose clocks a window is told."""
    if window.zone == "device":
        return device_zones(facts)
    return [plan_zone(facts) if window.zone == "plan" else window.zone]


def maintenance_in_another_zone(facts: Facts) -> Iterator[Finding]:
    """Maintenance hours in the plan's zone for devices that live in another."""
    for where, window in maintenance_of(facts):
        others = _elsewhere(facts)
        if window.zone == "plan" and others:
            message = (
                f"{write(window.hours)} in {plan_zone(facts)} is {_shifted(facts, window.hours, others[0])} in "
                f"{others[0]}; write zone: device for each device's own time"
            )
            yield (*where, "zone"), message


def runs_into_the_next_day(facts: Facts) -> Iterator[Finding]:
    """Hours over midnight on some days only."""
    for where, window in maintenance_of(facts):
        hours = window.hours
        if not window.daily and 0 < hours.to_min < hours.from_min:
            last = f" on {window.days[-1]}" if set(window.days) != set(DAYS) else " on the last of them"
            message = (
                f"{write(hours)} spans midnight, and days are those on which it begins: what begins{last} runs into "
                "the next day, and the early hours of the first day are not in it. List the days on which it is to "
                "begin"
            )
            yield (*where, "days"), message


def _overlap(one: Window, other: Window) -> bool:
    return (other.from_min - one.from_min) % 1440 < one.minutes or (
        one.from_min - other.from_min
    ) % 1440 < other.minutes


def never_both_open(facts: Facts) -> Iterator[Finding]:
    """A push period and maintenance hours that come, and never meet on the clocks of any device."""
    push, windows = facts.scenario.plan.push_period, maintenance_of(facts)
    asks = any(host.asks for *_, host in facts.parts())
    if push is None or not windows or asks:
        return
    pushed = any_of(span for _, span in openings(facts, push, plan_zone(facts)))
    for zone in device_zones(facts):
        kept = in_maintenance(facts, zone)
        if not pushed or not kept or both(kept, pushed):
            return  # the one or the other never comes, which is told, or they meet
    message = (
        f"{_hours(windows)} and the push period {write(push)} are never open together, and no host asks: "
        "nobody is offered the plan. Move one of them"
    )
    yield (*windows[0][0], "hours"), message


def in_maintenance(facts: Facts, zone: str) -> list[Span]:
    """When a device that lives in ``zone`` may be offered the plan, as far as maintenance windows go."""
    clocks = {"device": zone, "plan": plan_zone(facts)}
    windows = facts.rollout.maintenance
    if not windows:
        return whole(facts)
    return any_of(
        span
        for window in windows
        for _, span in openings(facts, window.hours, clocks.get(window.zone, window.zone), window)
    )


def _hours(windows: list[tuple[Key, Maintenance]]) -> str:
    return ", ".join(write(window.hours) for _, window in windows)


def nobody_there(facts: Facts) -> Iterator[Finding]:
    """Groups that are in contact only when the window is closed."""
    push, windows = facts.scenario.plan.push_period, maintenance_of(facts)
    of_devices = bool(windows) and all(window.zone == "device" for _, window in windows)
    for path, devices, _, _, host in facts.parts():
        if devices.contact.pattern != "daily":
            continue
        there, where = devices.contact.hours, (*path, "contact", "hours")
        zones = set(devices.time_zone or {facts.scenario.time_zone: 1.0})
        if of_devices and not any(_overlap(window.hours, there) for _, window in windows):
            yield where, _apart(there, "maintenance window", _hours(windows))
        elif push is not None and not host.asks and not zones & set(_elsewhere(facts)) and not _overlap(push, there):
            yield where, _apart(there, "push period", write(push))


def asleep_at_every_push(facts: Facts) -> Iterator[Finding]:
    """Sleepers that never ask, and wake at the same minutes past the push grid for ever."""
    plan = facts.scenario.plan
    grid_s = plan.push_grid
    if not plan.push or grid_s == 0:
        return
    for path, devices, _, _, host in facts.parts():
        contact = devices.contact
        if "contact_every" in devices.mapped or contact.sleep is not None:  # its own period, or a push waits for it
            continue
        awake_s = contact.linger + contact.jitter
        if contact.pattern != "wake" or host.asks or contact.every % grid_s or awake_s >= grid_s:
            continue
        message = (
            f"these devices never ask, are awake for {duration(contact.linger)} every {duration(contact.every)}, and "
            f"pushes come every {duration(grid_s)}: about {percent(awake_s / grid_s)} of them are ever awake at one, "
            f"the others sleep through every push. Let the host ask (hosts.{devices.host}.asks), linger for "
            f"{duration(grid_s)}, or set push_grid: 0s"
        )
        yield (*path, "contact"), message


def _apart(there: Window, what: str, hours: str) -> str:
    return (
        f"these devices are there at {write(there)} and the {what} is {hours}: they are never offered the "
        "plan. Move one of them"
    )
