"""What no single field can know: names that must exist, lists that must leave somebody, windows that must open."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from fota_sim.rules import lifecycle
from fota_sim.scenario.csv_source import header_problems, read_header
from fota_sim.scenario.document import Key
from fota_sim.scenario.fleet import Devices
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plan import device_lists
from fota_sim.scenario.predicate import PredicateError, parse_predicate
from fota_sim.scenario.product import Package
from fota_sim.scenario.rollout import Abort, Rollout, SequentialTest

Finding = tuple[Key, str]

KNOWN_COLUMNS = (
    "id",
    "group",
    "module",
    "radio",
    "host",
    "hardware",
    "firmware",
    "rssi",
    "battery",
    "capacity",
    "temperature",
    "mains",
    "chemistry",
    "cell",
    "time_zone",
)
"""What a condition may name, beside mcu_<component> and the fleet's own attributes."""


_COLUMN_UNITS = {"rssi": "dBm", "battery": "%", "capacity": "mAh", "temperature": "C"}


def cross_check(scenario: Scenario) -> list[Finding]:
    """Everything that is wrong across fields, as (path, message)."""
    found: list[Finding] = []
    for check in (_names, _packages, _fleet, _windows, _life_cycle, _lists, _conditions):
        found.extend(check(scenario))
    return found


def _hint(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known) or 'none'}"


def _sources(scenario: Scenario) -> Iterator[tuple[Key, Devices]]:
    for index, group in enumerate(scenario.fleet.groups):
        yield ("fleet", "groups", index), group
    for index, source in enumerate(scenario.fleet.csv):
        yield ("fleet", "csv", index), source


def _names(scenario: Scenario) -> Iterator[Finding]:
    for name, module in scenario.modules.items():
        if module.radio not in scenario.radios:
            yield (
                ("modules", name, "radio"),
                f"there is no radio {module.radio!r}{_hint(module.radio, [*scenario.radios])}",
            )
    components = {component.identifier: component.type for component in scenario.product.model.components}
    seen: set[str] = set()
    for path, devices in _sources(scenario):
        if devices.name in seen:
            yield (*path, "name"), f"two groups are called {devices.name!r}; each needs its own name"
        seen.add(devices.name)
        for what, known in (("module", scenario.modules), ("radio", scenario.radios), ("host", scenario.hosts)):
            value = getattr(devices, what)
            if value is not None and value not in known:
                yield (*path, what), f"there is no {what} {value!r}{_hint(value, [*known])}"
        for name in devices.mcu:
            if components.get(name) != "mcu":
                mcus = [key for key, kind in components.items() if kind == "mcu"]
                yield (*path, "mcu", name), f"the product has no MCU component {name!r}{_hint(name, mcus)}"


def _packages(scenario: Scenario) -> Iterator[Finding]:
    names = [package.name for package in scenario.packages]
    components = {component.identifier: component.type for component in scenario.product.model.components}
    for index, package in enumerate(scenario.packages):
        if names.index(package.name) != index:
            yield ("packages", index, "name"), f"two packages are called {package.name!r}; names are unique"
        if package.component not in components:
            yield (
                ("packages", index, "component"),
                (f"the product has no component {package.component!r}{_hint(package.component, [*components])}"),
            )
    planned: dict[str, str] = {}
    for index, name in enumerate(scenario.plan.packages):
        where: Key = ("plan", "packages", index)
        if name not in names:
            yield where, f"there is no package {name!r}{_hint(name, names)}"
            continue
        package = scenario.package(name)
        if package.component in planned:
            yield where, f"{planned[package.component]!r} upgrades {package.component!r} already; one package each"
        planned[package.component] = name
        yield from _reachable(scenario, where, package, components.get(package.component, ""))


def _reachable(scenario: Scenario, where: Key, package: Package, kind: str) -> Iterator[Finding]:
    """A package whose source no device runs upgrades nobody."""
    running: set[str] = set()
    for _, devices in _sources(scenario):
        mix = devices.firmware if kind == "firmware" else devices.mcu.get(package.component, {})
        running |= {version for version, share in mix.items() if share > 0}
        column = "firmware" if kind == "firmware" else f"mcu:{package.component}"
        if column in getattr(devices, "columns", {}):
            return  # versions come from the file
    wanted = {package.source_version} if package.kind == "delta" else set(package.specified_versions)
    if not running and kind == "mcu":
        yield (
            where,
            f"no device has the MCU component {package.component!r}; give groups mcu: {{{package.component}: ...}}",
        )
    elif wanted and not wanted & running:
        yield (
            where,
            (
                f"{package.name!r} is for version {', '.join(sorted(map(str, wanted)))}, which no device runs; "
                f"the fleet runs {', '.join(sorted(running)) or 'none'}"
            ),
        )


