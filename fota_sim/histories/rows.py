"""What a reader finds, row by row, before it is checked: names, ends, and times as the log writes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fota_sim.histories.columns import ATTRIBUTES, MEASURED, NUMBERS, TIMES
from fota_sim.histories.ends import End
from fota_sim.histories.happened import Events
from fota_sim.histories.left_out import LeftOut
from fota_sim.histories.times import Clock
from fota_sim.histories.view import View
from fota_sim.histories.vocabulary import Vocabulary
from fota_sim.scenario.device_rows.written import is_nothing, is_rounded, is_total
from fota_sim.scenario.signs import with_hyphens

_NUMBER = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*(%|dBm)?", re.I)
_NAMES = ("file", "line", "device", "ended", "cause", *TIMES, *NUMBERS)


@dataclass
class Pages:
    """Of a list that a platform gives in pages: how many are here, and what they say of the whole."""

    number: int = 0
    going_on: int = 0
    """Pages that say that another follows."""
    entries: int = 0
    total: int = 0
    """Entries of the whole list, where a page says it."""

    def add(self, entries: int, total: int = 0, going_on: bool = False) -> None:
        """One more page."""
        self.number += 1
        self.entries += entries
        self.total = max(self.total, total)
        self.going_on += going_on


@dataclass
class Rows:
    """Columns of what was read so far, and what was said about devices beside it."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    left_out: LeftOut = field(default_factory=LeftOut)
    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in _NAMES})
    named: Mapping[str, str] = field(default_factory=dict)
    """Which column of a table is what, where the user says it."""
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What devices are, by name."""
    heard_s: dict[str, float] = field(default_factory=dict)
    """When the platform last heard of a device, whatever it was doing, by name; seconds since 1970."""
    clock: Clock = field(default_factory=Clock)
    """How times without a unit or an offset are meant."""
    unstaged: dict[str, int] = field(default_factory=dict)
    """Failures whose stage the log does not say, by what it says instead."""
    view: View = field(default_factory=View)
    """What such a log can show."""
    targeted: int | None = None
    """How many devices the rollout was for, where the log lists only those that asked."""
    pages: dict[str, Pages] = field(default_factory=dict)
    """Lists in pages, by what one entry is called."""
    offered: Any = None
    """When the rollout began, where the log says it once for all devices; as it writes it."""
    size_B: float | None = None
    """Bytes of the file, where the log says it of all."""
    rollouts: Counter[str] = field(default_factory=Counter)
    """Rows by the rollout that they are of, in the platform's words such as ``job fw-2``, where it says it."""
    with_entries: set[str] = field(default_factory=set)
    """Devices of which the log says each step, where other entries of it sum them up."""
    summed_up: list[tuple[str, int, str, dict[str, Any]]] = field(default_factory=list)
    """File, line and device of entries that sum up what became of a device, and what they say."""
    events: Events = field(default_factory=Events)
    """What happened to devices, of a log that has a line for each event, from all of its files."""
    no_status: list[tuple[str, list[str]]] = field(default_factory=list)
    """Tables without a column of a status: their names, and those of their columns."""
    hides_attempts: bool = False
    """Whether only the last attempt of a device is in the log."""

    def add(self, file: str, line: int, device: str, ended: End | None, **cells: Any) -> None:
        """A row; ``cells``: times as the log writes them, numbers, and ``cause``. Without an end it is not kept."""
        if ended is None:
            return  # its word was counted
        if not self.names_a_device(file, line, device):
            return
        columns = self.columns
        columns["file"].append(file)
        columns["line"].append(line)
        columns["device"].append(device)
        columns["ended"].append(ended)
        columns["cause"].append(cells.get("cause") or "")
        for name in (*TIMES, *NUMBERS):
            columns[name].append(_said(cells.get(name)))

    def names_a_device(self, file: str, line: int, device: str) -> bool:
        """Whether a row is one of a device; one that is not is left out, and told."""
        why = _no_device(device)
        if why:
            self.left_out.add(why, file, line)
        return not why

    def describe(self, device: str, **attributes: Any) -> None:
        """What a device is: any of ``ATTRIBUTES``; what is said already stays."""
        known = self.attributes.setdefault(device, {})
        for name, value in attributes.items():
            if name in ATTRIBUTES and _said(value) not in (None, "") and name not in known:
                known[name] = _measured(value) if name in MEASURED and isinstance(value, str) else value


def _said(cell: Any) -> Any:
    """A cell as it is; None for a word for nothing."""
    return None if isinstance(cell, str) and is_nothing(cell.strip()) else cell


def _no_device(name: str) -> str:
    """Why a row with this in its column of devices is of none; empty where it is of one."""
    if not name or is_nothing(name):
        return "no device is named"
    if is_total(name):
        return "it is computed of other rows, and no device"
    if is_rounded(name):
        return "a spreadsheet has rounded the id of its device, so several may have the same; export ids as text"
    return ""


def _measured(cell: str) -> Any:
    """A number without its unit; what else stands there as it is, to be told."""
    found = _NUMBER.fullmatch(with_hyphens(cell.strip()))
    return float(found[1].replace(",", ".")) if found else cell
