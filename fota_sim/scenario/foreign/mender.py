"""Mender deployments: what the management API takes and gives, with phases and retries.

Meanings are those of Mender's documentation (docs/presets.md, mender).
"""

from __future__ import annotations

from typing import Any

from fota_sim.scenario.foreign.draft import Draft
from fota_sim.scenario.foreign.fields import Fields
from fota_sim.scenario.foreign.writing import percent
from fota_sim.scenario.types import MOST_DEVICES

TITLE = "a Mender deployment"
PRESET = "mender"

_ALL_PCT = 100

_STATE = "says how far the deployment is, not how it is set up"


def is_one(fields: Fields) -> bool:
    """Whether the file looks like one."""
    return fields.any_of("artifact_name", "phases", "force_installation", "update_control_map")


def read(fields: Fields, draft: Draft) -> None:
    """The plan of a deployment."""
    fields.name("name", draft)
    phases = fields.parts("phases")
    most = fields.whole("max_devices", 0, 2**31)
    _phases(phases, fields, draft)
    if most and not phases:
        draft.put("rollout.waves", [{"count": most}])
        fields.carried("max_devices", "plan.rollout.waves[0].count")
    fields.left("holds for the whole deployment, and waves count for themselves", "max_devices")
    _retries(fields, draft)
    fields.left("packages says what is installed", "artifact_name", "artifacts", "artifacts_provides")
    fields.left(
        "names devices of Mender; write a whitelist if the fleet holds more", "devices", "all_devices", "groups"
    )
    fields.left("is a filter over Mender's inventory; write a whitelist with where:", "filter", "filter_id")
    fields.left("a device on the target is never offered the plan", "force_installation")
    fields.left("pauses on the device have no counterpart", "update_control_map")
    fields.left("the packages of the scenario say what is a delta", "autogenerate_delta")
    fields.left(
        _STATE,
        *("id", "status", "created", "finished", "device_count", "statistics", "initial_device_count", "type"),
        *("configuration", "active", "max_devices_reached"),
    )


def _phases(phases: list[Fields], fields: Fields, draft: Draft) -> None:
    """Waves that open at their times. The last phase takes everybody who is left."""
    times = [phase.time("start_ts") for phase in phases]
    begins = next((moment for moment in times if moment is not None), None) if times and times[0] else None
    if begins is None and any(times):
        begins = fields.time("created")
        fields.carried("created", "start", "the first phase begins when the deployment is created")
    waves: list[dict[str, Any]] = []
    together = 0
    for number, (phase, moment) in enumerate(zip(phases, times, strict=True)):
        wave: dict[str, Any] = {}
        share, count = phase.whole("batch_size", 0, 100), phase.whole("batch_size_devices", 1, MOST_DEVICES)
        last = number == len(phases) - 1
        together += share or 0
        _check_size(phase, share, together, last)
        if share and not last:
            wave["share"] = percent(share)
        elif count and not last:
            wave["count"] = count
        if moment is not None and number:
            if begins is not None and moment < begins:
                phase.wrong("start_ts", "lies before the first phase")
            wave["opens"] = {"at": f"{moment:%Y-%m-%dT%H:%M:%SZ}"}
        phase.carried(
            "batch_size",
            f"plan.rollout.waves[{number}].share",
            "the last phase takes all that are left" if last else "Mender rounds down, and a wave up",
        )
        phase.carried("batch_size_devices", f"plan.rollout.waves[{number}].count", "")
        phase.carried("start_ts", f"plan.rollout.waves[{number}].opens.at" if number else "start")
        phase.left(_STATE, "id", "device_count", "status", "statistics")
        waves.append(wave)
    draft.start = begins
    if len(waves) > 1:
        draft.put("rollout.waves", waves)


def _check_size(phase: Fields, share: int | None, together: int, last: bool) -> None:
    """Put down a size in per cent of all devices that leaves nobody for a phase, with those before it ``together``."""
    if share == 0 and not last:
        phase.wrong("batch_size", "is 0, and a wave of nobody is none; leave the phase out")
    elif share is not None and "batch_size_devices" in phase:
        phase.wrong("batch_size_devices", "stands beside batch_size; a phase has one of them")
    elif share is None and not last and not ("batch_size" in phase or "batch_size_devices" in phase):
        phase.wrong("batch_size", "is missing; only the last phase takes everybody who is left")
    elif share and together > _ALL_PCT:
        cure = "leave it out, for the last phase takes the rest" if last else "lower it, or one before it"
        message = f"makes {together} % with the phases before it, more than all devices; {cure}"
        phase.wrong("batch_size", message)
    elif share and together == _ALL_PCT and not last:
        message = f"makes {_ALL_PCT} % with the phases before it, so nobody is left for the phases that follow"
        phase.wrong("batch_size", f"{message}; lower it, or leave those out")


def _retries(fields: Fields, draft: Draft) -> None:
    count = fields.whole("retries", 0, 100)
    if count is None:
        return
    rules: list[dict[str, Any]] = [{"on": ["download", "shed"], "count": 10, "delay": "1min"}]  # by the client itself
    if count:
        rules.append({"on": ["upgrade", "timeout"], "count": count, "delay": "30min"})
    draft.put("rollout.retry", rules)
    fields.carried("retries", "plan.rollout.retry", "tried again at the client's next poll, 30 min; assumption")
