"""A forecast as a folder: what was found, and the scenario that it is of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fota_sim.errors import ResultError, write_whole, writing
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.loader import load_resolved
from fota_sim.scenario.model import Scenario

REPORT, SCENARIO = "forecast.json", "scenario.yaml"
FAN = ("fan.png", "fan.svg")
"""The chart, where there is a forecast."""


@dataclass(frozen=True)
class StoredForecast:
    """A forecast that was read back."""

    report: dict[str, Any]
    scenario: Scenario


def write_forecast(report: Mapping[str, Any], scenario: Scenario, folder: Path, made: Mapping[str, Any]) -> None:
    """Leave a forecast in ``folder``; raises FotaSimError if that cannot be. ``made``: what is known of its making."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / SCENARIO, dump_yaml(scenario).encode())
    text = json.dumps({**report, "made": dict(made)}, indent=2, ensure_ascii=False)
    write_whole(folder / REPORT, f"{text}\n".encode())


def read_forecast(folder: Path) -> StoredForecast:
    """Read it back; raises ResultError if the folder has none that is whole."""
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        text = (folder / SCENARIO).read_text(encoding="utf-8")
    except OSError as error:
        raise ResultError(f"{error.filename}: cannot be read ({error.strerror}); forecast again with --out") from error
    except ValueError as error:
        raise ResultError(f"{folder / REPORT}: is no forecast of fota-sim ({error}); forecast again") from error
    return StoredForecast(report, load_resolved(text, folder / SCENARIO))
