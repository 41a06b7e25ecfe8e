"""``fota-sim forecast``: how a rollout under way goes on, and whether to stop it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer_json, answer_words, say
from fota_sim.cli.examples import Example
from fota_sim.cli.files import room_in
from fota_sim.cli.log_options import LOG_OPTIONS, reads_log
from fota_sim.cli.long_work import FEWEST_MEMBERS, tell_forecast
from fota_sim.cli.options import (
    DESIGN_SEED,
    JSON,
    OVERRIDES,
    PLAN,
    QUIET,
    STRATEGY,
    WORKERS,
    share,
)
from fota_sim.cli.pace import ROLLOUTS
from fota_sim.cli.progress import progress_bar
from fota_sim.engines import cores
from fota_sim.errors import FotaSimError

if TYPE_CHECKING:
    from fota_sim.learning.reading import Reading
    from fota_sim.scenario.model import Scenario

EXAMPLES = (
    Example("fota-sim forecast my.yaml --so-far jobs.json", "the rest of a rollout, from its log up to now"),
    Example("fota-sim forecast my.yaml --so-far results/pilot --now 36h --out ahead", "as it looked after 36 hours"),
    Example(
        "fota-sim forecast my.yaml --so-far log.csv --unknown fleet.groups.meters.gone=1%..20% --price 50",
        "with a range of your own, where a failure costs as much as 50 upgrades are worth",
    ),
)


@reads_log
def forecast(
    scenario: Path = typer.Argument(
        metavar="FILE",
        help="The scenario of the rollout, as it was really opened.",
        show_default=False,
        autocompletion=complete.scenario_files,
    ),
    so_far: list[Path] = typer.Option(
        ...,
        "--so-far",
        metavar="LOG",
        help="What the platform logged up to now: a file, a folder of files, or a result of fota-sim. Repeatable.",
        show_default=False,
    ),
    now: str | None = typer.Option(
        None,
        metavar="TIME",
        help="Up to when the log is used: 36h from activation, or a date; by default to its end.",
        show_default=False,
    ),
    deadline: str | None = typer.Option(
        None,
        metavar="TIME",
        help="By when it should be done: 5d, or a date; by default the plan's end.",
        show_default=False,
    ),
    unknown: list[str] = typer.Option(
        [],
        "--unknown",
        metavar="PATH=LOW..HIGH",
        help="A value that is not known, and its range, beside the scenario's assumptions. Repeatable.",
        show_default=False,
    ),
    price: float | None = typer.Option(
        None,
        min=0,
        help="What a failed device costs, in upgrades; by default where stopping and going on are worth the same.",
        show_default=False,
    ),
    acceptable: str | None = typer.Option(
        None, help="Failure rate that is acceptable; by default the plan's own limit, or 1%.", show_default=False
    ),
    watch: str | None = typer.Option(
        None,
        metavar="DURATION",
        help="How long a device is watched before it counts as evidence; by default until 99 % are done.",
        show_default=False,
    ),
    pause: str = typer.Option("6h", metavar="DURATION", help="How long a pause lasts."),
    wait: str = typer.Option("1h", metavar="DURATION", help="How long one might wait before deciding."),
    plan: str | None = PLAN,
    how: Reading = LOG_OPTIONS,
    members: int | None = typer.Option(
        None,
        min=FEWEST_MEMBERS,
        help="Rollouts that are drawn in each round; by default by the size of the fleet.",
        show_default=False,
    ),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    seed: int = DESIGN_SEED,
    json_: bool = JSON,
    quiet: bool = QUIET,
    out: Path | None = typer.Option(
        None, "-o", "--out", help="Folder for the forecast, its fan chart and `fota-sim report`.", show_default=False
    ),
    force: bool = typer.Option(False, "--force", help="Overwrite a forecast in that folder."),
    workers: int | None = WORKERS,
) -> None:
    """Forecast the rest of a rollout from its log: when it is done, who fails, and what stopping now would change.

    What is not known is drawn from its ranges, or from what `fota-sim fit` learnt, and moved to where simulated
    rollouts agree with the log. If nothing does, there is no forecast but where they part, and the exit code is 4.
    """
    from fota_sim.analysis.sensitivity.parameters import parse_vary
    from fota_sim.learning.logs import read_log
    from fota_sim.scenario.loader import load_scenario

    started = datetime.now(UTC)
    loaded = load_scenario(scenario, overrides, strategy)
    if out is not None:
        from fota_sim.analysis.forecast.folder import REPORT

        room_in(out, [REPORT], force)
    log = read_log(so_far, loaded, how, plan)

    from fota_sim.analysis.forecast.forecast import forecast as answer_question
    from fota_sim.analysis.forecast.question import Question
    from fota_sim.cli.forecast_text import forecast_text
    from fota_sim.histories.results import start_s

    question = Question(
        loaded,
        log,
        plan=plan,
        now_s=None if now is None else start_s(loaded) + since(now, loaded, "--now") / 1000.0,
        unknowns=[parse_vary(text, loaded, "--unknown") for text in unknown],
        deadline_ms=None if deadline is None else since(deadline, loaded, "--deadline"),
        pause_ms=_duration(pause, "--pause"),
        wait_ms=_duration(wait, "--wait"),
        price=price,
        acceptable=None if acceptable is None else share("--acceptable", acceptable),
        watch_ms=None if watch is None else _duration(watch, "--watch"),
        members=None if members is None else (members, max(FEWEST_MEMBERS, members // 2)),
        workers=workers or cores.cores(),
        seed=seed,
    )
    if not quiet:
        tell_forecast(loaded, question.members)
    with progress_bar(not (quiet or json_), "forecast", ROLLOUTS) as progress:
        found = answer_question(question, progress)
    if json_:
        answer_json(found.report)
    else:
        answer_words(forecast_text(found.report))
    if out is not None:
        _leave(found.report, loaded, out, started)
        if not quiet:
            say(f"Forecast: {out}")
    if not found.report["explained"]:
        from fota_sim.cli.verdicts import THRESHOLD_UNDECIDED

        raise typer.Exit(THRESHOLD_UNDECIDED)


def since(text: str, scenario: Scenario, option: str) -> int:
    """A duration from activation, or a date, in ms since activation."""
    from fota_sim.scenario.activation import Activation
    from fota_sim.scenario.units import DURATION, moment_of

    try:
        moment = moment_of(text)
        if moment is not None:
            return round(1000 * Activation(scenario.start, scenario.time_zone).seconds_to(moment))
        return round(1000 * DURATION.parse(text))
    except ValueError as error:
        raise FotaSimError(f"{option} {text}: {error}") from error


def _duration(text: str, option: str) -> int:
    from fota_sim.scenario.units import DURATION

    try:
        found = round(1000 * DURATION.parse(text))
    except ValueError as error:
        raise FotaSimError(f"{option} {text}: {error}") from error
    if found < 1:
        raise FotaSimError(f"{option} {text}: must be longer than nothing")
    return found


def _leave(report: dict[str, object], scenario: Scenario, folder: Path, started: datetime) -> None:
    """The forecast as a folder, with its fan chart if there is one."""
    from fota_sim.analysis.forecast.folder import FAN, write_forecast
    from fota_sim.experiment.manifest import command_line, made

    write_forecast(report, scenario, folder, made(command_line(), started))
    if report["explained"]:
        from fota_sim.report.figures.fan import fan_figure

        figure = fan_figure(report)
        for name in FAN:
            figure.savefig(folder / name, dpi=160, facecolor="white")
