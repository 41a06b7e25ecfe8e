"""Bad logs: a message with the line, or a count of what was left out and why."""

from __future__ import annotations

import json
import shlex
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.errors import FotaSimError
from fota_sim.histories.ends import End
from fota_sim.histories.likely import likely
from fota_sim.histories.reading import read_histories
from fota_sim.histories.table import Histories
from fota_sim.histories.times import Clock, parse_times
from fota_sim.histories.vocabulary import Vocabulary
from fota_sim.scenario.zones import zone_info

HEAD = "device,status,offered,start,end\n"
GOOD = "a,success,2026-03-02T08:00:00Z,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z\n"


def table(folder: Path, rows: str, head: str = HEAD, name: str = "log.csv") -> Path:
    file = folder / name
    file.write_text(head + rows, encoding="utf-8")
    return file


def test_times_that_run_backwards_are_left_out_and_counted(tmp_path: Path) -> None:
    bad = "".join(f"x{k},success,2026-03-02T08:00:00Z,2026-03-02T07:00:00Z,2026-03-02T10:00:00Z\n" for k in range(3))
    read = read_histories([table(tmp_path, GOOD + bad)])
    assert [*read.frame["device"]] == ["a"]
    (why, found), *others = read.left_out.reasons.items()
    assert not others
    assert (found.count, found.first) == (3, f"{tmp_path / 'log.csv'}:3")
    assert "contact before offered" in why
    assert "3 rows left out" in read.left_out.sentences()[0]


def test_clocks_that_differ_by_less_than_a_second_run_on(tmp_path: Path) -> None:
    read = read_histories(
        [table(tmp_path, "a,success,2026-03-02T08:00:00.9Z,2026-03-02T08:00:00.2Z,2026-03-02T10:00Z\n")]
    )
    row = read.frame.iloc[0]
    assert row.contact_s == row.offered_s


def test_times_of_two_zones_are_brought_together(tmp_path: Path) -> None:
    rows = "a,success,2026-03-02T08:00:00+01:00,2026-03-02T07:30:00Z,2026-03-02T12:00:00+04:00\n"
    row = read_histories([table(tmp_path, rows)]).frame.iloc[0]
    assert row.contact_s - row.offered_s == 1800.0
    assert row.ended_s - row.offered_s == 3600.0


def test_times_without_an_offset_beside_others_are_told_and_read_in_the_zone_that_is_said(tmp_path: Path) -> None:
    rows = "a,success,2026-03-02 08:00:00,2026-03-02T07:30:00Z,2026-03-02T08:00:00Z\n"
    read = read_histories([table(tmp_path, rows)], clock=Clock(zone_info("Europe/Berlin")))
    assert read.frame.iloc[0].contact_s - read.frame.iloc[0].offered_s == 1800.0
    said = next(note for note in read.left_out.notes if "offset" in note)
    assert "1 time without" in said
    assert "2 others say theirs" in said
    assert "Europe/Berlin" in said
    wrongly = read_histories(
        [table(tmp_path, rows + GOOD.replace("a,", "b,"))]
    )  # as UTC it runs backwards, and says so
    assert "two time zones" in next(iter(wrongly.left_out.reasons))


def test_an_hour_that_comes_twice_is_no_time(tmp_path: Path) -> None:
    rows = GOOD + "b,success,2026-10-25 02:30:00,2026-10-25T03:30:00Z,2026-10-25T04:30:00Z\n"
    read = read_histories([table(tmp_path, rows)], clock=Clock(zone_info("Europe/Berlin")))
    assert [*read.frame["device"]] == ["a"]
    assert "comes twice" in next(iter(read.left_out.reasons))


def test_the_same_row_again_counts_once(tmp_path: Path) -> None:
    read = read_histories([table(tmp_path, GOOD * 3)])
    assert len(read) == 1
    assert read.frame.iloc[0].attempts != 3.0
    assert [(why, each.count) for why, each in read.left_out.reasons.items()] == [("the same row again", 2)]


