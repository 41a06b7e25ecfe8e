"""From a scenario and a fleet to what the engines play: parameter rows, integer times, plain settings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.components import Component, build_components
from fota_sim.engines.openings import openings
from fota_sim.engines.rollout import RolloutParameters, pace_of, rollout_parameters
from fota_sim.engines.zones import zone_table
from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.lists import list_mask
from fota_sim.fleet.own_timers import timers_of
from fota_sim.protocol.settings import OtaSettings
from fota_sim.rules import contact, rows, share, streams
from fota_sim.rules import plan as plan_rules
from fota_sim.rules.delay import delay_s, to_ms
from fota_sim.rules.draws import fill_uniform
from fota_sim.rules.labels import BOOT_SCHEMES
from fota_sim.rules.radio import complete
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.fleet import Contact
from fota_sim.scenario.host import Host
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.module import Module
from fota_sim.scenario.radio import Radio
from fota_sim.scenario.sleep import Access, Sleep, access_of
from fota_sim.scenario.zones import zone_info

Row = NDArray[np.float64]

_LAWS = {"mcs": rows.LAW_MCS, "shannon": rows.LAW_SHANNON, "nb-iot": rows.LAW_NB_IOT, "table": rows.LAW_TABLE}
_DELAYS = {
    "constant": rows.DELAY_CONSTANT,
    "uniform": rows.DELAY_UNIFORM,
    "normal": rows.DELAY_NORMAL,
    "lognormal": rows.DELAY_LOGNORMAL,
}
_PATTERNS = {"always": contact.ALWAYS, "wake": contact.WAKE, "daily": contact.DAILY}
_ACTIVE_AT_START = 1  # ms by which an operator's action at 0 follows activation


def delay_row(law: Distribution, path: str) -> Row:
    """A delay as a row; raises ScenarioError for laws that delays do not have."""
    if law.kind not in _DELAYS:
        message = f"a delay is a duration or uniform, normal or lognormal, not a {law.kind}"
        raise ScenarioError([Problem("", 0, 0, path, message)])
    a, b = {
        "constant": (law.value, 0.0),
        "uniform": (law.low, law.high),
        "normal": (law.mean, law.sd),
        "lognormal": (law.median, law.sigma),
    }[law.kind]
    low = max(0.0, law.min if law.min is not None else 0.0)
    high = law.max if law.max is not None else math.inf
    return np.array([_DELAYS[law.kind], a, b, low, high])


def radio_row(name: str, radio: Radio) -> Row:
    """One radio as a row (:mod:`fota_sim.rules.rows`)."""
    row = np.zeros(rows.RADIO_ROW)
    row[rows.LAW] = _LAWS[radio.law]
    row[rows.EFFICIENCY] = radio.efficiency * radio.speed
    row[rows.MARGIN_DB] = radio.margin
    row[rows.BANDWIDTH_HZ] = radio.bandwidth
    row[rows.NOISE_FIGURE_DB] = radio.noise_figure
    row[rows.INTERFERENCE_DB] = radio.interference_margin
    row[rows.ALPHA] = radio.alpha
    row[rows.SHARE] = radio.share * radio.speed
    row[rows.SNR_MIN_DB] = radio.snr_min
    row[rows.RATE_CAP_BPS] = radio.rate_cap * radio.speed
    row[rows.TRANSPORT_BLOCK_BITS] = radio.transport_block
    row[rows.GAP_S : rows.GAP_S + 3] = [each / radio.speed for each in radio.gap]
    row[rows.BLOCK_MODE] = radio.mode == "block"
    row[rows.CHUNK_B] = radio.chunk
    row[rows.OVERHEAD] = radio.overhead
    row[rows.ROUND_TRIP_S : rows.ROUND_TRIP_S + 3] = [each / radio.speed for each in radio.rtt]
    if any(radio.rtt_sigma):
        row[rows.ROUND_TRIP_SIGMA : rows.ROUND_TRIP_SIGMA + 3] = radio.rtt_sigma
        row[rows.ROUND_TRIP_MOST_S] = radio.rtt_max / radio.speed
    row[rows.COVERAGE_EDGE_DBM : rows.COVERAGE_EDGE_DBM + 2] = radio.ce_edges or (-math.inf, -math.inf)
    row[rows.S50_DBM] = radio.s50
    row[rows.WIDTH_DB] = radio.width
    row[rows.P_FLOOR] = radio.p_floor
    row[rows.RECOVERY_S] = radio.recovery
    row[rows.CHUNK_ATTEMPTS] = radio.chunk_attempts
    row[rows.RESUME_S] = radio.resume
    row[rows.CORRELATION_S] = radio.rssi_correlation_time
    row[rows.READING_SD_DB] = radio.reading_sd
    row[rows.MAX_SEGMENTS] = radio.segments
    row[rows.CELL_LIMIT : rows.CELL_LIMIT + 3] = radio.cell_concurrency or (math.inf, math.inf, math.inf)
    row[rows.TABLE_POINTS] = len(radio.table)
    table_speed = 1.0 if radio.law == "mcs" else radio.speed  # there the efficiency has it already
    for i, (level_dBm, rate_bps) in enumerate(radio.table):
        row[rows.TABLE_DBM + i] = level_dBm
        row[rows.TABLE_BPS + i] = rate_bps * table_speed
    row[rows.CONNECT_DELAY : rows.CONNECT_DELAY + rows.DELAY_ROW] = delay_row(radio.connect, f"radios.{name}.connect")
    row[rows.SEGMENT_S] = radio.segment_time
    complete(row)
    return row


def module_row(name: str, module: Module) -> Row:
    """One module model as a row (:mod:`fota_sim.rules.rows`)."""
    row = np.zeros(rows.MODULE_ROW)
    row[rows.SUPPLY_V] = module.supply
    row[rows.I_RECEIVE_MA] = module.i_receive
    row[rows.I_GAP_MA] = module.i_gap
    row[rows.I_TRANSMIT_0_MA] = module.i_transmit_0dBm
    row[rows.I_TRANSMIT_23_MA] = module.i_transmit_23dBm
    row[rows.TRANSMIT_DUTY] = module.transmit_duty
    row[rows.I_IDLE_MA] = module.i_idle
    row[rows.I_SLEEP_MA] = module.i_sleep
    row[rows.I_EDRX_MA] = module.i_sleep if module.i_edrx is None else module.i_edrx
    row[rows.I_FLASH_MA] = module.i_flash
    row[rows.V_MIN] = module.v_min
    row[rows.FLASH_WRITE_BPS] = module.flash_write
    row[rows.FREE_FLASH_B] = module.free_flash
    row[rows.BOOT_SCHEME] = BOOT_SCHEMES.index(module.boot)
    row[rows.APPLY_FIXED_S] = module.apply_fixed
    row[rows.APPLY_BPS] = module.apply_rate
    row[rows.DELTA_EXPANSION] = module.delta_expansion
    row[rows.BOOT_ATTEMPTS] = module.boot_attempts
    row[rows.P_BRICK] = module.brick_on_power_loss
    row[rows.P_VERIFY] = module.verify_failure
    row[rows.P_TRUNCATED] = module.accepts_truncated
    row[rows.P_STORAGE] = module.storage_failure
    row[rows.POWER_CUTS_MAINS] = module.power_cuts_mains
    row[rows.POWER_CUTS_BATTERY] = module.power_cuts_battery
    row[rows.REBOOT_DELAY : rows.REBOOT_DELAY + rows.DELAY_ROW] = delay_row(module.reboot, f"modules.{name}.reboot")
    row[rows.URL_DELAY : rows.URL_DELAY + rows.DELAY_ROW] = delay_row(
        module.url_to_start, f"modules.{name}.url_to_start"
    )
    return row


@dataclass(frozen=True, eq=False)
class ContactParameters:
    """A group's contact pattern."""

    pattern: int
    spread_s: float
    every_s: float
    jitter_s: float
    from_min: int
    to_min: int
    request_every_ms: int
    """0: once a contact."""
    linger_ms: int
    sleeps: bool = False
    tau_ms: int = 0
    """T3412; 0 without PSM."""
    active_ms: int = 0
    edrx_ms: int = 0
    """0 without eDRX."""
    window_ms: int = 0
    inactivity_ms: int = 0
    keep_ms: int = -1
    """-1: for ever."""


