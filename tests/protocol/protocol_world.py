"""The module's surroundings for these tests: they note what the module asks of them, and the dialogue."""

from __future__ import annotations

from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

from fota_sim.device import events as e
from fota_sim.device import fields, port
from fota_sim.device.bind import Story
from fota_sim.device.fields import NONE
from fota_sim.device.records import plain
from fota_sim.protocol import wire
from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.module import Module
from fota_sim.protocol.reply import Final, RawData, ReplyReader, Urc
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import ComponentType, OtaState
from fota_sim.protocol.urc import OTA, DownloadStart, OtaCode, PieceReady, PlanOffer, format_urc
from fota_sim.rules import codes, ota, rows
from fota_sim.rules.delay import to_ms

MODULE, MCU = ComponentType.MODULE, ComponentType.MCU

SEED_OFFER = PlanOffer("FC41D", "FC41D_FOTA_1_0", "FC41D_FOTA_2_0", 30, -113, 22536)
SEED_INFO = FirmwareInfo("FC41D", 22536, "0123456789abcdef0123456789abcdef", 305419896, "ab" * 32)

STM32_OFFER = PlanOffer("STM32", "", "2_0_0", 30, -113, 27954)
STM32_INFO = FirmwareInfo(
    "STM32",
    27954,
    "95cbdeb4faeda4322ad9b65eb731ed2b",
    4022793929,
    "2bb534d576fb307f049a149787afab2382ebb8605467acfc2c05a2e67677e094",
)


_TIMERS = {e.URL_TIMER: "url", e.READ_TIMER: "read", e.FLASH_TIMER: "flash", e.MCU_TIMER: "mcu"}
_LINES = {
    e.URC_DOWNLOADING: OtaCode.DOWNLOADING,
    e.URC_STARTS: OtaCode.DOWNLOAD_STARTS,
    e.URC_DOWNLOADED: OtaCode.DOWNLOADED,
    e.URC_UPDATING: OtaCode.UPDATING,
    e.URC_SUCCESS: OtaCode.SUCCESS,
    e.URC_FAILED: OtaCode.FAILED,
    e.URC_DECIDED: OtaCode.DECIDED,
}
_QINDS = ("none", "before_success", "after_success")
_Live: Any = plain("Live", fields.LIVE)
_Part: Any = plain("Part", fields.PART)
_Component: Any = plain("Component", fields.COMPONENT)


