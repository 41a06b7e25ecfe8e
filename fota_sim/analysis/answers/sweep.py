"""A sweep in sentences: the point to take, why, what is as good, and what it costs in the other measures."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.analysis.answers.wording import count_of, listed
from fota_sim.analysis.batch.gathering import mean_of
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.numbers.intervals import FEWEST_REPLICATIONS, Estimate
from fota_sim.analysis.numbers.rounding import format_value
from fota_sim.analysis.sweep.choice import SweepChoice, choose_point, lead_metric, runs_by_point
from fota_sim.analysis.sweep.sweep import Sweep
from fota_sim.scenario.metrics import BETTER

MOST_POINTS = 4
"""Named; more are counted."""


def sweep_answer(sweep: Sweep) -> list[str]:
    """Sentences about a sweep, the recommendation first."""
    metrics = sweep.plan.spec.metrics
    lead = lead_metric(metrics)
    if lead is None:
        return [
            "None of the measures that were swept has a better side, so no point is recommended.",
            *_failures(sweep),
        ]
    choice = choose_point(sweep, lead)
    told = [_recommended(sweep, choice), *(_beside(choice) if choice.shown else [])]
    if choice.point is not None:
        others = [metric for metric in metrics if metric in BETTER and metric != lead]
        told.append(_elsewhere(sweep, choice.point, others))
    return [sentence for sentence in [*told, *_failures(sweep)] if sentence]


def point_text(point: Point) -> str:
    """``min_battery 20%, retries 3``: axes by the last step of their path."""
    return ", ".join(f"{path.rsplit('.', 1)[-1]} {value}" for path, value in point.labels.items())


def _recommended(sweep: Sweep, choice: SweepChoice) -> str:
    count = len(sweep.plan.points)
    label = sweep.metric(choice.metric).label
    if choice.point is None or choice.mean is None:
        if choice.judged and not choice.kept:
            return f"No point is recommended: none of the {count} keeps every threshold with its whole 95 % interval."
        return f"No point is recommended: none has a mean of {label} over all replications."
    side = "highest" if BETTER[choice.metric] == "more" else "lowest"
    value = _mean(sweep, choice.metric, choice.mean)
    if not choice.shown and choice.kept > 1:
        return _undecided(sweep, choice, value)
    if not choice.judged:
        return (
            f"The {side} mean of {label} of all {count} points is at `{point_text(choice.point)}`: {value}. The "
            "scenario sets no threshold that could rule a point out, so this says which is best in this one measure, "
            "not which to take."
        )
    return (
        f"Take `{point_text(choice.point)}`: the {side} mean of {label}, {value}, of the {choice.kept} of {count} "
        "points that keep every threshold."
    )


def _undecided(sweep: Sweep, choice: SweepChoice, value: str) -> str:
    label = sweep.metric(choice.metric).label
    points = f"the {choice.kept} points that keep every threshold" if choice.judged else f"the {choice.kept} points"
    if sweep.plan.replications < FEWEST_REPLICATIONS:
        return f"No point is recommended: {points} cannot be told apart with {sweep.plan.replications} replications."
    return f"No point is recommended: {points} cannot be told apart in {label}, {value} in the mean of the best."


def _beside(choice: SweepChoice) -> list[str]:
    told = []
    if choice.tied:
        told.append(f"The same mean {'has' if len(choice.tied) == 1 else 'have'} {_points(choice.tied)}.")
    if choice.not_worse:
        told.append(
            f"Not shown to be worse {'is' if len(choice.not_worse) == 1 else 'are'} {_points(choice.not_worse)} "
            "(same devices and luck, all pairs of points allowed for)."
        )
    return told


def _elsewhere(sweep: Sweep, point: Point, metrics: Sequence[str]) -> str:
    """What the other measures are at the point, and what they could be."""
    runs = runs_by_point(sweep)[point.id]
    parts = []
    for metric in metrics:
        here, there = mean_of(runs, metric), choose_point(sweep, metric)
        text = f"{sweep.metric(metric).label} {_mean(sweep, metric, here)}"
        if there.point is None or there.mean is None:
            parts.append(text)
        elif there.mean.value == here.value:
            parts.append(f"{text}, which is the best")
        else:
            parts.append(f"{text}, at best {_mean(sweep, metric, there.mean)} at `{point_text(there.point)}`")
    return f"The other measures there: {'; '.join(parts)}." if parts else ""


def _points(points: Sequence[Point]) -> str:
    if len(points) > MOST_POINTS:
        return f"{len(points)} other points"
    return listed([f"`{point_text(point)}`" for point in points])


def _mean(sweep: Sweep, metric: str, found: Estimate) -> str:
    unit = sweep.metric(metric).unit
    if found.value is None:
        return "no mean, since not every replication reaches it"
    text = format_value(found.value, unit)
    if found.interval is None:
        return text
    low, high = (format_value(end, unit) for end in found.interval)
    return f"{text} (95 % interval {low} to {high})"


def _failures(sweep: Sweep) -> list[str]:
    failed = len(sweep.failures)
    return [f"{failed} of {count_of(len(sweep.played), 'run')} failed; their points are not chosen."] if failed else []
