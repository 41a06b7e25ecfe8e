"""What happens to the plan itself: the operator's actions, its planned end, and the words for them in its log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from fota_sim.quoting import number_of
from fota_sim.rules import lifecycle
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.rollout import REJECTED

ACTIVATED = "plan activated"
UPGRADING = "plan upgrading: the first device has confirmed"
ENDED = "plan ended: planned end"
PAUSED_BY_RULE, CANCELLED_BY_RULE = "rollout paused", "rollout cancelled"

PlanLog: TypeAlias = list[tuple[int, str]]
"""What happened to a plan, in ms since activation and in words."""

_NAMED = re.compile(r"(operator: (?:cancel|retry) )([\d,]+) devices?")

CAN_END = (lifecycle.ACTIVATED, lifecycle.UPGRADING, lifecycle.SUSPENDED)
"""States in which the planned end means something."""


def operate(state: int, do: str, devices: int, delete_rule: str) -> tuple[int | None, str]:
    """The plan's state after an operator's action on so many devices, None if it is refused; and what its log says."""
    after = lifecycle.next_state(state, do, delete_rule)
    if after is None:
        return None, f"operator: {do} refused: {lifecycle.refusal(state, do, delete_rule)}"
    if do in ("open_wave", "change_rate"):
        return after, f"operator: {do}"
    if do in ("cancel", "retry"):
        return after, f"operator: {do} {number_of(devices, 'device')}"
    return after, f"operator: {do}; the plan is {lifecycle.STATES[after]}"


def wave(number: int, waves: int, verdict: int) -> str:
    """What the plan's log says when wave ``number`` (from 0) opens, or its deadline passes."""
    if verdict == rr.OPEN:
        return f"wave {number + 1} of {waves} opened"
    return f"wave {number + 1} of {waves}: deadline passed"


def judged(number: int, sequential: bool, verdict: int, failed: int) -> str:
    """What it says when abort rule ``number`` (from 0), or the sequential test, has decided."""
    what = "sequential test" if sequential else f"abort rule {number + 1}"
    return f"{what} {'fired' if verdict == REJECTED else 'passed'} at {number_of(failed, 'failure')}"


def stopped(cancelled: bool) -> str:
    """What it says when the rollout stops itself."""
    return CANCELLED_BY_RULE if cancelled else PAUSED_BY_RULE


def together_logged(logs: Sequence[PlanLog]) -> PlanLog:
    """The plan's log over a fleet that was played in parts, from those of some parts; there is at least one.

    The plan does the same in each, but that it is upgrading from the first confirmation on, which comes first in one of
    them, and that an operator's list names some devices of each.
    """
    begun = [line for log in logs for line in log if line[1] == UPGRADING]
    others = [[line for line in log if line[1] != UPGRADING] for log in logs]
    whole = [(lines[0][0], _with_all_devices([text for _, text in lines])) for lines in zip(*others, strict=True)]
    return sorted([*whole, *sorted(begun)[:1]], key=lambda line: line[0])


def _with_all_devices(texts: Sequence[str]) -> str:
    """A line that all parts have, with the sum of the devices that it counts."""
    found = [_NAMED.fullmatch(text) for text in texts]
    if not all(found):
        return texts[0]
    devices = sum(int(match[2].replace(",", "")) for match in found if match is not None)
    return _NAMED.sub(rf"\g<1>{number_of(devices, 'device')}", texts[0])
