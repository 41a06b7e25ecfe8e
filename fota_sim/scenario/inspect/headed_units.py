"""The unit that a column's name says, held against the one that its numbers are read in: ``Capacity (Ah)``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fota_sim.scenario.inspect.headers import NOT_SIGNAL, plain, unit_of

_MAY_BE: Mapping[str, tuple[str, ...]] = {
    "rssi": ("%", "bars"),
    "battery": ("%", "v", "mv", "mah", "ah", "wh", "mwh", "days", "d"),
    "capacity": ("mah", "ah", "wh", "mwh", "%", "v", "mv"),
    "temperature": ("c", "°c", "degc", "f", "°f", "degf", "fahrenheit", "k", "kelvin"),
}
"""Units, in small letters, that a column's name says of such a quantity, whether they can be read or not."""
_READ: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("battery", "%"): ("%",),
    ("battery", "share"): ("%",),
    ("battery", "V"): ("v",),
    ("battery", "mV"): ("mv", "v"),
    ("capacity", "mAh"): ("mah",),
    ("capacity", "Ah"): ("ah",),
    ("temperature", "C"): ("c", "°c", "degc"),
}
"""Those that numbers are in which are read as this unit."""
_CALLED = {"v": "V", "mv": "mV", "mah": "mAh", "ah": "Ah", "wh": "Wh", "mwh": "mWh", "f": "F", "°f": "°F", "k": "K"}
_TENTHS = re.compile(r"^(?:1/10|0[.,]1)|[x*]\s*10$|/10$")


def other_unit(attribute: str, header: str, unit: str) -> str:
    """The unit that a column's name says its numbers are in, if they are read as ``unit`` and that is another.

    >>> other_unit("capacity", "Capacity (Ah)", "mAh"), other_unit("temperature", "Temp [°F]", "C")
    ('Ah', '°F')
    >>> other_unit("battery", "Battery (%)", "%"), other_unit("battery", "Battery", "%")
    ('', '')
    """
    said = unit_of(header)
    if _TENTHS.search(said):
        return f"tenths ({said})"
    if said not in _MAY_BE.get(attribute, ()) or said in _READ.get((attribute, unit), ()):
        return ""
    return _CALLED.get(said, said)


def other_signal(header: str, unit: str) -> str:
    """What else than the level of a signal a column's name says, if its numbers are read as dBm; ``""`` for nothing.

    >>> other_signal("RSRP (dBm)", "dBm"), other_signal("SNR", "dBm"), other_signal("RSSI", "dBm")
    ('RSRP', 'the quality of the link', '')
    """
    name = plain(header)
    if "rsrp" in name and "rssi" not in name:
        return "RSRP" if unit == "dBm" else ""
    return "the quality of the link" if NOT_SIGNAL.search(name) else ""
