"""Each device once: of several rows of one the last is its end, and those before it are what led there."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fota_sim.histories.columns import NUMBERS, TIMES
from fota_sim.histories.ends import OPEN, End
from fota_sim.histories.rows import Rows
from fota_sim.quoting import number_of, quoted


def once(frame: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Each device once: equal rows once, and of several executions the last, with the failures of all."""
    same = frame.drop(columns=["file", "line"]).astype(str).duplicated().to_numpy()
    if not frame["device"].duplicated().any():
        return frame
    if same.any():
        first = frame[same].iloc[0]
        rows.left_out.add("the same row again", str(first["file"]), int(str(first["line"])), int(same.sum()))
        frame = frame[~same]
    frame = _told_once(frame, rows)
    again = frame["device"].duplicated(keep=False)
    if not again.any():
        return frame
    order = frame[[*TIMES]].max(axis=1).fillna(-np.inf)
    frame = frame.assign(_order=order).sort_values(["device", "_order"], kind="stable")
    earlier = frame["device"].duplicated(keep="last")
    still = frame["ended"].isin([str(each) for each in OPEN])
    stages, devices = int((earlier & still).sum()), frame.loc[earlier, "device"].nunique()
    count = int(earlier.sum()) - stages
    told = [
        f"{number_of(count, 'earlier one')} {'counts' if count == 1 else 'count'} as its earlier attempts"
        * bool(count),
        f"{number_of(stages, 'earlier one')} {'tells' if stages == 1 else 'tell'} when it came so far" * bool(stages),
    ]
    rows.left_out.note(
        f"{number_of(devices, 'device')} {'has' if devices == 1 else 'have'} several rows; the last is its end, and "
        f"{' and '.join(filter(None, told))}."
    )
    _say_otherwise(frame, rows)
    return _merged(_staged(frame) if stages else frame, earlier.to_numpy(bool)).drop(columns="_order")


_CAME_AT = {
    End.NEVER_REACHED: "offered_s",
    End.WAITING: "contact_s",
    End.UNDER_WAY: "contact_s",
    End.DOWNLOADING: "download_s",
    End.INSTALLING: "downloaded_s",
}
"""What happened at the time of a row, where a log has one for each change of a device's status."""


def _staged(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that are each a change of a device's status: of one that goes on the time says when it had come so far."""
    frame = frame.copy()
    for end, name in _CAME_AT.items():
        told = (frame["ended"] == str(end)) & frame[name].isna()
        frame.loc[told, name] = frame.loc[told, "ended_s"]
        frame.loc[told, "ended_s"] = np.nan
    return frame


def _merged(frame: pd.DataFrame, earlier: NDArray[np.bool_]) -> pd.DataFrame:
    """The last row of each device with what the earlier ones add: times, and failures.

    An earlier one whose story went on is no attempt.
    """
    counts = frame[["device"]].copy()
    ended = frame["ended"].astype(str)
    given = {name: pd.to_numeric(frame[name], errors="coerce") for name in NUMBERS[:-1]}
    failed_to_load = ended == End.FAILED_DOWNLOAD
    failed_to_install = ended.isin([End.FAILED_INSTALL, End.ROLLED_BACK, End.BRICKED])
    goes_on = earlier & ended.isin([str(each) for each in OPEN]).to_numpy(bool)
    counts["attempts"] = given["attempts"].fillna(pd.Series(np.where(goes_on, 0.0, 1.0), frame.index))
    counts["download_failures"] = given["download_failures"].fillna(failed_to_load.astype(float))
    counts["install_failures"] = given["install_failures"].fillna(failed_to_install.astype(float))
    counts["refusals"] = given["refusals"].fillna((ended == End.REFUSED).astype(float))
    if (ended == End.FAILED).any():  # nobody knows at which stage
        untold = [name for name in ("download_failures", "install_failures") if given[name].isna().all()]
        counts[untold] = np.nan
    summed = counts.groupby("device", sort=False).sum(min_count=1)
    times = frame.groupby("device", sort=False)
    firsts = times[["offered_s", "contact_s", "download_s"]].min().join(times[["downloaded_s"]].max())
    several = frame.loc[earlier, "device"].unique()
    kept = frame[~earlier].set_index("device", drop=False)
    for name in ("offered_s", "contact_s", "download_s", "downloaded_s"):
        kept.loc[several, name] = firsts.loc[several, name]
    for name in NUMBERS[:-1]:
        kept[name] = kept[name].astype(object)
        kept.loc[several, name] = summed.loc[several, name].astype(object)
    return kept.reset_index(drop=True)


def _told_once(frame: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Without rows that tell a success of the same offer again, later: the first of them is when it came."""
    succeeded = frame[frame["ended"] == End.SUCCEEDED]
    if not succeeded["device"].duplicated().any():
        return frame
    order = succeeded.assign(_at=succeeded["ended_s"].fillna(np.inf)).sort_values("_at", kind="stable")
    again = order.index[order.duplicated(["device", "offered_s"])]
    if not len(again):
        return frame
    first = frame.loc[again.sort_values()[0]]
    why = "it tells a success again that an earlier row has"
    rows.left_out.add(why, str(first["file"]), int(str(first["line"])), len(again))
    return frame.drop(index=again)


def _say_otherwise(frame: pd.DataFrame, rows: Rows) -> None:
    """That devices which succeeded have a later row with another end; ``frame``: in the order of each device's rows."""
    done = (frame["ended"] == End.SUCCEEDED).groupby(frame["device"]).cumsum()
    other = frame[(done > 0) & (frame["ended"] != End.SUCCEEDED)]
    if len(other):
        first, devices = other.iloc[0], other["device"].nunique()
        rows.left_out.note(
            f"{number_of(devices, 'device')} succeeded and {'has' if devices == 1 else 'have'} a later row that says "
            f"otherwise, such as {quoted(str(first['device']), 40)} in line {first['line']}; the last row counts. "
            "Where it is of another update, give the log of one."
        )
