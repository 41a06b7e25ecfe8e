"""Words for nothing and zeros of calendars say as much as empty cells; numbers that cannot be meant are not used."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from fota_sim.errors import ScenarioError
from fota_sim.histories.reading import read_histories
from fota_sim.histories.table import Histories

HEAD = "device,status,offered,contact,download,downloaded,end,attempts,signal,battery,model\n"
AS_OF_S = 1_772_500_000.0
TIMES = range(2, 7)
NOTHING = ["-", "N/A", "null", "never", "0", "0001-01-01T00:00:00Z", "1970-01-01 00:00:00", "9999-12-31T23:59:59Z"]


def read(folder: Path, text: str, name: str = "log.csv") -> Histories:
    (folder / name).write_text(text, encoding="utf-8")
    return read_histories([folder / name], as_of_s=AS_OF_S)


def rows(nothing: str, word: str) -> str:
    full = ["2026-03-02T08:00:00Z", "2026-03-02T08:10:00Z", "2026-03-02T08:11:00Z", "2026-03-02T08:15:00Z"]
    full += ["2026-03-02T08:20:00Z", "2", "-91", "80", "BC66"]
    lines = [["whole", "success", *full], ["open", "never reached", full[0], *[nothing] * 4, *[word] * 4]]
    for k in range(len(TIMES)):
        some = [*full]
        some[k] = nothing
        lines.append([f"d{k}", "success", *some])
    return HEAD + "".join(",".join(line) + "\n" for line in lines)


@pytest.mark.parametrize("nothing", NOTHING)
def test_a_word_or_a_zero_in_place_of_a_time_is_an_empty_cell(nothing: str, tmp_path: Path) -> None:
    word = nothing if nothing in ("-", "N/A", "null") else ""
    one, other = read(tmp_path, rows(nothing, word)), read(tmp_path, rows("", ""))
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert one.left_out.sentences() == other.left_out.sentences() == []
    assert one.left_out.notes == other.left_out.notes


def test_zero_times_of_json_are_no_times(tmp_path: Path) -> None:
    entry = {"id": "a", "status": "pending", "created": "2026-03-02T08:00:00Z", "device_type": "M"}
    entry |= dict.fromkeys(("started", "finished"), "0001-01-01T00:00:00Z")
    found = read(tmp_path, json.dumps([entry]), "devices.json")
    assert [*found.frame["ended"]] == ["waiting"]


def test_a_year_that_no_log_has_is_no_time_and_no_error(tmp_path: Path) -> None:
    line = "{},success,,{},,,,,,,\n"
    found = read(tmp_path, HEAD + line.format("a", "2026-03-02T08:00Z") + line.format("b", "1066-10-14T08:00:00Z"))
    assert [*found.frame["device"]] == ["a"]
    assert [each.count for each in found.left_out.reasons.values()] == [1]


@pytest.mark.parametrize(
    ("levels", "words"),
    [(("3.6", "3.52"), "a voltage"), (("0.87", "1"), "a share of 1"), (("3640", "3500"), "per cent")],
)
def test_levels_in_another_unit_are_told_and_not_used(levels: tuple[str, str], words: str, tmp_path: Path) -> None:
    lines = [f"d{k},success,,2026-03-02T08:00Z,,,,,,{level},\n" for k, level in enumerate(levels)]
    found = read(tmp_path, HEAD + "".join(lines))
    assert found.frame["battery_pct"].isna().all()
    assert any(words in note for note in found.left_out.notes)


def test_a_part_of_an_attempt_is_told_and_not_used(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + "a,success,,2026-03-02T08:00Z,,,,1.5,,,\nb,success,,2026-03-02T08:00Z,,,,2.0,,,\n")
    assert found.frame["attempts"].isna().tolist() == [True, False]
    assert any("a number of attempts that cannot be, such as '1.5'" in note for note in found.left_out.notes)


def test_a_packed_log_is_told_to_be_packed(tmp_path: Path) -> None:
    (tmp_path / "log.csv.gz").write_bytes(b"\x1f\x8b\x08\x00" + b"\0" * 40)
    with pytest.raises(ScenarioError, match="gzip"):
        read_histories([tmp_path / "log.csv.gz"])


def hawkbit(*statuses: tuple[str, ...]) -> str:
    """hawkBit's database as one CSV, with the numbers that it has for statuses."""
    known = {"scheduled": 8, "retrieved": 6, "download": 7, "downloaded": 10, "running": 3, "finished": 0, "error": 1}
    begin = 1_772_438_404_000
    lines = [
        f"d{device},{device},{begin},{known[status]},{begin + 60_000 * k},,\n"
        for device, each in enumerate(statuses, start=1)
        for k, status in enumerate(each)
    ]
    return "controller,action,created_at,status,occurred_at,code,message\n" + "".join(lines)


@pytest.mark.parametrize("between", [("running",), ("download",), ()])
def test_a_failure_has_no_stage_where_successes_have_no_end_of_a_download_either(
    between: tuple[str, ...], tmp_path: Path
) -> None:
    text = hawkbit(("retrieved", *between, "finished"), ("retrieved", *between, "error"), ("scheduled",))
    found = read(tmp_path, text)
    assert [*found.frame["ended"]] == ["succeeded", "failed", "never_reached"]
    assert [*found.frame["attempts"]] == [1.0, 1.0, 0.0]
    assert found.frame["download_failures"].isna().all()
    assert any("at which stage" in note for note in found.left_out.notes)


def test_a_failure_has_its_stage_where_a_log_says_when_downloads_end(tmp_path: Path) -> None:
    stages = ("retrieved", "download", "downloaded")
    found = read(
        tmp_path, hawkbit((*stages, "finished"), (*stages, "error"), (*stages[:2], "error"), ("retrieved", "finished"))
    )
    assert [*found.frame["ended"]] == ["succeeded", "failed_install", "failed_download", "succeeded"]
    assert [*found.frame["attempts"]] == [1.0] * 4


@pytest.mark.parametrize(
    ("name", "cell", "size_B"),
    [("Size", "100", 100.0), ("Size (kB)", "100", 1e5), ("Size [MB]", "1.5", 1.5e6), ("Size (kB)", "2MB", 2e6)],
)
def test_a_size_is_in_the_unit_that_its_column_says(name: str, cell: str, size_B: float, tmp_path: Path) -> None:
    found = read(tmp_path, f"device,status,start,{name}\na,success,2026-03-02T08:00:00Z,{cell}\n")
    assert [*found.frame["size_B"]] == [size_B]
