"""What the shell proposes when Tab is pressed: files, results, strategies and names that exist.

Nothing here raises: where there is nothing to propose, the shell goes on as it is.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import typer

SCENARIO_SUFFIXES = (".yaml", ".yml")
FLEET_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")
_LINES = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
"""Where Bash, and where the other shells, put what was typed."""


def scenario_files(incomplete: str) -> list[str]:
    """Scenarios and folders that begin like this."""
    return _files(incomplete, SCENARIO_SUFFIXES)


def _files(incomplete: str, suffixes: Sequence[str]) -> list[str]:
    home, _, start = incomplete.rpartition("/")
    folder = Path(home or ("/" if incomplete.startswith("/") else "."))
    prefix = incomplete[: len(incomplete) - len(start)]
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    named = [each for each in found if each.name.startswith(start) and (start or not each.name.startswith("."))]
    return [
        f"{prefix}{each.name}{'/' if each.is_dir() else ''}"
        for each in named
        if each.is_dir() or each.suffix.lower() in suffixes
    ]


def fleet_files(incomplete: str) -> list[str]:
    """Files of devices and folders that begin like this."""
    return _files(incomplete, FLEET_SUFFIXES)


def systems(incomplete: str) -> list[str]:
    """Systems whose plans are imported."""
    from fota_sim.scenario.foreign.systems import SYSTEMS

    return [name for name in SYSTEMS if name.startswith(incomplete)]


def strategies(incomplete: str) -> list[str]:
    """Those of the first scenario on the command line."""
    return [name for name in _strategies_of(_scenario_typed()) if name.startswith(incomplete)]


def plans(incomplete: str) -> list[str]:
    """The same of its plans, where it has several."""
    from fota_sim.errors import FotaSimError
    from fota_sim.scenario.loader import load_scenario

    file = _scenario_typed()
    try:
        names = [] if file is None else list(load_scenario(Path(file)).plans)
    except FotaSimError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def variants(context: typer.Context, incomplete: str) -> list[str]:
    """Scenarios, ``FILE:STRATEGY`` and results.

    Bash takes a colon for a word of its own and wants only what comes after it.
    """
    words: Sequence[str] = context.params.get("what") or ()
    if len(words) > 1 and words[-1] == ":":
        return [name for name in _strategies_of(words[-2]) if name.startswith(incomplete)]
    file, colon, start = incomplete.rpartition(":")
    if colon:
        return [f"{file}:{name}" for name in _strategies_of(file) if name.startswith(start)]
    return [*scenario_files(incomplete), *_results_in(context.params.get("results"), incomplete)]


def results(context: typer.Context, incomplete: str) -> list[str]:
    """Names of scenarios that have results, and of the results themselves."""
    return _results_in(context.params.get("out"), incomplete)


def templates(incomplete: str) -> list[tuple[str, str]]:
    """With what each is."""
    from fota_sim.scenario.templates import TEMPLATES

    return [(each.name, each.summary) for each in TEMPLATES if each.name.startswith(incomplete)]


def metrics(incomplete: str) -> list[str]:
    """Names of metrics; of several with commas between them, the last is completed."""
    from fota_sim.scenario.metrics import METRICS

    before, comma, start = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in METRICS if name.startswith(start)]


def years(incomplete: str) -> list[str]:
    """Years whose words the monitoring view knows."""
    return [name for name in ("2022", "2025") if name.startswith(incomplete)]


def outcomes(incomplete: str) -> list[str]:
    """How a device's story can end."""
    from fota_sim.rules.labels import OUTCOMES

    return [name for name in OUTCOMES if name.startswith(incomplete)]


def causes(incomplete: str) -> list[str]:
    """Why it ended so."""
    from fota_sim.rules.labels import CAUSES

    return [name for name in CAUSES if name and name.startswith(incomplete)]


def statuses(context: typer.Context, incomplete: str) -> list[str]:
    """Where a device can stand, in the words of --words."""
    from fota_sim.protocol.vocabulary import ComponentStatus

    old = context.params.get("words") == "2022"
    names = dict.fromkeys(each.of_2022 if old else each.value for each in ComponentStatus)
    return [name for name in names if name.startswith(incomplete)]


def powers(incomplete: str) -> list[str]:
    """When an emulated module has power; without asking the emulator, which would load the engines."""
    return [name for name in ("on", "scenario", "by-hand") if name.startswith(incomplete)]


def urc_policies(incomplete: str) -> list[str]:
    """What an emulated module does with URCs while a command is on its way."""
    from fota_sim.protocol.interleave import URC_POLICIES

    return [name for name in URC_POLICIES if name.startswith(incomplete)]


def engines(incomplete: str) -> list[str]:
    """Without asking the engines, which would load them."""
    return [name for name in ("auto", "compiled", "reference") if name.startswith(incomplete)]


def _scenario_typed() -> str | None:
    """From the line as the shell hands it over: an option that still lacks its value hides what else was parsed."""
    line = next((os.environ[name] for name in _LINES if name in os.environ), "")
    return next((word for word in line.split() if word.endswith(SCENARIO_SUFFIXES)), None)


def _strategies_of(file: object) -> list[str]:
    from fota_sim.errors import FotaSimError
    from fota_sim.scenario.loader import load_strategies

    try:
        return [] if file is None else list(load_strategies(Path(str(file)), []))
    except FotaSimError:
        return []


def _results_in(root: object, incomplete: str) -> list[str]:
    folder = Path("results" if root is None else str(root))
    found = sorted(path.parent for path in folder.glob("*/*/manifest.json"))
    scenarios = dict.fromkeys(path.parent.name for path in found)
    names = [*(["latest"] if found else []), *scenarios, *(f"{path.parent.name}/{path.name}" for path in found)]
    return [name for name in names if name.startswith(incomplete)]
