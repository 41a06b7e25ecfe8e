"""What the files of a scenario say, held against it without drawing a device: whatever a run would refuse them for.

No numba is loaded for it, so that plain ``fota-sim validate`` may look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet import nobody
from fota_sim.fleet.ids import Ids, Numbered
from fota_sim.fleet.possible import Possible
from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.checks import conditions_of, for_nobody, read_ids
from fota_sim.scenario.device_rows.cells import has_decimal_comma, is_code, is_number
from fota_sim.scenario.device_rows.rows import DeviceRows, read_rows
from fota_sim.scenario.device_rows.written import is_rounded
from fota_sim.scenario.document import Key
from fota_sim.scenario.document import problem as problem_at
from fota_sim.scenario.fleet import Devices, Group
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.predicate import Kind, parse_predicate
from fota_sim.scenario.spelling import bare_id, is_header

Finding = tuple[Key, str]

_NAMED = 5
"""How many missing ids an error names before it only counts."""


@dataclass(frozen=True)
class Files:
    """The rows of every table by the name of its source, and the names of all devices."""

    scenario: Scenario
    rows: Mapping[str, DeviceRows]
    ids: Ids


def read_files(scenario: Scenario, before: Files | None = None) -> Files:
    """Read the tables and hold them and the lists against the scenario.

    ``before``: what was read for another scenario, taken again where nothing that reading looks at differs.

    Raises ScenarioError with everything that is wrong.
    """
    rows: dict[str, DeviceRows] = {}
    problems: list[Problem] = []
    again = before.rows if before is not None and _read_alike(scenario, before.scenario) else {}
    for source in scenario.fleet.tables:
        try:
            if source.name in again:
                rows[source.name] = again[source.name]
                continue
            rows[source.name] = read_rows(source, scenario)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    files = Files(scenario, rows, Ids(_names(source, rows) for source in scenario.fleet.sources))
    findings = [*_doubled(scenario, files), *_missing(scenario, files)]
    findings += _numbers_and_texts(scenario, files)
    for one in () if findings else scenario.each_plan:
        left = nobody.left(one, Possible(one, rows), files.ids)
        findings += [(one.key_of(where), message) for where, message in left]
    for one in scenario.each_plan:
        findings += [(one.key_of(where), message) for where, message in for_nobody(one, _versions(one, files))]
    if findings:
        placed = (scenario.placed(problem_at("", 0, 0, where, message)) for where, message in findings)
        raise ScenarioError(list(placed))
    return files


def _names(source: Devices, rows: Mapping[str, DeviceRows]) -> Numbered | list[str]:
    return Numbered(source.name, source.count) if isinstance(source, Group) else rows[source.name].mapped["id"]


def _read_alike(scenario: Scenario, other: Scenario) -> bool:
    """Whether the files of two scenarios are read the same way."""
    same = all(getattr(scenario, part) == getattr(other, part) for part in ("product", "radios", "modules", "hosts"))
    return same and scenario.fleet.tables == other.fleet.tables and scenario.base_dir == other.base_dir


def not_there(missing: list[str], ids: Ids) -> str:
    """What is wrong with a list that names devices which do not exist."""
    names = ", ".join(shortened(name, 40) for name in missing[:_NAMED]) + (", ..." if len(missing) > _NAMED else "")
    what = "1 listed id is no device's" if len(missing) == 1 else f"{len(missing)} listed ids are no device's"
    return (
        f"{what}: {names}; "
        + (f"ids look like {quoted(ids[0])}" if len(ids) else "the fleet is empty")
        + _meant(missing[0], ids)
    )


def _meant(name: str, ids: Ids) -> str:
    """What would do for an id that stands in quotes, in a line with others, or is written in another way."""
    if name.strip("\"' ") in ids:
        return "; write them without quotes"
    if is_header(name):
        return f"; {quoted(name, 40)} names a column: take that line out, or begin it with #"
    parts = [part.strip("\"' ") for part in re.split(r"[,;\t]", name)]
    if len(parts) > 1 and (parts[0] in ids or is_header(parts[0])):
        return "; write one id a line"
    if is_rounded(name):
        return "; a spreadsheet has rounded it, export ids as text"
    wanted = bare_id(name)
    like = next((other for other in ids if bare_id(other) == wanted), None) if wanted else None
    return f"; did you mean {quoted(like, 40)}? Ids are compared letter by letter" if like is not None else ""


def _doubled(scenario: Scenario, files: Files) -> Iterator[Finding]:
    places = files.ids.doubled()
    if places is not None:
        name = files.ids[places[0]]
        yield ("fleet",), f"id {quoted(name)} is used twice, by a group and a file or by two files; ids are unique"


def _missing(scenario: Scenario, files: Files) -> Iterator[Finding]:
    for path, entry in scenario.lists:
        named = [((*path, "ids"), entry.ids)]
        if entry.file is not None:
            named.append(((*path, "file"), read_ids(scenario, entry.file)))
        for where, names in named:
            missing = [name for name in dict.fromkeys(names) if name not in files.ids]
            if missing:
                yield where, not_there(missing, files.ids)
    kept = scenario.keep.transcripts
    missing = [name for name in dict.fromkeys(kept) if name not in files.ids] if isinstance(kept, list) else []
    if missing:
        yield ("keep", "transcripts"), not_there(missing, files.ids)


def _numbers_and_texts(scenario: Scenario, files: Files) -> Iterator[Finding]:
    """Conditions that compare a column of a file with what it does not hold."""
    columns: dict[str, list[list[str | None]]] = {}
    pointed: dict[str, str] = {}
    for found in files.rows.values():
        pointed |= found.pointed
        for name, column in found.further.items():
            columns.setdefault(name, []).append(column)
    texts = {name for devices in scenario.fleet.sources for name in devices.attributes}
    kinds: dict[str, Kind | None] = {}
    odd: dict[str, str] = {}
    for name, parts in columns.items():
        cells = {cell for part in parts for cell in part if cell is not None}
        others = [cell for cell in sorted(cells) if not is_number(cell)]
        kinds[name] = None if not cells or name in texts else "text" if others or name in pointed else "number"
        told = others and (len(others) < len(cells) or has_decimal_comma(others[0]) or is_code(others[0]))
        odd[name] = others[0] if told else pointed.get(name, "")
    for path, text in conditions_of(scenario):
        condition = parse_predicate(text)
        for message in dict.fromkeys(condition.mismatches(kinds.get, odd.__getitem__)):
            yield path, message


def _versions(scenario: Scenario, files: Files) -> dict[str, set[str]]:
    """Versions that devices of files run, by component."""
    found: dict[str, set[str]] = {}
    for source in scenario.fleet.tables:
        rows = files.rows[source.name]
        for attribute, column in rows.mapped.items():
            if attribute == "firmware":
                name, mix = scenario.module_component, source.firmware
            elif attribute.startswith("mcu:"):
                name = attribute.removeprefix("mcu:")
                mix = source.mcu.get(name, {})
            else:
                continue
            found.setdefault(name, set()).update(cell for cell in column if cell is not None)
            if None in column:
                found[name].update(version for version, share in mix.items() if share > 0)
    return found
