"""What of a device's history a platform shows: a simulated rollout has to be looked at through the same window."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from fota_sim.histories.columns import NUMBERS, TIMES
from fota_sim.histories.ends import End
from fota_sim.histories.steps import Step


@dataclass(frozen=True)
class View:
    """What one platform's log has."""

    ends: frozenset[End] = frozenset(End)
    """Words that it tells apart."""
    times: frozenset[str] = frozenset(TIMES)
    """Times that it has."""
    numbers: frozenset[str] = frozenset(NUMBERS)
    """Counts that it has."""
    hears_offers: bool = True
    """Whether a device counts as heard of when the offer reaches it; else at any contact."""
    lists_all: bool = True
    """Whether devices that never asked are listed."""
    own_words: bool = False
    """Whether its author chose the words, so that one which never occurs is one that is not told."""
    steps: tuple[Step, ...] = ()
    """On which its times stand, of columns whose times stand on any."""

    def without(self, ends: Collection[End] = (), times: Collection[str] = (), numbers: Collection[str] = ()) -> View:
        """The same without some words, times and counts."""
        return replace(
            self, ends=self.ends - set(ends), times=self.times - set(times), numbers=self.numbers - set(numbers)
        )


EVERYTHING = View(hears_offers=False)
"""fota-sim's own results: the truth."""
_HIDDEN = ("attempts", "download_failures", "install_failures", "refusals")
EXECUTIONS = View().without([End.BRICKED, End.WAITING, End.NOT_APPLICABLE], ["download_s", "downloaded_s"], _HIDDEN)
"""AWS IoT job executions whose details tell the stage."""
ACTIONS = View().without(
    [End.BRICKED, End.ROLLED_BACK, End.REFUSED, End.TIMED_OUT, End.UNDER_WAY, End.NOT_APPLICABLE], [], ["refusals"]
)
"""hawkBit, and others with a time for each stage. Who refuses has come and does not go on."""
REPORTED = replace(ACTIONS.without([End.WAITING, End.CANCELLED], ["download_s", "downloaded_s"]), lists_all=False)
"""Golioth's events: what is heard first of a device is that it downloads."""
LISTED = replace(
    View().without([End.BRICKED, End.REFUSED, End.TIMED_OUT, End.UNDER_WAY], ["download_s", "downloaded_s"], _HIDDEN),
    lists_all=False,
)
"""A Mender deployment's list."""
AUDITED = replace(
    View().without(
        [
            *(End.BRICKED, End.ROLLED_BACK, End.TIMED_OUT, End.FAILED_DOWNLOAD, End.FAILED_INSTALL, End.INSTALLING),
            *(End.UNDER_WAY, End.NOT_APPLICABLE),
        ],
        ["downloaded_s", "offered_s"],
        ["download_failures", "install_failures"],
    ),
    lists_all=False,
)
"""NervesHub."""
MONITORED = View().without(
    [End.BRICKED, End.ROLLED_BACK, End.FAILED_DOWNLOAD, End.FAILED_INSTALL, End.REFUSED],
    [],
    ["download_failures", "install_failures", "refusals"],
)
"""The vendor's monitoring."""
INSTALLS = replace(
    View().without(
        frozenset(End) - {End.NEVER_REACHED, End.UNDER_WAY, End.SUCCEEDED, End.FAILED},
        ["offered_s", "download_s", "downloaded_s"],
        ["download_failures", "install_failures", "refusals"],
    ),
    lists_all=False,
)
"""Memfault's installs: begun and over, and whoever has not begun is not listed."""
DEPLOYED = View().without(
    frozenset(End) - {End.NEVER_REACHED, End.SUCCEEDED, End.FAILED, End.CANCELLED, End.NOT_APPLICABLE},
    [name for name in TIMES if name != "offered_s"],
    _HIDDEN,
)
"""Azure's device states: whoever is not done is in progress, and nothing has a time but the deployment."""
