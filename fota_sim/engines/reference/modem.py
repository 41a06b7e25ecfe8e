"""The module's side of a device's life: it registers, downloads, flashes and reboots.

The AT protocol and the upgrade's states are :class:`fota_sim.protocol.module.Module`; this file gives that state
machine its world: a radio that takes time, a battery that sags, flash that can fail. Each long-lasting activity is
a SimPy process that stops when the module was switched off or restarted meanwhile (its ``run`` is over).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fota_sim.engines.components import Component
from fota_sim.engines.reference.body import Body
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.environment import Story as Process
from fota_sim.engines.reference.network import Admission, Network
from fota_sim.engines.reference.story import END, SENT, Story
from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.module import Module
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import Failure, OtaState
from fota_sim.protocol.urc import PlanOffer
from fota_sim.rules import battery, codes, rows, streams, upgrade
from fota_sim.rules.connection import REOPEN_S, connect
from fota_sim.rules.delay import delay_s, to_ms
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.labels import CAUSES
from fota_sim.rules.link import chunk_s, rate_bps, segment_end_B, segments_of
from fota_sim.rules.segment import segment

if TYPE_CHECKING:
    from fota_sim.engines.reference.host import Host
    from fota_sim.engines.reference.platform import Platform

_NETWORK_LOST = 10474

_OWN_FAILURES = (Failure.NO_URL, Failure.NO_SPACE, Failure.READ_TIMEOUT, Failure.MCU_TIMEOUT, Failure.MCU_VERSION)
"""What the module's state machine finds by itself; the other causes are physics and recorded where they happen."""


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
        self._network = network
        self._platform = platform
        self._settings = settings
        self._cell = (radio, cell)
        self.host: Host
        self.module = Module(self, identity, settings)
        self.powered = False
        self.online = False
        self.reachable = True
        self._run = 0
        self._fetch = 0
        self._connections = 0
        self._segments = 0
        self._flashes = 0
        self._reboots = 0
        self._timers: dict[str, int] = {}
        self._admission: Admission | None = None
        self._resumes = False
        self.component: Component | None = None
        self.said_ms: int | None = None

    # Power

    def switch_on(self) -> None:
        """The host powers the module up."""
        if not self.powered:
            self.powered = True
            self.body.draw(self._env.now_ms, float(self.body.module[rows.I_IDLE_MA]))
            self.module.power_on()

    def switch_off(self) -> None:
        """The module loses power: what it was doing ends here."""
        if not self.powered:
            return
        self.powered = False
        self._run += 1
        self._timers.clear()
        self.stop_download()
        self.go_offline()
        self.module.power_off()
        self.body.draw(self._env.now_ms, float(self.body.module[rows.I_SLEEP_MA]))

    def rest(self, off: bool) -> None:
        """The host has nothing more to do: the module is switched off, or stays connected."""
        if off:
            self.switch_off()

    def die(self) -> None:
        """The device is gone for good."""
        self.switch_off()
        self.reachable = False
        self.story.lost = True

    def _restart(self) -> Process:
        """Go down, boot, come up again; the host sees it on the module's status pin."""
        self.switch_off()
        run = self._run
        seconds = delay_s(self.body.module, rows.REBOOT_DELAY, self.body.uniform(streams.REBOOT, self._reboots))
        self._reboots += 1
        yield self._env.timeout(to_ms(seconds))
        if run == self._run and self.reachable:
            self._resumes = True
            self.switch_on()
            self.host.saw_boot()

    def reboot(self) -> None:
        """World: the host asked for a restart."""
        self._env.start(self._restart(), self.device)

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
        run = self._run
        body = self.body
        while self.reachable:
            u_delay = body.uniform(streams.CONNECT, 2 * self._connections)
            u_tries = body.uniform(streams.CONNECT, 2 * self._connections + 1)
            self._connections += 1
            seconds, connected = connect(body.radio, body.rssi_dBm(self._env.now_ms), self._resumes, u_delay, u_tries)
            yield self._env.timeout(to_ms(seconds))
            if run != self._run:
                return
            body.drain(seconds * float(body.module[rows.I_RECEIVE_MA]))
            if connected:
                self._resumes = True
                self.online = True
                self.module.connected()
                return
            self.module.connection_lost(_NETWORK_LOST)
            yield self._env.timeout(to_ms(REOPEN_S))
            if run != self._run:
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
        if state is OtaState.DOWNLOAD_ERROR and self.module.last_error == Failure.REBOOT:
            if self.story.failure == codes.NO_CAUSE:
                self.story.attempt_failed(codes.REBOOT_IN_DOWNLOAD)
        elif state is OtaState.UPDATE_ERROR and self.module.last_error in _OWN_FAILURES:
            self.story.attempt_failed(CAUSES.index(self.module.last_error))
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
        run = self._run

        def act() -> None:
            if run == self._run and self.powered:
                self.component = component
                self.module.firmware_info(info)

        self._env.call_at(at_ms, self.device, act)

    # Download

    def start_download(self, component: str, start: int, length: int) -> None:
        """World: fetch bytes."""
        self._env.start(self._downloading(start, length), self.device)

    def stop_download(self) -> None:
        """World: drop the fetch."""
        self._fetch += 1
        self._close_download()
        self._leave_network()

    def _downloading(self, start: int, length: int) -> Process:
        fetch = self._fetch
        env, body, story = self._env, self.body, self.story
        rssi_dBm = body.rssi_dBm(env.now_ms)
        level = body.level(env.now_ms)
        radio_cell = self._network.cell(*self._cell, level, float(body.radio[rows.CELL_LIMIT + level]))
        admission = self._network.admit(self.device, radio_cell)
        yield from admission.enter()
        if fetch != self._fetch:
            admission.leave()
            return
        if not admission.granted:
            yield env.timeout(to_ms(self._settings.http_timeout_s))
            if fetch == self._fetch:
                self._download_failed(codes.CONNECTION_REFUSED)
            return
        self._admission = admission
        if story.download_start_ms < 0:
            story.download_start_ms = env.now_ms
        story.downloads.append([env.now_ms, env.now_ms, 0, 0])
        if self._too_slow(rssi_dBm):
            yield env.timeout(to_ms(self._settings.first_progress_timeout_s))
            if fetch == self._fetch:
                self._download_failed(codes.DOWNLOAD_BROKE)
            return
        began_ms = env.now_ms
        ticks = self._tick(began_ms, 0)
        at_B, end_B = start, start + length
        component = self.component
        assert component is not None  # a download is only ever started by a firmware address
        base_B = 0
        for file_B in component.files_B:
            for index in range(segments_of(body.radio, file_B)):
                stop_B = min(end_B, base_B + segment_end_B(body.radio, file_B, index))
                if stop_B <= at_B:
                    continue
                broken = yield from self._segment(stop_B - at_B, fetch)
                if fetch != self._fetch:
                    return
                ticks = self._tick(began_ms, ticks)
                if fetch != self._fetch:
                    return
                if broken:
                    self._download_failed(codes.DOWNLOAD_BROKE)
                    return
                at_B = stop_B
            base_B += file_B
        self._close_download()
        self._leave_network()
        story.downloaded_ms = env.now_ms
        self.module.piece_downloaded()

    def _too_slow(self, rssi_dBm: float) -> bool:
        """Whether a stream shows no progress before the module's patience ends; block mode answers per block."""
        radio, module = self.body.radio, self.body.module
        if radio[rows.BLOCK_MODE] > 0.0:
            return False
        bps = rate_bps(radio, rssi_dBm)
        if bps <= 0.0:
            return True
        first_s = chunk_s(radio, rssi_dBm, float(radio[rows.CHUNK_B]), bps, float(module[rows.FLASH_WRITE_BPS]))
        return first_s > self._settings.first_progress_timeout_s

    def _segment(self, size_B: int, fetch: int) -> Process:
        """Play one segment; its value is whether the download broke off. Power may fail in the middle of it."""
        env, body = self._env, self.body
        rssi_dBm = body.rssi_dBm(env.now_ms)
        u_break = body.uniform(streams.SEGMENT, self._segments)
        u_count = body.uniform(streams.SEGMENT_DELAY, self._segments)
        self._segments += 1
        seconds, on_air_s, sent_B, broken = segment(
            body.radio,
            rssi_dBm,
            size_B,
            self._network.share_bps(),
            float(body.module[rows.FLASH_WRITE_BPS]),
            u_break,
            u_count,
        )
        began_ms = env.now_ms
        lasts_ms = to_ms(seconds)
        cut_ms = body.cut_between(began_ms, began_ms + lasts_ms)
        if body.browns_out(battery.transmit_mA(body.radio, body.module, rssi_dBm)):
            cut_ms = began_ms + 1
        if cut_ms is not None:
            yield env.timeout(cut_ms - began_ms)
            if fetch == self._fetch:
                self._lose_power_in_download()
            return True
        yield env.timeout(lasts_ms)
        if fetch != self._fetch:
            return True
        body.settle(env.now_ms)
        drain_mAs = battery.download_mAs(body.radio, body.module, rssi_dBm, seconds, on_air_s)
        self.story.spend(body.drain(drain_mAs))
        download = self.story.downloads[-1]
        download[SENT] += sent_B
        if body.empty and not body.mains:
            self._lose_power_in_download()
            return True
        return broken

    def _tick(self, began_ms: int, ticks: int) -> int:
        """Say 10702 at the first data and for every progress interval that passed, each at its own time."""
        interval_ms = to_ms(self._settings.progress_interval_s)
        due = (self._env.now_ms - began_ms) // interval_ms + 1
        fetch = self._fetch
        while ticks < due and fetch == self._fetch:
            self.said_ms = began_ms + ticks * interval_ms
            ticks += 1
            self.module.progress()
        self.said_ms = None
        return ticks

    def _download_failed(self, cause: int) -> None:
        self.story.download_failures += 1
        self._close_download()
        self._leave_network()
        self.story.attempt_failed(cause)
        self.module.download_failed(CAUSES[cause])

    def _lose_power_in_download(self) -> None:
        self.story.download_failures += 1
        self.story.attempt_failed(codes.BATTERY_EMPTY if self.body.empty else codes.REBOOT_IN_DOWNLOAD)
        if self.body.empty and not self.body.mains:
            self.die()
        else:
            self.switch_off()
            self._env.start(self._restart(), self.device)

    def _close_download(self) -> None:
        if self._admission is not None:
            download = self.story.downloads[-1]
            download[END] = self._env.now_ms

    def _leave_network(self) -> None:
        if self._admission is not None:
            self._admission.leave()
            self._admission = None

    # Flash

    def flash(self) -> None:
        """World: write and check the new image."""
        self._env.start(self._flashing(), self.device)

    def _flashing(self) -> Process:
        env, body, story = self._env, self.body, self.story
        component = self.component
        assert component is not None  # only a downloaded component is flashed
        attempt = self._flashes
        self._flashes += 1
        run = self._run
        if body.uniform(streams.STORAGE, attempt) < body.module[rows.P_STORAGE]:
            self._flash_failed(codes.NO_SPACE)
            return
        effect = component.defect_of(self.device)
        bad_image = effect == upgrade.VERIFY_FAILURE
        if bad_image or upgrade.verify_fails(body.module, body.uniform(streams.VERIFY, attempt)):
            self._flash_failed(codes.VERIFICATION_FAILED)
            return
        came_to = upgrade.APPLIED
        tries = 0
        while True:
            tries += 1
            lasts_ms = to_ms(upgrade.apply_s(body.module, component.size_B, component.delta))
            cut_ms = body.cut_between(env.now_ms, env.now_ms + lasts_ms)
            if body.browns_out(battery.flashing_mA(body.module)):
                cut_ms = env.now_ms + 1
            spent_ms = lasts_ms if cut_ms is None else cut_ms - env.now_ms
            yield env.timeout(spent_ms)
            if run != self._run:
                return
            body.settle(env.now_ms)
            story.spend(body.drain(battery.flashing_mA(body.module) * spent_ms / 1000.0))
            if cut_ms is None:
                break
            u_brick = body.uniform(streams.BRICK, 16 * attempt + tries)
            came_to = upgrade.after_power_loss(body.module, u_brick, tries)
            if came_to != upgrade.RESUMED:
                break
            came_to = upgrade.APPLIED
        if came_to == upgrade.BRICKED:
            self._brick(codes.POWER_LOST)
        elif came_to == upgrade.APPLIED:
            yield from self._boot_new(component, effect)
        else:
            story.attempt_failed(codes.POWER_LOST)
            story.rolled_back = story.rolled_back or came_to == upgrade.RESTORED
            yield from self._restart()

    def _flash_failed(self, cause: int) -> None:
        self.story.attempt_failed(cause)
        self.module.flash_done(False, CAUSES[cause])

    def _boot_new(self, component: Component, effect: int) -> Process:
        """The new image is written: restart into it, and meet what is wrong with it."""
        story = self.story
        if effect == upgrade.BOOT_FAILURE:
            if upgrade.after_boot_failure(self.body.module) == upgrade.BRICKED:
                self._brick(codes.DOES_NOT_BOOT)
                return
            story.attempt_failed(codes.DOES_NOT_BOOT)
            story.rolled_back = True
            yield from self._restart()
            return
        self.module.flash_done(True)
        if effect == upgrade.WRONG_VERSION:
            story.attempt_failed(codes.WRONG_VERSION)
            self.module.firmware_version = component.wrong_version
        else:
            self.module.firmware_version = component.target_version
            self.installed(component, effect)
        if effect == upgrade.NEVER_RECONNECTS:
            self._brick(codes.NEVER_CAME_BACK)
            return
        yield from self._restart()

    def installed(self, component: Component, effect: int) -> None:
        """The device truly runs the component's target version from now on."""
        self.story.attempt_succeeded(component.size_B)
        self.story.rolled_back = False
        if self._platform.installed(self.device):
            self.story.upgraded_ms = self._env.now_ms
        if effect == upgrade.DIES_LATER:
            at_ms = self._env.now_ms + to_ms(component.dies_after_s(self.device))
            self._env.call_at(at_ms, self.device, lambda: self._brick(codes.DIED_LATER))

    def _brick(self, cause: int) -> None:
        """The device is dead; the platform hears nothing of it."""
        if not self.story.bricked:
            self.story.attempt_failed(cause)
            self.story.bricked = True
            self.story.finished_ms = self._env.now_ms
        self.switch_off()
        self.reachable = False
