"""Devices that are all in one radio cell, since nobody said how many cells they are spread over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fota_sim.scenario.device_rows.rows import DeviceRows
from fota_sim.scenario.fleet import TableFleet
from fota_sim.scenario.lint.facts import Facts, Finding, some_devices

MANY = 1000
"""More devices in one cell wait for each other for hours: 50 downloads at once, each of some minutes, is what an
NB-IoT cell serves (docs/sources.md)."""


def all_in_one(facts: Facts) -> Iterator[Finding]:
    """Groups; of files, whoever has read the rows asks."""
    groups = facts.scenario.fleet.groups
    for path, devices, _, _, _ in facts.parts():
        group = next((each for each in groups if each is devices), None)
        if group is not None and (*path, "cells") not in facts.written:
            radio = group.radio or facts.scenario.modules[group.module].radio
            for message in _crowded(facts, radio, group.count, "Write cells: "):
                yield path, message


def all_of_a_file_in_one(facts: Facts, source: TableFleet, rows: DeviceRows) -> Iterator[Finding]:
    """A file without a column of cells; places are within the source."""
    if "cell" in source.columns or "cells" in source.model_fields_set:
        return
    none: list[str | None] = [None] * len(rows.lines)
    modules, radios = rows.mapped.get("module", none), rows.mapped.get("radio", none)
    usual = facts.scenario.modules
    named = Counter(
        radio or source.radio or usual[module or source.module].radio
        for module, radio in zip(modules, radios, strict=True)
    )
    for radio, count in sorted(named.items()):
        for message in _crowded(facts, radio, count, "Map a column of cells (columns.cell), or write cells: "):
            yield (), message


def _crowded(facts: Facts, radio: str, devices: int, do: str) -> Iterator[str]:
    limits = facts.scenario.radios[radio].cell_concurrency
    if limits is None or not facts.scenario.network.cells.enforce or devices <= MANY:
        return
    yield (
        f"{some_devices(devices)} are all in one radio cell, as nothing else is said, and wait for each other: a cell "
        f"of {radio} serves {limits[0]:,} downloads at once, and fewer where the signal is weak. {do}how many they are "
        "spread over"
    )
