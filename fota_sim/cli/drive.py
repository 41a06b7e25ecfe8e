"""``fota-sim drive``: the scenario's host against a module at a port."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from fota_sim.cli.console import answer, columns, say
from fota_sim.cli.examples import Example
from fota_sim.cli.files import room_for
from fota_sim.cli.options import FORCE, OVERRIDES, QUIET, SCENARIO, STRATEGY
from fota_sim.errors import FotaSimError, write_whole, writing

if TYPE_CHECKING:
    from fota_sim.drive.session import Drive
    from fota_sim.drive.timings import Timing

EXAMPLES = (
    Example("fota-sim drive /dev/ttyUSB2 my.yaml --device 0", "up to the answer to an offer, which is not given"),
    Example("fota-sim drive /dev/ttyUSB2 my.yaml --yes --log real.log", "let it upgrade, and keep the dialogue"),
    Example("fota-sim drive socket://127.0.0.1:7000 my.yaml --yes", "a module behind TCP, such as an emulated one"),
)


def drive(
    port: str = typer.Argument(
        metavar="PORT",
        help="Where the module is: a serial device, a pseudo-terminal, socket://HOST:PORT or rfc2217://HOST:PORT.",
        show_default=False,
    ),
    scenario: Path = SCENARIO,
    device: str = typer.Option("0", help="Whose host is played: an id, or a number in the fleet (from 0)."),
    yes: bool = typer.Option(
        False, "--yes", help="Answer offers. Without it nothing is confirmed nor refused: a module is not upgraded."
    ),
    baud: int | None = typer.Option(
        None, min=300, help="Speed of the port; by default the host's serial_rate.", show_default=False
    ),
    battery: int | None = typer.Option(
        None,
        min=0,
        max=100,
        metavar="PERCENT",
        help="What the host's own converter reads, where the module has no AT+CBC; by default nothing.",
        show_default=False,
    ),
    wait: str = typer.Option("2h", "--for", metavar="TIME", help="How long at most."),
    linger: str = typer.Option(
        "1min", metavar="TIME", help="How long to listen after a result, for a further attempt."
    ),
    log: Path | None = typer.Option(
        None, "--log", metavar="FILE", help="Keep the dialogue, for transcript --against.", show_default=False
    ),
    keep_file: Path | None = typer.Option(
        None, "--file", metavar="FILE", help="Keep the MCU's software that was read.", show_default=False
    ),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = STRATEGY,
    force: bool = FORCE,
    quiet: bool = QUIET,
) -> None:
    """Play the scenario's host against a module at a port, and print what they say.

    It connects, asks, weighs an offer and reads an MCU's file as the simulated host of the device does, in real time.
    It states the MCU's versions of the scenario (AT+QIOTMCUVER), which ends an upgrade of these that the module is
    in. The exit code is 2 if the module is not upgraded in the end, but in a dry run.
    """
    from fota_sim.drive.log import Log
    from fota_sim.drive.port import Port
    from fota_sim.drive.seat import take_seat
    from fota_sim.drive.session import drive as played
    from fota_sim.drive.timings import timings
    from fota_sim.scenario.loader import load_scenario

    limit_s, linger_s = _seconds("--for", wait), _seconds("--linger", linger)
    room_for(log, keep_file, force=force)
    seat = take_seat(load_scenario(scenario, overrides, strategy), device)
    with ExitStack() as stack:
        opened = Port(port, baud or seat.host_arguments()["settings"].serial_rate)
        stack.callback(opened.close)
        kept = None if log is None else stack.enter_context(_writable(log))

        def row(text: str) -> None:
            if not quiet:
                answer(text)
            if kept is not None:
                kept.write(f"{text}\n")
                kept.flush()

        began = time.monotonic()
        told = Log(datetime.now().astimezone(), row)
        try:
            done = played(
                seat,
                opened,
                lambda: round((time.monotonic() - began) * 1000),
                told.take,
                answers_offers=yes,
                battery_pct=battery,
                limit_ms=round(limit_s * 1000),
                linger_ms=round(linger_s * 1000),
            )
        except KeyboardInterrupt:
            say("Stopped. The module is left as it is; an upgrade that it is in goes on.")
            raise
    if keep_file is not None and done.file:
        write_whole(keep_file, done.file)
    _tell(done, list(timings(told.lines)), wait)


def _seconds(option: str, text: str) -> float:
    from fota_sim.scenario.units import DURATION

    try:
        return DURATION.parse(text)
    except ValueError as error:
        raise FotaSimError(f"{option}: {error}") from error


def _writable(path: Path) -> TextIO:
    with writing(path):
        return path.open("w", encoding="utf-8")


def _tell(done: Drive, steps: list[Timing], wait: str) -> None:
    """The result in a sentence, and how long things took; raises FotaSimError if the module is not upgraded."""
    if steps:
        say(
            columns([("Step", "seconds"), *((step, f"{seconds:.1f}") for step, seconds in steps)], right=frozenset({1}))
        )
    if done.would_say:
        verb = "accept" if done.would_say.endswith("1") else "refuse"
        say(f"A dry run: the host would {verb} the offer ({done.would_say}). Add --yes to let it answer.")
    elif done.upgraded:
        say("The module says that the upgrade succeeded.")
    elif done.result is not None:
        raise FotaSimError("The module says that the upgrade failed (7,10706).")
    elif done.offer is not None:
        raise FotaSimError(f"An offer came, and no result within {wait}.")
    else:
        raise FotaSimError("No offer came; is there an active plan for the device, and does it report these versions?")
