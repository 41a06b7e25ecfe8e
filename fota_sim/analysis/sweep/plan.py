"""Which points a sweep has: from axes, a way to combine them and constraints to scenarios, before anything runs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.batch.unit import identity
from fota_sim.analysis.run.replications import replications_of
from fota_sim.analysis.sweep.axes import STRATEGY, Axis, number
from fota_sim.analysis.sweep.ready import ready_axes
from fota_sim.errors import FotaSimError, Problem, ScenarioError
from fota_sim.quoting import quoted
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metrics import lacking, shown_in
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.predicate import PredicateError, parse_predicate

Way = Literal["grid", "random", "lhs"]


@dataclass(frozen=True)
class SweepSpec:
    """A sweep as it is asked for; the same spec and scenario give the same points."""

    scenario: Path | Draft
    axes: tuple[Axis, ...] = ()
    """None: those that are ready (analysis/sweep/ready.py), as fine as the size of the fleet lets them be."""
    way: Way = "grid"
    samples: int = 0
    """Points to take where the way is not the grid."""
    where: tuple[str, ...] = ()
    """Conditions between axes; a point that does not meet all of them is left out."""
    overrides: tuple[str, ...] = ()
    seed: int | None = None
    """Other luck than the scenario's; it also draws the samples."""
    replications: int | None = None
    """None: the scenario's, or as many as the question needs."""
    metrics: tuple[str, ...] = ()
    """What is drawn; none: failures, coverage and throughput, and costs where there are prices."""

    @property
    def path(self) -> Path:
        """Where the scenario stands, or would."""
        return self.scenario.path if isinstance(self.scenario, Draft) else self.scenario


@dataclass(frozen=True)
class SweepPlan:
    """Everything that will be played."""

    spec: SweepSpec
    name: str
    """The scenario's."""
    points: tuple[Point, ...]
    replications: int
    left_out: int
    """Combinations that the constraints or doubles took away."""
    units: dict[str, str] = field(default_factory=dict)
    """The unit of each axis whose values are all numbers in one unit; it may be empty."""
    as_it_is: str | None = None
    """The id of the point that is the scenario unchanged, if it is among them."""

    @property
    def seed(self) -> int:
        """The luck that all points share."""
        return self.points[0].scenario.seed


def plan_sweep(spec: SweepSpec) -> SweepPlan:
    """Load every point. Raises ScenarioError with all that is wrong in any, FotaSimError for axes that do not fit."""
    _check(spec)
    base = load_scenario(spec.scenario, _common(spec))
    if not spec.axes:
        spec = replace(spec, axes=ready_axes(base, sampled=spec.way != "grid"))
    spec = replace(spec, metrics=_metrics(spec, base))
    combinations = list(_combinations(spec, base.seed if spec.seed is None else spec.seed))
    kept = [labels for labels, meets in zip(combinations, _meet(spec, combinations), strict=True) if meets]
    points: dict[str, Point] = {}
    problems: list[Problem] = []
    ids: list[str] = []
    for labels in kept:
        changes = [*_common(spec), *(f"{path}={value}" for path, value in labels.items() if path != STRATEGY)]
        try:
            scenario = load_scenario(spec.scenario, changes, strategy=labels.get(STRATEGY))
        except ScenarioError as error:
            problems += error.problems
            continue
        point = Point(_id(scenario, labels), labels, scenario)
        points.setdefault(point.id, point)
        ids.append(point.id)
    if problems:
        raise ScenarioError(_each_once(problems))
    _check_that_axes_matter(spec, kept, ids)
    if not points:
        raise FotaSimError("no combination of the axes meets the constraints, so there is nothing to run; loosen one")
    _priced_alike(list(points.values()))
    count = spec.replications or replications_of(base, len(points))
    left_out, own = len(combinations) - len(points), _id(base, {})
    return SweepPlan(
        spec,
        base.name,
        tuple(points.values()),
        count,
        left_out,
        axis_units(spec, kept),
        own if own in points else None,
    )


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    """Problems in order; what is said of a field whatever value an axis gives it is said once."""
    found = {(each.path, each.message, each.line): each for each in sorted(set(problems), reverse=True)}
    return sorted(found.values())


def _check_that_axes_matter(spec: SweepSpec, kept: Sequence[Mapping[str, str]], ids: Sequence[str]) -> None:
    """Raises FotaSimError for an axis along which every scenario simulates the same; ``ids``: of each combination."""
    for each in spec.axes:
        along: dict[tuple[str, ...], set[str]] = {}
        played: dict[tuple[str, ...], set[str]] = {}
        for labels, id_ in zip(kept, ids, strict=True):
            others = tuple(value for path, value in labels.items() if path != each.path)
            along.setdefault(others, set()).add(labels[each.path])
            played.setdefault(others, set()).add(id_)
        varied = [others for others, values in along.items() if len(values) > 1]
        if varied and all(len(played[others]) == 1 for others in varied):
            luck = {"seed": "--seed", "replications": "--replications"}.get(each.path)
            would = f"{luck} says it for all points" if luck else "vary another field"
            raise FotaSimError(f"axis {each.path}: what is simulated is the same whatever its value; {would}")