class FakeWorld:
    """A module without physics: its upgrade and its connection are the story's; a test plays what is around them."""

    def __init__(self, settings: OtaSettings | None = None, **identity: object) -> None:
        described = {"component": "FC41D", "firmware_version": "FC41D_FOTA_1_0", "line": "wifi"} | identity
        described = {"product_key": "p10000", "product_secret": "secret"} | described
        self.wire: list[str] = []
        self.dialogue: list[str] = []
        self.calls: list[tuple] = []
        self._timers: dict[str, float] = {}
        self.downloading: tuple[str, int, int] | None = None
        self.answers_at_once = False
        """Whether the platform answers a registration before the module's call returns."""
        self.csq_value = 20
        self.wifi_value: int | None = -52
        self.battery_value: tuple[int | None, int] = (80, 3900)
        self.service = True
        self.cell = 17
        self.rsrp_value: int | None = -95
        self.later: list[tuple[float, Any]] = []
        """What was asked to be done after so many seconds, and when."""
        self._reader = ReplyReader()
        told = Identity(**described)
        self.settings = settings or OtaSettings()
        self.names = [told.component]  # of components, each one of the device's parts, the module's first
        self.offers: list[PlanOffer | None] = [None]
        self.infos: list[FirmwareInfo | None] = [None]
        self.types: dict[str, ComponentType] = {}
        self.versions = [told.firmware_version]
        self.parts_at = [_Part(running=0)]
        self.components_at = [_Component(target=NONE)]
        self.w = SimpleNamespace(
            world=self,
            module_part=0,
            parts=1,
            components=1,
            plan_state=0,
            refusals_count=self.settings.refusal_counts,
            urc_faults=False,
            max_failures=self.settings.max_download_failures,
            qind=_QINDS.index(self.settings.qind),
            before_reboot=self.settings.success_urc == "before_reboot",
            reports_before_reboot=self.settings.success_report == "before_reboot",
            announce=self.settings.announce_decision,
            url_ms=to_ms(self.settings.url_timeout_s),
            read_ms=to_ms(self.settings.read_timeout_s),
            flash_delay_ms=to_ms(self.settings.flash_delay_s),
            mcu_ms=to_ms(self.settings.mcu_update_timeout_s),
            module_flags_at=[SimpleNamespace(free_flash_B=told.free_flash_B)],
        )
        self.live = _Live(mains=True)
        self.module = ModuleUnderTest(self, Module(self, told, self.settings))

    # What the command line asks

    def write(self, text: str) -> None:
        self.wire.append(text)
        for item in self._reader.feed(text):
            self.dialogue.append("[RX]" + (format_urc(*item) if isinstance(item, Urc) else item.text))

    def write_data(self, start: int, n: int) -> None:
        (data,) = self._reader.feed_data(start, n)
        assert isinstance(data, RawData)
        self.dialogue.append(f"[RX]<{n} bytes from {start}>")

    def csq(self) -> int:
        return self.csq_value

    def wifi_rssi_dBm(self) -> int | None:
        return self.wifi_value

    def battery(self) -> tuple[int | None, int]:
        return self.battery_value

    def rsrp_dBm(self) -> int | None:
        return self.rsrp_value

    @property
    def in_service(self) -> bool:
        return self.service and self.module.functionality == 1

    @property
    def firmware_version(self) -> str:
        return self.versions[self.parts_at[0].running]

    @property
    def mode(self) -> int:
        return self.live.mode

    @property
    def online(self) -> bool:
        return self.live.online

    @property
    def flashing(self) -> bool:
        return self.live.flash != STORY.ota.IDLE

    def register(self, mode: int) -> None:
        before = self.live.mode
        STORY.link.register(self.w, self.live, 0, mode)
        if before and not mode:
            self.calls.append(("disconnect",))
            if self.answers_at_once:
                self.module.deregistered()

    def request_plan(self, want_sha256: bool) -> None:
        self.live.wants_sha256 = want_sha256
        self.calls.append(("request_plan", want_sha256))

    def request_over_http(self, battery_pct: int) -> None:
        self.calls.append(("request_over_http", battery_pct))

    def radio(self, on: bool) -> None:
        self.calls.append(("radio", on))

    def switch_off(self) -> None:
        self.calls.append(("switch_off",))
        self.module.power_off()

    def after(self, seconds: float, then: Any) -> None:
        self.later.append((seconds, then))

    def report_versions(self) -> None:
        self.calls.append(("versions", self.firmware_version, dict(self.module.mcu_versions)))

    def allows(self, action: int) -> bool:
        return STORY.ota.allows(self.w, self.live, action)

    def act(self, action: int) -> None:
        STORY.ota.act(self.w, self.live, 0, action)

    def readable_B(self, start: int, length: int) -> int:
        return STORY.ota.readable_B(self.live, start, length)

    def was_read(self) -> None:
        STORY.ota.was_read(self.w, self.live, 0)

    def mcu_version_set(self, component: str, version: str) -> None:
        number = self.number_of(component)
        STORY.ota.mcu_version_set(self.w, self.live, 0, number, self.version_of(version))

    def reboot(self) -> None:
        self.calls.append(("reboot",))

    # Numbers for names

    def number_of(self, component: str) -> int:
        """The number of a component, which is that of its part as well; a new one if it is not known."""
        if component not in self.names:
            self.names.append(component)
            self.offers.append(None)
            self.infos.append(None)
            self.parts_at.append(_Part())
            self.components_at.append(_Component(part=len(self.names) - 1, target=NONE, mcu=True))
            self.w.components = len(self.names)
        return self.names.index(component)

    def version_of(self, version: str) -> int:
        if version not in self.versions:
            self.versions.append(version)
        return self.versions.index(version)

    # What the story asks

    def status(self, state: int, component: int) -> None:
        assert self.live.online
        self.calls.append(("status", int(state), self.names[component]))

    def says(self, what: int, a: int, b: int) -> None:
        if what == e.QIND:
            self.module.send(wire.FLASHED)
        elif what == e.URC_LOST:
            self.module.lost(10474)
        elif what in (e.URC_REGISTERED, e.URC_SUBSCRIBED):
            if what == e.URC_REGISTERED:
                self.module.authenticates()
            self.module.send(format_urc(2 if what == e.URC_REGISTERED else 3, 10200))
        elif what == e.URC_PLAN:
            self.module.send(self.offers[a].line())
        elif what == e.URC_STARTS_MCU:
            info = self.infos[a]
            self.module.send(
                DownloadStart(info.component, info.size_B, info.md5, info.crc32, info.sha256 if b else "").line()
            )
        elif what == e.URC_PIECE:
            size_B = self.components_at[a].size_B
            self.module.send(PieceReady(self.names[a], size_B, b >> e.EXTENT_BITS, b & e.EXTENT).line())
        else:
            self.module.send(format_urc(OTA, _LINES[what]))

    def begins(self, kind: int) -> None:
        self.calls.append(("connect",) if kind == e.CONNECT_BEGINS else ("flash",))
        if kind == e.CONNECT_BEGINS and self.answers_at_once:
            self.module.connected()

    def starts_download(self, start: int, length: int) -> None:
        assert self.downloading is None
        self.downloading = (self.names[self.live.saved_component], start, length)
        self.calls.append(("download", *self.downloading))

    def stops_download(self) -> None:
        self.downloading = None

    def starts_timer(self, timer: int, lasts_ms: int) -> None:
        self.live.timer = timer
        self.live.timer_on = True
        self._timers = {_TIMERS[timer]: lasts_ms / 1000.0}

    @property
    def timers(self) -> dict[str, float]:
        """Seconds of the timer that runs, if one does."""
        if not self.live.timer_on:
            self._timers.clear()
        return self._timers

    # What a test does

    def say(self, line: str, end: str = "\r") -> list[str]:
        """Send a line from the host; returns what came back, without the echo."""
        before = len(self.dialogue) + 1
        self.dialogue.append("[TX]" + line)
        self.module.receive(line + end)
        heard = [text.removeprefix("[RX]") for text in self.dialogue[before:]]
        return [text for text in heard if text != line]

    def hear(self) -> list[str]:
        """The lines that came since the last time, of every kind."""
        heard = [text.removeprefix("[RX]") for text in self.dialogue if text.startswith("[RX]")]
        self.dialogue.clear()
        return heard

    def statuses(self) -> list[int]:
        return [call[1] for call in self.calls if call[0] == "status"]

    def start(self, *, connected: bool = True, echo: bool = False) -> FakeWorld:
        """Power on and, unless told otherwise, connect with mode 1; then forget what was said."""
        self.module.power_on()
        if not echo:
            self.say("ATE0")
        if connected:
            self.say("AT+QIOTREG=1")
            self.module.connected()
        return self.quiet()

    def pass_time(self, seconds: float) -> None:
        """Do what was to be done within so many seconds, in order."""
        due = sorted((each for each in self.later if each[0] <= seconds), key=lambda each: each[0])
        self.later = [(at - seconds, then) for at, then in self.later if at > seconds]
        for _, then in due:
            then()

    def quiet(self) -> FakeWorld:
        self.dialogue.clear()
        self.wire.clear()
        self.calls.clear()
        return self

    def ring(self, name: str) -> None:
        """Let a timer run out that must be running."""
        assert name in self.timers
        self.module.timer(name)

    def finish_download(self) -> None:
        assert self.downloading is not None
        self.downloading = None
        self.module.piece_downloaded()

    def break_download(self) -> None:
        assert self.downloading is not None
        self.downloading = None
        self.module.download_failed()

    def power_cycle(self, firmware_version: str | None = None) -> None:
        self.module.power_off()
        assert not self.timers
        assert self.downloading is None
        if firmware_version is not None:
            self.parts_at[0].running = self.version_of(firmware_version)
        self.module.power_on()


