"""What fields of a scenario are called in sentences, tables and figures that are read by people who never see the file.

A path becomes the name of its field and of what it belongs to: ``modules.BC66.battery.level`` is "battery level of the
module BC66". A field that is not in ``FIELDS`` is called as it is written, with spaces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FIELDS: Mapping[str, str] = {
    "accepts_truncated": "acceptance of truncated images",
    "battery.level": "battery level",
    "brick_on_power_loss": "bricks after a power loss while flashing",
    "checks_file": "whether a host checks its own new software",
    "chunk_attempts": "attempts for a chunk",
    "command_time": "time of an AT command",
    "concurrency.devices": "upgrades at a time",
    "confirm_delay": "time until a host answers an offer",
    "connections": "downloads at a time",
    "contact.spread": "spread of first contacts",
    "count": "number of devices",
    "cut_at": "where downloads are cut off",
    "cut_download": "downloads that are cut off",
    "doubled_urc": "URCs heard twice",
    "efficiency": "share of the line rate that carries the file",
    "egress": "bandwidth",
    "enforced_by": "who compares battery and signal",
    "faults.devices": "share of devices with faults",
    "garbled_block": "garbled blocks",
    "i_edrx": "current between paging windows",
    "i_flash": "current while flashing",
    "inactivity": "time until the network releases an idle connection",
    "keeps_downlinks": "time for which a message is kept for a sleeping device",
    "lost_urc": "lost URCs",
    "mains": "share of devices on mains",
    "margin": "fading margin",
    "mcu_flash_failure": "failures of flashing the MCU",
    "mcu_flash_rate": "speed of flashing the MCU",
    "min_battery": "minimum battery",
    "min_signal": "minimum signal",
    "mode": "silent or manual",
    "p_floor": "chunk failures at a strong signal",
    "patience": "patience",
    "battery_life": "expected life of batteries",
    "per_MB": "price of an MB",
    "per_device_day": "price of a device's day on the old version",
    "per_mAh": "price of a mAh",
    "per_not_upgraded": "price of a device that is not upgraded",
    "per_visit": "price of a visit",
    "power_cuts_battery": "power cuts of devices on battery",
    "power_cuts_mains": "power cuts of devices on mains",
    "push": "push",
    "push_period": "push period",
    "reading_sd": "error of a signal reading",
    "reads_again": "how often a host reads a file anew",
    "recovery": "time to recover from a failed chunk",
    "retries": "retries",
    "retry_delay": "delay before a retry",
    "rssi": "signal",
    "segment_time": "shortest step of a download",
    "share": "share of the carrier for a device",
    "storage_failure": "storage failures",
    "verify_failure": "images that fail their check",
    "when_full": "what a full server does",
    "wrong_checksum": "files of a wrong checksum",
}
"""By the last step of a path, or the last two where one alone would not say it."""

_OWNERS: Mapping[str, str] = {
    "modules": "the module {}",
    "radios": "the radio {}",
    "hosts": "the host {}",
    "groups": "the group {}",
    "csv": "the file {}",
    "excel": "the file {}",
    "packages": "the package {}",
    "defects": "the defect {}",
    "plans": "the plan {}",
    "server": "the server",
    "cells": "the cells",
}
EVERY = "*"
"""Stands for every name, as in ``plans.*.strategy.min_battery``: a field of all of them is told without an owner."""
_STEP = re.compile(r"[^.\[\]]+")
_STEPS = re.compile(r"(?<![\w.-])(?:\d+(?:d|h|min|s)){2,}(?!\w)")
_STEP_OF_TIME = re.compile(r"(\d+(?:d|h|min))(?=\d)")
_QUANTITY = re.compile(r"(?<![\w-])(?<!\w\.)([-+]?)(\d[\d.,]*)\s*(%|[A-Za-z][A-Za-z/]*)")


def plain_name(path: str) -> str:
    """The field at ``path``, written as for ``--set``, in words."""
    steps = _STEP.findall(path)
    two = ".".join(steps[-2:])
    name = FIELDS.get(two) or FIELDS.get(steps[-1]) or steps[-1].replace("_", " ")
    owner = _owner(steps[:-1])
    return f"{name} of {owner}" if owner else name


def plain_value(value: Any) -> str:
    """A value as it is read: ``20 %``, ``−95 dBm``, ``1 h 30 min``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    apart = _STEPS.sub(lambda found: _STEP_OF_TIME.sub(r"\1 ", found[0]), str(value))
    return _QUANTITY.sub(lambda found: f"{found[1].replace('-', '−')}{found[2]} {found[3]}", apart)


def plain_setting(path: str, value: Any) -> str:
    """``a minimum battery of 20 %``, without the article: ``minimum battery 20 %``."""
    return f"{plain_name(path)} {plain_value(value)}"


def _owner(steps: list[str]) -> str:
    for place in range(len(steps) - 1, -1, -1):
        words = _OWNERS.get(steps[place])
        if words is None:
            continue
        if "{}" not in words:
            return words
        if place + 1 < len(steps):
            named = steps[place + 1]
            if named == EVERY:
                return ""
            return words.format(f"number {int(named) + 1}" if named.isdigit() else named)
    return ""
