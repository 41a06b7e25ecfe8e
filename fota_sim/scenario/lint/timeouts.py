"""Timeouts that never run, or that end what is going well."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding, duration

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
                f"{duration(limit_s)} is less than host {name!r} typically takes to answer ({duration(takes_s)}); "
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
        module = scenario.modules[name]
        grows = module.delta_expansion if package.kind == "delta" else 1.0
        apply_s = module.apply_fixed + package.size_B * grows / module.apply_rate
        takes_s = scenario.protocol.flash_delay + apply_s + typical(module.reboot)
        if takes_s >= limit_s:
            message = (
                f"{duration(limit_s)} is less than module {name} typically takes to install {package.name!r} and start "
                f"again ({duration(takes_s)}): good installations would be called failed. Make it longer"
            )
            yield (*_TIMEOUTS, "report"), message
