"""The table of device histories: one row a device, the same columns whatever platform wrote the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fota_sim.histories.columns import COLUMNS, TIMES
from fota_sim.histories.ends import REACHED, End
from fota_sim.histories.left_out import LeftOut
from fota_sim.histories.steps import over_by
from fota_sim.histories.view import EVERYTHING, View


@dataclass(frozen=True)
class Histories:
    """What a log says of every device of one rollout."""

    frame: pd.DataFrame
    """A row for each device, columns as in ``COLUMNS`` in their order, and an index from 0."""
    platform: str
    """Whose log it is, in words."""
    began_s: float
    """When the update was there for the first device, since 1970."""
    until_s: float
    """When the log was exported: nothing later is known."""
    targeted: int
    """Devices of the rollout. At least as many as there are rows; the others have never been heard of."""
    hides_attempts: bool
    """Whether only the last attempt of each device is in the log."""
    left_out: LeftOut
    """What of the log was not used, and how the rest was taken."""
    view: View = EVERYTHING
    """What such a log can show at all."""
    says_targeted: bool = False
    """Whether the log, or somebody, has said how many devices it was for."""

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def knows_everybody(self) -> bool:
        """Whether it is known how many devices never asked: they are listed, or their number is."""
        return self.view.lists_all or self.says_targeted

    @property
    def unlisted(self) -> int:
        """Devices that the rollout was for and the log does not list, since they never asked."""
        return self.targeted - len(self.frame)

    @property
    def offered(self) -> NDArray[np.bool_]:
        """Devices to which the rollout had come; all where the log does not say when. Shape (devices,)."""
        known = self.frame["offered_s"].notna().to_numpy(bool)
        return known if known.any() else ~known

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Devices that were heard of: by a time of contact, or by how they ended. Shape (devices,)."""
        return self.frame["contact_s"].notna().to_numpy(bool) | self.ended(*REACHED)

    def says(self, column: str) -> bool:
        """Whether the log says this of any device."""
        values = self.frame[column]
        return bool(values.notna().any() if pd.api.types.is_numeric_dtype(values) else (values != "").any())

    def ended(self, *ends: End) -> NDArray[np.bool_]:
        """Which devices ended in one of these ways; shape (devices,)."""
        return self.frame["ended"].isin([str(each) for each in ends]).to_numpy(bool)

    def counts(self) -> dict[End, int]:
        """How many devices stand where; ends of nobody too, in the order of ``End``."""
        found = self.frame["ended"].value_counts()
        return {each: int(found.get(str(each), 0)) for each in End}

    def seconds(self, column: str) -> NDArray[np.float64]:
        """A column of times, counted from ``began_s``; NaN where none is. Shape (devices,)."""
        return self.frame[column].to_numpy(np.float64) - self.began_s

    def until(self, at_s: float) -> Histories:
        """The same log as if it had been exported at ``at_s`` (since 1970): what came later is not known.

        Where its times stand on steps, it is that of the last step that was over then (``until_s``): of the next one
        nobody knows what came before ``at_s``.
        """
        if at_s >= self.until_s:
            return self  # what it says of devices whose story goes on, its times may not show
        return _cut(self, over_by(self.view.steps, at_s), self._cut_columns)

    def of_whole_steps(self) -> Histories:
        """The same log without what came in steps that were not over when it was exported."""
        return _cut(self, over_by(self.view.steps, self.until_s), self._cut_columns)

    @property
    def _cut_columns(self) -> frozenset[str]:
        """Columns whose times are written without their smaller parts, and so too early."""
        return frozenset(step.column for step in self.view.steps if step.cut)

    def take(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Histories:
        """Some of the devices; those that the log does not list stay in proportion."""
        frame = self.frame[which] if which.dtype == bool else self.frame.iloc[which]
        share = len(frame) / max(1, len(self.frame))
        return replace(self, frame=frame.reset_index(drop=True), targeted=len(frame) + round(self.unlisted * share))


def column_names() -> list[str]:
    """The columns, in order."""
    return [each.name for each in COLUMNS]


def text_columns() -> Collection[str]:
    """Columns whose cells are texts."""
    return [each.name for each in COLUMNS if each.kind in ("text", "name")]


_BEFORE = (
    # what a device that had not ended yet looked like, from the last of its times that had come
    ("downloaded_s", End.INSTALLING),
    ("download_s", End.DOWNLOADING),
    ("contact_s", End.WAITING),
)


def _cut(histories: Histories, at_s: float, open_at: frozenset[str]) -> Histories:
    """``open_at``: columns in which a time of ``at_s`` is that of a step which was not over then."""
    frame = histories.frame.copy()
    gone = {name: frame[name] >= at_s if name in open_at else frame[name] > at_s for name in TIMES}
    later = frame["ended_s"].isna() | gone["ended_s"]
    for name in TIMES[1:]:
        frame.loc[gone[name], name] = np.nan
    came = np.full(len(frame), str(End.NEVER_REACHED), dtype=object)
    for name, end in reversed(_BEFORE):
        # where the log has no beginning of a download, its first time of a device is that of its beginning
        begun = end is End.WAITING and "download_s" not in histories.view.times
        told = end if end in histories.view.ends and not begun else End.UNDER_WAY
        came[frame[name].notna().to_numpy()] = str(told)
    frame.loc[later, "ended"] = came[later.to_numpy()]
    frame.loc[later, "cause"] = ""
    for name in ("attempts", "download_failures", "install_failures", "refusals"):
        frame.loc[later, name] = np.nan  # how many there were until then is not in the log
    frame["seen_s"] = np.where(later, at_s, frame["seen_s"])
    frame = frame[~gone["offered_s"]].reset_index(drop=True)
    targeted = histories.targeted - (len(histories) - len(frame))
    return replace(histories, frame=frame, until_s=min(at_s, histories.until_s), targeted=targeted)
