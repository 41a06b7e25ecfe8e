"""The numbers of one replication, each with its numerator and denominator.

Targeted devices are those that the plan is meant for: not kept out by a list and not on the target version
before it began. Started devices are those that were sent at least one download address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.record import NEVER
from fota_sim.experiment.concurrency import END, START, peak
from fota_sim.fleet.coded import Coded
from fota_sim.rules.labels import OUTCOMES

HOUR_MS = 3_600_000
SHARE = "share"
"""Unit of a number between 0 and 1."""
QUANTILES_PCT = (50, 90, 95, 99)
LISTED = ("blacklisted", "not on whitelist")
"""Causes by which a list keeps a device out of the plan."""

Bools = NDArray[np.bool_]
Devices = Mapping[str, Any]
"""The columns of a device table by name, as in :class:`~fota_sim.engines.record.RunRecord`."""


@dataclass(frozen=True)
class Measurement:
    """One number: ``numerator / denominator`` where it is a ratio; ``value`` None where there is none."""

    label: str
    value: float | None
    unit: str
    numerator: float | None = None
    denominator: float | None = None
    denominator_text: str = ""
    counts_devices: bool = False
    """Whether it is a number of devices over a number of devices."""


def targeted(devices: Devices) -> Bools:
    """Which devices the plan is meant for, shape (devices,)."""
    kept_out = devices["outcome"].is_one_of("not_offered") & devices["cause"].is_one_of(*LISTED)
    meant: Bools = ~kept_out & ~devices["outcome"].is_one_of("already_on_target")
    return meant


def measure(devices: Devices, downloads: NDArray[np.int64]) -> dict[str, Measurement]:
    """Every metric of one replication by name, in the order to show them.

    ``devices``: the device table of that replication; ``downloads``: shape (downloads, 5); both as in
    :class:`~fota_sim.engines.record.RunRecord`.
    """
    upgrades_ms = _upgrade_times_ms(devices)
    return {
        **_successes(devices),
        **_outcomes(devices),
        **_effort(devices),
        **_times(upgrades_ms, int(targeted(devices).sum())),
        **_rates(upgrades_ms),
        **_load(downloads),
        **_cost(devices),
        **_beliefs(devices),
    }


def _successes(devices: Devices) -> dict[str, Measurement]:
    outcome = devices["outcome"]
    meant = targeted(devices)
    settled = (devices["attempts"] > 0) & ~outcome.is_one_of("in_progress")
    good = outcome.is_one_of("upgraded")
    bad = outcome.is_one_of("failed", "rolled_back", "bricked")
    refused, withheld = outcome.is_one_of("refused"), outcome.is_one_of("not_offered")
    everybody = np.ones(len(outcome), dtype=bool)
    return {
        "devices": Measurement("devices", float(len(outcome)), "devices"),
        "targeted": Measurement("targeted devices", float(meant.sum()), "devices"),
        "success_of_fleet": _share("upgraded, of the fleet", good, everybody, "all devices"),
        "success_of_targeted": _share("upgraded, of targeted", good, meant, "targeted devices"),
        "success_of_started": _share(
            "upgraded, of started", good, settled, "devices that began an upgrade and are not still in it"
        ),
        "failed_of_targeted": _share("failed, rolled back or bricked", bad, meant, "targeted devices"),
        "refused_of_targeted": _share("refused by the host", refused, meant, "targeted devices"),
        "not_offered_of_targeted": _share("not offered", withheld, meant, "targeted devices"),
    }


def _outcomes(devices: Devices) -> dict[str, Measurement]:
    counts = _counts(devices["outcome"])
    everybody = float(len(devices["outcome"]))
    return {
        f"outcome_{name}": _share_of(
            f"outcome {name.replace('_', ' ')}", float(counts.get(name, 0)), everybody, "all devices"
        )
        for name in OUTCOMES
    }


def _effort(devices: Devices) -> dict[str, Measurement]:
    started = float((devices["attempts"] > 0).sum())
    who = "devices that began an upgrade"
    attempts, failures = float(devices["attempts"].sum()), float(devices["download_failures"].sum())
    return {
        "attempts_per_started": _ratio("attempts per started device", attempts, started, "attempts", who),
        "download_failures_per_started": _ratio(
            "download failures per started device", failures, started, "failures", who
        ),
    }


def _times(at_ms: NDArray[np.int64], meant: int) -> dict[str, Measurement]:
    """A quantile is reached when at least that share of the ``meant`` devices is upgraded."""
    metrics = {}
    for percent in QUANTILES_PCT:
        needed = -(-meant * percent // 100)
        reached = 0 < needed <= len(at_ms)
        metrics[f"time_to_{percent}_pct_ms"] = Measurement(
            f"time to {percent} % of targeted upgraded",
            float(at_ms[needed - 1]) if reached else None,
            "ms",
            float(min(needed, len(at_ms))),
            float(meant),
            "targeted devices",
        )
    return metrics


def _rates(at_ms: NDArray[np.int64]) -> dict[str, Measurement]:
    hours = float(at_ms[-1]) / HOUR_MS if len(at_ms) else 0.0
    per_hour = np.bincount(at_ms // HOUR_MS) if len(at_ms) else np.zeros(1, np.int64)
    busiest = int(np.argmax(per_hour))
    return {
        "upgraded_per_hour": _ratio(
            "upgraded per hour",
            float(len(at_ms)),
            hours,
            "devices/h",
            "hours until the last upgrade",
        ),
        "upgraded_per_hour_peak": Measurement("upgraded in the busiest hour", float(per_hour[busiest]), "devices"),
        "upgraded_per_hour_peak_ms": Measurement(
            "start of the busiest hour", float(busiest * HOUR_MS) if len(at_ms) else None, "ms"
        ),
    }


def _load(downloads: NDArray[np.int64]) -> dict[str, Measurement]:
    busiest = peak(downloads[:, START], downloads[:, END])
    return {
        "downloads_peak": Measurement("most downloads at once", float(busiest.downloads), "downloads"),
        "downloads_peak_ms": Measurement(
            "time of most downloads", None if busiest.at_ms is None else float(busiest.at_ms), "ms"
        ),
    }


def _cost(devices: Devices) -> dict[str, Measurement]:
    sent, wasted = float(devices["bytes_sent"].sum()), float(devices["bytes_wasted"].sum())
    energy, lost = float(devices["energy_J"].sum()), float(devices["energy_wasted_J"].sum())
    upgraded = float(devices["outcome"].is_one_of("upgraded").sum())
    return {
        "bytes_sent": Measurement("bytes sent", sent, "B"),
        "bytes_wasted": Measurement("bytes wasted", wasted, "B"),
        "bytes_wasted_share": _ratio("bytes wasted, share", wasted, sent, SHARE, "bytes sent"),
        "energy_J": Measurement("energy of the update", energy, "J"),
        "energy_per_upgraded_J": _ratio("energy per upgraded device", energy, upgraded, "J", "upgraded devices"),
        "energy_wasted_J": Measurement("energy wasted", lost, "J"),
        "energy_wasted_share": _ratio("energy wasted, share", lost, energy, SHARE, "energy of the update"),
    }


def _beliefs(devices: Devices) -> dict[str, Measurement]:
    """What the platform believes against what is: on target before counts as on target."""
    believed = devices["belief"].is_one_of("Upgraded")
    upgraded = devices["outcome"].is_one_of("upgraded")
    on_target = devices["outcome"].is_one_of("upgraded", "already_on_target")
    everybody = np.ones(len(believed), dtype=bool)
    wrong = (believed & ~on_target) | (upgraded & ~believed)
    shown = devices["belief"].is_one_of("Upgraded", "Upgrade Failed")
    return {
        "success_as_platform_shows": _share(
            "success rate as the platform shows it",
            believed,
            shown,
            "devices shown as Upgraded or Upgrade Failed",
        ),
        "believed_not_upgraded": _share(
            "believed upgraded, but not", ~on_target, believed, "devices the platform believes upgraded"
        ),
        "upgraded_not_believed": _share("upgraded, but not believed", ~believed, upgraded, "upgraded devices"),
        "belief_agreement": _share(
            "platform is right about who is upgraded",
            ~wrong,
            everybody,
            "all devices",
        ),
    }


def _counts(column: Coded) -> dict[str, int]:
    return dict(zip(column.names, np.bincount(column.codes, minlength=len(column.names)).tolist(), strict=True))


def _upgrade_times_ms(devices: Devices) -> NDArray[np.int64]:
    """When the targeted devices that ended upgraded became so, ascending."""
    at_ms: NDArray[np.int64] = devices["upgraded_ms"][devices["outcome"].is_one_of("upgraded")]
    return np.sort(at_ms[at_ms != NEVER])


def _share(label: str, which: Bools, among: Bools, denominator_text: str) -> Measurement:
    return _share_of(label, float((which & among).sum()), float(among.sum()), denominator_text)


def _share_of(label: str, count: float, total: float, denominator_text: str) -> Measurement:
    """A number of devices out of a number of devices."""
    return replace(_ratio(label, count, total, SHARE, denominator_text), counts_devices=True)


def _ratio(label: str, numerator: float, denominator: float, unit: str, denominator_text: str) -> Measurement:
    value = numerator / denominator if denominator else None
    return Measurement(label, value, unit, numerator, denominator, denominator_text)
