"""fota-sim's own device tables as histories: the truth of a simulated rollout in the columns of any log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fota_sim.engines.operation import CANCELLED_BY_RULE
from fota_sim.experiment.results import Result
from fota_sim.histories.ends import OPEN, End
from fota_sim.histories.left_out import LeftOut
from fota_sim.histories.seen import seen_as
from fota_sim.histories.table import Histories, column_names
from fota_sim.histories.view import EVERYTHING, View
from fota_sim.rules import codes
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.products import PLAN
from fota_sim.scenario.zones import zone_info

TITLE = "a result of fota-sim"


def _labels(numbers: Sequence[int]) -> list[str]:
    return [codes.CAUSES_TOLD[number].label for number in numbers]


_OUTCOME: Final = {
    codes.UPGRADED: End.SUCCEEDED,
    codes.REFUSED: End.REFUSED,
    codes.CANCELLED: End.CANCELLED,
    codes.BRICKED: End.BRICKED,
    codes.ROLLED_BACK: End.ROLLED_BACK,
}
"""Outcomes that need no look at the cause."""
_INSTALLING: Final = _labels(
    [
        codes.VERIFICATION_FAILED,
        codes.POWER_LOST,
        codes.DOES_NOT_BOOT,
        codes.WRONG_VERSION,
        codes.MCU_READ_TIMEOUT,
        codes.MCU_UPDATE_TIMEOUT,
        codes.MCU_UPDATE_FAILED,
        codes.BROWN_OUT_IN_FLASHING,
    ]
)
"""Failures after the download."""
_TIMEOUTS: Final = _labels(codes.BY_THE_CLOCK)
_NOT_FOR_IT: Final = _labels(codes.NOT_FOR_IT)

NEEDED: Final = (
    *("replication", "id", "group", "module", "hardware", "rssi_mean_dBm", "rssi_known", "battery_start_pct"),
    *("battery_known", "mains", "cell", "released_ms", "outcome", "cause", "refusals", "attempts"),
    *("download_failures", "first_contact_ms", "first_offer_ms", "download_start_ms", "downloaded_ms"),
    "finished_ms",
)
"""Columns of the device table that are asked for."""


def read_result(result: Result, scenario: Scenario, replication: int = 0, plan: str = "") -> Histories:
    """The histories of one replication of a stored result of ``scenario``, of several plans those of ``plan``.

    Raises ResultError.
    """
    columns = [*NEEDED, *([PLAN] if len(scenario.plans) > 1 else [])]
    table = result.table("devices.parquet", columns)
    log = result.table("plan_log.parquet")
    log = log.filter(pc.equal(log["replication"], replication))
    one = scenario.of_plan(plan)
    stopped = stopped_ms(list(zip(log["at_ms"].to_pylist(), log["text"].to_pylist(), strict=True)), one.plan_name)
    found = of_devices(table.filter(pc.equal(table["replication"], replication)), one, stopped_ms=stopped)
    done = result.require()["replications_done"]
    if done > 1:
        found.left_out.note(f"{result.name} has {done} replications; the first is read as one rollout.")
    return found


def stopped_ms(log: Sequence[tuple[int, str]], plan: str = "") -> float:
    """When an abort rule, or a wave's deadline, cancelled a rollout, by the plan's log; NaN where none did.

    ``plan``: of several its name.
    """
    begins = f"{plan}: {CANCELLED_BY_RULE}" if plan else CANCELLED_BY_RULE
    return float(min((at_ms for at_ms, text in log if text.startswith(begins)), default=np.nan))


def start_s(scenario: Scenario) -> float:
    """When the plan is activated, in seconds since 1970."""
    start: datetime = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
    return start.timestamp()


def devices_of(devices: pa.Table, scenario: Scenario) -> pa.Table:
    """The rows of the plan of ``scenario``, of a device table of several plans; all of them where there is one."""
    if not scenario.plan_name or PLAN not in devices.column_names:
        return devices
    return devices.filter(pc.equal(devices[PLAN], scenario.plan_name))


def of_devices(devices: pa.Table, scenario: Scenario, view: View = EVERYTHING, stopped_ms: float = np.nan) -> Histories:
    """The histories of a device table of one replication, observed until the scenario's horizon, as ``view`` shows.

    They are those of the plan of ``scenario``, and begin when that starts. ``stopped_ms``: when an abort rule cancelled
    it, since activation; the table has no time of devices that had nothing under way then.
    """
    devices = devices_of(devices, scenario)
    activated_s = start_s(scenario)
    until_s = activated_s + scenario.horizon_ms / 1000.0
    n = len(devices)

    def at(name: str) -> NDArray[np.float64]:
        return activated_s + _numbers(devices, name) / 1000.0

    released_ms, cause = _numbers(devices, "released_ms"), _texts(devices, "cause")
    not_for_it = _not_for_it(_texts(devices, "outcome"), cause)
    by_version = cause == codes.CAUSES_TOLD[codes.NOT_SOURCE_VERSION].label
    # not released by then: nothing was there for it; of one that the plan is not for nothing was to be released
    released_ms = np.where(not_for_it & ~by_version, 0.0, released_ms)
    unreleased = ((released_ms < 0) | (released_ms >= scenario.horizon_ms)) & ~not_for_it
    offered_s = activated_s + np.where(unreleased, np.nan, np.maximum(0.0, released_ms)) / 1000.0
    contact = np.maximum(at("first_offer_ms" if view.hears_offers else "first_contact_ms"), offered_s)
    download, downloaded, finished = at("download_start_ms"), at("downloaded_ms"), at("finished_ms")
    ended = _ends(devices, cause, contact, download, downloaded, finished)
    still = np.isin(ended, _OPEN)
    ended_s = np.where(still, np.nan, np.where(np.isfinite(finished), finished, until_s))
    # lists and the target version are known from the beginning, the version that a device runs from its first contact
    known_s = np.where(by_version, np.maximum(at("first_contact_ms"), offered_s), offered_s)
    ended_s = np.where(not_for_it & (np.isnan(finished) | ~by_version), known_s, ended_s)
    ended_s = np.where(still | np.isfinite(finished), ended_s, np.fmin(ended_s, _acted_s(devices, scenario, cause)))
    by_rule = np.isin(cause, _BY_ROLLOUT) & ~np.isfinite(finished) & ~still
    ended_s = np.where(by_rule, np.fmin(ended_s, activated_s + stopped_ms / 1000.0), ended_s)
    battery = _numbers(devices, "battery_start_pct")
    battery[~_flags(devices, "battery_known") | _flags(devices, "mains")] = np.nan
    columns: dict[str, Any] = {
        "device": devices["id"].to_numpy(),
        "ended": ended,
        "offered_s": offered_s,
        "contact_s": contact,
        "download_s": download,
        "downloaded_s": downloaded,
        "ended_s": ended_s,
        "seen_s": np.where(np.isfinite(ended_s), ended_s, until_s),
        "attempts": _numbers(devices, "attempts"),
        "download_failures": _numbers(devices, "download_failures"),
        "install_failures": _install_failures(devices, ended),
        "refusals": _numbers(devices, "refusals"),
        "cause": cause,
        "size_B": np.full(n, float(sum(package.size_B for package in scenario.planned))),
        "signal_dBm": np.where(_flags(devices, "rssi_known"), _numbers(devices, "rssi_mean_dBm"), np.nan),
        "battery_pct": battery,
        "model": _texts(devices, "module"),
        "hardware": _texts(devices, "hardware"),
        "group": _texts(devices, "group"),
        "cell": _texts(devices, "cell"),
        "line": np.arange(1, n + 1),
    }
    frame = pd.DataFrame({name: pd.Series(columns[name], dtype=_dtype(columns[name])) for name in column_names()})
    whole = Histories(frame, TITLE, activated_s + scenario.plan.starts, until_s, n, False, LeftOut())
    return whole if view == EVERYTHING else seen_as(view, whole)


def _dtype(cells: Any) -> Any:
    return object if cells.dtype == object else cells.dtype


def _numbers(devices: pa.Table, name: str) -> NDArray[np.float64]:
    """A column as floats, NaN where nothing is."""
    found: NDArray[np.float64] = pc.cast(devices[name], pa.float64()).to_numpy().astype(np.float64)
    return found


def _flags(devices: pa.Table, name: str) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = devices[name].to_numpy().astype(bool)
    return found


def _texts(devices: pa.Table, name: str) -> NDArray[np.object_]:
    """A column of texts, '' where none is; each different text is made once."""
    column = devices[name].combine_chunks()
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    names = np.array([*column.dictionary.to_pylist(), ""], dtype=object)
    found: NDArray[np.object_] = names[pc.fill_null(column.indices, len(names) - 1).to_numpy()]
    return found


def _ends(
    devices: pa.Table,
    cause: NDArray[np.object_],
    contact: NDArray[np.float64],
    download: NDArray[np.float64],
    downloaded: NDArray[np.float64],
    finished: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Where each stands, of a new version as the device has reported it; shape (devices,)."""
    outcome = _texts(devices, "outcome")
    ended = np.full(len(devices), str(End.NEVER_REACHED), dtype=object)
    for times, end in ((contact, End.WAITING), (download, End.DOWNLOADING), (downloaded, End.INSTALLING)):
        ended[np.isfinite(times)] = str(end)
    for number, end in _OUTCOME.items():
        known = np.isfinite(finished) if end is End.SUCCEEDED else np.True_
        ended[(outcome == codes.OUTCOMES_TOLD[number].label) & known] = str(end)
    failed = outcome == codes.OUTCOMES_TOLD[codes.FAILED].label
    ended[failed] = str(End.FAILED_DOWNLOAD)
    ended[failed & np.isin(cause, _INSTALLING)] = str(End.FAILED_INSTALL)
    ended[failed & np.isin(cause, _TIMEOUTS)] = str(End.TIMED_OUT)
    ended[failed & (cause == codes.CAUSES_TOLD[codes.PLAN_OVER].label)] = str(End.CANCELLED)
    missed = outcome == codes.OUTCOMES_TOLD[codes.UNREACHABLE].label
    ended[missed & np.isfinite(finished)] = str(End.TIMED_OUT)  # it was not seen in time, and may never be
    ended[_not_for_it(outcome, cause)] = str(End.NOT_APPLICABLE)
    return ended


