"""What people write in place of what is meant: each is one message with what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scenario_world import changed, problems

from fota_sim.scenario.meant import OTHER_WORDS
from fota_sim.scenario.units import SIGNAL
from fota_sim.scenario.yaml_nodes import NotYamlError, compose

ZONE = "Europe/Berlin"


def _told(text: str, folder: Path | None = None) -> str:
    (found,) = problems(text, folder)
    return f"{found.path}: {found.message}"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-01-07T08:00:00", "2026-01-07T08:00:00 is a date, and a duration belongs here"),
        ("2026-01-07T08:00:00", "counted from the start it is 2d"),
        ("2026-01-06", "counted from the start it is 16h"),
        ('"2026-01-05 09:30"', "counted from the start it is 1.5h"),
        ("2026-01-05T08:00:00+03:00", "it is before the start, 2026-01-05T08:00:00 UTC"),
        ("tomorrow", "'tomorrow' is not a duration"),
    ],
)
@pytest.mark.parametrize(
    "field", ["push_grid: {}", "rejection_hold: {}", "rollout: {{waves: [{{}}, {{opens: {{after: {}}}}}]}}"]
)
def test_a_date_where_a_duration_belongs_is_told_as_a_duration(field: str, written: str, words: str) -> None:
    said = _told(changed("  strategy:", f"  {field.format(written)}\n  strategy:"))
    assert words in said
    assert "datetime" not in said


def test_a_date_is_counted_on_the_clocks_of_the_start() -> None:
    text = changed("start: 2026-01-05T08:00:00\n", f"start: 2026-03-28T12:00:00\ntime_zone: {ZONE}\n")
    said = _told(text.replace("  strategy:", "  push_grid: 2026-03-29T12:00:00\n  strategy:"))
    assert "counted from the start it is 23h" in said  # one is skipped that night


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("0.1", "0.1 needs a unit: write for example 10%, not 0.1"),
        ("0.125", "12.5%"),
        ("1", "write for example 100% for all or 1% for one in a hundred"),
        ("30", "write for example 30%, not 30"),
        ('"0.1"', "'0.1' needs a unit; write 10%"),
    ],
)
def test_a_share_of_one_is_not_taken_for_percent(written: str, words: str) -> None:
    said = _told(changed("  strategy:", f"  rollout: {{waves: [{{share: {written}}}, {{}}]}}\n  strategy:"))
    assert words in said
    assert "0.1%" not in said


@pytest.mark.parametrize(
    ("written", "meant"),
    [(18, "-77dBm, 18 of AT+CSQ, not 18"), (95, "-95dBm, not 95"), (-95, "-95dBm, not -95")],
)
def test_a_signal_without_a_unit_is_a_level_in_what_would_do(written: int, meant: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{written} needs a unit: write for example {meant}")):
        SIGNAL.parse(written)


@pytest.mark.parametrize("before", ["", "\ufeff", "# of the pilot\n\n"])
def test_a_scenario_in_another_yaml_is_told_where_it_says_so(before: str) -> None:
    for version in ("1.1", "1.3", "2.0"):
        with pytest.raises(NotYamlError, match=f"is YAML {version}.*a scenario is YAML 1.2: remove this line") as told:
            compose(f"{before}%YAML {version}\n---\nhorizon: 12:30\n")
        assert told.value.line == before.count("\n") + 1
    assert compose("%YAML 1.2\n---\nhorizon: 1d\n") is not None


def test_a_condition_with_a_list_that_yaml_breaks_is_told_to_stand_in_quotes() -> None:
    said = _told(changed("  strategy:", "  whitelist: {where: hardware in [2, 3]}\n  strategy:"))
    assert "a condition with a list stands in quotes, as in where: 'hardware in [...]'" in said


def test_a_start_that_no_clock_shows_is_refused() -> None:
    text = changed("start: 2026-01-05T08:00:00\n", f"start: 2026-03-29T02:30:00\ntime_zone: {ZONE}\n")
    said = "start: 2026-03-29 02:30:00 does not come on the clocks of Europe/Berlin, which are put forward then; "
    assert _told(text) == f"{said}write 2026-03-29T03:30:00, or another time"
    assert problems(text.replace("02:30", "03:30")) == problems(text.replace(ZONE, "UTC")) == []


@pytest.mark.parametrize(
    ("name", "ok"), [("a.BIN", True), ("v2.Tar.Gz", True), (".bin", False), (" .bin", False), (".tar.gz", False)]
)
def test_a_file_of_a_package_has_a_name_before_its_ending(name: str, ok: bool) -> None:
    found = problems(changed("name: app-2.bin", f'name: "{name}"'))
    assert [each.message.partition(";")[0] for each in found] == (
        [] if ok else [f"{name!r} is an ending without a name"]
    )


def test_a_name_in_other_letters_is_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("imei,rssi,imel\na,-90,1\n")
    said = _told(
        changed("  groups:", "  csv: [{name: c, file: f.csv, columns: {id: IMEI, rssi: rssi}}]\n  groups:"), tmp_path
    )
    assert "has no column 'IMEI'; did you mean 'imei'?" in said


GROUP = "count: 10"


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        (GROUP, f"{GROUP}\n      battery: 30%", "fleet.groups[0].battery", "did you mean battery_level: 30%?"),
        (GROUP, f"{GROUP}\n      battery: 2450mAh", "fleet.groups[0].battery", "battery: {capacity: 2450mAh}?"),
        (GROUP, f"{GROUP}\n      contact: daily", "fleet.groups[0].contact", "contact: {pattern: daily}?"),
        (GROUP, f"{GROUP}\n      contact: 6h", "fleet.groups[0].contact", "it has pattern, spread, every, jitter"),
        (GROUP, f"{GROUP}\n      contact: [6h]", "fleet.groups[0].contact", "a mapping of keys, not ['6h']"),
        (GROUP, f"{GROUP}\n      signal: -95dBm", "fleet.groups[0].signal", "did you mean 'rssi'?"),
        (GROUP, f"{GROUP}\n      rssi_dBm: -95", "fleet.groups[0].rssi_dBm", "did you mean 'rssi'?"),
        (GROUP, f"{GROUP}\n      rsrp_dBm: -110", "fleet.groups[0].rsrp_dBm", "an RSRP is no rssi, which is"),
        (GROUP, f"{GROUP}\n      TimeZone: UTC", "fleet.groups[0].TimeZone", "did you mean 'time_zone'?"),
        (GROUP, f"{GROUP}\n      devices: 60", "fleet.groups[0].devices", "did you mean 'count'?"),
        ("horizon: 3d", "horizon: 3d\ntz: UTC", "tz", "did you mean 'time_zone'?"),
        ("horizon: 3d", "horizon: 3d\nmin_signal: -99dBm", "min_signal", "did you mean plan.strategy.min_signal?"),
        ("  strategy:", "  retries: 3\n  strategy:", "plan.retries", "did you mean plan.strategy.retries?"),
        ("  strategy:", "  egress: 1MB/s\n  strategy:", "plan.egress", "did you mean network.server.egress?"),
        ("  strategy:", "  devices: 3\n  strategy:", "plan.devices", "there are delete_rule"),
        ("  strategy:", "  rollout: {rate: 5}\n  strategy:", "plan.rollout.rate", "it has devices, every, pacing"),
    ],
)
def test_a_field_that_is_called_otherwise_or_stands_elsewhere_is_told_by_its_name(
    old: str, new: str, path: str, said: str
) -> None:
    told = _told(changed(old, new))
    assert told.startswith(f"{path}: ")
    assert said in told


@pytest.mark.parametrize("part", OTHER_WORDS, ids=lambda part: part.__name__)
def test_every_other_word_is_of_one_field_and_no_field_itself(part: type) -> None:
    words = [word for others in OTHER_WORDS[part].values() for word in others.split()]
    assert sorted(set(words)) == sorted(words)
    of_part = {name for each in (part, *part.__subclasses__()) for name in each.model_fields}
    assert set(OTHER_WORDS[part]) <= of_part
    assert not set(words) & set(part.model_fields)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("seed:7", "'seed:7' is no name with a value; write a blank behind the colon"),
        ("seed:\u00a07", "behind its colon stands no plain blank"),
        ("seed = 7", "write a colon and a blank in place of ="),
    ],
)
def test_a_line_that_is_no_name_with_a_value_is_told_where_it_stands(line: str, words: str) -> None:
    (found,) = problems(f"{line}\n# a remark\nhorizon: 3d\n")
    assert words in found.message
    assert (found.line, found.column) == (1, 5)


def test_a_path_of_windows_in_double_quotes_is_told_what_would_do(tmp_path: Path) -> None:
    csv = '  csv: [{name: f, file: "C:\\temp\\new.csv", columns: {id: IMEI}}]\n'
    assert "in double quotes \\ begins a sign; write \\ in single quotes, or / in place of it" in _told(
        changed("fleet:\n", "fleet:\n" + csv), tmp_path
    )


def test_entries_without_hyphens_are_told() -> None:
    text = "fleet: {groups: {g: {count: 20}}}\n"
    assert any("begin each entry with a hyphen" in each.message for each in problems(text))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("days: mon-fri", "write [mon, tue, wed, thu, fri]"),
        ("days: Saturday, ", "must be a list, not 'Saturday'; write [sat]"),
        ('days: "fri-mon, wed"', "write [fri, sat, sun, mon, wed]"),
        ("days: weekdays", "must be a list, not 'weekdays'"),
    ],
)
def test_days_that_are_no_list_are_written_as_one(written: str, words: str) -> None:
    said = _told(changed("  strategy:", f"  rollout: {{maintenance: {{{written}}}}}\n  strategy:"))
    assert said.endswith(words)


def _of_wave(size: str) -> list[str]:
    text = changed("  strategy:", f"  rollout: {{waves: [{{{size}}}]}}\n  strategy:")
    return [each.message for each in problems(text)]


def test_a_comma_of_thousands_in_braces_is_told() -> None:
    thousands = "a comma ends an entry in braces, also one of thousands: write 40000 and not 40,000"
    assert _of_wave("count: 1,000") == [thousands]
    assert any("decimals have a point" in each for each in _of_wave("share: 2,5%"))


def test_a_whole_number_with_a_comma_is_told_without() -> None:
    said = _told(changed("  strategy:", '  rollout: {waves: [{count: "1,000"}]}\n  strategy:'))
    assert said.endswith("must be a whole number, not '1,000'; write 1000")


def test_a_question_may_be_written_in_a_block() -> None:
    assert not problems(changed("start:", "question: |\n  Which gate?\nstart:"))
