"""What belief, component status, log, outcome and times say of one device never contradict each other.

The scenarios are those that the engines' agreement is hunted with. ``FOTA_SIM_TRUTH=500`` plays that many.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict

import pytest
from scenarios_strategy import seeded

from fota_sim.engines.record import RunRecord
from fota_sim.engines.reference.run import run_replication
from fota_sim.rules.codes import CAUSES_TOLD
from fota_sim.rules.labels import OUTCOMES

RANDOM = int(os.environ.get("FOTA_SIM_TRUTH", "40"))

STATUSES = {
    "Not Upgraded": {"Plan Not Received", "Plan Received"},
    "Upgrading": {
        "Upgrade Confirmed",
        "Ready to Download",
        "Downloading",
        "Download Failed",
        "Download Succeeded",
        "Upgrading",
    },
    "Upgraded": {"Upgrade Succeeded"},
    "Upgrade Failed": {"Upgrade Failed", "Expired Upgrade Plan"},
    "No Update Required": {"No Update Required"},
}
"""Component statuses by what is believed of the device."""

GOES_ON = r"Device confirmed|Upgrade failed; retry|Operator has the upgrade tried again|Reported version is the target"
BEGINS_ANEW = r"Too many failures|Device refused"
ENDS = r"Upgrade of component .* failed$|Upgrade cancelled|Plan ended before|Plan terminated before"
VERDICTS = {
    "Not Upgraded": f"$|{BEGINS_ANEW}|Upgrade failed; retry|Operator has the upgrade tried again",
    "Upgrading": GOES_ON,
    "Upgraded": "",
    "Upgrade Failed": ENDS,
    "No Update Required": "",
}
"""What the last verdict in the platform's log may be, by what is believed; success is a version, told by "Reported"."""

BELIEFS = {
    "upgraded": {"Upgraded", "Upgrading", "Upgrade Failed"},
    "already_on_target": {"No Update Required", "Not Upgraded", "Upgrade Failed"},
    "failed": {"Upgrade Failed", "No Update Required"},
    "rolled_back": {"Upgrade Failed"},
    "cancelled": {"Upgrade Failed"},
    "refused": {"Not Upgraded", "Upgrade Failed"},
    "not_offered": {"Not Upgraded", "Upgrade Failed", "No Update Required"},
    "in_progress": {"Not Upgraded", "Upgrading"},
}
"""What may be believed of a device of each outcome; of the lost and the bricked, whatever was last heard."""

ENDS_BY_CAUSE = {cause.label: {OUTCOMES[outcome] for outcome in cause.ends} for cause in CAUSES_TOLD}
"""Outcomes that each cause says it explains."""


def platform_logs(record: RunRecord) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    assert record.events is not None
    for chunk in record.events.chunks():
        rows = zip(chunk["device"].tolist(), chunk["actor"].texts, chunk["text"].texts, strict=True)
        for device, actor, text in rows:
            if actor == "platform":
                found[device].append(text)
    return found


def _without_late_components(log: list[str]) -> list[str]:
    """The log without components that came after the platform had given the whole up."""
    ends = [place for place, line in enumerate(log) if re.match(ENDS, line)]
    last = ends[-1] if ends else len(log)
    late = "Reported version is the target version: component"
    return [line for place, line in enumerate(log) if place <= last or not line.startswith(late)]


def contradictions(record: RunRecord) -> list[str]:
    """Every contradiction, in words."""
    logs = platform_logs(record)
    names = ("device", "outcome", "cause", "belief", "component_status", "finished_ms")
    found = []
    for device, outcome, cause, belief, status, finished_ms in zip(*map(record.column, names), strict=True):
        log = logs[device]
        if belief == "Upgrade Failed":
            log = _without_late_components(log)
        verdict = next((line for line in reversed(log) if re.match(f"{GOES_ON}|{BEGINS_ANEW}|{ENDS}", line)), "")
        told = f"device {device}: {outcome} ({cause}), {belief}, {status}, finished {finished_ms}, {log[-8:]}"
        if status not in STATUSES[belief]:
            found.append(f"component status and belief: {told}")
        if not re.match(VERDICTS[belief], verdict):
            found.append(f"log and belief: {told}")
        if belief == "Upgraded" and not any(line.startswith("Reported version is the target") for line in log):
            found.append(f"upgraded without a version: {told}")
        if belief not in BELIEFS.get(outcome, STATUSES):
            found.append(f"outcome and belief: {told}")
        if outcome not in ENDS_BY_CAUSE[cause]:
            found.append(f"a cause that does not explain this outcome: {told}")
        if outcome == "rolled_back" and cause not in ("new firmware does not boot", "power lost while flashing"):
            found.append(f"rolled back by what restores nothing: {told}")
        over = belief == "Upgraded" or status == "Upgrade Failed"
        told_by_time = outcome not in ("bricked", "cancelled", "already_on_target")
        if told_by_time and over != (finished_ms >= 0) and belief != "No Update Required":
            found.append(f"finished, or not: {told}")
    return found


@pytest.mark.parametrize("seed", range(RANDOM))
def test_nothing_that_is_said_of_a_device_contradicts_the_rest(seed: int) -> None:
    with seeded(seed).scenario("keep={events: true}") as scenario:
        for replication in range(scenario.replications):
            found = contradictions(run_replication(scenario, replication))
            assert not found, f"seed {seed}, replication {replication}:\n" + "\n".join(found[:3])
