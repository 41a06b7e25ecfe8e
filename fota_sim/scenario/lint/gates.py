"""Minimums that hold nobody back."""

from __future__ import annotations

from collections.abc import Iterator

from fota_sim.scenario.document import Key
from fota_sim.scenario.lint.facts import Facts, Finding

_STRATEGY: Key = ("plan", "strategy")
FLOOR_DBM = -113.0  # 3GPP TS 27.007, AT+CSQ: 0 is -113 dBm or less


def nothing_to_compare(facts: Facts) -> Iterator[Finding]:
    """A check by the platform with nothing to check."""
    strategy = facts.scenario.plan.strategy
    open_ = strategy.min_signal == FLOOR_DBM and strategy.min_battery == 0.0 and strategy.when_unknown == "offer"
    if strategy.enforced_by == "platform" and open_:
        message = "the platform has nothing to compare: min_signal and min_battery let everybody through; raise one"
        yield (*_STRATEGY, "enforced_by"), message
    if strategy.telemetry_max_age is not None and strategy.enforced_by == "device":
        message = (
            "is for the platform's check, and the host compares here; write enforced_by: platform, or leave it out"
        )
        yield (*_STRATEGY, "telemetry_max_age"), message


def nobody_compares(facts: Facts) -> Iterator[Finding]:
    """A minimum for hosts to compare that no host of the fleet compares."""
    strategy = facts.scenario.plan.strategy
    if strategy.enforced_by != "device":
        return
    hosts = [host for *_, host in facts.parts()]
    for what, value, floor, checks in (
        ("min_signal", strategy.min_signal, FLOOR_DBM, any(host.checks_signal for host in hosts)),
        ("min_battery", strategy.min_battery, 0.0, any(host.checks_battery for host in hosts)),
    ):
        if value > floor and not checks and (*_STRATEGY, what) in facts.written:
            message = (
                "no host of this fleet compares it; write enforced_by: platform, or choose hosts that do (careful)"
            )
            yield (*_STRATEGY, what), message


def nobody_confirms(facts: Facts) -> Iterator[Finding]:
    """A plan that users confirm, none of whom ever does."""
    plan = facts.scenario.plan
    if plan.mode == "manual" and plan.user_confirm_share == 0.0:
        message = "0% of the users confirm, and in manual mode nobody is offered the plan before that; raise it"
        yield ("plan", "user_confirm_share"), message


def always_full(facts: Facts) -> Iterator[Finding]:
    """A minimum battery for devices that are all on mains."""
    mains = facts.share(lambda devices, module, _: float(module.mains if devices.mains is None else devices.mains))
    path = (*_STRATEGY, "min_battery")
    if facts.scenario.plan.strategy.min_battery > 0.0 and mains == 1.0 and path in facts.written:
        yield path, "all devices are on mains and report 100 %, so it holds nobody back; leave it out"
