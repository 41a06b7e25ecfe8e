"""A column of the time between the reports of each device."""

from __future__ import annotations

from fota_sim.quoting import listed, quoted
from fota_sim.scenario import moments
from fota_sim.scenario.device_rows.cells import PERIOD_S
from fota_sim.scenario.device_rows.written import is_nothing
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.headers import named_unit_of_time, unit_of
from fota_sim.scenario.inspect.measure import cells_are, says_nothing
from fota_sim.scenario.inspect.values import number
from fota_sim.scenario.units import DURATION

_SHORTEST_S, _LONGEST_S = PERIOD_S
# Round times that are used as periods, in a unit in which few other numbers would be
_USUAL = {
    "s": {300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0, 86400.0, 604800.0},
    "min": {1440.0, 720.0, 360.0},
}


def take_period(column: Column, findings: Findings) -> str:
    """Put the column into the block as each device's time between contacts; why not, if it cannot be read."""
    cells = [cell for cell in column.counts if not is_nothing(cell)]
    if not cells:
        return "holds no times"
    if all(set(cell) <= {"0", "1"} for cell in cells) and any(len(cell) > 4 and "1" in cell[1:] for cell in cells):
        return "its cells are bits as AT+CPSMS has them, or were, and no times between reports; map t3412 and t3324"
    unit, why = "", ""
    if all(_plain(cell) for cell in cells):
        unit, why = _unit(cells, column.header)
        if not unit:
            return why
    read = {cell: _seconds(cell, unit) for cell in cells}
    bad = [cell for cell, value in read.items() if value is None or not _SHORTEST_S <= value <= _LONGEST_S]
    if bad:
        return f"{cells_are(column, bad)} no time between contacts of a minute to a year"
    spans = sorted(value for value in read.values() if value is not None)
    said = f"goes from {DURATION.format(spans[0])} to {DURATION.format(spans[-1])}"
    findings.put("columns.contact_every", column.header, f"it is called {quoted(column.header, 40)} and {said}")
    if unit:
        findings.put("units.contact_every", unit, why, "s, min, h or d")
    sleeps = "a device with a reporting period sleeps between its reports"
    findings.put("contact.pattern", "wake", sleeps, "leave contact_every out if they can be reached at any time")
    for cell, times in column.counts.items():
        if cell not in read:
            says_nothing(
                "contact_every", cell, times, "is no time, so these devices report as contact.every says", findings
            )
    return ""


def _plain(cell: str) -> bool:
    read = number(cell)
    return read is not None and not read[2]


def _unit(cells: list[str], header: str) -> tuple[str, str]:
    """The unit of bare numbers and what it rests on; '' and why it is not known."""
    named = named_unit_of_time(header)
    if named:
        return named, f"the header says {unit_of(header)}"
    values = {read[0] for cell in cells if (read := number(cell)) is not None}
    for unit, usual in _USUAL.items():
        if len(values & usual) * 2 > len(values):
            round_ones = listed(f"{value:g}" for value in sorted(values & usual))
            return unit, f"most of the numbers ({round_ones}) are round times in that unit"
    some = listed(f"{value:g}" for value in sorted(values)[:4])
    what = f"its numbers ({some}) do not say in what they are"
    return "", f"{what}; map contact_every and say units: {{contact_every: h}}"


def _seconds(cell: str, unit: str) -> float | None:
    try:
        return moments.seconds(cell.replace(",", "."), unit)
    except ValueError:
        return None
