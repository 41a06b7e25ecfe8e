import numpy as np
import pytest
from fleet_world import group, groups, scenario_of

from fota_sim.errors import ScenarioError
from fota_sim.fleet.defects import mask_for
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.lists import list_mask
from fota_sim.scenario.plan import DeviceList

FLEET = groups(
    group("a", 50, hardware="{A: 50%, B: 50%}", rssi_unknown="50%", mcu='{stm: "3"}'),
    group("b", 50, attributes="{site: {lab: 50%, field: 50%}}"),
)


def built(folder=None, **lists):
    said = "".join(f", {name}: {value}" for name, value in lists.items())
    scenario = scenario_of(FLEET, plan=f"plan: {{name: P, packages: [app-2]{said}}}\n", folder=folder)
    return build_fleet(scenario, 0)


def test_without_lists_everybody_may_and_nobody_may_not():
    fleet = built()
    assert fleet.white.all()
    assert not fleet.black.any()


def test_a_list_is_whoever_its_file_its_ids_or_its_condition_names(tmp_path):
    (tmp_path / "ids.txt").write_text("# the lab\na-1\n\na-2  # the old one\n")
    fleet = built(tmp_path, whitelist="{file: ids.txt, ids: [b-0], where: 'id == \"b-3\"'}")
    assert [name for name, white in zip(fleet.ids, fleet.white, strict=True) if white] == ["a-1", "a-2", "b-0", "b-3"]


def test_a_file_saved_by_notepad_is_read_like_any_other(tmp_path):
    (tmp_path / "ids.txt").write_text("a-1\r\na-2\r\n", encoding="utf-8-sig", newline="")
    assert built(tmp_path, blacklist="{file: ids.txt}").black.sum() == 2


def test_an_unknown_signal_meets_no_condition_either_way():
    below, above = (built(blacklist=f"{{where: 'rssi {op} -94dBm'}}").black for op in ("<", ">="))
    fleet = built()
    assert np.array_equal(below | above, fleet.rssi_known)
    assert 0 < (~fleet.rssi_known).sum() < fleet.n


def test_listed_ids_that_do_not_exist_are_counted_and_the_first_few_named(tmp_path):
    (tmp_path / "ids.txt").write_text("\n".join(["a-1", *(f"z-{k}" for k in range(8))]))
    with pytest.raises(ScenarioError) as caught:
        built(tmp_path, whitelist="{file: ids.txt}", blacklist="{ids: [a-1, a-50]}")
    file = tmp_path / "scenario.yaml"
    assert sorted(str(problem) for problem in caught.value.problems) == [
        f"{file}:13:48: plan.whitelist.file: 8 listed ids are no device's: z-0, z-1, z-2, z-3, z-4, ...; "
        "ids look like 'a-0'",
        f"{file}:13:76: plan.blacklist.ids: 1 listed id is no device's: a-50; ids look like 'a-0'",
    ]


@pytest.mark.parametrize(
    ("lists", "path"),
    [
        ({"whitelist": "{where: 'battery > 100%'}"}, "plan.whitelist"),
        ({"blacklist": "{where: 'battery >= 0% or battery < 0%'}"}, "plan.blacklist"),
        ({"whitelist": "{ids: [a-1]}", "blacklist": "{ids: [a-1, a-2]}"}, "plan.blacklist"),
    ],
)
def test_lists_that_leave_nobody_are_an_error(lists, path):
    with pytest.raises(ScenarioError, match="nobody would be upgraded") as caught:
        built(**lists)
    assert [problem.path for problem in caught.value.problems] == [path]


def test_an_action_s_list_gives_a_mask_of_its_own():
    fleet, scenario = built(), scenario_of(FLEET)
    mask = list_mask(DeviceList(ids=["a-3"], where='group == "b"'), fleet, scenario, "plan.operator[0].devices")
    assert np.flatnonzero(mask).tolist() == [3, *range(50, 100)]


def test_a_defect_without_a_condition_is_everybody_s():
    assert mask_for("", built()).all()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('hardware == "B" and group == "a"', lambda f: (f.hardware.texts == "B") & (f.group == 0)),
        ('mcu_stm == "3"', lambda f: f.group == 0),
        ('site == "lab"', lambda f: f.attributes["site"].texts == "lab"),
        ("mains == true", lambda f: f.mains),
        ("battery < 50%", lambda f: f.charge < 0.5),
        ("not known(rssi)", lambda f: ~f.rssi_known),
        ('module == "BC66" and radio == "nb-iot" and chemistry == "li-socl2"', lambda f: np.ones(f.n, bool)),
        ('host in ["late"] or time_zone != "UTC"', lambda f: np.zeros(f.n, bool)),
        ('cell == "a/0"', lambda f: f.group == 0),
        ("temperature == 20C and capacity > 100mAh", lambda f: np.ones(f.n, bool)),
    ],
)
def test_a_condition_sees_every_column(condition, expected):
    fleet = built()
    assert np.array_equal(mask_for(condition, fleet), expected(fleet))


@pytest.mark.parametrize(
    ("condition", "message"),
    [("hardware ==", "ends too early"), ("colour == 'red'", "no device has an attribute 'colour'")],
)
def test_a_condition_that_makes_no_sense_is_an_error_that_says_where(condition, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        mask_for(condition, built(), "packages[0].defects[0].where")
    assert caught.value.problems[0].path == "packages[0].defects[0].where"
