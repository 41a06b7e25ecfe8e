"""A column of two kinds of words: on mains or not, gone or not."""

from __future__ import annotations

from fota_sim.quoting import listed, quoted
from fota_sim.scenario.device_rows.written import is_nothing
from fota_sim.scenario.inspect.findings import Column, Findings
from fota_sim.scenario.inspect.headers import INVERTED, plain
from fota_sim.scenario.inspect.measure import says_nothing

YES = frozenset(["yes", "y", "true", "1", "ja", "j", "oui", "si", "sí", "wahr", "x", "on", "是"])
NO = frozenset(["no", "n", "false", "0", "nein", "non", "falsch", "off", "否"])
_ON_MAINS = frozenset(
    (
        "mains",
        "netz",
        "ac",
        "line",
        "grid",
        "plugged",
        "usb",
        "external",
        "extern",
        "ext",
        "230v",
        "230vac",
        "netzbetrieb",
        "netzteil",
        "strom",
        "secteur",
        "red",
        "rete",
        "adapter",
        "市电",
    )
)
_ON_BATTERY = frozenset(
    (
        "battery",
        "batterie",
        "batt",
        "bat",
        "akku",
        "dc",
        "batteriebetrieb",
        "pile",
        "bateria",
        "batteria",
        "accu",
        "cell",
        "primary",
        "rechargeable",
        "lithium",
        "internal",
        "intern",
        "电池",
    )
)
_READ = frozenset(["yes", "no", "true", "false", "y", "n", "1", "0"])
"""Words that are read without being told."""


def take_yes_no(attribute: str, column: Column, findings: Findings) -> str:
    """Put the column into the block as ``mains`` or ``gone``; why not, if some word is not known."""
    inverted = INVERTED.search(plain(column.header)) is not None
    values: dict[str, str] = {}
    unknown = []
    for cell in column.counts:
        if is_nothing(cell):
            continue
        says = _says(attribute, plain(cell.removesuffix(".0")), inverted)
        if says is None:
            unknown.append(cell)
        else:
            values[cell] = "yes" if says else "no"
    if unknown:
        words = listed(quoted(cell, 20) for cell in unknown[:4])
        return f"its words {words} do not say yes or no; map them with values: {{{attribute}: {{...}}}}"
    if not values:
        return "holds nothing"
    counted = listed(f"{cell} ({column.counts[cell]:,})" for cell in values)
    findings.put(f"columns.{attribute}", column.header, f"it is called {quoted(column.header, 40)} and holds {counted}")
    told = {cell: said for cell, said in values.items() if inverted or cell.casefold().removesuffix(".0") not in _READ}
    if told:
        why = "what these words usually say" + (", the other way round for this header" if inverted else "")
        shown = listed(f"{cell} is {said}" for cell, said in told.items())
        findings.put(f"values.{attribute}", told, why, "yes or no for each", shown)
    for cell, times in column.counts.items():
        if is_nothing(cell):
            says_nothing(attribute, cell, times, "is a usual word for a missing value", findings)
    return ""


def _says(attribute: str, word: str, inverted: bool) -> bool | None:
    """Whether a word says that it is so; None for one that says neither."""
    if attribute == "mains" and word in _ON_MAINS | _ON_BATTERY:
        return word in _ON_MAINS
    if word not in YES | NO:
        return None
    return (word in YES) is not inverted
