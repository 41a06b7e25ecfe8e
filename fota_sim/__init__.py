"""fota-sim: try a firmware rollout on a simulated fleet before a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fota_sim.notebook import run as run

__version__ = "0.1.0"

MODEL_VERSION = "1"
"""Changes when the same scenario and seed may give other numbers; part of every result's identity."""


def __getattr__(name: str) -> Any:
    """``fota_sim.run``, imported when asked for: the libraries behind it take a second."""
    if name == "run":
        from fota_sim.notebook import run

        return run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
