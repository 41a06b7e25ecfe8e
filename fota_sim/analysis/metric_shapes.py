"""What a metric is called and measured in, without a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from fota_sim.analysis.metrics import Measurement, measure
from fota_sim.fleet.coded import Coded


@cache
def metric_shapes() -> dict[str, Measurement]:
    """The metrics of a fleet without devices: labels and units by name, and values that mean nothing."""
    none = np.zeros(0, dtype=np.int64)
    coded = Coded(np.zeros(0, dtype=np.uint8), ())
    numbers = ("attempts", "download_failures", "upgraded_ms", "bytes_sent", "bytes_wasted")
    devices = {
        **dict.fromkeys(("outcome", "cause", "belief"), coded),
        **dict.fromkeys(numbers, none),
        **dict.fromkeys(("energy_J", "energy_wasted_J"), none.astype(float)),
    }
    return measure(devices, np.zeros((0, 5), dtype=np.int64))


def remeasured(values: Mapping[str, float | None]) -> dict[str, Measurement]:
    """The measurements of a replication from their values, as tables keep them; raises KeyError for a metric missing.

    A table has values only. Of shares of all, or of the targeted, devices the numbers behind them follow.
    """
    wholes = {"all devices": values["devices"], "targeted devices": values["targeted"]}
    found = {}
    for name, shape in metric_shapes().items():
        value, among = values[name], wholes.get(shape.denominator_text)
        hits = value * among if value is not None and among is not None else None
        found[name] = replace(shape, value=value, numerator=hits, denominator=among)
    return found
