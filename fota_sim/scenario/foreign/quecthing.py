"""The vendor's own upgrade plan, field by field as the Developer Center's page labels them.

There is no public interface that exports a plan (docs/import.md), so this reads what somebody writes down from the
page: its labels with what they say, as YAML or JSON.
"""

from __future__ import annotations

import re
from datetime import UTC, tzinfo

from fota_sim.scenario.foreign.draft import Draft
from fota_sim.scenario.foreign.fields import Fields
from fota_sim.scenario.foreign.writing import duration, percent
from fota_sim.scenario.zones import known_zone, zone_info

TITLE = "a QuecThing upgrade plan"
PRESET = "quecthing"

_NAMES = ("Plan Name", "Upgrade Mode", "Push Plan Actively", "Effective Period After Rejection", "Upgrade Strategy")
_TIME_OF_DAY = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|to|~)\s*(\d{1,2}:\d{2})")


def is_one(fields: Fields) -> bool:
    """Whether the file looks like one."""
    return fields.any_of(*_NAMES)


def read(fields: Fields, draft: Draft) -> None:
    """The plan of the page."""
    fields.name("Plan Name", draft)
    mode = fields.word("Upgrade Mode", ("Silent Upgrade", "Manual Upgrade", "Silent", "Manual"))
    if mode:
        draft.put("mode", mode.split()[0].lower())
        fields.carried("Upgrade Mode", "plan.mode")
    push = fields.flag("Push Plan Actively")
    if push is not None:
        draft.put("push", push)
        fields.carried("Push Plan Actively", "plan.push")
    _times(fields, draft)
    minutes = fields.whole("Effective Period After Rejection", 10, 1440, "min")
    if minutes is not None:
        draft.put("rejection_hold", f"{minutes}min")
        fields.carried("Effective Period After Rejection", "plan.rejection_hold", "in minutes")
    for part in (fields, fields.part("Upgrade Strategy")):
        _strategy(part, draft)
    for list_name, field in (("Whitelist", "whitelist"), ("Blacklist", "blacklist")):
        label = next((each for each in (list_name, f"Set {list_name}") if each in fields), list_name)
        if _is_set(fields, label):
            ids = fields.strings(label)
            draft.put(field, {"ids": ids})
            fields.carried(label, f"plan.{field}.ids")
    fields.left(
        "product and packages of the scenario say this",
        *("Project Name", "Product Name", "Model", "Components", "Selected Version", "Upgrade Component"),
    )
    fields.left("is a text for the App", "Upgrade Text", "Description", "Remarks")


def _is_set(fields: Fields, label: str) -> bool:
    """Whether the page has such a list; some write down whether it is set, and not who is on it."""
    said = fields.says(label)
    if said is None:
        return label in fields
    if said:
        fields.wrong(label, "says that there is a list, and not which devices are on it; write their ids")
    else:
        fields.left("there is no such list", label)
    return False


def _strategy(part: Fields, draft: Draft) -> None:
    for label in ("Retry Times", "Retries", "Number of Retries"):
        count = part.whole(label, 0, 5)
        if count is not None:
            draft.put("strategy.retries", count)
            part.carried(label, "plan.strategy.retries")
    for label in ("Minimum Signal Strength", "Minimum Signal", "Minimum RSSI", "Min Signal"):
        signal_dBm = part.number(label, -113, -51, "dBm")
        if signal_dBm is not None:
            draft.put("strategy.min_signal", f"{signal_dBm:g}dBm")
            part.carried(label, "plan.strategy.min_signal", "in dBm")
    for label in ("Minimum Battery Level", "Minimum Battery", "Minimum Power", "Min Battery"):
        battery_pct = part.number(label, 0, 100, "%")
        if battery_pct is not None:
            draft.put("strategy.min_battery", percent(battery_pct))
            part.carried(label, "plan.strategy.min_battery", "in per cent")


def _zone(fields: Fields, draft: Draft) -> tzinfo:
    """The zone of the plan's times: UTC if the file does not say."""
    name = (fields.text("Time Zone") or "").strip()
    if not name:
        return UTC
    try:
        name = known_zone(name)
    except ValueError as error:
        fields.wrong("Time Zone", str(error))
        return UTC
    draft.put("time_zone", name)
    fields.carried("Time Zone", "plan.time_zone")
    return zone_info(name)


def _times(fields: Fields, draft: Draft) -> None:
    zone = _zone(fields, draft)
    begins, ends = fields.time("Planned Start Time", zone), fields.time("Planned End Time", zone)
    if begins is not None:
        draft.start = begins
        fields.carried("Planned Start Time", "start")
    if ends is not None and begins is not None:
        if ends <= begins:
            fields.wrong("Planned End Time", "lies before the start")
        draft.put("ends", duration(max(1.0, (ends - begins).total_seconds())))
        fields.carried("Planned End Time", "plan.ends")
    fields.left("counts from a start that the file does not say; write plan.ends", "Planned End Time")
    period = fields.text("Push Period")
    if period is not None:
        match = _TIME_OF_DAY.search(period)
        if match is None:
            fields.wrong("Push Period", 'is no period of hours, for example "01:00-05:00"')
        else:
            draft.put("push_period", f"{match[1]}-{match[2]}")
            fields.carried("Push Period", "plan.push_period")
