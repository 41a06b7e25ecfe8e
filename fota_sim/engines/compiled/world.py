"""From a scenario's parameters and its fleet to the arrays that the loop works on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.compiled import layout
from fota_sim.engines.compiled.arrays import Memory
from fota_sim.engines.compiled.layout import NONE, RESERVE, Records
from fota_sim.engines.compiled.life import arrival_keys
from fota_sim.engines.compiled.platform import NOT_REQUIRED, SUCCEEDED
from fota_sim.engines.compiled.queue import NO_KEY
from fota_sim.engines.compiled.slots import LEVELS
from fota_sim.engines.components import Component
from fota_sim.engines.parameters import Parameters, confirmations, product_line
from fota_sim.engines.rollout import RolloutParameters
from fota_sim.engines.table import STATUSES
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol import wire
from fota_sim.protocol.identity import Identity
from fota_sim.protocol.module import Module
from fota_sim.protocol.module import World as ModuleWorld
from fota_sim.protocol.states import ComponentType, OtaState
from fota_sim.protocol.vocabulary import ComponentStatus, component_status
from fota_sim.rules import lifecycle
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.delay import to_ms
from fota_sim.rules.fates import NEVER, TIMES
from fota_sim.rules.host import UNKNOWN
from fota_sim.rules.plan import LONG_AGO_MS, NEVER_AGAIN
from fota_sim.rules.zone import FAR
from fota_sim.scenario.model import Scenario

_QINDS = ("none", "before_success", "after_success")
_MANY = 4096  # rows to begin with


@dataclass(frozen=True, eq=False)
class Names:
    """Numbers for names: versions, and the components that devices have."""

    versions: tuple[str, ...]
    parts: tuple[str, ...]
    """Components by name: those of MCUs in the order in which hosts say them, the module's own, the plan's others."""
    module_part: int


def names_of(parameters: Parameters, fleet: Fleet) -> Names:
    """Every version that a device can run or report, and every component it can have."""
    components = parameters.plan.components
    mcus = list(fleet.mcu)
    parts = dict.fromkeys([*mcus, parameters.plan.module_component, *(c.identifier for c in components)])
    versions: dict[str, None] = dict.fromkeys(_coded(fleet.firmware).names)
    for column in fleet.mcu.values():
        versions |= dict.fromkeys(_coded(column).names)
    for component in components:
        versions |= dict.fromkeys((component.target_version, component.wrong_version))
    return Names(tuple(versions), tuple(parts), len(mcus))


def build(
    scenario: Scenario, parameters: Parameters, fleet: Fleet, replication: int, names: Names, logged: NDArray[np.bool_]
) -> Memory:
    """The arrays of one replication at activation; nobody has arrived yet."""
    components = parameters.plan.components
    memory = Memory()
    _set_plan(memory, scenario, parameters, fleet, replication, names)
    lives = min(fleet.n, max(_MANY, fleet.n // 16))
    zone_rows, zones = _zones(parameters)
    memory.make("events", 8 * lives + 2 * RESERVE, layout.EVENT, most=8 * fleet.n + 2 * RESERVE)
    memory.make("lives", lives, layout.LIVE, most=fleet.n)
    memory.make("parts", lives * len(names.parts), layout.PART, most=fleet.n * len(names.parts))
    memory.make("lines", _MANY if logged.any() else RESERVE, layout.LINE)
    memory.make("rows", fleet.n + RESERVE, layout.ROW)
    memory.make("heap", lives + RESERVE, np.int64, most=fleet.n + RESERVE)
    memory.keep(
        components=_components(components, names),
        hosts=_hosts(parameters),
        contacts=_contacts(parameters),
        module_flags=_module_flags(parameters),
        modules=np.stack(parameters.modules),
        radios=np.stack(parameters.radios),
        wifi=np.array([product_line(radio) == "wifi" for radio in parameters.radios]),
        host_delays=np.stack(parameters.host_delays),
        zones=zones,
        zone_rows=zone_rows,
        files=np.array([size_B for component in components for size_B in component.files_B], dtype=np.int64),
        admits=np.array([[name in c.sources for name in names.versions] for c in components]),
        sayable=_sayable(names, parameters),
        status_of=_status_of(),
        places=_places(1 + len(fleet.radio_names) * len(fleet.cell_names) * 3),
        slots=np.full(fleet.n, NONE, dtype=np.int32),
        finished=np.zeros(fleet.n, dtype=np.bool_),
        ended=np.zeros(fleet.n, dtype=layout.ENDED),
        blank=_blank(),
        **_pools(parameters.plan.rollout, fleet),
    )
    memory.keep(**_fleet_columns(parameters, fleet, replication, names), logged=logged)
    memory.keep(arrivals=_arrivals(memory, fleet.n))
    return memory


def _arrivals(memory: Memory, devices: int) -> NDArray[np.int64]:
    """Keys of the devices that come into contact, ascending."""
    keys = np.zeros(devices, dtype=np.int64)
    count = arrival_keys(memory.world, keys)
    return np.sort(keys[:count])


def _places(count: int) -> Records:
    places = np.zeros(count, dtype=layout.PLACES)
    places["head"] = places["tail"] = NONE
    return places


def _blank() -> Records:
    blank = np.zeros(1, dtype=layout.LIVE)
    for name in (
        *(["head", "row", "saved_component", "info", "component", "inbox_head", "inbox_tail", "tick_ms"]),
        *TIMES,
    ):
        blank[name] = NEVER if name in TIMES else NONE
    blank["reachable"] = True
    blank["timer_node_ms"] = blank["give_up_node_ms"] = FAR
    blank["empty_ms"] = FAR
    blank["segment_ms"] = NONE
    blank["heap_key"] = NO_KEY
    blank["offered_ms"] = blank["open_ms"] = blank["issued_ms"] = LONG_AGO_MS
    blank["slot_pool"] = NONE
    blank["known_battery_pct"] = blank["known_signal_dBm"] = UNKNOWN
    return blank


def _coded(column: Any) -> Coded:
    return column if isinstance(column, Coded) else Coded.of(column)


def _numbers(column: Any, names: tuple[str, ...], absent: str | None = None) -> NDArray[np.int32]:
    """A column of texts as positions in ``names``; NONE for missing ones and for ``absent``."""
    coded = _coded(column)
    position = {name: i for i, name in enumerate(names)}
    table = [NONE if name == absent else position[name] for name in coded.names]
    return np.array([*table, NONE], dtype=np.int32)[coded.codes]


def _fleet_columns(parameters: Parameters, fleet: Fleet, replication: int, names: Names) -> dict[str, NDArray[Any]]:
    """The columns of ``layout.FLEET``, of the types that the loop reads."""
    components = parameters.plan.components
    mcus = [_numbers(column, names.versions, absent="") for column in fleet.mcu.values()]
    manual = parameters.user_confirm is not None
    int32, int64, float64 = np.int32, np.int64, np.float64

    def column(values: Any, of: Any) -> Any:
        return np.ascontiguousarray(values, dtype=of)

    return {
        "keys": column(fleet.keys, np.uint64),
        "group": column(parameters.contact_of, int32),
        "module": column(fleet.module, int32),
        "radio": column(fleet.radio, int32),
        "host": column(fleet.host, int32),
        "cell": column(fleet.cell, int32),
        "zone": column(fleet.time_zone, int32),
        "mean_dBm": column(fleet.rssi_mean_dBm, float64),
        "sd_dB": column(fleet.rssi_sd_dB, float64),
        "rssi_known": column(fleet.rssi_known, np.bool_),
        "temperature_C": column(fleet.temperature_C, float64),
        "mains": column(fleet.mains, np.bool_),
        "chemistry": column(fleet.chemistry, int32),
        "capacity_mAh": column(fleet.capacity_mAh, float64),
        "resistance_ohm": column(fleet.resistance_ohm, float64),
        "self_discharge": column(fleet.self_discharge, float64),
        "soc": column(fleet.soc, float64),
        "battery_known": column(fleet.battery_known, np.bool_),
        "firmware": _numbers(fleet.firmware, names.versions),
        "mcu": np.stack(mcus, axis=1) if mcus else np.zeros((fleet.n, 0), dtype=int32),
        "gone": column(fleet.gone, np.bool_),
        "dies_ms": column(fleet.dies_at_ms, int64),
        "joins_ms": column(fleet.joins_ms, int64),
        "white": column(fleet.white, np.bool_),
        "black": column(fleet.black, np.bool_),
        "confirms_ms": confirmations(fleet, parameters, replication) if manual else np.zeros(1, dtype=int64),
        "effects": _rows([component.effects for component in components]),
        "dies_after_s": _rows([component.dies_after for component in components]),
    }


def _rows(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """Columns as the rows of one array; without a copy if there is only one."""
    return columns[0].reshape(1, -1) if len(columns) == 1 else np.stack(columns)


def _set(record: Records, row: int, **values: Any) -> None:
    """Every field of a row; a name that is none, or is left out, is an error."""
    assert set(values) == set(record.dtype.names or ())
    for name, value in values.items():
        record[name][row] = value


def _set_plan(
    memory: Memory, scenario: Scenario, parameters: Parameters, fleet: Fleet, replication: int, names: Names
) -> None:
    plan, protocol, network = parameters.plan, parameters.protocol, scenario.network
    over_ms = min(plan.ends_ms, parameters.horizon_ms)
    memory.set(
        free_event=NONE,
        free_live=NONE,
        plan_state=lifecycle.ACTIVATED,
        first_confirm=NO_KEY,
        devices=fleet.n,
        versions=len(names.versions),
        seed=parameters.seed,
        replication=replication,
        horizon_ms=parameters.horizon_ms,
        starts_ms=plan.starts_ms,
        ends_ms=plan.ends_ms,
        push_from_min=plan.push_from_min,
        push_to_min=plan.push_to_min,
        hold_ms=plan.hold_ms,
        grid_ms=plan.grid_ms,
        telemetry_ms=plan.telemetry_ms,
        min_battery_pct=plan.min_battery_pct,
        min_signal_dBm=plan.min_signal_dBm,
        plan_zone=len(parameters.zones),
        qind=_QINDS.index(protocol.qind),
        max_failures=protocol.max_download_failures,
        url_ms=to_ms(protocol.url_timeout_s),
        progress_ms=to_ms(protocol.progress_interval_s),
        first_progress_ms=to_ms(protocol.first_progress_timeout_s),
        http_ms=to_ms(protocol.http_timeout_s),
        read_ms=to_ms(protocol.read_timeout_s),
        flash_delay_ms=to_ms(protocol.flash_delay_s),
        mcu_ms=to_ms(protocol.mcu_update_timeout_s),
        module_part=names.module_part,
        parts=len(names.parts),
        components=len(plan.components),
        cells=len(fleet.cell_names),
        first_progress_s=protocol.first_progress_timeout_s,
        egress_bps=math.inf if network.server.egress is None else network.server.egress,
        connections=math.inf if network.server.connections is None else network.server.connections,
        push=plan.push,
        holds=plan.holds,
        platform_checks=plan.platform_checks,
        offers_unknown=plan.offers_unknown,
        retries_to_come=plan.retries_to_come,
        before_reboot=protocol.success_urc == "before_reboot",
        announce=protocol.announce_decision,
        server_queues=network.server.when_full == "queue",
        cells_queue=network.cells.when_full == "queue",
        cells_enforced=network.cells.enforce,
        can_register=all(parameters.product),
        manual=parameters.user_confirm is not None,
        keeps_all=bool(plan.operator) or over_ms < parameters.horizon_ms or plan.rollout.cancels,
        reports_before_reboot=protocol.success_report == "before_reboot",
    )
    _set_rollout(memory, plan.rollout, plan.starts_ms)


def _set_rollout(memory: Memory, rollout: RolloutParameters, starts_ms: int) -> None:
    """What holds for the whole rollout."""
    memory.set(
        look_ms=starts_ms if rollout.ordered else NEVER_AGAIN,
        act_at=NONE,
        waves=len(rollout.waves),
        stops=len(rollout.stops),
        retry_rules=len(rollout.retries),
        plan_slots=rollout.slots,
        reserved=rollout.reserved,
        slot_expires_ms=rollout.slot_expires_ms,
        address_ms=rollout.address_ms,
        budget=rollout.budget,
        budget_ms=rollout.budget_ms,
        box_limit=rollout.box_failures,
        box_within_ms=rollout.box_within_ms,
        box_ms=rollout.box_ms,
        total_ms=rollout.total_ms,
        maintained_from=rollout.maintenance[0],
        maintained_to=rollout.maintenance[1],
        maintained_days=rollout.maintenance[2],
        first_weekday=rollout.first_weekday,
        dirty_head=NONE,
        dirty_tail=NONE,
        ordered=rollout.ordered,
        releases=rollout.releases,
        slots_queue=rollout.slots_queue,
        lifo=rollout.lifo,
        until_downloaded=rollout.until_downloaded,
        strict=rollout.strict,
        cells_limited=rollout.cell_slots[-1] >= 0,
        cell_slots_queue=rollout.cells_queue,
        refusals_count=rollout.refusals_count,
        maintained=rollout.maintained,
        device_zone=rollout.device_zone,
        refusals_final=rollout.refusals_final,
        believes_status=rollout.believes_status,
        total_from_progress=rollout.total_from_progress,
        total_of_attempt=rollout.total_of_attempt,
        late_counts=rollout.late_counts,
        may_cut=bool((rollout.stops[:, rr.RUNNING] == 1).any()),
    )
    memory.keep(
        rollout_state=rollout.state,
        rollout_pace=rollout.pace,
        rollout_waves=rollout.waves,
        rollout_shares=rollout.shares,
        rollout_counts=rollout.counts,
        rollout_stops=rollout.stops,
        rollout_limits=rollout.limits,
        rollout_retries=rollout.retries,
        release_order=rollout.order,
        cell_slots=np.array(rollout.cell_slots, dtype=np.int64),
        timeouts=np.array(rollout.timeouts_ms, dtype=np.int64),
        rank=rollout.rank,
        wave=rollout.wave,
        too_late=rollout.too_late,
        first_served=rollout.first_served,
    )


def _pools(rollout: RolloutParameters, fleet: Fleet) -> dict[str, Records]:
    """The plan's slots, and those of each cell at each level, if there is a limit to them."""
    cells = len(fleet.radio_names) * len(fleet.cell_names) * LEVELS if rollout.cell_slots[-1] >= 0 else 0
    pools = np.zeros(1 + cells, dtype=layout.POOL)
    for name in ("head", "tail", "first_head", "first_tail", "next_dirty"):
        pools[name] = NONE
    return {"pools": pools, "released_ms": np.full(fleet.n if rollout.releases else 1, NEVER, dtype=np.int64)}


