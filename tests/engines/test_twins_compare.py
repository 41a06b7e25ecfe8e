"""What two records have to share, and how the first difference is told."""

from dataclasses import replace

import numpy as np
import pytest
from worlds import MIXED, play

from fota_sim.engines.record import OneChunk, RunRecord
from fota_sim.engines.reference.run import run_replication
from fota_sim.engines.twins import compare, describe, play_both
from fota_sim.fleet.coded import Coded
from fota_sim.protocol.transcript import Line
from fota_sim.scenario.loader import parse_scenario

KEPT = ("keep={events: true, transcripts: 3}", "fleet.groups.meters.count=20", "horizon=1d")


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return play(MIXED, *KEPT)


def with_event(record, row, **change):
    """The record with one event changed."""
    columns = {name: column.copy() for name, column in events_of(record).items()}
    for name, value in change.items():
        columns[name][row] = value
    return replace(record, events=OneChunk(columns))


def with_events(record, which):
    """The record with only these events, in this order."""
    return replace(record, events=OneChunk({name: column[which] for name, column in events_of(record).items()}))


def events_of(record):
    """All events, with texts as they are."""
    chunks = [
        {name: column.texts if isinstance(column, Coded) else column for name, column in chunk.items()}
        for chunk in record.events.chunks()
    ]
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def with_column(record, name, row, value):
    """The record with one value of the device table changed."""
    column = np.array(record.devices[name], dtype=None if isinstance(record.devices[name], np.ndarray) else object)
    column[row] = value
    return replace(record, devices={**record.devices, name: column})


def row_of(record, text):
    """The first event of this text."""
    return int(np.flatnonzero(events_of(record)["text"] == text)[0])


def test_the_same_run_twice_has_no_difference(record):
    found = compare(record, play(MIXED, *KEPT))
    assert not found
    assert found.devices == 100
    assert found.events == len(events_of(record)["at_ms"])
    assert found.downloads == len(record.downloads)
    assert describe(found).startswith("All agree: 100 devices")


def test_another_time_of_one_event_is_found_with_the_lines_before_it(record):
    row = row_of(record, "Device confirmed the upgrade")
    at_ms, device = int(events_of(record)["at_ms"][row]), int(events_of(record)["device"][row])
    found = compare(record, with_event(record, row, at_ms=at_ms + 1))
    (only,) = found.details
    assert (found.differing, only.device, only.at_ms) == (1, device, at_ms)
    assert only.columns == ()
    assert only.story.first[0] == (at_ms, "platform", "Device confirmed the upgrade")
    assert only.story.second[0] == (at_ms + 1, "platform", "Device confirmed the upgrade")
    assert only.story.before[-1].at_ms <= at_ms
    assert "! " in describe(found)


def test_a_missing_event_shows_what_comes_instead(record):
    row = row_of(record, "Device confirmed the upgrade")
    found = compare(with_events(record, np.arange(len(events_of(record)["text"])) != row), record)
    (only,) = found.details
    assert only.story.second[0].text == "Device confirmed the upgrade"
    assert only.story.first[0].text != "Device confirmed the upgrade"


def test_a_story_that_ends_early_is_followed_by_nothing(record):
    row = int(np.flatnonzero(events_of(record)["device"] == 50)[-1])
    found = compare(record, with_events(record, np.arange(len(events_of(record)["text"])) != row))
    assert found.details[0].story.second == ()
    assert "(nothing)" in describe(found)


def test_a_device_that_only_one_record_speaks_of_is_found(record):
    found = compare(record, with_events(record, events_of(record)["device"] != 50))
    (only,) = found.details
    assert (only.device, only.story.before, only.story.second) == (50, (), ())


def test_the_earliest_difference_of_the_run_comes_first(record):
    late, early = len(events_of(record)["text"]) - 1, row_of(record, "Device confirmed the upgrade")
    changed = with_event(with_event(record, late, text="x"), early, text="y")
    details = compare(record, changed).details
    assert [detail.story.second[0].text for detail in details] == ["y", "x"]
    assert details[0].at_ms < details[1].at_ms


