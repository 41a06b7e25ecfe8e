"""The plan's life cycle: which operator action each state allows, and where it leads. No numba here.

From the vendor's plan pages (docs/sources.md, Plan): a saved plan may be edited, deleted and activated; an activated
or upgrading one only suspended or terminated; a suspended one resumed or terminated; terminated and ended ones are
view only. "Cancel" and "retry" concern devices of a live plan and leave its state alone, as does
"open_wave" and "change_rate", which are not the vendor's.
"""

from __future__ import annotations

SAVED, ACTIVATED, UPGRADING, SUSPENDED, TERMINATED, ENDED, DELETED = range(7)
STATES = ("saved", "activated", "upgrading", "suspended", "terminated", "ended", "deleted")
ACTIONS = (
    "activate",
    "suspend",
    "resume",
    "terminate",
    "edit",
    "delete",
    "cancel",
    "retry",
    "open_wave",
    "change_rate",
)

_TRANSITIONS = {
    (SAVED, "edit"): SAVED,
    (SAVED, "delete"): DELETED,
    (SAVED, "activate"): ACTIVATED,
    (ACTIVATED, "suspend"): SUSPENDED,
    (ACTIVATED, "terminate"): TERMINATED,
    (ACTIVATED, "cancel"): ACTIVATED,
    (ACTIVATED, "retry"): ACTIVATED,
    (UPGRADING, "suspend"): SUSPENDED,
    (UPGRADING, "terminate"): TERMINATED,
    (UPGRADING, "cancel"): UPGRADING,
    (UPGRADING, "retry"): UPGRADING,
    (SUSPENDED, "resume"): UPGRADING,
    (SUSPENDED, "terminate"): TERMINATED,
    (SUSPENDED, "cancel"): SUSPENDED,
    (ACTIVATED, "open_wave"): ACTIVATED,
    (UPGRADING, "open_wave"): UPGRADING,
    (SUSPENDED, "open_wave"): SUSPENDED,
    (ACTIVATED, "change_rate"): ACTIVATED,
    (UPGRADING, "change_rate"): UPGRADING,
    (SUSPENDED, "change_rate"): SUSPENDED,
}

STOP_THEN_DELETE = "stop-then-delete"


def next_state(state: int, action: str, delete_rule: str = "inactive-only") -> int | None:
    """The state after an operator action, or None where the plan refuses it.

    ``delete_rule`` "stop-then-delete" is the 2022 Developer Center: a terminated or ended plan may be deleted;
    "inactive-only", the newer one, deletes saved plans only.
    """
    if action == "delete" and delete_rule == STOP_THEN_DELETE and state in (TERMINATED, ENDED):
        return DELETED
    return _TRANSITIONS.get((state, action))


def refusal(state: int, action: str, delete_rule: str = "inactive-only") -> str:
    """Why the plan refuses ``action``, and what it allows instead."""
    allowed = [name for name in ACTIONS if next_state(state, name, delete_rule) is not None]
    what = " or ".join(allowed) if allowed else "nothing: it is view only"
    return f"a plan that is {STATES[state]} cannot {action}; it allows {what}"
