"""What plain `validate` finds in files and lists without drawing anybody is what a run would refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from fleet_world import PLAN, group, groups, scenario_of

from fota_sim.errors import ScenarioError
from fota_sim.fleet.files import read_files
from fota_sim.fleet.fleet import build_fleet

FILE = "  csv: [{name: m, file: m.csv, columns: {id: id}}]\n"


def _plan(**lists: str) -> str:
    return PLAN.replace("}\n", "".join(f", {key}: {value}" for key, value in lists.items()) + "}\n")


def _refused(scenario) -> list[str]:
    """What a look at the files refuses, which a run refuses as well."""
    with pytest.raises(ScenarioError):
        build_fleet(scenario, 0)
    with pytest.raises(ScenarioError) as caught:
        read_files(scenario)
    assert all(problem.line > 0 for problem in caught.value.problems)
    return [f"{problem.path}: {problem.message}" for problem in caught.value.problems]


def test_ids_on_lists_that_no_group_and_no_file_has_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("id\nk-1\n")
    (tmp_path / "ids.txt").write_text("k-1  # here\nk-2\n")
    plan = _plan(whitelist="{ids: [g-2, g-3, k-1]}", blacklist="{file: ids.txt}")
    scenario = scenario_of(groups(group("g", 3)) + FILE.strip(), plan=plan, folder=tmp_path)
    assert _refused(scenario) == [
        "plan.whitelist.ids: 1 listed id is no device's: g-3; ids look like 'g-0'",
        "plan.blacklist.file: 1 listed id is no device's: k-2; ids look like 'g-0'",
    ]


@pytest.mark.parametrize("said", ["{ids: [g-0, g-1]}", "{where: 'mains == true', ids: [g-0]}"])
def test_a_blacklist_that_is_the_whitelist_is_refused(said: str) -> None:
    scenario = scenario_of(groups(group("g", 3)), plan=_plan(whitelist=said, blacklist=said))
    assert "plan.blacklist: names every device of the whitelist" in _refused(scenario)[0]


def test_a_blacklist_of_some_of_the_whitelist_is_none_of_its_business() -> None:
    plan = _plan(whitelist="{ids: [g-0, g-1]}", blacklist="{ids: [g-1]}")
    read_files(scenario_of(groups(group("g", 3)), plan=plan))


def test_an_id_of_a_group_in_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("id\ng-1\n")
    scenario = scenario_of(groups(group("g", 3)) + FILE.strip(), folder=tmp_path)
    assert "id 'g-1' is used twice" in _refused(scenario)[0]


def _delta(source: str) -> str:
    return f'packages:\n  - {{name: app-2, component: app, kind: delta, source_version: "{source}", ' + (
        'target_version: "2_0", files: [{name: a.bin, size: 1kB}]}\n'
    )


@pytest.mark.parametrize(("source", "ok"), [("1_5", False), ("1_1", True), ("1_0", True)])
def test_a_delta_for_a_version_that_nobody_in_the_file_runs_is_refused(source: str, ok: bool, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("id,fw\na,1_1\nb,\n")
    head, file = _delta(source), "csv: [{name: m, file: m.csv, columns: {id: id, firmware: fw}}]\n"
    scenario = _with_packages(head, file, tmp_path)
    if ok:
        read_files(scenario)
        assert build_fleet(scenario, 0).n == 2
    else:
        (said,) = _refused(scenario)
        assert said == (
            "plan.packages[0]: 'app-2' is for version 1_5, which no device runs; the fleet runs 1_0, 1_1; "
            "write one of those as its source_version, or leave it out of the plan"
        )


def _with_packages(packages: str, fleet: str, folder: Path):
    import fleet_world

    from fota_sim.scenario.loader import parse_scenario

    head = fleet_world.HEAD[: fleet_world.HEAD.index("packages:")]
    return parse_scenario(head + packages + PLAN + f"fleet:\n  {fleet}", folder / "scenario.yaml")


@pytest.mark.parametrize(
    ("cells", "condition", "words"),
    [
        (["1", "2", "EG"], "floor >= 2", "floor is text, for some devices have no number there but 'EG'"),
        (["1", "2", "10"], 'floor == "2"', "floor is a number; write it without quotes"),
        (["a", "b", "c"], "floor == 2", 'floor is text; write the value in quotes, floor == "2"'),
    ],
)
def test_a_condition_on_a_column_of_a_file_is_held_against_its_cells(
    cells: list[str], condition: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "m.csv").write_text("id,floor\n" + "".join(f"d{k},{cell}\n" for k, cell in enumerate(cells)))
    scenario = scenario_of(FILE.strip(), plan=_plan(blacklist=f"{{where: '{condition}'}}"), folder=tmp_path)
    (said,) = _refused(scenario)
    assert f"plan.blacklist.where: {words}" in said


def test_two_files_that_differ_in_what_a_column_holds_make_it_text(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("id,floor\na,1\nb,2\n")
    (tmp_path / "n.csv").write_text("id,floor\nc,EG\nd,2\n")
    two = "csv: [{name: m, file: m.csv, columns: {id: id}}, {name: n, file: n.csv, columns: {id: id}}]"
    refused = scenario_of(two, plan=_plan(whitelist="{where: floor == 2}"), folder=tmp_path)
    assert "'EG'" in _refused(refused)[0]
    scenario = scenario_of(two, plan=_plan(whitelist="""{where: 'floor == "2"'}"""), folder=tmp_path)
    read_files(scenario)
    assert build_fleet(scenario, 0).white.tolist() == [False, True, False, True]


@pytest.mark.parametrize("header", ["Installation site", "site-id", "\u00dcbergabe", "2nd", "and", "it's"])
def test_any_header_can_stand_in_a_condition(header: str, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(f"id,{header}\na,north\nb,south\n", encoding="utf-8")
    said = f'"{header}" == "north"'.replace("'", "''")
    scenario = scenario_of(FILE.strip(), plan=_plan(whitelist=f"{{where: '{said}'}}"), folder=tmp_path)
    read_files(scenario)
    assert build_fleet(scenario, 0).white.tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"g-1"\n"g-2"\n', "; write them without quotes"),
        ("g-1,g-2\n", "; write one id a line"),
        ("G-1\n", "; did you mean 'g-1'? Ids are compared letter by letter"),
        ("IMEI\ng-1\n", "; 'IMEI' names a column: take that line out, or begin it with #"),
        ("8.66123E+14\n", "; a spreadsheet has rounded it, export ids as text"),
        ("z-1\n", "like 'g-0'"),
    ],
)
def test_ids_that_nobody_has_as_they_are_written_are_told_what_would_do(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text(text)
    scenario = scenario_of(groups(group("g", 3)), plan=_plan(blacklist="{file: ids.txt}"), folder=tmp_path)
    (told,) = _refused(scenario)
    assert told.endswith(words)
