"""Builds flow.c, hands it a fleet, and reads what it prints."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.components import running_version
from fota_sim.engines.parameters import Parameters, build_parameters
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import build_fleet
from fota_sim.rules import codes, contact, rows, streams, upgrade
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.delay import to_ms
from fota_sim.rules.labels import OUTCOMES
from fota_sim.scenario.model import Scenario

HERE = Path(__file__).parent
COMPILE = ("gcc", "-O3", "-march=native")


# the same as plan_t, contact_t and fleet_row in flow.c
def _struct(*groups: tuple[str, str]) -> np.dtype[Any]:
    """A C struct from (type, names) pairs."""
    return np.dtype([(name, kind) for kind, names in groups for name in names.split()], align=True)


_PLAN = _struct(
    ("i8", "devices radios modules hosts contacts cells"),
    ("i8", "seed replication horizon_ms hold_ms retries retry_delay_ms min_battery_pct min_signal_dBm"),
    ("i8", "max_failures url_ms first_progress_ms flash_delay_ms command_ms patience_ms size_B"),
    ("f8", "egress_bps connections first_progress_s"),
)
_CONTACT = _struct(("i8", "wakes linger_ms request_every_ms"), ("f8", "spread_s every_s jitter_s"))
_FLEET = _struct(
    ("u8", "key"),
    ("f8", "mean_dBm sd_dB temperature_C capacity_mAh resistance_ohm self_discharge charge"),
    ("i8", "dies_ms"),
    ("i4", "contact module radio host cell chemistry"),
    ("u1", "mains rssi_known battery_known at_csq at_cbc on_target gone"),
)


@dataclass(frozen=True)
class FlowRun:
    """What one run of the C program printed."""

    loop_s: float
    events: int
    draws: int
    device_bytes: int
    downloads: int
    outcomes: NDArray[np.int64]
    """Devices by group and outcome; shape (groups, outcomes)."""


def build(folder: Path) -> Path:
    """Compile flow.c into ``folder``; the program's path. Raises CalledProcessError with what gcc said."""
    program = folder / "flow"
    defines = [
        *_defines("ROW", rows),
        *_defines("STREAM", streams),
        *_defines("CODE", codes),
        *_defines("UPGRADE", upgrade),
        f"-DOUTCOMES={len(OUTCOMES)}",
    ]
    subprocess.run([*COMPILE, *defines, "-o", program, HERE / "flow.c", "-lm"], check=True)
    return program


def _defines(prefix: str, module: ModuleType) -> list[str]:
    return [f"-D{prefix}_{name}={value}" for name, value in vars(module).items() if type(value) is int]


def write_input(scenario: Scenario, replication: int, path: Path) -> None:
    """The scenario's fleet and parameters as flow.c reads them."""
    fleet = build_fleet(scenario, replication)
    parameters = build_parameters(scenario, fleet, replication)
    with path.open("wb") as file:
        _plan(scenario, parameters, fleet, replication).tofile(file)
        np.stack(parameters.radios).tofile(file)
        np.stack(parameters.modules).tofile(file)
        np.stack(parameters.host_delays).tofile(file)
        _contacts(parameters).tofile(file)
        _fleet(parameters, fleet).tofile(file)


def _plan(scenario: Scenario, parameters: Parameters, fleet: Fleet, replication: int) -> NDArray[Any]:
    plan, protocol, server = parameters.plan, parameters.protocol, scenario.network.server
    [component] = plan.components
    host = parameters.hosts[0]
    row = np.zeros(1, _PLAN)
    row["devices"] = fleet.n
    row["radios"] = len(parameters.radios)
    row["modules"] = len(parameters.modules)
    row["hosts"] = len(parameters.hosts)
    row["contacts"] = len(parameters.contacts)
    row["cells"] = len(fleet.cell_names)
    row["seed"] = parameters.seed
    row["replication"] = replication
    row["horizon_ms"] = parameters.horizon_ms
    row["hold_ms"] = plan.hold_ms
    row["retries"] = int(plan.rollout.retries[0, rr.RETRY_COUNT])
    row["retry_delay_ms"] = round(plan.rollout.retries[0, rr.RETRY_DELAY_S] * 1000)
    row["min_battery_pct"] = plan.min_battery_pct
    row["min_signal_dBm"] = plan.min_signal_dBm
    row["max_failures"] = protocol.max_download_failures
    row["url_ms"] = to_ms(protocol.url_timeout_s)
    row["first_progress_ms"] = to_ms(protocol.first_progress_timeout_s)
    row["flash_delay_ms"] = to_ms(protocol.flash_delay_s)
    row["command_ms"] = to_ms(host.command_time)
    row["patience_ms"] = to_ms(host.patience)
    row["size_B"] = component.size_B
    row["egress_bps"] = math.inf if server.egress is None else server.egress
    row["connections"] = server.connections
    row["first_progress_s"] = protocol.first_progress_timeout_s
    return row


def _contacts(parameters: Parameters) -> NDArray[Any]:
    table = np.zeros(len(parameters.contacts), _CONTACT)
    for number, pattern in enumerate(parameters.contacts):
        table["wakes"][number] = pattern.pattern == contact.WAKE
        for name in ("linger_ms", "request_every_ms", "spread_s", "every_s", "jitter_s"):
            table[name][number] = getattr(pattern, name)
    return table


def _fleet(parameters: Parameters, fleet: Fleet) -> NDArray[Any]:
    [component] = parameters.plan.components
    at_csq = np.array([module.at_csq for module in parameters.module_settings])
    at_cbc = np.array([module.at_cbc for module in parameters.module_settings])
    table = np.zeros(fleet.n, _FLEET)
    table["key"] = fleet.keys
    table["mean_dBm"] = fleet.rssi_mean_dBm
    table["sd_dB"] = fleet.rssi_sd_dB
    table["dies_ms"] = fleet.dies_at_ms
    table["contact"] = fleet.group
    table["at_csq"] = at_csq[fleet.module]
    table["at_cbc"] = at_cbc[fleet.module]
    table["on_target"] = [running_version(fleet, component, i) == component.target_version for i in range(fleet.n)]
    for name in set(_FLEET.names or ()) & {field.name for field in fields(fleet)}:
        table[name] = getattr(fleet, name)
    return table


def play(program: Path, path: Path) -> FlowRun:
    """Run the C program on the input at ``path``."""
    printed = json.loads(subprocess.run([program, path], check=True, capture_output=True, text=True).stdout)
    outcomes = np.array(printed.pop("outcomes"), dtype=np.int64).reshape(-1, len(OUTCOMES))
    return FlowRun(outcomes=outcomes, **printed)
