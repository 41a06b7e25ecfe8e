"""fota-sim: try a firmware rollout on a simulated fleet before a real one.

===============  =========================================================================
``notebook``     from Python, and in notebooks: a run, its frames, its figures
``cli``          the command line, a file for each command
``report``       figures, the page of a result, the explorer
``analysis``     numbers over replications, variants side by side, and what they say in sentences
``experiment``   carries a scenario out, and keeps what came of it
``engines``      who plays rules and story, and the record that a run leaves
``device``       a device and the platform as a story: what each does at what happens
``fleet``        from a scenario's sources to an array for each device attribute
``scenario``     the YAML file: fields, units, checks, built-in radios, modules and hosts
``protocol``     AT grammar, URCs, a module's command line; no clock, no simulator
``rules``        what happens, as pure functions of numbers
``errors``       what can go wrong, as a user meets it
``version``      which program, and which model
``quoting``      what a message shows of a value: short, on one line
===============  =========================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fota_sim.version import __version__ as __version__

if TYPE_CHECKING:
    from fota_sim.notebook import canary as canary
    from fota_sim.notebook import compare as compare
    from fota_sim.notebook import explore as explore
    from fota_sim.notebook import run as run
    from fota_sim.notebook import sensitivity as sensitivity
    from fota_sim.notebook import sweep as sweep
    from fota_sim.notebook import tune as tune


def __getattr__(name: str) -> Any:
    """``fota_sim.run`` and its like, imported when asked for: the libraries behind them take a second."""
    if name in ("run", "compare", "sweep", "canary", "sensitivity", "tune", "explore"):
        from fota_sim import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
