"""The knobs of a scenario, made from the schema and from what the scenario says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fota_sim.analysis.answers.wording import span
from fota_sim.analysis.sweep.axes import axis
from fota_sim.report.explore.fields import schema_field
from fota_sim.report.explore.knob import NOTHING, Knob, choice, limit, steps, text
from fota_sim.report.explore.lists import EXAMPLE, list_in_words, parse_list
from fota_sim.report.explore.source import Source
from fota_sim.report.explore.waves import READY, in_words, parse_waves
from fota_sim.scenario.device_list import DeviceList
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plain_names import plain_value
from fota_sim.scenario.rollout import Rate, Wave

STRATEGY = "strategy"
"""The key of the knob that chooses among the scenario's strategies; the loader takes that beside the changes."""
AS_IT_STANDS = "plan"
"""The plan without any of its strategies."""
FLEET, GATES, PACE, AGAIN, LISTS, SERVER, LUCK = (
    "Fleet",
    "Gates",
    "Rollout",
    "Second tries",
    "Who",
    "Server",
    "Luck",
)
_GIVEN = "as given"
"""The value of a knob over several things that do not agree, or over something that no option says."""
_ROUND = tuple(f"{digit}{'0' * zeros}" for zeros in range(6) for digit in (1, 2, 5))
_SIZES = (*_ROUND[6:], "1000000")
_BANDWIDTHS = tuple(f"{digit}{zeros}bit/s" for zeros in ("M", "0M", "00M", "G", "0G") for digit in (1, 2, 5))
_ABORTS = tuple(f"{share}%" for share in ("0.5", "1", "2", "5", "10"))
_LEAST_SEEN = 50
"""Finished devices before an abort rule of a knob counts a share: of fewer, one failure would be too many."""
_DELAYS = ("0s", "10s", "30s", "1min", "5min", "15min", "30min", "1h", "3h", "6h", "12h", "1d")


def knobs_of(source: Source, scenario: Scenario) -> list[Knob]:
    """What can be turned in ``scenario``, which is one of ``source``'s; in the order to show it.

    Of several plans it is that of the source's.
    """
    one = scenario.of_plan(source.plan)
    return [_where_written(knob, one) for knob in _knobs_of(source, one)]


def _where_written(knob: Knob, one: Scenario) -> Knob:
    """The knob with paths of its plan as the scenario has them: a change begins with one."""
    if not one.plan_name:
        return knob
    paths = tuple(map(one.path_of, knob.paths))
    return replace(knob, paths=paths, changes=lambda value: [*map(one.path_of, knob.changes(value))])


def _knobs_of(source: Source, scenario: Scenario) -> list[Knob]:
    """The same as if the scenario had this plan only."""
    data = scenario.model_dump(mode="json", by_alias=True)
    found = [
        _size(scenario),
        _host(scenario),
        steps(
            "battery",
            GATES,
            "Minimum battery",
            "plan.strategy.min_battery",
            _at(data, "plan.strategy.min_battery"),
            axis("", "0%..100%/21").values,
        ),
        steps(
            "signal",
            GATES,
            "Minimum signal",
            "plan.strategy.min_signal",
            _at(data, "plan.strategy.min_signal"),
            axis("", "-113dBm..-51dBm/32").values,
        ),
        choice("enforced", GATES, "Who compares", "plan.strategy.enforced_by", _at(data, "plan.strategy.enforced_by")),
        _strategy(source, scenario),
        _waves(scenario),
        _rate(scenario),
        limit(
            "slots",
            PACE,
            "Upgrades at a time",
            "plan.rollout.concurrency",
            _at(data, "plan.rollout.concurrency.devices"),
            _ROUND[2:],
            "devices",
        ),
        choice("mode", PACE, "Plan mode", "plan.mode", _at(data, "plan.mode")),
        _abort(scenario),
        text("push", PACE, "Push period", "plan.push_period", _at(data, "plan.push_period", ""), "all day"),
        *_retries(scenario, data),
        _list("white", "Only devices", "plan.whitelist", scenario.plan.whitelist),
        _list("black", "No devices", "plan.blacklist", scenario.plan.blacklist),
        limit(
            "connections",
            SERVER,
            "Connections at a time",
            "network.server.connections",
            _at(data, "network.server.connections"),
            _ROUND[3:],
        ),
        limit("egress", SERVER, "Bandwidth", "network.server.egress", _at(data, "network.server.egress"), _BANDWIDTHS),
        choice("full", SERVER, "When it is full", "network.server.when_full", _at(data, "network.server.when_full")),
        steps("seed", LUCK, "Seed", "seed", _at(data, "seed"), [str(seed) for seed in range(1, 21)]),
        steps(
            "runs",
            LUCK,
            "Replications",
            "replications",
            _at(data, "replications"),
            ("1", "5", "10", "20", "50", "100"),
        ),
    ]
    return [knob for knob in found if knob is not None]


