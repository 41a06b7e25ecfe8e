"""Who is gone and how often a device reports, read from a file: dates and durations as exports write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_world import changed

from fota_sim.errors import ScenarioError
from fota_sim.fleet.files import read_files
from fota_sim.fleet.fleet import Fleet, build_fleet
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.moments import iso, moment, seconds

BERLIN = ZoneInfo("Europe/Berlin")
WRITTEN = {
    "ymd": (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%d %B %Y %H:%M:%S",
        "%b %d, %Y %I:%M:%S %p",
    ),
    "dmy": ("%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y, %H:%M:%S", "%d.%m.%y %H:%M:%S"),
    "mdy": ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m-%d-%Y %I:%M:%S%p"),
}


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), st.data())
def test_a_date_in_any_order_that_is_told_is_the_same_moment(at: datetime, data: st.DataObject) -> None:
    at = at.replace(microsecond=0)
    order = data.draw(st.sampled_from([*WRITTEN]))
    text = at.strftime(data.draw(st.sampled_from(WRITTEN[order])))
    local = at.replace(tzinfo=BERLIN)
    assert moment(text, order, BERLIN) == local.astimezone(UTC)  # type: ignore[arg-type]
    assert moment(text + "+05:30", order, BERLIN) == at.replace(tzinfo=UTC) - timedelta(hours=5, minutes=30)  # type: ignore[arg-type]
    assert moment(iso(local), "dmy", BERLIN) == local.astimezone(UTC)
    stamp = int(local.timestamp())
    assert moment(str(stamp), "unix", BERLIN) == moment(f"{stamp}000", "unix_ms", BERLIN) == local.astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "order", "words"),
    [
        ("31.12.2025", "ymd", "dates: dmy"),
        ("12/31/2025", "dmy", "no date that there is"),
        ("yesterday", "ymd", "2025-12-31 23:59"),
        ("2025-02-30", "ymd", "no date that there is"),
        ("1.1.0099", "dmy", "out of range"),
        ("1/1/2025 13:00 PM", "mdy", "1 to 12"),
        ("2025-12-31", "unix", "no number of seconds"),
        ("1767225600000", "unix", "another unit"),
    ],
)
def test_what_is_no_date_is_answered_with_what_would_do(text: str, order: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        moment(text, order, BERLIN)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("24h", "", 86400), ("15 min", "", 900), ("1.5 hours", "", 5400), ("2 Tage", "", 172800), ("1:30", "", 5400),
        ("24:00:00", "", 86400), ("PT15M", "", 900), ("P1DT12H", "", 129600), ("1h30min", "", 5400), ("24", "h", 86400),
        ("0.5", "d", 43200), ("3600", "s", 3600), ("90 s", "h", 90),
    ],
)  # fmt: skip
def test_times_between_contacts_are_read_as_people_write_them(text: str, unit: str, said: float) -> None:
    assert seconds(text, unit) == said


FILE = """\
id,seen,every,off
a,2025-12-30T10:00:00Z,24h,
b,2025-06-01 09:00,4h,
c,,,
d,31.12.2025 23:59,6h,
e,2025-06-01,12h,no
f,2025-12-31,,yes
"""


def _scenario(folder: Path, fields: str, file: str = FILE, extra: str = "") -> str:
    (folder / "f.csv").write_text(file, encoding="utf-8")
    return changed("  groups:", f"  csv: [{{name: c, file: f.csv, churn: 0%, {fields}}}]\n  groups:") + extra


def _fleet(folder: Path, fields: str, file: str = FILE) -> Fleet:
    whole = build_fleet(parse_scenario(_scenario(folder, fields, file), folder / "my.yaml"), 0)
    return whole.take(whole.group == whole.group_names.index("c"))


MAPPED = (
    "columns: {id: id, last_contact: seen, contact_every: every, gone: off}, dates: dmy, as_of: 2026-01-04, "
    "gone_after: 30d, contact: {pattern: wake, every: 2h}"
)


def test_who_was_silent_for_too_long_is_gone_and_a_column_that_says_so_wins(tmp_path: Path) -> None:
    assert _fleet(tmp_path, f"{MAPPED}, gone: 0%").gone.tolist() == [False, True, False, False, False, True]
    assert _fleet(tmp_path, f"{MAPPED}, gone: 100%").gone.tolist() == [False, True, True, False, False, True]


def test_a_period_of_its_own_stands_beside_the_periods_of_the_block(tmp_path: Path) -> None:
    assert _fleet(tmp_path, MAPPED).contact_every_s.tolist() == [86400.0, 14400.0, 0.0, 21600.0, 43200.0, 0.0]


def test_last_contacts_stay_an_attribute_whose_order_by_letters_is_that_of_time(tmp_path: Path) -> None:
    seen = _fleet(tmp_path, MAPPED).attributes["seen"]
    assert [seen[k] for k in range(4)] == ["2025-12-30T10:00:00Z", "2025-06-01T09:00:00Z", None, "2025-12-31T23:59:00Z"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("columns: {id: id, last_contact: seen}, dates: dmy, gone_after: 30d", "as_of"),
        ("columns: {id: id, last_contact: seen}, dates: dmy, as_of: 2026-01-04", "gone_after"),
        ("columns: {id: id}, gone_after: 30d", "map last_contact"),
        ("columns: {id: id, contact_every: every}", "pattern: wake"),
        ("columns: {id: id, last_contact: seen}, as_of: 2026-01-04, gone_after: 30d", "dates: dmy"),
        ("columns: {id: id, contact_every: seen}, contact: {pattern: wake}", "no time between contacts"),
        (
            "columns: {id: id, contact_every: id}, contact: {pattern: wake}, units: {contact_every: s}",
            "no time between",
        ),
        ("columns: {id: id}, as_of: 20260104", "must be a date"),
    ],
)
def test_what_is_missing_or_wrong_about_contacts_is_told(fields: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        read_files(parse_scenario(_scenario(tmp_path, fields), tmp_path / "my.yaml"))
    assert words in str(error.value)


def test_a_cell_may_be_told_to_say_nothing(tmp_path: Path) -> None:
    file = "id,RSSI\na,-90\nb,-999\nc,0\n"
    fleet = _fleet(tmp_path, 'columns: {id: id, rssi: RSSI}, values: {rssi: {"-999": "", "0": ""}}', file)
    assert fleet.rssi_known.tolist() == [True, False, False]


def test_columns_about_contacts_that_are_not_mapped_keep_their_names(tmp_path: Path) -> None:
    fleet = _fleet(tmp_path, "columns: {id: id}", "id,gone,last_contact\na,yes,2025-01-01\n")
    assert {*fleet.attributes} >= {"gone", "last_contact"}
