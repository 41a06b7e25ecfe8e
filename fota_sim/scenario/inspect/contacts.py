"""Columns about when a device is there: its last contact, its reporting period, whether it is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.device_rows import moments
from fota_sim.scenario.device_rows.moments import DateOrder
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.measure import says_nothing
from fota_sim.scenario.inspect.values import is_nothing, number
from fota_sim.scenario.inspect.words import plain, unit_of

GONE_AFTER = "30d"
"""Silence after which a device is taken for gone until somebody says otherwise. Assumption."""

_MOSTLY = 0.9  # of different cells are dates: else it is no column of dates
_NEVER = frozenset("never nie niemals jamais nunca".split())
_SHORTEST_S, _LONGEST_S = 60.0, 366 * 86_400.0
_UNITS = {"h": "h", "hrs": "h", "hours": "h", "std": "h", "min": "min", "minutes": "min", "s": "s", "sec": "s", "seconds": "s", "d": "d", "days": "d", "tage": "d"}  # fmt: skip
_USUAL = {"s": {300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0, 86400.0, 604800.0}, "min": {1440.0, 720.0, 360.0}}


def take_last_contact(column: Column, findings: Findings, zone: ZoneInfo) -> str:
    """Put the column into the block as the time of each device's last contact; why not, if it cannot be read."""
    cells = [cell for cell in column.counts if not is_nothing(cell) and cell.casefold() not in _NEVER]
    if not cells:
        return "holds no dates"
    order, why = _order(cells, {order: _read(cells, order, zone) for order in get_args(DateOrder)})
    if not order:
        return why
    good = {cell: at for cell in cells if (at := _moment(cell, order, zone)) is not None}
    bad = [cell for cell in cells if cell not in good]
    if bad:
        return f"{number_of(sum(column.counts[cell] for cell in bad), 'cell')} of it {'is' if len(bad) == 1 else 'are'} no date: {listed([quoted(cell, 30) for cell in bad[:3]])}"
    newest, oldest = max(good.values()), min(good.values())
    findings.put("columns.last_contact", column.header, f"it is called {quoted(column.header, 40)} and has dates from {oldest:%Y-%m-%d} to {newest:%Y-%m-%d}")
    if order != "ymd":
        findings.put("dates", order, why, "ymd, dmy, mdy, unix or unix_ms")
    if not any(cell[-1:] == "Z" or "+" in cell for cell in cells) and not order.startswith("unix"):
        findings.odd.append(f"{quoted(column.header, 40)} says no time zone; its times are read in the scenario's time_zone")
    findings.put("as_of", moments.iso(newest), "the latest contact in the file; the export cannot be older", "when the file was exported")
    days = sum(times for cell, times in column.counts.items() if cell in good and (newest - good[cell]).total_seconds() > 30 * 86_400)
    findings.put("gone_after", GONE_AFTER, f"an assumption: by it {number_of(days, 'device')} of {sum(column.counts[c] for c in good):,} are gone for good", "the silence after which you give a device up")
    for cell, times in column.counts.items():
        if cell in good:
            continue
        says_nothing("last_contact", cell, times, "is no date, so whether these devices are gone is drawn", findings)
    return ""


def _order(cells: list[str], reads: dict[DateOrder, int]) -> tuple[DateOrder | None, str]:
    """The order in which most cells are dates, and why it is this one; ``reads``: how many are in each."""
    most = max(reads.values())
    orders = [order for order, count in reads.items() if count == most and count >= _MOSTLY * len(cells)]
    if "ymd" in orders:
        return "ymd", "all begin with the year, or name the month"
    for order, digits in (("unix", 10), ("unix_ms", 13)):
        if order in orders:
            return order, f"numbers of {digits} digits, such as {cells[0]}"  # type: ignore[return-value]
    both = "dmy" in orders and "mdy" in orders
    if both and any("." in cell.split(" ")[0] for cell in cells):
        return "dmy", f"dates with points, such as {cells[0]}, have the day first; none has a second number above 12"
    if both and any(cell.rstrip(".")[-1:] in "mM" for cell in cells):
        return "mdy", f"hours of half days, such as {cells[0]}; none has a first or second number above 12"
    if both:
        return None, f"its dates, such as {cells[0]}, may have the day or the month first; map last_contact and say dates: dmy or mdy"
    for order, which in (("dmy", "first"), ("mdy", "second")):
        if order in orders:
            shown = next((cell for cell in cells if _above_12(cell, 0 if order == "dmy" else 1)), cells[0])
            return order, f"the {which} number of {shown} is above 12"  # type: ignore[return-value]
    return None, f"its cells, such as {quoted(cells[0], 30)}, are no dates that are known"


