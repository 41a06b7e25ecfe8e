"""Which assumptions matter: one at a time, by Morris's elementary effects, by Sobol's indices.

All points of a design are played with the same replications, so that devices keep their luck and a difference is the
parameter's. Morris and Sobol come from SALib; places are drawn on the unit cube, so that an effect is one over the
whole range of a parameter, in units of the metric.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.batch.gathering import HowToPlay, Measures, difference, gather, mean_of
from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.batch.sampling import answering
from fota_sim.analysis.numbers.enough import replications_to_show
from fota_sim.analysis.numbers.tidy import split_interval
from fota_sim.analysis.sensitivity.parameters import Parameter
from fota_sim.errors import FotaSimError
from fota_sim.quoting import number_of, quoted
from fota_sim.scenario.metrics import METRICS, lacking, shown_in, spoken
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plain_names import plain_name
from fota_sim.scenario.variation import varied

METHODS = ("oat", "morris", "sobol")
FEWEST_SAMPLES = 2
"""Trajectories or base samples that show a spread."""
LEVELS = 4
"""Levels of Morris's grid: his own choice, with steps of two thirds of the range."""
BASE = "base"
FIRST_LOOK = 2
"""Replications after which a point of a sample is given up that has changed nothing, in any metric. Half of the
assumptions about scenarios/mixed_40000.yaml are about what none of its devices does."""


@dataclass(frozen=True)
class Design:
    """What will be played: points, and for Morris and Sobol their places on the unit cube."""

    method: str
    parameters: Sequence[Parameter]
    points: Sequence[Point]
    places: NDArray[np.float64] | None
    """Shape (points, parameters); None for one at a time."""
    seed: int


def design(scenario: Scenario, parameters: Sequence[Parameter], method: str, samples: int, seed: int) -> Design:
    """The points to play. ``samples``: trajectories of Morris, or base samples of Sobol (a power of two).

    Raises ScenarioError if an end of a range is refused, FotaSimError for a method that there is not, or that cannot be
    of this size.
    """
    if method not in METHODS:
        raise FotaSimError(f"there is no method {quoted(method)}; there are {', '.join(METHODS)}")
    size = number_of(samples, "sample")
    if method != "oat" and samples < FEWEST_SAMPLES:
        raise FotaSimError(f"{size}: {method} needs at least {FEWEST_SAMPLES}")
    if method == "sobol" and samples & (samples - 1):
        raise FotaSimError(f"{size}: Sobol's sequence needs a power of two, for example 64")
    if method == "oat":
        points = [Point(BASE, {}, scenario)]
        for parameter in parameters:
            for end, place in (("low", 0.0), ("high", 1.0)):
                value = {parameter.path: parameter.at(place)}
                points.append(Point(f"{parameter.path}:{end}", value, varied(scenario, value)))
        return Design(method, parameters, points, None, seed)
    places = _places(_problem(parameters), method, samples, seed)
    points = []
    for number, row in enumerate(places):
        chosen = {each.path: each.at(float(place)) for each, place in zip(parameters, row, strict=True)}
        points.append(Point(f"{method}-{number}", chosen, varied(scenario, chosen)))
    return Design(method, parameters, points, places, seed)


def looked_at(scenario: Scenario, asked: Sequence[str]) -> tuple[str, ...]:
    """The metrics that were asked for, or the usual ones; raises FotaSimError for one that the scenario has not."""
    for metric in asked:
        if wrong := lacking(metric, scenario.priced):
            raise FotaSimError(wrong)
    return tuple(asked) or tuple(shown_in("sensitivity", scenario.priced))


def sensitivity(plan: Design, metrics: Sequence[str], replications: int, how: HowToPlay) -> dict[str, Any]:
    """Play the points and say what each parameter does to each metric, strongest first.

    ``sample`` says how many devices of how many were played; None: all of them. ``idle``: points of a sample that were
    given up, since ``FIRST_LOOK`` replications of them were those of the scenario as it is.
    ``metrics`` maps a name to label, unit, base (what the scenario itself gives; one at a time only), note and rows.
    A row has path, low and high (as text) and, one at a time, the paired differences to the scenario as it is
    (``low_effect``, ``high_effect``) with their 95 % intervals, and whether there is an effect at 5 % over all rows of
    all metrics together (``low_shown``, ``high_shown``) and how many replications would show it (``low_to_show``,
    ``high_to_show``); for Morris mu_star, its half-width mu_star_conf, mu
    and sigma; for Sobol first and total with their half-widths. Where there are no effects, note says why.
    """
    played = _played(plan, replications, how)
    comparisons = 2 * len(plan.parameters) * len(metrics)
    return {
        "question": _asked(plan, metrics),
        "method": plan.method,
        "points": len(plan.points),
        "replications": replications,
        "sample": answering(plan.points),
        "idle": sum(len(runs) < replications for runs in played.values()),
        "parameters": [
            {"path": each.path, "base": each.base, "low": each.ends()[0], "high": each.ends()[1]}
            for each in plan.parameters
        ],
        "metrics": {metric: _metric(plan, metric, played, comparisons) for metric in metrics},
    }


def _asked(plan: Design, metrics: Sequence[str]) -> str:
    """What is answered; what the scenario asks is answered by playing it, and not by varying it."""
    name = plan.points[0].scenario.name
    labels = "; ".join(spoken(METRICS[metric].label) for metric in metrics)
    if len(plan.parameters) == 1:
        return f"How much does the {plain_name(plan.parameters[0].path)} move this in {name}: {labels}?"
    return f"Which of {number_of(len(plan.parameters), 'parameter')} of {name} moves each of these most: {labels}?"


