"""Where devices come from is one question: a source that nobody has heard of is a fleet like any other."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fleet_world import group, groups, scenario_of

from fota_sim.engines.choice import device_count
from fota_sim.errors import ScenarioError
from fota_sim.fleet.devices import array_columns
from fota_sim.fleet.files import read_files
from fota_sim.fleet.fleet import build_fleet
from fota_sim.fleet.roster import Roster
from fota_sim.scenario.fleet import TableFleet

HEADER = ["device", "dbm", "hw", "site"]
ROWS = [["d0", "-70", "A", "harbour"], ["d1", "", "B", ""], ["d2", "-91.5", "A", "hill"]]
SOURCE = "csv:\n  - {name: real, file: fleet.csv, columns: {id: device, rssi: dbm, hardware: hw}}\n"


class Memory:
    """A table that stands in no file."""

    too_wide = "; look at the list"

    def __init__(self, rows: list[list[str]]) -> None:
        self._rows = rows

    def header(self) -> list[str]:
        return list(HEADER)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        for number, row in enumerate(self._rows, start=10):
            yield number, list(row)

    def rather(self, wanted: object) -> str:
        return ""

    def about(self) -> int:
        return len(self._rows)

    def digest(self, most_B: int) -> None:
        return None


class InMemory(TableFleet):
    """Devices in a list of lists."""

    content: list[list[str]]

    def table(self, base_dir: Path) -> Memory:
        return Memory(self.content)


def both(folder: Path, rows: list[list[str]] = ROWS):
    """A scenario with the rows in a file, and the same with them in memory."""
    (folder / "fleet.csv").write_text("\n".join(",".join(row) for row in [HEADER, *ROWS]) + "\n", encoding="utf-8")
    in_file = scenario_of(groups(group("g", 4), after=SOURCE), folder=folder)
    said = in_file.fleet.csv[0].model_dump(exclude={"delimiter", "encoding", "header"}, mode="json")
    read = InMemory.model_validate({**said, "content": rows})
    return in_file, in_file.model_copy(update={"fleet": in_file.fleet.model_copy(update={"csv": [read]})})


def test_rows_from_elsewhere_give_the_devices_that_the_same_rows_of_a_file_give(tmp_path):
    one, other = (build_fleet(scenario, 3) for scenario in both(tmp_path))
    assert list(one.ids) == list(other.ids) == ["g-0", "g-1", "g-2", "g-3", "d0", "d1", "d2"]
    for name in array_columns(one):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True), name
    assert one.attributes["site"].texts.tolist() == other.attributes["site"].texts.tolist()


def test_a_part_that_crosses_from_a_group_into_a_table_has_the_devices_of_the_whole(tmp_path):
    _, scenario = both(tmp_path)
    roster = Roster(scenario, 0)
    assert roster.n == device_count(scenario) == 7
    whole, part = roster.whole(), roster.part(3, 6)
    assert list(part.ids) == list(whole.ids)[3:6] == ["g-3", "d0", "d1"]
    assert np.array_equal(part.rssi_mean_dBm, whole.rssi_mean_dBm[3:6])


def test_a_bad_row_from_elsewhere_is_told_with_its_number_and_what_may_be_behind_it(tmp_path):
    _, scenario = both(tmp_path, [*ROWS, ["d3", "loud", "A", ""], ["d4", "-70", "A", "quay", "more"]])
    with pytest.raises(ScenarioError) as caught:
        build_fleet(scenario, 0)
    told = {problem.line: problem.message for problem in caught.value.problems}
    assert set(told) == {13, 14}
    assert told[13].startswith("'loud' is not a signal level")
    assert told[14] == "5 fields where the header has 4; look at the list"


def test_what_is_checked_without_drawing_is_checked_of_any_table(tmp_path):
    _, scenario = both(tmp_path, [*ROWS, ["g-2", "-70", "A", ""]])
    with pytest.raises(ScenarioError, match="id 'g-2' is used twice"):
        read_files(scenario)
