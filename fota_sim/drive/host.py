"""The scenario's host on a real line: what it says and decides is the reference engine's; only the line is another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import md5
from typing import Any

from fota_sim.engines.contacts import ContactParameters
from fota_sim.engines.reference.environment import Process
from fota_sim.engines.reference.host import Host
from fota_sim.engines.reference.world import Device, World
from fota_sim.protocol import wire
from fota_sim.protocol.reply import Echo, Final, Info, Item, RawData
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.urc import OTA, DownloadStart, OtaCode, PieceReady, PlanOffer, Urc, UrcError, format_urc
from fota_sim.rules import contact
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.zone import FAR
from fota_sim.scenario.host import Host as HostSettings

ANSWER_MS = 5_000
"""How long an answer is waited for [A]; the vendor's manual allows 300 ms, and serial bridges add their own."""
_STARTED = ("RDY", "APP RDY", "ready")
"""Lines by which modules say that they have started."""
_ANSWERS = "AT+QIOTUPDATE="
_SUBSCRIBED = Urc(3, 10200)
SUBSCRIBED_STATE = 8
"""Answer of AT+QIOTSTATE? of a module that is connected."""


class DrivenHost(Host):
    """A host whose module is at the end of a port.

    It knows of its device only what the module says: ``live`` is the record that the story's rules read, and what a
    simulated module would be is taken from the lines that come.
    """

    def __init__(
        self,
        w: World,
        live: Device,
        settings: HostSettings,
        confirm_delay: Any,
        pattern: ContactParameters,
        zone: Any,
        at_csq: bool,
        at_cbc: bool,
        *,
        send: Callable[[str], None],
        tell: Callable[[Line], None],
        answers_offers: bool,
        battery_pct: int | None,
        linger_ms: int,
    ) -> None:
        """Take a port's place for the module's.

        Args:
            w: the run that ``live`` is in; of it names, rules and luck are used.
            live: the device that this host belongs to.
            settings: as the scenario has the host.
            confirm_delay: the law of its answer to an offer, as a row.
            pattern: how it is in contact; here it is, from the beginning.
            zone: its time zone.
            at_csq: whether its module has AT+CSQ.
            at_cbc: whether it has AT+CBC.
            send: writes characters to the port.
            tell: takes a line of the dialogue, when it is said.
            answers_offers: whether it may say AT+QIOTUPDATE to the module; if not, it stops where it would.
            battery_pct: what its own converter reads, where the module has no AT+CBC; None: nothing.
            linger_ms: how long it listens after a result.

        """
        always = pattern.pattern == contact.DAILY  # its hours are of a simulated day
        pattern = replace(pattern, pattern=contact.ALWAYS) if always else pattern
        super().__init__(w, live, settings, confirm_delay, pattern, zone, at_csq, at_cbc, None)
        self._send = send
        self._tell = tell
        self._answers_offers = answers_offers
        self._battery_pct = battery_pct
        self._linger_ms = linger_ms
        self._updating = False
        self._file = bytearray()
        self._md5 = ""
        self.offer: PlanOffer | None = None
        """The last offer."""
        self.result: int | None = None
        """Code of the result: 7,10705 or 7,10706."""
        self.would_say = ""
        """What it did not say, for it may not answer offers."""
        self.complaint = ""
        """Why it cannot go on."""
        self.over_ms = FAR
        """When nothing more is waited for."""
        live.powered = True

    def begin(self, connection: int) -> None:
        """Begin its one contact, with a module in this state of its connection."""
        if connection == SUBSCRIBED_STATE:
            self._live.online = True
            self._already = True
        else:
            self._already = False
        self.start()

    # The host's life

    def _contacts(self) -> Process:
        yield from self._awake()
        self.over_ms = min(self.over_ms, self._env.now_ms)

    def _switch_on(self) -> None:
        """It is on; and if it is connected already, it will not say so once more."""
        if self._already:
            self._inbox.append(_SUBSCRIBED)

    def _switch_off(self) -> None:
        """Whoever attached it does that."""

    def _is_settled(self) -> bool:
        return False  # over_ms says when

    def _own_reading(self) -> int:
        return UNKNOWN if self._battery_pct is None else self._battery_pct

    def _block_read(self, piece: PieceReady) -> None:
        """Keep the block; with the last one, hold the file against its checksum."""
        for item in self._reply:
            if isinstance(item, RawData) and item.data is not None:
                del self._file[item.start :]
                self._file += item.data.encode("latin-1")
        if len(self._file) == piece.size_B:
            found = md5(bytes(self._file), usedforsecurity=False).hexdigest()
            self._live.garbled = bool(self._md5) and found != self._md5
            verdict = "its checksum is wrong" if self._live.garbled else "its checksum is right"
            self._remark(f"{piece.size_B} bytes of {piece.component} read; {verdict}")

    @property
    def file(self) -> bytes:
        """What was read of the host's own new software."""
        return bytes(self._file)

    # The line

    def _command(self, text: str) -> Process:
        if text.startswith(_ANSWERS) and text[-1] in "01" and not self._answers_offers:
            self.would_say = text
            self.over_ms = self._env.now_ms
            self._remark(f"not said: {text}")
            return False
        ok = yield from super()._command(text)
        answered = any(isinstance(item, Final) for item in self._reply)
        if not answered:
            self._remark(f"no answer to {text} within {ANSWER_MS / 1000:g} s")
        if text.startswith("AT+QIOTREG="):
            self._live.mode = int(text[-1]) if ok else 0
            if not ok:
                why = "refused it" if answered else "did not answer"
                self.complaint = f"{text}: the module {why}; are product key, secret and server set (AT+QIOTCFG)?"
                self.over_ms = self._env.now_ms
        return ok

    def _sent(self, characters: str) -> Process:
        """Send, and wait for the result."""
        self._send(characters)
        until_ms = self._env.now_ms + ANSWER_MS
        while not any(isinstance(item, Final) for item in self._reply) and self._env.now_ms < until_ms:
            self._answered = self._env.event()
            waiting = self._answered

            def give_up(waiting: Any = waiting) -> None:
                if not waiting.triggered:
                    waiting.succeed()

            self._env.call_at(until_ms, self._live.who, give_up)
            yield waiting

    def hear(self, text: str, said_ms: int) -> None:
        """Characters from the port, in any pieces."""
        for item in self._reader.feed(text):
            self._note("RX", _words(item), said_ms)
            self._learn(item)
            self._take((item,))

    def _take(self, items: Sequence[Item]) -> None:
        super()._take(items)
        waiting = self._answered
        if waiting is not None and not waiting.triggered and any(isinstance(item, Final) for item in self._reply):
            self._answered = None
            waiting.succeed()

    _answered: Any = None
    _already = False

    def _learn(self, item: Item) -> None:
        """What the line says of the device."""
        live = self._live
        if isinstance(item, Info) and item.text in _STARTED:
            self._started_anew()
        if not isinstance(item, Urc):
            return
        if item.type == 3:
            live.online = item.code == 10200
        elif item.type in (2, 6) and item.code != 10200:
            live.online = False
        elif item.type == OTA:
            self._learn_of_upgrade(item)

    def _learn_of_upgrade(self, urc: Urc) -> None:
        live = self._live
        try:
            if urc.code == OtaCode.PLAN:
                self.offer = PlanOffer.from_urc(urc)
                self._is_about(self.offer.component)
            elif urc.code == OtaCode.DOWNLOAD_STARTS and urc.data:
                start = DownloadStart.from_urc(urc)
                self._md5 = start.md5.lower()
                self._file.clear()
                self._is_about(start.component)
            elif urc.code == OtaCode.DOWNLOADED and urc.data:
                live.piece_start_B = PieceReady.from_urc(urc).start
        except UrcError as error:
            self._remark(f"not understood: {error}")
        if urc.code in (OtaCode.SUCCESS, OtaCode.FAILED):
            if self._updating:
                self._started_anew()
            self.result = urc.code
            self.over_ms = self._env.now_ms + self._linger_ms
        elif urc.code == OtaCode.UPDATING:
            self._updating = live.component >= 0 and not self._w.components_at[live.component].mcu
        if urc.code in (OtaCode.DOWNLOAD_STARTS, OtaCode.DOWNLOADING):
            self.over_ms = FAR  # the platform tries once more

    def _is_about(self, component: str) -> None:
        """The component that is upgraded, if the plan of the scenario has it."""
        plan = self._w.words.plan.components
        found = [number for number, each in enumerate(plan) if each.identifier == component]
        if found:
            self._live.component = found[0]
        else:
            self._remark(f"the scenario's plan has no component {component}")

    def _started_anew(self) -> None:
        """The module has started: a manual registration is gone."""
        self._updating = False
        self._live.online = False
        if self.settings.registration_mode == 1:
            self._live.mode = 0
        self.saw_boot()

    def _remark(self, text: str) -> None:
        self._tell(Line(self._env.now_ms, "--", text))

    def _note(self, direction: Any, text: str, at_ms: int) -> None:
        self._tell(Line(at_ms, direction, text))


def _words(item: Item) -> str:
    """An item as a line of the dialogue."""
    if isinstance(item, Urc):
        return format_urc(*item)
    if isinstance(item, RawData):
        return wire.data_in_words(item.start, item.n)
    assert isinstance(item, Echo | Info | Final)
    return item.text
