"""Files with several rows of a device: the latest counts, whatever order they stand in."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from fleet_world import scenario_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fota_sim.errors import ScenarioError
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.device_rows.rows import read_rows
from fota_sim.scenario.model import Scenario

WRITTEN = {"ymd": "%Y-%m-%d %H:%M:%S", "dmy": "%d.%m.%Y %H:%M:%S", "mdy": "%m/%d/%Y %H:%M:%S"}


def scenario(folder: Path, lines: list[str], **settings_: str) -> Scenario:
    (folder / "f.csv").write_text("\n".join(["dev,at,dbm", *lines, ""]), encoding="utf-8")
    said = "".join(f", {key}: {value}" for key, value in settings_.items())
    fleet = f"csv:\n  - {{name: real, file: f.csv, columns: {{id: dev, rssi: dbm}}, module: EC200U{said}}}\n"
    return scenario_of(fleet, folder=folder)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seconds=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40) | st.none()), min_size=1, max_size=25),
    order=st.sampled_from([*WRITTEN]),
    missing=st.sampled_from(["", "N/A"]),
)
def test_the_latest_row_of_each_device_counts(
    seconds: list[tuple[int, int | None]], order: str, missing: str, tmp_path: Path
) -> None:
    latest: dict[str, tuple[int, int]] = {}
    lines = []
    for place, (device, at_s) in enumerate(seconds):
        at = datetime(2026, 1, 30) + timedelta(hours=at_s or 0)
        lines.append(f"d{device},{missing if at_s is None else at.strftime(WRITTEN[order])},{-60 - place}")
        when = -1 if at_s is None else at_s
        if when >= latest.get(f"d{device}", (-2, 0))[0]:
            latest[f"d{device}"] = when, place
    made = scenario(tmp_path, lines, latest="at", dates=order, missing="[N/A]")
    rows = read_rows(made.fleet.csv[0], made)
    found = dict(zip(rows.mapped["id"], rows.mapped["rssi"], strict=True))
    assert found == {device: -60.0 - place for device, (_, place) in latest.items()}
    assert rows.lines == sorted(2 + place for _, place in latest.values())


def test_a_fleet_of_several_rows_is_that_of_the_latest_ones(tmp_path: Path) -> None:
    lines = [f"d{k},2026-01-0{day},{-60 - k - day}" for day in (3, 1, 2) for k in range(9)]
    one = build_fleet(scenario(tmp_path, lines, latest="at"), 0)
    same = build_fleet(scenario(tmp_path, lines[:9]), 0)
    assert list(one.ids) == list(same.ids)
    assert np.array_equal(one.rssi_mean_dBm, same.rssi_mean_dBm)


@pytest.mark.parametrize(
    ("line", "latest", "said"),
    [
        ("a,soon,-90", "at", "'soon'"),
        ("a,2026-01-01,-90", "att", "has no column 'att'; did you mean 'at'"),
        ("a,2026-01-01", "at", "2 fields where the header has 3"),
    ],
)
def test_what_cannot_be_told_apart_is_an_error(line: str, latest: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=said):
        build_fleet(scenario(tmp_path, [line, "a,2026-01-02,-90"], latest=latest), 0)
