"""From stories to the device table, the downloads and the events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.reference.platform import Platform
from fota_sim.engines.reference.story import END, SENT, START, WASTED
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.transcript import Line
from fota_sim.rules import codes, lifecycle
from fota_sim.rules.labels import BELIEFS, CAUSES, CHEMISTRIES, OUTCOMES
from fota_sim.rules.outcome import UPGRADED, outcome, phase
from fota_sim.scenario.model import Scenario

if TYPE_CHECKING:
    from fota_sim.engines.reference.run import Device

_STORY_COLUMNS = (
    "contacts",
    "offers",
    "refusals",
    "attempts",
    "download_failures",
    "first_contact_ms",
    "first_offer_ms",
    "confirmed_ms",
    "download_start_ms",
    "downloaded_ms",
    "upgraded_ms",
    "finished_ms",
)


def _outcome(device: Device, fleet: Fleet, platform: Platform, was_on_target: bool) -> tuple[int, int]:
    story, record = device.story, platform.records[device.number]
    return outcome(
        story.bricked,
        platform.to_install[device.number] == 0,
        was_on_target,
        record.cancelled,
        record.listed,
        bool(fleet.gone[device.number]),
        story.contacts if record.heard else 0,
        story.lost,
        record.given_up,
        story.rolled_back,
        story.failure,
        phase(device.modem.reachable, int(device.modem.module.state), record.confirmed, record.given_up),
        story.refusal,
        platform.state in (lifecycle.TERMINATED, lifecycle.ENDED),
        story.withheld,
    )


def device_table(
    scenario: Scenario, fleet: Fleet, devices: list[Device], platform: Platform, starts_on_target: NDArray[np.bool_]
) -> dict[str, Any]:
    """One array of shape (devices,) per column, in table order (docs/model.md, Device table)."""
    component = scenario.module_component
    stories = [device.story for device in devices]
    for device in devices:
        device.body.settle(scenario.horizon_ms)
        if device.modem.downloader.running:
            device.story.downloads[-1][END] = scenario.horizon_ms
    ends = [_outcome(d, fleet, platform, bool(starts_on_target[d.number])) for d in devices]
    records = platform.records
    downloads = [story.downloads for story in stories]
    table: dict[str, Any] = {
        "device": np.arange(fleet.n, dtype=np.int64),
        "id": np.array(fleet.ids, dtype=object),
    }
    for name in ("group", "module", "radio", "host"):
        names = np.array(getattr(fleet, f"{name}_names"), dtype=object)
        table[name] = names[getattr(fleet, name)]
    table |= {
        "hardware": fleet.hardware,
        "firmware_start": fleet.firmware,
        "firmware_end": np.array([d.modem.module.firmware_version for d in devices], dtype=object),
    }
    for name, versions in fleet.mcu.items():
        table[f"mcu_{name}_start"] = versions
        table[f"mcu_{name}_end"] = np.array([d.mcu_versions.get(name, "") for d in devices], dtype=object)
    table |= {
        "mains": fleet.mains,
        "chemistry": np.array(CHEMISTRIES, dtype=object)[fleet.chemistry],
        "capacity_mAh": fleet.capacity_mAh,
        "temperature_C": fleet.temperature_C,
        "rssi_mean_dBm": fleet.rssi_mean_dBm,
        "battery_start_pct": fleet.soc * 100.0,
        "battery_end_pct": np.array([d.body.charge * 100.0 for d in devices]),
        "battery_known": fleet.battery_known,
        "rssi_known": fleet.rssi_known,
        "cell": np.array(fleet.cell_names, dtype=object)[fleet.cell],
        "time_zone": np.array(fleet.time_zone_names, dtype=object)[fleet.time_zone],
        **{name: values for name, values in fleet.attributes.items() if name not in table},
        "outcome": np.array([OUTCOMES[end] for end, _ in ends], dtype=object),
        "cause": np.array([CAUSES[cause] for _, cause in ends], dtype=object),
        "belief": np.array([BELIEFS[record.belief] for record in records], dtype=object),
        "component_status": np.array([record.status.value for record in records], dtype=object),
        "reported_version": np.array([record.versions.get(component, "") for record in records], dtype=object),
        "belief_true": np.array(
            [(r.belief == UPGRADED) == (end == codes.UPGRADED) for r, (end, _) in zip(records, ends, strict=True)]
        ),
    }
    for name in _STORY_COLUMNS:
        table[name] = np.array([getattr(story, name) for story in stories], dtype=np.int64)
    table |= {
        "bytes_sent": np.array([sum(d[SENT] for d in rows) for rows in downloads], dtype=np.int64),
        "bytes_wasted": np.array([sum(d[WASTED] for d in rows) for rows in downloads], dtype=np.int64),
        "energy_J": np.array([story.energy_J for story in stories]),
        "energy_wasted_J": np.array([story.wasted_energy_J for story in stories]),
    }
    return table


def download_table(devices: list[Device]) -> NDArray[np.int64]:
    """Shape (downloads, 5): device, start and end in ms, bytes sent, bytes wasted; in device order."""
    found = [
        (device.number, download[START], download[END], download[SENT], download[WASTED])
        for device in devices
        for download in device.story.downloads
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 5)


def event_table(fleet: Fleet, dialogues: dict[int, list[Line]], logs: dict[int, list[Line]]) -> dict[str, Any]:
    """Every line of every dialogue and platform log, ordered by (time, device)."""
    actors = {"TX": "host", "RX": "module", "--": "platform"}
    found = [
        (line.at_ms, number, fleet.ids[number], actors[line.direction], line.text.strip())
        for lines_of in (dialogues, logs)
        for number, lines in lines_of.items()
        for line in lines
    ]
    found.sort(key=lambda row: (row[0], row[1]))
    columns = list(zip(*found, strict=True)) or [()] * 5
    return {
        "at_ms": np.array(columns[0], dtype=np.int64),
        "device": np.array(columns[1], dtype=np.int64),
        "id": np.array(columns[2], dtype=object),
        "actor": np.array(columns[3], dtype=object),
        "text": np.array(columns[4], dtype=object),
    }
