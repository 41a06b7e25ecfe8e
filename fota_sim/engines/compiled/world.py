"""From a scenario's parameters and its fleet to the arrays that the loop works on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device import fields
from fota_sim.device.fields import NONE
from fota_sim.device.slots import LEVELS
from fota_sim.engines.compiled import layout
from fota_sim.engines.compiled.arrays import Memory, on_lines_of_its_own
from fota_sim.engines.compiled.helper import have_helper
from fota_sim.engines.compiled.layout import NO_KEY, RESERVE, Records
from fota_sim.engines.compiled.life import arrival_keys
from fota_sim.engines.hardware import product_line
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.rollout import RolloutParameters
from fota_sim.engines.setting import kinds
from fota_sim.engines.setting.columns import fleet_columns
from fota_sim.engines.setting.names import Names
from fota_sim.engines.setting.run import plan_numbers, rollout_arrays, run_numbers, sayable, status_of
from fota_sim.fleet.alike import is_alike
from fota_sim.fleet.devices import Fleet
from fota_sim.rules.fates import NEVER
from fota_sim.scenario.model import Scenario

_MANY = 4096  # rows to begin with


def build(
    scenario: Scenario, parameters: Parameters, fleet: Fleet, replication: int, names: Names, logged: NDArray[np.bool_]
) -> Memory:
    """The arrays of one replication at activation; nobody has arrived yet."""
    plans = parameters.plans
    memory = Memory(len(plans))
    memory.set(
        free_event=NONE,
        free_live=NONE,
        first_confirm=NO_KEY,
        steps=layout.STEPS,
        **run_numbers(scenario, parameters, fleet, replication, names),
    )
    for number, plan in enumerate(plans):
        _have_plan(memory, parameters, fleet, names.of_plan(plan), number)
    memory.loop.look_ms = min(int(world.look_ms) for world in memory.worlds)
    memory.loop.ordered = any(plan.rollout.ordered for plan in plans)
    lives = min(fleet.n, max(_MANY, fleet.n // 16))
    zone_rows, zones = _spans([*parameters.zones, *(plan.zone for plan in plans)])  # the plans' last
    memory.make("events", 8 * lives + 2 * RESERVE, layout.EVENT, most=8 * fleet.n + 2 * RESERVE)
    memory.make("lives", lives, layout.LIVE, most=fleet.n)
    memory.make("parts", lives * len(names.parts), layout.PART, most=fleet.n * len(names.parts))
    memory.make("shadowing", lives * layout.STEPS, np.float64, most=fleet.n * layout.STEPS)
    memory.make("lines", _MANY if logged.any() else RESERVE, layout.LINE)
    memory.make("rows", fleet.n + RESERVE, layout.ROW)
    for name in ("heap", "far"):
        memory.make(name, lives + RESERVE, np.int64, most=fleet.n + RESERVE)
    memory.keep(
        hosts=_records(kinds.hosts_of(parameters), layout.HOST),
        contacts=_records(kinds.contacts_of(parameters), layout.CONTACT),
        module_flags=_records(kinds.modules_of(parameters), layout.MODULE),
        modules=np.stack(parameters.modules),
        radios=np.stack(parameters.radios),
        wifi=np.array([product_line(radio) == "wifi" for radio in parameters.radios]),
        host_delays=np.stack(parameters.host_delays),
        zones=zones,
        zone_rows=zone_rows,
        sayable=sayable(names),
        status_of=status_of(),
        places=_places(1 + len(fleet.radio_names) * len(fleet.cell_names) * 3),
        slots=_slots(fleet.n),
        finished=np.zeros(fleet.n, dtype=np.bool_),
        ended=np.zeros(fleet.n, dtype=layout.ENDED),
        blank=_blank(),
        uniforms=on_lines_of_its_own(layout.STEPS, np.float64),
        released_ms=np.full(fleet.n if any(plan.rollout.releases for plan in plans) else 1, NEVER, dtype=np.int64),
    )
    have_helper(memory)
    _keep_columns(memory, fleet_columns(parameters, fleet, replication, names) | {"logged": logged})
    memory.keep(arrivals=_arrivals(memory, fleet.n))
    return memory


def _keep_columns(memory: Memory, columns: dict[str, NDArray[Any]]) -> None:
    """The fleet's columns; of one that says the same of all devices only one entry.

    Devices arrive in no order of memory, so every column that is read costs a wait for a line of it.
    """
    alike = {name for name in fields.FLEET_COLUMNS if is_alike(columns[name])}
    memory.set(**{f"{name}_step": 0 if name in alike else 1 for name in fields.FLEET_COLUMNS})
    memory.keep(**{name: column.flat[:1] if name in alike else column for name, column in columns.items()})


def _have_plan(memory: Memory, parameters: Parameters, fleet: Fleet, names: Names, number: int) -> None:
    """The numbers and arrays of one plan, in its world."""
    plan = parameters.plans[number]
    world = memory.worlds[number]
    for name, value in plan_numbers(parameters, number).items():
        world[name] = value
    over_ms = min(plan.ends_ms, parameters.horizon_ms)
    world.keeps_all = bool(plan.operator) or over_ms < parameters.horizon_ms or plan.rollout.cancels
    if plan.rollout.ordered:
        world.look_ms = plan.starts_ms
    opening_rows, openings = _spans(plan.openings)
    components = plan.components
    rollouts = rollout_arrays(plan.rollout)
    counts = on_lines_of_its_own(rollouts["rollout_counts"].size, np.int64).reshape(rollouts["rollout_counts"].shape)
    counts[:] = rollouts["rollout_counts"]
    memory.keep_of(
        number,
        components=_records(kinds.components_of(components, names), layout.COMPONENT),
        openings=openings,
        opening_rows=opening_rows,
        files=np.array([size_B for component in components for size_B in component.files_B], dtype=np.int64),
        admits=np.array([[name in c.sources for name in names.versions] for c in components]),
        pools=_pools(plan.rollout, fleet),
        **rollouts | {"rollout_counts": counts},
    )


def _arrivals(memory: Memory, devices: int) -> NDArray[np.int64]:
    """Keys of the devices that come into contact, ascending."""
    keys = np.zeros(devices, dtype=np.int64)
    count = arrival_keys(memory.world, keys)
    return np.sort(keys[:count])


def _slots(devices: int) -> Records:
    slots = np.empty(devices, dtype=layout.SLOT)
    slots["row"] = slots["head"] = NONE
    return slots


def _places(count: int) -> Records:
    places = np.zeros(count, dtype=layout.PLACES)
    places["head"] = places["tail"] = NONE
    return places


def _blank() -> Records:
    blank = np.zeros(1, dtype=layout.LIVE)
    for name, _, begins in fields.each(layout.LIVE_FIELDS):
        blank[name] = begins
    return blank


def _records(rows: kinds.Rows, kind: np.dtype[Any]) -> Records:
    found = np.zeros(len(rows), dtype=kind)
    for number, row in enumerate(rows):
        for name, value in row.items():
            found[name][number] = value
    return found


def _pools(rollout: RolloutParameters, fleet: Fleet) -> Records:
    """The plan's slots, and those of each cell at each level, if there is a limit to them."""
    cells = len(fleet.radio_names) * len(fleet.cell_names) * LEVELS if rollout.cell_slots[-1] >= 0 else 0
    pools = np.zeros(1 + cells, dtype=layout.POOL)
    for name in ("head", "tail", "first_head", "first_tail", "next_dirty"):
        pools[name] = NONE
    return pools


def _spans(tables: list[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each table's rows are, and the rows of all."""
    ends = np.cumsum([len(table) for table in tables])
    return np.stack([ends - [len(table) for table in tables], ends], axis=1), np.concatenate(tables)
