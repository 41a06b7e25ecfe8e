"""What each AT command answers, and when it is an ERROR."""

import pytest
from protocol_world import MODULE, SEED_OFFER, FakeWorld, finals, ready_for_module

ERROR = ["ERROR"]
OK = ["OK"]


@pytest.mark.parametrize(
    "line",
    [
        "AT+NOSUCH",
        "AT+QIOTREG",
        "AT+QIOTREG=3",
        "AT+QIOTREG=-1",
        'AT+QIOTREG="1"',
        "AT+QIOTREG=1,2",
        "AT+QIOTREG=",
        "AT+QIOTSTATE",
        "AT+QIOTSTATE=?",
        "AT+QIOTUPDATE=1",
        "AT+QIOTUPDATE=0",
        "AT+QIOTUPDATE=2",
        "AT+QIOTUPDATE=3",
        "AT+QIOTUPDATE=4",
        'AT+QIOTUPDATE="1"',
        "AT+QIOTUPDATE",
        "AT+QIOTOTARD=0,1024",
        "AT+QIOTMCUVER?",
        'AT+QIOTMCUVER="STM32"',
        'AT+QIOTMCUVER="",""',
        f'AT+QIOTMCUVER="{"n" * 33}","1"',
        f'AT+QIOTMCUVER="n","{"v" * 65}"',
        'AT+QIOTMCUVER="n",1',
        "AT+QIOTMCUVER=n,1",
        'AT+QIOTINFO="down"',
        'AT+QHOTAREQ=80,1,"pk","ps"',
        "AT+CSQ?",
        "AT+CGMR",
        "AT+CFUN=1,1",
        "ATE2",
        "ATZ",
        "AT +QIOTREG?",
        "AT+QIOTREG = 1",
        "AT" + "x" * 5000,
    ],
)
def test_what_is_unknown_malformed_or_out_of_place_is_an_error(line):
    world = FakeWorld(at_csq=False, version_command="AT+QVERSION").start()
    assert world.say(line) == ERROR


def test_a_line_that_does_not_begin_with_at_is_not_answered():
    world = FakeWorld().start()
    assert world.say("hello") == []
    assert world.say("") == []


def test_command_words_may_be_in_any_case():
    world = FakeWorld().start()
    assert world.say("at+qiotreg?") == ["+QIOTREG: 1", "OK"]
    assert world.say("At") == OK


def test_the_echo_is_on_at_every_start_and_can_be_switched():
    world = FakeWorld().start(echo=True)
    world.module.receive("AT\r")
    assert world.hear() == ["AT", "OK"]
    world.module.receive("ATE0\rAT\r")
    assert world.hear() == ["ATE0", "OK", "OK"]
    world.module.receive("ATE1\rAT\r")
    assert world.hear() == ["OK", "AT", "OK"]
    world.say("ATE0")
    world.power_cycle()
    world.hear()
    world.module.receive("AT\r")
    assert world.hear() == ["AT", "OK"]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_any_line_end_will_do_and_chunks_do_not_matter(end):
    world = FakeWorld().start()
    for character in f"AT{end}AT+QIOTSTATE?{end}":
        world.module.receive(character)
    assert world.hear() == ["OK", "+QIOTSTATE: 8", "OK"]


def test_test_forms_tell_the_ranges():
    world = FakeWorld().start()
    assert world.say("AT+QIOTREG=?") == ["+QIOTREG: (0-2)", "OK"]
    assert world.say("AT+QIOTOTAREQ=?") == ["+QIOTOTAREQ: (0,1)", "OK"]
    assert world.say("AT+QIOTUPDATE=?") == ["+QIOTUPDATE: (0-3)", "OK"]
    assert world.say("AT+QIOTOTARD=?") == ["+QIOTOTARD: <start>,(1-1024)", "OK"]
    assert world.say("AT+QIOTMCUVER=?") == ["+QIOTMCUVER: <MCU_number>,<MCU_version>", "OK"]
    assert world.say("AT+QIOTINFO=?") == ['+QIOTINFO: "up"', "OK"]
    assert world.say("AT+QIOTRST=?") == OK


def test_mcu_versions_are_kept_over_a_power_cut_and_an_empty_one_deletes():
    world = FakeWorld().start()
    assert world.say('AT+QIOTMCUVER="MCU1","1.0.0"') == OK
    assert world.say('AT+QIOTMCUVER="MCU2","2"') == OK
    world.power_cycle()
    lines = ['+QIOTMCUVER: "MCU1","1.0.0"', '+QIOTMCUVER: "MCU2","2"', "OK"]
    assert world.say("AT+QIOTMCUVER?") == lines
    assert world.say('AT+QIOTMCUVER="MCU1"') == [lines[0], "OK"]
    assert world.say('AT+QIOTMCUVER="MCU1",""') == OK
    assert world.say('AT+QIOTMCUVER="MCU1"') == ERROR
    assert world.module.mcu_versions == {"MCU2": "2"}


