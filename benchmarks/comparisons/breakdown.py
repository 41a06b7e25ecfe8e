"""Where the compiled loop's time goes: what each building block costs by itself, times how often a device needs it."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np

from comparisons import counts, primitives
from comparisons.measure import Options, Table, plain, played_s
from comparisons.mixed import mixed
from fota_sim.device import fields
from fota_sim.engines.compiled import layout
from fota_sim.engines.compiled.run import run_replication
from fota_sim.engines.parameters import build_parameters
from fota_sim.engines.record import RunRecord
from fota_sim.engines.setting.columns import fleet_columns
from fota_sim.engines.setting.names import names_of
from fota_sim.fleet.alike import is_alike
from fota_sim.fleet.fleet import build_fleet
from fota_sim.rules.fates import NEVER
from fota_sim.scenario.model import Scenario

_COLUMN_B = 64  # a cache line for each column of the fleet that a device's arrival reads


def compare(options: Options) -> Table:
    """A row for each building block, then their sum beside what the loop took."""
    devices = options.many
    scenario = mixed(devices)
    run_replication(mixed(200), 0)
    records = [run_replication(scenario, 0) for _ in range(options.runs)]
    measured_s = statistics.median(played_s(record) for record in records) / devices
    found: dict[str, int] = getattr(records[-1], "counters", {})
    calls = counts.per_device(options.counted)
    alive = _alive(records[-1])
    turns = found["turns"] / devices if "turns" in found else 1.0
    parts = [
        (
            "draws",
            "Threefry block",
            found["draws"] / devices if "draws" in found else calls["block"],
            primitives.draw_s(),
        ),
        *(("functions", name, calls[name], primitives.function_s(name)) for name in sorted(calls) if name != "block"),
    ]
    if "events" in found:
        parts.append(("queue", "event in a device's own list", found["events"] / devices, primitives.event_s()))
    columns = _columns(scenario)
    parts += [
        ("queue", f"turn in a heap of {alive:,}", turns, primitives.turn_s(alive)),
        (
            "memory",
            f"state of {layout.LIVE.itemsize} B among {alive:,}",
            turns,
            primitives.visit_s(alive, layout.LIVE.itemsize),
        ),
        ("memory", f"arrival: {columns} columns that differ", 1.0, columns * primitives.visit_s(devices, _COLUMN_B)),
        ("memory", f"end: {layout.ENDED.itemsize} B", 1.0, primitives.visit_s(devices, layout.ENDED.itemsize)),
    ]
    return Table(
        f"Where the loop's time goes, {devices:,} devices",
        ("part", "what", "times per device", "ns each", "us per device", "share"),
        _rows(parts, measured_s),
        [
            f"measured: median of {options.runs} runs; rest: measured less the sum",
            f"calls: of {options.counted} devices in the reference engine; events, turns: of the engine, if it counts",
            f"{alive:,}: devices under way at a time, as a device meets them at its first contact",
        ],
    )


def _rows(parts: list[tuple[str, str, float, float]], measured_s: float) -> list[tuple[str, ...]]:
    def row(part: str, what: str, times: str, each: str, seconds: float) -> tuple[str, ...]:
        return part, what, times, each, plain(1e6 * seconds), f"{seconds / measured_s:.0%}"

    rows = [row(part, what, plain(times), plain(1e9 * each_s), times * each_s) for part, what, times, each_s in parts]
    total_s = sum(times * each_s for _, _, times, each_s in parts)
    rows.append(row("sum", "", "", "", total_s))
    rows.append(row("rest", "", "", "", measured_s - total_s))
    rows.append(row("measured", "", "", "", measured_s))
    return rows


def _columns(scenario: Scenario) -> int:
    """How many of the fleet's columns do not say the same of all devices; the others stand once, and stay near."""
    fleet = build_fleet(scenario, 0)
    parameters = build_parameters(scenario, fleet, 0)
    columns = fleet_columns(parameters, fleet, 0, names_of(parameters, fleet))
    return sum(not is_alike(column) for name, column in columns.items() if name in fields.FLEET_COLUMNS)


def _alive(record: RunRecord) -> int:
    """Devices between first contact and end, averaged over the first contacts."""
    begins, ends = record.devices["first_contact_ms"], record.devices["finished_ms"]
    seen = begins != NEVER
    begins = np.sort(begins[seen])
    ends = np.sort(np.where(ends[seen] == NEVER, record.horizon_ms, ends[seen]))
    there: Any = np.arange(1, len(begins) + 1) - np.searchsorted(ends, begins)
    return max(1, int(there.mean()))
