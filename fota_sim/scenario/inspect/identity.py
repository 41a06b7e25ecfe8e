"""The column that names devices: which it is, and what happened to its numbers on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fota_sim.quoting import listed, number_of, quoted
from fota_sim.scenario.device_rows.written import as_number, is_date, is_rounded
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.headers import rank
from fota_sim.scenario.inspect.measure import measured
from fota_sim.scenario.inspect.values import number

_IMEI_DIGITS = 15  # 3GPP TS 23.003, with its check digit
_OTHERS, _LONE = 3, 0.01  # other columns from which on a row with a name alone is odd, and how rare it is then
_SEVERAL, _SEVERAL_ROWS = 1.5, 5  # rows of each device, and more rows than devices, from which on they are readings
_DIGITS_KEPT = 15  # of a number in a spreadsheet, which is a double


def take_id(columns: Sequence[Column], findings: Findings) -> Column | None:
    """Put the column that names devices into the block; None if there is none."""
    candidates = [each for each in columns if _names(each)]
    if not candidates:
        return None
    column = min(candidates, key=_order)
    place = rank("id", column.header)
    different = len(column.counts)
    why = f"it is called {quoted(column.header, 40)}" if place is not None else "no column is called like an id"
    why += f", and holds {number_of(different, 'different name')} in {number_of(len(column.cells), 'row')}"
    findings.put("columns.id", column.header, why)
    _look(column, findings)
    _look_at_lone(column, [each for each in columns if each is not column], findings)
    return column


def _order(column: Column) -> tuple[int, int, int]:
    """The likeliest first: called like an id, many different cells, far to the left."""
    place = rank("id", column.header)
    return 99 if place is None else place, -len(column.counts), column.position


def _names(column: Column) -> bool:
    """Whether the cells may be names of devices: nearly all there, and nearly all different."""
    if _is_of_time(column):
        return False
    if rank("id", column.header) is not None:
        return column.filled > 0.5 * len(column.cells)
    if _is_measure(column):
        return False
    few = len(column.counts) < 0.98 * len(column.cells)
    return not few and sum(any(c.isdigit() for c in cell) for cell in column.counts) > 0.5 * len(column.counts)


def _is_of_time(column: Column) -> bool:
    """Whether it says when: then each cell may be another, and still none is a device."""
    dates = sum(is_date(cell) for cell in column.counts)
    return rank("time", column.header) is not None or dates > 0.5 * len(column.counts)


def _is_repeated(column: Column) -> bool:
    """Whether devices stand in several rows as a rule, and not by mistake."""
    return column.filled >= max(_SEVERAL * len(column.counts), len(column.counts) + _SEVERAL_ROWS)


def _is_measure(column: Column) -> bool:
    found = [read for cell in column.counts if (read := number(cell)) is not None]
    return sum(value < 0 or separator != "" for value, separator, _ in found) > 0.5 * len(column.counts)


def look_at_shape(columns: Sequence[Column], column: Column | None, findings: Findings) -> None:
    """Tell a table whose rows are no devices but times, or values."""
    if column is None:
        timed = any(_is_of_time(each) for each in columns)
        if timed and sum(measured(each) is not None for each in columns) > 0.7 * (len(columns) - 1):
            findings.odd.append(
                "it has a row for each time, and perhaps a column for each device; a row for each device is read. Turn "
                "it round, and keep the latest value of each (in pandas: frame.set_index(...).ffill().iloc[-1])"
            )
        return
    different, rows = len(column.counts), column.filled
    if not _is_repeated(column) or any(is_rounded(cell) for cell in column.counts):
        return
    name = column.header
    keys = [each.header for each in columns if rank("key", each.header) is not None and each is not column]
    values = [each.header for each in columns if rank("value", each.header) is not None and each is not column]
    what = f"{quoted(name, 40)}: {number_of(different, 'device')} in {number_of(rows, 'row')}"
    if keys and values:
        findings.odd.append(
            f"{what}, a row for each value ({quoted(keys[0], 40)}, {quoted(values[0], 40)}); a row for each device is "
            f"read. Give each value a column of its own (in pandas: frame.pivot_table(index={name!r}, "
            f"columns={keys[0]!r}, values={values[0]!r}, aggfunc='last'))"
        )
    else:
        dates = next((each.header for each in columns if each is not column and _is_of_time(each)), None)
        instead = (
            f"keep its latest (in pandas, in order of time: frame.drop_duplicates({name!r}, keep='last'))"
            if dates is None
            else f"write latest: {quoted(dates, 40)}, to take the latest of each by these dates"
        )
        findings.odd.append(f"{what}: readings over time? A row for each device is read; {instead}")


def _look(column: Column, findings: Findings) -> None:
    header, cells = quoted(column.header, 40), column.counts
    rounded = [cell for cell in cells if is_rounded(cell)]
    if rounded:
        count = number_of(sum(cells[cell] for cell in rounded), "id")
        findings.odd.append(
            f"{header}: {count} such as {quoted(rounded[0])}: a spreadsheet has rounded them, and their digits are "
            "lost. Export the ids as text"
        )
    numbers = [(cell, how) for cell in cells if (how := as_number(cell))]
    if numbers:
        count = number_of(sum(cells[cell] for cell, _ in numbers), "id")
        findings.odd.append(
            f"{header}: {count} {numbers[0][1]}, such as {quoted(numbers[0][0], 40)}, as numbers are written: lists "
            "and logs that have them without will not match. Export the ids as text"
        )
    digits = [cell for cell in cells if cell.isdecimal()]
    long = [cell for cell in digits if len(cell) > _DIGITS_KEPT]
    if len(long) > 1 and not any(cell[_DIGITS_KEPT:].strip("0") for cell in long):
        findings.odd.append(
            f"{header}: {len(long):,} ids such as {quoted(long[0], 40)} have nothing but zeros behind {_DIGITS_KEPT} "
            "digits: rounded by a spreadsheet. Export the ids as text"
        )
    doubled = [cell for cell, times in cells.items() if times > 1 and not is_rounded(cell)]
    if doubled and not _is_repeated(column):
        findings.odd.append(
            f"{header}: {number_of(len(doubled), 'id')} more than once, {listed(quoted(c, 30) for c in doubled[:3])}; "
            "keep one row of each"
        )
    empty = len(column.cells) - column.filled
    if empty:
        findings.odd.append(f"{header}: {number_of(empty, 'row')} without an id; each device needs one")
    if len(digits) > 0.9 * len(cells):
        _look_at_digits(header, digits, findings)


def _look_at_lone(column: Column, others: Sequence[Column], findings: Findings) -> None:
    """Rows with a name and nothing else, such as a line of totals: read, each would be one more device."""
    if len(others) < _OTHERS:
        return
    rows = zip(column.cells, zip(*(each.cells for each in others), strict=True), strict=True)
    lone = [cell for cell, rest in rows if cell and not any(rest)]
    if 0 < len(lone) <= max(1.0, _LONE * len(column.cells)):
        it = "it" if len(lone) == 1 else "them"
        findings.odd.append(
            f"{quoted(column.header, 40)}: {number_of(len(lone), 'row')} with a name and nothing else, such as "
            f"{quoted(lone[0], 30)}: leave {it} out if that is no device "
            "(leave_out: [...])"
        )


def _look_at_digits(header: str, digits: list[str], findings: Findings) -> None:
    lengths = Counter(map(len, digits))
    usual, times = lengths.most_common(1)[0]
    short = [cell for cell in digits if len(cell) < usual]
    if short and times > 0.5 * len(digits) and usual >= 8:
        zeros = "led" if all(len(cell) >= usual - 4 for cell in short) else "may have led"
        findings.odd.append(
            f"{header}: {number_of(len(short), 'id')} of fewer than {usual} digits, such as {quoted(short[0])}: zeros "
            f"that {zeros} them are lost where a spreadsheet took them for numbers"
        )
    imei = [cell for cell in digits if len(cell) == _IMEI_DIGITS]
    wrong = [cell for cell in imei if not _luhn(cell)]
    if len(imei) >= 20 and 0 < len(wrong) <= 0.5 * len(imei):
        findings.odd.append(
            f"{header}: the check digit of {number_of(len(wrong), 'IMEI')} is wrong, such as {quoted(wrong[0])}; "
            f"{len(imei) - len(wrong):,} are right"
        )


def _luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (3GPP TS 23.003, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0
