"""Logs as programs save them: encodings, titles above the names, totals under the rows, pages that are missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fota_sim.errors import FotaSimError
from fota_sim.histories.reading import read_histories

LINES = ["device,status,offered,end", *(f"d{k},success,2026-03-02 08:00,2026-03-02 09:00" for k in range(8))]
NAMES = [f"d{k}" for k in range(8)]


def read(folder: Path, lines: list[str], encoding: str = "utf-8", name: str = "log.csv", **how: Any) -> Any:
    (folder / name).write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return read_histories([folder / name], **how)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_log_is_read_in_the_encoding_that_spreadsheets_save(encoding: str, delimiter: str, tmp_path: Path) -> None:
    lines = [line.replace(",", delimiter).replace("device", "Gerät") for line in LINES]
    found = read(tmp_path, lines, encoding, columns=["device=Gerät"])
    assert [*found.frame["device"]] == NAMES
    assert any(f"is read as {encoding}" in note for note in found.left_out.notes) == ("utf-8" not in encoding)


@pytest.mark.parametrize("above", [["Job 7"], ["# exported by admin"], ["Job 7", "", "as of 2026-03-03"]])
def test_a_title_above_the_names_is_passed_over_and_said(above: list[str], tmp_path: Path) -> None:
    found = read(tmp_path, [*above, *LINES])
    assert [*found.frame["device"]] == NAMES
    assert any(f"line {len(above) + 1} is taken for the names" in note for note in found.left_out.notes)


@pytest.mark.parametrize("total", ["Total,,,", "Summe,8,,", "Average: ,success,,"])
def test_a_line_of_totals_is_no_device(total: str, tmp_path: Path) -> None:
    found = read(tmp_path, [*LINES, total])
    assert [*found.frame["device"]] == NAMES
    assert "computed of other rows" in found.left_out.sentences()[0]


def action(number: int) -> dict[str, Any]:
    entries = [{"type": "finished", "timestamp": 1772442000000, "messages": []}]
    target = {"href": f"https://h/rest/v1/targets/d{number}"}
    return {
        "id": number,
        "status": "finished",
        "createdAt": 1772438400000,
        "_links": {"target": target},
        "statusEntries": entries,
    }


def summaries(numbers: list[int], **more: str) -> dict[str, Any]:
    summary = {"status": "SUCCEEDED", "queuedAt": 1772438400.0, "lastUpdatedAt": 1772438600.0, "executionNumber": 1}
    return {
        "executionSummaries": [
            {"thingArn": f"arn:aws:iot:eu:1:thing/d{k}", "jobExecutionSummary": summary} for k in numbers
        ]
    } | more


PAGES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "hawkBit": (
        [{"content": [action(1), action(2)], "total": 3}, {"content": [action(3)], "total": 3}],
        "The platform counts 3 actions, and 2 are here: pages are missing; export them too.",
    ),
    "AWS": (
        [summaries([1, 2], nextToken="abc"), summaries([3])],
        "Each page of job executions says that another follows: the last ones are missing; export them too.",
    ),
}


@pytest.mark.parametrize("platform", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_pages_that_are_missing_are_told(platform: str, encoding: str, tmp_path: Path) -> None:
    pages, told = PAGES[platform]
    for number, page in enumerate(pages):
        (tmp_path / f"page{number}.json").write_bytes(json.dumps(page, indent=2).encode(encoding))
    whole = read_histories([tmp_path])
    assert [*whole.frame["device"]] == ["d1", "d2", "d3"]
    assert not [note for note in whole.left_out.notes if note.startswith(("The platform counts", "Each page"))]
    assert told in read_histories([tmp_path / "page0.json"]).left_out.notes


def test_a_page_of_a_browser_is_called_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FotaSimError, match="is XML or HTML and no table"):
        read(tmp_path, ["<html><body>sign in</body></html>"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_json_is_read_in_its_encoding_which_is_said(encoding: str, tmp_path: Path) -> None:
    described = {"things": [{"thingName": f"d{k}", "thingId": "1", "attributes": {"group": "Süd"}} for k in range(3)]}
    told = "\n".join(map(json.dumps, [summaries([*range(3)])]))
    things = json.dumps(described, ensure_ascii=False)
    (tmp_path / "log.json").write_text(told, encoding="utf-8")
    (tmp_path / "things.json").write_bytes(things.encode(encoding))
    found = read_histories([tmp_path / "log.json", tmp_path / "things.json"])
    assert [*found.frame["group"]] == ["Süd"] * 3
    assert any(f"is read as {encoding}" in note for note in found.left_out.notes) == ("utf-8" not in encoding)


@pytest.mark.parametrize("inventory", [True, False])
@pytest.mark.parametrize("device", ["Total", "Summe", "n/a", "8.66E+14", ""])
def test_what_is_no_device_is_left_out_once_whatever_its_status_is(
    inventory: bool, device: str, tmp_path: Path
) -> None:
    lines = [*LINES, f"{device},8 of 8,,"] if not inventory else LINES
    (tmp_path / "things.csv").write_text(f"device,rssi\nd1,-90\n{device or 'n/a'},-91\n", encoding="utf-8")
    (tmp_path / "log.csv").write_text("\n".join(lines), encoding="utf-8")
    found = read_histories([tmp_path / "log.csv", tmp_path / "things.csv"])
    assert [*found.frame["device"]] == NAMES
    assert found.left_out.rows == (1 if inventory else 2)


STAGES = {
    "queued": ("never_reached", "offered_s"),
    "waiting": ("waiting", "contact_s"),
    "downloading": ("downloading", "download_s"),
    "installing": ("installing", "downloaded_s"),
    "success": ("succeeded", "ended_s"),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reached=st.lists(st.integers(0, 4), min_size=2, max_size=8).filter(lambda found: max(found) > 0), data=st.data())
def test_a_row_for_each_change_of_a_status_is_a_history(
    reached: list[int], data: st.DataObject, tmp_path: Path
) -> None:
    words = [*STAGES]
    rows = [(f"d{k}", words[each], k, each) for k, last in enumerate(reached) for each in range(last + 1)]
    lines = [f"{device},{word},2026-03-02T{8 + each:02}:{k:02}:00Z" for device, word, k, each in rows]
    shuffled = data.draw(st.permutations(lines))
    (tmp_path / "log.csv").write_text("\n".join(["device,status,updated", *shuffled, ""]), encoding="utf-8")
    found = read_histories([tmp_path / "log.csv"]).frame.set_index("device")
    assert len(found) == len(reached)
    for k, last in enumerate(reached):
        row = found.loc[f"d{k}"]
        assert row["ended"] == STAGES[words[last]][0]
        for each, (_, column) in enumerate(STAGES.values()):
            at = pd.Timestamp(f"2026-03-02T{8 + each:02}:{k:02}:00Z").timestamp()
            assert (row[column] == at) if each <= last else np.isnan(row[column])
        assert np.isnan(row["attempts"]) or row["attempts"] == 1