def axis_units(spec: SweepSpec, combinations: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The unit of each axis all of whose values are numbers with the same one."""
    units = {}
    for each in spec.axes:
        found = [number(labels[each.path]) for labels in combinations]
        if found and all(value is not None and value[1] == (found[0] or ("", ""))[1] for value in found):
            units[each.path] = found[0][1] if found[0] else ""
    return units


def _check(spec: SweepSpec) -> None:
    paths = [each.path for each in spec.axes]
    if doubled := {path for path in paths if paths.count(path) > 1}:
        raise FotaSimError(f"two axes are called {min(doubled)}; put their values into one")
    for each in spec.axes:
        if spec.way == "grid" and not each.values:
            raise FotaSimError(
                f"axis {each.path}: a grid needs to know how many values; write from..to/5 for five, "
                "or sample with --random or --lhs"
            )


def _metrics(spec: SweepSpec, base: Scenario) -> tuple[str, ...]:
    """Those that were asked for, or the usual ones; raises FotaSimError for one that the scenario has not."""
    for metric in spec.metrics:
        if wrong := lacking(metric, base.priced):
            raise FotaSimError(wrong)
    return spec.metrics or tuple(dict.fromkeys([*base.asks_about, *shown_in("sweep", base.priced)]))


def _priced_alike(points: Sequence[Point]) -> None:
    """Raises FotaSimError if the points do not price the same things in the same currency."""
    if len({(point.scenario.priced, point.scenario.currency) for point in points}) > 1:
        raise FotaSimError("the points do not all price the same things in one currency; give all of them the prices")


def _common(spec: SweepSpec) -> list[str]:
    """Changes that every point has."""
    return [*spec.overrides, *([f"seed={spec.seed}"] if spec.seed is not None else [])]


def _combinations(spec: SweepSpec, seed: int) -> Iterator[dict[str, str]]:
    """Labels of every point before constraints; samples are drawn with the sweep's own generator from the seed."""
    paths = [each.path for each in spec.axes]
    if spec.way == "grid":
        for values in itertools.product(*(each.values for each in spec.axes)):
            yield dict(zip(paths, values, strict=True))
        return
    if spec.way == "lhs":
        from scipy.stats.qmc import LatinHypercube

        shares = LatinHypercube(len(paths), rng=np.random.default_rng(seed)).random(spec.samples)
    else:
        shares = np.random.default_rng(seed).random((spec.samples, len(paths)))
    for row in shares:
        yield {each.path: each.pick(float(share)) for each, share in zip(spec.axes, row, strict=True)}


def _meet(spec: SweepSpec, combinations: Sequence[Mapping[str, str]]) -> list[bool]:
    """Which combinations meet every constraint. Axes are named by the last step of their path."""
    columns: dict[str, Any] = {}
    units = axis_units(spec, combinations)
    names: dict[str, str] = {}
    for each in spec.axes:
        names[each.short] = "" if each.short in names else each.path  # two of one name: neither can be meant
        texts = [labels[each.path] for labels in combinations]
        numeric = each.path in units
        values = [number(text) for text in texts]
        columns[each.short] = (
            np.array([value[0] for value in values if value]) if numeric else np.array(texts, dtype=object)
        )
    meets = np.ones(len(combinations), dtype=bool)
    for text in spec.where:
        try:
            condition = parse_predicate(text)
        except PredicateError as error:
            raise FotaSimError(f"constraint: {error}") from error
        known = [name for name, path in names.items() if path]
        for name in sorted(condition.names):
            if name not in known:
                raise FotaSimError(
                    f"constraint {quoted(text)}: {quoted(name)} names no axis; there are {', '.join(known)}"
                )
        for name, unit in sorted(condition.units):
            own = units.get(names[name], "")
            if unit != own:
                raise FotaSimError(
                    f"constraint {quoted(text)}: the values of {name} are in {own or 'no unit'}, not {unit}"
                )
        try:
            meets &= condition.evaluate(columns)
        except PredicateError as error:
            raise FotaSimError(f"constraint: {error}") from None
    return [bool(each) for each in meets]


def _id(scenario: Any, labels: Mapping[str, str]) -> str:
    """Ten digits of what is simulated, or the strategy's name where nothing else varies."""
    if set(labels) == {STRATEGY}:
        return labels[STRATEGY]
    try:
        return identity(scenario)[:10]
    except OSError as error:
        raise FotaSimError(f"{error.filename}: cannot be read ({error.strerror})") from error