def test_words_that_are_not_known_are_listed_with_counts_and_nothing_is_guessed(tmp_path: Path) -> None:
    rows = GOOD + "b,Weird,,,\n" * 2 + "c,pending,,,\n"
    with pytest.raises(FotaSimError) as told:
        read_histories([table(tmp_path, rows)])
    text = str(told.value)
    assert f"{tmp_path / 'log.csv'}:3: 2 rows with status 'Weird'" in text
    assert "1 row with status 'pending'" in text
    assert "--map status:Weird=MEANING" in text
    assert "never_reached" in text


AWKWARD = ["Erfolgreich", "升级失败", "Nicht erreichbar", 'a "quoted" word', "it's", "a=b", "-x", "$HOME *", "50 %", ""]


@given(st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=5, unique=True))
def test_options_that_are_suggested_can_be_copied(words: list[str]) -> None:
    vocabulary = Vocabulary()
    for line, word in enumerate(words, 2):
        vocabulary.end(word, {}, "log.csv", line)
    with pytest.raises(FotaSimError) as told:
        vocabulary.require()
    line = next(line for line in str(told.value).split("\n") if "--map" in line)
    copied = shlex.split(line.partition(": ")[2].replace("=MEANING", "=failed"))
    assert copied[::2] == ["--map"] * len(words)
    explained = Vocabulary(copied[1::2])
    assert {word: explained.end(word, {}, "log.csv", 2) for word in words} == {
        word: likely(word) or End.FAILED for word in words
    }


def test_a_meaning_that_is_not_filled_in_is_refused() -> None:
    with pytest.raises(FotaSimError, match="no meaning"):
        Vocabulary(["status:Weird=MEANING"])


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("Erfolgreich", End.SUCCEEDED),
        ("nicht erfolgreich", End.FAILED),
        ("Update fehlgeschlagen", End.FAILED),
        ("Download fehlgeschlagen", End.FAILED_DOWNLOAD),
        ("Nicht erreichbar", End.NEVER_REACHED),
        ("Abgebrochen", End.CANCELLED),
        ("升级成功", End.SUCCEEDED),
        ("升级失败", End.FAILED),
        ("下载失败", End.FAILED_DOWNLOAD),
        ("升级中", End.INSTALLING),
        ("UPDATE_SUCCEEDED", End.SUCCEEDED),
        ("UNSUCCESSFUL", End.FAILED),
        ("pending", None),
        ("ausstehend", None),
        ("4711", None),
    ],
)
def test_meanings_are_suggested_for_words_that_leave_no_doubt(word: str, end: End | None) -> None:
    assert likely(word) is end


def test_a_word_that_is_explained_is_taken_so(tmp_path: Path) -> None:
    file = table(tmp_path, GOOD + "b,Weird,,,\n")
    read = read_histories([file], explained=["status:weird=cancelled"])
    assert dict(zip(read.frame["device"], read.frame["ended"], strict=True)) == {"a": "succeeded", "b": "cancelled"}


@pytest.mark.parametrize("text", ["Weird=failed", "status:Weird", "status:Weird=dunno"])
def test_an_explanation_that_is_none_is_told(text: str, tmp_path: Path) -> None:
    with pytest.raises(FotaSimError, match="--map"):
        read_histories([table(tmp_path, GOOD)], explained=[text])


