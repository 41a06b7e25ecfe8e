"""The text side of a module in the field: what its command line asks, the story answers."""

from __future__ import annotations

from collections.abc import Callable

from fota_sim.engines.reference.bound import rules, story
from fota_sim.engines.reference.world import Device, World
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.module import Module
from fota_sim.protocol.power import FULL
from fota_sim.protocol.settings import OtaSettings
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.rows import RSRP_OFFSET_DB


class Modem:
    """One module: implements :class:`fota_sim.protocol.world.World` with the device's story."""

    def __init__(self, w: World, live: Device, identity: Identity, settings: OtaSettings) -> None:
        self._w = w
        self._live = live
        self.module = Module(self, identity, settings)

    @property
    def firmware_version(self) -> str:
        """World: the version that runs."""
        part = self._w.parts_at[self._live.first_part + self._w.module_part]
        return str(self._w.names.versions[part.running])

    @property
    def mode(self) -> int:
        """World: the registration mode."""
        return int(self._live.mode)

    @property
    def online(self) -> bool:
        """World: whether the platform can be reached."""
        return bool(self._live.online)

    @property
    def flashing(self) -> bool:
        """World: whether the module is being rewritten."""
        return bool(self._live.flash != story.ota.IDLE)

    @property
    def in_service(self) -> bool:
        """World: whether there is any rate at this signal."""
        live = self._live
        dBm = story.body.rssi_dBm(self._w, live, self._w.env.now_ms)
        bps = rules.link.rate_bps(self._w.radios_at[live.radio], dBm)
        return bool(live.powered and self._radio_is_on and bps > 0.0)

    @property
    def _radio_is_on(self) -> bool:
        return self.module.functionality == FULL

    @property
    def cell(self) -> int:
        """World: the number of the cell."""
        return int(self._live.cell)

    # Serial line

    def write(self, text: str) -> None:
        """World: characters to the host."""
        self._live.listener.hear(text, self._w.env.now_ms)

    def write_data(self, start: int, n: int) -> None:
        """World: raw file bytes to the host."""
        self._live.listener.hear_data(start, n)

    def csq(self) -> int:
        """World: AT+CSQ."""
        return int(story.body.csq_reading(self._w, self._live, self._w.env.now_ms))

    def wifi_rssi_dBm(self) -> int | None:
        """World: AT+QGETWIFISTATE; a Wi-Fi module reads its signal to 1 dB, None when it cannot."""
        found = story.body.wifi_reading_dBm(self._w, self._live, self._w.env.now_ms)
        return None if found == UNKNOWN else int(found)

    def rsrp_dBm(self) -> int | None:
        """World: AT+CESQ; the reading of AT+CSQ, less what a loaded carrier has above its reference signal."""
        reading = story.body.reading_dBm(self._w, self._live, self._w.env.now_ms)
        return None if reading == UNKNOWN else round(reading - self._w.radios_at[self._live.radio][RSRP_OFFSET_DB])

    def battery(self) -> tuple[int | None, int]:
        """World: AT+CBC."""
        live = self._live
        percent = story.body.percent(self._w, live, self._w.env.now_ms)
        module = self._w.modules_at[live.module]
        millivolts = rules.battery.millivolts(module, live.chemistry, story.body.charge(live), live.mains)
        return (None if percent == UNKNOWN else percent), millivolts

    # Platform link

    def register(self, mode: int) -> None:
        """World: AT+QIOTREG."""
        before = self._live.mode
        if mode and not self._radio_is_on:
            self._live.mode = mode  # it connects when the radio is on again
            return
        story.link.register(self._w, self._live, self._w.env.now_ms, mode)
        if before and not mode:
            self.module.deregistered()

    def report_versions(self) -> None:
        """World: versions and telemetry upstream."""
        story.platform.reported(self._w, self._live, self._w.env.now_ms)

    def request_plan(self, want_sha256: bool) -> None:
        """World: AT+QIOTOTAREQ."""
        self._live.wants_sha256 = want_sha256
        story.platform.requested(self._w, self._live, self._w.env.now_ms, want_sha256)

    def request_over_http(self, battery_pct: int) -> None:
        """World: AT+QHOTAREQ."""
        self._live.known_battery_pct = battery_pct
        self.request_plan(False)

    def radio(self, on: bool) -> None:
        """World: AT+CFUN."""
        step = story.silence.radio_on if on else story.silence.radio_off
        step(self._w, self._live, self._w.env.now_ms)

    # Upgrade

    def allows(self, action: int) -> bool:
        """World: whether AT+QIOTUPDATE is allowed."""
        return bool(story.ota.allows(self._w, self._live, action))

    def act(self, action: int) -> None:
        """World: AT+QIOTUPDATE."""
        story.ota.act(self._w, self._live, self._w.env.now_ms, action)

    def readable_B(self, start: int, length: int) -> int:
        """World: AT+QIOTOTARD."""
        return int(story.ota.readable_B(self._live, start, length))

    def was_read(self) -> None:
        """World: after AT+QIOTOTARD."""
        story.ota.was_read(self._w, self._live, self._w.env.now_ms)

    def mcu_version_set(self, component: str, version: str) -> None:
        """World: AT+QIOTMCUVER. The host of a simulated device says versions that the run knows."""
        w, live = self._w, self._live
        part = w.names.parts.index(component)
        number = w.names.versions.index(version)
        w.parts_at[live.first_part + part].told = number
        story.ota.mcu_version_set(w, live, w.env.now_ms, part, number)

    def reboot(self) -> None:
        """World: the host asked for a restart."""
        story.modem.restart(self._w, self._live, self._w.env.now_ms)

    def switch_off(self) -> None:
        """World: AT+QPOWD."""
        story.modem.switch_off(self._w, self._live, self._w.env.now_ms)

    def after(self, seconds: float, then: Callable[[], None]) -> None:
        """World: later."""
        self._w.env.call_at(self._w.env.now_ms + rules.delay.to_ms(seconds), self._live.who, then)
