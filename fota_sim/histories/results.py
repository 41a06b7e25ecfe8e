"""fota-sim's own device tables as histories: the truth of a simulated rollout in the columns of any log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fota_sim.experiment.results import Result
from fota_sim.histories.ends import OPEN, End
from fota_sim.histories.left_out import LeftOut
from fota_sim.histories.table import Histories, column_names
from fota_sim.rules import codes
from fota_sim.scenario.model import Scenario
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
    codes.ALREADY_ON_TARGET: End.NOT_APPLICABLE,
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
_TIMEOUTS: Final = _labels([codes.NOT_SEEN, codes.NO_ANSWER, codes.DOWNLOAD_TOO_LONG, codes.NO_RESULT])
_NOT_FOR_IT: Final = _labels([*codes.LISTED, codes.NOT_SOURCE_VERSION])

NEEDED: Final = (
    *("replication", "id", "group", "module", "hardware", "rssi_mean_dBm", "rssi_known", "battery_start_pct"),
    *("battery_known", "mains", "cell", "released_ms", "outcome", "cause", "refusals", "attempts"),
    *("download_failures", "first_contact_ms", "download_start_ms", "downloaded_ms", "finished_ms"),
)
"""Columns of the device table that are asked for."""


def read_result(result: Result, scenario: Scenario, replication: int = 0) -> Histories:
    """The histories of one replication of a stored result. Raises ResultError."""
    table = result.table("devices.parquet", [*NEEDED])
    found = of_devices(table.filter(pc.equal(table["replication"], replication)), scenario)
    done = result.require()["replications_done"]
    if done > 1:
        found.left_out.note(f"{result.name} has {done} replications; the first is read as one rollout.")
    return found


def start_s(scenario: Scenario) -> float:
    """When the plan is activated, in seconds since 1970."""
    start: datetime = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
    return start.timestamp()


def of_devices(devices: pa.Table, scenario: Scenario) -> Histories:
    """The histories of a device table of one replication, observed until the scenario's horizon."""
    frame = devices.to_pandas()
    began_s = start_s(scenario)
    until_s = began_s + scenario.horizon_ms / 1000.0
    out = pd.DataFrame(index=frame.index)
    out["device"] = frame["id"].astype(str).astype(object)
    contact, download, downloaded, finished = (
        began_s + _milliseconds(frame[name]) / 1000.0
        for name in ("first_contact_ms", "download_start_ms", "downloaded_ms", "finished_ms")
    )
    ended = _ends(frame, contact, download, downloaded)
    out["ended"] = pd.Series(ended, dtype=object, index=frame.index)
    released = frame["released_ms"].to_numpy(np.float64)
    out["offered_s"] = began_s + np.maximum(0.0, released) / 1000.0
    out["contact_s"] = np.where(np.isfinite(contact), np.maximum(contact, out["offered_s"]), np.nan)
    out["download_s"], out["downloaded_s"] = download, downloaded
    still = np.isin(ended.astype(str), [str(each) for each in OPEN])
    out["ended_s"] = np.where(still, np.nan, np.where(np.isfinite(finished), finished, until_s))
    out["seen_s"] = out["ended_s"].fillna(until_s)
    out["attempts"] = frame["attempts"].astype(np.float64)
    out["download_failures"] = frame["download_failures"].astype(np.float64)
    out["install_failures"] = _install_failures(frame, ended)
    out["refusals"] = frame["refusals"].astype(np.float64)
    out["cause"] = frame["cause"].astype(str).where(frame["cause"].notna(), "").astype(object)
    out["size_B"] = float(sum(package.size_B for package in scenario.planned))
    out["signal_dBm"] = frame["rssi_mean_dBm"].where(frame["rssi_known"])
    out["battery_pct"] = frame["battery_start_pct"].where(frame["battery_known"] & ~frame["mains"])
    for name, column in (("model", "module"), ("hardware", "hardware"), ("group", "group"), ("cell", "cell")):
        out[name] = frame[column].astype(str).where(frame[column].notna(), "").astype(object)
    out["line"] = np.arange(1, len(out) + 1)
    return Histories(out[column_names()].reset_index(drop=True), TITLE, began_s, until_s, len(out), False, LeftOut())


def _milliseconds(column: pd.Series) -> NDArray[np.float64]:
    found: NDArray[np.float64] = column.to_numpy(np.float64, na_value=np.nan)
    return found


def _ends(
    frame: pd.DataFrame, contact: NDArray[np.float64], download: NDArray[np.float64], downloaded: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Where each stands; shape (devices,)."""
    outcome = frame["outcome"].astype(str).to_numpy()
    cause = frame["cause"].astype(str).to_numpy()
    ended = np.full(len(frame), str(End.NEVER_REACHED), dtype=object)
    for times, end in ((contact, End.WAITING), (download, End.DOWNLOADING), (downloaded, End.INSTALLING)):
        ended[np.isfinite(times)] = str(end)
    for number, end in _OUTCOME.items():
        ended[outcome == codes.OUTCOMES_TOLD[number].label] = str(end)
    failed = outcome == codes.OUTCOMES_TOLD[codes.FAILED].label
    ended[failed] = str(End.FAILED_DOWNLOAD)
    ended[failed & np.isin(cause, _INSTALLING)] = str(End.FAILED_INSTALL)
    ended[failed & np.isin(cause, _TIMEOUTS)] = str(End.TIMED_OUT)
    ended[failed & (cause == codes.CAUSES_TOLD[codes.PLAN_OVER].label)] = str(End.CANCELLED)
    not_offered = outcome == codes.OUTCOMES_TOLD[codes.NOT_OFFERED].label
    ended[(not_offered | failed) & np.isin(cause, _NOT_FOR_IT)] = str(End.NOT_APPLICABLE)
    return ended


def _install_failures(frame: pd.DataFrame, ended: NDArray[np.object_]) -> NDArray[np.float64]:
    """Attempts that came to nothing after a download, bricks apart: what is neither broken off, done nor under way."""
    attempts = frame["attempts"].to_numpy(np.float64) - frame["download_failures"].to_numpy(np.float64)
    last = np.isin(ended.astype(str), [str(each) for each in (End.SUCCEEDED, End.BRICKED, End.CANCELLED, *OPEN)])
    found: NDArray[np.float64] = np.maximum(0.0, attempts - last)
    return found
