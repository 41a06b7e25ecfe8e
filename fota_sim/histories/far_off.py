"""Rows whose times lie years from all others: a clock that nobody has set, or that is ahead."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fota_sim.histories.columns import TIMES
from fota_sim.histories.rows import Rows

YEAR_S: Final = 365 * 86_400.0
"""No rollout pauses for so long. Assumption."""
_FEWEST = 20
"""Rows beside which others are odd."""
_MOST = 0.02
"""Of the rows, or one of them: more are no odd ones out. Assumption."""


def without_far_off(frame: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """The rows without a few whose first time is a year before all others, or whose last one is a year behind them.

    One such clock would make the rollout begin, or end, years from where it did. ``frame`` has its times as seconds.
    """
    first = frame[[*TIMES]].min(axis=1).to_numpy(np.float64)
    last = frame[[*TIMES]].max(axis=1).to_numpy(np.float64)
    early = _apart(-first)
    late = _apart(last) & ~early
    for far, where in ((early, "before"), (late, "after")):
        if far.any():
            row = frame[far].iloc[0]
            why = f"its times are a year or more {where} all others; is its clock wrong?"
            rows.left_out.add(why, str(row["file"]), int(str(row["line"])), int(far.sum()))
    return frame[~(early | late)]


def _apart(at_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of these times are a year behind all others, where they are few; shape (rows,)."""
    known = np.sort(at_s[np.isfinite(at_s)])
    if len(known) < _FEWEST:
        return np.zeros(len(at_s), bool)
    few = max(1, int(_MOST * len(known)))
    gaps = np.diff(known)[-few:]
    wide = np.flatnonzero(gaps > YEAR_S)
    if not len(wide):
        return np.zeros(len(at_s), bool)
    edge = known[len(known) - len(gaps) + wide[0]]
    return np.asarray(np.isfinite(at_s) & (at_s >= edge), bool)
