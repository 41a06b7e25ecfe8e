"""Devices as the platform's monitoring shows them, at a chosen time of a run.

The stored tables hold how a run ended, and of each device when things happened first or last. That does not say where
it stood in between: one that is tried for the third time may wait, download or write. So the run is simulated again, up
to the time that is asked for: the same scenario, the same luck, a nearer horizon, and what a device table says at a
horizon is how things stand there. A test holds that the beginning of a run does not depend on where it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fota_sim.engines.choice import Engine
from fota_sim.experiment.tables import device_tables
from fota_sim.protocol.vocabulary import ComponentStatus
from fota_sim.scenario.model import Keep, Scenario
from fota_sim.scenario.products import PLAN

WORDS = {
    "2025": tuple(each.value for each in ComponentStatus),
    "2022": ("Start", "Confirm", "Download", "Upgrading", "Success", "Fail"),
}
"""What the platform's pages of these years call where a device stands, in the order of an upgrade."""

_DOWNLOADING = ("Downloading", "Download Succeeded")
_UPGRADING = "Upgrading"
_FINAL = 100.0


class Monitor(NamedTuple):
    """All devices of one replication at one time."""

    at_ms: int
    devices: pa.Table
    """The device table as it stands then."""
    status: NDArray[np.object_]
    """Where each device stands, in words; shape (devices,)."""
    percent: NDArray[np.float64]
    """How far the download, or the writing of what was downloaded, is; NaN for who does neither, or where it is not
    known. Shape (devices,)."""

    def counts(self, words: str) -> dict[str, int]:
        """How many devices stand where, in the order of an upgrade; all words of the year, also those of nobody."""
        names, numbers = np.unique(self.status.astype(str), return_counts=True)
        found = dict(zip(names.tolist(), numbers.tolist(), strict=True))
        return {word: found.get(word, 0) for word in WORDS[words]}


def devices_at(
    scenario: Scenario,
    replication: int,
    at_ms: int,
    play: Engine,
    progress: Callable[[int, int], None] | None = None,
) -> pa.Table:
    """The device table of a replication as it stands at ``at_ms``, simulated up to there."""
    cut = scenario.model_copy(update={"horizon": at_ms / 1000.0, "keep": Keep()})
    return pa.concat_tables(device_tables(play(cut, replication, progress)), promote_options="default")


def monitor(scenario: Scenario, at_ms: int, devices: pa.Table, ended: pa.Table, words: str) -> Monitor:
    """Where each device stands.

    ``devices``: the table at ``at_ms``, of one replication; ``ended``: that of its end, with the same rows; ``words``:
    a year of ``WORDS``.
    """
    of_2025 = _texts(devices, "component_status")
    said = of_2025 if words == "2025" else _in_words_of_2022(of_2025)
    return Monitor(at_ms, devices, said, _percent(scenario, at_ms, devices, ended, of_2025))


def _in_words_of_2022(status: NDArray[np.object_]) -> NDArray[np.object_]:
    said = status.copy()
    for each in ComponentStatus:
        said[status == each.value] = each.of_2022
    return said


def _percent(
    scenario: Scenario, at_ms: int, devices: pa.Table, ended: pa.Table, status: NDArray[np.object_]
) -> NDArray[np.float64]:
    """A download: bytes that came, of those that the device needs. Writing: time, since only that is known of it."""
    percent = np.full(len(status), np.nan)
    loads = np.isin(status.astype(str), _DOWNLOADING)
    needed_B = _needed_B(scenario, devices)
    kept_B = (_numbers(devices, "bytes_sent") - _numbers(devices, "bytes_wasted"))[loads]
    percent[loads] = np.minimum(_FINAL, _FINAL * kept_B / np.maximum(1.0, needed_B[loads]))

    began_ms, same_ms = _numbers(devices, "downloaded_ms"), _numbers(ended, "downloaded_ms")
    over_ms = _numbers(ended, "upgraded_ms")
    with np.errstate(invalid="ignore"):  # NaN: it never happened, or an attempt came to nothing
        writes = (status == _UPGRADING) & (began_ms == same_ms) & (over_ms > began_ms)
        share = (at_ms - began_ms[writes]) / (over_ms[writes] - began_ms[writes])
    percent[writes] = np.minimum(_FINAL, _FINAL * share)
    return percent


def _needed_B(scenario: Scenario, devices: pa.Table) -> NDArray[np.float64]:
    """Bytes of the packages whose target each device did not run at the start; shape (devices,)."""
    needed = np.zeros(len(devices))
    for one in scenario.each_plan:
        types = {each.identifier: each.type for each in one.product.model.components}
        own = _texts(devices, PLAN) == one.plan_name if one.plan_name else np.ones(len(devices), dtype=np.bool_)
        for package in one.planned:
            name = "firmware_start" if types[package.component] == "firmware" else f"mcu_{package.component}_start"
            needed[own & (_texts(devices, name) != package.target_version)] += package.size_B
    return needed


def _texts(table: pa.Table, name: str) -> NDArray[np.object_]:
    found: NDArray[np.object_] = table[name].cast(pa.string()).to_numpy()
    return found


def _numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Whole numbers as floats, NaN where none is."""
    found: NDArray[np.float64] = pc.cast(table[name], pa.float64()).to_numpy().astype(np.float64)
    return found
