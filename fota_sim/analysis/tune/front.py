"""The Pareto front of a search: which of its trials stand, on the luck that they were tried with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fota_sim.analysis.batch.gathering import Measures
from fota_sim.analysis.numbers.thresholds import Verdict
from fota_sim.analysis.tune.constraint import excess, verdicts
from fota_sim.analysis.tune.trials import Search, Tried


def pareto_front(what: Search, tried: Sequence[Tried], base: Sequence[Measures] = ()) -> list[Tried]:
    """Trials that keep every constraint in the mean and are not beaten in all objectives; the preferred ones first.

    What is best within a limit lies at its edge, where it is kept in the mean and no more. So a trial that keeps every
    constraint with its whole interval is beaten only by one that does too.

    Preferred are those that keep the constraints with their whole interval; then those that are in no objective worse
    than ``base``, the scenario as it is on the same luck, for they ask for no trade; then by the first objective, the
    second, and so on, then the earlier trial. Of trials with the same objectives only the first stands.
    """
    standing = [each for each in tried if allowed(what, each.runs) and _costs(what, each) is not None]
    costs = {each.number: _costs(what, each) or () for each in standing}
    safe = {each.number: _safe(what, each.runs) for each in standing}

    def beaten(each: Tried) -> bool:
        own = costs[each.number]
        return any(
            (costs[other.number] != own or other.number < each.number)
            and safe[other.number] >= safe[each.number]
            and all(theirs <= ours for theirs, ours in zip(costs[other.number], own, strict=True))
            for other in standing
        )

    front = [each for each in standing if not beaten(each)]
    return sorted(
        front,
        key=lambda each: (
            not safe[each.number],
            not improves(what, each.runs, base),
            costs[each.number],
            each.number,
        ),
    )


def reserves(what: Search, tried: Sequence[Tried], front: Sequence[Tried]) -> list[Tried]:
    """Trials behind the front that keep every constraint with their whole interval, by the first objective and so on.

    Of trials that are the same in every objective only the first.
    """
    known = {_costs(what, each) for each in front}
    found: dict[tuple[float, ...], Tried] = {}
    for each in tried if what.constraints else ():
        costs = _costs(what, each)
        if costs is not None and costs not in known and allowed(what, each.runs) and _safe(what, each.runs):
            found.setdefault(costs, each)
    return [found[costs] for costs in sorted(found)]


def improves(what: Search, runs: Sequence[Measures], base: Sequence[Measures]) -> bool:
    """Whether the mean of no objective is worse than of the scenario as it is; any is better than none."""
    if not base:
        return False
    own = [each.mean(runs) for each in what.objectives]
    before = [each.mean(base) for each in what.objectives]
    return all(
        now is not None and (was is None or each.cost(now) <= each.cost(was))
        for each, now, was in zip(what.objectives, own, before, strict=True)
    )


def _costs(what: Search, tried: Tried) -> tuple[float, ...] | None:
    means = [each.mean(tried.runs) for each in what.objectives]
    known = [mean for mean in means if mean is not None]
    if len(known) < len(means):
        return None
    return tuple(each.cost(mean) for each, mean in zip(what.objectives, known, strict=True))


def allowed(what: Search, runs: Sequence[Measures]) -> bool:
    """Whether every constraint is kept in the mean, and none is broken for sure."""
    kept = all(excess(each, runs) <= 0 for each in what.constraints)
    return kept and "fail" not in verdicts_of(what, runs).values()


def _safe(what: Search, runs: Sequence[Measures]) -> bool:
    return passes(verdicts_of(what, runs))


def passes(found: Mapping[str, str]) -> bool:
    """Whether every constraint is kept with its whole interval."""
    return all(each == "pass" for each in found.values())


def verdicts_of(what: Search, runs: Sequence[Measures]) -> dict[str, Verdict]:
    """What runs make of each constraint."""
    return verdicts(what.constraints, runs, what.scenario.horizon_ms)
