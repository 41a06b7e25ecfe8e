"""From the story's records to the device table, the downloads and the events."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.device import fields
from fota_sim.engines import table
from fota_sim.engines.ends import Planned, fates_of
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.record import OneChunk
from fota_sim.engines.reference.world import World
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.devices import Fleet
from fota_sim.protocol.transcript import Line

_ACTORS = {"TX": "host", "RX": "module", "--": "platform"}


def device_table(w: World, fleet: Fleet, parameters: Parameters) -> dict[str, Any]:
    """One column of shape (devices,) per column of the device table, in table order."""
    ended = {
        name: np.array([getattr(each, name) for each in w.ended_at], dtype=np.dtype(kind))
        for name, kind, _ in fields.each(fields.ENDED)
    }
    planned = Planned.of(parameters, w.released_ms_at, fleet.white & ~fleet.black)
    fates = fates_of(ended, w.mcu_at, list(fleet.mcu), w.names, planned)
    return table.device_table(table.fleet_columns(fleet), fates)


def download_table(w: World, first: int) -> NDArray[np.int64]:
    """Shape (downloads, 5): device, start and end in ms, bytes sent, bytes wasted; in device order.

    ``first``: the number of the first device in the whole fleet.
    """
    found = [(first + row.who, row.start_ms, row.end_ms, row.sent_B, row.wasted_B) for row in w.rows_at]
    found.sort(key=lambda row: row[0])
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