def test_several_info_lines_stand_in_one_frame():
    world = FakeWorld().start()
    world.say('AT+QIOTMCUVER="a","1"')
    world.say('AT+QIOTMCUVER="b","2"')
    world.quiet()
    world.say("AT+QIOTMCUVER?")
    assert world.wire == ['\r\n+QIOTMCUVER: "a","1"\r\n+QIOTMCUVER: "b","2"\r\n\r\nOK\r\n']


def test_a_request_needs_a_subscription_and_says_whether_sha256_is_wanted():
    world = FakeWorld().start(connected=False)
    assert world.say("AT+QIOTOTAREQ=1") == ERROR
    world = FakeWorld().start()
    for line in ("AT+QIOTOTAREQ", "AT+QIOTOTAREQ=0", "AT+QIOTOTAREQ=1"):
        assert world.say(line) == OK
    assert world.calls == [("request_plan", False), ("request_plan", False), ("request_plan", True)]


def test_a_request_with_too_large_a_number_is_an_error_that_was_sent_all_the_same():
    world = FakeWorld().start()
    assert world.say("AT+QIOTOTAREQ=2") == ERROR
    assert world.calls == [("request_plan", False)]
    assert world.say("AT+QIOTOTAREQ=-1") == ERROR
    assert len(world.calls) == 1


def test_the_host_can_force_a_version_report_only_while_connected():
    world = FakeWorld().start(connected=False)
    assert world.say('AT+QIOTINFO="up"') == ERROR
    world = FakeWorld().start()
    assert world.say('AT+QIOTINFO="up"') == OK
    assert world.calls == [("versions", "FC41D_FOTA_1_0", {})]


def test_information_lists_item_and_value():
    world = FakeWorld().start()
    assert '+QIOTINFO: "version","FC41D_FOTA_1_0"' in world.say("AT+QIOTINFO?")


def test_signal_is_answered_where_the_command_exists():
    world = FakeWorld(line="cellular").start()
    assert world.say("AT+CSQ") == ["+CSQ: 20,99", "OK"]
    assert FakeWorld(at_csq=False).start().say("AT+CSQ") == ERROR


def test_battery_is_an_error_when_it_cannot_be_read_or_the_command_is_missing():
    world = FakeWorld(line="cellular").start()
    assert world.say("AT+CBC") == ["+CBC: 0,80,3900", "OK"]
    world.battery_value = (None, 3300)
    assert world.say("AT+CBC") == ERROR
    assert FakeWorld(at_cbc=False).start().say("AT+CBC") == ERROR


def test_access_point_signal_exists_on_wifi_only():
    world = FakeWorld().start()
    assert "rssi=-52" in world.say("AT+QGETWIFISTATE")[0]
    world.wifi_value = None
    assert world.say("AT+QGETWIFISTATE?") == ["+QGETWIFISTATE: DISCONNECT", "OK"]
    assert FakeWorld(line="nb").start().say("AT+QGETWIFISTATE") == ERROR


def test_the_version_has_one_command_per_kind_of_module():
    wifi = FakeWorld(version_command="AT+QVERSION").start()
    assert wifi.say("AT+QVERSION") == ["+QVERSION: FC41D_FOTA_1_0", "OK"]
    assert wifi.say("AT+CGMR") == ERROR
    cellular = FakeWorld(version_command="AT+CGMR").start()
    assert cellular.say("AT+CGMR") == ["FC41D_FOTA_1_0", "OK"]
    assert cellular.say("AT+QVERSION") == ERROR
    assert cellular.say("ATI")[-2:] == ["Revision: FC41D_FOTA_1_0", "OK"]


@pytest.mark.parametrize(("line", "command"), [("wifi", "AT+QRST"), ("cellular", "AT+CFUN=1,1")])
def test_a_restart_is_confirmed_and_then_nothing_is_heard(line, command):
    world = FakeWorld(line=line).start()
    world.module.receive(f"{command}\rAT\r")
    assert world.hear() == ["OK"]
    assert world.calls == [("reboot",)]
    assert world.say("AT") == []
    world.power_cycle()
    assert world.say("AT") == OK


def test_a_half_line_does_not_survive_a_power_cut():
    world = FakeWorld().start()
    world.module.receive("AT+NO")
    world.power_cycle()
    assert world.say("AT") == OK


def test_update_is_refused_for_module_firmware_beyond_the_confirmation():
    world = ready_for_module()
    for action in (2, 3, 4, -1):
        assert world.say(f"AT+QIOTUPDATE={action}") == ERROR
    assert world.say("AT+QIOTUPDATE=1") == OK
    assert world.say("AT+QIOTUPDATE=0") == ERROR
    assert world.statuses() == [2]


def test_every_command_is_answered_once():
    world = FakeWorld().start()
    world.module.plan([SEED_OFFER], [MODULE])
    world.quiet()
    lines = ["AT", "AT+QIOTREG?", "AT+QIOTUPDATE=1", "AT+QIOTUPDATE=0", "AT+NOSUCH", "AT+QIOTCFG=?"]
    world.module.receive("\r\n".join(lines) + "\r\n")
    assert finals(world) == [True, True, True, False, False, True]
