"""What happened to the plans of a run, as one log."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.engines.parameters import PlanParameters

PlanLog = list[tuple[int, str]]


def plans_log(plans: Sequence[PlanParameters], logs: Sequence[PlanLog]) -> PlanLog:
    """The logs of all plans in order of time, then of plans; of several, each line begins with the plan's name.

    ``logs``: of each plan, in order of time; times are in ms since activation.
    """
    if len(plans) == 1:
        return logs[0]
    told = [
        (at_ms, f"{plan.name}: {text}") for plan, log in zip(plans, logs, strict=True) for at_ms, text in log
    ]
    return sorted(told, key=lambda line: line[0])
