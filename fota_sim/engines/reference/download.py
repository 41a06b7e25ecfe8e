"""One download after another: places on the network, segments, progress, and how downloads end badly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.environment import Story as Process
from fota_sim.engines.reference.network import Admission, Network
from fota_sim.engines.reference.story import END, SENT
from fota_sim.protocol.settings import OtaSettings
from fota_sim.rules import battery, codes, rows, streams
from fota_sim.rules.delay import to_ms
from fota_sim.rules.labels import CAUSES
from fota_sim.rules.link import chunk_s, rate_bps, segment_end_B, segments_of
from fota_sim.rules.segment import segment

if TYPE_CHECKING:
    from fota_sim.engines.reference.modem import Modem


class Downloader:
    """The downloads of one module, one at a time; a download whose ``run`` is over has been dropped."""

    def __init__(
        self, env: FleetEnvironment, modem: Modem, network: Network, settings: OtaSettings, cell: tuple[int, int]
    ) -> None:
        self._env = env
        self._modem = modem
        self._body = modem.body
        self._story = modem.story
        self._network = network
        self._settings = settings
        self._cell = cell
        self._run = 0
        self._segments = 0
        self._admission: Admission | None = None

    def start(self, start: int, length: int) -> None:
        """Fetch ``length`` bytes of the module's component from offset ``start``."""
        self._env.start(self._fetching(start, length), self._modem.device)

    def stop(self) -> None:
        """Drop the download, if one runs."""
        self._run += 1
        self._close_download()
        self._leave_network()

    def _fetching(self, start: int, length: int) -> Process:
        run = self._run
        env, body, story = self._env, self._body, self._story
        rssi_dBm = body.rssi_dBm(env.now_ms)
        level = body.level(env.now_ms)
        radio_cell = self._network.cell(*self._cell, level, float(body.radio[rows.CELL_LIMIT + level]))
        admission = self._network.admit(self._modem.device, radio_cell)
        yield from admission.enter()
        if run != self._run:
            admission.leave()
            return
        if not admission.granted:
            yield env.timeout(to_ms(self._settings.http_timeout_s))
            if run == self._run:
                self._download_failed(codes.CONNECTION_REFUSED)
            return
        self._admission = admission
        if story.download_start_ms < 0:
            story.download_start_ms = env.now_ms
        story.downloads.append([env.now_ms, env.now_ms, 0, 0])
        if self._too_slow(rssi_dBm):
            yield env.timeout(to_ms(self._settings.first_progress_timeout_s))
            if run == self._run:
                self._download_failed(codes.DOWNLOAD_BROKE)
            return
        began_ms = env.now_ms
        ticks = self._tick(began_ms, 0)
        at_B, end_B = start, start + length
        component = self._modem.component
        assert component is not None  # a download is only ever started by a firmware address
        base_B = 0
        for file_B in component.files_B:
            for index in range(segments_of(body.radio, file_B)):
                stop_B = min(end_B, base_B + segment_end_B(body.radio, file_B, index))
                if stop_B <= at_B:
                    continue
                broken = yield from self._segment(stop_B - at_B, run)
                if run != self._run:
                    return
                ticks = self._tick(began_ms, ticks)
                if run != self._run:
                    return
                if broken:
                    self._download_failed(codes.DOWNLOAD_BROKE)
                    return
                at_B = stop_B
            base_B += file_B
        self._close_download()
        self._leave_network()
        story.downloaded_ms = env.now_ms
        self._modem.module.piece_downloaded()

    def _too_slow(self, rssi_dBm: float) -> bool:
        """Whether a stream shows no progress before the module's patience ends; block mode answers per block."""
        radio, module = self._body.radio, self._body.module
        if radio[rows.BLOCK_MODE] > 0.0:
            return False
        bps = rate_bps(radio, rssi_dBm)
        if bps <= 0.0:
            return True
        first_s = chunk_s(radio, rssi_dBm, float(radio[rows.CHUNK_B]), bps, float(module[rows.FLASH_WRITE_BPS]))
        return first_s > self._settings.first_progress_timeout_s

    def _segment(self, size_B: int, run: int) -> Process:
        """Play one segment; its value is whether the download broke off. Power may fail in the middle of it."""
        env, body = self._env, self._body
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
        played = 1.0 if cut_ms is None else min(1.0, (cut_ms - began_ms) / lasts_ms)
        yield env.timeout(lasts_ms if cut_ms is None else cut_ms - began_ms)
        if run != self._run:
            return True
        body.settle(env.now_ms)
        drain_mAs = battery.download_mAs(body.radio, body.module, rssi_dBm, seconds * played, on_air_s * played)
        self._story.spend(body.drain(drain_mAs))
        download = self._story.downloads[-1]
        download[SENT] += int(sent_B * played)
        if cut_ms is not None or (body.empty and not body.mains):
            self._lose_power_in_download()
            return True
        return broken

    def _tick(self, began_ms: int, ticks: int) -> int:
        """Say 10702 at the first data and for every progress interval that passed, each at its own time."""
        interval_ms = to_ms(self._settings.progress_interval_s)
        due = (self._env.now_ms - began_ms) // interval_ms + 1
        run = self._run
        while ticks < due and run == self._run:
            self._modem.said_ms = began_ms + ticks * interval_ms
            ticks += 1
            self._modem.module.progress()
        self._modem.said_ms = None
        return ticks

    def _download_failed(self, cause: int) -> None:
        self._story.download_failures += 1
        self._close_download()
        self._leave_network()
        self._story.attempt_failed(cause)
        self._modem.module.download_failed(CAUSES[cause])

    def _lose_power_in_download(self) -> None:
        self._story.download_failures += 1
        self._story.attempt_failed(codes.BATTERY_EMPTY if self._body.empty else codes.REBOOT_IN_DOWNLOAD)
        if self._body.empty and not self._body.mains:
            self._modem.die()
        else:
            self._modem.switch_off()
            self._modem.reboot()

    def _close_download(self) -> None:
        if self._admission is not None:
            download = self._story.downloads[-1]
            download[END] = self._env.now_ms

    def _leave_network(self) -> None:
        if self._admission is not None:
            self._admission.leave()
            self._admission = None
