"""fota-sim: try a firmware rollout on a simulated fleet before a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fota_sim.version import __version__ as __version__

if TYPE_CHECKING:
    from fota_sim.notebook import run as run


def __getattr__(name: str) -> Any:
    """``fota_sim.run``, imported when asked for: the libraries behind it take a second."""
    if name == "run":
        from fota_sim.notebook import run

        return run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