def _acted_s(devices: pa.Table, scenario: Scenario, cause: NDArray[np.object_]) -> NDArray[np.float64]:
    """When the operator, or the plan's end, was done with devices that had nothing under way; NaN: neither was."""
    plan, activated_s = scenario.plan, start_s(scenario)
    closed = [act.at for act in plan.operator if act.do in ("terminate", "delete")]
    closed += [] if plan.ends is None else [plan.ends]
    found = np.full(len(devices), activated_s + min(closed, default=np.nan))
    by_operator = cause == codes.CAUSES_TOLD[codes.BY_OPERATOR].label
    names = devices["id"].to_numpy()
    for act in sorted((act for act in plan.operator if act.do == "cancel"), key=lambda act: act.at, reverse=True):
        ids = act.devices.ids if act.devices is not None and not (act.devices.file or act.devices.where) else None
        found[by_operator & (True if ids is None else np.isin(names, ids))] = activated_s + act.at
    return found


def _not_for_it(outcome: NDArray[np.object_], cause: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Devices that the plan is not for; shape (devices,)."""
    without = np.isin(outcome, [codes.OUTCOMES_TOLD[number].label for number in (codes.NOT_OFFERED, codes.FAILED)])
    on_target = outcome == codes.OUTCOMES_TOLD[codes.ALREADY_ON_TARGET].label
    found: NDArray[np.bool_] = on_target | (without & np.isin(cause, _NOT_FOR_IT))
    return found


def _install_failures(devices: pa.Table, ended: NDArray[np.object_]) -> NDArray[np.float64]:
    """Attempts that came to nothing after a download, bricks apart: what is neither broken off, done nor under way."""
    attempts = _numbers(devices, "attempts") - _numbers(devices, "download_failures")
    found: NDArray[np.float64] = np.maximum(0.0, attempts - np.isin(ended, _NO_FAILURE))
    return found


_BY_ROLLOUT = [codes.CAUSES_TOLD[each].label for each in codes.BY_ROLLOUT]
_OPEN = np.array([str(each) for each in OPEN], dtype=object)
_NO_FAILURE = np.array([*_OPEN, *map(str, (End.SUCCEEDED, End.BRICKED, End.CANCELLED))], dtype=object)
