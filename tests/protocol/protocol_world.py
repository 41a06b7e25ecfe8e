"""The module's surroundings for these tests: it notes what the module asks of it, and the dialogue."""

from __future__ import annotations

from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.module import Module
from fota_sim.protocol.reply import Final, RawData, ReplyReader, Urc
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import ComponentType, OtaState
from fota_sim.protocol.urc import PlanOffer, format_urc

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


class FakeWorld:
    def __init__(self, settings: OtaSettings | None = None, **identity: object) -> None:
        fields = {"component": "FC41D", "firmware_version": "FC41D_FOTA_1_0", "line": "wifi"} | identity
        fields = {"product_key": "p10000", "product_secret": "secret"} | fields
        self.wire: list[str] = []
        self.dialogue: list[str] = []
        self.calls: list[tuple] = []
        self.timers: dict[str, float] = {}
        self.downloading: tuple[str, int, int] | None = None
        self.csq_value = 20
        self.wifi_value: int | None = -52
        self.battery_value: tuple[int | None, int] = (80, 3900)
        self._reader = ReplyReader()
        self.module = Module(self, Identity(**fields), settings or OtaSettings())

    # What the module asks

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

    def connect(self) -> None:
        self.calls.append(("connect",))

    def disconnect(self) -> None:
        self.calls.append(("disconnect",))

    def request_plan(self, want_sha256: bool) -> None:
        self.calls.append(("request_plan", want_sha256))

    def report_status(self, state: OtaState, component: str) -> None:
        assert self.module.link.online
        self.calls.append(("status", int(state), component))

    def report_versions(self) -> None:
        self.calls.append(("versions", self.module.firmware_version, dict(self.module.mcu_versions)))

    def start_download(self, component: str, start: int, length: int) -> None:
        assert self.downloading is None
        self.downloading = (component, start, length)
        self.calls.append(("download", component, start, length))

    def stop_download(self) -> None:
        self.downloading = None

    def start_timer(self, name: str, seconds: float) -> None:
        self.timers[name] = seconds
        assert len(self.timers) == 1

    def stop_timer(self, name: str) -> None:
        del self.timers[name]

    def flash(self) -> None:
        self.calls.append(("flash",))

    def reboot(self) -> None:
        self.calls.append(("reboot",))

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

    def quiet(self) -> FakeWorld:
        self.dialogue.clear()
        self.wire.clear()
        self.calls.clear()
        return self

    def ring(self, name: str) -> None:
        """Let a timer run out that must be running."""
        del self.timers[name]
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
            self.module.firmware_version = firmware_version
        self.module.power_on()


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
