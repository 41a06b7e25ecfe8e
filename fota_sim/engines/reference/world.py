"""The run and its devices as plain objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fota_sim.device import fields
from fota_sim.device.records import plain
from fota_sim.device.slots import LEVELS
from fota_sim.engines import operation
from fota_sim.engines.parameters import Parameters, product_line
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.setting import kinds
from fota_sim.engines.setting.columns import fleet_columns
from fota_sim.engines.setting.names import Names
from fota_sim.engines.setting.run import rollout_arrays, run_numbers, sayable, status_of
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
    """The run: the fields of ``fields.RUN``, and ``<name>_at`` for each of its columns, a list or an array."""

    admits_at: list[bool]
    plan_state: int
    versions: int
    look_ms: int

    def __init__(
        self,
        env: FleetEnvironment,
        scenario: Scenario,
        parameters: Parameters,
        fleet: Fleet,
        replication: int,
        names: Names,
        logged: frozenset[int],
    ) -> None:
        self.env = env
        self.names = names
        self.words = Words(parameters.plan, names.versions, names.parts)
        self.interferes: Callable[[Device, int, int, int], bool] | None = None
        """Sees each event of a device before it happens (kind and two numbers), and says whether to keep it away."""
        self.first_learnt = len(names.versions)
        """Versions from this number on were learnt while the run went on (``fota_sim/emulate``)."""
        self.plan_log: list[tuple[int, str]] = [(0, operation.ACTIVATED)]
        for name, _, begins in fields.each(fields.RUN):
            setattr(self, name, begins)
        for name, value in run_numbers(scenario, parameters, fleet, replication, names).items():
            setattr(self, name, value)
        components = parameters.plan.components
        rollout = parameters.plan.rollout
        cells = len(fleet.radio_names) * len(fleet.cell_names)
        limited = cells * LEVELS if rollout.cell_slots[-1] >= 0 else 0
        columns: dict[str, Any] = {
            "components": [_Component(**row) for row in kinds.components_of(components, names)],
            "hosts": [_Host(**row) for row in kinds.hosts_of(parameters)],
            "contacts": [_Contact(**row) for row in kinds.contacts_of(parameters)],
            "module_flags": [_Module(**row) for row in kinds.modules_of(parameters)],
            "modules": parameters.modules,
            "radios": parameters.radios,
            "wifi": [product_line(radio) == "wifi" for radio in parameters.radios],
            "host_delays": parameters.host_delays,
            "zones": [*parameters.zones, parameters.plan.zone],
            "openings": parameters.openings,
            "files": [size_B for component in components for size_B in component.files_B],
            "admits": [name in c.sources for c in components for name in names.versions],
            "sayable": sayable(names).ravel().tolist(),
            "status_of": status_of().tolist(),
            "places": [_Places() for _ in range(1 + cells * 3)],
            "pools": [_Pool() for _ in range(1 + limited)],
            "ended": [Ended() for _ in range(fleet.n)],
            "released_ms": np.full(fleet.n, NEVER, dtype=np.int64),
            "logged": [device in logged for device in range(fleet.n)],
        }
        columns |= rollout_arrays(rollout) | fleet_columns(parameters, fleet, replication, names)
        assert set(columns) == {*fields.TABLES.split(), *fields.FLEET.split()}
        for name, values in columns.items():
            plain_values = isinstance(values, np.ndarray) and not name.startswith(_ARRAYS)
            setattr(self, f"{name}_at", values.ravel().tolist() if plain_values else values)
        self.devices_at: list[Device] = []
        self.parts_at: list[Any] = []
        self.rows_at: list[Any] = []
        """Downloads, in the order in which they began."""
        self.lines_at: list[Any] = []
        """Places in lines, for slots and for downloads."""
        self.free_places: list[int] = []

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a run has no {name!r}")
