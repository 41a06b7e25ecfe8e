"""The power switch as the scenario's host handles it: a module is woken for its contacts, and let sleep after them.

The client is the host; but what it says goes over the serial line, and the switch is not on it. So this follows the
line from outside, and keeps the module awake as long as the scenario's host would: by its contact pattern, its linger
and its patience. Like a host it looks at nothing else while it weighs an offer, reads its file or writes it: what the
module says meanwhile it learns afterwards.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from fota_sim.emulate.power import Power
from fota_sim.engines.reference.bound import rules
from fota_sim.engines.reference.contacts import BOOTED, PAGED, Contacts
from fota_sim.engines.reference.environment import Process
from fota_sim.engines.reference.host import BITS_PER_BYTE
from fota_sim.engines.reference.world import Device, World
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.urc import OTA, OtaCode, PieceReady, Urc, UrcError, parse_urc
from fota_sim.rules import host, streams
from fota_sim.rules.delay import to_ms

_REGISTER, _ASK, _ANSWER, _VERSION = "+QIOTREG=", "+QIOTOTAREQ", "+QIOTUPDATE=", "+QIOTMCUVER="
_READ = re.compile(r"\+QIOTOTARD=([0-9]+),([0-9]+)")
_REFUSED, _ACCEPTED, _READ_ALL, _WRITES = "0", "1", "2", "3"
_SUBSCRIBED = 3
"""Type of the event after which a host asks."""
_AFTER_MS = 1
"""How long after its time a client's word is waited for: it comes after all else that happens in its millisecond."""

_MOST_TOLD = 1000
"""What waits to be looked at, a command each command time: of a client that floods, the rest is not. [A] assumption."""


@dataclass(eq=False)
class Command:
    """A line that the client has said."""

    text: str
    ok: bool | None = None
    """Whether the module took it; None until it has said."""

    def answers_offer(self) -> str:
        """The number behind AT+QIOTUPDATE; empty if it is none."""
        return self.text.partition(_ANSWER)[2][:1]


