"""From what a user asks for, in texts, to a search: everything is checked before anything is played."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from fota_sim.analysis.run.replications import replications_of
from fota_sim.analysis.tune.knobs import STRATEGY, Choice, Knob, parse_knob
from fota_sim.analysis.tune.trials import SAMPLERS, Objective, Search, identity, turned
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.errors import FotaSimError
from fota_sim.experiment.folder import slug
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metrics import metric_name
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.thresholds import Threshold, parse_threshold
from fota_sim.scenario.units import DURATION

KNOBS = ("plan.strategy.min_battery=0%..70%", "plan.strategy.min_signal=-113dBm..-85dBm")
"""What is turned if nobody says what: what a first plan has to decide, as in a sweep."""
AIMS = (("failed_of_targeted",), ("success_of_targeted",))
"""What is made small and what large if nobody says what."""


def question(
    source: tuple[Path | Draft, Sequence[str], str | None],
    knobs: Sequence[str],
    aims: tuple[Sequence[str], Sequence[str]],
    constraints: Sequence[str],
    sizes: tuple[int, int | None, int],
    sampler: str,
    seed: int,
    timeout: str | None,
) -> Search:
    """The search that the options describe; raises FotaSimError or ScenarioError before anything is played.

    ``sizes``: trials, replications of each (None: the scenario's, or as many as the question needs), and the batch.
    """
    scenario = load_scenario(*source)

    minimise, maximise = aims
    knobs = knobs or KNOBS
    if not minimise and not maximise:
        minimise, maximise = AIMS
    objectives = [
        *(Objective(called("--minimise", name), False) for name in minimise),
        *(Objective(called("--maximise", name), True) for name in maximise),
    ]
    if len({each.metric for each in objectives}) < len(objectives):
        raise FotaSimError("a metric can be an objective only once")
    if sampler not in SAMPLERS:
        raise FotaSimError(f"--sampler {sampler}: there are {', '.join(SAMPLERS)}")
    try:
        timeout_s = None if timeout is None else DURATION.parse(timeout)
    except ValueError as error:
        raise FotaSimError(f"--timeout: {error}") from error
    limits = [limit(text) for text in (*scenario.thresholds, *constraints)]
    limits = list({each.text: each for each in limits}.values())
    turnable = [parse_knob(text, scenario) for text in knobs]
    paths = [each.path for each in turnable]
    if len(set(paths)) < len(paths):
        raise FotaSimError("a value can be turned by one knob only")
    trials, asked, batch = sizes
    replications = asked or replications_of(scenario, trials)
    chosen = strategies(source, turnable)
    what = Search(scenario, turnable, objectives, limits, replications, trials, batch, sampler, seed, timeout_s, chosen)
    check_ends(what)
    return what


def limit(text: str) -> Threshold:
    """A constraint; raises FotaSimError that says what would do."""
    try:
        found = parse_threshold(text)
    except ValueError as error:
        raise FotaSimError(f"--constraint: {error}") from error
    if found.plan:
        raise FotaSimError(f"{text}: is about one of several plans; a search looks at all devices: write it without")
    return found


def strategies(source: tuple[Path | Draft, Sequence[str], str | None], knobs: Sequence[Knob]) -> dict[str, Scenario]:
    """The strategies that the knob ``strategy`` may choose; raises ScenarioError for one that there is none of."""
    file, overrides, _ = source
    for each in knobs:
        if isinstance(each, Choice) and each.path == STRATEGY:
            return {str(name): load_scenario(file, overrides, str(name)) for name in each.choices}
    return {}


def check_ends(what: Search) -> None:
    """Raises ScenarioError if an end or a choice of a knob, alone, is refused: a typo is found before the search."""
    for each in what.knobs:
        for value in each.choices if isinstance(each, Choice) else (each.at(0), each.at(1)):
            turned(what, {each.path: value})


def study_file(what: Search, out: Path, own: OwnRules = SHIPPED) -> Path:
    """Where the trials of this search are kept. ``own``: functions in place of shipped rules."""
    name = hashlib.sha256(identity(what, own).encode()).hexdigest()[:8]
    return out / slug(what.scenario.name) / f"study-{name}.log"


def called(option: str, word: str) -> str:
    """The metric that ``word`` names; raises FotaSimError with what was perhaps meant."""
    try:
        return metric_name(word)
    except ValueError as error:
        raise FotaSimError(f"{option} {word}: {error}") from error
