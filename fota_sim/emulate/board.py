"""The power switch as the scenario's host handles it: a module is woken for its contacts, and let sleep after them.

The client is the host; but what it says goes over the serial line, and the switch is not on it. So this follows the
line from outside, and keeps the module awake as long as the scenario's host would: by its contact pattern, its linger
and its patience.
"""

from __future__ import annotations

from collections import deque

import simpy

from fota_sim.emulate.power import Power
from fota_sim.engines.reference.bound import story
from fota_sim.engines.reference.environment import Process
from fota_sim.engines.reference.world import Device, World
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.urc import OTA, OtaCode, Urc, UrcError, parse_urc
from fota_sim.rules import contact, host, streams
from fota_sim.rules.zone import FAR, next_in_window

_UPDATE, _REGISTER, _ASK = "AT+QIOTUPDATE=", "AT+QIOTREG=", "AT+QIOTOTAREQ"
_DONE_READING = (f"{_UPDATE}2", "AT+QIOTMCUVER=")
_SUBSCRIBED = 3
"""Type of the event after which a host asks."""


class Board:
    """Switches one module on and off, a SimPy process."""

    def __init__(self, w: World, live: Device, power: Power) -> None:
        self._w = w
        self._env = w.env
        self._live = live
        self._power = power
        self._host = w.hosts_at[live.host]
        self._pattern = w.contacts_at[live.contact]
        self._zone = w.zones_at[live.zone]
        self._patience_ms = int(self._host.patience_ms)
        self._command_ms = int(self._host.command_ms)
        self._said: deque[Urc | str] = deque()
        self._waiting: simpy.Event | None = None
        self._heard_ms = 0
        self._busy = False
        self._weighs = False
        """Whether an offer is not answered yet."""
        self._expected: list[str] = []
        """Commands that this host says in a contact even if nothing is left to upgrade."""
        self._reads = False
        """Whether a host reads its file, or flashes it, and looks at nothing else."""
        self._life: simpy.Process | None = None

    def start(self) -> None:
        """Begin with the first contact."""
        self._life = self._env.start(self._until_stopped(), self._live.who)

    def stop(self) -> None:
        """The battery is empty."""
        if self._life is not None and self._life.is_alive:
            self._life.interrupt()

    def hear(self, line: Line) -> None:
        """A line of the dialogue."""
        if line.direction == "TX":
            self._said.append(line.text)
        else:
            self._heard_ms = self._env.now_ms
            if "ERROR" in line.text:
                self._reads = False
            for text in line.text.split("\r\n"):
                try:
                    urc = parse_urc(text)
                except UrcError:
                    continue
                if (urc.type, urc.code) != (OTA, OtaCode.DOWNLOADING):
                    self._said.append(urc)
        if self._waiting is not None and self._said:
            waiting, self._waiting = self._waiting, None
            acting, self._env.device = self._env.device, self._live.who
            waiting.succeed()
            self._env.device = acting

    def _until_stopped(self) -> Process:
        try:
            yield from self._contacts()
        except simpy.Interrupt:
            return

    def _contacts(self) -> Process:
        """As the host's of the reference engine."""
        live, env, pattern = self._live, self._env, self._pattern
        first_ms = self._power.first_ms
        if first_ms is None:
            return
        number = 0
        at_ms = first_ms
        while True:
            yield env.timeout(max(0, at_ms - env.now_ms))
            if not live.reachable:
                return
            yield from self._contact()
            if not live.reachable or self._is_settled():
                return
            if pattern.pattern == contact.WAKE:
                while at_ms <= env.now_ms:
                    number += 1
                    u = float(story.body.draw(self._w, live, streams.CONTACT_JITTER, number))
                    at_ms = contact.next_wake_ms(first_ms, pattern.every_s, pattern.jitter_s, number, u)
            else:
                at_ms = next_in_window(self._zone, env.now_ms, pattern.from_min, pattern.to_min)

    def _contact(self) -> Process:
        """Awake from now on, for as long as there is a reason."""
        pattern, env, live = self._pattern, self._env, self._live
        ends_ms = contact.contact_ends_ms(env.now_ms, pattern.pattern, pattern.from_min, pattern.to_min, self._zone)
        wakes = pattern.pattern == contact.WAKE
        self._busy = False
        self._weighs = False
        self._said.clear()
        self._expected = [_REGISTER] if self._host.registration_mode == 1 or not live.mode else []
        self._reads = False
        asked = reacts = False
        self._power.on()
        while live.reachable and env.now_ms < ends_ms:
            until_ms = host.waits_until_ms(
                env.now_ms,
                self._busy,
                live.online,
                wakes,
                False,
                self._heard_ms,
                0,
                self._patience_ms,
                pattern.linger_ms,
                0,
            )
            said = yield from self._next(ends_ms if self._weighs else min(ends_ms, until_ms))
            if said is not None:
                yield from self._take(said)
                reacts = reacts or isinstance(said, Urc)
                if isinstance(said, Urc) and said.type == _SUBSCRIBED and self._host.asks and not asked:
                    asked = True
                    self._expected.append(_ASK)
            elif env.now_ms >= ends_ms:
                break
            else:
                self._heard_ms = max(self._heard_ms, story.download.last_said_ms(self._w, live, env.now_ms))
                todo = host.after_silence(
                    env.now_ms, self._busy, live.online, wakes, False, self._heard_ms, self._patience_ms
                )
                if todo == host.SLEEP:
                    break
                if todo == host.GIVE_UP_UPGRADE:
                    self._busy = False
            occupied = self._busy or self._reads or self._said or self._expected
            if reacts and not occupied and self._is_settled():
                break
        if pattern.pattern != contact.ALWAYS:
            self._power.off()

    def _take(self, said: Urc | str) -> Process:
        """What was said, and what it means for how long the module is needed."""
        if isinstance(said, str):
            self._expected = [each for each in self._expected if not said.startswith(each)]
            yield self._env.timeout(self._command_ms)
            if said.startswith(_DONE_READING):
                self._reads = False
            if said.startswith(_UPDATE):
                self._busy = self._busy or (self._weighs and said == f"{_UPDATE}1")
                self._weighs = False
        elif said.type != OTA:
            return
        elif said.code == OtaCode.PLAN:
            self._weighs = not self._busy and not self._ignores()
        elif said.code == OtaCode.DOWNLOADED and said.data:
            self._reads = True
        elif said.code == OtaCode.DOWNLOAD_STARTS:
            self._busy = True
        elif said.code in (OtaCode.SUCCESS, OtaCode.FAILED):
            self._busy = said.code == OtaCode.FAILED and not self._is_settled()

    def _ignores(self) -> bool:
        """Whether this host leaves this offer unanswered, by its luck."""
        number = self._live.offers
        self._live.offers += 1
        u = float(story.body.draw(self._w, self._live, streams.IGNORE, number))
        return u < float(self._host.ignores)

    def _is_settled(self) -> bool:
        return bool(story.knowledge.settled(self._w, self._live))

    def _next(self, until_ms: int) -> Process:
        if not self._said:
            waiting = self._waiting = self._env.event()

            def give_up() -> None:
                if self._waiting is waiting:
                    self._waiting = None
                    waiting.succeed()

            if until_ms < FAR:
                self._env.call_at(until_ms, self._live.who, give_up)
            yield waiting
        return self._said.popleft() if self._said else None
