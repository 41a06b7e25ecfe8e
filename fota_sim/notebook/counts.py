"""Numbers of things as arguments: what is no number of them, such as no worker at all, is refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from fota_sim.errors import FotaSimError
from fota_sim.quoting import quoted


def check_counts(least: int = 1, **counts: Any) -> None:
    """Raise FotaSimError unless each is a whole number of at least ``least``, or None, which leaves it to fota-sim."""
    for name, value in counts.items():
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            raise FotaSimError(f"{name} is {quoted(value)}; it must be a whole number")
        if value < least:
            raise FotaSimError(f"{name} is {value}; it must be at least {least}")