class ModuleUnderTest:
    """What can happen to a module, an input for each."""

    def __init__(self, world: FakeWorld, line: Module) -> None:
        self._world = world
        self.line = line

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)

    @property
    def state(self) -> OtaState:
        return OtaState(self._world.live.state)

    @property
    def last_error(self) -> int:
        return self._world.live.last_error

    @property
    def download_failures(self) -> int:
        return self._world.live.failures

    @property
    def firmware_version(self) -> str:
        return self._world.firmware_version

    @property
    def online(self) -> bool:
        return self._world.live.online

    def power_on(self) -> None:
        STORY.modem.switch_on(self._world.w, self._world.live, 0)

    def power_off(self) -> None:
        STORY.modem.switch_off(self._world.w, self._world.live, 0)

    def connected(self, first: bool = False) -> None:
        live = self._world.live
        if live.powered and live.mode and not live.online:
            if first:
                self.line.has_device_secret = False
            STORY.link.connect_ends(self._world.w, live, 0, live.run, True)

    def connection_lost(self, code: int = 10474) -> None:
        live = self._world.live
        if live.powered and live.mode:
            live.online = False
            self.line.lost(code)

    def plan(self, offers: list[PlanOffer], types: list[ComponentType]) -> bool:
        world, live = self._world, self._world.live
        mask = 0
        for offer, kind in zip(offers, types, strict=True):
            number = world.number_of(offer.component)
            world.offers[number] = offer
            world.types[offer.component] = kind
            component = world.components_at[number]
            component.target, component.mcu = world.version_of(offer.target_version), kind is MCU
            mask |= 1 << number
        taken = live.powered and mask != 0 and ota.takes_plan(live.state)
        STORY.ota.plan_arrives(world.w, live, 0, mask)
        return taken

    def firmware_info(self, info: FirmwareInfo) -> bool:
        world = self._world
        kind = info.type if info.type is not None else world.types.get(info.component)
        number = world.number_of(info.component)
        component = world.components_at[number]
        component.size_B = info.size_B
        if info.target_version:
            component.target = world.version_of(info.target_version)
        usable = [kind is not None and info.is_valid(wants_sha256=wants) for wants in (False, True)]
        component.usable = 5 * (usable[0] | usable[1] << 1)  # whatever the platform meant to send
        component.mcu = kind is MCU
        world.infos[number] = info
        return STORY.ota.address_arrives(world.w, world.live, 0, number, 1 if info.sha256 else 0)

    def progress(self) -> None:
        STORY.ota.progress(self._world.w, self._world.live, 0, 0)

    def piece_downloaded(self) -> None:
        STORY.ota.piece_downloaded(self._world.w, self._world.live, 0)

    def download_failed(self) -> None:
        STORY.ota.download_failed(self._world.w, self._world.live, 0, codes.DOWNLOAD_BROKE)

    def timer(self, name: str) -> None:
        live = self._world.live
        if live.powered and name in self._world.timers:
            live.timer_on = False
            STORY.happens.timer_rang(self._world.w, live, 0)

    def flash_done(self, ok: bool) -> None:
        cause = codes.NO_CAUSE if ok else codes.VERIFICATION_FAILED
        STORY.ota.flash_done(self._world.w, self._world.live, 0, cause)