def _fleet(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.fleet.csv and not sum(group.count for group in scenario.fleet.groups):
        yield ("fleet",), "the fleet is empty; give a group a count above 0, or a csv file"
    for index, source in enumerate(scenario.fleet.csv):
        for key, message in header_problems(source, scenario.base_dir):
            yield ("fleet", "csv", index, *key), message


def _windows(scenario: Scenario) -> Iterator[Finding]:
    plan = scenario.plan
    if plan.ends is not None and plan.ends <= plan.starts:
        yield ("plan", "ends"), "the plan ends before it starts; move ends behind starts"
    if plan.starts >= scenario.horizon:
        yield ("plan", "starts"), "the plan starts after the horizon; nothing would happen"
    asking = any(scenario.hosts[d.host].asks for _, d in _sources(scenario) if d.host in scenario.hosts)
    if not plan.push and not asking:
        yield ("plan", "push"), "nothing is pushed and no host asks: no device would ever be offered; set push: true"
    if plan.push_period is not None and not asking:
        starts = scenario.start.replace(tzinfo=ZoneInfo(scenario.time_zone)).astimezone(UTC)
        starts = (starts + timedelta(seconds=plan.starts)).astimezone(ZoneInfo(plan.time_zone or scenario.time_zone))
        begin = starts.hour * 60 + starts.minute + starts.second / 60.0
        end_s = min(scenario.horizon, plan.ends if plan.ends is not None else scenario.horizon)
        wait = (plan.push_period.from_min - begin) % 1440.0
        inside = (begin - plan.push_period.from_min) % 1440.0 < plan.push_period.minutes
        if not inside and plan.starts + wait * 60.0 >= end_s:
            yield ("plan", "push_period"), "never opens before the plan ends; move the window, the start or the end"


_RUNNING = (lifecycle.ACTIVATED, lifecycle.UPGRADING)


def _may_pause(rollout: Rollout) -> bool:
    """Whether the rollout can suspend its own plan."""
    rules: list[Abort | SequentialTest] = [*rollout.abort]
    if rollout.sequential is not None:
        rules.append(rollout.sequential)
    return any(rule.action == "pause" for rule in rules) or any(
        wave.opens.deadline is not None and wave.opens.on_deadline == "pause" for wave in rollout.waves
    )


def _life_cycle(scenario: Scenario) -> Iterator[Finding]:
    state: int | None = lifecycle.ACTIVATED
    order = sorted(range(len(scenario.plan.operator)), key=lambda i: scenario.plan.operator[i].at)
    for index in order:
        action = scenario.plan.operator[index]
        where: Key = ("plan", "operator", index)
        if action.at >= scenario.horizon:
            yield (*where, "at"), "is after the horizon; it would never happen"
            continue
        assert state is not None  # set below only to states that allow the action
        after = lifecycle.next_state(state, action.do, scenario.plan.delete_rule)
        if after is None and action.do == "resume" and state in _RUNNING and _may_pause(scenario.plan.rollout):
            continue  # by then the rollout may have stopped itself
        if after is None:
            yield (*where, "do"), lifecycle.refusal(state, action.do, scenario.plan.delete_rule)
        else:
            state = after


def _lists(scenario: Scenario) -> Iterator[Finding]:
    for path, entry in device_lists(scenario.plan):
        if entry.file is not None:
            try:
                read_ids(scenario, entry.file)
            except OSError as error:
                yield (*path, "file"), f"{entry.file}: {error.strerror}; it is looked for beside the scenario"
            except UnicodeDecodeError:
                yield (*path, "file"), f"{entry.file}: is not UTF-8 text"


def read_ids(scenario: Scenario, file: str) -> list[str]:
    """Ids in a list file, one per line, without comments and empty lines; raises OSError, UnicodeDecodeError."""
    lines = (scenario.base_dir / file).read_text(encoding="utf-8").splitlines()
    return [text for line in lines if (text := line.partition("#")[0].strip())]


def _conditions(scenario: Scenario) -> Iterator[Finding]:
    known = {*KNOWN_COLUMNS}
    known |= {f"mcu_{c.identifier}" for c in scenario.product.model.components if c.type == "mcu"}
    for _, devices in _sources(scenario):
        known |= set(devices.attributes)
    for source in scenario.fleet.csv:
        known |= set(read_header(source, scenario.base_dir))
    conditions: list[tuple[Key, str]] = [
        ((*path, "where"), entry.where) for path, entry in device_lists(scenario.plan) if entry.where
    ]
    for i, package in enumerate(scenario.packages):
        conditions += [
            (("packages", i, "defects", j, "where"), d.where) for j, d in enumerate(package.defects) if d.where
        ]
    for path, text in conditions:
        try:
            condition = parse_predicate(text)
        except PredicateError as error:
            yield path, str(error)
            continue
        for name in sorted(condition.names - known):
            yield path, f"no device has an attribute {name!r}{_hint(name, sorted(known))}"
        for name, unit in condition.units:
            if name in _COLUMN_UNITS and unit not in ("", _COLUMN_UNITS[name]):
                yield path, f"{name} is in {_COLUMN_UNITS[name]}, not in {unit}"
