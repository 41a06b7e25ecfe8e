"""From what a user asks for, in texts, to a search: everything is checked before anything is played."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.batch.sampling import ALL, NO_SAMPLE, Devices, on_a_sample
from fota_sim.analysis.run.replications import AFFORDED, Effort, affordable_variants, effort_of, replications_of
from fota_sim.analysis.tune.knobs import STRATEGY, Choice, Knob, parse_knob
from fota_sim.analysis.tune.trials import SAMPLERS, Objective, Search, identity, turned
from fota_sim.engines.own_rules import SHIPPED, OwnRules
from fota_sim.errors import FotaSimError
from fota_sim.experiment.folder import slug
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.metrics import COST, lacking, metric_name
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.thresholds import Threshold, of_all_devices, parse_threshold
from fota_sim.scenario.units import DURATION
from fota_sim.scenario.variation import in_every_plan

KNOBS = ("plan.strategy.min_battery=0%..70%", "plan.strategy.min_signal=-113dBm..-85dBm")
"""What is turned if nobody says what: what a first plan has to decide, as in a sweep."""
AFFORDED_EACH = AFFORDED // 2
"""Updates that the search may take, and as many again to confirm its front."""
TRIALS, FEWEST_TRIALS = 60, 32
"""Trials if nobody says how many, and where a fleet is large: eight batches. TPE takes ten trials to look around; of
scenarios/mixed_40000.yaml the first that was better than the plan in both of ``AIMS`` was trial 25."""
_SHARED = (STRATEGY, "fleet", "network", "radios", "packages", "plan.packages", "plan.rollout", "plan.operator")
"""Knobs that turn, or may turn, what devices share: a part of the fleet, with a part of that, may answer otherwise."""
AIMS = (("failed_of_targeted",), ("success_of_targeted",))
"""What is made small and what large if nobody says what."""
PRICED_AIMS = ((COST,), ("success_of_targeted",))
"""The same where the scenario has prices: failures are priced, and reach beyond what waiting costs is told beside."""


def question(
    source: tuple[Path | Draft, Sequence[str], str | None],
    knobs: Sequence[str],
    aims: tuple[Sequence[str], Sequence[str]],
    constraints: Sequence[str],
    sizes: tuple[int | None, int | None, int],
    sampler: str,
    seed: int,
    timeout: str | None,
    devices: Devices = None,
) -> Search:
    """The search that the options describe; raises FotaSimError or ScenarioError before anything is played.

    ``sizes``: trials (None: as many as the fleet's size allows), replications of each (None: the scenario's, or as many
    as the question needs), and the batch. ``devices``: of each trial, so many, all, or as many as the size allows.
    """
    scenario = load_scenario(*source)

    minimise, maximise = aims
    knobs = knobs or [in_every_plan(knob, scenario) for knob in KNOBS]
    if not minimise and not maximise:
        minimise, maximise = PRICED_AIMS if scenario.priced else AIMS
    objectives = [
        *(Objective(called("--minimise", name), False) for name in minimise),
        *(Objective(called("--maximise", name), True) for name in maximise),
    ]
    limits = [limit(text) for text in (*of_all_devices(scenario.thresholds), *constraints)]
    for metric in [*(each.metric for each in objectives), *(each.metric for each in limits)]:
        if wrong := lacking(metric, scenario.priced):
            raise FotaSimError(wrong)
    if len({each.metric for each in objectives}) < len(objectives):
        raise FotaSimError("a metric can be an objective only once")
    if sampler not in SAMPLERS:
        raise FotaSimError(f"--sampler {sampler}: there are {', '.join(SAMPLERS)}")
    try:
        timeout_s = None if timeout is None else DURATION.parse(timeout)
    except ValueError as error:
        raise FotaSimError(f"--timeout: {error}") from error
    limits = list({each.text: each for each in limits}.values())
    turnable = [parse_knob(text, scenario) for text in knobs]
    paths = [each.path for each in turnable]
    if len(set(paths)) < len(paths):
        raise FotaSimError("a value can be turned by one knob only")
    trials, asked, batch = sizes
    sample = _sample(scenario, turnable, trials or TRIALS, devices)
    trials = trials or (TRIALS if sample else min(TRIALS, max(FEWEST_TRIALS, affordable_variants(scenario))))
    usual = replications_of(scenario, trials) if sample is None else sample.replications
    chosen = strategies(source, turnable)
    what = Search(
        scenario,
        turnable,
        objectives,
        limits,
        asked or usual,
        trials,
        batch,
        sampler,
        seed,
        timeout_s,
        None if sample is None else sample.devices,
        chosen,
    )
    check_ends(what)
    return what


def _sample(scenario: Scenario, knobs: Sequence[Knob], trials: int, devices: Devices) -> Effort | None:
    """How many of the devices answer for all in trials, and how often they are played; None: all devices are.

    Raises FotaSimError if so many devices were asked for that do not answer for all of this fleet.
    """
    if devices == ALL:
        return None
    needed = effort_of(scenario, trials, AFFORDED_EACH)
    wanted = needed.devices if devices is None else devices
    shared = shared_by_devices(knobs)
    parts = (
        None
        if wanted is None or shared
        else on_a_sample([Point("", {}, scenario)], wanted, exactly=devices is not None)
    )
    if parts is not None and (part := parts[0].sample) is not None:
        return Effort(needed.replications, part.devices)
    if devices is not None:
        why = f"{shared[0]} is turned, which they share" if shared else NO_SAMPLE
        raise FotaSimError(f"--devices {devices}: so few devices of this fleet do not answer for all of it: {why}")
    return None


def shared_by_devices(knobs: Sequence[Knob]) -> list[str]:
    """Paths of knobs that turn what devices share, or may do so."""
    return [each.path for each in knobs if each.path.startswith(_SHARED)]


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
