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
from fota_sim.rules.fates import NEVER
from fota_sim.rules.link import progress_due, progress_heard_ms, segment_end_B, segments_of, too_slow
from fota_sim.rules.segment import played, segment
from fota_sim.rules.zone import FAR

if TYPE_CHECKING:
    from fota_sim.engines.reference.modem import Modem
    from fota_sim.engines.reference.platform import Platform


class Downloader:
    """The downloads of one module, one at a time; a download whose ``run`` is over has been dropped."""

    def __init__(
        self,
        env: FleetEnvironment,
        modem: Modem,
        network: Network,
        platform: Platform,
        settings: OtaSettings,
        cell: tuple[int, int],
    ) -> None:
        self._env = env
        self._modem = modem
        self._body = modem.body
        self._story = modem.story
        self._network = network
        self._platform = platform
        self._settings = settings
        self._cell = cell
        self._run = 0
        self._segments = 0
        self._segment_ms = NEVER  # when the segment began that is played
        self._lasts_ms = 0
        self._sent_B = 0
        self._cut_by = codes.NO_CAUSE
        self._began_ms = FAR
        self._admission: Admission | None = None
        self.running = False
        """Whether a download has its places and goes on."""

    def start(self, start: int, length: int) -> None:
        """Fetch ``length`` bytes of the module's component from offset ``start``."""
        self._env.start(self._fetching(start, length), self._modem.device)

    def stop(self) -> None:
        """Drop the download, if one runs."""
        self._run += 1
        self._end()

    def _end_segment(self) -> None:
        """What the segment that is played, if there is one, came to by now; it may be at its end or be broken off."""
        if self._segment_ms == NEVER:
            return
        now_ms = self._env.now_ms
        part = played(self._lasts_ms, now_ms - self._segment_ms)
        self._segment_ms = NEVER
        self._body.settle(now_ms)
        self._story.downloads[-1][SENT] += int(self._sent_B * part)

    def last_progress_ms(self) -> int:
        """When the module said the last 7,10702 of the download that goes on; 0 if none does.

        What is said during a segment is written down at its end, but the host hears it.
        """
        now_ms = self._env.now_ms
        if not self.running or now_ms < self._began_ms:
            return 0
        return progress_heard_ms(self._began_ms, now_ms, to_ms(self._settings.progress_interval_s))

    def _fetching(self, start: int, length: int) -> Process:
        run = self._run
        env, body, story = self._env, self._body, self._story
        rssi_dBm = body.rssi_dBm(env.now_ms)
        level = body.level(env.now_ms)
        radio_cell = self._network.cell(*self._cell, level, float(body.radio[rows.CELL_LIMIT + level]))
        admission = self._admission = self._network.admit(self._modem.device, radio_cell)
        yield from admission.enter()
        if run != self._run:
            return
        if not admission.granted:
            yield env.timeout(to_ms(self._settings.http_timeout_s))
            if run == self._run:
                self._download_failed(codes.CONNECTION_REFUSED)
            return
        self.running = True
        self._began_ms = FAR
        if story.download_start_ms < 0:
            story.download_start_ms = env.now_ms
        story.downloads.append([env.now_ms, env.now_ms, 0, 0])
        flash_Bps = float(body.module[rows.FLASH_WRITE_BPS])
        if too_slow(body.radio, rssi_dBm, flash_Bps, self._settings.first_progress_timeout_s):
            yield env.timeout(to_ms(self._settings.first_progress_timeout_s))
            if run == self._run:
                self._download_failed(codes.DOWNLOAD_BROKE)
            return
        began_ms = self._began_ms = env.now_ms
        ticks = self._tick(began_ms, 0)
        at_B, end_B = start, start + length
        component = self._modem.component
        assert component is not None  # a download is only ever started by a firmware address
        base_B = 0
        begins = True
        for file_B in component.files_B:
            if base_B + file_B <= at_B:
                base_B += file_B
                continue
            share_bps = self._network.share_bps()
            segments = segments_of(body.radio, body.rssi_dBm(env.now_ms), file_B, share_bps, flash_Bps)
            for index in range(segments):
                stop_B = min(end_B, base_B + segment_end_B(body.radio, file_B, index, segments))
                if stop_B <= at_B:
                    continue
                if self._is_denied(begins):
                    self._download_failed(codes.ADDRESS_EXPIRED)
                    return
                begins = False
                broken = yield from self._segment(stop_B - at_B, run)
                if run != self._run:
                    return
                ticks = self._tick(began_ms, ticks)
                if run != self._run:
                    return
                if self._platform.is_cut_off(self._modem.device):
                    self._download_failed(codes.BY_ABORT)
                    return
                if broken and self._is_taken_for_complete():
                    self._modem.truncated = True
                    self._complete()
                    return
                if broken:
                    self._download_failed(codes.DOWNLOAD_BROKE)
                    return
                at_B = stop_B
            base_B += file_B
        self._complete()

    def _complete(self) -> None:
        self._end()
        self._story.downloaded_ms = self._env.now_ms
        self._modem.module.piece_downloaded()

    def _is_taken_for_complete(self) -> bool:
        """Whether the module takes what it has of this download for the whole."""
        return bool(self._body.uniform(streams.TRUNCATED, self._segments) < self._body.module[rows.P_TRUNCATED])

    def _is_denied(self, begins: bool) -> bool:
        """Whether the server refuses to go on, for the address has expired: it looks at every request."""
        asks = begins or self._body.radio[rows.BLOCK_MODE] > 0.0
        return bool(asks) and self._platform.address_expired(self._modem.device)

    def _segment(self, size_B: int, run: int) -> Process:
        """Play one segment; its value is whether the download broke off. Power may fail in the middle of it."""
        env, body = self._env, self._body
        rssi_dBm = body.rssi_dBm(env.now_ms)
        u_break, u_count = body.uniform_pair(streams.SEGMENT, self._segments)
        self._segments += 1
        seconds, on_air_s, self._sent_B, broken = segment(
            body.radio,
            rssi_dBm,
            size_B,
            self._network.share_bps(),
            float(body.module[rows.FLASH_WRITE_BPS]),
            u_break,
            u_count,
        )
        began_ms = env.now_ms
        self._lasts_ms = lasts_ms = to_ms(seconds)
        cut_ms = body.cut_between(began_ms, began_ms + lasts_ms)
        self._cut_by = codes.NO_CAUSE if cut_ms is None else codes.REBOOT_IN_DOWNLOAD
        peak_mA = battery.transmit_mA(body.radio, body.module, rssi_dBm)
        if body.browns_out(peak_mA):
            cut_ms = began_ms + 1
            self._cut_by = codes.BROWN_OUT_IN_DOWNLOAD
        self._segment_ms = began_ms
        body.works(began_ms, battery.download_mA(body.module, peak_mA, seconds, on_air_s, lasts_ms))
        yield env.timeout(lasts_ms if cut_ms is None else cut_ms - began_ms)
        if run != self._run:
            return True
        self._end_segment()
        if cut_ms is not None:
            self._lose_power_in_download()
            return True
        return broken

    def _tick(self, began_ms: int, ticks: int) -> int:
        """Say 10702 at the first data and for every progress interval that passed, each at its own time."""
        interval_ms = to_ms(self._settings.progress_interval_s)
        due = progress_due(self._env.now_ms - began_ms, interval_ms)
        run = self._run
        while ticks < due and run == self._run:
            self._modem.said_ms = began_ms + ticks * interval_ms
            ticks += 1
            self._modem.module.progress()
        self._modem.said_ms = None
        return ticks

    def _download_failed(self, cause: int) -> None:
        self._story.download_failures += 1
        self._end()
        self._story.attempt_failed(cause)
        self._modem.module.download_failed(cause)

    def _lose_power_in_download(self) -> None:
        self._story.download_failures += 1
        self._story.attempt_failed(self._cut_by)
        self._modem.switch_off()
        self._modem.reboot()

    def _end(self) -> None:
        """Give back what the download holds, or its place in line."""
        if self.running:
            self._end_segment()
            self._body.works(self._env.now_ms, 0.0)
            self._story.downloads[-1][END] = self._env.now_ms
            self.running = False
        if self._admission is not None:
            self._admission.leave()
            self._admission = None
