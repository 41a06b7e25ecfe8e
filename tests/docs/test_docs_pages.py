"""Pages made from the code: no command, option or field is missing, and none is unexplained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import cli_page
import pytest
import results_page
import schema_page
import sources_table
import tree
import typer

from fota_sim.cli.main import app
from fota_sim.rules.labels import CAUSES, OUTCOMES
from fota_sim.scenario.columns import CONDITION_COLUMNS, DEVICE_TABLE
from fota_sim.scenario.device_rows.cells import MAPPABLE
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.metrics import METRICS
from fota_sim.scenario.schema_export import json_schema
from fota_sim.scenario.templates import TEMPLATES

FIELDS = [(part, name, field) for part in schema_page.sections() for name, field in schema_page.fields(part)]


def written(value: Any, path: str = "") -> Iterator[str]:
    """Every path of a scenario as it is written, with NAME for names and [] for places."""
    mappings = r"^(radios|modules|hosts|fleet\.groups\[\]\.(mcu|attributes)|.*\.(firmware|hardware|columns))$"
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            if re.match(mappings, path):
                yield from written(inner, f"{path}.NAME") if isinstance(inner, dict) else ()
            else:
                yield here
                yield from written(inner, here)
    elif isinstance(value, list):
        for each in value:
            yield from written(each, f"{path}[]") if isinstance(each, dict) else ()


def test_every_field_of_a_scenario_is_explained() -> None:
    silent = [f"{part.__name__}.{name}" for part, name, field in FIELDS if not (field.description or "").strip()]
    assert len(FIELDS) > 200
    assert silent == []


def test_every_property_of_the_schema_is_explained() -> None:
    schema = json_schema()
    parts = {"the scenario": schema, **schema["$defs"]}
    silent = [
        f"{part}.{name}"
        for part, block in parts.items()
        for name, field in block.get("properties", {}).items()
        if not field.get("description") and "$ref" not in field
    ]
    assert silent == []


def test_the_schema_page_has_every_field_that_a_scenario_can_say() -> None:
    page = schema_page.schema_page().replace("<wbr>", "")
    rows = set(re.findall(r"^\| <code>([^<]+)</code>", page, re.MULTILINE))
    for template in TEMPLATES:
        if template.companions:
            continue
        scenario = parse_scenario(template.text, f"{template.name}.yaml")
        paths = set(written(scenario.model_dump(mode="json", by_alias=True)))
        assert len(paths) > 150
        assert [path for path in paths if not _is_explained(path, rows)] == [], template.name


def _where_explained(path: str) -> str:
    """The path of the same field in the section that explains it: a part may stand at several places."""
    for section in schema_page.sections().values():
        for other in section.paths[1:]:
            if path.startswith(f"{other}."):
                return section.paths[0] + path.removeprefix(other)
    return path


def _is_explained(path: str, rows: set[str]) -> bool:
    """Whether the page has a row for the field, or for a value that it is a part of, such as a distribution."""
    parts = [path for section in schema_page.sections().values() for path in section.paths]
    steps = _where_explained(path).split(".")
    wholes = [".".join(steps[:count]) for count in range(1, len(steps))]
    values = [each for each in wholes if not any(part.startswith(each) for part in parts)]
    return ".".join(steps) in rows or any(each in rows for each in values)


def test_a_row_says_value_bounds_default_meaning_and_basis() -> None:
    page = schema_page.schema_page()
    assert (
        "| <code>plan.<wbr>strategy.<wbr>min_battery</code> | share, for example 30%; at least 0, at most 100% "
        "| `30%` | Minimum battery level in the offer. | [R](sources.md#plan) |"
    ) in page
    assert "| `device`, `platform` | `device` |" in page


def test_every_assumption_is_marked() -> None:
    page = schema_page.schema_page().replace("<wbr>", "")
    rows = dict(re.findall(r"^\| <code>([^<]+)</code> \|(.*)$", page, re.MULTILINE))
    assumed = [
        f"{schema_page.sections()[part].paths[0]}.{name}".removeprefix(".")
        for part, name, field in FIELDS
        if "Assumption" in (field.description or "")
    ]
    assert len(assumed) > 20
    assert [path for path in assumed if "\\[A\\]" not in rows[path]] == []


def test_links_to_sources_lead_to_a_section() -> None:
    headings = re.findall(r"^## (.+)$", sources_table.SOURCES.read_text(encoding="utf-8"), re.MULTILINE)
    assert {each for names in sources_table.SECTIONS.values() for each in names} <= set(headings)


@pytest.mark.parametrize(
    ("part", "field", "grades", "section"),
    [
        ("Strategy", "min_battery", ("R",), "Plan"),
        ("Strategy", "retry_delay", ("[A]",), "Plan"),
        ("Protocol", "url_timeout", ("R",), "Protocol"),
        ("Radio", "alpha", ("C", "[A]"), "Radio"),
        ("Keep", "events", (), ""),
    ],
)
def test_grades_are_those_of_the_table(part: str, field: str, grades: tuple[str, ...], section: str) -> None:
    assert sources_table.sources_of(part, field) == (grades, section)


def test_the_page_of_commands_has_every_command_option_and_example() -> None:
    page = cli_page.cli_page()
    root: Any = typer.main.get_command(app)
    assert root.commands
    groups = {name: each for name, each in root.commands.items() if hasattr(each, "commands")}
    inner = {f"{group} {name}": each for group, of in groups.items() for name, each in of.commands.items()}
    alone = {name: each for name, each in root.commands.items() if name not in groups}
    for name, command in (alone | inner).items():
        part = page.partition(f"\n## fota-sim {name}\n")[2].partition("\n## ")[0]
        flags = [flag for each in command.params for flag in (*each.opts, *each.secondary_opts) if flag[0] == "-"]
        assert [flag for flag in flags if flag != "--help" and f"`{flag}" not in part] == []
        assert part.count("\nfota-sim ") >= 3  # how to call it, and two examples


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("Device table", [f"`{name}`" for name in DEVICE_TABLE]),
        ("Outcomes", [f"`{name}`" for name in OUTCOMES]),
        ("Causes", [name for name in CAUSES if name]),
        ("Conditions", [f"`{name}`" for name in CONDITION_COLUMNS]),
        ("Metrics", [f"`{name}`" for name in METRICS]),
    ],
)
def test_the_page_of_results_says_of_each_column_outcome_cause_and_metric_what_it_means(
    section: str, names: list[str]
) -> None:
    part = results_page.results_page().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part.splitlines() if line.startswith("|")]
    head, _, *told = rows
    assert [row[0] for row in told] == names
    assert all(len(row) == len(head) for row in told)
    meaning = head.index("Meaning") if "Meaning" in head else 1
    assert all(row[meaning] for row in told)
    assert len({tuple(row) for row in told}) == len(told)


def test_the_page_of_files_has_every_attribute_that_a_column_may_be_mapped_to() -> None:
    text = (tree.ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    table = text.partition("| Mapped | Cells |\n")[2].partition("\n\n")[0]
    told = [name for row in table.splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert sorted(told) == sorted([*MAPPABLE, "mcu:<component>"])


@pytest.mark.parametrize(
    ("source", "link", "followed"),
    [
        ("docs/index.md", "../README.md#two-commands", "overview.md#two-commands"),
        ("docs/index.md", "rollout.md", "rollout.md"),
        ("README.md", "docs/rollout.md", "rollout.md"),
        ("README.md", "scenarios/", "scenarios.md"),
        ("README.md", "docs/mixed.png", "mixed.png"),
        ("scenarios/library/README.md", "../weak_signal_tail.yaml", "scenarios/weak_signal_tail.yaml"),
        ("docs/model.md", "#segments", "#segments"),
        ("docs/model.md", "https://example.org/a.md", "https://example.org/a.md"),
    ],
)
def test_a_link_of_the_tree_becomes_one_of_the_site(source: str, link: str, followed: str) -> None:
    assert tree.follow(f"see [this]({link}).", source) == f"see [this]({followed})."