def _at(data: Mapping[str, Any], path: str, nothing: str = NOTHING) -> str:
    """What stands at ``path``, as text."""
    node: Any = data
    for step in path.split("."):
        node = None if node is None else node[step]
    return nothing if node is None else str(node)


def _strategy(source: Source, scenario: Scenario) -> Knob | None:
    names = source.strategies
    if not names:
        return None
    options = tuple(names) if source.says_strategy else (AS_IT_STANDS, *names)
    said = {name: entry.get("description", "") for name, entry in _entries(source)}
    told = "; ".join(f"{name}: {words}" for name, words in said.items() if words)
    help_text = " ".join(["The scenario's named strategies.", told]).strip()

    def words(name: str) -> str:
        return "the plan as it stands" if name == AS_IT_STANDS and AS_IT_STANDS not in names else name

    value = scenario.strategy or AS_IT_STANDS
    return Knob(
        STRATEGY, PACE, "Strategy", help_text, "choice", (STRATEGY,), value, lambda _: [], options, words
    ).holding(value)


def _entries(source: Source) -> list[tuple[str, Mapping[str, Any]]]:
    named: Mapping[str, Any] = source.document.data["strategies"]
    return [(name, entry if isinstance(entry, dict) else {}) for name, entry in named.items()]


def _size(scenario: Scenario) -> Knob | None:
    """All groups together; they keep their proportions, and each as many devices to a cell as it has."""
    groups = scenario.fleet.groups
    whole = sum(group.count for group in groups)
    if not whole:
        return None

    def changes(chosen: str) -> list[str]:
        wanted = int(chosen)
        if wanted == whole:
            return []
        found, given, counted = [], 0, 0
        for group in groups:
            counted += group.count
            count = wanted * counted // whole - given  # so that the sum is what was wanted
            given += count
            cells = max(1, round(group.cells * wanted / whole))
            at = f"fleet.groups.{group.name}"
            found += [f"{at}.count={count}", *([f"{at}.cells={cells}"] if cells != group.cells else [])]
        return found

    path = f"fleet.groups.{groups[0].name}.count"
    about = "Devices in the fleet's groups, which keep their proportions and their number of devices to a radio cell."
    found = steps("size", FLEET, "Devices", path, str(whole), _SIZES)
    paths = tuple(f"fleet.groups.{group.name}" for group in groups)
    return replace(found, help=about, paths=paths, changes=changes)


def _host(scenario: Scenario) -> Knob:
    """The host of every source of devices."""
    blocks = [f"fleet.{kind}.{source.name}" for (_, kind, _), source in scenario.fleet.placed()]
    hosts = {source.host for source in scenario.fleet.sources}
    value = next(iter(hosts)) if len(hosts) == 1 else _GIVEN

    def changes(chosen: str) -> list[str]:
        return [] if chosen == _GIVEN else [f"{block}.host={json.dumps(chosen)}" for block in blocks]

    about = "What drives the module and decides on offers. careful refuses if a reading is missing, lenient accepts "
    about += "then, careless compares nothing, late answers after hours; others are the scenario's own."
    options = ((_GIVEN,) if value == _GIVEN else ()) + tuple(scenario.hosts)
    return Knob("host", FLEET, "Host", about, "choice", tuple(blocks), value, changes, options)


