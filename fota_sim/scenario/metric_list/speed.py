"""How fast a rollout is, and how much of it is at once."""

from __future__ import annotations

from collections.abc import Mapping

from fota_sim.scenario.metric_list.metric import Metric, Says, Shown, View, number, ratio

QUANTILES_PCT = (50, 90, 95, 99)
"""Shares of the targeted devices by whose upgrade a rollout is timed."""

_TIMED: Mapping[int, dict[View, Shown]] = {
    50: {
        "explorer": Shown(60, "to 50 % upgraded"),
        "report": Shown(30, "until half of the targeted are upgraded"),
        "comparison": Shown(50),
        "leads": Shown(70, "fastest to half of the targeted devices"),
    },
    90: {
        "explorer": Shown(70, "to 90 % upgraded"),
        "report": Shown(40, "until 90 % of the targeted are upgraded"),
        "comparison": Shown(60),
        "leads": Shown(60, "fastest to 90 % of the targeted devices"),
    },
    95: {"comparison": Shown(70), "sensitivity": Shown(30)},
}


def _time_to(percent: int) -> Metric:
    """When at least that share of the targeted devices is upgraded."""
    return Metric(
        name=f"time_to_{percent}_pct_ms",
        label=f"time to {percent} % of targeted upgraded",
        unit="ms",
        value=f"reached_{percent}_pct_ms",
        part=f"upgrades_to_{percent}_pct",
        whole="targeted",
        of="targeted devices",
        percent=percent,
        better="less",
        says=Says("takes", f" to upgrade {percent} % of the targeted devices"),
        aliases=(f"time_to_{percent}", f"time_to_{percent}_pct"),
        shown=_TIMED.get(percent, {}),
    )


_MOMENT = "where peaks are about as high, the highest is at one or at another, and a mean lies between them"

SPEED = (
    *map(_time_to, QUANTILES_PCT),
    ratio(
        "upgraded_per_hour_middle_90_pct",
        "upgraded per hour, middle 90 % of upgrades",
        "devices/h",
        "middle_upgrades",
        "middle_hours",
        "hours in which the middle 90 % of the upgrades happen",
        grows=True,
        better="more",
        aliases=("throughput",),
        shown={"sweep": Shown(30)},
    ),
    ratio(
        "upgraded_per_hour_to_last",
        "upgraded per hour until the last upgrade",
        "devices/h",
        "upgrades",
        "hours_of_upgrades",
        "hours until the last upgrade",
        grows=True,
        no_interval="a single straggler rules it, and may be in none of ten replications",
    ),
    number("upgraded_per_hour_peak", "upgraded in the busiest hour", "devices", grows=True),
    number("upgraded_per_hour_peak_ms", "start of the busiest hour", "ms", no_interval=_MOMENT),
    number(
        "downloads_peak",
        "most downloads at once",
        "downloads",
        grows=True,
        better="less",
        says=Says("has", " downloads at once at its peak"),
        aliases=("peak_downloads",),
        shown={"explorer": Shown(80, "most downloads at once"), "comparison": Shown(100)},
    ),
    number("downloads_peak_ms", "time of most downloads", "ms", no_interval=_MOMENT),
)
"""In the order to show them."""
