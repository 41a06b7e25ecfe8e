"""What happened to the plans of a run, as one log: of several, each line begins with the plan's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fota_sim.engines import operation
from fota_sim.engines.operation import PlanLog

_OF = ": "


def plans_log(names: Sequence[str], logs: Sequence[PlanLog]) -> PlanLog:
    """The logs of all plans in order of time, then of plans; that of a plan without a name as it is.

    ``logs``: of each plan, in order of time; times are in ms since activation.
    """
    if not names[0]:
        [only] = logs
        return only
    told = [(at_ms, name + _OF + text) for name, log in zip(names, logs, strict=True) for at_ms, text in log]
    return sorted(told, key=lambda line: line[0])


def by_plan(log: PlanLog) -> Mapping[str, PlanLog]:
    """The log of each plan by its name, in the order of plans; of a run with one plan its log, by ""."""
    if log[0][1] == operation.ACTIVATED:
        return {"": log}
    found: dict[str, PlanLog] = {}
    for at_ms, text in log:
        name, _, said = text.partition(_OF)
        found.setdefault(name, []).append((at_ms, said))  # each begins with its activation, so plans are in order
    return found


def together_logged(logs: Sequence[PlanLog]) -> PlanLog:
    """The log over a fleet that was played in parts, from those of some parts; there is at least one."""
    plans = [by_plan(log) for log in logs]
    names = list(plans[0])
    return plans_log(names, [operation.together_logged([each[name] for each in plans]) for name in names])
