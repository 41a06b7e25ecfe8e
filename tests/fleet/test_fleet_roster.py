"""A part of a fleet, drawn alone, is the same devices as in the whole."""

import pickle
from itertools import pairwise

import numpy as np
import pytest
from fleet_world import PLAN, group, groups, scenario_of
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fleet_groups import RICH

from fota_sim.errors import ScenarioError
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.devices import INDEXED, array_columns, names_of
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.roster import Part, Roster

FREE = ["network.server.connections=null", "network.cells.enforce=false"]
CSV = """- name: site
  file: real.csv
  columns: {id: ID, rssi: S, battery: B, module: M, time_zone: Z}
"""
ROWS = "ID,S,B,M,Z,shelf\nx-1,-80,55,BC66,UTC,3\ng-7a,,20,EC200U,Asia/Tokyo,\nx-3,-70,,BC66,UTC,9\n"
LISTS = PLAN.replace(
    "app-2]}", 'app-2], whitelist: {where: "rssi > -110 or battery < 40"}, blacklist: {ids: [g-3, x-3, h-2]}}'
)


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """Two groups that have little in common, a file with gaps, and lists by id and by condition."""
    folder = tmp_path_factory.mktemp("fleet")
    (folder / "real.csv").write_text(ROWS, encoding="utf-8")
    other = group("h", 13, module="EC200U", cells=3, attributes="{floor: {up: 50%, down: 50%}}", joins="2h")
    fleet = groups(group("g", 40, **RICH), other) + "csv:\n" + "".join(f"  {line}\n" for line in CSV.splitlines())
    return scenario_of(fleet, plan=LISTS, folder=folder)


def columns_of(fleet):
    """Everything that is known of each device, spelled out."""
    plain = {name: getattr(fleet, name).tolist() for name in array_columns(fleet) if name not in INDEXED}
    asked = {name: [str(value) for value in column] for name, column in columns_for_predicates(fleet).items()}
    return plain | asked


@settings(max_examples=60)
@given(st.lists(st.integers(0, 56), max_size=4), st.integers(0, 3))
def test_parts_one_after_the_other_are_the_whole_fleet(rich, cuts, replication):
    whole, roster = build_fleet(rich, replication), Roster(rich, replication)
    assert roster.n == whole.n == 56
    edges = [0, *sorted(cuts), 56]
    parts = [roster.part(start, stop) for start, stop in pairwise(edges)]
    assert [part.first for part in parts] == edges[:-1]
    found = [columns_of(part) for part in parts]
    for name, values in columns_of(whole).items():
        assert [value for part in found for value in part[name]] == values, name
    for part in parts:
        assert all(
            getattr(part, f"{name}_names") == getattr(whole, f"{name}_names") for name in INDEXED if name != "cell"
        )
        assert part.everybody.ids[:] == whole.ids[:]


def test_a_roster_that_went_elsewhere_draws_the_same_part(rich):
    here = Roster(rich, 0)
    assert columns_of(pickle.loads(pickle.dumps(here)).part(30, 55)) == columns_of(here.part(30, 55))


def test_a_list_may_name_devices_of_the_rest_but_nobody_who_is_not_there(rich):
    plan = PLAN.replace("app-2]}", "app-2], blacklist: {ids: [g-0, g-5000]}}")
    assert Roster(rich, 0).part(0, 3).black.tolist() == [False] * 3
    with pytest.raises(ScenarioError, match=r"1 listed id is no device's: g-5000; ids look like 'g-0'"):
        Roster(scenario_of(groups(group(count=9)), plan=plan), 0).part(4, 6)


def test_lists_may_leave_nobody_of_a_part_but_not_of_all():
    def roster_of(condition):
        plan = PLAN.replace("app-2]}", f"app-2], whitelist: {{where: '{condition}'}}}}")
        return Roster(scenario_of(groups(group("a", 4), group("b", 4)), plan=plan), 0)

    roster = roster_of('group == "b"')
    assert not Part(roster, 0, 4).fleet().white.any()
    roster.check_lists(4)
    with pytest.raises(ScenarioError, match="names no device of this fleet, so nobody would be upgraded"):
        roster_of('group == "c"').check_lists(4)


def test_a_list_that_names_everybody_in_a_later_replication_says_in_which():
    plan = PLAN.replace("app-2]}", 'app-2], blacklist: {where: hardware == "B"}}')
    scenario = scenario_of(groups(group("a", 1, hardware='{"A": 50%, "B": 50%}')), plan=plan)
    refused = {}
    for replication in range(12):
        try:
            Roster(scenario, replication).whole()
        except ScenarioError as error:
            refused[replication] = str(error)
    assert 0 < len(refused) < 12
    for replication, message in refused.items():
        assert (f"in replication {replication} (from 0)" in message) == (replication > 0)


def test_only_cells_that_are_used_have_names_where_there_are_more_than_devices():
    scenario = scenario_of(groups(group(count=1000, cells=5000)))
    whole, part = build_fleet(scenario, 0), Roster(scenario, 0).part(40, 50)
    assert len(part.cell_names) <= 10
    assert list(names_of(part, "cell")) == list(names_of(whole, "cell"))[40:50]
    assert set(names_of(whole, "cell")) == set(whole.cell_names)


def test_more_devices_than_one_engine_plays_are_drawn_in_parts():
    scenario = scenario_of(groups(group(count=100_000_000)), overrides=FREE)
    roster = Roster(scenario, 0)
    assert roster.n == 100_000_000
    last = roster.part(99_999_990, 100_000_000)
    assert last.ids[9] == "g-99999999"
    assert last.first == 99_999_990
    with pytest.raises(ScenarioError, match="a run plays them in parts, but this needs all of them at once"):
        build_fleet(scenario, 0)
    alone = build_fleet(scenario_of(groups(group(count=1))), 0)
    assert np.array_equal(roster.part(0, 1).rssi_mean_dBm, alone.rssi_mean_dBm)