def _bound() -> Story:
    """The story where nothing but the module's own part is played: the rest is what a test says."""

    def unplayed(*_: object) -> Any:
        raise AssertionError("not a part of the module")

    ports = {name: unplayed for name, value in vars(port).items() if isinstance(value, FunctionType) and name[0] != "_"}
    ports |= {
        "component_at": lambda w, row: w.world.components_at[row],
        "part_at": lambda w, row: w.world.parts_at[row],
        "module_at": lambda w, row: w.module_flags_at[row],
        "contact_at": lambda _w, _row: SimpleNamespace(sleeps=False, tau_ms=0),
        "module_row": lambda _w, _row: np.zeros(rows.MODULE_ROW),
        "begin": lambda w, _live, _now_ms, kind, _a, _b: w.world.begins(kind),
        "start_timer": lambda w, _live, _now_ms, timer, lasts_ms: w.world.starts_timer(timer, lasts_ms),
        "powers_up": lambda w, _live: w.world.module.line.power_on(),
        "powers_down": lambda w, _live: w.world.module.line.power_off(),
        "say": lambda w, _live, _now_ms, _said_ms, what, a, b: w.world.says(what, a, b),
        "tell": lambda w, _live, _now_ms, what, _urc, a, b: w.world.says(what, a, b),
    }
    story = Story("tests", ports, make=lambda function: function)
    platform = SimpleNamespace(
        heard=lambda w, _live, _now_ms: w.world.report_versions(),
        goes_on=lambda _w, _live, _now_ms: None,
        status=lambda w, _live, _now_ms, state, component, _said_ms: w.world.status(state, component),
    )
    story.link.platform = story.reports.platform = platform
    story.ota.start_fetch = lambda w, _live, _now_ms, start_B, length_B: w.world.starts_download(start_B, length_B)
    story.ota.stop_fetch = lambda w, _live, _now_ms: w.world.stops_download()
    return story


STORY = _bound()


def finals(world: FakeWorld) -> list[bool]:
    """Every OK (True) and ERROR (False) on the wire, in order."""
    items = ReplyReader().feed("".join(world.wire))
    return [item.ok for item in items if isinstance(item, Final)]


def ready_for_module(settings: OtaSettings | None = None, **identity: object) -> FakeWorld:
    """Connected, and the seed's plan is offered."""
    world = FakeWorld(settings, **identity).start()
    world.module.plan([SEED_OFFER], [MODULE])
    return world.quiet()


def ready_for_mcu(settings: OtaSettings | None = None, **identity: object) -> FakeWorld:
    """Connected, STM32 runs 1_0_0, a plan with SHA-256 is offered."""
    world = FakeWorld(settings, **identity).start()
    world.say('AT+QIOTMCUVER="STM32","1_0_0"')
    world.say("AT+QIOTOTAREQ=1")
    world.module.plan([STM32_OFFER], [MCU])
    return world.quiet()


def downloaded_mcu(settings: OtaSettings | None = None, **identity: object) -> FakeWorld:
    """The (first) piece of STM32's file waits to be read."""
    world = ready_for_mcu(settings, **identity)
    world.say("AT+QIOTUPDATE=1")
    world.module.firmware_info(STM32_INFO)
    world.finish_download()
    return world.quiet()
