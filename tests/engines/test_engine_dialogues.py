import pytest
from worlds import ONE_PLUG, STM32, at_s, dialogue, play

GUIDE = """AT+QIOTREG=1
OK
+QIOTEVT: 2,10200
+QIOTEVT: 3,10200
AT+QIOTOTAREQ=1
OK
+QIOTEVT: 7,10700,"FC41D","FC41D_FOTA_1_0","FC41D_FOTA_2_0",30,-113,22536
AT+QIOTUPDATE=1
OK
+QIOTEVT: 7,10701
+QIOTEVT: 7,10702
+QIOTEVT: 7,10703
+QIOTEVT: 7,10704
+QIOTEVT: 7,10705
AT+QIOTREG=1
OK
+QIOTEVT: 2,10200
+QIOTEVT: 3,10200""".splitlines()


def test_the_vendor_guide_dialogue_comes_out_line_for_line():
    assert dialogue(play(ONE_PLUG)) == GUIDE


def test_success_before_the_reboot_says_the_same_lines_earlier():
    after = play(ONE_PLUG)
    before = play(ONE_PLUG, "protocol.success_urc=before_reboot")
    assert dialogue(before) == GUIDE
    assert at_s(before, "7,10705") < at_s(after, "7,10705")


def test_the_decision_is_echoed_on_request():
    lines = dialogue(play(ONE_PLUG, "protocol.announce_decision=true"))
    assert lines[lines.index("AT+QIOTUPDATE=1") + 1 :][:2] == ["OK", "+QIOTEVT: 7,10707"]


def test_the_stm32_dialogue_reads_the_file_in_blocks_of_1024():
    lines = dialogue(play(STM32))
    start = lines.index("AT+QIOTUPDATE=1")
    assert lines[:start] == [
        'AT+QIOTMCUVER="STM32","1_0_0"',
        "OK",
        "AT+QIOTREG=1",
        "OK",
        "+QIOTEVT: 2,10200",
        "+QIOTEVT: 3,10200",
        "AT+QIOTOTAREQ=1",
        "OK",
        '+QIOTEVT: 7,10700,"STM32","","2_0_0",30,-113,27954',
    ]
    assert lines[start + 1 : start + 5] == [
        "OK",
        '+QIOTEVT: 7,10701,"STM32",27954,"95cbdeb4faeda4322ad9b65eb731ed2b",4022793929,'
        '"2bb534d576fb307f049a149787afab2382ebb8605467acfc2c05a2e67677e094"',
        "+QIOTEVT: 7,10702",
        '+QIOTEVT: 7,10703,"STM32",27954,0,27954',
    ]
    reads = [line for line in lines if line.startswith("AT+QIOTOTARD")]
    assert reads == [f"AT+QIOTOTARD={i * 1024},{min(1024, 27954 - i * 1024)}" for i in range(28)]
    assert lines[-6:] == [
        "AT+QIOTUPDATE=3",
        "OK",
        "+QIOTEVT: 7,10704",
        'AT+QIOTMCUVER="STM32","2_0_0"',
        "OK",
        "+QIOTEVT: 7,10705",
    ]


def test_a_host_that_reads_too_slowly_loses_the_piece():
    record = play(STM32, "hosts.mcu.read_pause=70s", "plan.strategy.retries=0")
    assert "+QIOTEVT: 7,10706" in dialogue(record)
    assert (record.devices["outcome"][0], record.devices["cause"][0]) == ("failed", "MCU read timeout")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_vendor_log_of_698000_bytes_comes_out_within_a_quarter(seed):
    full = (
        "packages[0].kind=full",
        "packages[0].source_version=null",
        "packages[0].files=[{name: a.bin, size: 698000B}]",
    )
    record = play(ONE_PLUG, *full, f"seed={seed}")
    finished_s = record.devices["finished_ms"][0] / 1000.0
    download_s = at_s(record, "7,10703") - at_s(record, "7,10701")
    assert abs(download_s / 37.0 - 1.0) < 0.25  # vendor log: 11:44:57 to 11:45:34
    assert abs((finished_s - at_s(record, "7,10704")) / 25.0 - 1.0) < 0.25  # 11:45:35 to 11:46:00
    assert 72.0 * 0.75 < finished_s - at_s(record, "7,10700") < 81.0 * 1.25  # 72 s, and 81 s on a second device


def test_a_cat_1_delta_of_2_MB_downloads_in_about_26_seconds():
    record = play(
        ONE_PLUG,
        "fleet.groups.plug.module=EC800K",
        "packages[0].files=[{name: a.bin, size: 2000kB}]",
    )
    download_s = at_s(record, "7,10703") - at_s(record, "7,10701")
    assert abs(download_s / 26.0 - 1.0) < 0.25  # EC800K log, size inferred
