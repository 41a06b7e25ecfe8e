"""Whatever is wrong with a scenario is said in words, with the place and what would do."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_fields import ACROSS_FIELDS, FIELDS
from scenario_world import GOOD, changed, load, problems

from fota_sim.engines.reference.run import run_replication
from fota_sim.errors import ScenarioError
from fota_sim.scenario.loader import load_scenario

JARGON = ("Input should", "input should", "pydantic", "validation", "TaggedScalar", "tuple", "pattern '", "NoneType")

ASLEEP = "hosts: {pushed: {extends: careful, asks: false}}\n"
CONDITIONS = [
    ("rssi <", ["ends too early"]),
    ("rsi < -3dBm", ["no device has an attribute 'rsi'", "did you mean 'rssi'?"]),
    ('hardware = "A"', ["column 10", "write == to compare"]),
    ('hardware == "A', ["never ends"]),
    ("hardware == A", ["a text in quotes"]),
    ("firmware == 1_0", ["'1_0'", "in quotes"]),
    ("rssi < -90kB", ["'-90kB'"]),
    ("rssi < 5%", ["rssi is in dBm, not in %"]),
    ("(rssi < -3dBm", ["expected ')'"]),
    ('__import__("os")', ["expected a comparison"]),
]

FILES = [
    ("", 0, ["empty", "fota-sim new"]),
    ("- a\n", 0, ["not a mapping"]),
    ("horizon: [3d\nseed: 1\n", 2, ["not valid YAML", "close the bracket"]),
    ("horizon: 3d\nhorizon: 4d\n", 2, ["'horizon' stands in line 1 already", "keep one"]),
    ("plan:\n\tname: a\n", 2, ["with spaces, not with tabs"]),
    ("description: a: b\n", 1, ["in quotes"]),
    ("horizon: 3d\n---\na: 1\n", 2, ["one file holds one scenario"]),
    ("seed: 1\nstart: 2026-02-30T08:00:00\n", 2, ["'2026-02-30T08:00:00' is no date"]),
    ("horizon: *x\n", 1, ["undefined alias"]),
    ("fleet: " + "[" * 3000, 1, ["nested more than 40 deep"]),
    ("horizon: !!python/tuple 3d\n", 1, ["the YAML tag !!python/tuple means nothing here"]),
    ("seed: 1\nplan: !!python/object/apply:os.system [ls]\n", 2, ["the YAML tag !!python/object/apply:os.system"]),
]

OVERRIDES = [
    ("horizon", "", ["write path=value"]),
    ("=3", "", ["write path=value"]),
    ("..=3", "", ["write path=value"]),
    ("horizon=[3", "horizon", ["is not a value"]),
    ("plan.strategy.retrys=3", "plan.strategy.retrys", ["did you mean 'retries'?"]),
    ("a.b=3", "a", ["unknown key"]),
    ("fleet.groups.nobody.count=3", "fleet.groups", ["no entry 'nobody'", "meters"]),
    ("fleet.groups[7].count=3", "fleet.groups", ["no entry 7"]),
    ("horizon.x=3", "horizon", ["single value"]),
    ("plan.packages[0].x=3", "plan.packages[0]", ["single value"]),
    ("fleet.groups.meters.count=-3", "fleet.groups[0].count", ["at least 0"]),
    ("radios.nb-iott.margin=3dB", "radios.nb-iott", ["does not say"]),
]


@pytest.mark.parametrize(("old", "new", "line", "path", "words"), [*FIELDS, *ACROSS_FIELDS])
def test_a_mistake_is_the_only_problem_and_has_its_line_path_and_words(
    old: str, new: str, line: int, path: str, words: list[str]
) -> None:
    (found,) = problems(changed(old, new))
    assert (found.file, found.line, found.path) == ("my.yaml", line, path)
    assert all(word in found.message for word in words), found.message
    assert not any(word in str(found) for word in JARGON), found.message


@pytest.mark.parametrize(("condition", "words"), CONDITIONS)
@pytest.mark.parametrize("place", ["plan.blacklist.where", "packages[0].defects[0].where"])
def test_a_condition_that_makes_no_sense_is_found_before_the_fleet_is_drawn(
    condition: str, words: list[str], place: str
) -> None:
    new = f"blacklist: {{where: '{condition}'}}\n  strategy:"
    text = changed("strategy:", new)
    if place.startswith("packages"):
        text = changed("kind: full", f"defects: [{{effect: boot_failure, where: '{condition}'}}]")
    (found,) = problems(text)
    assert (found.path, found.line) == (place, 11 if place.startswith("packages") else 17)
    assert all(word in found.message for word in words), found.message


@pytest.mark.parametrize(("text", "line", "words"), FILES)
def test_a_file_that_is_no_yaml_mapping_is_refused_with_the_line(text: str, line: int, words: list[str]) -> None:
    (found,) = problems(text)
    assert found.line == line
    assert all(word in found.message for word in words), found.message


@pytest.mark.parametrize(("override", "path", "words"), OVERRIDES)
def test_an_override_that_leads_nowhere_is_named_as_it_was_typed(override: str, path: str, words: list[str]) -> None:
    (found,) = problems(overrides=(override,))
    assert (found.file, found.path) == (f"--set {override}", path)
    assert all(word in found.message for word in words), found.message


def test_two_packages_of_one_name_are_an_error() -> None:
    second = "packages:\n  - {name: app-2, component: app, target_version: a, files: [{name: a.bin, size: 1B}]}\n"
    (found,) = problems(changed("packages:\n  - name", second + "  - name"))
    assert (found.line, found.path) == (10, "packages[1].name")
    assert "two packages are called 'app-2'" in found.message


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_a_push_period_that_never_opens_before_the_end_is_an_error_in_any_zone(zone: str) -> None:
    text = changed("  strategy:", f'  time_zone: {zone}\n  push_period: "10:00-12:00"\n  ends: 1h\n  strategy:')
    text = text.replace("module: BC66", "host: pushed") + ASLEEP
    (found,) = problems(text)
    assert (found.line, found.path) == (18, "plan.push_period")
    assert "never opens" in found.message


def test_the_zone_of_the_push_period_decides_when_it_opens() -> None:
    text = changed("  strategy:", '  time_zone: Asia/Tokyo\n  push_period: "17:00-19:00"\n  ends: 1h\n  strategy:')
    assert problems(text.replace("module: BC66", "host: pushed") + ASLEEP) == []


def test_a_plan_that_neither_pushes_nor_is_asked_is_an_error() -> None:
    text = changed("  strategy:", "  push: false\n  strategy:").replace("module: BC66", "host: pushed")
    (found,) = problems(text + ASLEEP)
    assert found.path == "plan.push"
    assert "push: true" in found.message


def test_radios_that_extend_each_other_are_a_circle() -> None:
    found = problems(changed("", "radios: {x: {extends: y}, y: {extends: x}}\n"))
    assert [problem.path for problem in found] == ["radios.x.extends", "radios.y.extends"]
    assert all("break the circle" in problem.message for problem in found)


def test_every_mistake_of_a_file_is_told_at_once_in_file_order() -> None:
    text = changed("horizon: 3d", "horizon: 5\npackges: 3\nseed: x").replace("retries: 5", "retries: 6")
    found = problems(text.replace("count: 10", "count: -1"))
    assert [(problem.line, problem.path) for problem in found] == [
        (1, "horizon"),
        (2, "packges"),
        (3, "seed"),
        (19, "plan.strategy.retries"),
        (23, "fleet.groups[0].count"),
    ]


def test_names_that_do_not_exist_are_told_at_once() -> None:
    found = problems(changed("module: BC66", "module: X\n      host: Y").replace("[app-2]", "[Z]"))
    assert [problem.path for problem in found] == ["plan.packages[0]", "fleet.groups[0].module", "fleet.groups[0].host"]


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("name: Zähler".encode("latin-1"))
    for name, words in (("nowhere.yaml", "no such file"), (".", "is a folder"), ("latin.yaml", "UTF-8")):
        with pytest.raises(ScenarioError, match=words) as caught:
            load_scenario(tmp_path / name)
        assert caught.value.problems[0].file == str(tmp_path / name)


def test_a_list_file_that_is_a_folder_or_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"\xe4")
    for name, words in ((".", "is a folder"), ("latin.txt", "UTF-8")):
        (found,) = problems(changed("  strategy:", f"  blacklist: {{file: {name}}}\n  strategy:"), tmp_path)
        assert (found.line, found.path) == (17, "plan.blacklist.file")
        assert words in found.message


def test_scenarios_that_extend_each_other_are_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("seed: 1\nextends: a.yaml\n")
    with pytest.raises(ScenarioError, match="break the circle") as caught:
        load_scenario(tmp_path / "a.yaml")
    (found,) = caught.value.problems
    assert (Path(found.file).name, found.line, found.path) == ("b.yaml", 2, "extends")


@pytest.mark.parametrize(("base", "words"), [("nope.yaml", "no such file"), ("[a]", "path of another scenario")])
def test_a_base_that_is_not_there_is_an_error(base: str, words: str) -> None:
    (found,) = problems(f"extends: {base}\n" + GOOD)
    assert (found.line, found.path) == (1, "extends")
    assert words in found.message


CSV = "  csv: [{name: c, file: f.csv, columns: {id: device, rssi: dbm, battery: level}}]\n  groups:"


def test_a_csv_header_without_the_mapped_column_is_found_before_a_row_is_read(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("device,dBm,level\na,-90,50\n")
    (found,) = problems(changed("  groups:", CSV), tmp_path)
    assert (found.line, found.path) == (19, "fleet.csv[0].columns.rssi")
    assert "has no column 'dbm'; did you mean 'dBm'?" in found.message


def test_every_bad_row_of_a_csv_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("device,dbm,level\na,-90,50\na,-90,50\nb,strong,50\n,-90,50\nc,-90\nd,-90,150\n")
    scenario = load(changed("  groups:", CSV), tmp_path)
    with pytest.raises(ScenarioError) as caught:
        run_replication(scenario, 0)
    found = caught.value.problems
    assert {problem.file for problem in found} == {str(tmp_path.resolve() / "f.csv")}
    said = {problem.line: problem.message for problem in found}
    assert list(said) == [3, 4, 5, 6, 7]
    assert "'a' stands in line 2 already" in said[3]
    assert "'strong' is not a signal level" in said[4]
    assert "is empty" in said[5]
    assert "2 fields where the header has 3" in said[6]
    assert "150 is outside 0% to 100%" in said[7]


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ("  strategy:", "  whitelist: {where: battery > 100%}\n  strategy:", "plan.whitelist", "nobody"),
        (
            "  strategy:",
            "  blacklist: {where: mains == true or mains == false}\n  strategy:",
            "plan.blacklist",
            "nobody",
        ),
        ("  strategy:", "  whitelist: {ids: [meters-99]}\n  strategy:", "plan.whitelist.ids", "meters-99"),
        (
            "  strategy:",
            "  operator: [{at: 1h, do: cancel, devices: {ids: [x]}}]\n  strategy:",
            "plan.operator",
            "'meters-0'",
        ),
    ],
)
def test_what_only_the_drawn_fleet_shows_is_told_before_anything_runs(
    old: str, new: str, path: str, words: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        run_replication(load(changed(old, new)), 0)
    (found,) = caught.value.problems
    assert found.path.startswith(path)
    assert words in found.message


def test_an_id_that_a_csv_and_a_group_share_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("device,dbm,level\nmeters-3,-90,50\n")
    with pytest.raises(ScenarioError, match="'meters-3' is used twice, by 'meters' and 'c'"):
        run_replication(load(changed("  groups:", CSV), tmp_path), 0)
