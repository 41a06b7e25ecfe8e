"""What a run's answer hangs on: what most losses are a matter of, and where most failures are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fota_sim.analysis.answers.wording import share_text
from fota_sim.analysis.run.battery_signal import BATTERY_STEP_PCT, FAILURES, SIGNAL_STEP_DB
from fota_sim.experiment.arrow import counted
from fota_sim.rules.codes import CAUSES_TOLD, GONE_FOR_GOOD, LISTED

MOST = 0.8
"""A place where so many of the failures are is where they happen."""
LIFT = 2.0
"""And it has to fail so many times as often as the fleet, or it says nothing."""
FEWEST = 20
"""Failures, all replications together, below which where they are is luck."""
HALF = 0.5
"""What is behind fewer of the losses is not what the answer hangs on."""

_ABOUT = {cause.label: cause.about for cause in CAUSES_TOLD}
_WORDS: Mapping[str, tuple[str, str]] = {
    "battery": ("Batteries are", "the minimum battery, or charging before the rollout"),
    "signal": ("Weak signals are", "the minimum signal, or a better place for the worst devices"),
    "power": ("Power cuts are", "more retries, and a boot scheme that survives a cut"),
    "network": ("The server and the cells are", "a slower pace, or more room at the server"),
    "host": ("The hosts are", "how hosts answer, and when they are asked"),
    "MCU": ("The MCUs are", "the time that MCUs are given, and how they are flashed"),
    "image": ("The new firmware is", "finding its defect in a few devices first"),
    "size": ("The size of the package is", "a delta package, or more room in the flash"),
    "version": ("The versions that devices run are", "a package for those versions too, or a full one"),
    "plan": ("The plan is", "its hours, its end and its retries"),
    "telemetry": ("Missing telemetry is", "how often devices report, or leaving minimums to the hosts"),
    "stop": ("The stop of the rollout is", "what stopped it: an abort rule, the deadline of a wave, or the operator"),
    "rollout": ("The rollout's own rules are", "its waves, rates and limits of time"),
    "device": ("Being out of reach is", "more time, or a visit"),
}
"""By what causes are about (rules/codes.py): the beginning of a sentence, and what would change most."""


_GONE = CAUSES_TOLD[GONE_FOR_GOOD].label
_A_VISIT = "a visit"
"""For devices that no time brings back."""


class Lost(NamedTuple):
    """Why devices that were meant are not upgraded."""

    devices: float
    by: Mapping[str, float]
    """Devices by what their cause is about."""
    gone: float
    """Those of them that are gone for good."""


def lost(summary: Mapping[str, Any]) -> Lost:
    """All targeted devices that are not upgraded, all replications together."""
    kept_out = {CAUSES_TOLD[number].label for number in LISTED}
    by: dict[str, float] = {}
    gone = 0.0
    for row in summary["causes"]:
        listed_out = row["outcome"] == "not_offered" and row["cause"] in kept_out
        if row["outcome"] not in ("upgraded", "already_on_target") and not listed_out:
            about = _ABOUT.get(row["cause"], "")
            by[about] = by.get(about, 0.0) + row["count"]
            gone += row["count"] if row["cause"] == _GONE else 0.0
    return Lost(sum(by.values()), by, gone)


def reason(summary: Mapping[str, Any]) -> str:
    """``Batteries are the reason for 8 in 10 that are not upgraded; ...``; empty where nothing is behind half."""
    found = lost(summary)
    about, count = max(found.by.items(), key=lambda item: item[1], default=("", 0.0))
    alone = sum(each == count for each in found.by.values()) == 1  # of two halves none is what would change most
    if not found.devices or count < HALF * found.devices or about not in _WORDS or not alone:
        return ""
    begins, lever = _WORDS[about]
    lever = _A_VISIT if about == "device" and found.gone == count else lever
    losses = f"{_in_ten(count / found.devices)} that are not upgraded"
    return f"{begins} the reason for {losses}; what would change most: {lever}."


def place(table: pa.Table | None) -> str:
    """Where failures happen, from the table of analysis/run/battery_signal.py; empty where they happen anywhere."""
    if table is None:
        return ""
    failures = np.sum([counted(table[name]) for name in FAILURES], axis=0)
    found = [
        _below(table, failures, "battery_pct", BATTERY_STEP_PCT, lambda edge: f"batteries below {edge:.0f} %"),
        _below(
            table, failures, "rssi_dBm", SIGNAL_STEP_DB, lambda edge: f"signals below {edge:.0f} dBm".replace("-", "−")
        ),
    ]
    told = [each for each in found if each is not None]
    text = min(told)[1] if told else ""
    return f"{text[:1].upper()}{text[1:]}"


def _below(
    table: pa.Table, failures: NDArray[np.int64], column: str, step: int, words: Callable[[float], str]
) -> tuple[float, str] | None:
    """The share of devices below the lowest edge that most failures are below, and a sentence about it.

    ``failures``: of each row. Counted column by column, for a page asks after every replication of up to fifty.
    """
    starts = counted(table["started"])
    whole, started = int(failures.sum()), int(starts.sum())
    if whole < FEWEST or not started:
        return None
    values = np.array(table[column].to_pylist(), dtype=np.float64)
    known = ~np.isnan(values)  # null: on mains
    steps, at = np.unique(values[known], return_inverse=True)
    edges = steps + step
    below = np.searchsorted(steps, edges)
    failed_below, tried_below = (
        np.cumsum(np.bincount(at, counts[known], len(steps)))[below - 1] for counts in (failures, starts)
    )
    for edge, failed, tried in zip(edges.tolist(), failed_below.tolist(), tried_below.tolist(), strict=True):
        if failed >= MOST * whole:
            if failed * started < LIFT * tried * whole:
                return None
            those = f"{share_text(tried / started)} of those that begin an upgrade"
            return tried / started, f"{_in_ten(failed / whole)} failures are at {words(edge)}, which are {those}."
    return None


def _in_ten(share: float) -> str:
    """``8 in 10``, which is no count of devices as ``8 of 10`` would be; all and nearly all are said as such."""
    if share >= 1:
        return "all"
    tenths = round(10 * share)
    return f"{tenths} in 10" if tenths < 10 else "nearly all"
