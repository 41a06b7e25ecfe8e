"""Columns of timers by which devices sleep: T3412 and T3324 of PSM, the cycle of eDRX."""

from __future__ import annotations

from collections.abc import Sequence

from fota_sim.quoting import listed, quoted
from fota_sim.scenario.device_rows.cells import value_of
from fota_sim.scenario.device_rows.written import is_nothing
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.headers import named_unit_of_time, rank
from fota_sim.scenario.inspect.measure import says_nothing
from fota_sim.scenario.inspect.values import number
from fota_sim.scenario.sleep import Timer, cycles, lost_zeros
from fota_sim.scenario.units import DURATION

_ALONE = "PSM has both timers, T3412 and T3324, and the other is not read"


def take_timers(columns: Sequence[Column], findings: Findings, why_not: dict[str, str]) -> list[Column]:
    """Put timers into the block, with what most devices have for those whose cell is empty.

    The columns that were taken; ``why_not``: by header, filled with why a column cannot be read.
    """
    found: dict[Timer, tuple[Column, str, dict[str, float]]] = {}
    for timer in ("t3412", "t3324", "edrx"):
        for column in columns:
            if column.counts and rank(timer, column.header) is not None:
                unit = _unit(column)
                try:
                    found[timer] = column, unit, _read(timer, column, unit)
                    break
                except ValueError as error:
                    why_not[column.header] = str(error)
    if ("t3412" in found) != ("t3324" in found):
        column = found.pop("t3412" if "t3412" in found else "t3324")[0]
        why_not[column.header] = _ALONE
    if "t3412" in found and max(found["t3324"][2].values()) >= min(found["t3412"][2].values()):
        del found["t3412"], found["t3324"]
    for timer, (column, unit, values) in found.items():
        _put(timer, column, unit, values, findings)
    if "t3412" in found:
        findings.put("contact.pattern", "wake", "a module in PSM is there when it reports")
        every = findings.block["contact"]["sleep"]["t3412"]
        why = "an assumption: nothing in the file says how often these devices report, but by T3412 that seldom at most"
        findings.put("contact.every", every, why, "how often they report")
    return [column for column, _, _ in found.values()]


def _read(timer: Timer, column: Column, unit: str) -> dict[str, float]:
    """The time of each cell in s; raises ValueError that says why it cannot be read."""
    cells = [cell for cell in column.counts if not is_nothing(cell)]
    if not cells:
        raise ValueError("holds no times")
    lost = next((bits for cell in cells if not unit and (bits := lost_zeros(timer, cell))), "")
    if lost:
        raise ValueError(f"are its cells bits that lost the zeros they begin with, such as {lost}? Export them as text")
    values = {cell: float(value_of(timer, cell, unit)) for cell in cells}
    both = {*cycles("nb-iot")} & {*cycles("lte")}
    odd = next((cell for cell, value in values.items() if timer == "edrx" and value not in both), "")
    if odd:
        raise ValueError(f"{quoted(odd, 20)} is a cycle that not every radio has; map edrx, and say the module's radio")
    return values


def _put(timer: Timer, column: Column, unit: str, values: dict[str, float], findings: Findings) -> None:
    most = max(values, key=lambda cell: column.counts[cell])
    shown = sorted({*values.values()})
    spans = listed(DURATION.format(each) for each in ([shown[0], shown[-1]] if len(shown) > 1 else shown))
    findings.put(f"columns.{timer}", column.header, f"it is called {quoted(column.header, 40)} and holds {spans}")
    if unit:
        findings.put(f"units.{timer}", unit, f"the header says {unit}", "s, min, h or d")
    why = "what most devices have, for those whose cell is empty"
    sleep = {**findings.block.get("contact", {}).get("sleep", {}), timer: DURATION.format(values[most])}
    findings.put("contact.sleep", sleep, why, shown=f"{timer} {sleep[timer]}")
    for cell, times in column.counts.items():
        if is_nothing(cell):
            says_nothing(timer, cell, times, "is no time", findings)


def _unit(column: Column) -> str:
    bare = any((read := number(cell)) is not None and not read[2] and set(cell) - {"0", "1"} for cell in column.counts)
    return named_unit_of_time(column.header) if bare else ""