def _above_12(cell: str, place: int) -> bool:
    parts = cell.replace("/", ".").replace("-", ".").split(".")
    return len(parts) > place and len(parts[place]) < 3 and parts[place].isdigit() and int(parts[place]) > 12


def _read(cells: list[str], order: DateOrder, zone: ZoneInfo) -> int:
    """How many of the cells are dates in this order."""
    return sum(_moment(cell, order, zone) is not None for cell in cells)


def _moment(cell: str, order: DateOrder, zone: ZoneInfo) -> datetime | None:
    try:
        return moments.moment(cell, order, zone)
    except ValueError:
        return None


def take_period(column: Column, findings: Findings) -> str:
    """Put the column into the block as each device's time between contacts; why not, if it cannot be read."""
    cells = [cell for cell in column.counts if not is_nothing(cell)]
    if not cells:
        return "holds no times"
    unit, why = "", ""
    if all(_plain(cell) for cell in cells):
        unit, why = _unit(cells, column.header)
        if not unit:
            return why
    read = {cell: _seconds(cell, unit) for cell in cells}
    bad = [cell for cell, value in read.items() if value is None or not _SHORTEST_S <= value <= _LONGEST_S]
    if bad:
        return f"{number_of(sum(column.counts[c] for c in bad), 'cell')} of it {'is' if len(bad) == 1 else 'are'} no time between contacts of a minute to a year: {listed([quoted(cell, 20) for cell in bad[:3]])}"
    spans = sorted(value for value in read.values() if value is not None)
    from fota_sim.scenario.units import DURATION

    said = f"it is called {quoted(column.header, 40)} and goes from {DURATION.format(spans[0])} to {DURATION.format(spans[-1])}"
    findings.put("columns.contact_every", column.header, said)
    if unit:
        findings.put("units.contact_every", unit, why, "s, min, h or d")
    findings.put("contact.pattern", "wake", "a device with a reporting period sleeps between its reports", "leave contact_every out if they can be reached at any time")
    for cell, times in column.counts.items():
        if cell not in read:
            says_nothing("contact_every", cell, times, "is no time, so these devices report as contact.every says", findings)
    return ""


def _plain(cell: str) -> bool:
    read = number(cell)
    return read is not None and not read[2]


def _unit(cells: list[str], header: str) -> tuple[str, str]:
    named = _UNITS.get(unit_of(header), "")
    if named:
        return named, f"the header says {unit_of(header)}"
    values = {read[0] for cell in cells if (read := number(cell)) is not None}
    for unit, usual in _USUAL.items():
        if len(values & usual) * 2 > len(values):
            return unit, f"most of the numbers ({listed(f'{v:g}' for v in sorted(values & usual))}) are round times in that unit"
    return "", f"its numbers ({listed(f'{v:g}' for v in sorted(values)[:4])}) do not say in what they are; map contact_every and say units: {{contact_every: h}}"


def _seconds(cell: str, unit: str) -> float | None:
    try:
        return moments.seconds(cell.replace(",", "."), unit)
    except ValueError:
        return None


def take_yes_no(attribute: str, column: Column, findings: Findings, words: Callable[[str], bool | None], inverted: bool) -> str:
    """Put a column of two kinds of words into the block; why not, if some word is not known."""
    values: dict[str, str] = {}
    unknown = []
    for cell in column.counts:
        if is_nothing(cell):
            continue
        says = words(plain(cell))
        if says is None:
            unknown.append(cell)
        else:
            values[cell] = "yes" if says is not inverted else "no"
    if unknown or not values:
        return f"its words {listed(quoted(cell, 20) for cell in unknown[:4])} do not say yes or no; map them with values: {{{attribute}: {{...}}}}" if unknown else "holds nothing"
    why = f"it is called {quoted(column.header, 40)} and holds {listed(f'{cell} ({column.counts[cell]:,})' for cell in values)}"
    findings.put(f"columns.{attribute}", column.header, why)
    told = {cell: said for cell, said in values.items() if cell.casefold() != said and not (not inverted and cell.casefold() in ("true", "false", "1", "0", "y", "n"))}
    if told:
        findings.put(f"values.{attribute}", told, "what these words usually say" + (", the other way round for this header" if inverted else ""), "yes or no for each", listed(f"{cell} is {said}" for cell, said in told.items()))
    for cell, times in column.counts.items():
        if is_nothing(cell):
            says_nothing(attribute, cell, times, "is a usual word for a missing value", findings)
    return ""
