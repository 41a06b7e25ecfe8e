"""Devices by how they ended, as shares of the fleet, of the targeted and of those that began."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fota_sim.rules.labels import OUTCOMES
from fota_sim.scenario.metric_list.metric import (
    Metric,
    Says,
    Shown,
    number,
    of_all,
    of_targeted,
    ratio,
    share_of_devices,
)

NOT_UPGRADED = "not_upgraded_of_started"
"""The metric that counts all who began and did not get there, however they ended or did not."""

_UPGRADES, _REFUSES = Says("upgrades"), Says("leaves", " refused by their hosts")

_OUTCOME: Mapping[str, dict[str, Any]] = {
    "upgraded": {
        "better": "more",
        "says": _UPGRADES,
        "shown": {"comparison": Shown(40), "leads": Shown(20, "most upgraded, of all devices")},
    },
    "failed": {
        "at_equal_exposure": "failed_of_started",
        "counted_in": NOT_UPGRADED,
        "shown": {"comparison": Shown(20), "leads": Shown(40, "fewest failed, of all devices")},
    },
    "refused": {"says": _REFUSES},
    "bricked": {
        "says": Says("bricks"),
        "at_equal_exposure": "bricked_of_started",
        "shown": {
            "explorer": Shown(30, "bricked"),
            "report": Shown(20, "bricked, of all devices"),
            "comparison": Shown(10),
            "leads": Shown(30, "fewest bricked, of all devices"),
            "sensitivity": Shown(20),
        },
    },
    "rolled_back": {"counted_in": NOT_UPGRADED, "shown": {"comparison": Shown(30)}},
    "already_on_target": {"better": None, "says": None},
}
"""What is not the same for all outcomes."""


OUTCOME_WORDS: Mapping[str, str] = {
    "in_progress": "still in progress at the end",
    "refused": "refused by the host",
    "unreachable": "out of reach",
    "already_on_target": "on the target version before",
}
"""Outcomes whose names do not read as what they are."""


def _outcome(name: str) -> Metric:
    words = OUTCOME_WORDS.get(name, name.replace("_", " "))
    usual = {"better": "less", "says": Says("leaves", f" {words}")}
    more = usual | _OUTCOME.get(name, {})
    return of_all(f"outcome_{name}", f"{words}, of all devices", name, outcome=True, aliases=(name,), **more)


_STARTED = "devices that began an upgrade"

UNFINISHED = "unfinished_of_started"
"""The metric that says how many are still at it at the horizon."""
ATTEMPTS_OF_UNFINISHED = "attempts_per_unfinished"
"""The metric that says how often these have tried."""

STARTED_OF_FLEET = "started_of_fleet"
"""The metric that says to how many devices an update could do harm."""

FATES = (
    number("devices", "devices", "devices", grows=True),
    number("targeted", "targeted devices", "devices", grows=True),
    of_all("success_of_fleet", "upgraded, of the fleet", "upgraded", better="more", says=_UPGRADES),
    of_targeted(
        "success_of_targeted",
        "upgraded, of targeted",
        "upgraded",
        better="more",
        says=_UPGRADES,
        of_fleet="success_of_fleet",
        aliases=("success",),
        shown={
            "explorer": Shown(10, "upgraded"),
            "report": Shown(10, "upgraded, of targeted devices"),
            "leads": Shown(10, "most upgraded, of targeted devices"),
            "sweep": Shown(20),
            "sensitivity": Shown(10),
        },
    ),
    share_of_devices(
        "success_of_started",
        "upgraded, of started",
        "started_upgraded",
        "started_ended",
        f"{_STARTED} and are not still in it",
        better="more",
    ),
    share_of_devices(
        "failed_of_started",
        "failed, rolled back or bricked, of started",
        "started_failed",
        "started",
        _STARTED,
        better="less",
        counted_in=NOT_UPGRADED,
    ),
    share_of_devices(
        NOT_UPGRADED,
        "failed, lost or still at it, of started",
        "started_not_upgraded",
        "started",
        _STARTED,
        better="less",
    ),
    share_of_devices(UNFINISHED, "still at it at the end, of started", "started_unfinished", "started", _STARTED),
    share_of_devices(
        "bricked_of_started", "bricked, of started", "started_bricked", "started", _STARTED, better="less"
    ),
    of_all(STARTED_OF_FLEET, "began an upgrade, of all devices", "started"),
    of_targeted(
        "failed_of_targeted",
        "failed, rolled back or bricked, of targeted",
        "failed_in_any_way",
        better="less",
        says=Says("leaves", " failed, rolled back or bricked"),
        at_equal_exposure="failed_of_started",
        counted_in=NOT_UPGRADED,
        shown={
            "explorer": Shown(20, "failed or bricked"),
            "leads": Shown(50, "fewest failed, rolled back or bricked, of targeted devices"),
            "sweep": Shown(10),
        },
    ),
    of_targeted(
        "refused_of_targeted",
        "refused by the host, of targeted",
        "refused",
        better="less",
        says=_REFUSES,
        shown={"explorer": Shown(40, "refused")},
    ),
    of_targeted(
        "not_offered_of_targeted",
        "not offered, of targeted",
        "withheld",
        better="less",
        says=Says("leaves", " not offered"),
        shown={"explorer": Shown(50, "not offered")},
    ),
    *map(_outcome, OUTCOMES),
    ratio(
        "attempts_per_started",
        "attempts per started device",
        "attempts",
        "attempts",
        "started",
        _STARTED,
        by_device=True,
        better="less",
        says=Says("takes", " attempts for each device that began"),
    ),
    ratio(
        ATTEMPTS_OF_UNFINISHED,
        "attempts of a device that is still at it",
        "attempts",
        "attempts_of_unfinished",
        "started_unfinished",
        "devices that began an upgrade and are still in it at the end",
    ),
    ratio(
        "download_failures_per_started",
        "download failures per started device",
        "failures",
        "download_failures",
        "started",
        _STARTED,
        better="less",
    ),
)
"""In the order to show them."""