def _played(plan: Design, replications: int, how: HowToPlay) -> dict[str, list[Measures]]:
    """Every point; of a sample, those that change nothing at first are not played to the end."""
    if plan.method != "oat" or plan.points[0].sample is None or replications <= FIRST_LOOK:
        return gather(plan.points, range(replications), how)
    rest, total = replications - FIRST_LOOK, len(plan.points) * replications
    done = _Told(how.progress, total)
    first = gather(plan.points, range(FIRST_LOOK), replace(how, progress=done.tell))
    lively = [point for point in plan.points if point.id == BASE or first[point.id] != first[BASE]]
    done.before = total - len(lively) * rest
    then = gather(lively, range(FIRST_LOOK, replications), replace(how, progress=done.tell))
    return {id_: [*runs, *then.get(id_, ())] for id_, runs in first.items()}


@dataclass
class _Told:
    """Progress of one batch after another, as that of all."""

    progress: Callable[[int, int], None] | None
    total: int
    before: int = 0
    """Runs that are over, or that nobody will play."""

    def tell(self, runs: int, of: int) -> None:
        """So many runs of this batch are over."""
        if self.progress is not None:
            self.progress(self.before + runs, self.total)


def _metric(plan: Design, metric: str, played: dict[str, list[Measures]], comparisons: int) -> dict[str, Any]:
    first = next(iter(played.values()))[0][metric]
    found: dict[str, Any] = {"label": first.label, "unit": first.unit, "base": None, "note": "", "rows": []}
    if plan.method == "oat":
        base = mean_of(played[BASE], metric)
        found["base"] = {"value": base.value, "interval": base.interval, "note": base.note}
        rows = [_one_at_a_time(each, metric, played, comparisons) for each in plan.parameters]
        found["rows"] = sorted(rows, key=lambda row: -_largest(row))
        if base.value is None:
            found["note"] = f"no effects, for the scenario as it is has {base.note}"
        elif _largest(found["rows"][0]) <= 0:
            found["note"] = "none of the parameters changes it"
        return found
    means = [mean_of(played[point.id], metric).value for point in plan.points]
    lacking = sum(value is None for value in means)
    if lacking:
        found["note"] = f"no value in {lacking} of {len(means)} points, so no effects"
        return found
    answers = np.array(means, dtype=float)
    if answers.min() == answers.max():
        found["note"] = "the same in all points"
        return found
    problem = _problem(plan.parameters)
    rows = _morris(problem, plan, answers) if plan.method == "morris" else _sobol(problem, plan, answers)
    found["rows"] = rows
    return found


def _one_at_a_time(
    parameter: Parameter, metric: str, played: dict[str, list[Measures]], comparisons: int
) -> dict[str, Any]:
    row: dict[str, Any] = {"path": parameter.path, "low": parameter.ends()[0], "high": parameter.ends()[1]}
    for end in ("low", "high"):
        runs = played[f"{parameter.path}:{end}"]
        if len(runs) < len(played[BASE]):
            note = f"nothing changes in {len(runs)} replications, so no more were played"
            row |= {f"{end}_effect": 0.0, f"{end}_interval": None, f"{end}_note": note, f"{end}_shown": False}
            row[f"{end}_to_show"] = None
            continue
        effect = difference(runs, played[BASE], metric)
        row |= {
            f"{end}_effect": effect.value,
            f"{end}_interval": effect.interval(),
            f"{end}_note": effect.note,
            f"{end}_shown": effect.shown(comparisons),
            f"{end}_to_show": replications_to_show(effect, len(runs), comparisons),
        }
    return row


def _largest(row: dict[str, Any]) -> float:
    return max((abs(row[f"{end}_effect"]) for end in ("low", "high") if row[f"{end}_effect"] is not None), default=-1.0)


def _problem(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """What SALib calls a problem: the unit cube."""
    names = [each.path for each in parameters]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _places(problem: dict[str, Any], method: str, samples: int, seed: int) -> NDArray[np.float64]:
    if method == "morris":
        from SALib.sample import morris

        found: NDArray[np.float64] = morris.sample(problem, samples, num_levels=LEVELS, seed=seed)
        return found
    from SALib.sample import sobol

    drawn: NDArray[np.float64] = sobol.sample(problem, samples, calc_second_order=False, seed=seed)
    return drawn


def _morris(problem: dict[str, Any], plan: Design, answers: NDArray[np.float64]) -> list[dict[str, Any]]:
    from SALib.analyze import morris

    found = morris.analyze(problem, plan.places, answers, num_levels=LEVELS, seed=plan.seed)
    rows = []
    for number, each in enumerate(plan.parameters):
        row = {"path": each.path, "low": each.ends()[0], "high": each.ends()[1]}
        rows.append(row | {name: float(found[name][number]) for name in ("mu_star", "mu_star_conf", "mu", "sigma")})
    return sorted(rows, key=lambda row: -row["mu_star"])


def _sobol(problem: dict[str, Any], plan: Design, answers: NDArray[np.float64]) -> list[dict[str, Any]]:
    from SALib.analyze import sobol

    found = sobol.analyze(problem, answers, calc_second_order=False, seed=plan.seed)
    names = {"first": "S1", "first_conf": "S1_conf", "total": "ST", "total_conf": "ST_conf"}
    rows = []
    for number, each in enumerate(plan.parameters):
        row = {"path": each.path, "low": each.ends()[0], "high": each.ends()[1]}
        rows.append(row | {ours: float(found[theirs][number]) for ours, theirs in names.items()})
    return sorted(rows, key=lambda row: -row["total"])


def effect_rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each metric and parameter of what ``sensitivity`` gave."""
    return [
        split_interval({"method": found["method"], "metric": name, "unit": metric["unit"], **row})
        for name, metric in found["metrics"].items()
        for row in metric["rows"]
    ]
