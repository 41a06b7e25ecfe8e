"""A simulated rollout looked at through the window of a platform's log."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fota_sim.histories.columns import NUMBERS, TIMES
from fota_sim.histories.ends import OPEN, End
from fota_sim.histories.steps import stepped
from fota_sim.histories.table import Histories
from fota_sim.histories.view import View

_RATHER = {
    End.BRICKED: End.INSTALLING,
    End.ROLLED_BACK: End.FAILED_INSTALL,
    End.FAILED_INSTALL: End.FAILED,
    End.FAILED_DOWNLOAD: End.FAILED,
    End.INSTALLING: End.UNDER_WAY,
    End.DOWNLOADING: End.UNDER_WAY,
    End.UNDER_WAY: End.WAITING,
    End.REFUSED: End.WAITING,
    End.WAITING: End.NEVER_REACHED,
}
"""How a platform without a word for something shows it: a brick is an installation that never ends."""
_LOADS = {**_RATHER, End.INSTALLING: End.DOWNLOADING}
"""The same where the log has a line for the beginning of a download, and none for its end."""
_BY_TIME = (
    ("contact_s", End.WAITING),
    ("download_s", End.DOWNLOADING),
    ("downloaded_s", End.INSTALLING),
)


def seen_as(view: View, histories: Histories) -> Histories:
    """The histories of a simulated rollout as a platform with this view would log them."""
    frame = histories.frame
    frame = frame[frame["offered_s"].notna()].copy()  # those to whom the rollout had not come are not in its log
    ended = frame["ended"].to_numpy(object).copy()
    if End.TIMED_OUT not in view.ends:  # it stands where it stood
        given_up = ended == str(End.TIMED_OUT)
        ended[given_up] = str(End.NEVER_REACHED)
        for name, end in _BY_TIME:
            ended[given_up & frame[name].notna().to_numpy()] = str(end)
    loads = End.DOWNLOADING in view.ends and End.UNDER_WAY not in view.ends and End.INSTALLING not in view.ends
    for end, rather in (_LOADS if loads else _RATHER).items():  # in the order in which one leads to the next
        if end not in view.ends:
            ended[ended == str(end)] = str(rather)
    frame["ended"] = ended
    still = np.isin(ended.astype(str), [str(each) for each in OPEN])
    frame.loc[still, "ended_s"] = np.nan
    frame.loc[still, "seen_s"] = histories.until_s
    hidden = [name for name in TIMES if name not in view.times]
    hidden += [name for name in NUMBERS if name not in view.numbers and name != "size_B"]
    frame[hidden] = np.nan
    frame = stepped(frame, view.steps)
    if End.NOT_APPLICABLE not in view.ends:  # the rollout is not for them, so they are not in its log
        frame = frame[frame["ended"] != str(End.NOT_APPLICABLE)]
    targeted = len(frame)
    if not view.lists_all:
        frame = frame[frame["ended"] != str(End.NEVER_REACHED)]
    began_s = histories.began_s
    if "offered_s" not in view.times and frame[[*TIMES]].notna().any().any():
        began_s = float(np.nanmin(frame[[*TIMES]].to_numpy(np.float64)))
    return replace(
        histories,
        frame=frame.reset_index(drop=True),
        view=view,
        began_s=began_s,
        targeted=targeted,
        hides_attempts="attempts" not in view.numbers,
        says_targeted=True,
    )
