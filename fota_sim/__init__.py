"""fota-sim: try a firmware rollout on a simulated fleet before a real one."""

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