def contact_parameters(settings: Contact, access: Access) -> ContactParameters:
    """A contact pattern with its own defaults filled in, and those of sleep by the kind of radio."""
    spread_s = settings.spread
    if spread_s is None:
        spread_s = settings.every if settings.pattern == "wake" else 600.0
    return ContactParameters(
        _PATTERNS[settings.pattern],
        spread_s,
        settings.every,
        settings.jitter,
        settings.hours.from_min,
        settings.hours.to_min,
        0 if settings.request_every is None else to_ms(settings.request_every),
        to_ms(settings.linger if settings.sleep is None else settings.sleep.linger_s(access)),
        *(() if settings.sleep is None else _sleep(settings.sleep, access)),
    )


def _sleep(settings: Sleep, access: Access) -> Iterator[int]:
    """The fields of ``ContactParameters`` about sleep, from ``sleeps`` on."""
    yield True
    lasts_s = (settings.t3412, settings.t3324, settings.edrx, settings.window_s(access), settings.inactivity_s(access))
    for seconds in lasts_s:
        yield to_ms(seconds) if seconds else 0
    keeps_s = settings.keeps_downlinks
    yield -1 if keeps_s is None else round(keeps_s * 1000.0)


class OperatorStep(NamedTuple):
    """Something that the operator does."""

    at_ms: int
    do: str
    devices: list[int]
    """Whom it is about, for actions on devices."""
    rate: tuple[NDArray[np.int64], NDArray[np.float64]] | None
    """change_rate: the new one, as ``state`` and ``pace`` of a rollout that has not begun."""


