"""A DataFrame as a fleet: mapped and checked as a file is, and kept beside a result so that it can be played again."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import fota_sim as fs
from fota_sim.cli.main import exit_code
from fota_sim.notebook.fleets import held
from fota_sim.scenario.loader import load_scenario

COLUMNS = {"id": "IMEI", "rssi": "Signal dBm", "battery": "Akku %", "hardware": "hw"}


@pytest.fixture
def frame() -> pd.DataFrame:
    count = 30
    return pd.DataFrame(
        {
            "IMEI": [867001000000000 + each for each in range(count)],
            "Signal dBm": np.where(np.arange(count) % 7 == 3, np.nan, -75.0 - np.arange(count)),
            "Akku %": pd.array([None if each == 5 else 40 + each for each in range(count)], dtype="Int64"),
            "hw": pd.Categorical(["A", "B"] * (count // 2)),
            "site": ["lab", "field", None] * (count // 3),
            "seen": pd.date_range("2026-01-01", periods=count),
            "mains powered": [False] * count,
        }
    )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def meters(**changes: object) -> fs.Scenario:
    scenario = fs.template("meters")
    scenario.update({"plan.blacklist": {"where": 'site == "lab"'}, **changes})
    return scenario


def test_a_frame_gives_the_numbers_that_its_file_gives(frame: pd.DataFrame, desk: Path) -> None:
    from_frame = fs.run(fs.template("meters"), fleet=frame, columns=COLUMNS, replications=1)
    frame.to_csv("devices.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S")
    scenario = fs.template("meters")
    group = scenario["fleet.groups.meters"].plain()
    del group["count"]
    scenario["fleet"] = {"csv": [{**group, "file": "devices.csv", "columns": COLUMNS}]}
    from_file = scenario.run(replications=1)
    assert len(from_frame.devices) == len(frame)
    assert from_frame.devices["id"].tolist() == [str(each) for each in frame["IMEI"]]
    assert from_frame.devices["rssi_known"].tolist() == frame["Signal dBm"].notna().tolist()
    assert_frame_equal(from_frame.devices, from_file.devices)
    assert from_frame.summary["metrics"] == from_file.summary["metrics"]


def test_columns_that_are_not_mapped_are_attributes(frame: pd.DataFrame, desk: Path) -> None:
    found = fs.run(meters(), fleet=frame, columns=COLUMNS, replications=1).devices
    assert (found["cause"] == "blacklisted").tolist() == (frame["site"] == "lab").tolist()


def test_columns_called_like_attributes_need_no_mapping(desk: Path) -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "rssi": [-70, -80], "battery": [90, 10], "mains": [True, False]})
    found = fs.run(fs.template("meters"), fleet=frame.set_index("id"), replications=1).devices
    assert found["id"].tolist() == ["a", "b"]
    assert found["mains"].tolist() == [True, False]
    assert found["rssi_mean_dBm"].tolist() == [-70, -80]


def test_a_frame_takes_the_place_of_the_source_that_is_named(frame: pd.DataFrame, desk: Path) -> None:
    scenario = fs.template("mixed")
    names = [group["name"] for group in scenario["fleet.groups"]]
    with pytest.raises(fs.FotaSimError, match=f"{len(names)} sources of devices .*; say which one"):
        scenario.with_fleet(frame, COLUMNS)
    with pytest.raises(fs.FotaSimError, match=f"did you mean '{names[0]}'"):
        scenario.with_fleet({names[0] + "x": frame}, COLUMNS)
    scenario.update({f"fleet.groups.{name}.count": 5 for name in names})
    found = fs.run(scenario, fleet={names[0]: frame}, columns=COLUMNS, replications=1).devices
    assert found["group"].value_counts().to_dict() == {names[0]: len(frame), **dict.fromkeys(names[1:], 5)}


def test_what_is_wrong_in_a_frame_is_told_as_of_a_file(
    frame: pd.DataFrame, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = frame.astype({"Signal dBm": object, "hw": object})
    wrong.loc[2, "Signal dBm"] = "loud"
    wrong.loc[4, "IMEI"] = wrong.loc[3, "IMEI"]
    wrong["Akku %"] = wrong["Akku %"].astype("float") / 100
    wrong.loc[6, "Akku %"] = 170
    scenario = fs.template("meters").with_fleet(wrong, COLUMNS)
    with pytest.raises(fs.ScenarioError) as told:
        scenario.run()
    scenario.save("my.yaml")
    assert exit_code(["run", "my.yaml"]) == 2
    of_file = capsys.readouterr().err.splitlines()[:-1]
    place = f"a DataFrame of {len(frame)} rows and {len(frame.columns)} columns"
    assert len(of_file) == len(told.value.problems) == 3
    assert [str(each) for each in told.value.problems] == [
        line.replace(f"{desk}/meters.csv", place) for line in of_file
    ]
    checked = scenario.check()
    assert checked["where"].tolist()[0].startswith(place)


def test_a_column_that_the_frame_has_not_is_told_before_anything_is_run(frame: pd.DataFrame, desk: Path) -> None:
    with pytest.raises(fs.ScenarioError, match="has no column 'Signal'; did you mean 'Signal dBm'"):
        fs.run(fs.template("meters"), fleet=frame, columns=COLUMNS | {"rssi": "Signal"})


@pytest.mark.parametrize("more", [{}, {"rssi": [-90.0, None, -92.0]}])
def test_a_row_without_anything_is_a_device_without_an_id(more: dict[str, list[float]], desk: Path) -> None:
    with pytest.raises(fs.ScenarioError, match="is empty; each device needs one"):
        fs.run(fs.template("meters"), fleet=pd.DataFrame({"id": ["a", None, "c"], **more}))


def test_a_stored_result_keeps_its_frame_and_can_be_played_again(
    frame: pd.DataFrame, desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "elsewhere").mkdir()
    monkeypatch.chdir(desk / "elsewhere")
    found = fs.run(meters(), fleet=frame, columns=COLUMNS, out=desk / "results", replications=2)
    monkeypatch.chdir(desk)
    shutil.rmtree("elsewhere")
    assert found.folder is not None
    assert exit_code(["rerun", "latest"]) == 0
    assert "the same again, byte for byte" in capsys.readouterr().out
    again = fs.open("latest")
    assert again.transcript(4) == found.transcript(4)
    assert again.downloads.equals(found.downloads)
    assert again.sources == {"meters": f"a DataFrame of {len(frame)} rows and {len(frame.columns)} columns"}
    kept = pd.read_csv(found.folder / "fleet" / "meters.csv")
    assert kept["IMEI"].tolist() == frame["IMEI"].tolist()
    assert fs.compare(str(found.folder), str(found.folder)).table["difference"].dropna().eq(0).all()


def test_a_scenario_with_a_frame_is_saved_with_it_and_then_says_the_same(frame: pd.DataFrame, desk: Path) -> None:
    scenario = meters().with_fleet(frame, COLUMNS)
    scenario.save("my.yaml")
    assert load_scenario("my.yaml").fleet.csv[0].file == "meters.csv"
    assert "# the same seed gives the same numbers" in Path("my.yaml").read_text(encoding="utf-8")
    first, second = scenario.run(), fs.run("my.yaml")
    assert first.devices.equals(second.devices)
    with pytest.raises(fs.FotaSimError, match=r"other\.yaml|meters\.csv would be overwritten"):
        scenario.save("other.yaml")


def test_everything_that_plays_takes_a_scenario_with_a_frame(frame: pd.DataFrame, desk: Path) -> None:
    scenario = meters().with_fleet(frame, COLUMNS)
    path = "plan.strategy.min_battery"
    swept = fs.sweep(scenario, {path: ["10%", "60%"]}, replications=1, engine="reference", workers=2)
    assert swept.surface["mean"].notna().any()
    assert len(fs.compare(scenario, replications=2).report["variants"]) == 2
    assert len(fs.sensitivity(scenario, [f"{path}=10%..60%"], replications=2, workers=1).effects) > 0
    with pytest.raises(fs.FotaSimError, match="save the scenario first"):
        fs.explore(scenario)


def test_ids_that_a_column_with_gaps_made_floats_are_whole_and_rounded_ones_are_told(desk: Path) -> None:
    frame = pd.DataFrame({"id": [867001.0, 867002.0], "battery": [50, 60]})
    assert fs.run(fs.template("meters"), fleet=frame, replications=1).devices["id"].tolist() == ["867001", "867002"]
    lost = pd.DataFrame({"id": [8.67001000000000e19, 8.67002000000000e19], "battery": [50, 60]})
    with pytest.raises(fs.ScenarioError, match="an id that a spreadsheet has rounded"):
        fs.run(fs.template("meters"), fleet=lost)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab ,;\"'=\r\n\t|", min_size=1, max_size=6), min_size=1, max_size=5))
def test_each_cell_of_a_frame_is_one_cell_of_its_file(cells: list[str]) -> None:
    table = held(pd.DataFrame({"id": range(len(cells)), "note": cells, "last": 7}), "id")
    rows = [*csv.reader(io.StringIO(table.content.decode(), newline=""))]
    assert [row[2] for row in rows] == ["last", *["7"] * len(cells)]
    assert [row[1] for row in rows[1:]] == [re.sub(r"\r\n|\r|\n", " ", cell) for cell in cells]
