import csv
from pathlib import Path

import numpy as np
import pytest
from fleet_world import group, groups, scenario_of

from fota_sim.errors import ScenarioError
from fota_sim.fleet.devices import names_of
from fota_sim.fleet.fleet import build_fleet, columns_for_predicates
from fota_sim.fleet.table_fleet import table_fleet

PLACES = Path(__file__).parents[2] / ".." / "shared" / "data" / "lte-places.csv"
COLUMNS = "{id: device, rssi: dbm, battery: level, hardware: hw, firmware: fw, mains: plug, cell: tower}"


def source(file, columns=COLUMNS, name="real", **fields):
    """A ``csv:`` list of one file as YAML."""
    said = "".join(f", {key}: {value}" for key, value in fields.items())
    return f"csv:\n  - {{name: {name}, file: {file}, columns: {columns}{said}}}\n"


@pytest.fixture
def three_hundred(tmp_path):
    """300 rows: every third signal, every fifth level and every seventh tower empty; a text, a number, a version."""
    lines = ["device,dbm,level,hw,fw,plug,tower,site,floor,loader,module"]
    for k in range(300):
        dbm = "" if k % 3 == 0 else f"{-60 - k / 10}"
        level = "" if k % 5 == 0 else f"{k % 101}"
        tower = "" if k % 7 == 0 else f"T{k % 4}"
        site = "" if k % 2 else "harbour"
        lines.append(
            f"d{k},{dbm},{level},{'AB'[k % 2]},1_{k % 2},{('yes', 'no')[k % 2]},{tower},{site},{k % 6},1_{k},{k}"
        )
    (tmp_path / "fleet.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_what_the_file_says_is_taken_and_an_empty_reading_is_drawn_but_known_to_nobody(three_hundred):
    fleet = build_fleet(scenario_of(source("fleet.csv", module="EC200U"), folder=three_hundred), 0)
    k = np.arange(300)
    assert list(fleet.ids) == [f"d{i}" for i in k]
    assert np.array_equal(fleet.rssi_known, k % 3 != 0)
    assert np.array_equal(fleet.battery_known, (k % 5 != 0) | (k % 2 == 0))  # on mains: it reads 100 %
    assert fleet.rssi_mean_dBm[fleet.rssi_known] == pytest.approx((-60.0 - k / 10)[k % 3 != 0])
    assert fleet.charge[k % 5 != 0] == pytest.approx((k % 101 / 100)[k % 5 != 0])
    assert (fleet.charge[k % 10 == 0] == 1.0).all()
    assert np.all(np.isfinite(fleet.rssi_mean_dBm))
    assert len(np.unique(fleet.rssi_mean_dBm[~fleet.rssi_known])) == 100
    assert fleet.hardware.texts[:3].tolist() == ["A", "B", "A"]
    assert fleet.firmware.texts[:3].tolist() == ["1_0", "1_1", "1_0"]
    assert np.array_equal(fleet.mains, k % 2 == 0)
    cells = names_of(fleet, "cell").texts
    assert set(cells[k % 7 == 0]) == {"real/0"}
    assert cells[1] == "T1"


def test_unmapped_columns_become_attributes_and_only_real_numbers_are_numbers(three_hundred):
    attributes = build_fleet(scenario_of(source("fleet.csv"), folder=three_hundred), 0).attributes
    assert list(attributes) == ["site", "floor", "loader", "csv_module"]
    assert attributes["site"].texts[:2].tolist() == ["harbour", None]
    assert attributes["floor"].tolist() == [float(k % 6) for k in range(300)]
    assert attributes["loader"][10] == "1_10"
    assert attributes["csv_module"][3] == 3.0


def test_columns_that_are_not_mapped_are_drawn_and_known_by_their_shares(three_hundred):
    text = source("fleet.csv", "{id: device}", rssi_unknown="50%", battery_unknown="100%", mains="0%")
    fleet = build_fleet(scenario_of(text, folder=three_hundred), 0)
    assert 0.4 < fleet.rssi_known.mean() < 0.6
    assert not fleet.battery_known.any()
    assert len(np.unique(fleet.charge)) == 300


def test_a_device_draws_the_same_whether_it_is_in_a_file_or_a_group(three_hundred):
    (three_hundred / "ids.csv").write_text("device\ng-0\ng-1\ng-2\n")
    said = {"rssi": "{normal: {mean: -94dBm, sd: 12dB}}", "hardware": "{A: 50%, B: 50%}", "churn": "50%"}
    drawn = build_fleet(scenario_of(groups(group("g", 3, **said))), 0)
    read = build_fleet(scenario_of(source("ids.csv", "{id: device}", **said), folder=three_hundred), 0)
    assert list(drawn.hardware) == list(read.hardware)
    for column in ("rssi_mean_dBm", "dies_at_ms", "charge", "mains", "gone"):
        assert np.array_equal(getattr(drawn, column), getattr(read, column))


def test_the_order_of_rows_and_further_rows_change_nobody(three_hundred):
    lines = (three_hundred / "fleet.csv").read_text().splitlines()
    (three_hundred / "turned.csv").write_text("\n".join([lines[0], *lines[:0:-1], "new,,,A,1_0,,,,,,"]))
    first, turned = (
        build_fleet(scenario_of(source(name), folder=three_hundred), 0) for name in ("fleet.csv", "turned.csv")
    )
    back = turned.take(np.arange(299, -1, -1))
    assert list(back.ids) == list(first.ids)
    for column in ("rssi_mean_dBm", "charge", "capacity_mAh", "mains", "dies_at_ms"):
        assert np.array_equal(getattr(back, column), getattr(first, column))


def test_given_signals_pull_drawn_battery_levels_along(three_hundred):
    rows = "\n".join(f"x{k},{-130 + k / 20}" for k in range(2000))
    (three_hundred / "signal.csv").write_text(f"device,dbm\n{rows}\n")
    text = source("signal.csv", "{id: device, rssi: dbm}", mains="0%", battery_signal_correlation=0.9)
    fleet = build_fleet(scenario_of(text, folder=three_hundred), 0)
    weak, strong = np.array_split(fleet.charge, 2)
    assert strong.mean() - weak.mean() > 0.2


def test_groups_come_first_then_files(three_hundred):
    text = groups(group("g", 10, module="BG95", mcu='{stm: "3"}')) + source("fleet.csv", module="BG95", limit=20)
    fleet = build_fleet(scenario_of(text, folder=three_hundred), 0)
    assert fleet.n == 30
    assert fleet.group_names == ("g", "real")
    assert fleet.module_names == ("BG95",)
    assert np.bincount(fleet.group).tolist() == [10, 20]
    assert list(fleet.mcu["stm"]) == ["3"] * 10 + [""] * 20
    assert np.isnan(fleet.attributes["floor"][:10]).all()


def test_an_mcu_version_may_come_from_the_file(three_hundred):
    (three_hundred / "mcu.csv").write_text("device,v\na,7\nb,\n")
    text = source("mcu.csv", '{id: device, "mcu:dsp": v}')
    assert list(build_fleet(scenario_of(text, folder=three_hundred), 0).mcu["dsp"]) == ["7", ""]


def test_an_id_in_a_group_and_in_a_file_is_an_error(three_hundred):
    (three_hundred / "ids.csv").write_text("device\ng-1\n")
    with pytest.raises(ScenarioError, match="id 'g-1' is used twice, by 'g' and 'real'"):
        build_fleet(scenario_of(groups(group("g", 3)) + source("ids.csv", "{id: device}"), folder=three_hundred), 0)


def test_a_time_zone_that_does_not_exist_is_an_error_that_names_a_device(three_hundred):
    (three_hundred / "zones.csv").write_text("device,tz\na,Europe/Berlin\nb,Mars/Olympus\n")
    with pytest.raises(ScenarioError, match=r"zones.csv:3:2: tz: 'Mars/Olympus' is no IANA time zone"):
        build_fleet(scenario_of(source("zones.csv", "{id: device, time_zone: tz}"), folder=three_hundred), 0)


def test_a_header_beside_a_column_mapped_to_its_name_is_set_apart(three_hundred):
    (three_hundred / "two.csv").write_text("device,rssi,signal\na,-60,-70\n")
    fleet = build_fleet(scenario_of(source("two.csv", "{id: device, rssi: signal}"), folder=three_hundred), 0)
    assert fleet.rssi_mean_dBm.tolist() == [-70.0]
    assert fleet.attributes["csv_rssi"].tolist() == [-60.0]


def test_an_unmapped_column_that_looks_like_a_reading_is_taken_as_it_stands(three_hundred):
    (three_hundred / "odd.csv").write_text("device,capacity,mains\na,0.5,240\n")
    fleet = build_fleet(scenario_of(source("odd.csv", "{id: device}"), folder=three_hundred), 0)
    assert fleet.attributes["csv_mains"].tolist() == [240.0]


def test_rows_may_name_module_radio_host_and_chemistry(three_hundred):
    (three_hundred / "kinds.csv").write_text(
        "device,m,r,h,c\na,BC66,,late,li-po\nb,FC41D,,,\nc,BC66,lte-m,careful,li-ion\nd,,,late,\n"
    )
    scenario = scenario_of(source("kinds.csv", "{id: device}", module="BG95"), folder=three_hundred)
    mapping = {"id": "device", "module": "m", "radio": "r", "host": "h", "chemistry": "c"}
    fleet = table_fleet(scenario, _renamed(scenario, three_hundred, mapping), 0)
    assert list(fleet.ids) == ["a", "b", "c", "d"]
    assert list(names_of(fleet, "module")) == ["BC66", "FC41D", "BC66", "BG95"]
    assert list(names_of(fleet, "radio")) == ["nb-iot", "wifi", "lte-m", "lte-m"]
    assert list(names_of(fleet, "host")) == ["late", "careful", "careful", "late"]
    chemistry = columns_for_predicates(fleet)["chemistry"]
    assert chemistry[0] == "li-po"
    assert chemistry[2] == "li-ion"


def test_a_module_no_one_knows_is_an_error_with_a_suggestion(three_hundred):
    (three_hundred / "kinds.csv").write_text("device,m\na,BC666\n")
    scenario = scenario_of(source("kinds.csv", "{id: device}"), folder=three_hundred)
    with pytest.raises(ScenarioError, match="there is no module 'BC666'; did you mean 'BC66'"):
        table_fleet(scenario, _renamed(scenario, three_hundred, {"id": "device", "module": "m"}), 0)


def _renamed(scenario, folder, mapping):
    return scenario.fleet.csv[0].model_copy(update={"columns": mapping})


@pytest.mark.skipif(not PLACES.exists(), reason="the measured places are not here")
def test_measured_places_make_a_fleet_whose_battery_is_unknown(tmp_path):
    columns = "{id: place, rssi: rssi_mean_dBm, rssi_sd: rssi_sd_dB, cell: cell}"
    text = source(PLACES.resolve(), columns, "places", module="EC200U", battery_unknown="100%")
    fleet = build_fleet(scenario_of(text, folder=tmp_path), 0)
    with PLACES.open(newline="") as file:
        measured = [row["rssi_mean_dBm"] != "" for row in csv.DictReader(file)]
    assert fleet.n == 320
    assert np.array_equal(fleet.rssi_known, measured)
    assert not fleet.battery_known.any()
    assert np.isnan(columns_for_predicates(fleet)["battery"]).all()
    assert fleet.rssi_mean_dBm[0] == pytest.approx(-59.96)
    assert fleet.rssi_sd_dB[0] == pytest.approx(7.62)
    assert np.isnan(fleet.attributes["dl_median_kbps"][2])
    assert len(fleet.cell_names) > 1


@pytest.mark.parametrize("empty_first", [True, False])
def test_a_column_that_is_empty_in_one_file_stays_numbers_of_another(tmp_path, empty_first):
    (tmp_path / "empty.csv").write_text("device,floor\na,\n", encoding="utf-8")
    (tmp_path / "floors.csv").write_text("device,floor\nb,2\nc,\n", encoding="utf-8")
    files = ["empty", "floors"] if empty_first else ["floors", "empty"]
    entries = "".join(f"  - {{name: {name}, file: {name}.csv, columns: {{id: device}}}}\n" for name in files)
    fleet = build_fleet(scenario_of(f"csv:\n{entries}", folder=tmp_path), 0)
    floors = dict(zip(fleet.ids, fleet.attributes["floor"], strict=True))
    assert floors["b"] == 2.0
    assert np.isnan([floors["a"], floors["c"]]).all()
    assert fleet.attributes["floor"].dtype == np.float64