class Board(Contacts[Urc | Command]):
    """Switches one module on and off."""

    def __init__(self, w: World, live: Device, power: Power) -> None:
        self._host = w.hosts_at[live.host]
        super().__init__(w, live, w.contacts_at[live.contact], w.zones_at[live.zone], int(self._host.patience_ms))
        self._power = power
        self._command_ms = int(self._host.command_ms)
        self._last = Command("")
        self._hears_commands_only = False
        self._late_ms = 0
        """How much later than this host what is in the inbox is looked at."""
        self._expected: set[str] = set()
        """Commands that this host says in a contact even if nothing is left to upgrade."""

    # What is heard

    def hear(self, line: Line) -> None:
        """A line of the dialogue."""
        if line.direction == "TX":
            self._last = Command(line.text.upper())
            if len(self._inbox) < _MOST_TOLD:
                self._put(self._last)
            return
        self._heard_ms = self._env.now_ms
        said = line.text.split("\r\n")
        if self._last.ok is None and (ends := [text for text in said if text == "OK" or "ERROR" in text]):
            self._last.ok = ends[0] == "OK"
        self._put(*(urc for urc in map(_understood, said) if urc is not None))

    def saw_boot(self) -> None:
        """The module's status pin says that it is up."""
        self._put(BOOTED)

    def is_paged(self) -> None:
        """The module was awake for a TAU, and something is there for it."""
        self._put(PAGED)

    # A contact

    def _contact(self, ends_ms: int) -> Process:
        env, live = self._env, self._live
        self._expected = {_REGISTER} if self._host.registration_mode == 1 or not live.mode else set()
        asked = reacts = False
        self._power.on()
        while live.reachable and env.now_ms < ends_ms:
            if self._inbox:
                told = self._inbox.popleft()
            else:
                since_ms, self._late_ms = env.now_ms - self._late_ms, 0
                told = yield from self._next_event(min(ends_ms, self._waits_until_ms(since_ms, False, 0)))
            if env.now_ms >= ends_ms:
                break
            if told is not None:
                yield from self._take(told, ends_ms)
                reacts = reacts or isinstance(told, Urc)
                if isinstance(told, Urc) and told.type == _SUBSCRIBED and self._host.asks and not asked and live.online:
                    asked = True
                    self._expected.add(_ASK)
            elif self._after_silence(False) == host.SLEEP:
                break
            else:
                reacts = True
            if reacts and not (self._busy or self._inbox or self._expected) and self._is_settled():
                break

    def _switch_off(self) -> None:
        self._power.off()

    def _take(self, told: Urc | Command, ends_ms: int) -> Process:
        """What was said, and what it means for how long the module is needed."""
        if isinstance(told, Command):
            yield from self._said(told)
            self._busy = self._busy or (told.answers_offer() == _ACCEPTED and bool(told.ok))
        elif told is BOOTED:
            if not self._live.mode:
                self._expected.add(_REGISTER)
        elif told.type != OTA:
            return
        elif told.code == OtaCode.PLAN:
            if not self._ignores():
                yield from self._weigh(ends_ms)
        elif told.code == OtaCode.DOWNLOADED and told.data:
            yield from self._read(PieceReady.from_urc(told), ends_ms)
        elif told.code == OtaCode.DOWNLOAD_STARTS:
            self._busy = True
        elif told.code in (OtaCode.SUCCESS, OtaCode.FAILED):
            self._busy = told.code == OtaCode.FAILED and not self._is_settled()

    def _said(self, command: Command) -> Process:
        """A host waits for the answer of its command."""
        self._expected = {each for each in self._expected if each not in command.text}
        yield self._env.timeout(self._command_ms)

    def _next_command(self, until_ms: int) -> Process:
        """The next command of the client, or None when there is none before ``until_ms``; what else is told waits."""
        command = self._waiting_command()
        if command is None and self._env.now_ms < until_ms:
            self._hears_commands_only = True
            yield self._arrives(until_ms, self._env.happens_next)  # a host sleeps that long, and is there at once
            self._hears_commands_only = False
            command = self._waiting_command()
        if command is not None:
            self._inbox.remove(command)
        return command

    def _waiting_command(self) -> Command | None:
        return next((told for told in self._inbox if isinstance(told, Command)), None)

    def _put(self, *told: Urc | Command) -> None:
        if self._hears_commands_only and not any(isinstance(each, Command) for each in told):
            self._inbox.extend(told)
        else:
            super()._put(*told)

    # What a host is busy with

    def _ignores(self) -> bool:
        """Whether this host leaves this offer unanswered, by its luck."""
        number = self._live.offers
        self._live.offers += 1
        return self._uniform(streams.IGNORE, number) < float(self._host.ignores)

    def _weigh(self, ends_ms: int) -> Process:
        """An offer waits for its answer; it is void if the module is off when this host would answer."""
        live, env = self._live, self._env
        seconds = rules.delay.delay_s(
            self._w.host_delays_at[live.host], 0, self._uniform(streams.CONFIRM, live.offers - 1)
        )
        due_ms = min(env.now_ms + to_ms(seconds), ends_ms)
        while True:
            command = yield from self._next_command(due_ms if env.now_ms < due_ms else ends_ms)
            if command is None:
                if env.now_ms >= ends_ms or not live.powered:
                    return
                continue
            yield from self._said(command)
            if command.answers_offer() in (_REFUSED, _ACCEPTED):
                self._busy = command.answers_offer() == _ACCEPTED and bool(command.ok)
                break
        self._inbox = deque(told for told in self._inbox if not _is_offer(told))

    def _read(self, piece: PieceReady, ends_ms: int) -> Process:
        """The client reads a piece of its file, and after the last one writes the whole."""
        env, settings = self._env, self._host
        due_ms = env.now_ms  # when this host has something to say next
        writes = False
        while True:
            listens_ms = due_ms + _AFTER_MS if writes else max(due_ms, min(ends_ms, due_ms + self._patience_ms))
            command = yield from self._next_command(listens_ms)
            if command is None:
                self._late_ms = _AFTER_MS if writes else 0
                return
            read, answer = _READ.search(command.text), command.answers_offer()
            tells = _VERSION in command.text
            if writes and env.now_ms >= due_ms and not (read or answer or tells):
                self._inbox.appendleft(command)  # it has begun something else
                return
            yield from self._said(command)
            if tells or answer == _READ_ALL or ((read or answer) and not command.ok):
                return
            if read:
                start, n = int(read[1]), int(read[2])
                due_ms = env.now_ms + to_ms(n * BITS_PER_BYTE / settings.serial_rate + settings.read_pause_s)
                writes = start + n == piece.size_B and due_ms < ends_ms
                if writes:
                    due_ms += to_ms(piece.size_B / settings.mcu_flash_Bps)
            elif answer == _WRITES:
                due_ms = env.now_ms + to_ms(piece.size_B / settings.mcu_flash_Bps)


def _understood(text: str) -> Urc | None:
    """A URC that a host acts on; None for another text, and for one of which only the time matters."""
    try:
        urc = parse_urc(text)
    except UrcError:
        return None
    return None if (urc.type, urc.code) == (OTA, OtaCode.DOWNLOADING) else urc


def _is_offer(told: Urc | Command) -> bool:
    return isinstance(told, Urc) and (told.type, told.code) == (OTA, OtaCode.PLAN)
