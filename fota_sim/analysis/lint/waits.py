"""Waves that wait for more than the devices of the wave before them will ever do, and have no deadline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.lint.drawn import Drawn, at_the_start
from fota_sim.rules import codes, share
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import ROLLOUT, Finding, percent, some_devices
from fota_sim.scenario.lint.waves import waits_for_the_gone
from fota_sim.scenario.rollout import Opening

Mask = NDArray[np.bool_]

_FOR_GOOD = (codes.LOW_BATTERY, codes.WEAK_SIGNAL, codes.READING_UNKNOWN)
"""Refusals, which are over where they are final."""


@dataclass(frozen=True, eq=False)
class Ends:
    """What becomes of the devices, as far as the start tells; masks of shape (devices,)."""

    kept: list[tuple[str, Mask]]
    """Who never begins, and why, in words that follow a number; each device once."""
    can_start: Mask
    can_succeed: Mask
    """The same, or run the target already."""
    can_finish: Mask
    """The same, or fail for good."""
    can_be_over: Mask
    """The same, or refuse for good."""

    def most(self, before: Mask, opens: Opening) -> Fraction:
        """The largest share of a wave that can come to have succeeded, of those that the opening counts."""
        succeed, among = int((before & self.can_succeed).sum()), int(before.sum())
        if opens.share_of == "started":
            succeed = among = int((before & self.can_start).sum())
        elif opens.share_of == "finished":  # failures may come last, but for those that a quorum asks for
            among = max(succeed, share.rounded_up(opens.quorum, among))
        return Fraction(succeed, among) if succeed else Fraction(0)


def _ends(drawn: Drawn) -> Ends:
    """The same for the fleet of the first replication, at its mean signal."""
    rollout = drawn.scenario.plan.rollout
    held = at_the_start(drawn)
    heard, begins = drawn.heard, drawn.offerable & (held == codes.NO_CAUSE)
    succeeds = begins | (heard & drawn.on_target)
    missed = ~heard if rollout.timeouts.online is not None else np.zeros(len(heard), dtype=np.bool_)
    final = drawn.offerable & np.isin(held, _FOR_GOOD) & (rollout.refusals == "final")
    reached = drawn.reached
    kept = [
        ("gone", ~reached),
        ("without a link at their mean signal", reached & ~drawn.linked),
        ("not in contact in time", reached & drawn.linked & ~drawn.in_time),
        ("of another version than the package is for", heard & ~drawn.fits & ~drawn.on_target),
        ("below min_battery or min_signal, or cannot read them,", drawn.offerable & (held != codes.NO_CAUSE)),
    ]
    return Ends(kept, begins, succeeds, succeeds | missed, succeeds | missed | final)


def _waits(drawn: Drawn) -> Iterator[tuple[int, int, Opening, Mask]]:
    """Each wave without a deadline with its entry, how it opens, and who is in the wave before.

    Those are left out of which it is told what the share that is gone does to them.
    """
    told = {where[: len(ROLLOUT) + 2] for where, _ in waits_for_the_gone(drawn.facts)}
    for number, wave in enumerate(drawn.played):
        before, opens = drawn.wave == number - 1, wave.opens
        can_wait = opens.deadline is None and not opens.by_operator and (*ROLLOUT, "waves", wave.entry) not in told
        if number and can_wait and before.any():
            yield number, wave.entry, opens, before


def _once(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The first finding of each place: the other groups of an entry are much the same."""
    told: set[Key] = set()
    for where, message in findings:
        if where not in told:
            told.add(where)
            yield where, message


def _why(ends: Ends, before: Mask) -> str:
    """Who of a wave never begins, in words."""
    counts = [(int((before & mask).sum()), why) for why, mask in ends.kept]
    return ", ".join(f"{count:,} {'is' if count == 1 else 'are'} {why}" for count, why in counts if count)


def success_out_of_reach(drawn: Drawn) -> Iterator[Finding]:
    """A success gate or a quorum for which too few of the wave before can succeed or finish."""
    yield from _once(_out_of_reach(drawn))


def _out_of_reach(drawn: Drawn) -> Iterator[Finding]:
    ends = _ends(drawn)
    for number, entry, opens, before in _waits(drawn):
        if opens.when_all_finished == "open" and ends.can_be_over[before].all():
            continue
        group = int(before.sum())
        succeed = ends.most(before, opens)
        finish = Fraction(int(ends.can_finish[before].sum()), group)
        at: Key = (*ROLLOUT, "waves", entry, "opens")
        why = f"of its {some_devices(group)} {_why(ends, before)} at the start, and only"
        would_do = "Give it a deadline, lower the minimums, or ask for less"
        if opens.success is not None and (succeed < share.exact(opens.success) or not succeed):
            among = "" if opens.share_of == "group" else f" of those {opens.share_of}"
            message = (
                f"waits for {percent(opens.success)} of wave {number}: {why} {percent(succeed)}{among} can succeed"
            )
            yield (*at, "success"), f"{message}. {would_do}"
        elif finish < share.exact(opens.quorum):
            message = f"waits until {percent(opens.quorum)} of wave {number} have finished: {why} {percent(finish)} can"
            yield (*at, "quorum"), f"{message}. {would_do}"


def never_over(drawn: Drawn) -> Iterator[Finding]:
    """A wave that waits for the one before to be over, of which devices never are."""
    yield from _once(_never_over(drawn))


def _never_over(drawn: Drawn) -> Iterator[Finding]:
    ends = _ends(drawn)
    for number, entry, opens, before in _waits(drawn):
        left = before & ~ends.can_be_over
        if opens.says_nothing and left.any():
            message = (
                f"says nothing, so it opens when wave {number} is over, which that never is: of its "
                f"{some_devices(int(before.sum()))} {_why(ends, left)} at the start. Give it a deadline, after, or "
                "success"
            )
            yield (*ROLLOUT, "waves", entry), message
