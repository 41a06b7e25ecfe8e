"""Devices that are never there when the plan could be offered to them: too seldom, too late, or at other hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fota_sim.scenario.distribution import ends
from fota_sim.scenario.document import Key
from fota_sim.scenario.fleet import Devices, Group
from fota_sim.scenario.host import Host
from fota_sim.scenario.lint.facts import ROLLOUT, WORTH_SAYING, Facts, Finding, duration, percent
from fota_sim.scenario.lint.spans import Span, any_of, both, openings, whole
from fota_sim.scenario.lint.windows import in_maintenance, maintenance_of, plan_zone
from fota_sim.scenario.radio import Radio
from fota_sim.scenario.sleep import access_of
from fota_sim.scenario.window import write

_FIRST_SPREAD_S = 600.0
"""Over which first contacts of devices that do not sleep are spread, if nothing says otherwise."""
_MOST_SPANS = 20_000
"""Where there are more to look at, devices come often enough to be met."""


@dataclass(frozen=True)
class Coming:
    """When devices of a source can be offered the plan: at a time of their own, and again and again after it."""

    spread_s: float
    """Their first times are spread evenly over this, from activation on."""
    every_s: float
    stays_s: float
    """How long each time lasts."""
    also_s: tuple[float, ...] = ()
    """So long after each time they are there again."""

    def share_in(self, spans: list[Span]) -> float:
        """Which share of them is there at any time within the spans, at the most."""
        met: list[Span] = []
        for from_s, to_s in spans:
            for later_s in (0.0, *self.also_s):
                for number in range(-1 if later_s else 0, int(to_s // self.every_s) + 1):
                    at_s = number * self.every_s + later_s
                    met.append((from_s - self.stays_s - at_s, to_s - at_s))
                    if len(met) > _MOST_SPANS:
                        return 1.0
        if self.spread_s == 0.0:
            return 1.0 if any(from_s <= 0.0 < to_s for from_s, to_s in met) else 0.0
        within = any_of((max(0.0, from_s), min(self.spread_s, to_s)) for from_s, to_s in met)
        return sum(to_s - from_s for from_s, to_s in within) / self.spread_s


def _allowed(facts: Facts, zone: str, pushes_only: bool) -> list[Span]:
    """When a device of a zone may be offered the plan; ``pushes_only``: by a push."""
    period, spans = facts.scenario.plan.push_period, in_maintenance(facts, zone)
    if pushes_only and period is not None:
        spans = both(spans, any_of(span for _, span in openings(facts, period, plan_zone(facts))))
    return spans


def _zones(facts: Facts, devices: Devices) -> dict[str, float]:
    return devices.time_zone or {facts.scenario.time_zone: 1.0}


def _wakes(devices: Devices, radio: Radio, pushed: bool) -> Coming:
    contact, sleep = devices.contact, devices.contact.sleep
    every_s = float(contact.every)
    spread_s = every_s if contact.spread is None else float(contact.spread)
    if sleep is None or sleep.t3412 is None:
        return Coming(spread_s, every_s, contact.linger + contact.jitter)
    taus = int((every_s - 1e-3) // sleep.t3412) if pushed else 0
    also_s = tuple(number * sleep.t3412 for number in range(1, min(taus, _MOST_SPANS) + 1))
    return Coming(spread_s, every_s, sleep.linger_s(access_of(radio.law)) + contact.jitter, also_s)


def _asks(facts: Facts, devices: Devices) -> Coming:
    """Questions of a device that is always there."""
    contact = devices.contact
    spread_s = _FIRST_SPREAD_S if contact.spread is None else float(contact.spread)
    every_s = facts.scenario.horizon if contact.request_every is None else contact.request_every
    return Coming(spread_s, float(every_s), 0.0)


def _sources(facts: Facts, pattern: str) -> Iterator[tuple[Key, Devices, Radio, Host]]:
    """Sources of the plan's product with a pattern, but for those that join later or whose table says more."""
    for path, devices, _, radio, host in facts.parts():
        own = {"contact_every", "t3412", "host", "gone"} & set(devices.mapped)
        planned = facts.scenario.is_planned_for(devices) and devices.joins is None
        if devices.contact.pattern == pattern and planned and not own:
            yield (*path, "contact"), devices, radio, host


