"""Dates as programs and people of several countries write them are one moment, in fleet files and in logs."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fota_sim.histories.times import Clock, parse_times, why_no_time
from fota_sim.scenario.moments import moment

AT = datetime(2026, 1, 5, 8, 17, 27, tzinfo=UTC)
DAYS = timedelta(days=1)

WRITTEN = {  # in the clock of the zone, an hour ahead of UTC
    "psql, a zone of whole hours": "2026-01-05 09:17:27+01",
    "psql, with microseconds": "2026-01-05 08:17:27.000000+00",
    "a driver of SQL": "2026-01-05 09:17:27.000 +0100",
    "ISO 8601, basic": "20260105T081727Z",
    "digits alone": "20260105091727",
    "e-mail and HTTP": "Mon, 05 Jan 2026 08:17:27 GMT",
    "a log of Unix": "Mon Jan  5 09:17:27 2026",
    "date of Unix": "Mon Jan 05 08:17:27 UTC 2026",
    "JavaScript": "Mon Jan 05 2026 09:17:27 GMT+0100 (Central European Standard Time)",
    "Java": "2026-01-05T09:17:27+01:00[Europe/Berlin]",
    "Kibana": "Jan 5, 2026 @ 09:17:27.000",
    "German": "5. Januar 2026, 09:17:27 Uhr",
    "French": "5 janv. 2026 09:17:27",
    "Spanish": "5 de enero de 2026 09:17:27",
    "Polish": "5 stycznia 2026 09:17:27",
    "Chinese and Japanese": "2026年01月05日 09時17分27秒",
    "with a short year": "05-JAN-26 09:17:27",
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_date_is_the_same_moment_however_it_is_written(how):
    zone = timezone(timedelta(hours=1))
    assert moment(WRITTEN[how], "ymd", zone) == AT
    (seconds,) = parse_times([WRITTEN[how]], Clock(zone)).seconds
    assert seconds == AT.timestamp()


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ("unix", "1767601047"),
        ("unix_ms", "1767601047000"),
        ("unix_us", "1767601047000000"),
        ("unix_ns", "1767601047000000000"),
        ("excel", "46027.3454513889"),
        ("excel", "46027,3454513889"),
    ],
)
def test_a_date_may_be_counted(order, text):
    assert moment(text, order, UTC) == AT
    if "," not in text:
        assert parse_times([text], Clock(order=order)).seconds == [AT.timestamp()]


@pytest.mark.parametrize(
    "text", ["2026-01-05-05", "2026-01-05 08:17 +99", "0", "46027.3", "5 Foo 2026", "2026年13月1日"]
)
def test_what_is_no_date_is_told(text):
    with pytest.raises(ValueError, match="is no date"):
        moment(text, "ymd", UTC)


def test_a_zone_that_is_named_by_letters_is_told():
    with pytest.raises(ValueError, match="by letters, which several zones have; write 2025-12-31T23:59:00\\+01:00"):
        moment("2026-01-05 08:17:27 CET", "ymd", UTC)


OFFSETS = ["", "Z", " UTC", "+00", "+01", "-05", "+0530", "+01:00", " +0100", "GMT+0200", "+01:00[Europe/Berlin]"]
MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2199, 1, 1)).map(lambda at: at.replace(microsecond=0))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(MOMENTS, st.sampled_from(OFFSETS), st.sampled_from("T "), st.sampled_from(["", ".5"])), min_size=1
    ),
    st.lists(st.text(alphabet="0123456789-+:T Z.,/年月", max_size=25), max_size=3),
)
def test_logs_and_fleet_files_read_the_same_moments_in_columns_of_any_mixture(written, others):
    """A column in which some say an offset and others none, or nonsense, is read cell by cell."""
    zone = timezone(timedelta(hours=2))
    texts = [f"{at.isoformat(sep=sep)}{fraction}{offset}" for at, offset, sep, fraction in written]
    seconds = parse_times([*texts, *others], Clock(zone)).seconds[: len(texts)]
    expected = [moment(text, "ymd", zone).timestamp() for text in texts]
    assert np.all(np.abs(seconds - expected) < 1.0)


@given(
    st.lists(st.sampled_from(["2026-01-05 08:00", "2026-01-05T08:00Z", "2026-01-05 08:00+03:00", "soon", "", "-"])),
    st.lists(st.sampled_from(["2026-01-05 08:00 CET", "2026-03-29T02:30", "2026-01-"])),
)
def test_each_time_is_read_with_or_without_an_offset_or_is_wrong(read: list[str], unread: list[str]) -> None:
    parsed = parse_times([*read, *unread], Clock(ZoneInfo("Europe/Berlin")))
    assert parsed.bare == read.count("2026-01-05 08:00")
    assert parsed.offset == sum(text.endswith(("Z", "+03:00")) for text in read)
    assert parsed.wrong.sum() == read.count("soon") + len(unread)


def test_a_zone_by_its_letters_is_told_to_be_an_offset() -> None:
    assert "export offsets, such as +01:00" in why_no_time("2026-01-05 08:00:00 CET", Clock())
    assert "CET" not in why_no_time("2026-01-05 08:00 PM", Clock())
