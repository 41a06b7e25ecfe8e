"""The fleet without luck of tests/engines, under a preset."""

from __future__ import annotations

from typing import Any

from rollout_worlds import Entry, group, world


def under(preset: str, devices: int, rollout: Entry | None = None, **plan: Any) -> Entry:
    """A scenario without luck under ``preset``, with what ``rollout`` and ``plan`` say over it."""
    scenario = world(devices, rollout or {}, **plan)
    if "push_grid" not in plan:
        del scenario["plan"]["push_grid"]  # the preset's
    scenario["plan"]["preset"] = preset
    return scenario


def slow(scenario: Entry, rate: str = "20kbit/s") -> Entry:
    """The scenario with a radio ``slow`` beside ``line``."""
    table = [["-110dBm", rate], ["-50dBm", rate]]
    scenario["radios"]["slow"] = scenario["radios"]["line"] | {"table": table}
    return scenario


def alternating(scenario: Entry, devices: int) -> Entry:
    """The scenario with devices of hardware A, B, A, B, ... in the order of the fleet."""
    scenario["fleet"]["groups"] = [group(f"g{k}", 1, hardware="B" if k % 2 else "A") for k in range(devices)]
    return scenario


def addresses_s(record: Any) -> list[float]:
    """When the platform sent download addresses to the one device that is logged, in seconds."""
    (log,) = record.platform_logs.values()
    return [line.at_ms / 1000.0 for line in log if "Download address issued" in line.text]
