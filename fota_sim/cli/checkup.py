"""What ``fota-sim doctor`` looks at: each check says what it found, or raises what is wrong."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

OK, NOTE = "ok", "note"

REQUIRED = (
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
    "Jinja2",
    "panel",
)
OPTIONAL = {"jupyter": ("notebook", "notebooks"), "distributed": ("cluster", "--cluster")}
"""Packages that an extra of fota-sim brings, and what needs them."""
MEASURED_MEMORY_B = 24 * 2**30
"""Where ``MOST_AT_ONCE`` devices were seen to fit."""


class Finding(NamedTuple):
    """``ok``, or ``note`` where something works less well than it could; and what was found, with what would do."""

    status: str
    text: str


Check = Callable[[], Finding]


def checks(out: Path, warm: bool) -> dict[str, Check]:
    """What is looked at, by name, in the order of the answer; ``warm``: compile what is not compiled yet."""
    return {
        "fota-sim": ourselves,
        "libraries": libraries,
        "extras": extras,
        "time zones": time_zones,
        "machine": machine,
        "results": lambda: results(out),
        "cache": cache_folder,
        "engine": lambda: compiled_engine(warm),
        "simulation": lambda: simulation("reference"),
    }


def ourselves() -> Finding:
    """Version, and where it is installed."""
    import fota_sim
    from fota_sim.version import MODEL_VERSION, __version__

    where = Path(fota_sim.__file__).parent
    return Finding(
        OK, f"{__version__}, model {MODEL_VERSION}, Python {platform.python_version()} on {sys.platform}, in {where}"
    )


def libraries() -> Finding:
    """Versions of what is always needed; raises PackageNotFoundError for what is missing."""
    from importlib.metadata import version

    return Finding(OK, ", ".join(f"{name} {version(name)}" for name in REQUIRED))


def extras() -> Finding:
    """Versions of what only some commands need."""
    from importlib.metadata import PackageNotFoundError, version

    found, lacking = [], []
    for name, (extra, needs) in OPTIONAL.items():
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lacking.append(f"{name} is not installed, which {needs} needs: pip install 'fota-sim[{extra}]'")
    return Finding(NOTE if lacking else OK, "; ".join([*lacking, ", ".join(found)] if found else lacking))


def time_zones() -> Finding:
    """How many there are; raises ZoneInfoNotFoundError where there are no data."""
    from zoneinfo import ZoneInfo, available_timezones

    return Finding(OK, f"{len(available_timezones())} zones, among them {ZoneInfo('Europe/Berlin')}")


def machine() -> Finding:
    """Cores and memory, and what that is enough for."""
    from fota_sim.engines.cores import cores
    from fota_sim.experiment.turns import MOST_AT_ONCE

    memory_B = _memory_B()
    if memory_B is None:
        return Finding(OK, f"{_count(cores(), 'core')}; this system does not say how much memory it has")
    million = MOST_AT_ONCE * memory_B / MEASURED_MEMORY_B / 1e6
    return Finding(
        OK,
        f"{_count(cores(), 'core')}, {memory_B / 2**30:.1f} GiB: room for about {million:.1f} million devices at once",
    )


def _memory_B() -> int | None:
    """All that there is; None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def results(out: Path) -> Finding:
    """Raises PermissionError if nothing can be written there."""
    place = out.resolve()
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        raise PermissionError(f"{place} is not writable; use --out")
    return Finding(OK, f"{out} can be written")


def cache_folder() -> Finding:
    """Where compiled code is kept, so that it is compiled once."""
    from fota_sim.rules import cache

    place = cache.place()
    if cache.can_keep():
        return Finding(OK, f"{place} can be written")
    return Finding(
        NOTE,
        f"{place} cannot be written, so each start compiles anew; FOTA_SIM_CACHE names another folder",
    )


def compiled_engine(warm: bool) -> Finding:
    """Whether the engine for large fleets starts at once."""
    from fota_sim.engines.choice import COMPILED, notice
    from fota_sim.rules import compiled

    if not compiled.COMPILED:
        return Finding(NOTE, "FOTA_SIM_RULES=python: rules are not compiled, which is for debugging, and slow")
    slower = f"; {compiled.TROUBLE}, so compiling takes several times as long" if compiled.TROUBLE else ""
    if warm:
        return Finding(NOTE if slower else OK, f"compiled; {simulation(COMPILED).text} on it{slower}")
    if told := notice(COMPILED):
        return Finding(
            NOTE,
            f"not compiled yet: the first large run begins with {told}; fota-sim doctor --warm does it now{slower}",
        )
    return Finding(NOTE if slower else OK, f"compiled{slower}")


def simulation(engine: str) -> Finding:
    """One device through the whole protocol; raises RuntimeError if it comes out wrong."""
    from fota_sim.analysis.run.carrying_out import run_study
    from fota_sim.scenario.loader import parse_scenario
    from fota_sim.scenario.templates import find_template

    template = find_template("single")
    if template is None:
        raise LookupError("the template 'single' is missing")
    scenario = parse_scenario(template.text, "single.yaml")
    study = run_study(scenario, template.text, None, [], None, engine=engine)
    outcome = str(study.devices["outcome"].iloc[0])
    if outcome != "upgraded":
        raise RuntimeError(f"the vendor page's device ended as {outcome!r}")
    return Finding(OK, "the vendor page's device is upgraded")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
