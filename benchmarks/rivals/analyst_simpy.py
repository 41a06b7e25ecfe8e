"""The same rollout as an analyst writes it in SimPy in a day: one generator per device, resources for what is shared.

No text protocol, no logs, no plan engine, no second component. What happens is decided by fota_sim's own rules and
keyed draws, so that only the way of playing them differs. It follows scenarios/mixed_40000.yaml: a silent plan for
module firmware, hosts that check battery and signal, always-on and waking devices.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from fota_sim.engines.components import running_version
from fota_sim.engines.parameters import Parameters
from fota_sim.fleet.devices import Fleet
from fota_sim.rules import battery, codes, contact, radio, rows, streams, upgrade
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.connection import REOPEN_S, connect
from fota_sim.rules.delay import delay_s, to_ms
from fota_sim.rules.draws import normal, uniform, uniform_pair
from fota_sim.rules.host import ACCEPT, UNKNOWN, cause_of, decide
from fota_sim.rules.link import round_trip_s, segment_end_B, segments_of, too_slow
from fota_sim.rules.network import fair_share_bps
from fota_sim.rules.segment import played, segment

Process = Generator[simpy.Event, Any, Any]


class ResetError(Exception):
    """The module reset in the middle of something."""


class GoneError(Exception):
    """The device is dead, or left for good."""


@dataclass
class Rollout:
    """What all devices share. Times are whole milliseconds."""

    env: simpy.Environment
    parameters: Parameters
    replication: int
    egress_bps: float
    server: simpy.Resource
    cells: dict[tuple[int, int, int], simpy.Resource]
    blocks_drawn: int = 0

    def cell(self, key: tuple[int, int, int], places: float) -> simpy.Resource:
        """The places of a radio in a cell at a coverage level."""
        if key not in self.cells:
            self.cells[key] = simpy.Resource(self.env, capacity=int(places))
        return self.cells[key]

    def share_bps(self) -> float:
        """What the server's egress leaves one download."""
        return fair_share_bps(self.egress_bps, self.server.count)


