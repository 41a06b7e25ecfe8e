"""``fota-sim canary``: how many devices, for how long, and who fails before a rule stops the rollout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer_json, answer_words, say
from fota_sim.cli.engine import tell_engines
from fota_sim.cli.examples import Example
from fota_sim.cli.options import JSON, OVERRIDES, QUIET, STRATEGY, share
from fota_sim.cli.pace import RUNS
from fota_sim.cli.progress import progress_bar
from fota_sim.errors import FotaSimError

if TYPE_CHECKING:
    from fota_sim.analysis.canary.answer import Question
    from fota_sim.scenario.model import Scenario

RATE = 0.01
"""Of a scenario whose release has no defect: what a pilot should see at least. Assumption."""
EXAMPLES = (
    Example("fota-sim canary --rate 0.5% --fleet 2000", "how many devices show a defect that hits one in 200"),
    Example(
        'fota-sim canary --rate 2% --delay "lognormal(12h, 0.8)" --hold 24h',
        "of a defect that takes time to show, in a day",
    ),
    Example(
        "fota-sim canary my.yaml --strategy four-waves --rate 5% --play 10",
        "what the abort rules of a strategy let through, played with its fleet",
    ),
    Example('fota-sim canary --rate 5% --abort "> 2%" --after 50 --group 500', "what an abort rule lets through"),
)


def canary(
    scenario: Path | None = typer.Argument(
        None,
        metavar="FILE",
        help="Take rate, delay and fleet from the defects of this scenario.",
        show_default=False,
        autocompletion=complete.scenario_files,
    ),
    rate: str | None = typer.Option(None, help="Share of devices that the defect makes fail, such as 0.5%."),
    confidence: str = typer.Option("95%", help="Chance to see it."),
    failures: int = typer.Option(1, min=1, help="See at least so many failures."),
    fleet: int | None = typer.Option(None, min=1, help="Devices that the canaries are drawn from.", show_default=False),
    devices: int | None = typer.Option(None, min=1, help="What so many canaries can show.", show_default=False),
    background: str = typer.Option("0%", help="Share of devices that fail anyway; then it is a test of two rates."),
    alpha: str = typer.Option("5%", help="With a background: chance of stopping a good release."),
    delay: str | None = typer.Option(
        None, help='When the defect shows: 6h, "lognormal(12h, 0.8)", uniform, exponential or weibull.'
    ),
    hold: str | None = typer.Option(None, help="How long each device is watched, such as 24h."),
    abort: str | None = typer.Option(None, help='What an abort rule costs: "> 2%" or ">= 5" devices failed.'),
    after: int = typer.Option(1, min=1, help="The rule looks once so many have finished."),
    of: str = typer.Option("finished", help="The rule's share is one of: finished, or all of the group."),
    group: int | None = typer.Option(None, min=1, help="Devices that the rule watches; by default the fleet."),
    in_flight: int = typer.Option(0, min=0, help="Devices under way when the rule fires; they still finish."),
    runs: int = typer.Option(4000, min=100, max=1_000_000, help="Drawn runs beside the exact figures."),
    seed: int = typer.Option(1, min=0, help="Luck of the drawn runs."),
    play: int = typer.Option(
        0, min=0, help="Play the scenario with its own abort rules, and without them, so many times."
    ),
    plan: str | None = typer.Option(
        None,
        "--plan",
        metavar="NAME",
        help="Whose release it is, where the scenario has several plans; with --play the others are played beside it.",
        show_default=False,
        autocompletion=complete.plans,
    ),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    json_: bool = JSON,
    quiet: bool = QUIET,
) -> None:
    """Say how many devices to watch, for how long, to see a defect; and what an abort rule lets through."""
    from fota_sim.analysis.canary.abort_rule import parse_rule
    from fota_sim.analysis.canary.answer import Question
    from fota_sim.analysis.canary.answer import answer as answer_to
    from fota_sim.analysis.canary.delay import parse_delay
    from fota_sim.cli.canary_text import canary_text
    from fota_sim.scenario.loader import load_scenario
    from fota_sim.scenario.one_plan import BY_COMMAND, plan_asked
    from fota_sim.scenario.units import DURATION

    if of not in ("finished", "all"):
        raise FotaSimError(f"--of {of}: write finished or all")
    if scenario is None and rate is None:
        raise FotaSimError("--rate is missing: say which share of devices the defect makes fail, such as --rate 0.5%")
    hold_s = None
    if hold is not None:
        try:
            hold_s = DURATION.parse(hold)
        except ValueError as error:
            raise FotaSimError(f"--hold: {error}") from error
    question = Question(
        rate=0.0 if rate is None else share("--rate", rate),
        confidence=share("--confidence", confidence),
        failures=failures,
        fleet=fleet,
        devices=devices,
        background=share("--background", background, zero=True),
        alpha=share("--alpha", alpha),
        delay=None if delay is None else parse_delay(delay),
        hold_s=hold_s,
        rule=None if abort is None else parse_rule(abort, after, of == "all"),
        group=group,
        in_flight=in_flight,
        runs=runs,
        seed=seed,
    )
    if scenario is None:
        for option, given in (("--play", play), ("--plan", plan), ("--set", overrides), ("--strategy", strategy)):
            if given:
                raise FotaSimError(f"{option} needs a scenario, whose plan it is")
        found = answer_to(question) | {"played": None}
    else:
        loaded = load_scenario(scenario, overrides, strategy)
        whose = plan_asked(loaded, plan, "a canary is of", BY_COMMAND)
        question = _from_scenario(question, scenario, loaded, whose, rate is None, quiet or json_)
        found = answer_to(question) | ({"plan": whose} if whose else {})
        found["played"] = None if not play else _played(loaded, whose, play, quiet or json_)
    if json_:
        answer_json(found)
    else:
        answer_words(canary_text(found))


def _from_scenario(
    question: Question, path: Path, scenario: Scenario, plan: str, ask_rate: bool, quiet: bool
) -> Question:
    """The question with what the scenario says of the plan; what was asked for by name goes first."""
    from dataclasses import replace

    from fota_sim.analysis.canary.scenario import defects_of

    found = defects_of(scenario, plan)
    of_plan = f" of plan {plan}" if plan else ""
    if not found.devices:
        raise FotaSimError(f"{path}: plan {plan} takes no device in the first replication, so none can go first")
    if ask_rate and found.rate == 0:
        if not quiet:
            say(
                f"{path}: no planned package has a defect that a device{of_plan or ' of this fleet'} shows; "
                "--rate says another share."
            )
        rate = RATE
    else:
        rate = found.rate if ask_rate else question.rate
    if ask_rate and found.rate and not quiet:
        say(
            f"{path}: {found.hit:,.1f} of {found.devices:,} devices{of_plan} are expected to have a defect of the new "
            "version."
        )
    finite = found.devices if not question.background or question.rule is not None else None
    return replace(
        question,
        rate=rate,
        fleet=question.fleet if question.fleet is not None else finite,
        delay=question.delay if question.delay is not None else found.delay,
    )


def _played(scenario: Scenario, plan: str, replications: int, quiet: bool) -> dict[str, Any]:
    """The plan's own rules, played."""
    from fota_sim.analysis.batch.gathering import HowToPlay
    from fota_sim.analysis.batch.points import Point, engines_for
    from fota_sim.analysis.canary.played import victims_played
    from fota_sim.engines.choice import AUTO

    engine = engines_for([Point("both", {}, scenario)], 2 * replications, AUTO)["both"]
    tell_engines([engine], quiet)
    with progress_bar(not quiet, scenario.name, RUNS) as progress:
        return victims_played(scenario, replications, HowToPlay(engine, progress=progress), plan)
