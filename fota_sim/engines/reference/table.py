"""From stories to the device table, the downloads and the events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines import table
from fota_sim.engines.record import OneChunk
from fota_sim.engines.reference.platform import Platform
from fota_sim.engines.reference.story import END, SENT, START, WASTED
from fota_sim.engines.rollout import released_ms
from fota_sim.engines.table import STATUSES, Fates
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.transcript import Line
from fota_sim.rules import plan
from fota_sim.rules.fates import NOTED
from fota_sim.rules.outcome import outcome, phase
from fota_sim.scenario.model import Scenario

if TYPE_CHECKING:
    from fota_sim.engines.reference.run import Device

_ACTORS = {"TX": "host", "RX": "module", "--": "platform"}


def _outcome(device: Device, fleet: Fleet, platform: Platform, was_on_target: bool) -> tuple[int, int]:
    story, record = device.story, platform.known.records[device.number]
    return outcome(
        story.bricked,
        platform.to_install[device.number] == 0,
        was_on_target,
        record.cancelled,
        record.listed,
        bool(fleet.gone[device.number]),
        story.contacts if record.heard else 0,
        story.lost,
        record.given_up or record.done,
        story.rolled_back,
        story.failure,
        phase(device.modem.reachable, int(device.modem.module.state), record.confirmed, record.given_up or record.done),
        story.refusal,
        plan.is_over(platform.known.state),
        story.withheld,
        story.offers > 0,
        device.host.asks,
    )


def device_table(
    scenario: Scenario, fleet: Fleet, devices: list[Device], platform: Platform, starts_on_target: NDArray[np.bool_]
) -> dict[str, Any]:
    """One column of shape (devices,) per column of the device table, in table order."""
    component = scenario.module_component
    stories = [device.story for device in devices]
    for device in devices:
        device.body.settle(scenario.horizon_ms)
        if device.modem.downloader.running:
            device.story.downloads[-1][END] = scenario.horizon_ms
    ends = [_outcome(d, fleet, platform, bool(starts_on_target[d.number])) for d in devices]
    records, rollout = platform.known.records, platform.rollout
    noted = {
        each.name: np.array(
            [getattr(story, each.name) for story in stories],
            dtype=np.float64 if each.kind == "number" else np.int64,
        )
        for each in NOTED
    }
    fates = Fates(
        outcome=np.array([end for end, _ in ends]),
        cause=np.array([cause for _, cause in ends]),
        belief=np.array([record.belief for record in records]),
        component_status=np.array([STATUSES.index(record.status) for record in records]),
        firmware_end=Coded.of([d.modem.module.firmware_version for d in devices]),
        mcu_end={name: Coded.of([d.mcu_versions.get(name, "") for d in devices]) for name in fleet.mcu},
        charge_end=np.array([d.body.charge for d in devices]),
        others={
            **noted,
            "reported_version": Coded.of([record.versions.get(component, "") for record in records]),
            "drained_mAh": np.array([d.body.drained_mAh for d in devices]),
            "self_discharged_mAh": np.array([d.body.self_discharged_mAh(scenario.horizon_ms) for d in devices]),
            "wave": rollout.p.wave,
            "released_ms": released_ms(rollout.p, rollout.released_ms, platform.known.plan.starts_ms),
        },
    )
    return table.device_table(table.fleet_columns(fleet), fates)


def download_table(devices: list[Device], first: int) -> NDArray[np.int64]:
    """Shape (downloads, 5): device, start and end in ms, bytes sent, bytes wasted; in device order.

    ``first``: the number of the first device in the whole fleet.
    """
    found = [
        (first + device.number, download[START], download[END], download[SENT], download[WASTED])
        for device in devices
        for download in device.story.downloads
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 5)


def event_table(fleet: Fleet, dialogues: dict[int, list[Line]], logs: dict[int, list[Line]]) -> OneChunk:
    """Every line of every dialogue and platform log, ordered by (time, device)."""
    found = [
        (line.at_ms, number, _ACTORS[line.direction], line.text.strip())
        for lines_of in (dialogues, logs)
        for number, lines in lines_of.items()
        for line in lines
    ]
    found.sort(key=lambda row: (row[0], row[1]))
    devices = np.array([row[1] for row in found], dtype=np.int64)
    return OneChunk(
        {
            "at_ms": np.array([row[0] for row in found], dtype=np.int64),
            "device": devices,
            "id": table.ids_of(fleet.ids, devices),
            "actor": Coded.of([row[2] for row in found]),
            "text": Coded.of([row[3] for row in found]),
        }
    )
