"""Where a device's story begins and ends."""

from __future__ import annotations

from typing import Any

from fota_sim.device import body, exhaustion, faults, modem, offers
from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.device.port import (
    byte_at,
    component_at,
    contact_at,
    copy_noted,
    ended_at,
    flag_at,
    float_at,
    host_at,
    int_at,
    mcu_of,
    new_live,
    part_at,
    row_at,
    schedule,
    short_at,
    word_at,
    zone_of,
)
from fota_sim.rules import battery, codes, plan
from fota_sim.rules.contact import ALWAYS, first_contact_ms, first_tau_ms
from fota_sim.rules.draws import uniform
from fota_sim.rules.outcome import outcome, phase
from fota_sim.rules.streams import CONTACT_FIRST


def bring_to_life(w: Any, device: int) -> Any:
    """The device as it is at activation."""
    live = new_live(w, device)
    live.key = word_at(w.keys_at, device * w.keys_step)
    live.who = device
    live.plan = w.plan
    live.radio = short_at(w.radio_at, device * w.radio_step)
    live.module = short_at(w.module_at, device * w.module_step)
    live.host = short_at(w.host_at, device * w.host_step)
    live.contact = short_at(w.group_at, device * w.group_step)
    live.zone = short_at(w.zone_at, device * w.zone_step)
    live.cell = short_at(w.cell_at, device * w.cell_step)
    live.chemistry = short_at(w.chemistry_at, device * w.chemistry_step)
    joins_ms = int_at(w.joins_ms_at, device * w.joins_ms_step)
    live.resumes = contact_at(w, live.contact).sleeps and joins_ms == 0  # it stays registered
    live.on_list = offers.on_list(w, device)
    live.confirms_ms = int_at(w.confirms_ms_at, device * w.confirms_ms_step) if w.manual else 0
    live.mean_dBm = float_at(w.mean_dBm_at, device * w.mean_dBm_step)
    live.sd_dB = float_at(w.sd_dB_at, device * w.sd_dB_step)
    live.temperature_C = float_at(w.temperature_C_at, device * w.temperature_C_step)
    live.mains = flag_at(w.mains_at, device * w.mains_step)
    live.capacity_uC = 1.0
    live.left_uC = float_at(w.charge_at, device * w.charge_step)
    if not live.mains:
        _have_battery(w, live, device)
    live.rssi_known = flag_at(w.rssi_known_at, device * w.rssi_known_step)
    live.battery_known = flag_at(w.battery_known_at, device * w.battery_known_step)
    live.logged = flag_at(w.logged_at, device * w.logged_step)
    live.gone = flag_at(w.gone_at, device * w.gone_step)
    live.rank = short_at(w.rank_at, device * w.rank_step)
    live.wave = short_at(w.wave_at, device * w.wave_step)
    live.too_late = flag_at(w.too_late_at, device * w.too_late_step)
    live.first_served = flag_at(w.first_served_at, device * w.first_served_step)
    ended = ended_at(w, device)
    live.cancelled = ended.cancelled
    live.belief = ended.belief
    live.status = ended.status
    _have_components(w, live, device)
    body.set_up(w, live)
    if w.urc_faults or w.download_faults or w.p_garbled > 0.0:
        faults.befall(w, live)
    if int_at(w.dies_ms_at, device * w.dies_ms_step) != NONE and not live.gone:
        schedule(w, live, int_at(w.dies_ms_at, device * w.dies_ms_step), e.DIES, 0, 0)
    return live


def _have_battery(w: Any, live: Any, device: int) -> None:
    """What its battery holds, in place of the one of 1 uC from which nothing is taken on mains."""
    capacity_mAh = float_at(w.capacity_mAh_at, device * w.capacity_mAh_step)
    capacity_mAh = battery.usable_capacity_mAh(live.chemistry, capacity_mAh, live.temperature_C)
    live.capacity_uC = battery.charge_uC(1.0, capacity_mAh)
    live.left_uC = battery.charge_uC(live.left_uC, capacity_mAh)
    live.resistance_ohm = float_at(w.resistance_ohm_at, device * w.resistance_ohm_step)
    self_discharge = float_at(w.self_discharge_at, device * w.self_discharge_step)
    live.self_mA = battery.self_discharge_mA(self_discharge, capacity_mAh)


def first_report_of(w: Any, device: int) -> int:
    """When the device first comes into contact by itself, be that within the run or not."""
    pattern = contact_at(w, short_at(w.group_at, device * w.group_step))
    zone = zone_of(w, short_at(w.zone_at, device * w.zone_step))
    u = uniform(w.seed, w.replication, word_at(w.keys_at, device * w.keys_step), CONTACT_FIRST, 0)
    joins_ms = int_at(w.joins_ms_at, device * w.joins_ms_step)
    return first_contact_ms(pattern.pattern, pattern.spread_s, pattern.from_min, pattern.to_min, zone, joins_ms, u)


