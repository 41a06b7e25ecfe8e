"""What physics does to one device: its signal, its battery, its power supply, advanced to the present when asked."""

from __future__ import annotations

from typing import Any

from fota_sim.device import accounts, sleep
from fota_sim.device.port import contact_at, foresee, module_row, radio_row, shadowing_draw
from fota_sim.rules import battery, rows, streams
from fota_sim.rules.delay import to_ms
from fota_sim.rules.draws import normal, uniform, uniform_pair
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.link import round_trip_s
from fota_sim.rules.radio import CSQ_UNKNOWN, coverage_level, csq, csq_dBm, shadowing_dB, whole_dBm
from fota_sim.rules.upgrade import next_power_cut_ms
from fota_sim.rules.zone import FAR

NO_CUT = -1


def draw(w: Any, live: Any, stream: int, counter: int) -> float:
    """The device's uniform draw number ``counter`` from ``stream``."""
    return uniform(w.seed, w.replication, live.key, stream, counter)


def draw_pair(w: Any, live: Any, stream: int, counter: int) -> tuple[float, float]:
    """The device's two uniform draws number ``counter`` from ``stream``."""
    return uniform_pair(w.seed, w.replication, live.key, stream, counter)


def draw_normal(w: Any, live: Any, stream: int, counter: int) -> float:
    """The device's standard normal draw number ``counter`` from ``stream``."""
    return normal(w.seed, w.replication, live.key, stream, counter)


def set_up(w: Any, live: Any) -> None:
    """The body at activation: asleep, its first shadowing and its first power cut."""
    module = module_row(w, live.module)
    live.base_mA = sleep.asleep_mA(w, live)
    _foresee(w, live, 0)
    live.shadow_dB = live.sd_dB * shadowing_draw(w, live, 0)
    live.cuts_per_30_days = module[rows.POWER_CUTS_MAINS if live.mains else rows.POWER_CUTS_BATTERY]
    live.next_cut_ms = _cut_after(w, live, 0)


# Signal


def rssi_dBm(w: Any, live: Any, now_ms: int) -> float:
    """The true signal now."""
    elapsed_ms = now_ms - live.shadow_ms
    if elapsed_ms > 0:
        live.shadow_steps += 1
        z = shadowing_draw(w, live, live.shadow_steps)
        correlation_s = radio_row(w, live.radio)[rows.CORRELATION_S]
        live.shadow_dB = shadowing_dB(live.shadow_dB, elapsed_ms / 1000.0, live.sd_dB, correlation_s, z)
        live.shadow_ms = now_ms
    return float(live.mean_dBm + live.shadow_dB)


def coverage_now(w: Any, live: Any, now_ms: int) -> int:
    """The coverage level now."""
    return coverage_level(radio_row(w, live.radio), rssi_dBm(w, live, now_ms))


def _reading_error_dB(w: Any, live: Any) -> float:
    live.readings += 1
    return float(radio_row(w, live.radio)[rows.READING_SD_DB] * draw_normal(w, live, streams.READING, live.readings))


def csq_reading(w: Any, live: Any, now_ms: int) -> int:
    """One reading as AT+CSQ gives it: 0 to 31, or 99 when this device cannot read its signal."""
    if not live.rssi_known:
        return CSQ_UNKNOWN
    error_dB = _reading_error_dB(w, live)
    return csq(rssi_dBm(w, live, now_ms), error_dB)


def reading_dBm(w: Any, live: Any, now_ms: int) -> int:
    """One reading in dBm, on the 2 dB grid of AT+CSQ, or UNKNOWN."""
    index = csq_reading(w, live, now_ms)
    return UNKNOWN if index == CSQ_UNKNOWN else csq_dBm(index)


def wifi_reading_dBm(w: Any, live: Any, now_ms: int) -> int:
    """One reading as AT+QGETWIFISTATE gives it, to 1 dB, or UNKNOWN."""
    if not live.rssi_known:
        return UNKNOWN
    error_dB = _reading_error_dB(w, live)
    return whole_dBm(rssi_dBm(w, live, now_ms), error_dB)


# Battery


