"""The columns of the table of histories: a row for each device of a rollout, whatever platform logged it."""

from __future__ import annotations

from typing import Final

from fota_sim.rules.fates import TableColumn

COLUMNS: Final = (
    TableColumn("device", "name", "the device's name in the log; each once"),
    TableColumn("ended", "text", "where its history stands at the end of the log, one of the words of End"),
    TableColumn("offered_s", "number", "when the update was there for it, since 1970 in UTC", "s"),
    TableColumn("contact_s", "number", "when it was first heard of after that", "s"),
    TableColumn("download_s", "number", "when its first download began", "s"),
    TableColumn("downloaded_s", "number", "when its last complete download ended", "s"),
    TableColumn("ended_s", "number", "when the log was done with it; missing while its story goes on", "s"),
    TableColumn("seen_s", "number", "until when it was observed: the end, or the export of the log", "s"),
    TableColumn("attempts", "number", "attempts that the log shows", "1"),
    TableColumn("download_failures", "number", "downloads that failed", "1"),
    TableColumn("install_failures", "number", "installations that failed, rollbacks among them", "1"),
    TableColumn("refusals", "number", "how often it said no", "1"),
    TableColumn("cause", "text", "why, in the log's own words"),
    TableColumn("size_B", "number", "bytes of one complete download", "B"),
    TableColumn("signal_dBm", "number", "its signal, as the log or the inventory has it", "dBm"),
    TableColumn("battery_pct", "number", "its battery at the start", "%"),
    TableColumn("model", "text", "module or product model"),
    TableColumn("hardware", "text", "hardware version"),
    TableColumn("group", "text", "group of the fleet"),
    TableColumn("cell", "text", "radio cell"),
    TableColumn("line", "count", "line, or number of the entry, in its file; 0: not known"),
)
"""In the order of the table. A number or text that is not known is missing (NaN, '')."""

TIMES: Final = ("offered_s", "contact_s", "download_s", "downloaded_s", "ended_s")
"""In the order in which they come in a history."""
NUMBERS: Final = ("attempts", "download_failures", "install_failures", "refusals", "size_B")
ATTRIBUTES: Final = ("signal_dBm", "battery_pct", "model", "hardware", "group", "cell")
"""What a device is; an inventory may say it as well as the log."""
MEASURED: Final = ("signal_dBm", "battery_pct")
"""Attributes that are numbers."""
