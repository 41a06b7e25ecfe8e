"""What a metric is called and measured in, without a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from fota_sim.analysis.numbers.metrics import Measurement, measure
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

    Of shares that count devices the numbers behind them follow where it is known of how many: of all devices, of the
    targeted, or of as many as ``<metric>_of`` says.
    """
    wholes = {"all devices": values["devices"], "targeted devices": values["targeted"]}
    found = {}
    for name, shape in metric_shapes().items():
        value = values[name]
        among = values.get(whole_name(name), wholes.get(shape.denominator_text)) if shape.counts_devices else None
        hits = None if among is None else float(round((value or 0.0) * among))
        counts = hits is not None
        found[name] = replace(shape, value=value, numerator=hits, denominator=among, counts_devices=counts)
    return found


def whole_name(metric: str) -> str:
    """The column that says of how many devices a metric is a share."""
    return f"{metric}_of"
