"""How often a device draws, and how often its rules call exp, log and their like.

The reference engine plays a few devices with rules as plain Python (FOTA_SIM_RULES=python), and what is asked about is
counted on the way. Run as a process of its own, since that switch is read once.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

_BENCHMARKS = Path(__file__).resolve().parents[1]
_FUNCTIONS = ("exp", "log", "log1p", "log2", "pow", "sqrt")


def per_device(devices: int) -> dict[str, float]:
    """Calls per device by function: ``block`` (Threefry), ``normal_quantile``, and those of ``math`` outside it."""
    command = [sys.executable, "-m", "comparisons.counts", str(devices)]
    env = {**os.environ, "FOTA_SIM_RULES": "python"}
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_BENCHMARKS, env=env).stdout
    found: dict[str, float] = json.loads(printed)
    return found


def main(devices: int) -> None:
    """Count, and print."""
    counts: Counter[str] = Counter()
    # before others import these by name
    from fota_sim.rules import battery, draws

    _count(draws, "threefry_2x64_20", "block", counts)
    _count_alone(draws, "normal_quantile", counts)
    _count(battery, "transmit_mA", "pow", counts)  # 10 to the power of something
    for name in _FUNCTIONS:
        _count(math, name, name, counts)
    from comparisons.mixed import mixed
    from fota_sim.engines.reference import run

    build_parameters = run.build_parameters

    def build(*arguments: Any) -> Any:
        parameters = build_parameters(*arguments)
        counts.clear()  # the fleet is drawn
        return parameters

    run.build_parameters = build  # type: ignore[attr-defined]
    run.run_replication(mixed(devices), 0)
    print(json.dumps({name: count / devices for name, count in counts.items()}))


def _count(module: ModuleType, name: str, what: str, counts: Counter[str]) -> None:
    function: Callable[..., Any] = getattr(module, name)

    def counting(*arguments: Any) -> Any:
        counts[what] += 1
        return function(*arguments)

    setattr(module, name, counting)


def _count_alone(module: ModuleType, name: str, counts: Counter[str]) -> None:
    """Count a function, but not what it calls."""
    function: Callable[..., Any] = getattr(module, name)

    def counting(*arguments: Any) -> Any:
        before = counts.copy()
        value = function(*arguments)
        counts.clear()
        counts.update(before)
        counts[name] += 1
        return value

    setattr(module, name, counting)


if __name__ == "__main__":
    main(int(sys.argv[1]))
