"""scenarios/mixed_40000.yaml at any size: groups in their proportions, cells and server scaled with them."""

from __future__ import annotations

from pathlib import Path

from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.model import Scenario

DEVICES = 40_000
FILE = Path(__file__).resolve().parents[2] / "scenarios" / "mixed_40000.yaml"


def mixed(devices: int) -> Scenario:
    """The scenario with ``devices`` devices."""
    return load_scenario(FILE, changes(devices))


def changes(devices: int) -> list[str]:
    """What makes it so large, as ``--set`` takes it."""
    whole = load_scenario(FILE)
    share = devices / DEVICES
    changed = [
        f"network.server.connections={_scaled(whole.network.server.connections, share)}",
        f"network.server.egress={(whole.network.server.egress or 0.0) * share / 1e6}Mbit/s",
    ]
    for group in whole.fleet.groups:
        changed.append(f"fleet.groups.{group.name}.count={_scaled(group.count, share)}")
        if group.cells > 1:
            changed.append(f"fleet.groups.{group.name}.cells={_scaled(group.cells, share)}")
    return changed


def _scaled(count: int, share: float) -> int:
    return max(1, round(count * share))
