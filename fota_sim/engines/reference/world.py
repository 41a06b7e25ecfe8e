"""The run and its devices as plain objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device import fields
from fota_sim.device.records import plain
from fota_sim.device.slots import LEVELS
from fota_sim.engines import operation
from fota_sim.engines.hardware import product_line
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.plans import PlanParameters
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.setting import kinds
from fota_sim.engines.setting.columns import fleet_columns
from fota_sim.engines.setting.names import Names
from fota_sim.engines.setting.run import plan_numbers, rollout_arrays, run_numbers, sayable, status_of
from fota_sim.engines.words import Words
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.transcript import Line
from fota_sim.rules.fates import NEVER
from fota_sim.rules.zone import FAR
from fota_sim.scenario.model import Scenario

Live: Any = plain("Live", fields.LIVE)
Part: Any = plain("Part", fields.PART)
Row: Any = plain("Row", fields.ROW)
Place: Any = plain("Place", fields.EVENT)
Ended: Any = plain("Ended", fields.ENDED)
_Places: Any = plain("Places", fields.PLACES)
_Pool: Any = plain("Pool", fields.POOL)
_Component: Any = plain("Component", fields.COMPONENT)
_Host: Any = plain("Host", fields.HOST)
_Contact: Any = plain("Contact", fields.CONTACT)
_Module: Any = plain("Module", fields.MODULE)

_ARRAYS = ("rollout_", "released_ms", "mcu", "keys")
"""Columns that stay arrays: those that rules read, the two-dimensional one, and words, which numba takes as such."""


class Device(Live):  # type: ignore[misc]  # a class made from the list of fields
    """A device: the fields of the story, its text side, its host, and what its upgrade log says."""

    __slots__ = ("listener", "log", "modem", "watch_ms")

    def __init__(self) -> None:
        super().__init__()
        self.modem: Any = None
        """Its command line (``modem.py``)."""
        self.listener: Any = None
        """Its host (``host.py``)."""
        self.log: list[Line] | None = None
        self.watch_ms = FAR
        """When its battery is looked at next."""


class World:
    """The run as the devices of one plan have it: ``fields.RUN`` and ``fields.PLAN``, and ``<name>_at`` for columns.

    Columns are lists or arrays; those of the run are the same objects in the worlds of all plans.
    """

    admits_at: list[bool]
    plan_state: int
    versions: int
    look_ms: int

    def __init__(
        self,
        env: FleetEnvironment,
        numbers: dict[str, float],
        columns: dict[str, Any],
        plan: PlanParameters,
        names: Names,
        owner: int,
    ) -> None:
        """``columns``: of every name of the run's and the plan's; ``owner``: whose the plan's own events are."""
        self.env = env
        self.names = names
        self.words = Words(plan, names.versions, names.parts)
        self.interferes: Callable[[Device, int, int, int], bool] | None = None
        """Sees each event of a device before it happens (kind and two numbers), and says whether to keep it away."""
        self.first_learnt = len(names.versions)
        """Versions from this number on were learnt while the run went on (``fota_sim/emulate``)."""
        self.plan_log: list[tuple[int, str]] = [(0, operation.ACTIVATED)]
        self.owner = owner
        for name, _, begins in fields.each((*fields.RUN, *fields.PLAN)):
            setattr(self, name, begins)
        for name, value in numbers.items():
            setattr(self, name, value)
        for name, values in columns.items():
            plain_values = isinstance(values, np.ndarray) and not name.startswith(_ARRAYS)
            setattr(self, f"{name}_at", values.ravel().tolist() if plain_values else values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a run has no {name!r}")


def worlds_of(
    env: FleetEnvironment,
    scenario: Scenario,
    parameters: Parameters,
    fleet: Fleet,
    replication: int,
    names: Names,
    logged: frozenset[int],
) -> list[World]:
    """The run at activation, as each plan has it; nobody is there yet."""
    cells = len(fleet.radio_names) * len(fleet.cell_names)
    shared: dict[str, Any] = {
        "hosts": [_Host(**row) for row in kinds.hosts_of(parameters)],
        "contacts": [_Contact(**row) for row in kinds.contacts_of(parameters)],
        "module_flags": [_Module(**row) for row in kinds.modules_of(parameters)],
        "modules": _rows(parameters.modules),
        "radios": _rows(parameters.radios),
        "wifi": [product_line(radio) == "wifi" for radio in parameters.radios],
        "host_delays": _rows(parameters.host_delays),
        "zones": [*parameters.zones, *(plan.zone for plan in parameters.plans)],
        "sayable": sayable(names).ravel().tolist(),
        "status_of": status_of().tolist(),
        "places": [_Places() for _ in range(1 + cells * 3)],
        "ended": [Ended() for _ in range(fleet.n)],
        "released_ms": np.full(fleet.n, NEVER, dtype=np.int64),
        "logged": [device in logged for device in range(fleet.n)],
    }
    shared |= fleet_columns(parameters, fleet, replication, names)
    assert set(shared) == {*fields.TABLES.split(), *fields.FLEET_COLUMNS, "mcu"}
    for name, values in shared.items():
        if isinstance(values, np.ndarray) and not name.startswith(_ARRAYS):
            shared[name] = values.ravel().tolist()
    worlds: list[World] = []
    grows: dict[str, Any] = {"devices": [], "parts": [], "rows": [], "lines": [], "free_places": [], "worlds": worlds}
    numbers = run_numbers(scenario, parameters, fleet, replication, names)
    for number, plan in enumerate(parameters.plans):
        own = _plan_columns(plan, names.of_plan(plan), cells)
        assert set(own) == {*fields.PLAN_TABLES.split()}
        told = numbers | plan_numbers(parameters, number)
        owner = number - len(parameters.plans)
        worlds.append(World(env, told, shared | grows | own, plan, names.of_plan(plan), owner))
    return worlds


def _rows(rows: list[NDArray[np.float64]]) -> list[tuple[float, ...]]:
    """Rows as rules read them, of plain numbers: Python computes with these several times as fast as with NumPy's."""
    return [tuple(row.tolist()) for row in rows]


def _plan_columns(plan: PlanParameters, names: Names, cells: int) -> dict[str, Any]:
    limited = cells * LEVELS if plan.rollout.cell_slots[-1] >= 0 else 0
    return {
        "components": [_Component(**row) for row in kinds.components_of(plan.components, names)],
        "openings": plan.openings,
        "files": [size_B for component in plan.components for size_B in component.files_B],
        "admits": [name in c.sources for c in plan.components for name in names.versions],
        "pools": [_Pool() for _ in range(1 + limited)],
        **rollout_arrays(plan.rollout),
    }
