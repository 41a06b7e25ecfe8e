"""The state as a scenario of its own: the author's file with the changes in it, or the resolved scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from fota_sim.errors import ScenarioError
from fota_sim.report.explore.source import Source
from fota_sim.scenario.document import Document
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.fleet import TableFleet
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.overrides import apply_override, override_path

_WIDTH = 110
_OF_PLANS = ("plan.", "plans.")
"""How paths begin that a strategy may lie over."""


def saved(source: Source, changes: Sequence[str], strategy: str | None) -> str:
    """YAML that says the scenario which ``changes`` and ``strategy`` make of ``source``, wherever it is saved.

    The author's text and comments stay where they can; where they cannot (the file extends another one, say), it is
    the scenario with everything filled in, and its first lines say so. Raises ScenarioError for a scenario that
    cannot be.
    """
    wanted = _placed(source, source.scenario(changes, strategy))
    text = _edited(source, [*source.overrides, *changes], strategy)
    if text is not None:
        try:
            if _same(parse_scenario(text, source.path), wanted):
                return text
        except ScenarioError:
            pass
    heading = f"# {source.path.name} as it was explored, with everything filled in: its own text cannot say it alone.\n"
    return heading + dump_yaml(wanted)


def _edited(source: Source, changes: Sequence[str], strategy: str | None) -> str | None:
    """The author's text with the changes in it; None for a file that extends another, whose text is not all here."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    data = yaml.load(source.text)
    if "extends" in data:
        return None
    document = Document(data)
    for text in changes:
        if strategy is None or not override_path(text).startswith(_OF_PLANS):
            apply_override(document, text)
    if strategy is not None:
        data["strategy"] = strategy
        _into_strategy(document, strategy, [text for text in changes if override_path(text).startswith(_OF_PLANS)])
    _absolute(source, data)
    out = StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _into_strategy(document: Document, name: str, changes: Sequence[str]) -> None:
    """A strategy lies over the plan, so what is to win over it has to stand in the strategy."""
    entry = document.data["strategies"][name]
    if entry is None:
        entry = document.data["strategies"][name] = CommentedMap()
    if entry.get("set") is None:
        entry.pop("set", None)
        entry.insert(list(entry).index("plan") if "plan" in entry else len(entry), "set", CommentedMap())
    fields = entry["set"]
    for text in changes:
        path = override_path(text)
        value: dict[str, Any] = {}
        apply_override(Document(value), f"value={text.partition('=')[2]}")
        fields.pop(path, None)  # the last one wins
        fields[path] = value["value"]


def _absolute(source: Source, data: Mapping[str, Any]) -> None:
    """Files are named by their whole path, for nobody knows where the scenario is saved."""
    plans = [data.get("plan"), *(data.get("plans") or {}).values()]
    lists = [entry for plan in plans for entry in _lists(plan or {})]
    sources = [
        entry for entries in (data.get("fleet") or {}).values() if isinstance(entries, list) for entry in entries
    ]
    for entry in (*lists, *sources):
        if isinstance(entry, dict) and entry.get("file"):
            entry["file"] = str((source.path.resolve().parent / entry["file"]).resolve())


def _lists(plan: Mapping[str, Any]) -> list[Any]:
    """Whatever stands where a plan may have a list of devices."""
    rollout = plan.get("rollout") or {}
    waves = rollout.get("waves")
    return [
        plan.get("whitelist"),
        plan.get("blacklist"),
        *(action.get("devices") for action in plan.get("operator", ())),
        *(wave.get("devices") for wave in (waves if isinstance(waves, list) else ())),
        (rollout.get("concurrency") or {}).get("priority"),
    ]


def _placed(source: Source, scenario: Scenario) -> Scenario:
    """The scenario with its files named by their whole paths."""
    data = scenario.model_dump(mode="json", by_alias=True)
    for path, entry in scenario.lists:
        if entry.file:
            node: Any = data
            for step in path:
                node = node[step]
            node["file"] = str((scenario.base_dir / entry.file).resolve())
    for (_, kind, index), devices in scenario.fleet.placed():
        if isinstance(devices, TableFleet):
            data["fleet"][kind][index]["file"] = str((scenario.base_dir / devices.file).resolve())
    return Scenario.model_validate(data)


def _same(one: Scenario, other: Scenario) -> bool:
    """Whether both say the same; where their files are named by whole paths, it does not matter where they stand."""
    first, second = (each.model_dump(mode="json", exclude={"strategy"}) for each in (one, other))
    return first == second
