"""What happens to the plan itself: the operator's actions, its planned end, and the words for them in its log."""

from __future__ import annotations

from fota_sim.rules import lifecycle

ACTIVATED = "plan activated"
UPGRADING = "plan upgrading: the first device has confirmed"
ENDED = "plan ended: planned end"

CAN_END = (lifecycle.ACTIVATED, lifecycle.UPGRADING, lifecycle.SUSPENDED)
"""States in which the planned end means something."""


def operate(state: int, do: str, devices: int, delete_rule: str) -> tuple[int | None, str]:
    """The plan's state after an operator's action on so many devices, None if it is refused; and what its log says."""
    after = lifecycle.next_state(state, do, delete_rule)
    if after is None:
        return None, f"operator: {do} refused: {lifecycle.refusal(state, do, delete_rule)}"
    if do in ("cancel", "retry"):
        return after, f"operator: {do} {devices} devices"
    return after, f"operator: {do}; the plan is {lifecycle.STATES[after]}"
