"""The metrics that a scenario can speak of: their names, what people call them, and their units.

The numbers themselves come from ``fota_sim/analysis/numbers/metrics.py``, which a scenario is checked without; a test
holds the two lists together.
"""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.quoting import quoted
from fota_sim.rules.labels import OUTCOMES
from fota_sim.scenario import units
from fota_sim.scenario.units import Unit
from fota_sim.scenario.wording import did_you_mean

BYTES = Unit("size", {**units.SIZE.factors, "GB": 1e9, "TB": 1e12, "GiB": 2.0**30}, "2GB")
ENERGY = Unit("energy", {"J": 1.0, "kJ": 1e3, "MJ": 1e6, "Wh": 3600.0, "kWh": 3.6e6}, "500kJ")
TIME = units.DURATION
SHARE = units.RATIO
NUMBER = units.NUMBER

METRICS: dict[str, Unit] = {
    "devices": NUMBER,
    "targeted": NUMBER,
    "success_of_fleet": SHARE,
    "success_of_targeted": SHARE,
    "success_of_started": SHARE,
    "failed_of_targeted": SHARE,
    "refused_of_targeted": SHARE,
    "not_offered_of_targeted": SHARE,
    **{f"outcome_{name}": SHARE for name in OUTCOMES},
    "attempts_per_started": NUMBER,
    "download_failures_per_started": NUMBER,
    **{f"time_to_{percent}_pct_ms": TIME for percent in (50, 90, 95, 99)},
    "upgraded_per_hour": NUMBER,
    "upgraded_per_hour_peak": NUMBER,
    "upgraded_per_hour_peak_ms": TIME,
    "downloads_peak": NUMBER,
    "downloads_peak_ms": TIME,
    "bytes_sent": BYTES,
    "bytes_wasted": BYTES,
    "bytes_wasted_share": SHARE,
    "energy_J": ENERGY,
    "energy_per_upgraded_J": ENERGY,
    "energy_wasted_J": ENERGY,
    "energy_wasted_share": SHARE,
    "success_as_platform_shows": SHARE,
    "believed_not_upgraded": SHARE,
    "upgraded_not_believed": SHARE,
    "belief_agreement": SHARE,
}
"""Unit by name, in the order of ``measure``; what is written without a unit is a plain number."""

_OF_AMOUNTS = ("bytes_wasted_share", "energy_wasted_share")
OF_DEVICES = tuple(name for name, unit in METRICS.items() if unit is SHARE and name not in _OF_AMOUNTS)
"""Shares that count devices, so that each device is a case of which something is true or not."""

ALIASES: dict[str, str] = {
    **{name: f"outcome_{name}" for name in OUTCOMES},
    "success": "success_of_targeted",
    **{f"time_to_{percent}": f"time_to_{percent}_pct_ms" for percent in (50, 90, 95, 99)},
    **{f"time_to_{percent}_pct": f"time_to_{percent}_pct_ms" for percent in (50, 90, 95, 99)},
    "energy": "energy_J",
    "energy_wasted": "energy_wasted_J",
    "energy_per_upgraded": "energy_per_upgraded_J",
    "peak_downloads": "downloads_peak",
}
"""What people write for a metric besides its name."""


def metric_name(word: str) -> str:
    """The metric that ``word`` names; raises ValueError with what was perhaps meant."""
    name = ALIASES.get(word.strip(), word.strip())
    if name not in METRICS:
        raise ValueError(f"there is no metric {quoted(word.strip())}{_suggestion(word.strip())}")
    return name


def _suggestion(word: str) -> str:
    known: Sequence[str] = [*ALIASES, *METRICS]
    return did_you_mean(word, known)
