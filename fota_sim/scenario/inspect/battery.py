"""A column that may be the state of batteries: per cent, shares of 1, or volts."""

from __future__ import annotations

import re

from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.device_rows.written import parts_among_percents
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.headed_units import other_unit
from fota_sim.scenario.inspect.headers import plain, unit_of
from fota_sim.scenario.inspect.measure import Measure, measured, other_units, says_nothing, take_words, thousands

_SENTINELS = (-1.0, 101.0, 127.0, 254.0, 255.0, 999.0, -999.0, -9999.0, 65535.0, 32767.0)
_VOLTAGE = re.compile(r"volt|spannung|tensi|napieci|^v ?batt?\b|^u ?batt?\b|電圧|电压")
_RANGES = {"%": (0.0, 100.0), "share": (0.0, 1.0), "V": (0.5, 5.0), "mV": (500.0, 5000.0)}


def take_battery(column: Column, findings: Findings) -> str:
    """Put the column into the block as the battery's level; why not, if it cannot be read as one."""
    found = measured(column)
    if found is None:
        return "is called like a battery, and most of its cells are no numbers"
    wrong = other_units(found, ["%", "v", "mv"])
    if wrong:
        return wrong
    if "%" in found.units and len(found.units) > 1:
        return f"its cells are in {listed(found.units)}; write all of them in one unit"
    wrong = _headed_otherwise(found)
    if wrong:
        return wrong
    plausible = {value: n for value, n in found.values.items() if value not in _SENTINELS}
    if not plausible:
        return f"all its numbers are {found.span()}"
    unit, why = _unit(found, plausible, unit_of(column.header) or ("v" if _is_voltage(column.header) else ""))
    if not unit:
        return why
    low, high = _RANGES[unit]
    if unit == "mV" and found.grouped:
        return thousands(found)
    outside = {value: n for value, n in found.values.items() if not low <= value <= high}
    odd = {
        value: n for value, n in outside.items() if value not in _SENTINELS and not (unit[-1] == "V" and value == 0.0)
    }
    if odd:
        return (
            f"{number_of(sum(odd.values()), 'cell')} of it, such as {found.cells[max(odd)]}, cannot be {_called(unit)}"
        )
    wrong = take_words(found, "battery", findings)
    if wrong:
        return wrong
    why_it = f"it is called {quoted(column.header, 40)} and has {number_of(found.count, 'number')} from {found.span()}"
    findings.put("columns.battery", column.header, why_it)
    if unit != "%":
        findings.put("units.battery", unit, why, "%, share, V or mV")
    for value, times in outside.items():
        says_nothing("battery", found.cells[value], times, "is a usual mark for no reading", findings)
    _look(found, unit, findings)
    return ""


def _headed_otherwise(found: Measure) -> str:
    """Why numbers are no level whose name says a unit that none has; ``""`` for others."""
    other = "" if found.units else other_unit("battery", found.column.header, "%")
    return "" if other in ("", "V", "mV") else f"says {other}, and %, V and mV can be read"


def _is_voltage(header: str) -> bool:
    return _VOLTAGE.search(plain(header)) is not None


def _unit(found: Measure, plausible: dict[float, int], told: str) -> tuple[str, str]:
    low, high = min(plausible), max(plausible)
    span = f"{low:g} to {high:g}"
    used = found.units.most_common(1)[0][0] if found.units else told
    cells = low > 0.0 and found.units.get("v", 0) + found.units.get("mv", 0) == found.count
    if used in ("v", "mv"):
        unit = "V" if used == "v" else "mV"
        if unit == "V" and low >= 500:
            unit = "mV"
        if high > _RANGES[unit][1]:
            return "", f"its voltages go from {span}: of several cells in a row? Divide by their number in the file"
        return (
            unit,
            f"the {'cells say' if cells else 'header says'} {used.upper() if used == 'v' else 'mV'}; from {span}",
        )
    whole = all(value == round(value) for value in plausible)
    if used != "%" and high <= 1.0 and not whole:
        return "share", f"numbers from {span}, none above 1"
    if used != "%" and low >= 1.5 and high <= 4.5 and not whole:
        return "V", f"numbers from {span} with decimals, as a cell's voltage is"
    if used != "%" and low >= 1500.0 and high <= 4500.0:
        return "mV", f"numbers from {span}, as a cell's voltage is"
    if low >= 0.0 and high <= 100.0:
        return "%", f"numbers from {span}"
    return "", f"its numbers go from {span}, which is neither per cent nor a cell's voltage"


def _look(found: Measure, unit: str, findings: Findings) -> None:
    header = quoted(found.column.header, 40)
    if unit == "share":
        findings.odd.append(f"{header} is in shares of 1 ({found.span()}), not in per cent")
    if unit == "%" and found.high <= 1.0:
        findings.odd.append(f"{header}: nothing but {found.span()}; is it on and off, or shares without decimals?")
    if unit == "%" and (few := parts_among_percents(list(found.values.elements()))):
        findings.odd.append(f"{header}: {number_of(few, 'level')} below 1 among per cent; are those shares of 1?")
    if unit[-1] == "V":
        findings.odd.append(
            f"{header} is a voltage: of Li-SOCl2 it says nothing of the charge above a fifth, and under load it sags; "
            "battery_volts says what a voltage means in your fleet"
        )
    value, times = found.values.most_common(1)[0]
    if found.count >= 20 and times > 0.9 * found.count:
        findings.odd.append(f"{header}: {times / found.count:.0%} of the levels are {value:g}; is it a default?")


def _called(unit: str) -> str:
    return {"%": "per cent", "share": "a share of 1", "V": "a cell's voltage", "mV": "a cell's voltage"}[unit]
