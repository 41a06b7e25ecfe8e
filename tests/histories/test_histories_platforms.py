"""Each platform's export, read back: what was written is what is read, in the platform's own limits."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import history_exports
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from fota_sim.errors import FotaSimError
from fota_sim.histories.columns import COLUMNS, NUMBERS, TIMES
from fota_sim.histories.ends import MEANINGS, End
from fota_sim.histories.reading import READERS, read_histories
from fota_sim.histories.results import of_devices
from fota_sim.histories.table import Histories
from fota_sim.scenario.model import Scenario

ROLLOUT = tuple[Scenario, pa.Table]
NOT_EXPORTED = {
    "golioth": {"refusals"},
    "hawkbit": {"refusals"},
    "hawkbit-csv": {"refusals"},
    "thingsboard": {"battery_pct", "refusals"},
    "nerveshub": {"refusals"},
    "spreadsheet": {"model", "hardware"},
    "azure-device-update": {"signal_dBm", "battery_pct", "model", "hardware"},
    "memfault": {"signal_dBm", "battery_pct", "model", "refusals"},
}
"""What the file that is written here has no place for."""


def written(name: str, rollout: ROLLOUT, folder: Path) -> tuple[Histories, Histories]:
    """What a platform could show of a rollout, and what is read of its export."""
    scenario, table = rollout
    shown = of_devices(table, scenario, history_exports.EXPORTED[name].view)
    return shown, read_histories(history_exports.export(name, shown, folder), as_of_s=shown.until_s)


@pytest.mark.parametrize("name", history_exports.EXPORTED)
def test_what_a_platform_exports_is_read_back(name: str, rollout: ROLLOUT, tmp_path: Path) -> None:
    shown, read = written(name, rollout, tmp_path)
    assert read.counts() == shown.counts()
    assert read.left_out.reasons == {}
    if shown.view.lists_all:
        assert len(read) == shown.targeted
    both = shown.frame.merge(read.frame, on="device", suffixes=("", "_read"))
    assert len(both) == len(shown) == len(read)
    for column in COLUMNS:
        if column.name in {"device", "line", "cause", "group", "cell", "size_B", "seen_s"}:
            continue
        if column.name in NOT_EXPORTED.get(name, ()):
            continue
        one, other = both[column.name], both[f"{column.name}_read"]
        if column.name == "downloaded_s":  # between attempts that are spread evenly it stands elsewhere
            one, other = one[~(both["attempts"] > 1)], other[~(both["attempts"] > 1)]
        if column.kind == "number":
            # hawkBit's times are whole milliseconds
            np.testing.assert_allclose(one, other, atol=0.01, rtol=0, err_msg=column.name)
        else:
            assert one.tolist() == other.tolist()


@pytest.mark.parametrize("name", history_exports.EXPORTED)
def test_whose_log_it_is_shows_in_its_fields(name: str, rollout: ROLLOUT, tmp_path: Path) -> None:
    _, read = written(name, rollout, tmp_path)
    assert read.platform.startswith(READERS[name.removesuffix("-csv")].title)


def test_what_a_device_did_may_stand_on_several_pages_that_overlap(rollout: ROLLOUT, tmp_path: Path) -> None:
    _, whole = written("golioth", rollout, tmp_path / "whole")
    pages = sorted((tmp_path / "whole").glob("events*.json"))
    events = [event for page in pages for event in json.loads(page.read_text())["list"]]
    folder = tmp_path / "small"
    folder.mkdir()
    for number, first in enumerate(range(0, len(events), 7)):
        page = {"list": events[max(0, first - 2) : first + 7], "nextPageToken": ""}
        (folder / f"{number:03d}.json").write_text(json.dumps(page), encoding="utf-8")
    read = read_histories([folder, tmp_path / "whole" / "cohort.json"], as_of_s=whole.until_s)
    columns = ["device", "ended", *TIMES, *NUMBERS]
    key = whole.frame.sort_values("device")[columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(read.frame.sort_values("device")[columns].reset_index(drop=True), key)
    assert read.targeted == whole.targeted
    assert read.left_out.reasons == {}


def test_a_page_that_says_that_another_follows_is_missed(tmp_path: Path) -> None:
    summary = {"status": "SUCCEEDED", "queuedAt": 1772438400.5, "startedAt": 1772442000, "lastUpdatedAt": 1772442300}
    entry = {"thingArn": "arn:aws:iot:eu-west-1:111122223333:thing/m-1", "jobExecutionSummary": summary}
    event = {"deviceId": "m-1", "eventType": "completed", "timestamp": "2026-03-02T09:05:00Z", "targetVersion": "2"}
    for number, page in enumerate(
        [
            {"executionSummaries": [entry], "nextToken": "x"},
            {"executionSummaries": [entry], "NextToken": "x"},  # of aws-cli with --max-items
            {"list": [event], "nextPageToken": "x"},
            {"result": {"list": [event], "nextPageToken": "x"}},
        ]
    ):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(page), encoding="utf-8")
        read = read_histories([file])
        assert read.frame["ended"].tolist() == ["succeeded"]
        assert "says that another follows" in " ".join(read.left_out.notes)


def test_much_goes_wrong_in_the_rollout_that_is_exported(rollout: ROLLOUT) -> None:
    scenario, table = rollout
    counts = of_devices(table, scenario).counts()
    for end in (End.NEVER_REACHED, End.REFUSED, End.FAILED_DOWNLOAD, End.ROLLED_BACK, End.SUCCEEDED):
        assert counts[end] >= 3, end


def test_a_mender_list_knows_how_many_never_asked(rollout: ROLLOUT, tmp_path: Path) -> None:
    shown, read = written("mender", rollout, tmp_path)
    assert read.unlisted == shown.unlisted > 0
    assert read.knows_everybody


def test_audit_logs_do_not_know_who_never_asked(rollout: ROLLOUT, tmp_path: Path) -> None:
    shown, read = written("nerveshub", rollout, tmp_path)
    assert not read.knows_everybody
    files = history_exports.export("nerveshub", shown, tmp_path)
    assert read_histories(files, targeted=160).knows_everybody


def test_mender_says_the_size_of_the_image(rollout: ROLLOUT, tmp_path: Path) -> None:
    _, read = written("mender", rollout, tmp_path)
    assert set(read.frame["size_B"]) == {144564.0}


def test_a_list_of_aws_that_the_first_version_of_its_tool_printed_has_seconds(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(
        json.dumps(
            {
                "executionSummaries": [
                    {
                        "thingArn": "arn:aws:iot:eu-west-1:111122223333:thing/a",
                        "jobExecutionSummary": {
                            "status": "FAILED",
                            "queuedAt": 1772438404.118,
                            "startedAt": 1772440880.0,
                            "lastUpdatedAt": 1772442775.5,
                            "retryAttempt": 1,
                        },
                    }
                ]
            }
        )
    )
    read = read_histories([tmp_path / "list.json"])
    row = read.frame.iloc[0]
    assert (row.device, row.ended, row.attempts) == ("a", "failed", 2.0)
    assert row.contact_s - row.offered_s == pytest.approx(2475.882)
    assert any("without a word for the stage" in note for note in read.left_out.notes)


def test_a_queued_thing_that_was_connected_since_has_been_reached(tmp_path: Path) -> None:
    executions = [
        {"thingArn": f"thing/{name}", "jobExecutionSummary": {"status": "QUEUED", "queuedAt": 1772438404}}
        for name in ("a", "b")
    ]
    things = [
        {"thingName": "a", "thingId": "1", "connectivity": {"connected": True, "timestamp": 1772438500000}},
        {"thingName": "b", "thingId": "2", "connectivity": {"connected": False, "timestamp": 1772430000000}},
    ]
    (tmp_path / "executions.json").write_text(json.dumps({"executionSummaries": executions}))
    (tmp_path / "things.json").write_text(json.dumps({"things": things}))
    read = read_histories([tmp_path])
    assert dict(zip(read.frame["device"], read.frame["ended"], strict=True)) == {"a": "waiting", "b": "never_reached"}


def test_a_shadow_with_rsrp_alone_says_nothing_of_the_signal(tmp_path: Path) -> None:
    executions = [{"thingArn": "thing/a", "jobExecutionSummary": {"status": "QUEUED", "queuedAt": 1772438404}}]
    things = [{"thingName": "a", "thingId": "1", "shadow": json.dumps({"reported": {"rsrp": -110}})}]
    (tmp_path / "executions.json").write_text(json.dumps({"executionSummaries": executions}))
    (tmp_path / "things.json").write_text(json.dumps({"things": things}))
    read = read_histories([tmp_path])
    assert read.frame["signal_dBm"].isna().all()
    assert [note for note in read.left_out.notes if "rsrp" in note]


def test_status_entries_of_hawkbit_are_told_by_the_address_that_gave_them(tmp_path: Path) -> None:
    place = tmp_path / "targets" / "dev-1" / "actions" / "7" / "status"
    place.mkdir(parents=True)
    at_ms = (1772440900000, 1772440880000, 1772440870000)
    entries = [
        {"id": k, "type": word, "messages": [], "reportedAt": at, "timestamp": at}
        for k, (word, at) in enumerate(zip(("error", "download", "retrieved"), at_ms, strict=True))
    ]
    (place / "status.json").write_text(json.dumps({"content": entries, "total": 3}))
    read = read_histories([tmp_path])
    assert read.frame[["device", "ended", "download_failures"]].to_numpy().tolist() == [
        ["dev-1", "failed_download", 1.0]
    ]
    stray = tmp_path / "stray.json"
    stray.write_text(json.dumps({"content": entries}))
    with pytest.raises(FotaSimError, match="does not say whose"):
        read_histories([stray])


def test_several_executions_of_a_device_are_its_attempts(tmp_path: Path) -> None:
    rows = ["device,status,offered,start,end"]
    rows += ["a,download failed,2026-03-02T08:00:00Z,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z"]
    rows += ["a,success,2026-03-02T10:00:00Z,2026-03-02T11:00:00Z,2026-03-02T12:00:00Z"]
    rows += ["b,success,2026-03-02T08:00:00Z,2026-03-02T11:00:00Z,2026-03-02T12:00:00Z"]
    (tmp_path / "log.csv").write_text("\n".join(rows))
    read = read_histories([tmp_path / "log.csv"])
    first = read.frame.set_index("device").loc["a"]
    assert (first.ended, first.attempts, first.download_failures) == ("succeeded", 2.0, 1.0)
    assert first.contact_s == read.frame.set_index("device").loc["b"].contact_s - 7200.0


def test_a_log_cut_at_a_time_knows_nothing_later(rollout: ROLLOUT) -> None:
    scenario, table = rollout
    whole = of_devices(table, scenario)
    cut = whole.until(whole.began_s + 86_400)
    times = cut.frame[["contact_s", "download_s", "downloaded_s", "ended_s"]].to_numpy()
    assert np.nanmax(times) <= whole.began_s + 86_400
    assert 0 < cut.counts()[End.SUCCEEDED] <= whole.counts()[End.SUCCEEDED]
    assert sum(cut.counts().values()) == len(whole)


def test_every_word_has_a_meaning_and_every_column_a_line_in_the_documentation() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "fit.md").read_text(encoding="utf-8")
    for end in End:
        assert f"| `{end}` | {MEANINGS[end]} |" in page
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.meaning} | {column.unit} |" in page


def test_a_log_up_to_its_end_is_itself_whatever_its_times_show(rollout: tuple[Scenario, pa.Table]) -> None:
    scenario, table = rollout
    whole = of_devices(table, scenario)
    early = whole.until(whole.began_s + 86_400)
    bare = replace(early, frame=early.frame.assign(contact_s=np.nan, download_s=np.nan, downloaded_s=np.nan))
    assert len(set(bare.frame["ended"])) > 3
    for at_s in (bare.until_s, bare.until_s + 1.0):
        assert bare.until(at_s).frame.equals(bare.frame)


def _action(device: str, **fields: object) -> dict[str, object]:
    link = {"target": {"href": f"https://hawkbit.example/rest/v1/targets/{device}"}}
    begin = {"createdAt": 1772440800000, "lastModifiedAt": 1772440890000, "type": "update"}
    return {"id": 7, "rollout": 1, "_links": link, **begin, **fields}


@pytest.mark.parametrize(
    ("status", "detail", "ended", "column"),
    [
        ("finished", "finished", "succeeded", "ended_s"),
        ("finished", "error", "failed", "ended_s"),
        ("finished", "canceled", "cancelled", "ended_s"),
        ("pending", "running", "under_way", "contact_s"),
        ("pending", "downloaded", "installing", "downloaded_s"),
        ("pending", "retrieved", "waiting", "contact_s"),
        ("pending", "scheduled", "never_reached", "offered_s"),
        ("pending", None, "never_reached", "offered_s"),
    ],
)
def test_an_action_of_hawkbit_without_entries_stands_as_it_says(
    status: str, detail: str | None, ended: str, column: str, tmp_path: Path
) -> None:
    fields = {"status": status} | ({"detailStatus": detail} if detail else {})
    (tmp_path / "actions.json").write_text(json.dumps({"content": [_action("dev-1", **fields)], "total": 1}))
    found = read_histories([tmp_path])
    assert found.frame["ended"].tolist() == [ended]
    assert found.frame[column].tolist() == [1772440800.0 if column == "offered_s" else 1772440890.0]
    assert any("without status entries" in note for note in found.left_out.notes)


def test_a_closed_action_that_says_nothing_more_is_left_out_and_told(tmp_path: Path) -> None:
    actions = [_action("dev-1", status="finished"), _action("dev-2", status="finished", detailStatus="error")]
    (tmp_path / "actions.json").write_text(json.dumps({"content": actions, "total": 2}))
    found = read_histories([tmp_path])
    assert found.frame["device"].tolist() == ["dev-2"]
    assert [each.count for each in found.left_out.reasons.values()] == [1]


def test_entries_of_an_action_in_another_file_say_more_than_its_summary(tmp_path: Path) -> None:
    place = tmp_path / "targets" / "dev-1" / "actions" / "7" / "status"
    place.mkdir(parents=True)
    words = ("finished", "downloaded", "download", "retrieved")
    at_ms = (1772440890000, 1772440870000, 1772440860000, 1772440850000)
    entries = [{"type": word, "messages": [], "reportedAt": at} for word, at in zip(words, at_ms, strict=True)]
    (place / "status.json").write_text(json.dumps({"content": entries}))
    summary = _action("dev-1", status="finished", detailStatus="finished")
    (tmp_path / "actions.json").write_text(json.dumps({"content": [summary], "total": 1}))
    (row,) = read_histories([tmp_path]).frame.itertuples()
    assert (row.ended, row.attempts, row.offered_s, row.contact_s) == ("succeeded", 1.0, 1772440800.0, 1772440850.0)
