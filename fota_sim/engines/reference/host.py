"""The host's side of a device's life, top to bottom: wake up, connect, ask, decide, watch, sleep.

The host drives its module with AT commands and understands it by the lines that come back; it knows nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from fota_sim.device.fields import NONE
from fota_sim.engines.contacts import ContactParameters
from fota_sim.engines.reference.bound import rules, story
from fota_sim.engines.reference.contacts import BOOTED, PAGED, Contacts
from fota_sim.engines.reference.environment import Process
from fota_sim.engines.reference.world import Device, World
from fota_sim.protocol import wire
from fota_sim.protocol.readings import parse_cbc, parse_csq, parse_wifi_rssi
from fota_sim.protocol.reply import Echo, Final, Info, Item, RawData, ReplyReader
from fota_sim.protocol.transcript import Line
from fota_sim.protocol.urc import OTA, OtaCode, PieceReady, PlanOffer, Urc
from fota_sim.rules import codes, host, streams
from fota_sim.rules.host import UNKNOWN
from fota_sim.scenario.host import Host as HostSettings

BITS_PER_BYTE = 10
"""On a serial line: start, eight data bits, stop."""


class Host(Contacts[Urc]):
    """One host with its module."""

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
        transcript: list[Line] | None,
    ) -> None:
        super().__init__(w, live, pattern, zone, rules.delay.to_ms(settings.patience))
        self.settings = settings
        self._confirm_delay = confirm_delay
        self._at_csq = at_csq
        self._at_cbc = at_cbc
        self._transcript = transcript
        self._reader = ReplyReader()
        self._reply: list[Info | Final | RawData] = []
        self._asked = False
        self._mcu_flashes = 0

    # A contact

    def _contact(self, ends_ms: int) -> Process:
        """From power-on to sleep: connect, then follow what the module says."""
        env, live = self._env, self._live
        live.contacts += 1
        if live.first_contact_ms < 0:
            live.first_contact_ms = env.now_ms
        self._asked = False
        self._switch_on()
        if self.settings.registration_mode == 1 or not self._live.mode:
            yield from self._register()
        asks = self.settings.asks
        ask_ms = 0
        while self._live.reachable and env.now_ms < ends_ms:
            event = yield from self._next_event(min(ends_ms, self._waits_until_ms(env.now_ms, asks, ask_ms)))
            if env.now_ms >= ends_ms:
                break
            if event is not None:
                yield from self._react(event)
                if event.type == 3 and not self._asked and asks and self._live.online:
                    yield from self._ask()
                    ask_ms = env.now_ms
            else:
                todo = self._after_silence(asks)
                if todo == host.SLEEP:
                    break
                if todo == host.ASK:
                    yield from self._ask()
                if todo in (host.ASK, host.WAIT_ON):
                    ask_ms = env.now_ms
            if self._is_settled() and not self._busy and not self._inbox:
                break

    def _switch_on(self) -> None:
        story.modem.switch_on(self._w, self._live, self._env.now_ms)

    def _switch_off(self) -> None:
        story.power_off.switched_off(self._w, self._live, self._env.now_ms)

    def _register(self) -> Process:
        for part in range(self._w.module_part):
            version = self._w.parts_at[self._live.first_part + part].running
            if version != NONE:
                yield from self._say_version(part, version)
        yield from self._command(wire.register(self.settings.registration_mode))

    def _say_version(self, part: int, version: int) -> Process:
        names = self._w.names
        yield from self._command(wire.mcu_version(names.parts[part], names.versions[version]))

    def _ask(self) -> Process:
        self._asked = True
        yield from self._command(wire.request_plan(self.settings.sha256))

    def _react(self, event: Urc) -> Process:
        """Do what an event calls for."""
        if event is BOOTED:
            if not self._live.mode:
                yield from self._register()
        elif event.type != OTA:
            return
        elif event.code == OtaCode.PLAN:
            yield from self._consider(PlanOffer.from_urc(event))  # no upgrade runs, or its module would drop the plan
        elif event.code == OtaCode.DOWNLOAD_STARTS:
            self._busy = True  # also of an address that came again without a new offer
        elif event.code == OtaCode.DOWNLOADED and event.data:
            yield from self._read(PieceReady.from_urc(event))
        elif event.code in (OtaCode.SUCCESS, OtaCode.FAILED):
            self._busy = event.code == OtaCode.FAILED and self._platform_may_retry()

    def _platform_may_retry(self) -> bool:
        """After a failure the address may come again: the host keeps its module awake for a while."""
        return not self._is_settled()

    # An offer

    def _consider(self, offer: PlanOffer) -> Process:
        """Weigh an offer and answer it, after however long this host takes."""
        live, settings = self._live, self.settings
        number = live.offers
        live.offers += 1
        if live.first_offer_ms < 0:
            live.first_offer_ms = self._env.now_ms
        if self._uniform(streams.IGNORE, number) < settings.ignores_offer:
            live.refusal = codes.HOST_IGNORES
            return
        seconds = rules.delay.delay_s(self._confirm_delay, 0, self._uniform(streams.CONFIRM, number))
        until_ms = min(self._env.now_ms + rules.delay.to_ms(seconds), self._live.ends_ms)
        yield self._env.timeout(until_ms - self._env.now_ms)
        if not self._live.powered or self._env.now_ms >= self._live.ends_ms:
            return
        battery_pct = yield from self._read_battery()
        signal_dBm = yield from self._read_signal()
        decision = story.gates.host_decides(
            self._w, live, battery_pct, signal_dBm, offer.min_battery_pct, offer.min_signal_dBm
        )
        if decision == host.ACCEPT:
            accepted = yield from self._command(wire.update(1))
            if accepted:
                self._busy = True
                live.refusal = codes.NO_CAUSE
                if live.confirmed_ms < 0:
                    live.confirmed_ms = self._env.now_ms
        else:
            refused = yield from self._command(wire.update(0))
            if refused:
                live.refusals += 1
                live.refusal = rules.host.cause_of(decision)
        self._inbox = deque(event for event in self._inbox if event.type != OTA or event.code != OtaCode.PLAN)

    def _read_battery(self) -> Process:
        """Battery level in percent: from the module, or by the host's own converter where the module has no AT+CBC."""
        if not self.settings.checks_battery:
            return UNKNOWN
        if not self._at_cbc:
            return self._own_reading()
        yield from self._command(wire.BATTERY)
        readings = [parse_cbc(item.text) for item in self._reply if isinstance(item, Info)]
        return next((reading for reading in readings if reading is not None), UNKNOWN)

    def _own_reading(self) -> int:
        """The host's own converter: percent, or UNKNOWN."""
        return int(story.body.percent(self._w, self._live, self._env.now_ms))

    def _read_signal(self) -> Process:
        """Signal in dBm as the module says it, or UNKNOWN."""
        if not self.settings.checks_signal:
            return UNKNOWN
        yield from self._command(wire.SIGNAL if self._at_csq else wire.WIFI_SIGNAL)
        parse = parse_csq if self._at_csq else parse_wifi_rssi
        readings = [parse(item.text) for item in self._reply if isinstance(item, Info)]
        return next((reading for reading in readings if reading is not None), UNKNOWN)

    # The host's own software (SOTA)

    def _read(self, piece: PieceReady) -> Process:
        """Read a piece over the serial line; ask for the next, or flash the whole."""
        settings = self.settings
        at_B, end_B = piece.start, piece.start + piece.length
        if piece.start == 0:
            story.faults.file_begins(self._live)
        while self._env.now_ms < self._live.ends_ms:
            if at_B < end_B:
                n = min(settings.read_block, end_B - at_B)
                served = yield from self._command(wire.read(at_B, n))
                if not served:
                    return
                self._block_read(piece)
                line_s = n * BITS_PER_BYTE / settings.serial_rate
                yield self._env.timeout(rules.delay.to_ms(line_s + settings.read_pause))
                at_B += n
            elif end_B == piece.size_B and story.faults.reads_again(self._w, self._live):
                at_B = piece.start
            else:
                break
        else:
            return
        if end_B < piece.size_B:
            yield from self._command(wire.update(2))
            return
        if story.faults.rejects(self._w, self._live):
            part, version = story.faults.running(self._w, self._live)
            if version != NONE:
                yield from self._say_version(part, version)
            return
        if settings.says_updating:
            taken = yield from self._command(wire.update(3))
            if not taken:
                return
        yield from self._flash_itself(piece)

    def _block_read(self, _piece: PieceReady) -> None:
        """A block of the piece has come."""
        story.faults.block_read(self._w, self._live)

    def _flash_itself(self, piece: PieceReady) -> Process:
        """Write the new software and report what runs afterwards."""
        w, live = self._w, self._live
        number, component = self._mcu_flashes, live.component
        self._mcu_flashes += 1
        yield self._env.timeout(rules.delay.to_ms(piece.size_B / self.settings.mcu_flash_rate))
        if not live.powered:
            return
        fails = self._uniform(streams.MCU_FLASH, number) < self.settings.mcu_flash_failure
        part, version = story.own_software.flashed(w, live, self._env.now_ms, component, fails)
        if version != NONE:
            yield from self._say_version(part, version)

    # The serial line

    def _command(self, text: str) -> Process:
        """Send one AT command; its value is whether the module said OK. A module that is off says nothing."""
        self._reply = []
        self._note("TX", text, self._env.now_ms)
        yield from self._sent(text + "\r")
        return any(isinstance(item, Final) and item.ok for item in self._reply)

    def _sent(self, characters: str) -> Process:
        """Send, and wait until the answer has come."""
        self._live.modem.module.receive(characters)
        yield self._env.timeout(rules.delay.to_ms(self.settings.command_time))

    def hear(self, text: str, said_ms: int) -> None:
        """Characters from the module, said then or before."""
        self._note("RX", text, said_ms)
        self._take(self._reader.feed(text))

    def _take(self, items: Sequence[Item]) -> None:
        """Understand what came."""
        self._heard_ms = self._env.now_ms
        for item in items:
            if isinstance(item, Urc):
                if item.code != OtaCode.DOWNLOADING or item.type != OTA:  # of a 7,10702 only the time matters
                    self._inbox.append(item)
            elif not isinstance(item, Echo):
                self._reply.append(item)
        self._put()

    def hear_data(self, start: int, n: int) -> None:
        """File bytes from the module."""
        self._note("RX", wire.data_in_words(start, n), self._env.now_ms)
        self._reply.extend(item for item in self._reader.feed_data(start, n) if isinstance(item, RawData))

    def saw_boot(self) -> None:
        """The module's status pin says that it is up."""
        self._put(BOOTED)

    def is_paged(self) -> None:
        """The module was awake for a TAU, and something is there for it."""
        self._put(PAGED)

    def _note(self, direction: Any, text: str, at_ms: int) -> None:
        if self._transcript is not None:
            self._transcript.append(Line(at_ms, direction, text))