def _components(components: tuple[Component, ...], names: Names) -> Records:
    rows = np.zeros(len(components), dtype=layout.COMPONENT)
    first = 0
    for number, component in enumerate(components):
        usable = sum(
            component.info(platform).is_valid(wants_sha256=module) << (2 * platform + module)
            for platform in (False, True)
            for module in (False, True)
        )
        _set(
            rows,
            number,
            part=names.parts.index(component.identifier),
            target=names.versions.index(component.target_version),
            wrong=names.versions.index(component.wrong_version),
            size_B=component.size_B,
            first_file=first,
            last_file=first + len(component.files_B),
            usable=usable,
            mcu=component.type is ComponentType.MCU,
            any_source=not component.sources,
            delta=component.delta,
        )
        first += len(component.files_B)
    return rows


def _hosts(parameters: Parameters) -> Records:
    rows = np.zeros(len(parameters.hosts), dtype=layout.HOST)
    for number, host in enumerate(parameters.hosts):
        _set(
            rows,
            number,
            registration_mode=host.registration_mode,
            command_ms=to_ms(host.command_time),
            serial_rate=host.serial_rate,
            read_block_B=host.read_block,
            patience_ms=to_ms(host.patience),
            ignores=host.ignores_offer,
            read_pause_s=host.read_pause,
            mcu_flash_Bps=host.mcu_flash_rate,
            mcu_flash_failure=host.mcu_flash_failure,
            checks_battery=host.checks_battery,
            checks_signal=host.checks_signal,
            accepts_unknown=host.when_unknown == "accept",
            asks=host.asks,
            sha256=host.sha256,
            says_updating=host.says_updating,
        )
    return rows


