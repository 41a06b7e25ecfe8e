"""fota-sim: try a firmware rollout on a simulated fleet before a real one.

>>> import fota_sim as fs
>>> scenario = fs.template("plugs")
>>> scenario["fleet.groups.plugs.count"] = 50
>>> r = fs.run(scenario, replications=1, seed=7)
>>> int(r.devices["outcome"].value_counts().sum())
50
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fota_sim.version import __version__

if TYPE_CHECKING:
    from fota_sim.errors import EngineError as EngineError
    from fota_sim.errors import FotaSimError as FotaSimError
    from fota_sim.errors import Problem as Problem
    from fota_sim.errors import ResultError as ResultError
    from fota_sim.errors import RunInterruptedError as RunInterruptedError
    from fota_sim.errors import ScenarioError as ScenarioError
    from fota_sim.notebook.canaries import canary as canary
    from fota_sim.notebook.comparisons import Compared as Compared
    from fota_sim.notebook.comparisons import compare as compare
    from fota_sim.notebook.explorer import explore as explore
    from fota_sim.notebook.fits import Fitted as Fitted
    from fota_sim.notebook.fits import fit as fit
    from fota_sim.notebook.forecasts import Forecasted as Forecasted
    from fota_sim.notebook.forecasts import forecast as forecast
    from fota_sim.notebook.results import Result as Result
    from fota_sim.notebook.results import open_ as open  # noqa: F401
    from fota_sim.notebook.results import results as results
    from fota_sim.notebook.runs import run as run
    from fota_sim.notebook.scenarios import Scenario as Scenario
    from fota_sim.notebook.scenarios import load as load
    from fota_sim.notebook.scenarios import template as template
    from fota_sim.notebook.searches import Tuning as Tuning
    from fota_sim.notebook.searches import tune as tune
    from fota_sim.notebook.sensitivities import Sensitivity as Sensitivity
    from fota_sim.notebook.sensitivities import sensitivity as sensitivity
    from fota_sim.notebook.sweeps import SweepResult as SweepResult
    from fota_sim.notebook.sweeps import sweep as sweep

_WHERE = {
    "load": "notebook.scenarios",
    "template": "notebook.scenarios",
    "run": "notebook.runs",
    "compare": "notebook.comparisons",
    "sweep": "notebook.sweeps",
    "tune": "notebook.searches",
    "sensitivity": "notebook.sensitivities",
    "canary": "notebook.canaries",
    "forecast": "notebook.forecasts",
    "fit": "notebook.fits",
    "explore": "notebook.explorer",
    "results": "notebook.results",
    "open": "notebook.results",
    "Scenario": "notebook.scenarios",
    "Result": "notebook.results",
    "Compared": "notebook.comparisons",
    "SweepResult": "notebook.sweeps",
    "Tuning": "notebook.searches",
    "Forecasted": "notebook.forecasts",
    "Fitted": "notebook.fits",
    "Sensitivity": "notebook.sensitivities",
    "FotaSimError": "errors",
    "ScenarioError": "errors",
    "ResultError": "errors",
    "RunInterruptedError": "errors",
    "EngineError": "errors",
    "Problem": "errors",
}
"""What is public, in the order of the reference, and the module that has it; imported when it is asked for, for the
libraries behind it take a second."""
_CALLED = {"open": "open_"}
"""Names of theirs that Python has a meaning for."""

__all__ = ["__version__", *_WHERE]  # noqa: PLE0604  # names are texts, and mypy has those above


def __getattr__(name: str) -> Any:
    """A public name, imported when it is asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), _CALLED.get(name, name))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """What is public, for Tab."""
    return sorted(__all__)
