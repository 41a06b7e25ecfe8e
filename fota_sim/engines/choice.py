"""Which engine plays a scenario. Their results are the same; what differs is how fast they are and how they read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol

from fota_sim.errors import FotaSimError
from fota_sim.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fota_sim.engines.record import RunRecord
    from fota_sim.fleet.roster import Part
    from fota_sim.scenario.model import Scenario

AUTO, REFERENCE, COMPILED = "auto", "reference", "compiled"
NAMES = (AUTO, REFERENCE, COMPILED)
"""What a user may ask for."""

FEW = 500
"""Devices, over all replications, that the reference engine plays before compiled code is loaded."""

REFERENCE_S = (1.2, 0.0014)
"""What the reference engine takes where nothing is compiled: to begin with, and for a device (measured on 200 to 3,000
of ``scenarios/mixed_40000.yaml``; a device's time is measured anew by every run)."""
MEASURED_AS = "a device on the reference engine, s"
"""The name under which that is remembered (rules/cache.py)."""

_WHAT = {REFERENCE: "SimPy", COMPILED: "compiled rules"}


class Engine(Protocol):
    """Who plays the rules."""

    def __call__(
        self,
        scenario: Scenario,
        replication: int,
        progress: Callable[[int, int], None] | None = None,
        keep_ids: frozenset[str] = frozenset(),
        scratch: Path | None = None,
        part: Part | None = None,
    ) -> RunRecord:
        """Play replication number ``replication`` (from 0).

        ``progress`` hears now and then how much of the work is done, and how much there is (engines/work.py).
        ``keep_ids``: devices
        whose dialogue is kept beside those that the scenario names. ``scratch``: a folder for what is more than memory
        should hold; None: the system's for temporary files. ``part``: only these devices, of a fleet that shares
        nothing.

        Raises ScenarioError for what only the fleet shows, ResultError if ``scratch`` is full.
        """
        ...


class Choice(NamedTuple):
    """An engine, and why it was chosen: a sentence, or nothing if it was asked for by name."""

    name: str
    why: str


def choose(scenario: Scenario, wanted: str = AUTO) -> Choice:
    """The engine for ``scenario`` by the name that the user gave.

    Raises:
        FotaSimError: there is no such engine, or it cannot play this scenario.

    """
    if wanted not in NAMES:
        raise FotaSimError(f"there is no engine {quoted(wanted)}; there are {', '.join(NAMES)}")
    if wanted != AUTO:
        other = COMPILED if wanted == REFERENCE else REFERENCE
        if reason := refusal(scenario, wanted):
            raise FotaSimError(f"the {wanted} engine cannot play this scenario: {reason}; --engine {other} can")
        return Choice(wanted, "")
    devices = device_count(scenario)
    name, why = by_size(devices * scenario.replications)
    other = COMPILED if name == REFERENCE else REFERENCE
    if refusal(scenario, name):
        name, other, why = other, name, ""
    size = f"{devices:,} device{'' if devices == 1 else 's'}"
    if refusal(scenario, other):
        return Choice(name, f"engine: {name} ({size})")
    return Choice(name, f"engine: {name} ({size}{why}); --engine {other} plays the same on {_WHAT[other]}")


def by_size(devices: int) -> tuple[str, str]:
    """The engine that is done first with so many devices over all replications, and why if that is not plain.

    A few are played by the reference engine before compiled code is loaded. Where nothing is compiled yet, more are,
    as long as they take less than compiling would.
    """
    if devices <= FEW:
        return REFERENCE, ""
    from fota_sim.engines.compiled import ready
    from fota_sim.rules import cache

    if ready.is_ready():
        return COMPILED, ""
    start_s, device_s = REFERENCE_S
    takes_s = start_s + devices * cache.measured(MEASURED_AS, device_s)
    if takes_s >= ready.compiling_s():
        return COMPILED, ""
    return REFERENCE, f", about {takes_s:.0f} s; compiling the other engine would take {ready.compiling_s():.0f} s"


MOST_COMPONENTS = 60
"""Components in a plan that the compiled engine keeps apart: one bit each of a word."""


def refusal(scenario: Scenario, name: str) -> str:
    """Why the engine of this name cannot play the scenario; empty if it can."""
    components = max(len(one.plan.packages) for one in scenario.each_plan)
    if name == COMPILED and components > MOST_COMPONENTS:
        return f"its plan has {components} components, and this engine keeps at most {MOST_COMPONENTS} apart"
    return ""


def notice(name: str) -> str:
    """What a user should know before this engine starts, say that it compiles first; empty if nothing.

    An engine's package may have a function ``notice`` that says it.
    """
    told = getattr(import_module(f"fota_sim.engines.{name}"), "notice", None)
    return told() if told is not None else ""


def load(name: str) -> Engine:
    """The engine of this name, with the libraries that it needs."""
    engine: Engine = import_module(f"fota_sim.engines.{name}.run").run_replication
    return engine


def device_count(scenario: Scenario) -> int:
    """About how many devices the fleet will have; what is wrong with a table is for others to say."""
    fleet = scenario.fleet
    return fleet.drawn + sum(source.table(scenario.base_dir).about() for source in fleet.tables)
