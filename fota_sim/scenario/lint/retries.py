"""Retries without end, and retries that never come."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fota_sim.quoting import number_of
from fota_sim.scenario.lint.facts import ROLLOUT, Facts, Finding


def without_end(facts: Facts) -> Iterator[Finding]:
    """Retries that nothing ends."""
    rollout = facts.rollout
    if rollout.budget is not None or rollout.penalty_box is not None:
        return
    for number, rule in enumerate(rollout.retry or ()):
        if rule.count is None:
            message = (
                "is without end: a device that can never succeed downloads again and again. Give a count, a budget or "
                "a penalty_box"
            )
            yield (*ROLLOUT, "retry", number, "count"), message


def never_boxed(facts: Facts) -> Iterator[Finding]:
    """A penalty box for more failures than a device may have."""
    box = facts.rollout.penalty_box
    if box is None:
        return
    rules = facts.rollout.retry
    counts = [facts.scenario.plan.strategy.retries] if rules is None else [rule.count for rule in rules]
    most = math.inf if None in counts else 1 + sum(count for count in counts if count is not None)
    if box.failures > most:
        message = (
            f"a device is given up after {number_of(int(most), 'failure')}, before {box.failures} put it into the box; "
            "lower it, or allow more retries"
        )
        yield (*ROLLOUT, "penalty_box", "failures"), message


def module_gives_up_first(facts: Facts) -> Iterator[Finding]:
    """More retries of a download than the module tolerates, unless that is how a real system is set (a preset)."""
    most = facts.scenario.protocol.max_download_failures
    for number, rule in enumerate(facts.rollout.retry or ()):
        if (*ROLLOUT, "retry", number, "count") in facts.from_preset:
            continue
        if "download" in rule.on and "upgrade" not in rule.on and (rule.count is None or rule.count > most):
            message = (
                f"the module calls the upgrade failed after more than {most} failed downloads, and that is of the kind "
                "upgrade; raise protocol.max_download_failures, or add upgrade to on"
            )
            yield (*ROLLOUT, "retry", number, "count"), message