def own_periods_at_other_hours(facts: Facts) -> Iterator[Finding]:
    """The same of tables whose devices have periods of their own, once these are read (``facts.own_contacts``)."""
    plan = facts.scenario.plan
    for path, devices, _, radio, host in facts.parts():
        drawn = facts.own_contacts.get(devices.name, ())
        if not drawn or "host" in devices.mapped or devices.joins is not None or not (plan.push or host.asks):
            continue
        grid_s, met = float(plan.push_grid), 0.0
        for contact, part in drawn:
            own = devices.model_copy(update={"contact": contact})
            coming, pushes_only = _wakes(own, radio, plan.push), not host.asks
            found = _met(facts, own, coming, pushes_only)
            if pushes_only and contact.sleep is None and grid_s > 0.0 and contact.every % grid_s == 0.0:
                found *= min(1.0, coming.stays_s / grid_s)  # the same minutes past the grid for ever
            met += part * found
        if 1.0 - met > WORTH_SAYING:
            hours = _hours(facts, not host.asks)
            when = f" at {hours}" if hours else ""
            pushed = "" if host.asks else f"their host never asks, pushes come every {duration(grid_s)}{when}, and "
            offered = f"the plan may be offered{when}, and " if host.asks and hours else pushed
            message = (
                f"they wake at periods of their own; {offered}{_about(met)} of them are ever awake then before "
                f"it ends at {duration(facts.ends_s)}, the others are never offered the plan. Let the host ask "
                f"(hosts.{devices.host}.asks: true), open the plan at more hours, or give it more time"
            )
            yield (*path, "contact"), message


def _met(facts: Facts, devices: Devices, coming: Coming, pushes_only: bool) -> float:
    zones = _zones(facts, devices)
    total = sum(zones.values())
    return sum(part * coming.share_in(_allowed(facts, zone, pushes_only)) for zone, part in zones.items()) / total


def wakes_at_other_hours(facts: Facts) -> Iterator[Finding]:
    """Devices that wake so seldom, or at such hours, that many are never awake when the plan may be offered."""
    plan = facts.scenario.plan
    for where, devices, radio, host in _sources(facts, "wake"):
        if not plan.push and not host.asks:
            continue  # told by never_asked_nor_pushed
        coming, pushes_only = _wakes(devices, radio, plan.push), not host.asks
        there = coming.share_in(whole(facts))
        met = min(there, _met(facts, devices, coming, pushes_only))
        every = duration(devices.contact.every)
        if 1.0 - there > WORTH_SAYING:
            message = (
                f"these devices come every {every}, and the plan has {duration(facts.ends_s - plan.starts)}: "
                f"{_about(there)} of them are there before it ends. Give it more time"
            )
            yield (*where, "every"), message
        if there - met > WORTH_SAYING and any(_allowed(facts, zone, pushes_only) for zone in _zones(facts, devices)):
            message = (
                f"these devices wake every {every}, and the plan may be offered at {_hours(facts, pushes_only)}: "
                f"{_about(met)} of them are ever awake then before it ends, the others are never offered it. Open it "
                "at more hours, or give it more time"
            )
            yield (*where, "every"), message


def _about(part: float) -> str:
    return f"about {percent(part)}" if part > 0.0 else "none"


def _hours(facts: Facts, pushes_only: bool) -> str:
    windows = [write(window.hours) for _, window in maintenance_of(facts)]
    period = facts.scenario.plan.push_period
    of_both = [", ".join(windows)] if windows else []
    if pushes_only and period is not None:
        of_both.append(write(period) if not windows else f"{write(period)} (push period)")
    return " and within ".join(of_both)


def asks_at_other_hours(facts: Facts) -> Iterator[Finding]:
    """Devices that are always there and not pushed to, and ask when the plan is not offered."""
    plan = facts.scenario.plan
    for where, devices, _, host in _sources(facts, "always"):
        zones = _zones(facts, devices)
        pushed = plan.push and any(_allowed(facts, zone, True) for zone in zones)
        if pushed or not host.asks or not any(_allowed(facts, zone, False) for zone in zones):
            continue  # hours that never come are told of the hours
        coming = _asks(facts, devices)
        met = _met(facts, devices, coming, False)
        if 1.0 - met <= WORTH_SAYING:
            continue
        every_s = devices.contact.request_every
        often = "once, when they first come" if every_s is None else f"every {duration(every_s)}"
        hours = _hours(facts, False)
        when = f"offered at {hours}" if hours else f"offered from {duration(plan.starts)} on"
        message = (
            f"nothing is pushed to these devices, they ask {often}, and the plan is {when}: {_about(met)} of "
            "them ask then, the others are never offered it. Let them ask more often, push it, or open it at more hours"
        )
        yield (*where, "request_every"), message


