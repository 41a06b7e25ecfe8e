"""Names of what is counted and timed of each device, in the order of the device table."""

from __future__ import annotations

COUNTERS = ("contacts", "offers", "refusals", "attempts", "download_failures")
TIMES = (
    "first_contact_ms",
    "first_offer_ms",
    "confirmed_ms",
    "download_start_ms",
    "downloaded_ms",
    "upgraded_ms",
    "finished_ms",
    "battery_empty_ms",
)
