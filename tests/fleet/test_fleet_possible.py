"""What a condition may come to without drawing holds of every fleet that is drawn, and is refused before a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fota_sim.cli.main import exit_code
from fota_sim.fleet.columns import columns_for_predicates
from fota_sim.fleet.defects import mask_of_columns
from fota_sim.fleet.files import read_files
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.possible import Possible
from fota_sim.scenario.loader import load_located

LEAVES = st.sampled_from(
    [
        *(f'hardware {op} "{name}"' for op in ("==", "!=", "<", ">=") for name in "ABC"),
        *(f"rssi {op} {value}" for op in ("<", ">=", "==", "!=") for value in (-120, -95, -90.5, -80)),
        *(f"battery {op} {value}%" for op in ("<=", ">", "==") for value in (0, 30, 50, 100)),
        *(f'site {op} "{name}"' for op in ("==", "!=") for name in ("north", "south", "7")),
        *('site in ["north", "east"]', "known(site)", "known(rssi)", "known(battery)", "known(temperature)"),
        *(
            'firmware == "1_0"',
            'firmware == "2_0"',
            'group == "g"',
            'group == "f"',
            'module == "BC66"',
            "mains == true",
        ),
        *('id == "g-0"', "temperature > 20", 'host == "careful"', 'chemistry == "li-po"'),
    ]
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)
MIXES = st.sampled_from(["A", {"A": "50%", "B": "50%"}, {"A": "0%", "C": "100%"}])
LEVELS = st.sampled_from(
    ["30%", {"uniform": ["20%", "60%"]}, {"table": {"values": ["0%", "50%"]}}, {"beta": {"a": 2, "b": 2}}]
)
SIGNALS = st.sampled_from(
    ["-95dBm", {"uniform": ["-95dBm", "-80dBm"]}, {"normal": {"mean": "-90dBm", "sd": "3dB"}, "min": "-96dBm"}]
)


@st.composite
def worlds(draw: Any) -> tuple[dict[str, Any], str]:
    """A scenario of a group and a table, and the text of the table."""
    readings = (["", "-95", "-80"], ["", "30", "50"])
    others = (["", "A", "C"], ["", "north", "west"], ["", "1", "2.5"])
    cells = [st.sampled_from(each) for each in (*readings, *others)]
    rows = [",".join([f"m{n}", *map(draw, cells)]) for n in range(draw(st.integers(1, 4)))]
    group = {
        "name": "g",
        "count": draw(st.integers(0, 4)),
        "hardware": draw(MIXES),
        "battery_level": draw(LEVELS),
        "rssi": draw(SIGNALS),
        "rssi_unknown": draw(st.sampled_from(["0%", "40%", "100%"])),
        "battery_unknown": draw(st.sampled_from(["0%", "100%"])),
        "mains": draw(st.sampled_from(["0%", "50%", "100%"])),
    }
    if draw(st.booleans()):
        group["attributes"] = {"site": draw(st.sampled_from(["north", {"south": "50%", "east": "50%"}]))}
    table = {
        "name": "f",
        "file": "f.csv",
        "columns": {"id": "id", "rssi": "rssi", "battery": "level", "hardware": "rev"},
    }
    scenario = _plain() | {"fleet": {"groups": [group], "csv": [table]}}
    return scenario, "\n".join(["id,rssi,level,rev,site,floor", *rows]) + "\n"


def _plain(**plan: Any) -> dict[str, Any]:
    return {
        "product": {"model": {"device_model": "X", "components": [{"identifier": "app", "type": "firmware"}]}},
        "packages": [
            {"name": "p", "component": "app", "target_version": "2_0", "files": [{"name": "a.bin", "size": "1kB"}]}
        ],
        "plan": {"packages": ["p"], **plan},
        "fleet": {"groups": [{"name": "g", "count": 9, "hardware": {"A": "50%", "B": "50%"}, "rssi": "-95dBm"}]},
    }


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(world=worlds(), text=CONDITIONS)
def test_what_cannot_be_met_is_met_by_nobody_and_what_must_be_by_all(
    tmp_path: Path, world: tuple[dict[str, Any], str], text: str
) -> None:
    scenario, table = world
    (tmp_path / "f.csv").write_text(table)
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(scenario))
    loaded, _ = load_located(file)
    possible = Possible(loaded, read_files(loaded).rows)
    fleet = build_fleet(loaded, 0)
    met = mask_of_columns(text, columns_for_predicates(fleet))
    for source in loaded.fleet.sources:
        mine = met[[fleet.group_names[group] == source.name for group in fleet.group.tolist()]]
        may, may_not = possible.may_meet(source, text)
        assert may or not mine.any(), (source.name, text)
        assert may_not or mine.all(), (source.name, text)


LISTS = {
    "a value that is misspelt": ({"whitelist": {"where": 'hardware == "b"'}}, "here hardware is 'A', 'B'"),
    "a number that nobody has": ({"whitelist": {"where": "rssi < -100"}}, "names no device"),
    "a version of tomorrow": ({"whitelist": {"where": 'firmware == "2_0"'}}, "here firmware is '1_0'"),
    "everybody by condition": ({"blacklist": {"where": 'hardware in ["A", "B"]'}}, "names every device of the fleet"),
    "everybody by id": ({"blacklist": {"ids": [f"g-{n}" for n in range(9)]}}, "names every device of the fleet"),
    "all of the whitelist": (
        {"whitelist": {"where": 'hardware == "A"'}, "blacklist": {"where": "rssi < -90"}},
        "names every device of the whitelist",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_leaves_nobody_is_refused_before_anything_is_drawn(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, words = LISTS[name]
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(_plain(**plan)))
    for more in ([], ["--fleet"]):
        assert exit_code(["validate", str(file), *more]) == 2
        assert words in capsys.readouterr().err
    assert exit_code(["run", str(file), "--no-write"]) == 2
    assert "so nobody would be upgraded" in capsys.readouterr().err


def test_a_condition_that_nobody_meets_is_told_once_with_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(_plain(rollout={"waves": [{"devices": {"where": 'hardware == "Z"'}}, {}]})))
    for more in ([], ["--fleet"]):
        assert exit_code(["validate", str(file), *more]) == 0
        told = [line for line in capsys.readouterr().err.splitlines() if "waves[0]" in line]
        assert len(told) == 1
        assert told[0].endswith(
            "no device of this fleet meets it; is a value or a name misspelt?; here hardware is 'A', 'B'"
        )


REFUSED = {
    "dialogues of nobody": ({"keep": {"transcripts": ["g-99"]}}, "1 listed id is no device's: g-99"),
    "more groups than a rollout has": (
        {"plan": {"packages": ["p"], "rollout": {"waves": [{"groups_of": 1}]}}, "count": 2000},
        "2,000 devices in groups of 1 are 2,000 waves",
    ),
    "bounds beyond a law": (
        {"rssi": {"uniform": ["-95dBm", "-90dBm"], "min": "-50dBm"}},
        "nothing of this uniform distribution lies within its bounds (min -50dBm)",
    ),
    "bounds between the values of a table": (
        {"rssi": {"table": {"values": ["-95dBm", "-50dBm"]}, "min": "-90dBm", "max": "-60dBm"}},
        "nothing of this table distribution lies within its bounds (-90dBm to -60dBm)",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_run_refuses_is_refused_without_drawing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes, words = REFUSED[name]
    scenario = _plain()
    for key, value in changes.items():
        (scenario["fleet"]["groups"][0] if key in ("count", "rssi") else scenario)[key] = value
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(scenario))
    for more in ([], ["--fleet"]):
        assert exit_code(["validate", str(file), *more]) == 2
        assert words in capsys.readouterr().err
    assert exit_code(["run", str(file), "--no-write"]) == 2


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ('hardware in ["A", "C"]', "no device has hardware 'C'; here hardware is 'A', 'B'; is it misspelt?"),
        ('hardware == "a" or hardware == "B"', "no device has hardware 'a'; here hardware is 'A', 'B'"),
        ('hardware in ["A", "B"]', ""),
        ('hardware != "C"', ""),
    ],
)
def test_a_value_that_no_device_has_is_told_in_a_condition_that_others_meet(
    where: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = _plain()
    scenario["plan"]["rollout"] = {"waves": [{"devices": {"where": where}}, {}]}
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(scenario))
    assert exit_code(["validate", str(file)]) == 0
    told = capsys.readouterr().err
    assert words in told
    assert ("no device has" in told) is bool(words)


def test_an_order_of_versions_that_leaves_nobody_is_told_to_go_by_letters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = _plain()
    scenario["fleet"]["groups"][0]["firmware"] = {"1.9": "50%", "1.2": "50%"}
    scenario["plan"]["whitelist"] = {"where": 'firmware < "1.10"'}
    file = tmp_path / "s.yaml"
    file.write_text(json.dumps(scenario))
    assert exit_code(["validate", str(file)]) == 2
    told = capsys.readouterr().err
    assert "here firmware is '1.2', '1.9', and texts are ordered by letters, in which" in told
