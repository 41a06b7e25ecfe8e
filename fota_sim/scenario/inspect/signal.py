"""A column that may be a signal: which unit its numbers are in."""

from __future__ import annotations

from collections import Counter

from fota_sim.quoting import number_of, quoted
from fota_sim.scenario.device_rows.cells import is_csq_answer
from fota_sim.scenario.device_rows.written import is_nothing
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.headed_units import other_unit
from fota_sim.scenario.inspect.headers import NOT_SIGNAL, plain
from fota_sim.scenario.inspect.measure import Measure, measured, other_units, says_nothing, take_words

_BARS = 5.0  # that a phone shows at most
_FLOOR_DBM = -113.0  # of AT+CSQ, 3GPP TS 27.007
_BELOW_DBM = -115.0  # an RSSI of so little is noise: kTB of 180 kHz and a receiver's 5 dB
_SENTINELS = (99.0, 127.0, 128.0, 255.0, 0.0, -1.0, -255.0, -999.0, -9999.0, 999.0, 32767.0, -32768.0, 65535.0)
_ALL = 0.97  # of the numbers fit: the others are told


def take_signal(column: Column, findings: Findings) -> str:
    """Put the column into the block as the signal; why not, if it cannot be read as one."""
    name = plain(column.header)
    if NOT_SIGNAL.search(name):
        return "is about the quality of the link, and no level in dBm"
    answers = sum(times for cell, times in column.counts.items() if is_csq_answer(cell))
    if answers > 0.5 * column.filled:
        return _take_answers(column, answers, findings)
    found = measured(column)
    if found is None:
        return "is called like a signal, and most of its cells are no numbers"
    wrong = other_units(found, ["dbm"])
    if wrong:
        return wrong
    other = "" if found.units else other_unit("rssi", column.header, "dBm")
    if other:
        return f"says {other}, and dBm, RSRP in dBm and the index of AT+CSQ can be read"
    unit, why = _unit(found, name)
    if not unit:
        return why
    wrong = take_words(found, "rssi", findings)
    if wrong:
        return wrong
    low, high = {"csq": (0.0, 31.0), "rsrp": (-160.0, -20.0), "dBm": (-150.0, 0.0)}[unit]
    outside = {value: n for value, n in found.values.items() if not low <= value <= high}
    if unit == "dBm" and 0.0 in found.values and found.low < 0.0:
        outside[0.0] = found.values[0.0]
    if unit == "csq":
        outside.pop(99.0, None)
    odd = {value: n for value, n in outside.items() if value not in _SENTINELS}
    if odd:
        return (
            f"{number_of(sum(odd.values()), 'cell')} of it, such as {found.cells[min(odd)]}, cannot be {_called(unit)}"
        )
    findings.put("columns.rssi", column.header, _named_so(column, found))
    if unit != "dBm":
        findings.put("units.rssi", unit, why, "dBm, csq or rsrp")
    if unit == "rsrp":
        findings.odd.append(
            f"{quoted(column.header, 40)} is RSRP: the signal is taken to be as much stronger as on a loaded carrier; "
            "rsrp_offset says how much it is in your network"
        )
    for value, times in outside.items():
        says_nothing("rssi", found.cells[value], times, "is a usual mark for no reading", findings)
    _look(found, unit, findings)
    return ""


def _take_answers(column: Column, answers: int, findings: Findings) -> str:
    """Take what AT+CSQ answered, with the bit error rate behind the index."""
    nothing = Counter({cell: times for cell, times in column.counts.items() if is_nothing(cell)})
    others = {cell: n for cell, n in column.counts.items() if not is_csq_answer(cell) and cell not in nothing}
    if others:
        return f"{number_of(sum(others.values()), 'cell')} of it, such as {min(others)}, cannot be {_called('csq')}"
    shown = quoted(next(cell for cell in column.counts if is_csq_answer(cell)), 30)
    findings.put("columns.rssi", column.header, f"it is called {quoted(column.header, 40)} and has {answers:,} answers")
    why = f"{shown} is an index of AT+CSQ with the bit error rate behind it"
    findings.put("units.rssi", "csq", why, "dBm, csq or rsrp")
    return take_words(Measure(column, nothing=nothing), "rssi", findings)


def _unit(found: Measure, name: str) -> tuple[str, str]:
    """The unit and the reason; '' and why there is none."""
    marked = {value for value in found.values if value in _SENTINELS}
    rest = [value for value in found.values if value not in marked]
    negative = sum(n for value, n in found.values.items() if value < 0 and value not in marked)
    if "rsrp" in name and negative:
        return "rsrp", f"it is called {quoted(found.column.header, 40)}; the numbers go from {found.span()}"
    if not negative:
        if found.high <= _BARS and not ("csq" in name or "asu" in name):
            return "", f"its numbers go from {found.span()}: bars, and no level? Export dBm, or what AT+CSQ answers"
        fits = found.whole() and all(0 <= value <= 31 or value == 99 for value in found.values)
        if fits and ("csq" in name or "asu" in name or 99.0 in found.values or found.high > 0):
            return "csq", f"whole numbers from {found.span()}, as AT+CSQ answers (0 to 31, 99 for unknown)"
        if rest and min(rest) >= 40 and max(rest) <= 150:
            return "", f"its numbers go from {found.span()}: levels that lost their minus? Export them with it"
        return "", f"its numbers go from {found.span()}, which is neither dBm nor an index of AT+CSQ"
    if rest and max(rest) < -200 and min(rest) > -1600:
        return "", f"its numbers go from {found.span()}: tenths of dBm? Export whole dBm"
    below = sum(n for value, n in found.values.items() if value < _BELOW_DBM and value in rest) / max(1, negative)
    if below > 0.02 and "rssi" not in name:
        why = (
            f"{below:.0%} of the numbers are below {_BELOW_DBM:g} dBm, where a signal is noise and a reference signal "
            "is not"
        )
        return "rsrp", why
    return "dBm", f"numbers from {found.span()}"


def _look(found: Measure, unit: str, findings: Findings) -> None:
    header = quoted(found.column.header, 40)
    whole = found.count
    if unit == "csq" and found.values[99.0] > 0.5 * whole:
        share = found.values[99.0] / whole
        findings.odd.append(f"{header}: {share:.0%} of the readings are 99, unknown; were they read without a network?")
    value, times = found.values.most_common(1)[0]
    if times > 0.9 * whole and whole >= 20 and not (unit == "csq" and value == 99.0):
        findings.odd.append(f"{header}: {times / whole:.0%} of the readings are {value:g}; is it a default?")
    strong = sum(n for each, n in found.values.items() if -20.0 < each < 0.0)
    if unit == "dBm" and strong:
        findings.odd.append(f"{header}: {number_of(strong, 'signal')} above -20 dBm, which no network gives")
    if unit == "dBm" and "rssi" in plain(found.column.header) and found.low < _FLOOR_DBM - 7.0:
        weak = sum(n for each, n in found.values.items() if each < _FLOOR_DBM - 7.0 and each not in _SENTINELS)
        if weak:
            findings.odd.append(
                f"{header}: {number_of(weak, 'signal')} below {_FLOOR_DBM - 7.0:g} dBm; AT+CSQ ends at {_FLOOR_DBM:g}. "
                "If it is RSRP, write units: {rssi: rsrp}"
            )


def _called(unit: str) -> str:
    return {"csq": "an index of AT+CSQ", "rsrp": "RSRP in dBm", "dBm": "dBm"}[unit]


def _named_so(column: Column, found: Measure) -> str:
    return f"it is called {quoted(column.header, 40)} and has {number_of(found.count, 'number')} from {found.span()}"
