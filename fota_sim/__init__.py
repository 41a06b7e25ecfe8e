"""fota-sim: try a firmware rollout on a simulated fleet before a real one.

===============  =========================================================================
``notebook``     from Python: ``import fota_sim as fs; r = fs.run("my.yaml"); r.devices; r.summary; r.plot()``
``cli``          the command line: one file per command, thin; heavy libraries are imported when a command needs them
``report``       pictures of a study; the only package that draws
``analysis``     from tables to numbers, and from numbers to answers: a package imports only those above it
``experiment``   carrying a scenario out and keeping what came of it
``engines``      the engines that play the rules, and the record that they leave
``fleet``        the fleet: from its sources to one array per device attribute
``scenario``     the scenario: a YAML file with units in its values, checked whole before anything runs
``protocol``     the QuecThing AT upgrade protocol: text in, text out, and the state machine in between
``rules``        what happens: pure scalar functions on numbers, the same from plain Python and compiled by numba
``errors``       what can go wrong, as a user meets it
``version``      which fota-sim this is, and which model it computes
``quoting``      what a message shows of what it is about: short, on one line, whatever was given
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
