"""What a rollout sends and takes: bytes, energy and charge of batteries."""

from __future__ import annotations

from fota_sim.scenario.metric_list.metric import Says, Shown, number, ratio

AMOUNTS = (
    number(
        "bytes_sent",
        "bytes sent",
        "B",
        grows=True,
        by_device=True,
        better="less",
        says=Says("sends"),
        shown={"explorer": Shown(90, "sent"), "report": Shown(50, "sent")},
    ),
    number(
        "bytes_wasted",
        "bytes wasted",
        "B",
        grows=True,
        better="less",
        says=Says("wastes"),
        shown={"comparison": Shown(80), "sensitivity": Shown(40)},
    ),
    ratio(
        "bytes_wasted_share", "bytes wasted, share", "share", "bytes_wasted", "bytes_sent", "bytes sent", better="less"
    ),
    number(
        "energy_J",
        "energy of the update",
        "J",
        grows=True,
        by_device=True,
        better="less",
        says=Says("uses", " of energy"),
        aliases=("energy",),
    ),
    ratio(
        "energy_per_upgraded_J",
        "energy per upgraded device",
        "J",
        "energy_J",
        "upgraded",
        "upgraded devices",
        by_device=True,
        better="less",
        aliases=("energy_per_upgraded",),
        shown={"report": Shown(60, "energy for each upgraded device")},
    ),
    number(
        "energy_wasted_J",
        "energy wasted",
        "J",
        grows=True,
        better="less",
        says=Says("wastes", " of energy"),
        aliases=("energy_wasted",),
        shown={"explorer": Shown(100, "energy wasted"), "comparison": Shown(90)},
    ),
    ratio(
        "energy_wasted_share",
        "energy wasted, share",
        "share",
        "energy_wasted_J",
        "energy_J",
        "energy of the update",
        better="less",
    ),
    number(
        "battery_mAh",
        "charge that the update takes from batteries",
        "mAh",
        grows=True,
        by_device=True,
        better="less",
        says=Says("takes", " from batteries"),
        aliases=("battery",),
    ),
    ratio(
        "battery_life_days",
        "battery life that the update takes from a device",
        "days",
        "life_days_taken",
        "batteries_drawn_on",
        "devices whose battery the update drew on, and whose expected life is known",
        by_device=True,
        better="less",
        says=Says("takes", " days of battery life from a device"),
        aliases=("battery_life",),
        shown={"report": Shown(70, "of battery life for each device on battery")},
    ),
)
"""In the order to show them."""
