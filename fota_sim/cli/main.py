"""``fota-sim``: the commands together, and what becomes of an error.

Exit codes: 0 ok, 1 a bug, 2 bad usage, scenario or result, 3 a threshold failed, 4 a threshold undecided at this
precision, 5 some runs of a sweep failed, 130 interrupted, 141 nobody reads any more (``| head``).
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from fota_sim.cli import (
    canary,
    compare,
    devices,
    doctor,
    drive,
    emulate,
    explore,
    fit,
    fleet,
    forecast,
    import_,
    new,
    report,
    results,
    run,
    schema,
    sensitivity,
    sweep,
    transcript,
    tune,
    validate,
)
from fota_sim.cli.allocator import leave_garbage, look_for_garbage_seldom
from fota_sim.cli.console import say
from fota_sim.cli.examples import Example, epilog
from fota_sim.cli.help import HelpCommand, HelpGroup
from fota_sim.cli.interrupt import was_pressed, watch
from fota_sim.cli.zsh import answer_the_first_tab
from fota_sim.errors import (
    EngineError,
    FotaSimError,
    RunInterruptedError,
    ScenarioError,
    is_unwritable,
    unwritable,
)
from fota_sim.quoting import quoted

_MOST_TOLD = 100
"""Problems of a scenario that are printed."""

OK, BUG, USAGE, INTERRUPTED, UNREAD = 0, 1, 2, 130, 141

START = (
    Example("fota-sim new my.yaml", "a commented scenario that works"),
    Example("fota-sim run my.yaml --report", "simulate it, and leave a page for the browser"),
    Example("fota-sim explore my.yaml", "turn its knobs in the browser and watch the numbers"),
    Example("fota-sim compare my.yaml", "which of its strategies is better, and how surely"),
)
"""What a newcomer does first."""

answer_the_first_tab()
app = typer.Typer(
    name="fota-sim",
    cls=HelpGroup,
    help="Try a firmware rollout on a simulated fleet before a real one.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=epilog(START),
)
COMMANDS = (
    ("new", new.new, "Write a commented scenario that works", new.EXAMPLES),
    ("import", import_.import_, "Take over a plan from AWS IoT, hawkBit, Mender or the vendor", import_.EXAMPLES),
    ("validate", validate.validate, "Check a scenario: all mistakes at once", validate.EXAMPLES),
    ("run", run.run, "Simulate a scenario", run.EXAMPLES),
    ("compare", compare.compare, "Compare strategies: same fleet, same luck", compare.EXAMPLES),
    ("sweep", sweep.sweep, "Simulate over the values of some fields", sweep.EXAMPLES),
    ("canary", canary.canary, "How many devices show a defect, and what a rule stops", canary.EXAMPLES),
    ("forecast", forecast.forecast, "How a rollout under way goes on, and whether to stop it", forecast.EXAMPLES),
    ("sensitivity", sensitivity.sensitivity, "Which assumptions matter", sensitivity.EXAMPLES),
    ("tune", tune.tune, "Search for the best trade-offs", tune.EXAMPLES),
    ("fit", fit.fit, "Learn from the log of a real rollout, with what is uncertain", fit.EXAMPLES),
    ("explore", explore.explore, "A page whose numbers follow while you drag", explore.EXAMPLES),
    ("devices", devices.devices, "Each device's task: status, attempts, outcome; at any time", devices.EXAMPLES),
    ("transcript", transcript.transcript, "What one device and the platform said", transcript.EXAMPLES),
    ("drive", drive.drive, "Play the scenario's host against a real module", drive.EXAMPLES),
    ("emulate", emulate.emulate, "A module on a port that real programs open", emulate.EXAMPLES),
    ("list", results.list_, "Name the results", results.LIST_EXAMPLES),
    ("show", results.show, "Print the summary of a result", results.SHOW_EXAMPLES),
    ("report", report.report, "One HTML page of a result, to read and to mail", report.EXAMPLES),
    ("rerun", results.rerun, "Does a result come out the same again?", results.RERUN_EXAMPLES),
    ("schema", schema.schema, "Every field of a scenario", schema.EXAMPLES),
    ("doctor", doctor.doctor, "Check this installation", doctor.EXAMPLES),
)
"""Name, function, what the list of commands says of it, and examples for its help; in the order of the list."""
for _name, _command, _short, _examples in COMMANDS:
    app.command(_name, cls=HelpCommand, short_help=_short, epilog=epilog(_examples))(_command)


app.add_typer(fleet.app, name="fleet", short_help="Look at a file of devices and describe it")


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Say the version and stop.")) -> None:
    if version:
        from fota_sim.version import MODEL_VERSION, __version__

        typer.echo(f"fota-sim {__version__} (model {MODEL_VERSION})")
        raise typer.Exit


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    watch()
    look_for_garbage_seldom()
    try:
        code = exit_code(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:  # it came while an exit code was being found
        code = _interrupted()
    if code == INTERRUPTED:
        # Python kills itself with SIGINT at its end if the exception once passed through exec(), as it may in numba.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    leave_garbage()
    sys.exit(code)


def exit_code(argv: Sequence[str]) -> int:
    """Run one command; whatever happens ends in a sentence on standard error and a number."""
    try:
        app(args=list(argv), prog_name="fota-sim")
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # Typer makes it an exit; other programs die of SIGPIPE
            return UNREAD
        code = end.code if isinstance(end.code, int) else OK if end.code is None else BUG
        return _interrupted() if code == INTERRUPTED else code  # Typer turns Ctrl-C into an exit
    except ScenarioError as error:
        for problem in error.problems[:_MOST_TOLD]:
            say(str(problem))
        count = len(error.problems)
        if count > _MOST_TOLD:
            say(f"... and {count - _MOST_TOLD:,} more")
        say(f"{count} problem{'' if count == 1 else 's'}; nothing was run.")
        return USAGE
    except EngineError as error:
        return _bug(error)
    except RunInterruptedError as kept:
        say(str(kept))
        return INTERRUPTED
    except FotaSimError as error:
        say(str(error))
        return USAGE
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG and error.filename:
            say(f"{quoted(str(error.filename))} is too long for the name of a file or folder; choose a shorter one")
            return USAGE
        if isinstance(error, OSError) and is_unwritable(error):
            say(unwritable(error.filename or "standard output, or a temporary file,", error))
            return USAGE
        return _interrupted() if was_pressed() else _bug(error)
    return OK


def _interrupted() -> int:
    say("Interrupted. No half-written result was left; the same command starts again from the beginning.")
    return INTERRUPTED


def _bug(error: Exception) -> int:
    say(f"This is a bug in fota-sim, not a mistake of yours: {type(error).__name__}: {error}")
    if os.environ.get("FOTA_SIM_DEBUG") == "1":
        say("".join(traceback.format_exception(error)).rstrip())
    else:
        say("Please report it with the scenario and the output of the same command under FOTA_SIM_DEBUG=1.")
    return BUG
