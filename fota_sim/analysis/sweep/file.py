"""A sweep in a file of its own: which scenario, which axes, how combined, how often played.

A file rather than a block of the scenario, so that one scenario can be swept in many ways, and a sweep changes
no scenario's hash.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from fota_sim.analysis.sweep.axes import Axis, axis
from fota_sim.analysis.sweep.plan import SweepSpec, Way
from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import quoted
from fota_sim.scenario.document import Document, Key, load_document, problem
from fota_sim.scenario.types import Block
from fota_sim.scenario.wording import wording


class SweepFile(Block):
    """What a sweep file may say."""

    scenario: str
    """The scenario, relative to this file."""
    axes: dict[str, str | int | float | list[str | int | float]] = Field(min_length=1)
    """Values by dotted path: a list, or a range such as -113dBm..-95dBm/7."""
    constraints: list[str] = Field(default_factory=list)
    """Conditions that every point meets, such as min_battery >= 20% or retries > 0."""
    random: int | None = Field(None, ge=1)
    """Take so many points at random instead of the grid."""
    lhs: int | None = Field(None, ge=1)
    """Take so many points of a Latin hypercube instead of the grid."""
    set: list[str] = Field(default_factory=list)
    """Changes to the scenario, as --set takes them."""
    seed: int | None = Field(None, ge=0)
    """Other luck than the scenario's."""
    replications: int | None = Field(None, ge=1)
    """Other than the scenario's, or than as many as the question needs."""
    metrics: list[str] = Field(default_factory=list)
    """What is drawn; if empty, failures, coverage and throughput, and costs where there are prices."""


def is_sweep_file(path: Path) -> bool:
    """Whether the file describes a sweep and not a scenario; raises ScenarioError if it is no YAML."""
    return "axes" in load_document(path).data


def load_sweep(path: Path) -> SweepSpec:
    """Read and check a sweep file; raises ScenarioError with everything that is wrong."""
    document = load_document(path)
    try:
        given = SweepFile.model_validate(document.data)
    except ValidationError as error:
        found = dict.fromkeys(_problem(document, each) for each in error.errors())  # an axis has one for each type
        raise ScenarioError(list(found)) from None
    if given.random is not None and given.lhs is not None:
        raise ScenarioError([Problem(str(path), 0, 0, "", "give random or lhs, not both")])
    ways: tuple[Way, Way, Way] = ("random", "lhs", "grid")
    way = ways[0] if given.random else ways[1] if given.lhs else ways[2]
    return SweepSpec(
        path.parent / given.scenario,
        tuple(_axis(where, values) for where, values in given.axes.items()),
        way,
        given.random or given.lhs or 0,
        tuple(given.constraints),
        tuple(given.set),
        given.seed,
        given.replications,
        tuple(given.metrics),
    )


def _axis(path: str, values: Any) -> Axis:
    return axis(path, ",".join(str(value) for value in values) if isinstance(values, list) else str(values))


def _problem(document: Document, error: Any) -> Problem:
    where: Key = tuple(error["loc"][:2])
    given = document.value(where, error.get("input"))
    message = wording(error["type"], given, error.get("ctx", {}), str(error["msg"]).removeprefix("Value error, "))
    if len(where) == 2 and where[0] == "axes":
        message = f"{quoted(given)} is no axis; write a list of values, or a range such as -113dBm..-95dBm/7"
    if error["type"] == "extra_forbidden":
        message = f"unknown key; a sweep file has {', '.join(SweepFile.model_fields)}"
    elif error["type"] == "missing":
        message = "is missing; it has no default"
    file, line, column = document.place(where)
    return problem(file, line, column, where, message)