def asks_once_before_its_turn(facts: Facts) -> Iterator[Finding]:
    """Devices that are not pushed to and ask once, in a plan that releases some later, or waits for their users."""
    plan = facts.scenario.plan
    later = [name for name, has in (("waves", _several(facts)), ("a rate", facts.rollout.rate is not None)) if has]
    later += ["users who confirm (mode: manual)"] if plan.mode == "manual" else []
    for where, devices, _, host in _sources(facts, "always"):
        if later and not plan.push and host.asks and devices.contact.request_every is None:
            message = (
                f"nothing is pushed to these devices and they ask once, when they first come; the plan has "
                f"{' and '.join(later)}, and whose turn comes after that question is never offered it. Let them ask "
                "again (request_every: 1h), or push it"
            )
            yield (*where, "request_every"), message


def _several(facts: Facts) -> bool:
    """Whether there are waves that open after the first."""
    waves = facts.rollout.waves
    return len(waves) > 1 or any((wave.groups or 0) > 1 or wave.groups_of for wave in waves)


def never_asked_nor_pushed(facts: Facts) -> Iterator[Finding]:
    """Devices whose host never asks, in a plan that is not pushed; where that is all of them it is an error."""
    if facts.scenario.plan.push:
        return
    for path, devices, _, _, host in facts.parts():
        if not host.asks and "host" not in devices.mapped and facts.scenario.is_planned_for(devices):
            message = (
                f"host {devices.host!r} never asks, and nothing is pushed (push: false): these devices are never "
                "offered the plan. Let the host ask, or push it"
            )
            yield (*path, "host"), message


def missed_while_away(facts: Facts) -> Iterator[Finding]:
    """A wait for the first contact that is over before most devices that sleep come."""
    wait_s = facts.rollout.timeouts.online
    for _, devices, radio, _ in _sources(facts, "wake") if wait_s is not None else ():
        assert wait_s is not None
        in_all_s = _with_retries_s(facts, wait_s)
        met = _wakes(devices, radio, facts.scenario.plan.push).share_in([(0.0, in_all_s)])
        if 1.0 - met > WORTH_SAYING:
            message = (
                f"{_waited(wait_s, in_all_s)} is less than devices of {devices.name} are away "
                f"({duration(devices.contact.every)}): {_about(met)} of those that are released while they "
                "sleep come in time, the others fail. Make it longer"
            )
            yield (*ROLLOUT, "timeouts", "online"), message


def missed_before_their_hours(facts: Facts) -> Iterator[Finding]:
    """A wait for the first contact that is over before the hours in which devices are there come for the first time."""
    wait_s, waves = facts.rollout.timeouts.online, facts.rollout.waves
    if wait_s is None or (waves and waves[0].opens.at is not None):
        return
    starts_s = float(facts.scenario.plan.starts)
    for _, devices, _, _ in _sources(facts, "daily"):
        hours = devices.contact.hours
        first_s = [next((span[0] for _, span in openings(facts, hours, zone)), 0.0) for zone in _zones(facts, devices)]
        in_all_s, away_s = _with_retries_s(facts, wait_s), min(first_s) - starts_s
        if in_all_s < away_s:
            message = (
                f"{_waited(wait_s, in_all_s)} is less than devices of {devices.name} are away at the start: they are "
                f"there at {write(hours)}, which begins {duration(away_s)} after it, and those that are released then "
                "fail. Make it longer, or start the plan in these hours"
            )
            yield (*ROLLOUT, "timeouts", "online"), message