@dataclass(frozen=True, eq=False)
class PlanParameters:
    """A plan as the platform plays it."""

    name: str
    """What it is called among several; empty if there is one."""
    components: tuple[Component, ...]
    module_component: str
    starts_ms: int
    ends_ms: int
    push: bool
    push_from_min: int
    push_to_min: int
    zone: NDArray[np.int64]
    openings: list[NDArray[np.int64]]
    """When maintenance windows are open for devices in each of ``Parameters.zones``."""
    holds: bool
    """Whether a refusal only holds the push back (silent and active), rather than ending it."""
    hold_ms: int
    platform_checks: bool
    offers_unknown: bool
    min_battery_pct: int
    min_signal_dBm: int
    telemetry_ms: int
    """How old telemetry may be; NEVER_AGAIN: any age."""
    grid_ms: int
    """Between two push ticks; 0: at once."""
    delete_rule: str
    operator: tuple[OperatorStep, ...]
    rollout: RolloutParameters
    user_confirm: Row | None
    """manual mode: when the App user confirms; None in silent mode."""
    user_confirm_share: float
    product: tuple[str, str]
    """Product key and secret."""
    of_other_products: list[bool]
    """Of each group, whether its devices are of a product that the plan is not for."""

    @property
    def retries_to_come(self) -> bool:
        """Whether the operator will have devices tried again that were given up."""
        return any(step.do == "retry" for step in self.operator)

    def to_install(self, fleet: Fleet, device: int) -> int:
        """How many components of ``device`` do not run their target version at the start."""
        return sum(
            running_version(fleet, component, device) != component.target_version for component in self.components
        )


def running_version(fleet: Fleet, component: Component, device: int) -> str:
    """The version of ``component`` that ``device`` runs at the start; empty where it has no such component."""
    if component.identifier in fleet.mcu:
        return str(fleet.mcu[component.identifier][device])
    return str(fleet.firmware[device])


