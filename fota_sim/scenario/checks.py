"""What no single field can know: names that must exist, lists that must leave somebody, windows that must open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import UTC, timedelta

from fota_sim.quoting import listed, quoted, shortened
from fota_sim.rules import lifecycle
from fota_sim.scenario import products
from fota_sim.scenario.columns import CONDITION_COLUMNS, reserved
from fota_sim.scenario.device_rows.rows import attribute_names, header_problems, mcu_components
from fota_sim.scenario.document import Key
from fota_sim.scenario.fleet import TableFleet
from fota_sim.scenario.metrics import lacking
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.predicate import Comparison, Kind, PredicateError, parse_predicate
from fota_sim.scenario.product import Package
from fota_sim.scenario.rollout import Abort, Rollout, SequentialTest
from fota_sim.scenario.spelling import bare_version
from fota_sim.scenario.start import shown_by_the_clocks
from fota_sim.scenario.text_file import NO_SUCH_FILE, UnreadableFileError, read_text
from fota_sim.scenario.thresholds import parse_threshold
from fota_sim.scenario.units import RATIO
from fota_sim.scenario.wording import did_you_mean
from fota_sim.scenario.zones import zone_info

Finding = tuple[Key, str]


def cross_check(scenario: Scenario) -> list[Finding]:
    """Everything that is wrong across fields, as (path, message)."""
    found: list[Finding] = []
    own = (_names, _packages, _fleet, _start, _lists, _conditions, _key_metrics, _thresholds)
    for check in (products.cross_check, *own):
        found.extend(check(scenario))
    for one in scenario.each_plan:
        for check in (products.cross_check_plan, _planned, _windows, _life_cycle):
            found += [(one.key_of(where), message) for where, message in check(one)]
    return found


def _names(scenario: Scenario) -> Iterator[Finding]:
    for name, module in scenario.modules.items():
        if module.radio not in scenario.radios:
            yield (
                ("modules", name, "radio"),
                f"there is no radio {quoted(module.radio)}{did_you_mean(module.radio, [*scenario.radios])}",
            )
    seen: set[str] = set()
    for path, devices in scenario.fleet.placed():
        if devices.name in seen:
            yield (*path, "name"), f"two groups are called {quoted(devices.name)}; each needs its own name"
        seen.add(devices.name)
        for what, known in (("module", scenario.modules), ("radio", scenario.radios), ("host", scenario.hosts)):
            value = getattr(devices, what)
            if value is not None and value not in known:
                yield (*path, what), f"there is no {what} {quoted(value)}{did_you_mean(value, [*known])}"
        product = scenario.all_products.get(scenario.product_of(devices))
        for name in devices.mcu:
            if product is not None and product.type_of(name) != "mcu":
                mcus = [each.identifier for each in product.model.components if each.type == "mcu"]
                yield (*path, "mcu", name), f"the product has no MCU component {quoted(name)}{did_you_mean(name, mcus)}"


def _packages(scenario: Scenario) -> Iterator[Finding]:
    names = [package.name for package in scenario.packages]
    components = {component.identifier: component.type for component in scenario.components}
    for index, package in enumerate(scenario.packages):
        if names.index(package.name) != index:
            yield ("packages", index, "name"), f"two packages are called {quoted(package.name)}; names are unique"
        if package.component not in components:
            yield (
                ("packages", index, "component"),
                (f"the product has no component {package.component!r}{did_you_mean(package.component, [*components])}"),
            )


def _planned(scenario: Scenario) -> Iterator[Finding]:
    names = [package.name for package in scenario.packages]
    planned: dict[str, str] = {}
    for index, name in enumerate(scenario.plan.packages):
        where: Key = ("plan", "packages", index)
        if name not in names:
            yield where, f"there is no package {quoted(name)}{did_you_mean(name, names)}"
            continue
        package = scenario.package(name)
        if package.component in planned:
            yield (
                where,
                f"{planned[package.component]!r} upgrades {package.component!r} already; one package each",
            )
        planned[package.component] = name
    yield from for_nobody(scenario)


def for_nobody(scenario: Scenario, in_files: Mapping[str, Set[str]] | None = None) -> Iterator[Finding]:
    """Packages of the plan whose source no device runs, which upgrade nobody.

    ``in_files``: versions of each component that devices of tables run; None: their files are not read yet.
    """
    types = {component.identifier: component.type for component in scenario.product.model.components}
    names = [package.name for package in scenario.packages]
    for index, name in enumerate(scenario.plan.packages):
        package = scenario.package(name) if name in names else None
        if package is not None and package.component in types:
            yield from _reachable(scenario, ("plan", "packages", index), package, types[package.component], in_files)


def _reachable(
    scenario: Scenario, where: Key, package: Package, kind: str, in_files: Mapping[str, Set[str]] | None
) -> Iterator[Finding]:
    running = {version for version in (in_files or {}).get(package.component, ()) if version}
    for devices in filter(scenario.is_planned_for, scenario.fleet.sources):
        column = "firmware" if kind == "firmware" else f"mcu:{package.component}"
        mapped = column in devices.mapped
        if mapped and in_files is None:
            return
        mix = devices.firmware if kind == "firmware" else devices.mcu.get(package.component, {})
        written = kind == "mcu" or "firmware" in devices.model_fields_set
        if not mapped or written:  # a default is no reason to believe that an empty cell means this version
            running |= {version for version, share in mix.items() if share > 0}
    wanted = {package.source_version} if package.kind == "delta" else set(package.specified_versions)
    if not running and kind == "mcu":
        name = package.component
        yield where, f"no device has the MCU component {name!r}; give groups mcu: {{{name}: ...}}"
    elif wanted and not wanted & running:
        versions, runs = listed(sorted(map(str, wanted))), listed(sorted(running)) or "none"
        bare = {bare_version(str(version)) for version in wanted}
        alike = next((version for version in sorted(running) if bare_version(version) in bare), None)
        what = f"{package.name!r} is for version {versions}, which no device runs; the fleet runs {runs}"
        field = "source_version" if package.kind == "delta" else "specified_versions"
        if alike is not None:
            yield where, f"{what}; did you mean {alike!r}? Versions are compared letter by letter"
        elif running:
            yield where, f"{what}; write one of those as its {field}, or leave it out of the plan"
        else:
            yield where, f"{what}; say what they run, or leave it out of the plan"


def _fleet(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.fleet.tables and not scenario.fleet.drawn:
        yield ("fleet",), "the fleet is empty; give a group a count above 0, or a csv file"
    for path, source in scenario.fleet.placed():
        if isinstance(source, TableFleet):
            for key, message in header_problems(source, scenario):
                yield (*path, *key), message
    taken = reserved(mcu_components(scenario))
    for path, devices in scenario.fleet.placed():
        for name in devices.attributes:
            if name in taken:
                message = f"{quoted(name)} is a column of the results already; choose another name"
                yield (*path, "attributes", name), message


def _key_metrics(scenario: Scenario) -> Iterator[Finding]:
    for index, metric in enumerate(scenario.key_metrics):
        if wrong := lacking(metric, scenario.priced):
            yield ("key_metrics", index), wrong


def _thresholds(scenario: Scenario) -> Iterator[Finding]:
    for index, text in enumerate(scenario.thresholds):
        threshold = parse_threshold(text)
        plan = threshold.plan
        if plan and plan not in scenario.plans:
            known = did_you_mean(plan, list(scenario.plans)) if scenario.plans else "; the scenario has one plan"
            yield ("thresholds", index), f"there is no plan {quoted(plan)}{known}"
        elif wrong := lacking(threshold.metric, scenario.priced):
            yield ("thresholds", index), wrong
        elif threshold.currency not in ("", scenario.currency):
            yield ("thresholds", index), f"is in {threshold.currency}, and prices are in {scenario.currency}"


def _start(scenario: Scenario) -> Iterator[Finding]:
    shown = shown_by_the_clocks(scenario.start, scenario.time_zone)
    if shown != scenario.start:
        message = f"does not come on the clocks of {scenario.time_zone}, which are put forward then; write"
        yield ("start",), f"{scenario.start:%Y-%m-%d %H:%M:%S} {message} {shown:%Y-%m-%dT%H:%M:%S}, or another time"


_LONGER = "or set a longer horizon"


def _not_before_horizon(scenario: Scenario, at_s: float) -> str:
    """Where a time lies that is not in the run, which has every millisecond before the horizon; empty if it is."""
    late_ms = round(at_s * 1000) - scenario.horizon_ms
    if late_ms < 0:
        return ""
    return "after the horizon" if late_ms else "at the horizon, before which the run ends"


def _windows(scenario: Scenario) -> Iterator[Finding]:
    plan = scenario.plan
    if plan.ends is not None and plan.ends <= plan.starts:
        yield ("plan", "ends"), "the plan ends before it starts; move ends behind starts"
    if late := _not_before_horizon(scenario, plan.starts):
        yield ("plan", "starts"), f"the plan starts {late}; nothing would happen. Start it earlier, {_LONGER}"
    asking = any(scenario.hosts[d.host].asks for d in scenario.fleet.sources if d.host in scenario.hosts)
    if not plan.push and not asking:
        yield ("plan", "push"), "nothing is pushed and no host asks: no device would ever be offered; set push: true"
    if plan.push_period is not None and not asking:
        starts = scenario.start.replace(tzinfo=zone_info(scenario.time_zone)).astimezone(UTC)
        starts = (starts + timedelta(seconds=plan.starts)).astimezone(zone_info(plan.time_zone or scenario.time_zone))
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
        if late := _not_before_horizon(scenario, action.at):
            yield (*where, "at"), f"is {late}; it would never happen. Do it earlier, {_LONGER}"
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
    for path, entry in scenario.lists:
        if entry.file is not None:
            try:
                read_ids(scenario, entry.file)
            except UnreadableFileError as error:
                yield (*path, "file"), list_file_problem(entry.file, error)


def list_file_problem(file: str, error: UnreadableFileError) -> str:
    """What is wrong with a list file, in words."""
    where = "".join(f":{number}" for number in (error.line, error.column) if number)
    hint = "; it is looked for beside the scenario" if str(error) == NO_SUCH_FILE else ""
    return f"{shortened(file)}{where}: {error}{hint}"


_MAX_LIST_B = 64_000_000


def read_ids(scenario: Scenario, file: str) -> list[str]:
    """Ids in a list file, one per line, without comments and empty lines; raises UnreadableFileError."""
    text = read_text(scenario.base_dir / file, _MAX_LIST_B, "Name devices by a condition (where:) instead")
    return [name for line in text.splitlines() if (name := line.partition("#")[0].strip())]


def conditions_of(scenario: Scenario) -> list[tuple[Key, str]]:
    """Every condition over devices with its place: those of lists, then those of defects."""
    found: list[tuple[Key, str]] = [((*path, "where"), entry.where) for path, entry in scenario.lists if entry.where]
    for i, package in enumerate(scenario.packages):
        defects = enumerate(package.defects)
        found += [(("packages", i, "defects", j, "where"), each.where) for j, each in defects if each.where]
    return found


def _conditions(scenario: Scenario) -> Iterator[Finding]:
    kinds: dict[str, Kind | None] = {name: _of_conditions(each.kind) for name, each in CONDITION_COLUMNS.items()}
    kinds |= dict.fromkeys((f"mcu_{name}" for name in mcu_components(scenario)), "text")
    for source in scenario.fleet.tables:
        kinds |= dict.fromkeys(attribute_names(source, scenario))  # only its rows say what it holds
    for devices in scenario.fleet.sources:
        kinds |= dict.fromkeys(devices.attributes, "text")
    if scenario.products:
        kinds[products.PRODUCT] = "text"
    for path, text in conditions_of(scenario):
        try:
            condition = parse_predicate(text)
        except PredicateError as error:
            yield path, str(error)
            continue
        for name in sorted(condition.names - set(kinds)):
            yield path, f"no device has an attribute {quoted(name)}{did_you_mean(name, sorted(kinds))}"
        for name, unit in condition.units:
            measured_in = CONDITION_COLUMNS[name].unit if name in CONDITION_COLUMNS else ""
            if measured_in and unit not in ("", measured_in):
                yield path, f"{name} is in {measured_in}, not in {unit}"
        for each in condition.comparisons:
            if _is_share(each):
                said = each.said.written
                share = RATIO.format(float(each.said.value))
                yield path, f"{each.name} is in %, and {said} without a unit may be {share} or {said}%; write which"
        for message in dict.fromkeys(condition.mismatches(kinds.get, lambda _: "")):
            yield path, message


def _is_share(each: Comparison) -> bool:
    """Whether a number without a unit may be meant as a share of 1, of an attribute that is in per cent."""
    column, value = CONDITION_COLUMNS.get(each.name), each.said.value
    in_percent = column is not None and column.unit == "%" and not each.said.written.endswith("%")
    return in_percent and isinstance(value, float) and 0.0 < value <= 1.0


def _of_conditions(kind: str) -> Kind:
    return "flag" if kind == "flag" else "number" if kind == "number" else "text"
