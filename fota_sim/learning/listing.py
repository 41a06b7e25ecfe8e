"""Whom a log lists, beside whom a log of this rollout would list: only those who failed say nothing of all.

Shares are of devices that are in the log. Devices left out by how they fared (a list of failures, a table of those that
reported) make every share wrong, and nothing else in the log shows it. So the scenario is played once, looked at as
the log's platform would, and its devices are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fota_sim.fleet.fleet import build_fleet
from fota_sim.histories.ends import FAILURES, REACHED, End
from fota_sim.histories.table import Histories
from fota_sim.learning.trials import Trials
from fota_sim.quoting import number_of, quoted
from fota_sim.scenario.spelling import bare_id

_WHOLE = 0.95
"""Of the devices that would be listed: a log of so many is taken for that of all."""
_FEWEST = 20
"""Devices that show that there are none of a kind."""
_SAME_NAMES = 0.5
"""Of the log's devices, that have to be of the fleet by name before others are told to be none of it."""
_STUCK = (End.UNDER_WAY, End.DOWNLOADING, End.INSTALLING, End.TIMED_OUT)
_LUCK = 2_000_000
"""Number of the replication that is played: luck that no trial has."""


@dataclass(frozen=True)
class Listing:
    """What of a rollout a log lists."""

    devices: int
    """Of the log, those among them that never asked and are counted only."""
    expected: int
    """That a log of the scenario as it is would list."""
    none_succeeded: bool
    none_failed: bool
    none_silent: bool
    """Whether of many devices none succeeded, none failed or got stuck, all were reached."""

    @property
    def partial(self) -> bool:
        """Whether devices are missing."""
        return self.devices < _WHOLE * self.expected

    @property
    def why_not_gone(self) -> str:
        """Why it does not say who is gone; empty if it does."""
        if not self.partial or not (self.none_silent or self.none_succeeded):
            return ""
        if self.none_succeeded:
            return f"{self._some}, none of which succeeded; give the whole log{self._or_no_others}"
        return (
            f"{self._some}, and none that was never reached; if the others were not, say --targeted {self.expected}"
            f"{self._or_no_others}"
        )

    @property
    def why_no_failures(self) -> str:
        """Why it does not say which share fails, and of failures alone nothing else; empty if it does."""
        if not self.partial or not (self.none_succeeded or self.none_failed):
            return ""
        kind = "succeeded" if self.none_succeeded else "failed"
        return (
            f"{self._some}, none of which {kind}, so it tells nothing of all of them; give the whole log"
            f"{self._or_no_others}"
        )

    @property
    def _some(self) -> str:
        return f"the log lists {self.devices:,} of {self.expected:,} devices"

    @property
    def _or_no_others(self) -> str:
        return f", or say --targeted {self.devices} if there were no others"

    @property
    def note(self) -> str:
        """What to know of it; empty if nothing."""
        if self.partial:
            return (
                f"The log lists {self.devices:,} of the {self.expected:,} devices that it would list by the scenario. "
                "If those are missing that fared differently (only failures, only who reported), shares are wrong; "
                "if it was for fewer, say so by --targeted or in the fleet."
            )
        if self.devices > self.expected / _WHOLE:
            return (
                f"The log lists {self.devices:,} devices, and by the scenario it would list {self.expected:,}: some "
                "may stand in it under two names, or there are two rollouts in it; shares are of all of them."
            )
        return ""


def listing_of(histories: Histories, trials: Trials) -> Listing | None:
    """Whom the log lists; None where it only lists those that asked, or somebody has said how many it was for."""
    if histories.says_targeted or not histories.view.lists_all:
        return None
    alone = replace(trials, workers=1, played=lambda: None, number=_LUCK)
    whole, _ = next(iter(alone.play([{}])))
    ends = histories.frame["ended"]
    many = len(ends) >= _FEWEST
    reached = histories.ended(*REACHED) | histories.ended(End.NOT_APPLICABLE)
    broken = histories.ended(*FAILURES, *_STUCK)
    return Listing(
        histories.targeted,
        whole.targeted,
        many and not histories.ended(End.SUCCEEDED).any(),
        many and not broken.any(),
        many and bool(reached.all()),
    )


def strangers(histories: Histories, trials: Trials) -> str:
    """Devices of the log that are none of the fleet, where most are: what to know of them; empty if there are none."""
    if not trials.scenario.fleet.tables:
        return ""  # names of groups are fota-sim's own
    known = set(build_fleet(trials.scenario, 0).ids)
    devices = histories.frame["device"]
    strange = devices[~devices.isin(known)]
    if not len(strange):
        return ""
    alike = {bare: name for name in known if (bare := bare_id(name))}
    spelled = strange[strange.map(bare_id).isin(alike)]
    if len(spelled):
        name = str(spelled.iloc[0])
        return (
            f"{number_of(len(spelled), 'device')} of the log {'is' if len(spelled) == 1 else 'are'} in the fleet in "
            f"another spelling, such as {quoted(name, 40)} and {quoted(alike[bare_id(name)], 40)}. Names are compared "
            "letter by letter, so nothing that the fleet says of them is known; write them alike."
        )
    if len(strange) > _SAME_NAMES * len(devices):
        return ""
    verb = "is" if len(strange) == 1 else "are"
    return (
        f"{number_of(len(strange), 'device')} of the log {verb} none of the fleet, such as "
        f"{quoted(str(strange.iloc[0]))}. One that was renamed or exchanged is never reached under its old name, "
        "which counts as gone."
    )
