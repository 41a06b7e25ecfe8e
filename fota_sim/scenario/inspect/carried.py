"""What the devices of a scenario were said to be and a file does not say, for a block that takes their place."""

from __future__ import annotations

from typing import Any

from fota_sim.quoting import listed
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.inspect.findings import Findings
from fota_sim.scenario.model import Scenario

_OF_ITS_OWN = ("name", "attributes")
_SAID_BY = {
    "rssi": ("rssi", "rssi_unknown", "battery_signal_correlation"),
    "battery": ("battery_level", "battery_unknown", "battery_signal_correlation", "mains"),
    "chemistry": ("battery",),
    "last_contact": ("gone",),
    "contact_every": ("contact",),
    "t3412": ("contact",),
    "edrx": ("contact",),
    "cell": ("cells",),
}
"""Fields for which a column stands that is not called like them."""


def _shown(value: Any) -> str:
    """As YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_shown(each)}" for name, each in value.items()) + "}"
    return f"[{', '.join(map(_shown, value))}]" if isinstance(value, list) else str(value)


def carry_over(scenario: Scenario, findings: Findings) -> None:
    """Put what all devices of ``scenario`` share into the block, where the file says nothing of it.

    Where they differ nobody knows whom of the file it would hold for, and that is told. Without this a fleet that is
    there at night only, with a host that waits, would become one that is always there and asks, in silence.
    """
    sources = [each.model_dump(mode="json", by_alias=True, exclude_unset=True) for each in scenario.fleet.sources]
    said = set(findings.block) | set(findings.block.get("columns", ()))
    for column in findings.block.get("columns", ()):
        said |= {"mcu"} if column.startswith("mcu:") else set(_SAID_BY.get(column, ()))
    differ = []
    for field in Devices.model_fields:
        if field in _OF_ITS_OWN or field in said:
            continue
        values: list[Any] = [source.get(field) for source in sources]
        if all(value is None for value in values):
            continue
        if any(value != values[0] for value in values):
            differ.append(field)
            continue
        why = "what the devices of the scenario have, and the file does not say"
        findings.put(field, values[0], why, shown=_shown(values[0]))
    if differ:
        are = "is" if len(differ) == 1 else "are"
        findings.odd.append(
            f"{listed(differ)} {are} not the same for all devices of the scenario, and the file does not say which "
            "holds for whom: as built in until you write it below"
        )
