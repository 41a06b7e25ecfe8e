"""``fota-sim import``: a plan that is configured in another system."""

from __future__ import annotations

from pathlib import Path

import typer

from fota_sim.analysis.numbers.rounding import counted
from fota_sim.cli import complete
from fota_sim.cli.console import answer, columns, say
from fota_sim.cli.examples import Example
from fota_sim.cli.files import save
from fota_sim.cli.options import FORCE
from fota_sim.errors import FotaSimError

EXAMPLES = (
    Example("fota-sim import job.json", "the plan of an AWS IoT job, and what of it cannot be said"),
    Example("fota-sim import job.json --scenario my.yaml -o job.yaml", "my.yaml with that plan, ready to run"),
    Example("fota-sim import rollout.json --from hawkbit", "say whose file it is"),
)


def import_(
    file: Path = typer.Argument(
        metavar="FILE", help="What the system exports: one job, rollout, deployment or plan.", show_default=False
    ),
    system: str | None = typer.Option(
        None,
        "--from",
        metavar="SYSTEM",
        help="aws-iot-jobs, mender, hawkbit or quecthing; by default seen from the fields.",
        show_default=False,
        autocompletion=complete.systems,
    ),
    scenario: Path | None = typer.Option(
        None,
        metavar="FILE",
        help="Put the plan into this scenario, in place of its own.",
        show_default=False,
        autocompletion=complete.scenario_files,
    ),
    output: Path | None = typer.Option(None, "-o", "--output", help="Write to this file.", show_default=False),
    force: bool = FORCE,
) -> None:
    """Write the plan of an AWS IoT job, a hawkBit rollout, a Mender deployment or a QuecThing plan as a scenario's."""
    from fota_sim.scenario.foreign.systems import SYSTEMS, checked, import_plan
    from fota_sim.scenario.foreign.writing import fragment

    if system is not None and system not in SYSTEMS:
        raise FotaSimError(f"plans are not imported from {system!r}; there are {', '.join(SYSTEMS)}")
    draft = import_plan(file, system)
    whole = checked(draft, file, scenario)
    text = whole if scenario is not None else fragment(draft, file.name)
    if output is None:
        answer(text.rstrip("\n"))
    else:
        save(output, text, force)
        answer(str(output))
    left = draft.left
    told = output is not None and bool(left)  # else they stand in the comments just printed
    taken = counted(str(len(draft.carried)), "fields")
    say(f"{_capital(draft.system)}: {taken} carried, {len(left)} not{':' if told else '.'}")
    if told:
        say(columns([(f"  {note.path}", note.value, note.why) for note in left]))
    if scenario is not None and output is not None:
        say(f"Next: fota-sim validate {output}; fota-sim run {output}")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
