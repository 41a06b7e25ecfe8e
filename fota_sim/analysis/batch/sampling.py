"""Points of a large fleet on a part of it, so that a question of many points is answered within seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from fota_sim.analysis.batch.points import Point
from fota_sim.analysis.run.replications import Effort, effort_of, replications_of
from fota_sim.analysis.run.sample import part_of, sizes
from fota_sim.errors import FotaSimError
from fota_sim.quoting import quoted
from fota_sim.scenario.model import Scenario

ALL: Literal["all"] = "all"
"""What is asked for where every device is to be played."""
Devices = int | Literal["all"] | None
"""Of each point: so many of them, all, or as many as the question needs."""


NO_SAMPLE = (
    "it is read from a file, is not several times as large, has several plans, or its rollout goes by shares of "
    "devices or lists of them; leave --devices out"
)
"""Why a part of a fleet may not answer for all of it, and what would do."""


def parse_devices(text: str | None) -> Devices:
    """What ``--devices`` says; raises FotaSimError that says what would do."""
    if text is None:
        return None
    if text == ALL:
        return ALL
    try:
        count = int(text.replace(",", ""))
    except ValueError:
        count = 0
    if count < 1:
        raise FotaSimError(f"--devices {quoted(text)}: write a number of devices, for example 8000, or all")
    return count


def sized(
    scenario: Scenario, points: Sequence[Point], replications: int | None = None, devices: Devices = None
) -> tuple[Sequence[Point], int]:
    """The points on as many devices, and how often to play them: what was asked for, or as the question needs.

    Raises FotaSimError if so many devices were asked for that do not answer for all of this fleet.
    """
    needed = (
        Effort(replications_of(scenario, len(points)), None) if devices == ALL else effort_of(scenario, len(points))
    )
    wanted = needed.devices if devices is None or devices == ALL else devices
    parts = None if wanted is None else on_a_sample(points, wanted, exactly=devices is not None)
    if parts is None and isinstance(devices, int):
        raise FotaSimError(
            f"--devices {devices}: so few devices of this fleet do not answer for all of it: {NO_SAMPLE}"
        )
    if parts is None:
        return points, replications or replications_of(scenario, len(points))
    return parts, replications or needed.replications


def on_a_sample(points: Sequence[Point], devices: int, *, exactly: bool = False) -> list[Point] | None:
    """The points with about so many devices each, the same of the same fleet; None where no part answers for all."""
    for size in (devices,) if exactly else sizes(devices):
        found = [part_of(point.scenario, size) for point in points]
        parts = [part for part in found if part is not None]
        if len(parts) == len(points) and len({part.sample for part in parts}) == 1:
            return [
                replace(point, scenario=part.scenario, sample=part.sample)
                for point, part in zip(points, parts, strict=True)
            ]
    return None


def answering(points: Sequence[Point]) -> Mapping[str, int] | None:
    """How many devices are played, and of how many; None where it is all of them."""
    sample = points[0].sample
    return None if sample is None else {"played": sample.devices, "of": sample.of}
