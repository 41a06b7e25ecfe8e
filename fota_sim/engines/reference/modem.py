"""The module's side of a device's life: it registers, downloads, flashes and reboots.

The AT protocol and the upgrade's states are :class:`fota_sim.protocol.module.Module`; this file gives that state
machine its world: a radio that takes time, a battery that sags, flash that can fail. Each long-lasting activity is
a SimPy process that stops when the module was switched off or restarted meanwhile (its ``run`` is over).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fota_sim.engines.components import Component
from fota_sim.engines.reference.body import Body
from fota_sim.engines.reference.download import Downloader
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.environment import Story as Process
from fota_sim.engines.reference.exhaustion import Exhaustion
from fota_sim.engines.reference.flashing import Flasher
from fota_sim.engines.reference.network import Network
from fota_sim.engines.reference.story import Story
from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.module import Module
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import OtaState
from fota_sim.protocol.urc import PlanOffer
from fota_sim.rules import codes, rows, streams, upgrade
from fota_sim.rules.connection import REOPEN_S, connect
from fota_sim.rules.delay import delay_s, to_ms
from fota_sim.rules.fates import NEVER
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.ota import found_by_module

if TYPE_CHECKING:
    from fota_sim.engines.reference.host import Host
    from fota_sim.engines.reference.platform import Platform

_NETWORK_LOST = 10474


class Modem:
    """One module in the field: implements :class:`fota_sim.protocol.world.World` over virtual time."""

    def __init__(
        self,
        env: FleetEnvironment,
        device: int,
        body: Body,
        story: Story,
        network: Network,
        platform: Platform,
        identity: Identity,
        settings: OtaSettings,
        radio: int,
        cell: int,
    ) -> None:
        self._env = env
        self.device = device
        self.body = body
        self.story = story
        self._platform = platform
        self._settings = settings
        self.host: Host
        self.module = Module(self, identity, settings)
        self.powered = False
        self.online = False
        self.reachable = True
        self.run = 0
        """Counts power-offs: whatever was going on in an earlier run is over."""
        self._connections = 0
        self._reboots = 0
        self._timers: dict[str, int] = {}
        self._resumes = False
        self.component: Component | None = None
        self.truncated = False
        """Whether the image is only a part of what it should be."""
        self.said_ms: int | None = None
        """When the module said what it says now, where that was before the present."""
        self.cell = (radio, cell)
        self.downloader = Downloader(env, self, network, platform, settings, self.cell)
        self.flasher = Flasher(env, self)
        self._exhaustion = Exhaustion(env, self, platform)

    # Power

    def switch_on(self) -> None:
        """The host powers the module up."""
        if not self.powered:
            self.powered = True
            self.body.rests(self._env.now_ms, float(self.body.module[rows.I_IDLE_MA]))
            self.module.power_on()

    def switch_off(self) -> None:
        """The module loses power: what it was doing ends here."""
        if not self.powered:
            return
        self.powered = False
        self.run += 1
        self._timers.clear()
        self.downloader.stop()
        self.go_offline()
        self.module.power_off()
        self.flasher.writing = False
        self.body.rests(self._env.now_ms, float(self.body.module[rows.I_SLEEP_MA]))

    def rest(self, off: bool) -> None:
        """The host has nothing more to do: the module is switched off, or stays connected."""
        if not off:
            return
        if self.powered:
            self.switch_off()
        else:
            self.run += 1  # it was starting up

    def die(self, cause: int) -> None:
        """The device is gone for good."""
        self.switch_off()
        self.reachable = False
        if self.story.lost == codes.NO_CAUSE:
            self.story.lost = cause

    def is_lost(self) -> None:
        """The device disappears from the fleet."""
        self.die(codes.LOST)

    def restart(self) -> Process:
        """Go down, boot, come up again; the host sees it on the module's status pin."""
        self.switch_off()
        run = self.run
        yield self._env.timeout(self.boot_ms())
        if run == self.run and self.reachable:
            self._resumes = True
            self.switch_on()
            self.host.saw_boot()

    def boot_ms(self) -> int:
        """How long the module takes to start up this time."""
        seconds = delay_s(self.body.module, rows.REBOOT_DELAY, self.body.uniform(streams.REBOOT, self._reboots))
        self._reboots += 1
        return to_ms(seconds)

    def reboot(self) -> None:
        """World: the host asked for a restart."""
        self._env.start(self.restart(), self.device)

    # Serial line

    def write(self, text: str) -> None:
        """World: characters to the host."""
        self.host.hear(text)

    def write_data(self, start: int, n: int) -> None:
        """World: raw file bytes to the host."""
        self.host.hear_data(start, n)

    def csq(self) -> int:
        """World: AT+CSQ."""
        return self.body.csq(self._env.now_ms)

    def wifi_rssi_dBm(self) -> int | None:
        """World: AT+QGETWIFISTATE; a Wi-Fi module reads its signal to 1 dB, None when it cannot."""
        return self.body.wifi_reading_dBm(self._env.now_ms)

    def battery(self) -> tuple[int | None, int]:
        """World: AT+CBC."""
        percent = self.body.percent(self._env.now_ms)
        return (None if percent == UNKNOWN else percent), self.body.millivolts()

    # Timers

    def start_timer(self, name: str, seconds: float) -> None:
        """World: a timer; starting it again or losing power makes the earlier one void."""
        at_ms = self._env.now_ms + to_ms(seconds)
        self._timers[name] = at_ms

        def ring() -> None:
            if self._timers.get(name) == at_ms == self._env.now_ms:
                del self._timers[name]
                self.module.timer(name)

        self._env.call_at(at_ms, self.device, ring)

    def stop_timer(self, name: str) -> None:
        """World: forget a timer."""
        self._timers.pop(name, None)

    # Platform link

    def connect(self) -> None:
        """World: register and subscribe."""
        self._env.start(self._connecting(), self.device)

    def _connecting(self) -> Process:
        run = self.run
        body = self.body
        while self.reachable:
            u_delay, u_tries = body.uniform_pair(streams.CONNECT, self._connections)
            self._connections += 1
            seconds, connected = connect(body.radio, body.rssi_dBm(self._env.now_ms), self._resumes, u_delay, u_tries)
            idle_mA = float(body.module[rows.I_IDLE_MA])
            body.rests(self._env.now_ms, idle_mA + float(body.module[rows.I_RECEIVE_MA]))
            yield self._env.timeout(to_ms(seconds))
            if run != self.run:
                return
            body.rests(self._env.now_ms, idle_mA)
            if connected:
                self._resumes = True
                self.online = True
                self.module.connected()
                return
            self.module.connection_lost(_NETWORK_LOST)
            yield self._env.timeout(to_ms(REOPEN_S))
            if run != self.run:
                return

    def disconnect(self) -> None:
        """World: deregister."""
        self.go_offline()
        self.module.deregistered()

    def go_offline(self) -> None:
        """The platform cannot be reached from here on."""
        self.online = False

    def request_plan(self, want_sha256: bool) -> None:
        """World: AT+QIOTOTAREQ."""
        self._platform.requested(self, want_sha256)

    def report_status(self, state: OtaState, component: str) -> None:
        """World: a status message upstream."""
        cause = self.module.last_error
        if state is OtaState.DOWNLOAD_ERROR and cause == codes.REBOOT_IN_DOWNLOAD:
            if self.story.failure == codes.NO_CAUSE:
                self.story.attempt_failed(cause)
        elif state is OtaState.UPDATE_ERROR and found_by_module(cause):
            self.story.attempt_failed(self._platform.failed_by(self.device, cause))
        self._platform.status(self, state, component)

    def report_versions(self) -> None:
        """World: versions and telemetry upstream."""
        self._platform.reported(self)

    def round_trip_ms(self) -> int:
        """One round trip to the platform at the signal of this moment."""
        level = self.body.level(self._env.now_ms)
        return to_ms(float(self.body.radio[rows.ROUND_TRIP_S + level]))

    def receive_plan(self, offers: list[PlanOffer], components: list[Component]) -> None:
        """A plan arrives from the platform."""
        if self.online:
            self.module.plan(offers, [component.type for component in components])

    def receive_firmware(self, component: Component, info: FirmwareInfo) -> None:
        """A download address arrives from the platform; the module takes a while to act on it."""
        u = self.body.uniform(streams.URL_TO_START, self.story.attempts)
        at_ms = self._env.now_ms + to_ms(delay_s(self.body.module, rows.URL_DELAY, u))
        run = self.run

        def act() -> None:
            if run == self.run and self.powered and self.module.firmware_info(info):
                self.component = component
                self.truncated = False

        self._env.call_at(at_ms, self.device, act)

    # Download and flash

    def start_download(self, component: str, start: int, length: int) -> None:
        """World: fetch bytes."""
        self.downloader.start(start, length)

    def stop_download(self) -> None:
        """World: drop the fetch."""
        self.downloader.stop()

    def flash(self) -> None:
        """World: write and check the new image."""
        self.flasher.start()

    def installed(self, component: Component, effect: int, was_on_target: bool) -> None:
        """The device truly runs the component's target version from now on; or did before, and it was for nothing."""
        self.story.attempt_succeeded(component.size_B)
        self.story.rolled_back = False
        if was_on_target:
            return
        if self._platform.installed(self.device):
            self.story.upgraded_ms = self._env.now_ms
        if effect == upgrade.DIES_LATER:
            at_ms = self._env.now_ms + to_ms(component.dies_after_s(self.device))
            self._env.call_at(at_ms, self.device, self._dies_later)

    def _dies_later(self) -> None:
        if self.story.battery_empty_ms == NEVER:
            self.brick(codes.DIED_LATER)

    def brick(self, cause: int) -> None:
        """The device is dead; the platform hears nothing of it."""
        self.switch_off()
        if not self.story.bricked:
            self.story.attempt_failed(cause)
            self.story.failure = cause
            self.story.bricked = True
            self.story.finished_ms = self._env.now_ms
        self.reachable = False
