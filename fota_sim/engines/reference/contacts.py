"""When a device is in contact: who is with its module is woken by a calendar, told what happens, and sleeps again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import simpy

from fota_sim.engines.contacts import ContactParameters
from fota_sim.engines.reference.bound import rules, story
from fota_sim.engines.reference.environment import Process
from fota_sim.engines.reference.world import Device, World
from fota_sim.protocol.urc import Urc
from fota_sim.rules import contact, host
from fota_sim.rules.zone import FAR

BOOTED = Urc(0, 0, ())
"""What is seen on the module's status pin when it has started up."""

PAGED = Urc(0, 1, ())
"""What a module that was awake for a TAU wakes its host with: something is there for it."""

Told = TypeVar("Told")


class Contacts(ABC, Generic[Told]):
    """The contacts of one device, a SimPy process.

    What is done in a contact, and what is told meanwhile, is up to who is with the module: the host of a simulated
    device, or what has its power switch while a foreign program is the host.
    """

    def __init__(self, w: World, live: Device, pattern: ContactParameters, zone: Any, patience_ms: int) -> None:
        """``pattern``: when it is in contact, in the zone with this row; ``patience_ms``: of silence in an upgrade."""
        self._env = w.env
        self._w = w
        self._live = live
        self.pattern = pattern
        self._zone = zone
        self._patience_ms = patience_ms
        self._inbox: deque[Told] = deque()
        self._waiting: simpy.Event | None = None
        self._heard_ms = 0
        self._busy = False
        """Whether an upgrade runs."""
        self._life: simpy.Process | None = None

    def start(self) -> None:
        """Begin to live, until the horizon or until :meth:`stop`."""
        self._life = self._env.start(self._until_stopped(), self._live.who)

    def stop(self) -> None:
        """It runs on the device's battery, and that is empty."""
        if self._life is not None and self._life.is_alive:
            self._life.interrupt()

    def _until_stopped(self) -> Process:
        try:
            yield from self._contacts()
        except simpy.Interrupt:
            return

    # The calendar

    def _contacts(self) -> Process:
        """Every contact from activation to the horizon."""
        pattern, env = self.pattern, self._env
        first_ms = int(story.life.first_report_of(self._w, self._live.who))
        number = 0
        at_ms = reported_ms = first_ms
        joins_ms = self._w.joins_ms_at[self._live.who]
        tau_ms = rules.contact.first_tau_ms(first_ms, pattern.every_s, pattern.tau_ms, joins_ms)
        if tau_ms < FAR:
            number, at_ms, reported_ms = -1, tau_ms, first_ms - rules.delay.to_ms(pattern.every_s)
        while True:
            yield env.timeout(max(0, at_ms - env.now_ms))
            if not self._live.reachable:
                return
            if at_ms == reported_ms or (yield from self._is_wanted(first_ms, number)):
                yield from self._awake()
            if not self._live.reachable or self._is_settled():
                return
            if pattern.pattern == contact.WAKE:
                while at_ms <= env.now_ms:
                    reports_ms = story.sleep.next_report_ms(self._w, self._live, first_ms, number)
                    at_ms = rules.contact.next_tau_ms(reported_ms, env.now_ms, pattern.tau_ms, reports_ms)
                    if at_ms == FAR:
                        number += 1
                        at_ms = reported_ms = reports_ms
            else:
                at_ms = rules.zone.next_in_window(self._zone, env.now_ms, pattern.from_min, pattern.to_min)
                reported_ms = at_ms

    def _is_wanted(self, first_ms: int, number: int) -> Process:
        """The module wakes for a periodic TAU and sleeps again, unless something waits for it or comes meanwhile.

        ``number``: that of the last report, the first of which is at ``first_ms``.
        """
        w, live, now_ms = self._w, self._live, self._env.now_ms
        if story.offers.tau(w, live, now_ms):
            return True
        self._inbox.clear()
        live.listens = True
        reports_ms = story.sleep.next_report_ms(w, live, first_ms, number)
        event = yield from self._next_event(story.sleep.listens_until_ms(w, live, now_ms, reports_ms))
        live.listens = False
        return event is not None and live.reachable

    def _awake(self) -> Process:
        """One contact, from power-on to sleep."""
        pattern = self.pattern
        self._busy = False
        self._inbox.clear()
        hours = pattern.from_min, pattern.to_min
        self._live.ends_ms = rules.contact.contact_ends_ms(self._env.now_ms, pattern.pattern, *hours, self._zone)
        yield from self._contact(self._live.ends_ms)
        if pattern.pattern != contact.ALWAYS:
            self._switch_off()

    @abstractmethod
    def _contact(self, ends_ms: int) -> Process:
        """Switch the module on, and follow what it says for as long as there is a reason, or to ``ends_ms``."""

    @abstractmethod
    def _switch_off(self) -> None:
        """The contact is over."""

    def _is_settled(self) -> bool:
        """Whether nothing can come of a further contact."""
        return bool(story.knowledge.settled(self._w, self._live))

    # Patience

    def _waits_until_ms(self, since_ms: int, asks: bool, ask_ms: int) -> int:
        """Until when the module's next word is waited for; ``asks``: whether plans are asked for every so often."""
        pattern = self.pattern
        until_ms = rules.host.waits_until_ms(
            since_ms,
            self._busy,
            self._live.online,
            pattern.pattern == contact.WAKE,
            asks,
            self._heard_ms,
            ask_ms,
            self._patience_ms,
            pattern.linger_ms,
            pattern.request_every_ms,
        )
        return int(until_ms)

    def _after_silence(self, asks: bool) -> int:
        """What to do when nothing came until then, as ``rules/host.py`` has it; an upgrade may be given up."""
        live, now_ms = self._live, self._env.now_ms
        self._heard_ms = max(self._heard_ms, story.download.last_said_ms(self._w, live, now_ms))
        wakes = self.pattern.pattern == contact.WAKE
        todo = rules.host.after_silence(now_ms, self._busy, live.online, wakes, asks, self._heard_ms, self._patience_ms)
        if todo == host.GIVE_UP_UPGRADE:
            self._busy = False
        return int(todo)

    # What is told

    def _put(self, *told: Told) -> None:
        """Have something in the inbox."""
        self._inbox.extend(told)
        if self._waiting is not None and self._inbox:
            waiting, self._waiting = self._waiting, None
            waiting.succeed()

    def _next_event(self, until_ms: int) -> Process:
        """The next of what is told, or None when there is nothing before ``until_ms``."""
        if not self._inbox:
            yield self._arrives(until_ms)
        return self._inbox.popleft() if self._inbox else None

    def _arrives(self, until_ms: int, happens: Callable[[simpy.Event], Any] = simpy.Event.succeed) -> simpy.Event:
        """Happens when something is told next, or at ``until_ms``; ``happens``: lets it do so then."""
        waiting = self._waiting = self._env.event()

        def give_up() -> None:
            if self._waiting is waiting:
                self._waiting = None
                happens(waiting)

        if until_ms < FAR:
            self._env.call_at(until_ms, self._live.who, give_up)
        return waiting

    def _uniform(self, stream: int, counter: int) -> float:
        return float(story.body.draw(self._w, self._live, stream, counter))