def settle(w: Any, live: Any, now_ms: int) -> None:
    """Take what was drawn since the last time from the battery, and count the energy of the update's work."""
    elapsed_ms = now_ms - live.settled_ms
    if elapsed_ms <= 0:
        return
    live.settled_ms = now_ms
    lasted_ms = float(elapsed_ms)
    if not live.mains:
        draws_mA = live.base_mA + live.load_mA
        left_uC, lasted_ms = battery.left_after(live.left_uC, draws_mA + live.self_mA, elapsed_ms)
        live.left_uC = left_uC
        live.drained_uC += draws_mA * lasted_ms
    if live.load_mA > 0.0:
        accounts.spend(live, battery.energy_J(module_row(w, live.module), live.load_mA * lasted_ms))


def rests(w: Any, live: Any, now_ms: int, current_mA: float) -> None:
    """From now on the device's state draws ``current_mA``, and nothing works for the update."""
    if live.mains and live.load_mA == 0.0:
        return  # nobody asks what it draws
    settle(w, live, now_ms)
    live.base_mA = current_mA
    live.load_mA = 0.0
    _foresee(w, live, now_ms)


def works(w: Any, live: Any, now_ms: int, load_mA: float) -> None:
    """From now on the update's work draws ``load_mA`` on top of what the device's state draws.

    Listening is in the mean current of a state that sleeps; a module at work does not listen.
    """
    settle(w, live, now_ms)
    if live.powered and contact_at(w, live.contact).sleeps:
        live.base_mA = module_row(w, live.module)[rows.I_IDLE_MA] if load_mA > 0.0 else sleep.idle_mA(w, live)
    live.load_mA = load_mA
    _foresee(w, live, now_ms)


def _foresee(w: Any, live: Any, now_ms: int) -> None:
    """When the battery will be empty, should nothing change."""
    if not live.mains:
        live.empty_ms = battery.empty_at_ms(now_ms, live.left_uC, live.base_mA + live.load_mA + live.self_mA)
        foresee(w, live)


def goes_out(live: Any) -> None:
    """Nothing is left, and nothing flows any more."""
    live.left_uC = 0.0
    live.base_mA = 0.0
    live.load_mA = 0.0
    live.empty_ms = FAR


def charge(live: Any) -> float:
    """The charge when it was last settled, 0 to 1."""
    return float(live.left_uC / live.capacity_uC)


def percent(w: Any, live: Any, now_ms: int) -> int:
    """The charge in whole percent, or UNKNOWN when this device cannot read it; 100 on mains."""
    if not live.battery_known:
        return UNKNOWN
    settle(w, live, now_ms)
    return battery.percent(charge(live), live.mains)


def browns_out(w: Any, live: Any, now_ms: int, current_mA: float) -> bool:
    """Whether drawing ``current_mA`` now pulls the supply below what the module needs."""
    if live.mains:
        return False
    settle(w, live, now_ms)
    voltage_V = battery.loaded_V(live.chemistry, charge(live), current_mA, live.resistance_ohm, live.temperature_C)
    return battery.browns_out(module_row(w, live.module), voltage_V)


def self_discharged_mAh(w: Any, live: Any) -> float:
    """What self-discharge took from activation to the horizon, or until the battery was empty."""
    until_ms = w.horizon_ms if live.battery_empty_ms < 0 else live.battery_empty_ms
    return battery.charge_mAh(live.self_mA * until_ms)


# Supply


def _cut_after(w: Any, live: Any, at_ms: int) -> int:
    u = draw(w, live, streams.POWER_CUT, live.cuts)
    live.cuts += 1
    return next_power_cut_ms(at_ms, live.cuts_per_30_days, u)


def cut_between(w: Any, live: Any, from_ms: int, to_ms: int) -> int:
    """When the supply fails in (from, to], or NO_CUT. Cuts that found the device idle are passed over."""
    while live.next_cut_ms <= from_ms:
        live.next_cut_ms = _cut_after(w, live, live.next_cut_ms)
    return live.next_cut_ms if live.next_cut_ms <= to_ms else NO_CUT


def round_trip_ms(w: Any, live: Any, now_ms: int) -> int:
    """One round trip to the platform at the signal of this moment."""
    return to_ms(trip_s(w, live, rssi_dBm(w, live, now_ms)))


def trip_s(w: Any, live: Any, rssi_dBm: float) -> float:
    """The connection's round trip at this signal, in seconds; worked out anew only at another coverage level."""
    radio = radio_row(w, live.radio)
    level = coverage_level(radio, rssi_dBm)
    if level != live.trip_level:
        live.trip_level = level
        live.trip_s = round_trip_s(radio, level, live.trip_z)
    return float(live.trip_s)
