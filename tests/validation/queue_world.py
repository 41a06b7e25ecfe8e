"""Fleets that are queues: Poisson arrivals at a download server, and downloads of known length.

First contacts are uniform over a long time. Given their number, the arrivals of a Poisson process are just that; so
what happens in a window well inside is what Poisson arrivals would do, but that their number varies a little less.
All delays before the download are constant, so requests for a connection come as the contacts do. No draw but the time
of contact (and, where wanted, the length of the download) matters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines.choice import load
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

SERVICE_S = 100.0
"""One download alone; long against the millisecond to which times are rounded."""
WARM_UP = 0.1
"""Share of the time at either end that is left out: it begins with an empty server, and ends with one."""

_FLEET = """
name: queue
seed: {seed}
horizon: {horizon_s}s
product: {{model: {{components: [{{identifier: app}}]}}}}
packages: [{{name: two, component: app, target_version: "2_0", files: [{{name: a.bin, size: 1000kB}}]}}]
plan: {{packages: [two], push: false, strategy: {{retries: 0}}}}
network: {{server: {server}}}
protocol: {{max_download_failures: 0}}
hosts: {{prompt: {{extends: careless, confirm_delay: 1s, patience: 3650d}}}}
radios:
  wire:
    {{law: table, table: [[-100dBm, {slowest}bit/s], [-60dBm, {fastest}bit/s]], rate_cap: {fastest}bit/s,
     mode: stream, chunk: 1kB, overhead: 0, rtt: [1ms, 1ms, 1ms], s50: -150dBm, width: 1dB, p_floor: 0%,
     recovery: 0s, connect: 1s, resume: 1s, rssi: -60dBm, rssi_sd: 0.001dB, gone: 0%, churn: 0%,
     segments: {segments}, segment_time: 1ms}}
modules:
  box:
    {{extends: EC200U, radio: wire, flash_write: 1000MB/s, free_flash: 100MB, reboot: 1s, url_to_start: 1s, mains: 100%,
     power_cuts_mains: 0, verify_failure: 0%, storage_failure: 0%}}
fleet:
  groups:
    - {{name: d, count: {devices}, module: box, host: prompt, rssi: {rssi},
       contact: {{spread: {spread_s}s, request_every: null}}}}
"""
_FILE_BITS = 8_000_000


class Measured(NamedTuple):
    """What one replication shows of the devices whose contact lies in the middle of the time."""

    waits: float
    """Share that waited for a connection."""
    mean_wait: float
    """Mean wait of all, in service times."""
    turned_away: float
    """Share that got no connection."""
    mean_download: float
    """Mean time from a connection to the end of the download, in service times."""
    sd_download: float
    """Its standard deviation over the devices."""
    alone: float
    """Share that found no other download under way."""


def queue(
    arrivals_per_service: float,
    devices: int,
    server: str,
    *,
    seed: int = 1,
    segments: int = 1,
    slowest_s: float = SERVICE_S,
    egress_alone: bool = False,
) -> Scenario:
    """A fleet that asks ``server`` (YAML) for ``arrivals_per_service`` downloads in the time of one.

    ``slowest_s``: if longer than ``SERVICE_S``, the logarithm of the service time is uniform between the two.
    ``egress_alone``: the egress carries one download in ``SERVICE_S``, and a device could be as fast.
    """
    spread_s = devices / arrivals_per_service * SERVICE_S
    fastest = _FILE_BITS / SERVICE_S
    slowest = _FILE_BITS / slowest_s if slowest_s > SERVICE_S else fastest
    if egress_alone:
        server = f"{{connections: 1000000, egress: {fastest}bit/s}}"
    text = _FLEET.format(
        seed=seed,
        horizon_s=round(spread_s + 1000.0 * slowest_s),
        server=server,
        slowest=slowest,
        fastest=fastest,
        segments=segments,
        rssi="{uniform: [-100dBm, -60dBm]}" if slowest_s > SERVICE_S else "-60dBm",
        devices=devices,
        spread_s=spread_s,
    )
    return parse_scenario(text, "queue.yaml")


def observe(scenario: Scenario, replication: int, engine: str = "compiled") -> Measured:
    """Play one replication and look at the middle of it."""
    record = load(engine)(scenario, replication)
    devices = record.devices
    spread_ms = 1000.0 * float(scenario.fleet.groups[0].contact.spread or 0.0)
    contact_ms = devices["first_contact_ms"]
    inside = (contact_ms > WARM_UP * spread_ms) & (contact_ms < (1.0 - WARM_UP) * spread_ms)
    start_ms, end_ms, confirmed_ms = (
        np.asarray(devices[name]) for name in ("download_start_ms", "downloaded_ms", "confirmed_ms")
    )
    admitted = start_ms >= 0
    seen = inside & admitted
    assert np.all(end_ms[seen] >= 0)  # the horizon leaves time for everybody
    wait_ms: NDArray[np.int64] = (start_ms - confirmed_ms)[seen]
    wait_ms = wait_ms - (start_ms - confirmed_ms)[admitted].min()  # the address and the module take always as long
    others = np.searchsorted(np.sort(start_ms[admitted]), start_ms[seen]) - np.searchsorted(
        np.sort(end_ms[admitted]), start_ms[seen], side="right"
    )
    service_ms = 1000.0 * SERVICE_S
    return Measured(
        float((wait_ms > 0).mean()),
        float(wait_ms.mean()) / service_ms,
        float((~admitted[inside]).mean()),
        float((end_ms - start_ms)[seen].mean()) / service_ms,
        float((end_ms - start_ms)[seen].std()) / service_ms,
        float((others == 0).mean()),
    )
