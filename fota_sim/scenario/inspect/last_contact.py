"""A column of the time when each device was last heard of: how its dates are written, and who is gone by them."""

from __future__ import annotations

import itertools
from datetime import datetime, tzinfo
from typing import get_args

from fota_sim.quoting import number_of, quoted
from fota_sim.scenario import moments
from fota_sim.scenario.device_rows.written import is_never, is_nothing
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.measure import cells_are, says_nothing
from fota_sim.scenario.moments import DateOrder

GONE_AFTER = "30d"
"""Silence after which a device is taken for gone until somebody says otherwise. Assumption."""

_MOSTLY = 0.9  # of different cells are dates: else it is no column of dates
_FAR_S = 366 * 86_400.0  # later than all others by so much is a wrong clock
_FEW, _OTHERS = 0.05, 10  # share of devices that may have one, and devices that there must be


def take_last_contact(column: Column, findings: Findings, zone: tzinfo) -> str:
    """Put the column into the block as the time of each device's last contact; why not, if it cannot be read."""
    cells = [cell for cell in column.counts if not (is_nothing(cell) or is_never(cell))]
    if not cells:
        return "holds no dates"
    order, why = _order(cells, {order: _read(cells, order, zone) for order in get_args(DateOrder)})
    if order is None:
        return why
    good = {cell: at for cell in cells if (at := _moment(cell, order, zone)) is not None}
    bad = [cell for cell in cells if cell not in good]
    if bad:
        return f"{cells_are(column, bad)} no date"
    for cell in _wrong_clocks(column, good):
        del good[cell]
    newest, oldest = max(good.values()), min(good.values())
    header = quoted(column.header, 40)
    why_it = f"it is called {header} and has dates from {oldest:%Y-%m-%d} to {newest:%Y-%m-%d}"
    findings.put("columns.last_contact", column.header, why_it)
    if order != "ymd":
        findings.put("dates", order, why, "ymd, dmy, mdy, unix or unix_ms")
    _put_export(header, good, order, findings)
    _put_rule(column, findings, good, newest)
    for cell, times in column.counts.items():
        if cell not in good:
            what = "is far later than all others" if _moment(cell, order, zone) else "is no date"
            says_nothing("last_contact", cell, times, f"{what}, so whether these devices are gone is drawn", findings)
    return ""


def _wrong_clocks(column: Column, good: dict[str, datetime]) -> list[str]:
    """The few cells that are later than all others by more than a year: they would make all others gone."""
    late: list[str] = []
    ordered = sorted(good, key=good.__getitem__, reverse=True)
    devices = sum(column.counts[cell] for cell in good)
    few = max(1.0, _FEW * devices) if devices >= _OTHERS else 0.0
    for cell, before in itertools.pairwise(ordered):
        late.append(cell)
        if sum(column.counts[each] for each in late) > few:
            return []
        if (good[cell] - good[before]).total_seconds() > _FAR_S:
            return late
    return []


def _put_export(header: str, good: dict[str, datetime], order: DateOrder, findings: Findings) -> None:
    """When the file was exported, in the clock of the file: which zone that is, a scenario says later, if the file does
    not.
    """
    local = [cell for cell in good if not moments.says_its_zone(cell, order)]
    if local:
        who = header if len(local) == len(good) else f"{header}, in cells such as {local[0]},"
        findings.odd.append(f"{who} says no time zone; its times are read in the scenario's time_zone")
    newest = max(good, key=good.__getitem__)
    why = "the latest contact in the file; the export cannot be older"
    if newest in local:
        why += ". As in the file without an offset, so in the scenario's time_zone"
        as_of = moments.wall_clock(newest, order)
    else:
        as_of = moments.iso(good[newest])
    findings.put("as_of", as_of, why, "when the file was exported")


def _put_rule(column: Column, findings: Findings, good: dict[str, datetime], newest: datetime) -> None:
    longest_s = moments.seconds(GONE_AFTER)
    silent = sum(column.counts[cell] for cell, at in good.items() if (newest - at).total_seconds() > longest_s)
    dated = sum(column.counts[cell] for cell in good)
    why = f"an assumption: by it {silent:,} of {number_of(dated, 'device')} are gone for good"
    findings.put("gone_after", GONE_AFTER, why, "the silence after which you give a device up")


def _order(cells: list[str], reads: dict[DateOrder, int]) -> tuple[DateOrder | None, str]:
    """The order in which most cells are dates, and why it is this one; ``reads``: how many are in each."""
    most = max(reads.values())
    orders = [order for order, count in reads.items() if count == most and count >= _MOSTLY * len(cells)]
    if "ymd" in orders:
        return "ymd", "all begin with the year, or name the month"
    since_1970 = next((each for each in orders if each in moments.COUNTED), None)
    if since_1970 is not None:
        unit = moments.COUNTED[since_1970]
        return since_1970, f"numbers such as {cells[0]}, which in {unit} since 1970 are dates of this time"
    if orders == ["excel"]:
        return "excel", f"numbers such as {cells[0]}, which as days of a spreadsheet are dates of this time"
    both = "dmy" in orders and "mdy" in orders
    if both and any("." in cell.split(" ")[0] for cell in cells):
        return "dmy", f"dates with points, such as {cells[0]}, have the day first; none has a second number above 12"
    if both and any(cell.rstrip(".")[-1:] in "mM" for cell in cells):
        return "mdy", f"hours of half days, such as {cells[0]}; none has a first or second number above 12"
    if both:
        what = f"its dates, such as {cells[0]}, may have the day or the month first"
        return None, f"{what}; map last_contact and say dates: dmy or mdy"
    places: dict[DateOrder, tuple[int, str]] = {"dmy": (0, "first"), "mdy": (1, "second")}
    for order, (place, which) in places.items():
        if order in orders:
            shown = next((cell for cell in cells if _above_12(cell, place)), cells[0])
            return order, f"the {which} number of {shown} is above 12"
    return None, f"its cells, such as {quoted(cells[0], 30)}, are no dates that are known"


def _above_12(cell: str, place: int) -> bool:
    parts = cell.replace("/", ".").replace("-", ".").split(".")
    return len(parts) > place and len(parts[place]) < 3 and parts[place].isdigit() and int(parts[place]) > 12


def _read(cells: list[str], order: DateOrder, zone: tzinfo) -> int:
    """How many of the cells are dates in this order."""
    return sum(_moment(cell, order, zone) is not None for cell in cells)


def _moment(cell: str, order: DateOrder, zone: tzinfo) -> datetime | None:
    try:
        return moments.moment(cell, order, zone)
    except ValueError:
        return None