class Device:
    """One device, module and host in one."""

    def __init__(self, rollout: Rollout, fleet: Fleet, number: int) -> None:
        parameters = rollout.parameters
        self.rollout = rollout
        self.env = rollout.env
        self.key = fleet.keys[number]
        self.radio = parameters.radios[fleet.radio[number]]
        self.module = parameters.modules[fleet.module[number]]
        self.settings = parameters.module_settings[fleet.module[number]]
        self.host = parameters.hosts[fleet.host[number]]
        self.confirm_delay = parameters.host_delays[fleet.host[number]]
        self.pattern = parameters.contacts[fleet.group[number]]
        self.place = int(fleet.radio[number]), int(fleet.cell[number])
        self.mean_dBm = float(fleet.rssi_mean_dBm[number])
        self.sd_dB = float(fleet.rssi_sd_dB[number])
        self.rssi_known = bool(fleet.rssi_known[number])
        self.battery_known = bool(fleet.battery_known[number])
        self.mains = bool(fleet.mains[number])
        self.chemistry = int(fleet.chemistry[number])
        self.temperature_C = float(fleet.temperature_C[number])
        self.resistance_ohm = float(fleet.resistance_ohm[number])
        self.self_discharge = float(fleet.self_discharge[number])
        self.capacity_mAh = battery.usable_capacity_mAh(
            self.chemistry, float(fleet.capacity_mAh[number]), self.temperature_C
        )
        self.charge = float(fleet.charge[number])
        self.draws_mA = float(self.module[rows.I_SLEEP_MA])
        self.gone = bool(fleet.gone[number])
        self.dies_ms = math.inf if fleet.dies_at_ms[number] < 0 else int(fleet.dies_at_ms[number])
        component = parameters.plan.components[0]
        self.size_B = component.size_B
        self.upgraded = self.was_upgraded = running_version(fleet, component, number) == component.target_version
        self.shadow_ms = self.settled_ms = self.next_cut_ms = 0
        self.counts = dict.fromkeys((streams.CONNECT, streams.REBOOT, streams.SEGMENT, streams.POWER_CUT), -1)
        self.steps = self.readings = self.flashes = self.offers = self.failures = self.attempts = 0
        self.trip_z = 0.0
        self.resumes = self.heard = self.confirmed = self.bricked = self.lost = self.rolled_back = False
        self.refusal = self.failure = codes.NO_CAUSE
        self.energy_J = 0.0
        self.bytes_sent = 0

    # Luck, signal, battery

    def uniform(self, stream: int, counter: int) -> float:
        """The device's draw number ``counter`` for a purpose."""
        self.rollout.blocks_drawn += 1
        return uniform(self.rollout.parameters.seed, self.rollout.replication, self.key, stream, counter)

    def pair(self, stream: int, counter: int) -> tuple[float, float]:
        """Two draws from one block."""
        self.rollout.blocks_drawn += 1
        return uniform_pair(self.rollout.parameters.seed, self.rollout.replication, self.key, stream, counter)

    def normal(self, stream: int, counter: int) -> float:
        """A standard normal draw."""
        self.rollout.blocks_drawn += 1
        return normal(self.rollout.parameters.seed, self.rollout.replication, self.key, stream, counter)

    def next(self, stream: int) -> int:
        """The number of the next draw from a stream, from 0."""
        self.counts[stream] += 1
        return self.counts[stream]

    def rssi_dBm(self) -> float:
        """The signal now."""
        elapsed_ms = self.env.now - self.shadow_ms
        if elapsed_ms > 0:
            self.steps += 1
            z = self.normal(streams.SHADOWING, self.steps)
            correlation_s = self.radio[rows.CORRELATION_S]
            self.shadow_dB = radio.shadowing_dB(self.shadow_dB, elapsed_ms / 1000.0, self.sd_dB, correlation_s, z)
            self.shadow_ms = self.env.now
        return self.mean_dBm + self.shadow_dB

    def reading_dBm(self) -> int:
        """The signal as the module reads it."""
        if not self.rssi_known:
            return UNKNOWN
        self.readings += 1
        error_dB = float(self.radio[rows.READING_SD_DB]) * self.normal(streams.READING, self.readings)
        if self.settings.at_csq:
            return radio.csq_dBm(radio.csq(self.rssi_dBm(), error_dB))
        return radio.whole_dBm(self.rssi_dBm(), error_dB)

    def drain(self, drain_mAs: float) -> None:
        """Take charge from the battery."""
        if not self.mains:
            self.charge = max(0.0, self.charge - drain_mAs * 1000.0 / battery.charge_uC(1.0, self.capacity_mAh))

    def settle(self) -> None:
        """Take what was drawn since the last time."""
        elapsed_s = (self.env.now - self.settled_ms) / 1000.0
        if elapsed_s > 0.0 and not self.mains:
            self_mA = battery.self_discharge_mA(self.self_discharge, self.capacity_mAh)
            self.drain((self.draws_mA + self_mA) * elapsed_s)
        self.settled_ms = self.env.now

    def draw(self, current_mA: float) -> None:
        """Draw this current from now on."""
        self.settle()
        self.draws_mA = current_mA

    def spend(self, drain_mAs: float) -> None:
        """Take what a piece of the update costs."""
        self.settle()
        self.drain(drain_mAs)
        self.energy_J += battery.energy_J(self.module, drain_mAs * 1000.0)

    def powered_for_ms(self, lasts_ms: int, current_mA: float) -> int:
        """How much of ``lasts_ms`` passes before power fails."""
        while self.next_cut_ms <= self.env.now:
            self.next_cut_ms = self.cut_after(self.next_cut_ms)
        if not self.mains:
            volts = battery.loaded_V(self.chemistry, self.charge, current_mA, self.resistance_ohm, self.temperature_C)
            if battery.browns_out(self.module, volts):
                return 1
        return min(lasts_ms, self.next_cut_ms - self.env.now)

    def cut_after(self, at_ms: int) -> int:
        """When the supply fails next."""
        per_month = self.module[rows.POWER_CUTS_MAINS if self.mains else rows.POWER_CUTS_BATTERY]
        return upgrade.next_power_cut_ms(
            at_ms, per_month, self.uniform(streams.POWER_CUT, self.next(streams.POWER_CUT))
        )

    def wait(self, ms: int) -> Process:
        """Let time pass; whoever dies meanwhile is gone."""
        yield self.env.timeout(ms)
        if self.env.now >= self.dies_ms:
            self.lost = True
            raise GoneError

    # Life

    def life(self) -> Process:
        """Wake up until there is nothing more to do."""
        self.shadow_dB = self.sd_dB * self.normal(streams.SHADOWING, 0)
        self.next_cut_ms = self.cut_after(0)
        u = self.uniform(streams.CONTACT_FIRST, 0)
        first_ms = at_ms = to_ms(self.pattern.spread_s * u) - 1
        number = 0
        try:
            while True:
                yield from self.wait(at_ms - self.env.now)
                yield from self.stay()
                if self.finished:
                    return
                self.draw(self.module[rows.I_SLEEP_MA])
                while at_ms <= self.env.now:
                    number += 1
                    late = self.uniform(streams.CONTACT_JITTER, number)
                    at_ms = contact.next_wake_ms(first_ms, self.pattern.every_s, self.pattern.jitter_s, number, late)
        except GoneError:
            return

    @property
    def finished(self) -> bool:
        """Upgraded, or given up by the platform."""
        return self.upgraded or self.failures > self.rollout.parameters.plan.rollout.retries[0, rr.RETRY_COUNT]

    def stay(self) -> Process:
        """One contact: connect, and upgrade if the host agrees; an always-on device tries again after a refusal."""
        while True:
            connected = yield from self.connect()
            if not connected:
                return
            while not self.finished:
                self.offered_ms = self.env.now
                if not self.confirmed:
                    yield from self.consider()
                    if not self.confirmed:
                        break
                try:
                    yield from self.attempt()
                except ResetError:
                    connected = yield from self.restart()
                    if not connected:
                        return
                if not self.finished:
                    yield from self.wait(
                        round(self.rollout.parameters.plan.rollout.retries[0, rr.RETRY_DELAY_S] * 1000)
                    )
            if self.pattern.pattern == contact.WAKE:
                if not self.finished:
                    yield from self.wait(self.pattern.linger_ms)
                return
            if self.finished:
                return
            hold_ms = self.offered_ms + self.rollout.parameters.plan.hold_ms
            grid_ms = self.rollout.parameters.plan.grid_ms
            tick_ms = (hold_ms // grid_ms + 1) * grid_ms
            yield from self.wait(tick_ms - self.env.now)

    def connect(self) -> Process:
        """Register; a waking device that cannot gives up for this time. Its value is whether it worked."""
        self.draw(self.module[rows.I_IDLE_MA])
        while True:
            number = self.next(streams.CONNECT)
            u_delay, u_tries = self.pair(streams.CONNECT, number)
            if self.radio[rows.ROUND_TRIP_MOST_S] > 0.0:
                self.trip_z = self.normal(streams.ROUND_TRIP, number)
            seconds, connected = connect(self.radio, self.rssi_dBm(), self.resumes, u_delay, u_tries)
            yield from self.wait(to_ms(seconds))
            self.drain(seconds * float(self.module[rows.I_RECEIVE_MA]))
            if connected:
                self.resumes = self.heard = True
                self.settle()
                self.reading_dBm()
                return True
            yield from self.wait(to_ms(REOPEN_S))
            if self.pattern.pattern == contact.WAKE:
                return False

    def round_trip(self) -> Process:
        """One round trip to the platform."""
        yield from self.wait(to_ms(self.trip_s(self.rssi_dBm())))

    def trip_s(self, rssi_dBm: float) -> float:
        """The connection's round trip at this signal."""
        return float(round_trip_s(self.radio, radio.coverage_level(self.radio, rssi_dBm), self.trip_z))

    def consider(self) -> Process:
        """Take an offer, read battery and signal, decide."""
        plan = self.rollout.parameters.plan
        command_ms = to_ms(self.host.command_time)
        yield from self.round_trip()
        number = self.offers
        self.offers += 1
        self.uniform(streams.IGNORE, number)
        yield from self.wait(to_ms(delay_s(self.confirm_delay, 0, self.uniform(streams.CONFIRM, number))))
        self.settle()
        battery_pct = battery.percent(self.charge, self.mains) if self.battery_known else UNKNOWN
        if self.settings.at_cbc:
            yield from self.wait(command_ms)
        signal_dBm = self.reading_dBm()
        yield from self.wait(command_ms)
        decision = decide(True, True, False, battery_pct, signal_dBm, plan.min_battery_pct, plan.min_signal_dBm)
        self.refusal = cause_of(decision)
        self.confirmed = decision == ACCEPT

    def attempt(self) -> Process:
        """Fetch the address, download, flash, restart; what goes wrong counts as a failure. Raises ResetError."""
        self.attempts += 1
        yield from self.round_trip()
        u = self.uniform(streams.URL_TO_START, self.attempts)
        yield from self.wait(to_ms(delay_s(self.module, rows.URL_DELAY, u)))
        complete = yield from self.download()
        if not complete:
            self.fail(codes.DOWNLOAD_BROKE)
            return
        yield from self.wait(to_ms(self.rollout.parameters.protocol.flash_delay_s))
        yield from self.flash()

    def fail(self, cause: int) -> None:
        """The attempt came to nothing."""
        self.failures += 1
        self.failure = cause

    def restart(self) -> Process:
        """Reboot and be back on the network. Its value is whether it is back."""
        self.draw(self.module[rows.I_SLEEP_MA])
        u = self.uniform(streams.REBOOT, self.next(streams.REBOOT))
        yield from self.wait(to_ms(delay_s(self.module, rows.REBOOT_DELAY, u)))
        self.resumes = True
        connected = yield from self.connect()
        return connected

    # Download

    def download(self) -> Process:
        """Wait for a place at the server and in the cell, and play the segments. Its value is whether it completed."""
        rssi_dBm = self.rssi_dBm()
        level = radio.coverage_level(self.radio, rssi_dBm)
        with self.rollout.server.request() as connection:
            yield connection
            places = float(self.radio[rows.CELL_LIMIT + level])
            if math.isinf(places):
                complete = yield from self.segments(rssi_dBm)
            else:
                with self.rollout.cell((*self.place, level), places).request() as place:
                    yield place
                    complete = yield from self.segments(rssi_dBm)
        return complete

    def segments(self, rssi_dBm: float) -> Process:
        """The file, segment by segment. Its value is whether it completed; raises ResetError."""
        flash_Bps = float(self.module[rows.FLASH_WRITE_BPS])
        patience_s = self.rollout.parameters.protocol.first_progress_timeout_s
        if too_slow(self.radio, rssi_dBm, flash_Bps, patience_s):
            yield from self.wait(to_ms(patience_s))
            return False
        rssi_dBm = self.rssi_dBm()
        trip_s = self.trip_s(rssi_dBm)
        count = segments_of(self.radio, rssi_dBm, self.size_B, self.rollout.share_bps(), flash_Bps, trip_s)
        at_B = 0
        for index in range(count):
            end_B = segment_end_B(self.radio, self.size_B, index, count)
            rssi_dBm = self.rssi_dBm()
            u_break, u_count = self.pair(streams.SEGMENT, self.next(streams.SEGMENT))
            trip_s = self.trip_s(rssi_dBm)
            seconds, on_air_s, sent_B, broken = segment(
                self.radio, rssi_dBm, end_B - at_B, self.rollout.share_bps(), flash_Bps, trip_s, u_break, u_count
            )
            lasts_ms = to_ms(seconds)
            peak_mA = battery.transmit_mA(self.radio, self.module, rssi_dBm)
            after_ms = self.powered_for_ms(lasts_ms, peak_mA)
            yield from self.wait(after_ms)
            part = played(lasts_ms, after_ms)
            mean_mA = battery.download_mA(self.module, peak_mA, seconds, on_air_s, lasts_ms)
            self.spend(mean_mA * lasts_ms * part / 1000.0)
            self.bytes_sent += int(sent_B * part)
            if self.charge <= 0.0 and not self.mains:
                self.lost = True
                raise GoneError
            if after_ms < lasts_ms:
                self.fail(codes.REBOOT_IN_DOWNLOAD)
                raise ResetError
            if broken:
                return False
            at_B = end_B
        return True

    # Flash

    def flash(self) -> Process:
        """Check and write the new firmware, and restart into it. Raises ResetError."""
        attempt = self.flashes
        self.flashes += 1
        if self.uniform(streams.STORAGE, attempt) < self.module[rows.P_STORAGE]:
            self.fail(codes.NO_SPACE)
            return
        if upgrade.verify_fails(self.module, self.uniform(streams.VERIFY, attempt)):
            self.fail(codes.VERIFICATION_FAILED)
            return
        current_mA = battery.flashing_mA(self.module)
        lasts_ms = to_ms(upgrade.apply_s(self.module, self.size_B, False))
        tries = 0
        while not self.upgraded:
            tries += 1
            after_ms = self.powered_for_ms(lasts_ms, current_mA)
            yield from self.wait(after_ms)
            self.spend(current_mA * after_ms / 1000.0)
            if after_ms == lasts_ms:
                self.upgraded = True
                continue
            came_to = upgrade.after_power_loss(self.module, self.uniform(streams.BRICK, 16 * attempt + tries), tries)
            if came_to == upgrade.BRICKED:
                self.bricked = True
                raise GoneError
            if came_to != upgrade.RESUMED:
                self.fail(codes.POWER_LOST)
                self.rolled_back = self.rolled_back or came_to == upgrade.RESTORED
                raise ResetError
        yield from self.restart()

    def outcome(self) -> int:
        """What became of it."""
        if self.bricked:
            return codes.BRICKED
        if self.was_upgraded:
            return codes.ALREADY_ON_TARGET
        if self.upgraded:
            return codes.UPGRADED
        if not self.heard:
            return codes.UNREACHABLE
        if self.finished:
            return codes.ROLLED_BACK if self.rolled_back else codes.FAILED
        if self.lost:
            return codes.UNREACHABLE
        if self.confirmed:
            return codes.IN_PROGRESS
        return codes.REFUSED if self.refusal != codes.NO_CAUSE else codes.NOT_OFFERED


@dataclass(frozen=True)
class AnalystRun:
    """What a run came to."""

    outcomes: NDArray[np.int64]
    """Outcome of each device; shape (devices,)."""
    draws: int


def play(
    env: simpy.Environment, fleet: Fleet, parameters: Parameters, connections: int, egress_bps: float, replication: int
) -> AnalystRun:
    """Play the rollout to its horizon."""
    rollout = Rollout(env, parameters, replication, egress_bps, simpy.Resource(env, connections), {})
    devices = [Device(rollout, fleet, number) for number in range(fleet.n)]
    for device in devices:
        if not device.gone:
            env.process(device.life())
    env.run(until=parameters.horizon_ms)
    return AnalystRun(np.array([device.outcome() for device in devices]), rollout.blocks_drawn)