def _waves(scenario: Scenario) -> Knob:
    path = "plan.rollout.waves"
    waves = [wave.model_dump(mode="json", by_alias=True, exclude_defaults=True) for wave in scenario.plan.rollout.waves]
    known = {json.dumps(_written(word)): word for word in READY}
    value = known.get(json.dumps(waves), _GIVEN)

    def changes(chosen: str) -> list[str]:
        return [] if chosen == _GIVEN else [f"{path}={json.dumps(parse_waves(chosen))}"]

    def words(chosen: str) -> str:
        return f"as given, {len(waves)} waves" if chosen == _GIVEN else in_words(chosen)

    options = ((_GIVEN,) if value == _GIVEN else ()) + READY
    return Knob("waves", PACE, "Waves", schema_field(path).text, "choice", (path,), value, changes, options, words)


def _abort(scenario: Scenario) -> Knob:
    path = "plan.rollout.abort"
    rules = [rule.model_dump(mode="json", by_alias=True, exclude_defaults=True) for rule in scenario.plan.rollout.abort]
    ready = {share: [{"share": share, "minimum": _LEAST_SEEN}] for share in _ABORTS}
    value = NOTHING if not rules else next((share for share, rule in ready.items() if rule == rules), _GIVEN)

    def changes(chosen: str) -> list[str]:
        return [] if chosen == _GIVEN else [f"{path}={json.dumps(ready.get(chosen, []))}"]

    def words(chosen: str) -> str:
        if chosen == _GIVEN:
            return f"as given, {len(rules)} rule{'' if len(rules) == 1 else 's'}"
        if chosen == NOTHING:
            return "never"
        return f"{plain_value(chosen)} of finished failed"

    options = ((_GIVEN,) if value == _GIVEN else ()) + (NOTHING, *_ABORTS)
    about = f"{schema_field(path).text} Those offered here count once {_LEAST_SEEN} devices have finished."
    return Knob("abort", PACE, "Stop when", about, "choice", (path,), value, changes, options, words)


def _written(word: str) -> list[Any]:
    """Waves in a word as the scenario would say them."""
    waves = [Wave.model_validate(wave) for wave in parse_waves(word)]
    return [wave.model_dump(mode="json", by_alias=True, exclude_defaults=True) for wave in waves]


def _rate(scenario: Scenario) -> Knob:
    rate = scenario.plan.rollout.rate
    every_s = Rate.model_fields["every"].default if rate is None else rate.every
    every = span(1000 * every_s).removeprefix("1 ")
    value = NOTHING if rate is None else f"{rate.devices:.15g}"
    return limit("rate", PACE, f"Released per {every}", "plan.rollout.rate", value, _ROUND[:15], "devices")


def _retries(scenario: Scenario, data: Mapping[str, Any]) -> list[Knob]:
    """Of the plan's own rule for retries where it has one, else of the strategy."""
    rules = scenario.plan.rollout.retry
    if rules is None:
        block, names = "plan.strategy", ("retries", "retry_delay")
        said: Mapping[str, Any] = data["plan"]["strategy"]
    elif rules:
        block, names = "plan.rollout.retry[0]", ("count", "delay")
        said = data["plan"]["rollout"]["retry"][0]
    else:
        return []
    count = said[names[0]]
    found = [steps("delay", AGAIN, "After", f"{block}.{names[1]}", str(said[names[1]]), _DELAYS)]
    if count is not None:  # null is without end, which is no step of a scale
        most = [str(number) for number in range(11)]
        found.insert(0, steps("retries", AGAIN, "Retries", f"{block}.{names[0]}", str(count), most))
    return found


def _list(key: str, label: str, path: str, entry: DeviceList | None) -> Knob:
    """A list of devices by condition, by file or by id."""

    def changes(chosen: str) -> list[str]:
        return [f"{path}={json.dumps(parse_list(chosen)) if chosen.strip() else 'null'}"]

    about = f"{schema_field(path).text} Write a condition, or {EXAMPLE.partition(', or ')[2]}."
    return Knob(key, LISTS, label, about, "text", (path,), list_in_words(entry), changes, hint=EXAMPLE)
