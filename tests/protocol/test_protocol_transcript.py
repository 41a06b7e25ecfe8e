"""Dialogues and logs as a reader sees them, and the platform's words."""

import string
from datetime import datetime
from zoneinfo import ZoneInfo

from fota_sim.protocol.states import OtaState
from fota_sim.protocol.transcript import Line, render_platform_log, render_transcript
from fota_sim.protocol.vocabulary import ComponentStatus, PlatformLog, component_status, reported_words

START = datetime(2026, 1, 5, 23, 59, 59)


def test_a_transcript_has_clock_times_to_the_millisecond_and_a_date_where_it_changes():
    lines = [Line(0, "TX", "AT"), Line(50, "RX", "OK"), Line(1001, "--", "battery empty")]
    assert render_transcript(lines, START, "device a-0") == (
        "device a-0\n"
        "2026-01-05\n"
        "23:59:59.000 [TX] AT\n"
        "23:59:59.050 [RX] OK\n"
        "2026-01-06\n"
        "00:00:00.001 [--] battery empty\n"
    )


def test_a_platform_log_has_no_directions():
    assert render_platform_log([Line(0, "--", "Plan issued")], START, "") == ("2026-01-05\n23:59:59.000 Plan issued\n")


def test_framing_inside_a_text_makes_lines_of_the_same_time():
    text = render_transcript([Line(0, "RX", "\r\nOK\r\n\r\n+X: 1\r\n")], START, "")
    assert text == "2026-01-05\n23:59:59.000 [RX] OK\n23:59:59.000 [RX] +X: 1\n"


def test_nothing_renders_as_nothing():
    assert render_transcript([], START, "") == ""


def test_a_clock_change_of_the_time_zone_is_followed():
    start = datetime(2026, 3, 29, 1, 59, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    text = render_transcript([Line(1000, "TX", "AT")], start, "")
    assert text == "2026-03-29\n03:00:00.000 [TX] AT\n"


def test_every_state_has_a_component_status_and_words():
    for state in OtaState:
        assert component_status(state).of_2022
        assert reported_words(state)
    assert component_status(OtaState.DOWNLOADING) == "Downloading"
    assert component_status(OtaState.UPDATE_SUCCESS).of_2022 == "Success"


def test_the_words_of_2022_are_those_of_the_seed():
    assert {status.of_2022 for status in ComponentStatus} == {
        "Start",
        "Confirm",
        "Download",
        "Upgrading",
        "Success",
        "Fail",
    }


def test_log_lines_are_filled_by_name():
    assert (
        PlatformLog.ISSUING_PLAN.format(component="FC41D", version="2_0")
        == "Issuing plan: component FC41D, target version 2_0"
    )
    for line in PlatformLog:
        fields = {name for _, name, _, _ in string.Formatter().parse(line) if name}
        assert "{" not in line.format(**dict.fromkeys(fields, "x"))
