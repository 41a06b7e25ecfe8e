"""The rows of a file are read once for all replications, and anew where anything that they hang on is other."""

import os
from functools import partial
from hashlib import blake2b

import numpy as np
import pytest
from fleet_world import scenario_of
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.engines.choice import device_count
from fota_sim.errors import ScenarioError
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.table_rows import Moments, TableRows, table_rows
from fota_sim.scenario.device_rows.rows import Reading
from fota_sim.scenario.tables.digest import Digest

HEADER = "device;dbm;level;seen;what"
ROWS = ["d0;-90,5;50;01.02.2025;BG95", "d1;;40;;EC200U", "d2;-101;99;03.02.2025;BG95", "d3;-70;12;;EC200U"]
FIELDS = {
    "columns": [
        "{id: device, rssi: dbm, battery: level}",
        "{id: device, rssi: dbm, last_contact: seen}",
        "{id: device, rssi: dbm, module: what}",
    ],
    "dates": ["dmy", "mdy"],
    "missing": ["[]", '["50", "BG95"]'],
    "units": ["{}", "{battery: share}", "{rssi: rsrp}"],
    "limit": ["2", "9"],
    "gone_after": ["30d", "3000d"],
    "attributes": ["{}", "{level: {a: 100%}}"],
}


def rows_in(folder, rows=ROWS):
    (folder / "fleet.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")


def read_as(folder, columns=FIELDS["columns"][0], zone="UTC", **said):
    """A scenario that reads the file so, and its source."""
    said = {"delimiter": '";"', "decimal": '","', "dates": "dmy", "as_of": "2025-03-01", "module": "BG95", **said}
    if "last_contact" not in columns:
        said.pop("gone_after", None)
    elif "gone_after" not in said:
        said["gone_after"] = "30d"
    fields = "".join(f", {name}: {value}" for name, value in said.items())
    fleet = f"csv:\n  - {{name: real, file: fleet.csv, columns: {columns}{fields}}}\n"
    scenario = scenario_of(fleet, folder=folder, extra=f"time_zone: {zone}\n")
    return scenario.fleet.csv[0], scenario


def told(read):
    """All that rows say, or what is wrong with them, to be compared."""
    try:
        rows = read()
    except ScenarioError as error:
        return str(error)

    def plain(column):
        if isinstance(column, Coded):
            return column.texts.tolist(), column.names
        if isinstance(column, Moments):
            return [column.told[code] for code in column.codes]
        return None if column is None else column.tobytes()

    columns = [rows.numbers, rows.texts, rows.further, rows.attributes, {"last": rows.last_contact}]
    return rows.ids, [{name: plain(column) for name, column in each.items()} for each in columns]


drawn = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FIELDS.items()})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(drawn, st.sampled_from(["UTC", "Asia/Tokyo"]), st.permutations(ROWS)), max_size=5))
def test_whatever_was_read_before_rows_are_those_that_the_file_has_now(tmp_path_factory, asked):
    folder = tmp_path_factory.mktemp("read")
    for fields, zone, rows in asked:
        rows_in(folder, rows)
        source, scenario = read_as(folder, zone=zone, **fields)
        now, kept = Reading.of(source, scenario), partial(table_rows, source, scenario)
        assert told(kept) == told(lambda now=now: TableRows.of(now.rows()))


def test_a_file_is_read_once_for_all_that_reads_it_alike(tmp_path):
    rows_in(tmp_path)
    once = table_rows(*read_as(tmp_path))
    assert table_rows(*read_as(tmp_path)) is once
    assert table_rows(*read_as(tmp_path, gone="50%", mains="20%", host="careful")) is once
    assert table_rows(*read_as(tmp_path, decimal='"."', missing='["-90,5"]')) is not once
    assert table_rows(*read_as(tmp_path)) is once


def test_a_change_that_leaves_size_and_time_of_a_file_is_seen(tmp_path):
    rows_in(tmp_path)
    _, scenario = read_as(tmp_path)
    at = os.stat(tmp_path / "fleet.csv")
    before = build_fleet(scenario, 0)
    rows_in(tmp_path, [row.replace("-101", "-100") for row in ROWS])
    os.utime(tmp_path / "fleet.csv", ns=(at.st_atime_ns, at.st_mtime_ns))
    after = build_fleet(scenario, 0)
    assert before.rssi_mean_dBm.tolist()[2:] == [-101.0, -70.0]
    assert after.rssi_mean_dBm.tolist()[2:] == [-100.0, -70.0]


def test_what_one_replication_does_to_its_devices_is_not_done_to_the_next(tmp_path):
    rows_in(tmp_path)
    source, scenario = read_as(tmp_path, FIELDS["columns"][2])
    fleet = build_fleet(scenario, 0)
    fleet.rssi_mean_dBm[:] = 0.0
    fleet.attributes["level"][:] = 0.0
    again = build_fleet(scenario, 0)
    assert again.rssi_mean_dBm[[0, 2, 3]].tolist() == [-90.5, -101.0, -70.0]
    assert again.attributes["level"].tolist() == [50.0, 40.0, 99.0, 12.0]
    with pytest.raises(ValueError, match="read-only"):
        table_rows(source, scenario).numbers["rssi"][0] = 0.0


def test_devices_of_several_modules_stand_in_the_order_of_the_file_with_the_luck_of_their_names(tmp_path):
    rows_in(tmp_path)
    _, scenario = read_as(tmp_path, FIELDS["columns"][2])
    for replication in (0, 1):
        fleet = build_fleet(scenario, replication)
        assert list(fleet.ids) == ["d0", "d1", "d2", "d3"]
        assert [fleet.module_names[code] for code in fleet.module] == ["BG95", "EC200U", "BG95", "EC200U"]
        digests = (blake2b(name.encode(), digest_size=8).digest() for name in fleet.ids)
        assert fleet.keys.tolist() == np.frombuffer(b"".join(digests), dtype="<u8").tolist()


def test_a_file_with_a_bad_cell_is_told_each_time_until_it_is_mended(tmp_path):
    rows_in(tmp_path, [*ROWS, "d4;loud;1;;"])
    source, scenario = read_as(tmp_path)
    for _ in range(2):
        with pytest.raises(ScenarioError, match="'loud' is not a signal level"):
            table_rows(source, scenario)
    rows_in(tmp_path)
    assert table_rows(source, scenario).ids == ("d0", "d1", "d2", "d3")


def test_what_is_too_large_or_no_file_has_no_digest_and_is_read_each_time(tmp_path):
    rows_in(tmp_path)
    size_B = (tmp_path / "fleet.csv").stat().st_size
    assert Digest.of_file(tmp_path / "fleet.csv", size_B).size_B == size_B
    assert Digest.of_file(tmp_path / "fleet.csv", size_B - 1) is None
    os.mkfifo(tmp_path / "pipe")
    assert Digest.of_file(tmp_path / "pipe", size_B) is None
    assert Digest.of_file(tmp_path / "nothing", size_B) is None


def test_a_file_of_which_some_rows_are_read_counts_as_so_many_devices(tmp_path):
    rows_in(tmp_path)
    for limit, devices in ((3, 3), (9, 4)):
        source, scenario = read_as(tmp_path, limit=limit)
        assert device_count(scenario) == len(table_rows(source, scenario).ids) == devices
