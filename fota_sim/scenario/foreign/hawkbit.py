"""hawkBit rollouts: what ``POST /rest/v1/rollouts`` takes and ``GET`` gives, with groups and conditions.

Meanings and defaults are those of hawkBit's own sources (docs/presets.md, hawkbit).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from fota_sim.scenario.foreign.cron import NotSayableError, recurring
from fota_sim.scenario.foreign.draft import Draft
from fota_sim.scenario.foreign.fields import Fields
from fota_sim.scenario.foreign.writing import percent
from fota_sim.scenario.zones import known_zone

TITLE = "a hawkBit rollout"
PRESET = "hawkbit"

_DEFAULT = 50.0  # RolloutGroupConditionBuilder.withDefaults, both conditions
_MOST_GROUPS = 500
_STATE = "says how far the rollout is, not how it is set up"
_ANSWER = (
    "as equal groups with hawkBit's default conditions: the answer of GET says neither the shares nor the conditions "
    "of its groups; the body of POST does"
)
_FILTER = "is a filter over hawkBit's targets; write a whitelist with where:"
_GROUP_FILTER = "is a filter over hawkBit's targets; write it as devices: {where: ...} of this wave, beside its share"


def is_one(fields: Fields) -> bool:
    """Whether the file looks like one."""
    return any(
        name in fields
        for name in ("amountGroups", "distributionSetId", "targetFilterQuery", "successCondition", "groups")
    )


def read(fields: Fields, draft: Draft) -> None:
    """The plan of a rollout."""
    fields.name("name", draft)
    draft.start = fields.time("startAt")
    fields.carried("startAt", "start", "the plan is activated then")
    _groups(fields, draft)
    _kind(fields, draft)
    if fields.flag("dynamic"):
        draft.put("rollout.late_joiners", "last-wave")
    fields.carried("dynamic", "plan.rollout.late_joiners", "late joiners come into the last wave, not into new groups")
    if fields.flag("confirmationRequired"):
        draft.put("mode", "manual")
    fields.carried("confirmationRequired", "plan.mode")
    _maintenance(fields.part("maintenanceWindow"), draft)
    fields.left("new groups for late joiners have no counterpart", "dynamicGroupTemplate")
    fields.left(_FILTER, "targetFilterQuery")
    fields.left("packages says what is installed", "distributionSetId")
    fields.left("one plan is played, so none comes before another", "weight")
    fields.left("is a remark", "description")
    fields.left(
        _STATE,
        *("id", "status", "createdAt", "createdBy", "lastModifiedAt", "lastModifiedBy", "totalTargets", "deleted"),
        *("totalTargetsPerStatus", "totalGroups", "_links", "approveDecidedBy", "approvalRemark"),
    )


class _Conditions:
    """When the next group begins, and when everything pauses."""

    def __init__(self, fields: Fields, otherwise: _Conditions | None) -> None:
        self.success: float = _threshold(fields, "successCondition", otherwise.success if otherwise else _DEFAULT)
        self.error: float = _threshold(fields, "errorCondition", otherwise.error if otherwise else _DEFAULT)
        action = fields.part("successAction")
        said = action.word("action", ("NEXTGROUP", "PAUSE"))
        self.waits: bool = said == "PAUSE" if said else otherwise is not None and otherwise.waits
        action.carried("action", "plan.rollout.waves.opens.by_operator" if self.waits else "plan.rollout.waves.opens")
        pause = fields.part("errorAction")
        pause.word("action", ("PAUSE",))
        pause.carried("action", "plan.rollout.abort.action")
        for each in (action, pause):
            each.left("these actions take none", "expression")

    def opens(self) -> dict[str, Any]:
        """When the next group begins, as a wave has it."""
        found: dict[str, Any] = {"success": percent(self.success), "when_all_finished": "open"}
        if self.waits:
            found["by_operator"] = True
        return found


def _threshold(fields: Fields, name: str, otherwise: float) -> float:
    condition = fields.part(name)
    if not condition:
        return otherwise
    condition.word("condition", ("THRESHOLD",))
    found = condition.number("expression", 0, 100)
    into = "plan.rollout.waves.opens.success" if name == "successCondition" else "plan.rollout.abort.share"
    condition.carried("condition", into)
    condition.carried("expression", into)
    return 100.0 if found is None else found  # a condition object without an expression


def _groups(fields: Fields, draft: Draft) -> None:
    whole = _Conditions(fields, None)
    amount = fields.whole("amountGroups", 1, _MOST_GROUPS) or fields.whole("totalGroups", 0, _MOST_GROUPS)
    groups = fields.parts("groups")
    if groups:
        waves, conditions = _named_groups(groups, whole)
        fields.left("groups are named, so their number is not asked", "amountGroups")
        for before, wave in zip(conditions, waves[1:], strict=False):
            wave["opens"] = before.opens()
        _nobody_after(groups, waves, fields)
    else:
        waves, conditions = [{}], [whole]
        if amount is not None and amount > 1:
            waves = [{"groups": amount, "opens": whole.opens()}]
        fields.carried("amountGroups", "plan.rollout.waves[0].groups")
        if "amountGroups" not in fields:
            fields.carried("totalGroups", "plan.rollout.waves[0].groups", _ANSWER)
    if len(waves) > 1 or waves[0]:
        draft.put("rollout.waves", waves)
    _abort(fields, conditions, draft)


def _named_groups(groups: list[Fields], whole: _Conditions) -> tuple[list[dict[str, Any]], list[_Conditions]]:
    waves, conditions = [], []
    for number, group in enumerate(groups):
        wave: dict[str, Any] = {}
        name = group.text("name")
        if name:
            wave["name"] = name
        share = group.number("targetPercentage", 0, 100)
        if share == 0:
            group.wrong("targetPercentage", "is 0, and a wave of nobody never ends; leave the group out")
        elif share is not None and share < 100:
            wave |= {"share": percent(share), "share_of": "rest"}
        group.carried("name", f"plan.rollout.waves[{number}].name")
        of = "of who matches and is left"
        if number == len(groups) - 1 and not any("targetFilterQuery" in each for each in groups):
            of += "" if share in (None, 100) else "; some are in no group then, and hawkBit refuses such a rollout"
        group.carried("targetPercentage", f"plan.rollout.waves[{number}].share", of)
        group.left(_GROUP_FILTER, "targetFilterQuery")
        group.left("a plan asks for all or for nobody", "confirmationRequired")
        group.left("is a remark", "description")
        group.left(
            _STATE,
            *("id", "status", "totalTargets", "totalTargetsPerStatus", "createdAt", "createdBy", "lastModifiedAt"),
            *("lastModifiedBy", "_links", "dynamic"),
        )
        conditions.append(_Conditions(group, whole))
        waves.append(wave)
    return waves, conditions


def _nobody_after(groups: list[Fields], waves: list[dict[str, Any]], fields: Fields) -> None:
    """Tell which group takes everybody before the last one; a group without a percentage takes 100."""
    for number, (group, wave) in enumerate(zip(groups[:-1], waves[:-1], strict=True)):
        if "share" not in wave and "targetFilterQuery" not in group:
            why = f"groups[{number}] takes everybody who is left, and the groups after it hold nobody"
            fields.carried("groups", "plan.rollout.waves", why)
            return


def _abort(fields: Fields, conditions: list[_Conditions], draft: Draft) -> None:
    """One rule for whatever wave is open: where groups differ, the strictest."""
    errors = [each.error for each in conditions]
    rule = {
        "on": ["download", "shed", "upgrade", "timeout"],
        "share": percent(min(errors)),
        "share_of": "group",
        "compare": ">",
        "scope": "wave",
        "action": "pause",
    }
    draft.put("rollout.abort", [rule])
    if len(set(errors)) > 1:
        why = f"error conditions differ by group; {percent(min(errors))}, the strictest, holds for all"
        fields.carried("groups", "plan.rollout.abort.share", why)


def _kind(fields: Fields, draft: Draft) -> None:
    kind = fields.word("type", ("forced", "soft", "timeforced", "downloadonly"))
    if kind == "forced":
        draft.put("mode", "silent")
        fields.carried("type", "plan.mode")
    fields.left("how a device may put off, or only download, has no counterpart", "type", "forcetime")


def _maintenance(window: Fields, draft: Draft) -> None:
    if not window:
        return
    try:
        seconds = _duration_s(window.text("duration") or "")
        parts = (window.text("schedule") or "").split()
        if len(parts) not in (6, 7):
            raise NotSayableError("is no Quartz cron expression of six or seven fields")
        if parts[0] != "0" or (len(parts) == 7 and parts[6] not in ("*", "?")):
            raise NotSayableError("seconds and years have no field in a maintenance window")
        zone = _zone(window.text("timezone") or "+00:00")
        found = recurring(parts[1], parts[2], parts[3], parts[4], parts[5], seconds / 60)
    except NotSayableError as error:
        window.left(str(error), "schedule", "duration", "timezone")
        return
    draft.put("rollout.maintenance", found.maintenance(zone))
    for name in ("schedule", "duration"):
        window.carried(name, "plan.rollout.maintenance[0].hours")
    window.carried("timezone", "plan.rollout.maintenance[0].zone")


def _duration_s(text: str) -> float:
    match = re.fullmatch(r"(\d+):(\d+):(\d+)", text)
    if match is None:
        raise NotSayableError("the duration is not hours:minutes:seconds")
    hours, minutes, seconds = map(int, match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds).total_seconds()


def _zone(text: str) -> str:
    try:
        return known_zone(text)
    except ValueError as error:
        raise NotSayableError(str(error)) from None
