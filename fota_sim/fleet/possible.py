"""What a condition may come to, without drawing: whether any device of a fleet can meet it, and whether all must.

Each source has values that its devices may have: those of a column, the names of a mix, the ends of a law. A condition
is asked of them value by value, so what two attributes have together is not seen: one that cannot be met is met by
nobody, and one that may be met need not be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fota_sim.quoting import listed, quoted
from fota_sim.scenario.device_rows.cells import is_number
from fota_sim.scenario.device_rows.rows import DeviceRows
from fota_sim.scenario.distribution import Distribution, ends
from fota_sim.scenario.fleet import Devices, TableFleet
from fota_sim.scenario.judging import Node
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.predicate import Comparison, as_name, parse_predicate

May = tuple[bool, bool]
"""Whether it may be met, and whether it may not."""

_EITHER: May = (True, True)
_ROUNDING = 1e-6
_TOLD = 6
"""So many values of an attribute are named."""


@dataclass(frozen=True)
class Values:
    """What devices of a source may have of an attribute."""

    names: frozenset[str] = frozenset()
    spans: tuple[tuple[float, float], ...] = ()
    """Numbers from, and up to."""
    unknown: bool = False
    """Whether some may not know it."""

    def may(self, op: str, said: object) -> May:
        """What a comparison may come to; one of a number with texts, or the other way round, is told elsewhere."""
        if isinstance(said, bool):
            return _EITHER
        if isinstance(said, str):
            return self._of_each([_holds(op, name, said) for name in self.names])
        assert isinstance(said, float)
        yes = any(_may_hold(op, low, high, said) for low, high in self.spans)
        return yes, self.unknown or any(_may_hold(_OPPOSITE[op], low, high, said) for low, high in self.spans)

    def may_be_among(self, wanted: tuple[object, ...]) -> May:
        """The same for a list of texts or numbers."""
        if all(isinstance(each, str) for each in wanted):
            return self._of_each([name in wanted for name in self.names])
        parts = [self.may("==", each) for each in wanted]
        return any(yes for yes, _ in parts), True

    def _of_each(self, found: list[bool]) -> May:
        return any(found), self.unknown or not all(found)


_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _holds(op: str, one: Any, other: Any) -> bool:
    tests: dict[str, bool] = {"==": one == other, "!=": one != other, "<": one < other, ">": one > other}
    tests |= {"<=": one <= other, ">=": one >= other}
    return tests[op]


def _may_hold(op: str, low: float, high: float, said: float) -> bool:
    match op:
        case "==":
            return low <= said <= high
        case "!=":
            return not low == high == said
        case "<" | "<=":
            return _holds(op, low, said)
        case _:
            return _holds(op, high, said)


Known = Callable[[str], Values | None]
"""The values of an attribute by its name; None: nothing is known of them."""


def may(node: Node, values: Known) -> May:
    """What a condition, whose first step is ``node``, may come to."""
    match node.op:
        case "or" | "and" | "not":
            parts = [may(part, values) for part in node.operands]
            if node.op == "not":
                return parts[0][1], parts[0][0]
            if node.op == "or":
                return any(yes for yes, _ in parts), all(no for _, no in parts)
            return all(yes for yes, _ in parts), any(no for _, no in parts)
        case "known":
            found = values(node.operands[0])
            return _EITHER if found is None else (bool(found.names or found.spans), found.unknown)
        case "in":
            found = values(node.operands[0])
            return _EITHER if found is None else found.may_be_among(node.operands[1])
        case op:
            found = values(node.operands[0])
            return _EITHER if found is None else found.may(op, node.operands[1])


@dataclass(frozen=True)
class Possible:
    """What devices of a fleet may have, source by source."""

    scenario: Scenario
    rows: Mapping[str, DeviceRows]
    """Of tables, by the name of the source."""

    def may_meet(self, source: Devices, text: str) -> May:
        """What a condition may come to for the devices of a source."""
        return may(parse_predicate(text).root, partial(self.values, source))

    def met_by_somebody(self, text: str) -> bool:
        """Whether a device of any source may meet a condition."""
        return any(self.may_meet(source, text)[0] for source in self.scenario.fleet.sources)

    def values(self, source: Devices, name: str) -> Values | None:
        """What devices of a source may have of an attribute; None: nobody knows before they are drawn."""
        rows, drawn = self.rows.get(source.name), self._drawn(source, name)
        if rows is None:
            return drawn
        if name in rows.further:
            found = _of_column(rows.further[name])
            own = source.attributes.get(name)
            return found if own is None else Values(found.names | (_of_mix(own).names if found.unknown else set()))
        cells = rows.mapped.get(name)
        if cells is None or drawn is None:
            return drawn
        there = {cell for cell in cells if cell is not None}
        if name in _TEXTS:
            return Values(frozenset(map(str, there)) | (drawn.names if None in cells else frozenset()))
        if name in _READINGS and isinstance(source, TableFleet) and getattr(source.units, name) in _READINGS[name]:
            times = 100.0 if name == "battery" else 1.0
            return Values(spans=tuple(_about(times * float(cell)) for cell in there), unknown=None in cells)
        return None

    def _drawn(self, source: Devices, name: str) -> Values | None:
        if name in source.attributes:
            return _of_mix(source.attributes[name])
        module = self.scenario.modules[source.module]
        match name:
            case "hardware":
                return _of_mix(source.hardware)
            case "firmware":
                return _of_mix(source.firmware)
            case "group":
                return Values(frozenset([source.name]))
            case "module":
                return Values(frozenset([source.module]))
            case "host":
                return Values(frozenset([source.host]))
            case "rssi":
                law = source.rssi or self.scenario.radios[source.radio or module.radio].rssi
                return _of_law(law, 1.0, source.rssi_unknown)
            case "battery":
                mains = module.mains if source.mains is None else source.mains
                level = source.battery_level or (source.battery or module.battery).level
                found = _of_law(level, 100.0, source.battery_unknown)
                full = ((100.0, 100.0),) if mains > 0.0 else ()
                return Values(spans=full if mains == 1.0 else (*found.spans, *full), unknown=found.unknown)
            case "temperature":
                return _of_law(source.temperature, 1.0, 0.0)
        if name in _NOT_KNOWN or name.startswith("mcu_"):
            return None
        return Values(unknown=True)  # an attribute of other sources

    def hint(self, text: str) -> str:
        """Which values there are of attributes that a condition compares with one that no device has; empty if none."""
        for each in parse_predicate(text).comparisons:
            said = each.said.value
            by_letters = each.op not in ("==", "in", "!=") and isinstance(said, str) and is_number(said)
            there = self._names(each) if isinstance(said, str) and each.op != "!=" else set()
            if there and (by_letters or (each.op in ("==", "in") and said not in there)):
                why = ', and texts are ordered by letters, in which "10" comes before "2"' if by_letters else ""
                return f"; here {as_name(each.name)} is {_shown(there)}{why}"
        return ""

    def had_by_nobody(self, text: str) -> Iterator[str]:
        """Values in a condition that no device has, each in words; of attributes whose values are known."""
        for each in parse_predicate(text).comparisons:
            there = self._names(each) if each.op in ("==", "in") and isinstance(each.said.value, str) else set()
            if there and each.said.value not in there:
                name = as_name(each.name)
                yield f"no device has {name} {quoted(str(each.said.value), 40)}; here {name} is {_shown(there)}"

    def _names(self, each: Comparison) -> set[str]:
        """All names that an attribute may have; none where that is not known."""
        found: set[str] = set()
        for source in self.scenario.fleet.sources:
            values = self.values(source, each.name)
            if values is None:
                return set()
            found |= values.names
        return found


_TEXTS = ("hardware", "firmware", "module", "host")
_READINGS = {"rssi": ("dBm", "csq"), "battery": ("%", "share")}
"""Readings of tables, and the units in which they are known before radios and batteries are."""
_NOT_KNOWN = ("id", "cell", "time_zone", "radio", "chemistry", "capacity", "mains", "product")
"""What conditions may ask of every device and is not looked at here."""


def _shown(names: set[str]) -> str:
    return listed(map(quoted, sorted(names)[:_TOLD])) + (", ..." if len(names) > _TOLD else "")


def _about(number: float) -> tuple[float, float]:
    """A number, and what rounding makes of it."""
    return number - _ROUNDING, number + _ROUNDING


def _of_mix(mix: Mapping[str, float]) -> Values:
    return Values(frozenset(name for name, part in mix.items() if part > 0.0))


def _of_law(law: Distribution, times: float, unknown: float) -> Values:
    low, high = ends(law)
    spans = ((times * low - _ROUNDING, times * high + _ROUNDING),) if unknown < 1.0 else ()
    return Values(spans=spans, unknown=unknown > 0.0)


def _of_column(cells: list[str | None]) -> Values:
    """A column of a file that stays an attribute; numbers are texts as well, beside texts of other sources."""
    there = {cell for cell in cells if cell is not None}
    numbers = tuple((float(cell), float(cell)) for cell in there if is_number(cell))
    return Values(frozenset(there), numbers, None in cells)