@pytest.mark.parametrize(
    ("name", "value"), [("cause", "operator"), ("contacts", 99), ("upgraded_ms", 123), ("mains", None)]
)
def test_one_value_of_the_device_table_is_found(record, name, value):
    was = record.devices[name][7].item() if name != "cause" else record.devices[name][7]
    value = (not was) if value is None else value
    found = compare(record, with_column(record, name, 7, value))
    (only,) = found.details
    assert (only.device, only.story) == (7, None)
    assert only.columns == ((name, was, value),)
    assert only.at_ms == (123 if name == "upgraded_ms" else record.horizon_ms)
    assert name in describe(found)


def test_the_last_bit_of_a_float_is_a_difference(record):
    column = record.devices["energy_J"]
    device = int(np.argmax(column))
    found = compare(record, with_column(record, "energy_J", device, np.nextafter(column[device], 0.0)))
    assert [detail.device for detail in found.details] == [device]


def test_minus_zero_is_not_zero_but_nan_is_nan(record):
    zero, minus, nan = (with_column(record, "temperature_C", 3, value) for value in (0.0, -0.0, np.nan))
    assert compare(zero, minus).differing == 1
    assert not compare(nan, with_column(record, "temperature_C", 3, np.nan))


def test_texts_are_compared_whatever_holds_them(record):
    devices = {**record.devices, "id": list(record.devices["id"])}
    coded = Coded.of(list(record.devices["cause"])[::-1])
    devices["cause"] = Coded(coded.codes[::-1], coded.names)
    devices["outcome"] = np.array(list(record.devices["outcome"]), dtype=object)
    assert not compare(record, replace(record, devices=devices))
    shuffled = Coded(devices["cause"].codes, tuple(reversed(coded.names)))
    assert compare(record, replace(record, devices={**devices, "cause": shuffled}))


def test_another_type_of_number_and_a_missing_column_are_told(record):
    devices = {**record.devices, "contacts": record.devices["contacts"].astype(np.int32)}
    assert not compare(record, replace(record, devices=devices))
    devices["contacts"] = record.devices["contacts"].astype(np.float64)
    del devices["belief"]
    forms = compare(record, replace(record, devices=devices)).forms
    assert forms == (
        "the second has no column belief",
        "column contacts holds whole numbers in the first, float64 in the second",
    )


def test_a_changed_download_is_found_at_its_end(record):
    downloads = record.downloads.copy()
    downloads[4, 3] += 1
    found = compare(record, replace(record, downloads=downloads))
    (only,) = found.details
    assert (only.device, only.at_ms) == (downloads[4, 0], downloads[4, 2])
    assert only.download.second == tuple(downloads[4, 1:])
    missing = compare(record, replace(record, downloads=record.downloads[:-1]))
    assert missing.details[0].download.second is None
    assert "nothing" in describe(missing)


def test_the_logs_of_the_plan_and_of_kept_devices_count(record):
    assert compare(record, replace(record, plan_log=record.plan_log[:-1])).plan.second == ()
    name, lines = next(iter(record.transcripts.items()))
    told = [*lines[:-1], Line(lines[-1].at_ms, "RX", "?")]
    found = compare(record, replace(record, transcripts={**record.transcripts, name: told}))
    assert found.details[0].id == name
    assert found.details[0].dialogue.second[0].text == "?"
    assert compare(record, replace(record, platform_logs={})).forms


def test_another_order_of_events_is_told(record):
    backwards = with_events(record, slice(None, None, -1))
    assert "not in the order" in describe(compare(record, backwards))


def test_records_of_two_fleets_are_compared_as_far_as_they_go(record):
    found = compare(record, play(MIXED, *KEPT, "fleet.groups.gates.count=41"))
    assert found.forms == ("the first has 100 devices, the second 101",)
    assert [detail.id for detail in found.details] == ["gates-40"]


def test_engines_that_disagree_agree_until_the_root():
    scenario = parse_scenario(MIXED, overrides=[*KEPT])
    other = parse_scenario(MIXED, overrides=[*KEPT, "plan.operator=[{at: 3h, do: suspend}]"])
    found = play_both(scenario, 0, run_replication, lambda _, replication: run_replication(other, replication))
    assert found.root is found.plan
    assert found.plan.at_ms == 3 * 3_600_000
    assert all(detail.at_ms >= found.plan.at_ms for detail in found.details)
    assert 0 < found.differing < 100