def _contacts(parameters: Parameters) -> Records:
    rows = np.zeros(len(parameters.contacts), dtype=layout.CONTACT)
    for number, pattern in enumerate(parameters.contacts):
        _set(
            rows,
            number,
            pattern=pattern.pattern,
            from_min=pattern.from_min,
            to_min=pattern.to_min,
            request_every_ms=pattern.request_every_ms,
            linger_ms=pattern.linger_ms,
            spread_s=pattern.spread_s,
            every_s=pattern.every_s,
            jitter_s=pattern.jitter_s,
        )
    return rows


def _module_flags(parameters: Parameters) -> Records:
    rows = np.zeros(len(parameters.module_settings), dtype=layout.MODULE)
    for number, module in enumerate(parameters.module_settings):
        _set(rows, number, free_flash_B=module.free_flash, at_csq=module.at_csq, at_cbc=module.at_cbc)
    return rows


def _zones(parameters: Parameters) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each zone's rows are, the plan's last, and the rows of all."""
    tables = [*parameters.zones, parameters.plan.zone]
    ends = np.cumsum([len(table) for table in tables])
    return np.stack([ends - [len(table) for table in tables], ends], axis=1), np.concatenate(tables)


class _Mute:
    """A world in which nobody listens to the module."""

    def write(self, text: str) -> None:
        """World: characters to the host."""


def _sayable(names: Names, parameters: Parameters) -> NDArray[np.bool_]:
    """Which version the module takes from its host for which MCU, shape (MCUs, versions): it is asked."""
    key, secret = parameters.product
    found = np.zeros((names.module_part, len(names.versions)), dtype=np.bool_)
    for j, mcu in enumerate(names.parts[: names.module_part]):
        for number, version in enumerate(names.versions):
            module = Module(cast("ModuleWorld", _Mute()), Identity("", "", key, secret), parameters.protocol)
            module.power_on()
            module.receive(wire.mcu_version(mcu, version) + "\r")
            found[j, number] = module.mcu_versions.get(mcu) == version
    return found


def _status_of() -> NDArray[np.int64]:
    """What the platform makes of each status report, and its own findings."""
    found = np.full(NOT_REQUIRED + 1, NONE, dtype=np.int64)
    for state in OtaState:
        found[state] = STATUSES.index(component_status(state))
    found[SUCCEEDED] = STATUSES.index(ComponentStatus.SUCCEEDED)
    found[NOT_REQUIRED] = STATUSES.index(ComponentStatus.NOT_REQUIRED)
    return found
