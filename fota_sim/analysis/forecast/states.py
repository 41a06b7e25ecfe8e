"""Where each device of a rollout stands at a time: as a log says, and as a simulated device does, in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fota_sim.engines.record import RunRecord
from fota_sim.fleet.coded import Coded
from fota_sim.histories.columns import TIMES
from fota_sim.histories.ends import End
from fota_sim.histories.steps import stepped
from fota_sim.histories.table import Histories
from fota_sim.histories.view import View
from fota_sim.rules import codes
from fota_sim.scenario.products import PLAN

Floats = NDArray[np.float64]


class State(IntEnum):
    """One of a device; a refusal is none, for a device that refused is offered the plan again."""

    NEVER = 0
    WAITING = 1
    UNDER_WAY = 2
    SUCCEEDED = 3
    FAILED = 4
    BRICKED = 5
    OTHER = 6


WORDS = {
    State.NEVER: "not heard of",
    State.WAITING: "heard of, not begun",
    State.UNDER_WAY: "under way",
    State.SUCCEEDED: "succeeded",
    State.FAILED: "failed",
    State.BRICKED: "bricked",
    State.OTHER: "taken out, or not meant",
}
DONE = (State.SUCCEEDED, State.FAILED, State.BRICKED, State.OTHER)
"""Nothing more is expected of a device."""

_OF_END = {
    End.NEVER_REACHED: State.NEVER,
    End.WAITING: State.WAITING,
    End.REFUSED: State.WAITING,
    End.UNDER_WAY: State.UNDER_WAY,
    End.DOWNLOADING: State.UNDER_WAY,
    End.INSTALLING: State.UNDER_WAY,
    End.FAILED_DOWNLOAD: State.FAILED,
    End.FAILED_INSTALL: State.FAILED,
    End.FAILED: State.FAILED,
    End.ROLLED_BACK: State.FAILED,
    End.TIMED_OUT: State.FAILED,
    End.BRICKED: State.BRICKED,
    End.SUCCEEDED: State.SUCCEEDED,
    End.CANCELLED: State.OTHER,
    End.NOT_APPLICABLE: State.OTHER,
}
_OF_OUTCOME = {
    codes.UPGRADED: State.SUCCEEDED,
    codes.FAILED: State.FAILED,
    codes.ROLLED_BACK: State.FAILED,
    codes.BRICKED: State.BRICKED,
    codes.CANCELLED: State.OTHER,
}


@dataclass(frozen=True)
class Seen:
    """Where devices stand at a time. Both of shape (devices,), in the order of the fleet."""

    state: NDArray[np.int8]
    at_ms: Floats
    """When it came to that, since activation: done, begun, or first heard of; NaN where there is no time."""
    begun_ms: Floats
    """When its first download began, or it was first heard of where no log says that; NaN: it has not."""

    def take(self, places: NDArray[np.intp]) -> Seen:
        """Some of the devices."""
        return Seen(self.state[places], self.at_ms[places], self.begun_ms[places])


def seen_in_log(histories: Histories, ids: Any, start_s: float, view: View) -> tuple[Seen, int]:
    """What a log says of the devices with these ``ids``, and how many of its devices are none of them.

    A device that the log does not name has not been heard of. ``start_s``: the plan's activation, since 1970;
    ``view``: what the log tells apart, and nothing else is told apart in the simulation.
    """
    frame = histories.frame
    place = {name: number for number, name in enumerate(ids)}
    rows = np.array([place.get(name, -1) for name in frame["device"]], dtype=np.int64)
    known = rows >= 0
    n = len(place)
    state = np.full(n, State.NEVER, dtype=np.int8)
    words = frame["ended"].map({str(end): int(state) for end, state in _OF_END.items()}).to_numpy(np.int8)
    state[rows[known]] = words[known]

    def column(name: str) -> Floats:
        found = np.full(n, np.nan)
        found[rows[known]] = (frame[name].to_numpy(np.float64)[known] - start_s) * 1000.0
        return found

    contact, download, ended = column("contact_s"), column("download_s"), column("ended_s")
    return _seen(state, contact, download, ended, view), int((~known).sum())


def seen_in_record(record: RunRecord, view: View, plan: str = "", start_s: float | None = None) -> Seen:
    """The same of a simulated rollout, as it stands at the end of its record.

    ``plan``: of several the one whose log it would be; devices of the others are not named in it, like those that have
    not been heard of. ``start_s``: the plan's activation, since 1970, for times on the steps of the log's; None: times
    as they are.
    """
    devices = record.devices
    outcome, cause = devices["outcome"].codes, devices["cause"].codes
    heard = "first_offer_ms" if view.hears_offers else "first_contact_ms"
    contact, download, finished = (_times(devices[name]) for name in (heard, "download_start_ms", "finished_ms"))
    # what a log knows of a device begins with its release; a device that the plan is not for is not waited for
    apart, released = not_meant(outcome, cause), _times(devices["released_ms"])
    released[released >= record.horizon_ms] = np.nan
    contact = np.where(apart, contact, np.maximum(contact, released))
    state = np.full(len(outcome), State.NEVER, dtype=np.int8)
    state[~np.isnan(contact)] = State.WAITING
    state[~np.isnan(download)] = State.UNDER_WAY
    told = ~((outcome == codes.UPGRADED) & np.isnan(finished))  # nobody has heard of it yet
    if End.TIMED_OUT not in view.ends:
        told &= ~((outcome == codes.FAILED) & np.isin(cause, codes.BY_THE_CLOCK))
    else:  # not seen in time; the table says so only of those that come later
        state[(outcome == codes.UNREACHABLE) & ~np.isnan(finished)] = State.FAILED
    for number, meant in _OF_OUTCOME.items():
        state[(outcome == number) & told] = meant
    state[apart] = State.OTHER if End.NOT_APPLICABLE in view.ends else State.NEVER
    state[(outcome == codes.FAILED) & (cause == codes.PLAN_OVER)] = State.OTHER
    state[elsewhere(record, plan)] = State.NEVER
    if start_s is not None and view.steps:
        offered = np.where(apart, np.nan, released)
        times = (offered, contact, download, _times(devices["downloaded_ms"]), finished)
        contact, download, finished = _on_steps(times, view, start_s)
    return _seen(state, contact, download, finished, view)


def _on_steps(times: tuple[Floats, ...], view: View, start_s: float) -> tuple[Floats, Floats, Floats]:
    """Contacts, beginnings and ends where a log with steps has them: none before what it has before them.

    ``times``: those of ``TIMES``, in milliseconds since activation, as are those that are given back.
    """
    columns = {
        name: at_ms / 1000.0 + start_s if name in view.times else np.full(len(at_ms), np.nan)
        for name, at_ms in zip(TIMES, times, strict=True)
    }
    frame = stepped(pd.DataFrame(columns), view.steps)
    found = {name: (frame[name].to_numpy(np.float64) - start_s) * 1000.0 for name in TIMES}
    contact, download, finished = times[1], times[2], times[4]
    return (
        found["contact_s"] if "contact_s" in view.times else contact,
        found["download_s"] if "download_s" in view.times else download,
        found["ended_s"] if "ended_s" in view.times else finished,
    )


def elsewhere(record: RunRecord, plan: str) -> NDArray[np.bool_]:
    """Devices of other plans than this one, or of none; nobody where there is one plan. Shape (devices,)."""
    column: Coded | None = record.devices.get(PLAN)
    if not plan or column is None:
        return np.zeros(len(record.devices["outcome"]), dtype=np.bool_)
    found: NDArray[np.bool_] = np.asarray(column.codes) != column.names.index(plan)
    return found


def not_meant(outcome: NDArray[Any], cause: NDArray[Any]) -> NDArray[np.bool_]:
    """Devices that the plan is not for, by the numbers of their outcomes and causes."""
    kept_out = np.isin(outcome, (codes.NOT_OFFERED, codes.FAILED))
    listed = kept_out & np.isin(cause, codes.NOT_FOR_IT)
    found: NDArray[np.bool_] = listed | (outcome == codes.ALREADY_ON_TARGET)
    return found


def _times(column: NDArray[Any]) -> Floats:
    return np.where(column < 0, np.nan, column.astype(np.float64))


def _seen(state: NDArray[np.int8], contact: Floats, download: Floats, ended: Floats, view: View) -> Seen:
    if End.BRICKED not in view.ends:  # it stays under way
        state[state == State.BRICKED] = State.UNDER_WAY
    if not view.ends & {End.UNDER_WAY, End.DOWNLOADING, End.INSTALLING}:
        state[state == State.UNDER_WAY] = State.WAITING
    if End.WAITING not in view.ends:
        state[state == State.WAITING] = State.NEVER
    if "download_s" not in view.times:  # when a device was first heard of is when it began
        download = np.full(len(state), np.nan)
    done = np.isin(state, DONE)
    begun = np.where(np.isnan(download), contact, download)
    begun[np.isin(state, (State.NEVER, State.WAITING, State.OTHER))] = np.nan
    at_ms = np.where(done, ended, np.where(state == State.UNDER_WAY, begun, contact))
    at_ms[state == State.NEVER] = np.nan
    return Seen(state, at_ms, begun)
