"""What becomes of each device: the device table's columns of it, an entry each, in the order of the table.

An entry is what there is to say of a column. Types of files, names that no attribute may have, fields of the
story's records and the page of results in the documentation follow from it. What a device *is* has the same entries in
``fota_sim/scenario/columns.py``. No numba here, so that anything may import it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

NEVER = -1
"""Stands in time columns for something that did not happen."""

Kind = Literal["text", "name", "number", "flag", "count", "size", "time"]
"""text: string or missing, few different ones; name: string, a different one in every row; number: float, NaN
missing; flag: bool; count: whole number; size: whole number that 32 bits may not hold; time: ms since activation,
missing where it never happened."""


class TableColumn(NamedTuple):
    """A column of a table that users see."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    """Of its numbers; empty: a number of things, or no number."""
    asked_as: str = ""
    """What conditions over devices call it; empty: they cannot ask for it."""


_ENDS = (
    TableColumn("wave", "count", "the wave it is in, from 0; -1: in none"),
    TableColumn("released_ms", "count", "when the rollout released it; -1: never", "ms"),
    TableColumn("outcome", "text", "how its story ends, exactly one of the outcomes"),
    TableColumn("cause", "text", "why it ended so; empty where there is nothing to explain"),
    TableColumn("belief", "text", "what the platform believes of it, in the vendor's words"),
    TableColumn("component_status", "text", "what the platform shows of the component, in the vendor's words of 2025"),
    TableColumn("reported_version", "text", "module firmware as the platform last heard; empty: never"),
    TableColumn("belief_true", "flag", "whether the platform is right about who is upgraded"),
)

NOTED = (
    TableColumn("contacts", "count", "how often it came into contact"),
    TableColumn("offers", "count", "offers that reached the host"),
    TableColumn("refusals", "count", "offers that the host refused"),
    TableColumn("attempts", "count", "download addresses sent to it"),
    TableColumn("download_failures", "count", "downloads that broke off"),
    TableColumn("first_contact_ms", "time", "first contact", "ms"),
    TableColumn("first_offer_ms", "time", "first offer", "ms"),
    TableColumn("confirmed_ms", "time", "first confirmation by the host", "ms"),
    TableColumn("download_start_ms", "time", "start of the first download", "ms"),
    TableColumn("downloaded_ms", "time", "end of the last download that was complete", "ms"),
    TableColumn("upgraded_ms", "time", "when all that the plan installs ran", "ms"),
    TableColumn("finished_ms", "time", "when the platform was done with it, or it was bricked", "ms"),
    TableColumn("battery_empty_ms", "time", "when its battery was empty", "ms"),
    TableColumn("bytes_sent", "size", "bytes sent to it", "B"),
    TableColumn("bytes_wasted", "size", "bytes sent for attempts that came to nothing, or sent twice", "B"),
    TableColumn("energy_J", "number", "energy that the update took", "J"),
    TableColumn("energy_wasted_J", "number", "energy of attempts that came to nothing", "J"),
)
"""What engines note under these names while they play. A count, size or energy begins at 0, a time at ``NEVER``."""

_DRAINED = (
    TableColumn("drained_mAh", "number", "charge that the device took from its battery; 0 on mains", "mAh"),
    TableColumn("self_discharged_mAh", "number", "charge that the battery lost by itself", "mAh"),
)

FATES = (*_ENDS, *NOTED, *_DRAINED)
"""All of them."""
