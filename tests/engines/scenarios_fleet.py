"""Random groups of devices: when they are there, what they run on, what they run."""

from __future__ import annotations

from typing import Any

from scenarios_dice import Dice, seconds
from scenarios_hardware import battery, level

ZONES = (
    "UTC",
    "+05:45",
    "UTC-11",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Chatham",
)
WINDOWS = ("00:00-24:00", "01:00-05:00", "22:00-03:00", "08:00-18:00", "02:00-03:00", "23:00-24:00")

_CONTACTS = 1500
"""At most so many in a run, all devices together."""
_DEVICE_SECONDS = 8_000_000
"""So that two weeks have no more than 6 devices: each may be offered something every ten minutes."""


def contact(dice: Dice, horizon_s: float) -> dict[str, Any]:
    """A contact pattern."""
    pattern = dice.pick("always", "wake", "always", "wake", "daily")
    own: dict[str, Any] = {"pattern": pattern}
    dice.sometimes(own, "spread", "0s", "1min", "10min", "6h" if horizon_s > 21_600 else "2min")
    if dice.has("ties"):
        own["spread"] = dice.pick("0s", "0s", "10ms")
    if pattern == "wake":
        own["every"] = seconds(
            dice.pick(*(every for every in (86400, 21600, 3600, 600, 60) if 2 < horizon_s / every < 200))
        )
        if not dice.has("ties"):
            dice.sometimes(own, "jitter", "0s", "1min", "2h", once_in=3)
        dice.sometimes(own, "linger", "1min", "1s", "15min", "3h")
    else:
        dice.sometimes(own, "request_every", *_requests(horizon_s))
    if pattern == "daily":
        hours = ("08:00-18:00", *WINDOWS, "00:30-00:31", "02:30-03:30")  # in a short run most would never open
        own["hours"] = dice.pick(*hours) if horizon_s >= 86_400 else dice.pick("08:00-18:00", "00:00-24:00")
    if dice.has("sleep"):
        own.pop("linger", None)
        own["sleep"] = sleep(dice, pattern == "wake", horizon_s)
    return own


def sleep(dice: Dice, in_psm: bool, horizon_s: float) -> dict[str, Any]:
    """Timers of PSM, eDRX, or both."""
    own: dict[str, Any] = {}
    if in_psm:
        own["t3412"] = seconds(dice.pick(*(each for each in (86400, 36000, 3600, 1200) if horizon_s / each < 200)))
        own["t3324"] = dice.pick("20s", "2s", "0s", "10min")
    if not in_psm or dice.once_in(2):
        own["edrx"] = dice.pick("81.92s", "20.48s", "5.12s", "655.36s", "10485.76s")
        dice.sometimes(own, "paging_window", "2.56s", "1.28s", None)
    dice.sometimes(own, "inactivity", "20s", "0s", None)
    dice.sometimes(own, "keeps_downlinks", "1h", "0s", "1d", None)
    return own


def _requests(horizon_s: float) -> tuple[str | None, ...]:
    possible = (86400, 3600, 600, 60)
    return (*(seconds(every) for every in possible if horizon_s / every < 200), None)


def group(
    dice: Dice, name: str, horizon_s: float, modules: list[str], radios: list[str], hosts: list[str], mcus: list[str]
) -> dict[str, Any]:
    """One group, without its count."""
    own: dict[str, Any] = {"name": name, "module": dice.pick(*modules), "host": dice.pick(*hosts)}
    dice.sometimes(own, "radio", *radios, None, once_in=6)
    own["contact"] = contact(dice, horizon_s)
    own["hardware"] = dice.pick("A", {"A": "60%", "B": "40%"})
    if dice.has("rollout"):
        dice.sometimes(own, "joins", {"uniform": ["0s", "6h"]}, "1h", "0s", once_in=4)
    if dice.has("late joiners"):
        own["joins"] = dice.pick(
            {"uniform": ["0s", seconds(horizon_s)]},
            {"lognormal": {"median": "10min", "sigma": 2}},
            "10min",
            {"table": {"values": ["0s", "10min", seconds(horizon_s + 60)]}},
            None,
        )
    if dice.has("versions"):
        own["firmware"] = dice.pick(
            "1_0", {"1_0": "60%", "1_1": "40%"}, {"1_0": "70%", "2_0": "30%"}, {"1_1": "50%", "1_0": "50%"}
        )
    for mcu in mcus:
        if not (dice.has("versions") and dice.once_in(3)):
            version = dice.pick("1_0", {"1_0": "70%", "1_1": "30%"}, {"1_0": "60%", "2_0": "40%"})
            own.setdefault("mcu", {})[mcu] = version if dice.has("versions") else "1_0"
    if dice.has("signal"):
        own["rssi"] = dice.pick(
            "-96dBm",
            "-75dBm",
            {"normal": {"mean": "-95dBm", "sd": "8dB"}},
            {"uniform": ["-110dBm", "-70dBm"]},
            {
                "mixture": [
                    {"weight": "50%", "uniform": ["-80dBm", "-60dBm"]},
                    {"weight": "50%", "uniform": ["-120dBm", "-90dBm"]},
                ]
            },
            "-89dBm",
        )
        dice.sometimes(own, "battery_signal_correlation", 0.6, -0.9, once_in=4)
    elif dice.has("ties"):
        own["rssi"] = "-70dBm"
    dice.sometimes(own, "mains", "100%", "50%", "0%", None)
    if dice.has("batteries"):
        own["mains"] = dice.pick("0%", "0%", "30%")
        own["battery"] = battery(dice)
        dice.sometimes(own, "battery_level", level(dice), once_in=3)
        dice.sometimes(own, "battery_life", "10y", "0.5y", once_in=3)
        dice.sometimes(own, "temperature", "-20C", {"normal": {"mean": "0C", "sd": "10C"}})
    if dice.has("unknown readings"):
        dice.sometimes(own, "battery_unknown", "50%", "100%")
        dice.sometimes(own, "rssi_unknown", "50%", "100%")
    own |= {"gone": "0%", "churn": "0%"}
    if dice.has("losses"):
        own |= {
            "gone": dice.pick("0%", "20%", None),
            "churn": dice.pick("0%", "50%", "99.99%", "99.9999999999%", None),
        }
    dice.sometimes(own, "cells", 1, 2, 5, once_in=3)
    if dice.has("calendar"):
        dice.sometimes(own, "time_zone", *ZONES, {"Europe/Berlin": "50%", "Australia/Lord_Howe": "50%"})
    own["attributes"] = {"site": dice.pick("north", {"north": "50%", "south": "50%"})}
    if dice.has("lists", "defects"):
        dice.sometimes(own["attributes"], "batch no.", {"7": "50%", "8": "30%", "x": "20%"}, "7")
        if "batch no." in own["attributes"]:
            dice.atoms.append('"batch no." == "7"')
    return own


def contacts_of(entry: dict[str, Any], horizon_s: float) -> float:
    """About how many contacts or requests a device of the group makes, if its story never settles."""
    from fota_sim.scenario.units import DURATION

    every = entry["contact"].get("every") or entry["contact"].get("request_every") or "1d"
    return 1.0 + horizon_s / DURATION.parse(every)


def counts(dice: Dice, groups: list[dict[str, Any]], horizon_s: float) -> None:
    """Set how many devices each group has: together 1 to 60, fewer where they are busy."""
    for entry in groups:
        most = int(min(60, _CONTACTS / contacts_of(entry, horizon_s), _DEVICE_SECONDS / horizon_s) / len(groups))
        entry["count"] = min(dice.pick(3, 1, 6, 9, 12, 20, 30, 60), max(1, most))
