"""The numbers of one replication, each with its numerator and denominator.

Targeted devices are those that the plan is meant for: not kept out by a list and not on the target version
before it began. Started devices are those that were sent at least one download address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.numbers.counters import HOUR_MS, Counters, Devices, Upgrades, count, read_upgrades, upgrades
from fota_sim.experiment.concurrency import END, START, Concurrency, changes, concurrency
from fota_sim.experiment.exact_sum import as_float
from fota_sim.rules.labels import BELIEFS, CAUSES, OUTCOMES

SHARE = "share"
"""Unit of a number between 0 and 1."""
QUANTILES_PCT = (50, 90, 95, 99)
LISTED = ("blacklisted", "not on whitelist")
"""Causes by which a list keeps a device out of the plan."""


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


def targeted(counters: Counters) -> int:
    """How many devices the plan is meant for."""
    listed_out = sum(_of(counters, "not_offered", cause) for cause in LISTED)
    return counters.devices - listed_out - _of(counters, "already_on_target")


def needed(counters: Counters) -> tuple[int, ...]:
    """How many upgrades each of ``QUANTILES_PCT`` of the targeted devices is."""
    return tuple(-(-targeted(counters) * percent // 100) for percent in QUANTILES_PCT)


def measure(devices: Devices, downloads: NDArray[np.int64]) -> dict[str, Measurement]:
    """Every metric of one replication by name, in the order to show them.

    ``devices``: the device table of that replication; ``downloads``: shape (downloads, 5); both as in
    :class:`~fota_sim.engines.record.RunRecord`.
    """
    counters = count(devices)
    load = concurrency([changes(downloads[:, START], downloads[:, END])], np.zeros(1, dtype=np.int64))
    return measured(counters, read_upgrades([upgrades(devices)], needed(counters)), load)


def measured(counters: Counters, times: Upgrades, load: Concurrency) -> dict[str, Measurement]:
    """Every metric from what was counted; ``times`` of as many upgrades as ``needed`` says."""
    return {
        **_successes(counters),
        **_outcomes(counters),
        **_effort(counters),
        **_times(times, targeted(counters)),
        **_rates(times),
        **_load(load),
        **_cost(counters),
        **_beliefs(counters),
    }


def _of(counters: Counters, outcome: str, cause: str | None = None) -> int:
    """Devices with an outcome, or with one that has this cause."""
    row = counters.causes[OUTCOMES.index(outcome)]
    return int(row.sum() if cause is None else row[CAUSES.index(cause)])


def _successes(counters: Counters) -> dict[str, Measurement]:
    devices, meant = counters.devices, targeted(counters)
    good = _of(counters, "upgraded")
    bad = sum(_of(counters, outcome) for outcome in ("failed", "rolled_back", "bricked"))
    withheld = _of(counters, "not_offered") - sum(_of(counters, "not_offered", cause) for cause in LISTED)
    return {
        "devices": Measurement("devices", float(devices), "devices"),
        "targeted": Measurement("targeted devices", float(meant), "devices"),
        "success_of_fleet": _share("upgraded, of the fleet", good, devices, "all devices"),
        "success_of_targeted": _share("upgraded, of targeted", good, meant, "targeted devices"),
        "success_of_started": _share(
            "upgraded, of started",
            counters.started_upgraded,
            counters.started_ended,
            "devices that began an upgrade and are not still in it",
        ),
        "failed_of_targeted": _share("failed, rolled back or bricked", bad, meant, "targeted devices"),
        "refused_of_targeted": _share("refused by the host", _of(counters, "refused"), meant, "targeted devices"),
        "not_offered_of_targeted": _share("not offered", withheld, meant, "targeted devices"),
    }


def _outcomes(counters: Counters) -> dict[str, Measurement]:
    return {
        f"outcome_{name}": _share(
            f"outcome {name.replace('_', ' ')}", _of(counters, name), counters.devices, "all devices"
        )
        for name in OUTCOMES
    }


def _effort(counters: Counters) -> dict[str, Measurement]:
    started = float(counters.started)
    who = "devices that began an upgrade"
    attempts, failures = float(counters.attempts), float(counters.download_failures)
    return {
        "attempts_per_started": _ratio("attempts per started device", attempts, started, "attempts", who),
        "download_failures_per_started": _ratio(
            "download failures per started device", failures, started, "failures", who
        ),
    }


def _times(times: Upgrades, meant: int) -> dict[str, Measurement]:
    """A quantile is reached when at least that share of the ``meant`` devices is upgraded."""
    metrics = {}
    for percent, wanted in zip(QUANTILES_PCT, times.needed, strict=True):
        at_ms = times.reached_ms.get(wanted)
        metrics[f"time_to_{percent}_pct_ms"] = Measurement(
            f"time to {percent} % of targeted upgraded",
            None if at_ms is None else float(at_ms),
            "ms",
            float(min(wanted, times.upgraded)),
            float(meant),
            "targeted devices",
        )
    return metrics


def _rates(times: Upgrades) -> dict[str, Measurement]:
    hours = float(times.last_ms) / HOUR_MS if times.upgraded else 0.0
    busiest = int(np.argmax(times.per_hour))
    return {
        "upgraded_per_hour": _ratio(
            "upgraded per hour",
            float(times.upgraded),
            hours,
            "devices/h",
            "hours until the last upgrade",
        ),
        "upgraded_per_hour_peak": Measurement(
            "upgraded in the busiest hour", float(times.per_hour[busiest]), "devices"
        ),
        "upgraded_per_hour_peak_ms": Measurement(
            "start of the busiest hour", float(busiest * HOUR_MS) if times.upgraded else None, "ms"
        ),
    }


def _load(load: Concurrency) -> dict[str, Measurement]:
    return {
        "downloads_peak": Measurement("most downloads at once", float(load.most), "downloads"),
        "downloads_peak_ms": Measurement(
            "time of most downloads", None if load.most_at_ms is None else float(load.most_at_ms), "ms"
        ),
    }


def _cost(counters: Counters) -> dict[str, Measurement]:
    sent, wasted = float(counters.bytes_sent), float(counters.bytes_wasted)
    energy, lost = as_float(counters.energy), as_float(counters.energy_wasted)
    upgraded = float(_of(counters, "upgraded"))
    return {
        "bytes_sent": Measurement("bytes sent", sent, "B"),
        "bytes_wasted": Measurement("bytes wasted", wasted, "B"),
        "bytes_wasted_share": _ratio("bytes wasted, share", wasted, sent, SHARE, "bytes sent"),
        "energy_J": Measurement("energy of the update", energy, "J"),
        "energy_per_upgraded_J": _ratio("energy per upgraded device", energy, upgraded, "J", "upgraded devices"),
        "energy_wasted_J": Measurement("energy wasted", lost, "J"),
        "energy_wasted_share": _ratio("energy wasted, share", lost, energy, SHARE, "energy of the update"),
    }


def _beliefs(counters: Counters) -> dict[str, Measurement]:
    """What the platform believes against what is: on target before counts as on target."""
    believed = counters.beliefs[BELIEFS.index("Upgraded")]
    upgraded_of = OUTCOMES.index("upgraded")
    believed_all, upgraded = int(believed.sum()), _of(counters, "upgraded")
    shown = believed_all + int(counters.beliefs[BELIEFS.index("Upgrade Failed")].sum())
    wrongly = believed_all - int(believed[upgraded_of] + believed[OUTCOMES.index("already_on_target")])
    unnoticed = upgraded - int(believed[upgraded_of])
    return {
        "success_as_platform_shows": _share(
            "success rate as the platform shows it",
            believed_all,
            shown,
            "devices shown as Upgraded or Upgrade Failed",
        ),
        "believed_not_upgraded": _share(
            "believed upgraded, but not", wrongly, believed_all, "devices the platform believes upgraded"
        ),
        "upgraded_not_believed": _share("upgraded, but not believed", unnoticed, upgraded, "upgraded devices"),
        "belief_agreement": _share(
            "platform is right about who is upgraded",
            counters.devices - wrongly - unnoticed,
            counters.devices,
            "all devices",
        ),
    }


def _share(label: str, hits: int, total: int, denominator_text: str) -> Measurement:
    """A number of devices out of a number of devices."""
    return replace(_ratio(label, float(hits), float(total), SHARE, denominator_text), counts_devices=True)


def _ratio(label: str, numerator: float, denominator: float, unit: str, denominator_text: str) -> Measurement:
    value = numerator / denominator if denominator else None
    return Measurement(label, value, unit, numerator, denominator, denominator_text)
