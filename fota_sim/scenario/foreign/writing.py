"""The plan of another system as a scenario's YAML, with what was not carried as comments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from fota_sim.scenario import units
from fota_sim.scenario.foreign.draft import Draft, Note
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.yaml_text import dumped, indented
from fota_sim.scenario.zones import zone_info

_WIDTH = 160


def duration(seconds: float) -> str:
    """Seconds as a scenario writes them."""
    return units.DURATION.format(float(seconds))


def percent(value: float) -> str:
    """Per cent as a scenario writes them."""
    return f"{Decimal(repr(float(value))).normalize():f}%"


def fragment(draft: Draft, source: str) -> str:
    """The ``plan`` of a scenario without its packages, headed by where it comes from and what it leaves out."""
    head = [*_head(draft, source), "It wants packages: the names of what is installed."]
    if draft.start is not None:
        head += [f"It is activated at {draft.start:%Y-%m-%d %H:%M:%S} UTC: the scenario's start, in its time_zone."]
    lines = [*head, *_remarks(draft)]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + dumped(
        indented(_WIDTH), {"plan": _flow(draft.plan)}
    )


def laid_over(draft: Draft, source: str, base: str) -> str:
    """The text of a scenario with this plan in place of its own; all else stays, comments too.

    Its packages and lists stay where this plan has none, and its zone: ``start`` is written in that. ``base`` is a
    scenario that loads.
    """
    yaml = indented(_WIDTH)
    data = yaml.load(base)
    old = data.get("plan") or {}
    plan = _flow(draft.plan)
    for kept in ("packages", "whitelist", "blacklist"):
        if kept in old and kept not in plan:
            plan[kept] = old[kept]
    data["plan"] = plan
    data.yaml_set_comment_before_after_key("plan", before="\n".join([*_head(draft, source), *_remarks(draft)]))
    if draft.start is not None:
        zone = zone_info(data.get("time_zone") or Scenario.model_fields["time_zone"].default)
        data["start"] = draft.start.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")
    return dumped(yaml, data)


def _head(draft: Draft, source: str) -> list[str]:
    return [f"The plan of {draft.system}, from {source}."]


def _remarks(draft: Draft) -> list[str]:
    """What of the other system's file is not carried, or not quite."""
    lines = ["", "Not carried:", *map(_said, draft.left)] if draft.left else []
    known = [_said(note) for note in draft.carried if note.why]
    return [*lines, "", "Carried, but know that:", *known] if known else lines


def _said(note: Note) -> str:
    into = f" -> {note.into}" if note.into else ""
    return f"  {note.path} ({note.value}){into}: {note.why}"


def _flow(plan: dict[str, Any]) -> CommentedMap:
    """Mappings in lists, and lists, on one line each."""
    found = CommentedMap()
    for name, value in plan.items():
        if isinstance(value, dict):
            found[name] = _flow(value)
        elif isinstance(value, list):
            found[name] = CommentedSeq(_in_one_line(each) for each in value)
            if not any(isinstance(each, dict) for each in value):
                found[name].fa.set_flow_style()
        else:
            found[name] = value
    return found


def _in_one_line(value: Any) -> Any:
    line: CommentedSeq | CommentedMap
    if isinstance(value, list):
        line = CommentedSeq(_in_one_line(each) for each in value)
    elif isinstance(value, dict):
        line = CommentedMap((name, _in_one_line(each)) for name, each in value.items())
    else:
        return value
    line.fa.set_flow_style()
    return line
