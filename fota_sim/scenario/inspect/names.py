"""Columns of names: modules, radios, chemistries, zones, versions, and measures that need no unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from fota_sim.quoting import listed, number_of, quoted
from fota_sim.rules.labels import CHEMISTRIES as KNOWN_CHEMISTRIES
from fota_sim.scenario.device_rows.written import is_nothing
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.headed_units import other_unit
from fota_sim.scenario.inspect.headers import squeezed
from fota_sim.scenario.inspect.measure import measured, says_nothing, take_words, thousands
from fota_sim.scenario.types import at_text, one_line
from fota_sim.scenario.zones import known_zone, odd_zone

# What networks and cells are usually called, in small letters and digits
_RADIOS = {
    "nbiot": "nb-iot",
    "nb": "nb-iot",
    "nb1": "nb-iot",
    "nb2": "nb-iot",
    "catnb1": "nb-iot",
    "catnb2": "nb-iot",
    "ltecatnb1": "nb-iot",
    "ltem": "lte-m",
    "catm": "lte-m",
    "catm1": "lte-m",
    "emtc": "lte-m",
    "ltecatm1": "lte-m",
    "m1": "lte-m",
    "lte": "lte-cat1",
    "cat1": "lte-cat1",
    "ltecat1": "lte-cat1",
    "cat1bis": "lte-cat1",
    "4g": "lte-cat1",
    "wifi": "wifi",
    "wlan": "wifi",
}
_LEAST_MAH = 30.0  # that a module lasts on: a coin cell; assumption
_IN = {"capacity": ("mAh", "mAh and Ah"), "temperature": ("C", "degrees C")}
"""Units of measures: the usual, and those that can be read."""
_CHEMISTRIES = {
    "liion": "li-ion",
    "lithiumion": "li-ion",
    "18650": "li-ion",
    "lipo": "li-po",
    "lithiumpolymer": "li-po",
    "lipolymer": "li-po",
    "lisocl2": "li-socl2",
    "lisocl": "li-socl2",
    "lithiumthionylchloride": "li-socl2",
    "ltc": "li-socl2",
    "er26500": "li-socl2",
    "er34615": "li-socl2",
    "er14505": "li-socl2",
    "er18505": "li-socl2",
    "lsh20": "li-socl2",
    "ls33600": "li-socl2",
}


def take_module(column: Column, findings: Findings, modules: Sequence[str]) -> str:
    """The column as module models; the scenario's own names and order codes that begin with one of them."""
    longest = sorted(modules, key=len, reverse=True)

    def known(cell: str) -> str | None:
        code = re.sub(r"[^A-Z0-9]", "", cell.upper().removeprefix("QUECTEL"))
        return next((name for name in longest if code.startswith(re.sub(r"[^A-Z0-9]", "", name.upper()))), None)

    return _take_known("module", column, findings, known, f"known are {', '.join(modules)}; add others under modules:")


def take_radio(column: Column, findings: Findings, radios: Sequence[str]) -> str:
    """The column as radios: the scenario's own names, and what networks are usually called."""

    def known(cell: str) -> str | None:
        return cell if cell in radios else _RADIOS.get(squeezed(cell))

    return _take_known("radio", column, findings, known, f"known are {', '.join(radios)}")


def take_chemistry(column: Column, findings: Findings) -> str:
    """The column as battery chemistries."""

    def known(cell: str) -> str | None:
        return cell if cell in KNOWN_CHEMISTRIES else _CHEMISTRIES.get(squeezed(cell))

    return _take_known("chemistry", column, findings, known, f"known are {', '.join(KNOWN_CHEMISTRIES)}")