@dataclass(frozen=True, eq=False)
class Parameters:
    """Everything an engine needs beside the fleet."""

    seed: int
    horizon_ms: int
    radios: list[Row]
    modules: list[Row]
    module_settings: list[Module]
    hosts: list[Host]
    host_delays: list[Row]
    contacts: list[ContactParameters]
    """Of each group, then of each period that a device has for itself."""
    contact_of: NDArray[np.int32]
    """The place in ``contacts`` of each device's, shape (devices,)."""
    zones: list[NDArray[np.int64]]
    protocol: OtaSettings
    plans: tuple[PlanParameters, ...]
    """In the order in which they take devices."""
    plan_of: NDArray[np.int8]
    """Number of each device's plan, shape (devices,)."""

    @property
    def plan(self) -> PlanParameters:
        """The plan; raises ValueError if there are several."""
        [only] = self.plans
        return only

    def by_plan(self, columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Of a column of each plan the entries of its own devices; shape (..., devices). Rows that one lacks are 0."""
        if len(columns) == 1:
            return columns[0]
        longest = max(columns, key=len)
        found = np.zeros(longest.shape, dtype=longest.dtype)
        for number, column in enumerate(columns):
            own = self.plan_of == number
            if column.ndim == 1:
                found[own] = column[own]
            else:
                found[: len(column), own] = column[:, own]
        return found


def contacts_of(
    settings: Sequence[Contact], fleet: Fleet, accesses: Sequence[Access]
) -> tuple[list[ContactParameters], NDArray[np.int32]]:
    """Contact patterns, and which is each device's, shape (devices,).

    ``settings`` by number of the group, ``accesses`` by number of the radio, which defaults of sleep hang on.
    """
    contacts = [contact_parameters(each, "lte") for each in settings]
    sleeps = np.array([each.sleep is not None for each in settings])[fleet.group]
    own = np.flatnonzero((fleet.contact_every_s > 0.0) | sleeps)
    if not len(own):
        return contacts, fleet.group
    narrow = np.array([access == "nb-iot" for access in accesses])[fleet.radio]
    told = (fleet.group, fleet.contact_every_s, sleeps & narrow, fleet.own_timers)
    kinds, which = np.unique(np.stack([column[own].astype(np.float64) for column in told]), axis=1, return_inverse=True)
    for group, every_s, is_narrow, timers in kinds.T.tolist():
        each = settings[int(group)]
        if each.sleep is not None and timers:
            each = each.model_copy(update={"sleep": each.sleep.model_copy(update=timers_of(int(timers)))})
        if every_s > 0.0:
            each = each.model_copy(update={"every": every_s})
        contacts.append(contact_parameters(each, "nb-iot" if is_narrow else "lte"))
    place = fleet.group.copy()
    place[own] = len(settings) + which.reshape(-1)
    return contacts, place


def _named(scenario: Scenario, fleet: Fleet, index: int) -> list[int]:
    """Numbers of the devices that an operator action is about."""
    devices = scenario.plan.operator[index].devices
    if devices is None:
        return []
    named = list_mask(devices, fleet, scenario, f"plan.operator[{index}].devices")
    numbers: list[int] = np.flatnonzero(named & fleet.of_plan(scenario.plan_number)).tolist()
    return numbers


def build_parameters(scenario: Scenario, fleet: Fleet, replication: int) -> Parameters:
    """Compile a scenario for one replication's fleet; raises ScenarioError for what only shows here."""
    start = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
    horizon_ms = scenario.horizon_ms
    sources = {source.name: source for source in scenario.fleet.sources}
    groups = [sources[name] for name in fleet.group_names]
    hosts = [scenario.hosts[name] for name in fleet.host_names]
    modules = [scenario.modules[name] for name in fleet.module_names]
    settings = scenario.protocol
    accesses = [access_of(scenario.radios[name].law) for name in fleet.radio_names]
    contacts, contact_of = contacts_of([group.contact for group in groups], fleet, accesses)
    return Parameters(
        seed=scenario.seed,
        horizon_ms=horizon_ms,
        radios=[radio_row(name, scenario.radios[name]) for name in fleet.radio_names],
        modules=[module_row(name, scenario.modules[name]) for name in fleet.module_names],
        module_settings=modules,
        hosts=hosts,
        host_delays=[delay_row(h.confirm_delay, "hosts.confirm_delay") for h in hosts],
        contacts=contacts,
        contact_of=contact_of,
        zones=[zone_table(name, start, horizon_ms) for name in fleet.time_zone_names],
        protocol=OtaSettings(
            success_urc=settings.success_urc,
            qind=settings.qind,
            announce_decision=settings.announce_decision,
            max_download_failures=settings.max_download_failures,
            url_timeout_s=settings.url_timeout,
            progress_interval_s=settings.progress_interval,
            first_progress_timeout_s=settings.first_progress_timeout,
            http_timeout_s=settings.http_timeout,
            read_timeout_s=settings.read_timeout,
            flash_delay_s=settings.flash_delay,
            mcu_update_timeout_s=settings.mcu_update_timeout,
            success_report=settings.success_report,
            refusal_counts=scenario.network.server.refusal_counts,
        ),
        plans=tuple(_plan_parameters(each, fleet, replication, start) for each in scenario.each_plan),
        plan_of=np.zeros(fleet.n, dtype=np.int8) if fleet.plan is None else fleet.plan,
    )


def _plan_parameters(scenario: Scenario, fleet: Fleet, replication: int, start: datetime) -> PlanParameters:
    """Compile the one plan of ``scenario``."""
    plan = scenario.plan
    horizon_ms = scenario.horizon_ms
    sources = {source.name: source for source in scenario.fleet.sources}
    confirms = delay_row(plan.user_confirm, scenario.path_of("plan.user_confirm")) if plan.mode == "manual" else None
    return PlanParameters(
        name=scenario.plan_name,
        components=build_components(scenario, fleet, replication),
        module_component=scenario.module_component,
        starts_ms=round(plan.starts * 1000),
        ends_ms=horizon_ms if plan.ends is None else round(plan.ends * 1000),
        push=plan.push,
        push_from_min=plan.push_period.from_min if plan.push_period else 0,
        push_to_min=plan.push_period.to_min if plan.push_period else 0,
        zone=zone_table(plan.time_zone or scenario.time_zone, start, horizon_ms),
        openings=[_openings(scenario, name, start) for name in fleet.time_zone_names],
        holds=plan.push and plan.mode == "silent",
        hold_ms=round(plan.rejection_hold * 1000),
        platform_checks=plan.strategy.enforced_by == "platform",
        offers_unknown=plan.strategy.when_unknown == "offer",
        min_battery_pct=share.rounded_up(plan.strategy.min_battery, 100),  # readings are whole percents
        min_signal_dBm=plan.strategy.min_reading_dBm,
        telemetry_ms=_age_ms(plan.strategy.telemetry_max_age),
        grid_ms=round(plan.push_grid * 1000),
        delete_rule=plan.delete_rule,
        operator=tuple(
            OperatorStep(
                max(_ACTIVE_AT_START, round(action.at * 1000)),
                action.do,
                _named(scenario, fleet, index),
                pace_of(action.rate, 0) if action.do == "change_rate" else None,
            )
            for index, action in enumerate(plan.operator)
        ),
        rollout=rollout_parameters(scenario, fleet, replication),
        user_confirm=confirms,
        user_confirm_share=plan.user_confirm_share,
        product=(scenario.product.pk, scenario.product.ps),
        of_other_products=[not scenario.is_planned_for(sources[name]) for name in fleet.group_names],
    )


def _openings(scenario: Scenario, zone: str, start: datetime) -> NDArray[np.int64]:
    """When maintenance windows are open for devices in a zone."""
    windows = []
    for window in scenario.plan.rollout.maintenance:
        whose = {"device": zone, "plan": scenario.plan.time_zone or scenario.time_zone}.get(window.zone, window.zone)
        table = zone_table(whose, start, scenario.horizon_ms)
        windows.append((window, table, start.astimezone(zone_info(whose)).date()))
    return openings(windows, scenario.horizon_ms)


def _age_ms(seconds: float | None) -> int:
    return plan_rules.NEVER_AGAIN if seconds is None else to_ms(seconds)


def confirmations(fleet: Fleet, seed: int, plan: PlanParameters, replication: int) -> NDArray[np.int64]:
    """When each device's App user confirms the plan, in ms since activation; shape (devices,).

    0 in silent mode, plan.NEVER_CONFIRMS for users who never do.
    """
    times_ms = np.zeros(fleet.n, dtype=np.int64)
    if plan.user_confirm is None:
        return times_ms
    willing = fill_uniform(seed, replication, fleet.keys, streams.USER_WILLING, 0)
    when = fill_uniform(seed, replication, fleet.keys, streams.USER_CONFIRM, 0)
    for number in range(fleet.n):
        confirms = willing[number] < plan.user_confirm_share
        seconds = delay_s(plan.user_confirm, 0, float(when[number]))
        times_ms[number] = to_ms(seconds) if confirms else plan_rules.NEVER_CONFIRMS
    return times_ms


ProductLine = Literal["wifi", "cellular", "nb"]


def product_line(radio: Row) -> ProductLine:
    """Which AT dialect a module with this radio speaks."""
    if radio[rows.LAW] == rows.LAW_MCS:
        return "wifi"
    return "nb" if radio[rows.LAW] == rows.LAW_NB_IOT else "cellular"
