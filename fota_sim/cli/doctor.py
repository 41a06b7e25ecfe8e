"""``fota-sim doctor``: whether this installation works."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, columns
from fota_sim.cli.examples import Example
from fota_sim.cli.options import OVERRIDES, QUIET, RESULTS, luck
from fota_sim.cli.twins import check_twins
from fota_sim.errors import FotaSimError

LIBRARIES = (
    "simpy",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "ruamel.yaml",
    "scipy",
    "typer",
    "rich",
    "matplotlib",
    "optuna",
    "SALib",
)

EXAMPLES = (
    Example("fota-sim doctor", "does everything work here?"),
    Example(
        "fota-sim doctor --twins my.yaml --replications 2", "do both engines agree on this scenario, event by event?"
    ),
)


def doctor(
    out: Path = RESULTS,
    twins: Path | None = typer.Option(
        None,
        metavar="FILE",
        help="Instead: whether both engines play this scenario alike.",
        show_default=False,
        autocompletion=complete.scenario_files,
    ),
    overrides: list[str] = OVERRIDES,
    strategy: str | None = typer.Option(None, help="With --twins: one of its strategies.", show_default=False),
    replications: int | None = typer.Option(None, help="With --twins: how many of them.", show_default=False),
    devices: str = typer.Option(
        "", metavar="IDS", help="With --twins: describe these, separated by commas, where they differ."
    ),
    quiet: bool = QUIET,
) -> None:
    """Check this installation: versions, time zones, the results folder, and one device through the whole protocol."""
    if twins is not None:
        changes = [*overrides, *luck(None, replications)]
        check_twins(twins, changes, strategy, [name for name in devices.split(",") if name], quiet)
        return
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("fota-sim", _ourselves),
        ("libraries", _libraries),
        ("time zones", _time_zones),
        ("results", lambda: _results(out)),
        ("simulation", _simulation),
    )
    rows, failed = [], 0
    for name, check in checks:
        try:
            rows.append((name, "ok", check()))
        except Exception as error:  # what fails is what the doctor is asked about
            failed += 1
            rows.append((name, "FAILED", f"{type(error).__name__}: {error}"))
    answer(columns(rows))
    if failed:
        raise FotaSimError(
            f"{failed} of {len(checks)} checks failed; installing again in a new environment often helps"
        )


def _ourselves() -> str:
    from fota_sim.version import MODEL_VERSION, __version__

    return f"{__version__}, model {MODEL_VERSION}, Python {platform.python_version()} on {sys.platform}"


def _libraries() -> str:
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in LIBRARIES)


def _time_zones() -> str:
    from zoneinfo import ZoneInfo

    return str(ZoneInfo("Europe/Berlin"))


def _results(out: Path) -> str:
    import os

    place = out.resolve()
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        raise PermissionError(f"{place} is not writable; use --out")
    return f"{out} can be written"


def _simulation() -> str:
    from fota_sim.analysis.study import run_study
    from fota_sim.scenario.loader import parse_scenario
    from fota_sim.scenario.templates import find_template

    template = find_template("single")
    if template is None:
        raise LookupError("the template 'single' is missing")
    study = run_study(parse_scenario(template.text, "single.yaml"), template.text, None, [], None)
    outcome = str(study.devices["outcome"].iloc[0])
    if outcome != "upgraded":
        raise RuntimeError(f"the vendor page's device ended as {outcome!r}")
    return "the vendor page's device is upgraded"