def _take_known(
    attribute: str, column: Column, findings: Findings, known: Callable[[str], str | None], instead: str
) -> str:
    found: dict[str, str] = {}
    unknown = []
    for cell in column.counts:
        name = known(cell)
        if name is not None:
            found[cell] = name
        elif not is_nothing(cell):
            unknown.append(cell)
    if not unknown and not found:
        return f"says nothing of any {attribute}"
    if unknown:
        examples = listed(quoted(cell, 20) for cell in unknown[:4])
        return f"{examples} {'is' if len(unknown) == 1 else 'are'} no {attribute} that is known; {instead}"
    counted = listed(f"{cell} ({column.counts[cell]:,})" for cell in found)
    findings.put(f"columns.{attribute}", column.header, f"it holds {counted}")
    values = {cell: name for cell, name in found.items() if cell != name}
    if values:
        why = "names that begin with, or are other names of, what is known"
        shown = listed(f"{cell} is {name}" for cell, name in values.items())
        findings.put(f"values.{attribute}", values, why, f"another {attribute} for each", shown)
    _without(attribute, column, findings)
    return ""


def take_zone(column: Column, findings: Findings) -> str:
    """The column as IANA time zones."""
    try:
        zones = {known_zone(cell) for cell in column.counts if not is_nothing(cell)}
    except ValueError as error:
        return str(error)
    findings.odd.extend(filter(None, map(odd_zone, sorted(zones))))
    _put("time_zone", column, findings)
    return ""


def take_text(attribute: str, column: Column, findings: Findings) -> str:
    """The column as versions or names, as they stand there."""
    rule: Callable[[str], str] = at_text if attribute == "firmware" or attribute.startswith("mcu:") else one_line
    try:
        for cell in column.counts:
            rule(cell)
    except ValueError as error:
        return str(error)
    _put(attribute, column, findings)
    return ""


def take_number(attribute: str, column: Column, findings: Findings, low: float, high: float) -> str:
    """The column as numbers in the usual unit."""
    found = measured(column)
    if found is None:
        return "most of its cells are no numbers"
    if found.grouped and high >= 1000.0:
        return thousands(found)
    usual, readable = _IN[attribute]
    other = "" if found.units else other_unit(attribute, column.header, usual)
    if other and other != "Ah":
        return f"is in {other}, and {readable} can be read"
    if attribute == "capacity" and found.high < _LEAST_MAH and set(found.units) != {"ah"} and not other:
        return f"its numbers go from {found.span()}: Ah, or points of thousands? Export mAh without them"
    if other:
        low, high = low / 1000.0, high / 1000.0
    if found.share(low, high) < 1.0:
        return f"its numbers go from {found.span()}, and {low:g} to {high:g} can be read"
    wrong = take_words(found, attribute, findings)
    if wrong:
        return wrong
    why = f"it is called {quoted(column.header, 40)} and has {number_of(found.count, 'number')} from {found.span()}"
    findings.put(f"columns.{attribute}", column.header, why)
    if other:
        findings.put(f"units.{attribute}", other, f"the header says {other}", "mAh or Ah")
    return ""


def _put(attribute: str, column: Column, findings: Findings) -> None:
    most = listed(f"{cell} ({times:,})" for cell, times in column.counts.most_common(4) if not is_nothing(cell))
    more = len(column.counts) - 4
    why = f"it is called {quoted(column.header, 40)} and holds {most}{f' and {more:,} others' if more > 0 else ''}"
    findings.put(f"columns.{attribute}", column.header, why)
    _without(attribute, column, findings)


def _without(attribute: str, column: Column, findings: Findings) -> None:
    for cell, times in column.counts.items():
        if is_nothing(cell):
            says_nothing(attribute, cell, times, "is a usual word for a missing value", findings)


def look_at_versions(column: Column, findings: Findings) -> None:
    """Versions that a spreadsheet may have made numbers of."""
    cells: Mapping[str, int] = column.counts
    if (
        len(cells) > 1
        and all(re.fullmatch(r"\d+\.\d+", cell) for cell in cells)
        and not any(c.endswith("0") for c in cells)
    ):
        return
    lost = [cell for cell in cells if re.fullmatch(r"\d+", cell)]
    dotted = [cell for cell in cells if re.fullmatch(r"\d+\.\d+", cell)]
    if lost and dotted:
        findings.odd.append(
            f"{quoted(column.header, 40)}: {quoted(lost[0])} beside {quoted(dotted[0])} "
            f"({number_of(sum(cells[c] for c in lost), 'device')}): has a spreadsheet cut {quoted(lost[0] + '.0')}?"
        )