def deadline_before_they_come(facts: Facts) -> Iterator[Finding]:
    """A deadline that stops the plan before enough devices of the wave before can have come."""
    if facts.devices is None:
        return
    for number, wave in enumerate(facts.rollout.waves):
        opens = wave.opens
        wanted = max(opens.success or 0.0, opens.quorum) if opens.watches else 1.0 if opens.says_nothing else 0.0
        if not number or opens.deadline is None or opens.on_deadline == "open":
            continue
        if opens.success is not None and opens.share_of in ("started", "finished"):
            wanted = opens.quorum  # of those that came
        met = _come_within(facts, float(opens.deadline))
        if wanted - met > WORTH_SAYING:
            does = "pauses" if opens.on_deadline == "pause" else "cancels"
            message = (
                f"{duration(opens.deadline)} after the wave before opened, {_about(met)} of the devices have come, and "
                f"{percent(wanted)} are waited for: the deadline {does} the plan. Make it longer"
            )
            yield (*ROLLOUT, "waves", number, "opens", "deadline"), message


def _come_within(facts: Facts, limit_s: float) -> float:
    """Which share of the plan's devices comes within so long of any moment."""
    come, total = 0.0, 0
    for devices, radio in ((devices, radio) for _, devices, _, radio, _ in facts.parts()):
        if isinstance(devices, Group) and facts.scenario.is_planned_for(devices):
            total += devices.count
            wakes = devices.contact.pattern == "wake"
            coming = _wakes(devices, radio, facts.scenario.plan.push) if wakes else None
            come += devices.count * (1.0 if coming is None else coming.share_in([(0.0, limit_s)]))
    return come / total if total else 1.0


def _waited(wait_s: float, in_all_s: float) -> str:
    """A wait as it is written, and in all where that is more."""
    return duration(wait_s) if in_all_s == wait_s else f"{duration(wait_s)} ({duration(in_all_s)} with retries)"


def _with_retries_s(facts: Facts, wait_s: float) -> float:
    """How long the platform waits in all before it gives a device up that does not come."""
    strategy, rules = facts.scenario.plan.strategy, facts.rollout.retry
    if rules is None:
        return wait_s + float(strategy.retries * (wait_s + strategy.retry_delay))
    rule = next((each for each in rules if "timeout" in each.on), None)
    if rule is None:
        return wait_s
    total_s, delay_s = wait_s, float(rule.delay)
    for _ in range(_MOST_SPANS if rule.count is None else rule.count):
        total_s += wait_s + min(delay_s, rule.longest)
        delay_s *= rule.factor
        if total_s > facts.scenario.horizon:
            break
    return total_s


def joins_after_the_end(facts: Facts) -> Iterator[Finding]:
    """Devices that are put into service when the plan is over."""
    for path, devices in facts.scenario.fleet.placed():
        if devices.joins is not None and facts.scenario.is_planned_for(devices):
            first_s = ends(devices.joins)[0]
            if first_s >= facts.ends_s:
                message = (
                    f"nobody joins before {duration(first_s)}, and the plan is over at {duration(facts.ends_s)}: these "
                    "devices are never offered it. Let them join earlier, or set a longer horizon"
                )
                yield (*path, "joins"), message


def all_join_too_late(facts: Facts) -> Iterator[Finding]:
    """A plan that leaves late joiners out, and has no others."""
    if facts.rollout.late_joiners != "never":
        return
    planned = [devices for devices in facts.scenario.fleet.sources if facts.scenario.is_planned_for(devices)]
    if facts.drawn_targets is None:
        nobody = bool(planned) and all(each.joins is not None and ends(each.joins)[0] > 0.0 for each in planned)
    else:
        nobody = facts.drawn_targets == 0
    if nobody:
        message = (
            "leaves out who joins after the activation, and all that the plan is for do: nobody is offered it. Write "
            "last-wave or at-once"
        )
        yield (*ROLLOUT, "late_joiners"), message


def confirms_after_the_end(facts: Facts) -> Iterator[Finding]:
    """Users who confirm when the plan is over."""
    plan = facts.scenario.plan
    if plan.mode == "manual" and plan.user_confirm_share > 0.0 and ends(plan.user_confirm)[0] >= facts.ends_s:
        message = (
            f"no user confirms before {duration(ends(plan.user_confirm)[0])}, and the plan is over at "
            f"{duration(facts.ends_s)}: nobody is offered it. Let them confirm earlier, or give the plan more time"
        )
        yield ("plan", "user_confirm"), message
