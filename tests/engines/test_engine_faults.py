"""Faults on purpose: what the host hears, what it does then, and the cause in the table."""

from __future__ import annotations

from collections import Counter

import pytest
from worlds import ONE_PLUG, STM32, dialogue, play

from fota_sim.engines.compiled.run import run_replication as compiled
from fota_sim.engines.record import RunRecord, spelled_out
from fota_sim.scenario.loader import parse_scenario

MANY = STM32.replace("count: 1", "count: 60").replace("transcripts: 1", "transcripts: 60")
PLUGS = ONE_PLUG.replace("count: 1", "count: 60").replace("transcripts: 1", "transcripts: 60")
NO_RETRY = "plan.strategy.retries=0"


def ends(record: RunRecord) -> Counter[tuple[str, str]]:
    """How many devices ended so."""
    columns = (spelled_out(record.devices[name]) for name in ("outcome", "cause"))
    return Counter(zip(*columns, strict=True))


def test_without_faults_their_settings_say_nothing():
    plain = play(MANY)
    set_up = play(MANY, "faults.devices=50%", "faults.cut_at=10%")
    assert plain.transcripts == set_up.transcripts


def test_a_doubled_urc_is_heard_twice_and_the_upgrade_happens_once():
    lines = dialogue(play(STM32, "faults.doubled_urc=100%"))
    piece = '+QIOTEVT: 7,10703,"STM32",27954,0,27954'
    assert lines.count(piece) == 2
    assert lines.count("+QIOTEVT: 7,10705") == 2
    assert lines.count("AT+QIOTUPDATE=1") == 1
    assert lines.count("AT+QIOTUPDATE=3") == 1
    assert lines.count("ERROR") == 1  # it reads once more when the piece is gone


def test_of_progress_none_is_lost_and_of_all_else_everything():
    record = play(ONE_PLUG, "faults.lost_urc=100%", "hosts.careless.registration_mode=2", "plan.push=true")
    assert not [line for line in dialogue(record) if line.startswith("+QIOTEVT") and "7,10702" not in line]
    assert ends(record) != Counter({("upgraded", ""): 1})


def test_a_lost_piece_ends_in_the_modules_read_timer():
    record = play(MANY, "faults.lost_urc=40%", NO_RETRY)
    assert ends(record)["failed", "MCU read timeout"] > 0


def test_a_garbled_file_is_read_once_more_and_then_left():
    record = play(STM32, "faults.garbled_block=100%", NO_RETRY)
    lines = dialogue(record)
    assert lines.count("AT+QIOTOTARD=0,1024") == 2
    assert lines[-3:] == ['AT+QIOTMCUVER="STM32","1_0_0"', "OK", "+QIOTEVT: 7,10706"]
    assert "AT+QIOTUPDATE=3" not in lines
    assert ends(record) == Counter({("failed", "file garbled"): 1})


def test_reading_again_helps_against_a_rare_garble():
    never = ends(play(MANY, "faults.garbled_block=2%", "hosts.mcu.reads_again=0", NO_RETRY))
    thrice = ends(play(MANY, "faults.garbled_block=2%", "hosts.mcu.reads_again=3", NO_RETRY))
    assert never["failed", "file garbled"] > 4 * thrice["failed", "file garbled"]


def test_a_host_that_does_not_check_flashes_what_it_read_and_hangs():
    record = play(STM32, "faults.garbled_block=100%", "hosts.mcu.checks_file=false", NO_RETRY)
    assert "AT+QIOTUPDATE=3" in dialogue(record)
    assert ends(record) == Counter({("failed", "MCU update timeout"): 1})


def test_a_wrong_checksum_is_found_by_the_host_of_an_mcu_which_reads_it_twice():
    record = play(STM32, "faults.wrong_checksum=100%", NO_RETRY)
    assert dialogue(record).count("AT+QIOTOTARD=0,1024") == 2
    assert ends(record) == Counter({("failed", "wrong checksum"): 1})


def test_a_wrong_checksum_of_module_firmware_is_a_failed_download():
    record = play(ONE_PLUG, "faults.wrong_checksum=100%", "plan.strategy.retries=2")
    lines = dialogue(record)
    assert "+QIOTEVT: 7,10703" not in lines
    assert lines.count("+QIOTEVT: 7,10701") == 1
    assert len(record.downloads) == 3
    assert ends(record) == Counter({("failed", "wrong checksum"): 1})


@pytest.mark.parametrize("at", ["20%", "75%"])
def test_a_cut_download_has_sent_its_share(at):
    record = play(ONE_PLUG, "faults.cut_download=100%", f"faults.cut_at={at}", NO_RETRY)
    ((_, _, _, sent_B, wasted_B),) = record.downloads
    assert sent_B == pytest.approx(22536 * float(at.rstrip("%")) / 100, rel=0.1)
    assert wasted_B == sent_B
    assert ends(record) == Counter({("failed", "download cut off"): 1})


def test_a_module_may_take_a_cut_download_for_a_whole_one():
    plug = ONE_PLUG + "modules: {naive: {extends: FC41D, accepts_truncated: 100%}}\n"
    record = play(plug.replace("module: FC41D", "module: naive"), "faults.cut_download=100%", NO_RETRY)
    assert "+QIOTEVT: 7,10704" in dialogue(record)
    assert ends(record)["upgraded", ""] == 0


def test_faults_befall_their_share_of_devices_always_the_same_ones():
    half = play(PLUGS, "faults.cut_download=100%", "faults.devices=50%", NO_RETRY)
    struck = spelled_out(half.devices["cause"]).tolist()
    assert 15 < struck.count("download cut off") < 45
    other = play(PLUGS, "faults.wrong_checksum=100%", "faults.devices=50%", NO_RETRY)
    assert [bool(cause) for cause in spelled_out(other.devices["cause"])] == [bool(cause) for cause in struck]


def test_another_attempt_has_other_luck():
    once = ends(play(PLUGS, "faults.cut_download=50%", NO_RETRY))
    five = ends(play(PLUGS, "faults.cut_download=50%", "plan.strategy.retries=5"))
    assert five["upgraded", ""] > once["upgraded", ""]


def test_both_engines_leave_the_same_dialogues():
    faults = ["faults.lost_urc=10%", "faults.doubled_urc=20%", "faults.garbled_block=5%", "faults.cut_download=30%"]
    scenario = parse_scenario(MANY, "scenario.yaml", [*faults, "faults.wrong_checksum=20%", "faults.devices=70%"])
    ours = play(MANY, *faults, "faults.wrong_checksum=20%", "faults.devices=70%")
    theirs = compiled(scenario, 0)
    assert ours.transcripts == theirs.transcripts
    assert ends(ours) == ends(theirs)
    assert len(ends(ours)) > 2
