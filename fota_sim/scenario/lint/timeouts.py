"""Timeouts that never run, or that end what is going well."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.product import Package
from fota_sim.scenario.sleep import access_of

_TIMEOUTS: Key = (*ROLLOUT, "timeouts")


def typical(law: Distribution) -> float:
    """A middle of the law, near enough for a warning."""
    match law.kind:
        case "constant":
            return law.value
        case "normal":
            return law.mean
        case "lognormal":
            return law.median
        case "uniform" | "beta":
            return (law.low + law.high) / 2.0
        case "table":
            return math.fsum(law.values) / len(law.values)
        case _:
            weights = zip(law.weights, law.parts, strict=True)
            return math.fsum(weight * typical(part) for weight, part in weights)


def shorter_than_the_answer(facts: Facts) -> Iterator[Finding]:
    """A wait for the answer that a host of the fleet typically takes longer for."""
    limit_s = facts.rollout.timeouts.ack
    if limit_s is None:
        return
    for name in sorted({devices.host for _, devices in facts.scenario.fleet.placed()}):
        takes_s = typical(facts.scenario.hosts[name].confirm_delay)
        if takes_s >= limit_s:
            message = (
                f"{duration(limit_s)} is no more than host {name!r} typically takes to answer ({duration(takes_s)}); "
                "make it longer"
            )
            yield (*_TIMEOUTS, "ack"), message


def shorter_than_the_installation(facts: Facts) -> Iterator[Finding]:
    """A wait for the result that an installation of the module's own firmware takes longer for."""
    limit_s, scenario = facts.rollout.timeouts.report, facts.scenario
    packages = [p for p in scenario.planned if p.component == scenario.module_component]
    if limit_s is None or not packages:
        return
    package = packages[0]
    for name in sorted({devices.module for _, devices in facts.scenario.fleet.placed()}):
        takes_s = installs_s(scenario, name, package)
        if takes_s >= limit_s:
            message = (
                f"{duration(limit_s)} is no more than module {name} typically takes to install {package.name!r} and "
                f"start again ({duration(takes_s)}): good installations would be called failed. Make it longer"
            )
            yield (*_TIMEOUTS, "report"), message


def slot_of_the_silent(facts: Facts) -> Iterator[Finding]:
    """Slots that are free again while the device that had one is well: it thinks about the offer, or installs."""
    slots, scenario = facts.rollout.concurrency, facts.scenario
    limit_s = None if slots is None else slots.expires
    if slots is None or limit_s is None:
        return
    silent = {
        f"host {devices.host!r} typically takes to answer": typical(scenario.hosts[devices.host].confirm_delay)
        for _, devices in scenario.fleet.placed()
    }
    packages = [p for p in scenario.planned if p.component == scenario.module_component]
    if packages and slots.until == "finished":
        silent |= {
            f"module {devices.module} typically takes to install {packages[0].name!r}": installs_s(
                scenario, devices.module, packages[0]
            )
            for _, devices in scenario.fleet.placed()
        }
    what, takes_s = max(silent.items(), key=lambda each: each[1], default=("", 0.0))
    if takes_s >= limit_s:
        message = (
            f"{duration(limit_s)} is no more than {what} ({duration(takes_s)}): slots of devices that are well are "
            f"given away meanwhile, and more than {slots.devices:,} at a time go on. Make it longer"
        )
        yield (*ROLLOUT, "concurrency", "expires"), message


def switched_off_in_writing(facts: Facts) -> Iterator[Finding]:
    """A host that sleeps between contacts and waits less than its module takes to write its own firmware."""
    scenario = facts.scenario
    packages = [p for p in scenario.planned if p.component == scenario.module_component]
    if not packages:
        return
    for where, devices in scenario.fleet.placed():
        if devices.contact.pattern != "wake":
            continue
        host, contact = scenario.hosts[devices.host], devices.contact
        access = access_of(scenario.radios[devices.radio or scenario.modules[devices.module].radio].law)
        waits_s = host.patience + (contact.linger if contact.sleep is None else contact.sleep.linger_s(access))
        takes_s = _writes_s(scenario, devices.module, packages[0])
        if takes_s >= waits_s:
            then = "linger" if contact.sleep is None else "the time that it listens"
            message = (
                f"host {devices.host!r} switches its module off after {duration(waits_s)} of silence (patience and "
                f"{then}), and module {devices.module} is silent for {duration(takes_s)} while it writes "
                f"{packages[0].name!r}: power is lost in the middle of writing. Give the host more patience"
            )
            yield (*where, "host"), message


def installs_s(scenario: Scenario, module_name: str, package: Package) -> float:
    """From "download successful" until a module that installs its own new firmware has typically started again."""
    return _writes_s(scenario, module_name, package) + typical(scenario.modules[module_name].reboot)


def _writes_s(scenario: Scenario, module_name: str, package: Package) -> float:
    """From ``7,10704`` until the module's own new firmware is written."""
    module = scenario.modules[module_name]
    grows = module.delta_expansion if package.kind == "delta" else 1.0
    takes_s: float = scenario.protocol.flash_delay + module.apply_fixed + package.size_B * grows / module.apply_rate
    return takes_s
