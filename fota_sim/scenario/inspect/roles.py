"""Which column holds what: names first, the column's cells have the last word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from fota_sim.quoting import listed, quoted
from fota_sim.scenario.columns import CONDITION_COLUMNS
from fota_sim.scenario.inspect import headers
from fota_sim.scenario.inspect.battery import take_battery
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.identity import look_at_shape, take_id
from fota_sim.scenario.inspect.last_contact import take_last_contact
from fota_sim.scenario.inspect.names import (
    look_at_versions,
    take_chemistry,
    take_module,
    take_number,
    take_radio,
    take_text,
    take_zone,
)
from fota_sim.scenario.inspect.period import take_period
from fota_sim.scenario.inspect.signal import take_signal
from fota_sim.scenario.inspect.timers import take_timers
from fota_sim.scenario.inspect.yes_no import NO, YES, take_yes_no
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.zones import zone_info

Take = Callable[[Column, Findings], str]
"""Puts a column into the block; why not, if it cannot be read as that."""


def take_columns(columns: Sequence[Column], findings: Findings, scenario: Scenario) -> None:
    """Find what each column holds; what is not understood is told."""
    rest = list(columns)
    named = take_id(rest, findings)
    if named is not None:
        rest.remove(named)
    look_at_shape(columns, named, findings)
    why_not: dict[str, str] = {}
    for column in take_timers(rest, findings, why_not):
        rest.remove(column)
    for attribute, take in _takers(scenario).items():
        ranked = sorted((place, each.position, each) for each in rest if (place := _rank(attribute, each)) is not None)
        for _, _, column in ranked:
            if not column.counts:
                why_not[column.header] = "is empty"
                continue
            before = _state(findings)
            wrong = take(column, findings)
            if not wrong:
                rest.remove(column)
                why_not.pop(column.header, None)
                break
            _restore(findings, before)
            why_not.setdefault(column.header, wrong)
    _lists(rest, findings)
    for column in rest:
        findings.left.append((column.header, _what_becomes(column, why_not.get(column.header, ""), columns, findings)))


def _rank(attribute: str, column: Column) -> int | None:
    if attribute.startswith("mcu:"):
        name = headers.plain(column.header)
        return (
            0 if headers.plain(attribute.removeprefix("mcu:")) in name.split() or re.search(r"\bmcu\b", name) else None
        )
    return headers.rank(attribute, column.header)


def _takers(scenario: Scenario) -> dict[str, Take]:
    zone = zone_info(scenario.time_zone)
    mcu = [each.identifier for each in scenario.product.model.components if each.type == "mcu"]
    return {
        "last_contact": partial(take_last_contact, zone=zone),
        "contact_every": take_period,
        "gone": partial(take_yes_no, "gone"),
        "chemistry": take_chemistry,
        "capacity": partial(take_number, "capacity", low=1.0, high=1e7),
        "mains": partial(take_yes_no, "mains"),
        "rssi": take_signal,
        "battery": take_battery,
        "temperature": partial(take_number, "temperature", low=-60.0, high=125.0),
        **{f"mcu:{name}": partial(take_text, f"mcu:{name}") for name in mcu},
        "hardware": partial(take_text, "hardware"),
        "module": partial(take_module, modules=list(scenario.modules)),
        "radio": partial(take_radio, radios=list(scenario.radios)),
        "firmware": _firmware,
        "cell": partial(take_text, "cell"),
        "time_zone": take_zone,
    }


def _firmware(column: Column, findings: Findings) -> str:
    wrong = take_text("firmware", column, findings)
    if not wrong:
        look_at_versions(column, findings)
    return wrong


def _lists(rest: list[Column], findings: Findings) -> None:
    """Columns that say who takes part: conditions for the plan, not part of the fleet."""
    for name, pattern in headers.LISTS.items():
        for column in rest:
            if not re.search(pattern, headers.plain(column.header)):
                continue
            yes = [cell for cell in column.counts if headers.plain(cell) in YES]
            no = [cell for cell in column.counts if headers.plain(cell) in NO]
            if yes and len(yes) + len(no) == len(column.counts):
                number = yes[0] if all(cell.isdecimal() for cell in column.counts) else f'"{yes[0]}"'
                findings.lists.setdefault(name, f'"{column.header}" == {number}')


def _what_becomes(column: Column, why: str, columns: Sequence[Column], findings: Findings) -> str:
    condition = next(
        (
            f"plan.{name}: {{where: '{where}'}}"
            for name, where in findings.lists.items()
            if f'"{column.header}"' in where
        ),
        "",
    )
    if condition:
        return f"says who takes part; for the plan: {condition}"
    if not column.counts:
        return "is empty"
    read = {header: attribute for attribute, header in findings.block.get("columns", {}).items()}
    if column.header in read:
        return f"is read as {read[column.header]}"
    name = f"csv_{column.header}" if column.header in CONDITION_COLUMNS else column.header
    kinds = f"{len(column.counts):,} different: {listed(quoted(cell, 20) for cell, _ in column.counts.most_common(3))}"
    told = f"{why}; " if why else ""
    return f"{told}kept as an attribute for conditions ({quoted(name, 40)}; {kinds})"


def _state(findings: Findings) -> tuple[dict[str, object], int, int]:
    from copy import deepcopy

    return deepcopy(findings.block), len(findings.guesses), len(findings.odd)


def _restore(findings: Findings, before: tuple[dict[str, object], int, int]) -> None:
    findings.block = before[0]
    del findings.guesses[before[1] :], findings.odd[before[2] :]
