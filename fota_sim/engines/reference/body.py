"""What physics does to one device: its signal, its battery, its power supply."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.parameters import Parameters
from fota_sim.engines.reference.story import Story
from fota_sim.fleet.devices import Fleet
from fota_sim.rules import battery, rows, streams
from fota_sim.rules.draws import normal, uniform, uniform_pair
from fota_sim.rules.fates import NEVER
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.radio import CSQ_UNKNOWN, coverage_level, csq, csq_dBm, shadowing_dB, whole_dBm
from fota_sim.rules.upgrade import next_power_cut_ms
from fota_sim.rules.zone import FAR


class Body:
    """Signal, charge and mains of one device, advanced to the present whenever somebody looks."""

    def __init__(self, device: int, fleet: Fleet, parameters: Parameters, replication: int, story: Story) -> None:
        self._story = story
        self.radio: NDArray[np.float64] = parameters.radios[fleet.radio[device]]
        self.module: NDArray[np.float64] = parameters.modules[fleet.module[device]]
        self._seed = parameters.seed
        self._replication = replication
        self._key = fleet.keys[device]
        self._mean_dBm = float(fleet.rssi_mean_dBm[device])
        self._sd_dB = float(fleet.rssi_sd_dB[device])
        self._rssi_known = bool(fleet.rssi_known[device])
        self._battery_known = bool(fleet.battery_known[device])
        self._temperature_C = float(fleet.temperature_C[device])
        self._chemistry = int(fleet.chemistry[device])
        self._resistance_ohm = float(fleet.resistance_ohm[device])
        self.mains = bool(fleet.mains[device])
        capacity_mAh = battery.usable_capacity_mAh(
            self._chemistry, float(fleet.capacity_mAh[device]), self._temperature_C
        )
        self._soc = float(fleet.charge[device])
        self._capacity_uC = battery.charge_uC(1.0, capacity_mAh)
        self._left_uC = battery.charge_uC(self._soc, capacity_mAh)
        self._drained_uC = 0.0
        self._self_mA = battery.self_discharge_mA(float(fleet.self_discharge[device]), capacity_mAh)
        self._base_mA = float(self.module[rows.I_SLEEP_MA])
        self._load_mA = 0.0
        self.empty_ms = FAR
        """When the battery will be empty, should nothing change."""
        self.foreseen: Callable[[], None] = lambda: None
        """Told when ``empty_ms`` may have become earlier."""
        self._shadow_dB = self._sd_dB * self.normal(streams.SHADOWING, 0)
        self._shadow_ms = 0
        self._shadow_steps = 0
        self._settled_ms = 0
        self._readings = 0
        cuts = rows.POWER_CUTS_MAINS if self.mains else rows.POWER_CUTS_BATTERY
        self._cuts_per_30_days = float(self.module[cuts])
        self._cuts = 0
        self._next_cut_ms = self._cut_after(0)
        self._foresee(0)

    def uniform(self, stream: int, counter: int) -> float:
        """The device's uniform draw number ``counter`` from ``stream``."""
        return uniform(self._seed, self._replication, self._key, stream, counter)

    def uniform_pair(self, stream: int, counter: int) -> tuple[float, float]:
        """The device's two uniform draws number ``counter`` from ``stream``."""
        return uniform_pair(self._seed, self._replication, self._key, stream, counter)

    def normal(self, stream: int, counter: int) -> float:
        """The device's standard normal draw number ``counter`` from ``stream``."""
        return normal(self._seed, self._replication, self._key, stream, counter)

    # Signal

    def rssi_dBm(self, now_ms: int) -> float:
        """The true signal now."""
        elapsed_ms = now_ms - self._shadow_ms
        if elapsed_ms > 0:
            self._shadow_steps += 1
            z = self.normal(streams.SHADOWING, self._shadow_steps)
            self._shadow_dB = shadowing_dB(
                self._shadow_dB, elapsed_ms / 1000.0, self._sd_dB, self.radio[rows.CORRELATION_S], z
            )
            self._shadow_ms = now_ms
        return self._mean_dBm + self._shadow_dB

    def level(self, now_ms: int) -> int:
        """The coverage level now."""
        return coverage_level(self.radio, self.rssi_dBm(now_ms))

    def csq(self, now_ms: int) -> int:
        """One reading as AT+CSQ gives it: 0 to 31, or 99 when this device cannot read its signal."""
        if not self._rssi_known:
            return CSQ_UNKNOWN
        self._readings += 1
        error_dB = float(self.radio[rows.READING_SD_DB]) * self.normal(streams.READING, self._readings)
        return csq(self.rssi_dBm(now_ms), error_dB)

    def reading_dBm(self, now_ms: int) -> int:
        """One reading in dBm, on the 2 dB grid of AT+CSQ, or UNKNOWN."""
        index = self.csq(now_ms)
        return UNKNOWN if index == CSQ_UNKNOWN else csq_dBm(index)

    def wifi_reading_dBm(self, now_ms: int) -> int | None:
        """One reading as AT+QGETWIFISTATE gives it, to 1 dB, or None when this device cannot read its signal."""
        if not self._rssi_known:
            return None
        self._readings += 1
        error_dB = float(self.radio[rows.READING_SD_DB]) * self.normal(streams.READING, self._readings)
        return whole_dBm(self.rssi_dBm(now_ms), error_dB)

    # Battery

    def settle(self, now_ms: int) -> None:
        """Take what was drawn since the last time from the battery, and count the energy of the update's work."""
        elapsed_ms = now_ms - self._settled_ms
        if elapsed_ms <= 0:
            return
        self._settled_ms = now_ms
        lasted_ms = float(elapsed_ms)
        if not self.mains:
            draws_mA = self._base_mA + self._load_mA
            self._left_uC, lasted_ms = battery.left_after(self._left_uC, draws_mA + self._self_mA, elapsed_ms)
            self._drained_uC += draws_mA * lasted_ms
        if self._load_mA > 0.0:
            self._story.spend(battery.energy_J(self.module, self._load_mA * lasted_ms))

    def rests(self, now_ms: int, current_mA: float) -> None:
        """From now on the device's state draws ``current_mA``, and nothing works for the update."""
        self.settle(now_ms)
        self._base_mA = current_mA
        self._load_mA = 0.0
        self._foresee(now_ms)

    def works(self, now_ms: int, load_mA: float) -> None:
        """From now on the update's work draws ``load_mA`` on top of what the device's state draws."""
        self.settle(now_ms)
        self._load_mA = load_mA
        self._foresee(now_ms)

    def _foresee(self, now_ms: int) -> None:
        if not self.mains:
            drain_mA = self._base_mA + self._load_mA + self._self_mA
            self.empty_ms = battery.empty_at_ms(now_ms, self._left_uC, drain_mA)
            self.foreseen()

    def goes_out(self) -> None:
        """Nothing is left, and nothing flows any more."""
        self._left_uC = self._base_mA = self._load_mA = 0.0
        self.empty_ms = FAR

    @property
    def charge(self) -> float:
        """The charge when it was last settled, 0 to 1."""
        return self._soc if self.mains else self._left_uC / self._capacity_uC

    @property
    def drained_mAh(self) -> float:
        """What the device took from its battery."""
        return battery.charge_mAh(self._drained_uC)

    def self_discharged_mAh(self, horizon_ms: int) -> float:
        """What self-discharge took from activation to the horizon, or until the battery was empty."""
        if self.mains:
            return 0.0
        empty_ms = self._story.battery_empty_ms
        return battery.charge_mAh(self._self_mA * (horizon_ms if empty_ms == NEVER else empty_ms))

    def percent(self, now_ms: int) -> int:
        """The charge in whole percent, or UNKNOWN when this device cannot read it; 100 on mains."""
        if not self._battery_known:
            return UNKNOWN
        self.settle(now_ms)
        return battery.percent(self.charge, self.mains)

    def millivolts(self) -> int:
        """The supply voltage at rest."""
        return battery.millivolts(self.module, self._chemistry, self.charge, self.mains)

    def browns_out(self, current_mA: float) -> bool:
        """Whether drawing ``current_mA`` now pulls the supply below what the module needs."""
        if self.mains:
            return False
        voltage_V = battery.loaded_V(
            self._chemistry, self.charge, current_mA, self._resistance_ohm, self._temperature_C
        )
        return battery.browns_out(self.module, voltage_V)

    # Supply

    def _cut_after(self, at_ms: int) -> int:
        u = self.uniform(streams.POWER_CUT, self._cuts)
        self._cuts += 1
        return next_power_cut_ms(at_ms, self._cuts_per_30_days, u)

    def cut_between(self, from_ms: int, to_ms: int) -> int | None:
        """When the supply fails in (from, to], or None. Cuts that found the device idle are passed over."""
        while self._next_cut_ms <= from_ms:
            self._next_cut_ms = self._cut_after(self._next_cut_ms)
        return self._next_cut_ms if self._next_cut_ms <= to_ms else None
