"""Modules with a radio that is not of their kind."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.quoting import quoted
from fota_sim.scenario.lint.facts import Facts, Finding
from fota_sim.scenario.model import Scenario


def another_kind_of_radio(facts: Facts) -> Iterator[Finding]:
    """Groups and files that say a radio which their module cannot have."""
    for path, devices, *_ in facts.parts():
        columns = devices.mapped
        radio = devices.radio or facts.scenario.modules[devices.module].radio
        wrong = None if {"module", "radio"} & set(columns) else why_not(facts.scenario, devices.module, radio)
        if wrong:
            yield (*path, "radio" if devices.radio else "module"), wrong


def why_not(scenario: Scenario, module: str, radio: str) -> str | None:
    """Why a module has no such radio, in words with what would do; None if it may have it.

    A module that asks a Wi-Fi station for its signal reads only what Wi-Fi gives, and one with AT+CSQ none of that.
    """
    law = scenario.radios[radio].law
    is_wifi = not scenario.modules[module].at_csq
    if law == "table" or (law == "mcs") == is_wifi:
        return None
    kinds = ("Wi-Fi", "cellular") if is_wifi else ("cellular", "Wi-Fi")
    return (
        f"module {quoted(module)} is {kinds[0]} and radio {quoted(radio)} {kinds[1]}: its signal is read as that of "
        f"another network, or as unknown. Choose a {kinds[0]} radio, or a {kinds[1]} module"
    )