NAMES = {
    "German": "Gerät,Zustand,Angeboten,Beginn,Ende,Akku (%),Signalstärke,Ursache",
    "Chinese": "设备名称,升级状态,offered,开始时间,结束时间,电量,信号强度,失败原因",
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_names_of_columns_in_german_and_chinese_are_known(names: str, tmp_path: Path) -> None:
    row = "a,success,2026-03-02T08:00:00Z,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,80,-95,none\n"
    read = read_histories([table(tmp_path, row, names + "\n")])
    said = read.frame.iloc[0]
    assert (said.device, said.ended, said.battery_pct, said.signal_dBm) == ("a", "succeeded", 80.0, -95.0)
    assert said[["offered_s", "contact_s", "ended_s"]].notna().all()
    assert "nothing is read" not in " ".join(read.left_out.notes)


@pytest.mark.parametrize("as_of_s", [None, 1_767_700_000.0])
def test_a_log_most_of_whose_times_cannot_be_read_is_not_taken_for_one_of_who_was_never_reached(
    as_of_s: float | None, tmp_path: Path
) -> None:
    came = "".join(f"a{k},success,,06.01.2026 01:00,06.01.2026 01:05\n" for k in range(30))
    never = "".join(f"b{k},not reached,,,\n" for k in range(10))
    with pytest.raises(FotaSimError, match="--dates dmy"):
        read_histories([table(tmp_path, came + never)], as_of_s=as_of_s)


def test_half_a_row_at_the_end_of_a_file_is_left_out(tmp_path: Path) -> None:
    read = read_histories([table(tmp_path, GOOD + "b,success,2026-03-02T08:0")])
    assert len(read) == 1
    assert read.left_out.sentences() == [
        "1 row left out: half a row: it has fewer cells than the line of column names "
        f"(first in {tmp_path / 'log.csv'}:3)"
    ]


def test_half_a_json_file_is_told_with_its_line(tmp_path: Path) -> None:
    whole = json.dumps(
        {"executionSummaries": [{"thingArn": "a", "jobExecutionSummary": {"status": "QUEUED"}}]}, indent=1
    )
    file = tmp_path / "half.json"
    file.write_text(whole[: len(whole) // 2])
    with pytest.raises(FotaSimError, match=r"half.json:\d+:\d+: ends in the middle of an entry"):
        read_histories([file])


def test_half_a_line_of_json_is_told_with_its_line(tmp_path: Path) -> None:
    line = json.dumps({"execution": {"thingArn": "t/a", "status": "SUCCEEDED", "queuedAt": 1772438404}})
    file = tmp_path / "lines.jsonl"
    file.write_text(f"{line}\n{line}\n{line[:40]}\n")
    with pytest.raises(FotaSimError, match=r"lines\.jsonl:3:"):
        read_histories([file])


def test_what_is_no_time_is_left_out_with_its_column(tmp_path: Path) -> None:
    read = read_histories([table(tmp_path, GOOD + "b,success,soon,,\nc,success,1985-01-01T00:00:05Z,,\n")])
    assert [*read.frame["device"]] == ["a"]
    assert [each.count for each in read.left_out.reasons.values()] == [2]
    assert "offered is no time" in next(iter(read.left_out.reasons))


def test_a_history_after_the_export_is_left_out(tmp_path: Path) -> None:
    rows = GOOD + "b,success,2026-03-05T08:00:00Z,2026-03-05T09:00:00Z,2026-03-05T10:00:00Z\n"
    read = read_histories([table(tmp_path, rows)], as_of_s=1772539200.0)
    assert [*read.frame["device"]] == ["a"]
    assert "after the export" in next(iter(read.left_out.reasons))


def test_nothing_left_is_an_error_that_says_why(tmp_path: Path) -> None:
    with pytest.raises(FotaSimError, match="No history of a device is left"):
        read_histories([table(tmp_path, "b,success,soon,2026-03-02T07:00:00Z,2026-03-02T08:00:00Z\n")])


def test_a_log_without_times_wants_to_know_when_it_was_exported(tmp_path: Path) -> None:
    file = table(tmp_path, "a,success\nb,failed\n", "device,status\n")
    with pytest.raises(FotaSimError, match="--as-of"):
        read_histories([file])
    assert len(read_histories([file], as_of_s=1772438404.0)) == 2


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("log.csv", "", "is empty"),
        ("log.csv", "colour,size\nred,3\n", "looks like no log"),
        ("log.json", "{}", "looks like no log"),
        ("log.json", "[1, 2]", "entry 1"),
        ("log.json", '{"executionSummaries": 3}', "no list"),
        ("log.json", "[" * 100_000, "nested"),
    ],
)
def test_a_file_that_is_no_log_is_told(name: str, text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(FotaSimError, match=said):
        read_histories([file])


def test_a_column_that_is_called_otherwise_is_named(tmp_path: Path) -> None:
    file = table(tmp_path, "a;erledigt;2026-03-02T08:00:00Z\n", "Zähler;Zustand;offered\n")
    named = ["device=Zähler", "status=Zustand"]
    read = read_histories([file], platform="spreadsheet", columns=named, explained=["status:erledigt=succeeded"])
    assert read.frame[["device", "ended"]].to_numpy().tolist() == [["a", "succeeded"]]
    with pytest.raises(FotaSimError, match="it has no column"):
        read_histories([file], platform="spreadsheet", columns=["device=Nummer"])
    with pytest.raises(FotaSimError, match="write WHAT=COLUMN"):
        read_histories([file], platform="spreadsheet", columns=["device"])


def test_a_table_of_one_s_own_is_told_by_its_columns_and_read_once_they_are_named(tmp_path: Path) -> None:
    file = table(tmp_path, "a;erledigt;2026-03-02T08:00:00Z\n", "Zähler;Zustand;offered\n")
    with pytest.raises(
        FotaSimError, match=r"--columns device=\.\.\. and status=\.\.\., of 'Zähler', 'Zustand', 'offered'"
    ):
        read_histories([file])
    named = ["device=Zähler", "status=Zustand"]
    read = read_histories([file], columns=named, explained=["status:erledigt=succeeded"])
    assert read.frame[["device", "ended"]].to_numpy().tolist() == [["a", "succeeded"]]


def test_a_signal_that_is_no_number_is_told(tmp_path: Path) -> None:
    head = HEAD.replace("device,", "device,signal,")
    read = read_histories([table(tmp_path, GOOD.replace("a,", "a,good,") + GOOD.replace("a,", "b,-93 dBm,"), head)])
    assert read.frame["signal_dBm"].tolist()[1] == -93.0
    assert any("good" in note for note in read.left_out.notes)


def with_levels(folder: Path, column: str, cells: list[str]) -> Histories:
    """A log of as many devices, each with a level in this column."""
    rows = "".join(GOOD.replace("a,", f"d{k},{cell},", 1) for k, cell in enumerate(cells))
    return read_histories([table(folder, rows, HEAD.replace("device,", f"device,{column},"))])


def levels(read: Histories, name: str) -> list[float | None]:
    """What was read of each device, None where nothing was."""
    return read.frame[name].astype(object).where(read.frame[name].notna(), None).tolist()


@pytest.mark.parametrize(
    ("cells", "kept", "told"),
    [
        (["18", "99", "-93", "-93 dBm"], [None, None, -93.0, -93.0], "2 devices with a signal_dBm"),
        (["-95", "0", "-151", "-1"], [-95.0, None, None, -1.0], "2 devices with a signal_dBm"),
        (["-95", "-150", "-80", "-70"], [-95.0, -150.0, -80.0, -70.0], ""),
    ],
)
def test_signals_in_another_unit_are_told_and_not_taken_for_dbm(
    tmp_path: Path, cells: list[str], kept: list[float | None], told: str
) -> None:
    read = with_levels(tmp_path, "signal", cells)
    assert levels(read, "signal_dBm") == kept
    assert [note for note in read.left_out.notes if told in note and "AT+CSQ" in note] != [] or not told


@pytest.mark.parametrize(
    ("cells", "kept", "told"),
    [
        (["0.4", "0.87", "1"], [None, None, None], "3 devices with a battery_pct that is not used, such as 0.4"),
        (["40", "3600", "1"], [40.0, None, 1.0], "1 device with a battery_pct that is not used, such as 3600"),
        (["0", "1", "0"], [0.0, 1.0, 0.0], ""),
        (["0.4", "87", "100"], [0.4, 87.0, 100.0], ""),
    ],
)
def test_batteries_in_shares_or_volts_are_told_and_not_taken_for_per_cent(
    tmp_path: Path, cells: list[str], kept: list[float | None], told: str
) -> None:
    read = with_levels(tmp_path, "battery", cells)
    assert levels(read, "battery_pct") == kept
    assert (
        [note for note in read.left_out.notes if "battery_pct" in note] == []
        if not told
        else any(note.startswith(told) for note in read.left_out.notes)
    )


@pytest.mark.long
def test_a_million_rows_are_read(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for block in range(1000):
            out.write("".join(f"d{block}-{k}{GOOD[1:]}" for k in range(1000)))
    read = read_histories([file])
    assert len(read) == 1_000_000


def test_one_word_that_is_not_known_does_not_make_a_vendors_log_a_spreadsheet(tmp_path: Path) -> None:
    rows = "a,Upgrade Succeeded,,,\nb,Plan Not Received,,,\nc,Blorp,,,\n"
    with pytest.raises(FotaSimError) as told:
        read_histories([table(tmp_path, rows)])
    assert "Blorp" in str(told.value)
    assert "Upgrade Succeeded" not in str(told.value)


def test_a_sentence_of_an_audit_log_is_explained_for_all_devices_at_once(tmp_path: Path) -> None:
    head = "description,inserted_at\n"
    known = '"""Device d-0 firmware set to version 2.0.0 (0b7f)""","""2026-03-02T08:00:00"""\n'
    rows = "".join(f'"""Device d-{k} went to sleep""","""2026-03-02T09:00:00"""\n' for k in range(1, 4))
    file = table(tmp_path, known + rows, head)
    with pytest.raises(FotaSimError) as told:
        read_histories([file])
    assert "3 rows with description 'Device * went to sleep'" in str(told.value)
    read = read_histories([file], explained=["description:Device * went to sleep=cancelled"])
    assert read.frame["ended"].tolist() == ["succeeded", "cancelled", "cancelled", "cancelled"]


def test_of_very_many_words_that_are_not_known_a_few_are_listed(tmp_path: Path) -> None:
    with pytest.raises(FotaSimError) as told:
        read_histories([table(tmp_path, "".join(f"d{k},state {k},,,\n" for k in range(500)))])
    assert str(told.value).count("--map") == 20
    assert "480 more words" in str(told.value)


SHEET = "device,status,offered,end,attempts,size,rssi,battery\n"
TIMES = "2026-03-02T08:00:00Z,2026-03-02T10:00:00Z"


@pytest.mark.parametrize("cells", ["1x,5,-90,50", "-2,5,-90,50", "1,five,-90,50", "1,-5,-90,50", "inf,5,-90,50"])
def test_a_number_that_cannot_be_is_told_and_not_used(cells: str, tmp_path: Path) -> None:
    read = read_histories([table(tmp_path, f"a,success,{TIMES},{cells}\n", SHEET)])
    bad = "attempts" if cells.endswith(",5,-90,50") else "size_B"
    assert read.frame[bad].isna().all()
    assert any(f"such as '{cells.split(',')[bad == 'size_B']}' in line 2" in note for note in read.left_out.notes)


def test_levels_and_sizes_may_have_their_units(tmp_path: Path) -> None:
    read = read_histories([table(tmp_path, f"a,success,{TIMES},1,100 kB,\u221290 dBm,50 %\n", SHEET)])
    assert read.frame[["size_B", "signal_dBm", "battery_pct"]].to_numpy().tolist() == [[100_000.0, -90.0, 50.0]]
    assert not any("cannot be" in note or "no number" in note for note in read.left_out.notes)


@pytest.mark.parametrize("name", ["8.66E+14", '"8,66E+14"', "N/A", "-"])
def test_an_id_that_names_nobody_leaves_its_row_out(name: str, tmp_path: Path) -> None:
    row = f"success,{TIMES},1,5,-90,50\n"
    read = read_histories([table(tmp_path, f"a,{row}{name},{row}{name},{row}", SHEET)])
    assert [*read.frame["device"]] == ["a"]
    assert read.left_out.rows == 2


def test_an_empty_status_can_be_given_a_meaning(tmp_path: Path) -> None:
    log = table(tmp_path, GOOD + "b,,2026-03-02T08:00:00Z,,\n")
    with pytest.raises(FotaSimError, match=r"(?s)an empty status.*--map status:=MEANING"):
        read_histories([log])
    assert [*read_histories([log], explained=["status:=never_reached"]).frame["ended"]] == [
        "succeeded",
        "never_reached",
    ]


@pytest.mark.parametrize(
    ("cell", "clock", "told"),
    [
        ("1767600000000", Clock(), "--dates unix_ms"),
        ("1767600000", Clock(order="unix_ms"), "--dates unix"),
        ("46027.33", Clock(), "--dates excel"),
        ("17.5", Clock(), "export dates as"),
        ("1767600000000000", Clock(), "--dates unix_us"),
        ("02.03.2026 08:00", Clock(), "--dates dmy"),
    ],
)
def test_a_time_in_another_form_says_what_to_write(cell: str, clock: Clock, told: str, tmp_path: Path) -> None:
    with pytest.raises(FotaSimError, match=told):
        read_histories([table(tmp_path, f"a,success,{cell},,\n")], clock=clock)


def test_a_first_line_for_spreadsheets_says_the_delimiter(tmp_path: Path) -> None:
    log = table(tmp_path, (HEAD + GOOD).replace(",", ";"), "\ufeffsep=;\n")
    assert [*read_histories([log]).frame["device"]] == ["a"]


@pytest.mark.parametrize("sign", ["T", " "])
@pytest.mark.parametrize("zone", ["", "Z", "+05:30"])
def test_midnight_as_the_end_of_a_day_is_the_beginning_of_the_next(sign: str, zone: str) -> None:
    clock = Clock()
    late, early = (
        parse_times([f"2025-12-31{sign}24:00:00{zone}", f"2026-02-28{sign}24:00{zone}"], clock),
        parse_times([f"2026-01-01{sign}00:00:00{zone}", f"2026-03-01{sign}00:00{zone}"], clock),
    )
    assert late.seconds.tolist() == early.seconds.tolist()
    assert not late.wrong.any()
    assert parse_times([f"2025-12-31{sign}24:01{zone}", f"2025-02-30{sign}24:00{zone}"], clock).wrong.all()


def test_a_column_called_ended_beside_a_status_is_a_time(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("device,status,started,ended\na,succeeded,2026-01-01 10:00,2026-01-01 11:00\n")
    found = read_histories([file])
    assert found.frame["ended_s"].tolist() == [1767265200.0]
    assert not any("nothing is read" in note for note in found.left_out.notes)


def test_columns_of_one_name_are_told_with_which_is_read(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("device,status,updated,updated\na,succeeded,2026-01-01 10:00,2026-01-01 11:00\n")
    notes = " ".join(read_histories([file]).left_out.notes)
    assert "2 columns are called 'updated'; the first is read" in notes
    assert "nothing is read from 'updated'" not in notes


def test_a_log_without_times_says_which_columns_nothing_is_read_from(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("device,status,when\na,succeeded,2026-01-01 10:00\n")
    with pytest.raises(FotaSimError, match=r"no times at all(.|\n)*nothing is read from 'when'"):
        read_histories([file])


def test_a_workbook_called_csv_is_read_and_another_archive_is_called_one(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (("device", "status", "updated"), ("a", "succeeded", "2026-01-01 10:00")):
        book.active.append(row)
    book.save(tmp_path / "log.xlsx")
    (tmp_path / "log.xlsx").rename(tmp_path / "log.csv")
    assert read_histories([tmp_path / "log.csv"]).frame["device"].tolist() == ["a"]
    with zipfile.ZipFile(tmp_path / "other.csv", "w") as archive:
        archive.writestr("log.csv", "device,status\n")
    with pytest.raises(FotaSimError, match="is an archive and no Excel workbook"):
        read_histories([tmp_path / "other.csv"])
    (tmp_path / "blank.csv").write_text("\n\n")
    with pytest.raises(FotaSimError, match="is empty"):
        read_histories([tmp_path / "blank.csv"])