def first_wake_of(w: Any, device: int) -> int:
    """When the device is first in contact, or can be reached after a TAU; NONE if it never is within the run."""
    if flag_at(w.gone_at, device * w.gone_step):
        return NONE
    pattern = contact_at(w, short_at(w.group_at, device * w.group_step))
    report_ms = first_report_of(w, device)
    joins_ms = int_at(w.joins_ms_at, device * w.joins_ms_step)
    first_ms = min(report_ms, first_tau_ms(report_ms, pattern.every_s, pattern.tau_ms, joins_ms))
    dies_ms = int_at(w.dies_ms_at, device * w.dies_ms_step)
    return first_ms if first_ms < w.horizon_ms and (dies_ms == NONE or dies_ms > first_ms) else NONE


def _have_components(w: Any, live: Any, device: int) -> None:
    """What runs on the device, and which defects will hit it."""
    for j in range(w.parts):
        part = part_at(w, live.first_part + j)
        part.running = mcu_of(w)[device, j] if j < w.module_part else NONE
        part.told = NONE
        part.known = NONE
        part.effect = NONE
        part.dies_after_s = 0.0
    part_at(w, live.first_part + w.module_part).running = short_at(w.firmware_at, device * w.firmware_step)
    for component in range(w.components):
        c = component_at(w, component)
        part = part_at(w, live.first_part + c.part)
        part.effect = byte_at(w.effects_at, (component * w.devices + device) * w.effects_step)
        part.dies_after_s = float_at(w.dies_after_s_at, (component * w.devices + device) * w.dies_after_s_step)
        # a component that no group speaks of counts as running what the module runs
        running = part.running if c.part < w.module_part else short_at(w.firmware_at, device * w.firmware_step)
        if running != c.target:
            live.to_install += 1
    if live.on_list == codes.OTHER_PRODUCT:
        live.to_install = w.components  # whatever it is called, it is another firmware
    live.was_on_target = live.to_install == 0


def is_lost_unheard(w: Any, live: Any, device: int) -> None:
    """The end of a device that was never in contact: it may have disappeared before its battery was empty."""
    dies_ms = int_at(w.dies_ms_at, device * w.dies_ms_step)
    if dies_ms != NONE and dies_ms < live.empty_ms and not live.gone:
        modem.die(w, live, dies_ms, codes.LOST)


def _asks_again(w: Any, live: Any) -> bool:
    """Whether another question would have come; one that is always there may ask in its only contact, once."""
    pattern = contact_at(w, live.contact)
    asked_for_good = pattern.pattern == ALWAYS and pattern.request_every_ms == 0 and live.heard
    return bool(host_at(w, live.host).asks and not asked_for_good)


def _last_reason(w: Any, live: Any) -> int:
    """Why it was not offered the plan; time ran out only for who would have asked again, or been pushed to.

    Or for whose offer is on its way.
    """
    if live.withheld == plan.OFFER and live.offered_ms >= 0:
        return codes.TIME_RAN_OUT
    ends_ms = min(w.ends_ms, w.horizon_ms)
    reason = plan.last_reason(live.withheld, w.starts_ms, live.confirms_ms, live.retry_ms, ends_ms)
    if reason == codes.TIME_RAN_OUT and not w.push and not _asks_again(w, live):
        return codes.NO_CAUSE
    return int(reason)


def finish(w: Any, live: Any) -> None:
    """Write down what came of the device."""
    if live.empty_ms < w.horizon_ms:
        exhaustion.runs_dry(w, live, live.empty_ms)
    body.settle(w, live, w.horizon_ms)
    if live.running:
        row_at(w, live.row).end_ms = w.horizon_ms
    ended = ended_at(w, live.who)
    ended.outcome, ended.cause = outcome(
        live.bricked,
        live.to_install == 0,
        live.was_on_target,
        live.cancelled,
        live.on_list,
        live.gone,
        live.contacts if live.heard else 0,
        live.lost,
        live.given_up or live.done,
        live.rolled_back,
        live.failure,
        phase(live.reachable, live.state, live.confirmed, live.given_up or live.done),
        live.refusal,
        plan.is_over(w.plan_state),
        _last_reason(w, live),
        live.offers > 0,
        _asks_again(w, live),
    )
    ended.belief = live.belief
    ended.status = live.status
    ended.cancelled = live.cancelled
    copy_noted(live, ended)
    ended.charge = body.charge(live)
    if not live.mains:
        ended.drained_mAh = battery.charge_mAh(live.drained_uC)
        ended.self_discharged_mAh = body.self_discharged_mAh(w, live)
    own = part_at(w, live.first_part + w.module_part)
    ended.firmware = own.running
    ended.reported = own.known
    for j in range(w.module_part):
        mcu_of(w)[live.who, j] = part_at(w, live.first_part + j).running
