"""A modem that probes get through: identity, SIM, network, results, profiles, restarts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_world import FakeWorld, finals

from fota_sim.protocol.identification import check_digit

ERROR = ["ERROR"]
OK = ["OK"]


def modem(model="EC200U", line="cellular", **identity):
    return FakeWorld(line=line, model=model, **identity).start()


# What real clients ask first, in their order: docs/sources.md, Command line
GAMMU = ["AT", "ATE1", "AT+CMEE=1", "AT+CMEE=2", "AT+CSCS?", "AT+CSCS=?", "AT+CGMM", "AT+CGMI", "AT+CGMR", "AT+CFUN=1",
         "AT+CGSN", "AT+CIMI", "AT+CREG=2", "AT+CGREG=2", "AT+CGATT?", "AT+CREG?", "AT+CGREG?", "AT+COPS=3,2",
         "AT+COPS?", "AT+COPS=3,0", "AT+CBC"]  # fmt: skip
GSMMODEM = ["AT", "ATZ", "ATE0", "AT+CFUN?", "AT+CMEE=1", "AT+CPIN?", "AT+CGMI", "AT+COPS=3,0", "AT+CMGF=0",
            "AT+CSCA?", "AT+CSMP=49,167,0,0", "AT+CPMS=?", 'AT+CPMS="ME","ME","ME"', "AT+CNMI=2,1,0,2", "AT+CLIP=1",
            "AT+CRC=1", "AT+CVHU=0"]  # fmt: skip
MODEM_MANAGER = ["ATE0", "ATV1", "AT+CMEE=1", "ATX4", "AT&C1", "AT+GCAP", "AT+CSCS=?", 'AT+CSCS="UCS2"', "AT+CSCS?",
                 "AT+CGMI", "AT+CGMM", "AT+CGMR", "AT+CGSN", "ATI", "AT+CGDCONT=?", "AT+CFUN?", "AT+CPIN?", "AT+CIMI",
                 "AT+CNUM", "AT+CNMI=?", "AT+CTZU=?", "ATH", "AT+IFC=?", "AT+CGEREP=?", "AT+CREG=2", "AT+CGREG=2",
                 "AT+CREG?", "AT+CSQ"]  # fmt: skip
SERIALPORT_GSM = ["ATZ", "ATE1", "AT+CPIN?", "AT+CMEE=1;+CREG=2", "AT", "AT+CLIP=1", "AT+CGSN"]
ZEPHYR_BG9X = ["ATE0", "AT+IPR=115200", "AT+CFUN=4", "AT+CMEE=1", "AT+CGSN", "AT+CGMM", "AT+CGMI", "AT+QGMR",
               "AT+CIMI", "AT+QCCID", "AT+CEREG=1", "AT+CFUN=1"]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("EC200U", GAMMU),
        ("EC200U", GSMMODEM),
        ("EC200U", MODEM_MANAGER),
        ("EC200U", SERIALPORT_GSM),
        ("BG95", ZEPHYR_BG9X),
        ("BG95-M3", MODEM_MANAGER),
    ],
)
def test_what_a_client_cannot_do_without_is_answered(model, asked):
    world = modem(model)
    for line in asked:
        world.quiet()
        world.say(line)
        world.pass_time(5)
        assert finals(world) == [True], line


@pytest.mark.parametrize(
    "line",
    ["AT+CHUP=?", "AT+WS46=?", "AT^CVOICE=?", "AT*CNTI=2", "AT$TSSPCSW=?", 'AT+CSIM=10,"0020000100"', "AT%X", "ATD123",
     "AT+CMUX=0", "AT&X", "ATS99?", "ATS3", "AT+CFUN=2", "AT+CREG=3", "AT;", "AT+CSQ;;+CSQ", "AT+CSQ+CSQ"],
)  # fmt: skip
def test_what_is_not_known_is_an_error_and_never_silence(line):
    world = modem()
    world.say(line)
    assert finals(world) == [False]


def test_several_commands_in_a_line_have_one_result():
    world = modem()
    assert world.say("AT+CSQ;+COPS?") == ["+CSQ: 20,99", '+COPS: 0,0,"fota-sim",7', "OK"]
    assert world.say("ATE0V1X4&C1+CMEE=1;+CREG=2;S3?") == ["013", "OK"]
    assert world.module.profile.errors == 1


def test_the_first_command_that_fails_ends_the_line():
    world = modem()
    assert world.say("AT+CMEE=1;+CPIN=1;+CMEE=2") == ["+CME ERROR: 3"]
    assert world.module.profile.errors == 1


def test_a_semicolon_in_quotes_ends_no_command():
    world = modem()
    assert world.say('AT+QIOTMCUVER="a;b","1;+CSQ";+CMEE?') == ["+CMEE: 0", "OK"]
    assert world.module.mcu_versions == {"a;b": "1;+CSQ"}


def test_errors_have_codes_or_words_if_the_host_wants_them():
    world = modem()
    assert world.say("AT+CPIN=1234") == ERROR
    world.say("AT+CMEE=1")
    assert world.say("AT+CPIN=1234") == ["+CME ERROR: 3"]
    world.say("AT+CMEE=2")
    assert world.say("AT+CPIN=1234") == ["+CME ERROR: operation not allowed"]
    assert world.say("AT+QIOTUPDATE=1") == ERROR  # QuecThing commands have no codes


def test_a_slash_repeats_the_last_line_without_an_end():
    world = modem()
    world.say("AT+CSQ")
    world.quiet()
    world.module.receive("A/")
    assert world.hear() == ["+CSQ: 20,99", "OK"]
    world.module.receive("a/\rAT\r")
    assert world.hear() == ["+CSQ: 20,99", "OK", "OK"]


def test_the_echo_is_the_line_however_it_comes():
    for pieces in (["AT+CSQ\r"], list("AT+CSQ\r"), ["AT+", "CSQ", "\r\n"]):
        world = FakeWorld(line="cellular").start(echo=True)
        for piece in pieces:
            world.module.receive(piece)
        assert "".join(world.wire) == "AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n"


def test_an_erased_character_is_not_in_the_line():
    world = FakeWorld(line="cellular").start(echo=True)
    world.module.receive("ATX\b\r")
    assert "".join(world.wire) == "AT\r\r\nOK\r\n"


def test_who_echoes_by_itself_turns_the_echo_of_lines_off():
    world = FakeWorld(line="cellular").start(echo=True)
    world.module.line.echoes = False
    world.module.receive("AT\r")
    assert world.wire == ["\r\nOK\r\n"]
    assert world.module.echo


def test_ate0_is_echoed_itself_and_ate1_is_not():
    world = FakeWorld(line="cellular").start(echo=True)
    world.module.receive("ATE0\r")
    world.module.receive("ATE1\r")
    assert "".join(world.wire) == "ATE0\r\r\nOK\r\n\r\nOK\r\n"


def test_results_may_be_numbers_or_nothing():
    world = modem()
    world.say("ATV0")
    world.quiet()
    world.module.receive("AT+CSQ\rAT+NO\r")
    assert "".join(world.wire) == "+CSQ: 20,99\r\n0\r4\r"
    world.module.receive("ATV1Q1\r")
    world.quiet()
    world.module.receive("AT+CSQ\rAT\r")
    assert "".join(world.wire) == "\r\n+CSQ: 20,99\r\n"


def test_another_line_end_is_used_both_ways():
    world = modem()
    world.say("ATS3=33")
    world.quiet()
    world.module.receive("AT!")
    assert "".join(world.wire) == "!\nOK!\n"


def test_a_profile_is_saved_and_comes_back_at_a_start_and_with_atz():
    world = modem()
    world.say("AT+CMEE=2;E0&W")
    world.say("AT+CMEE=1")
    assert world.say("ATZ;+CMEE?") == ["+CMEE: 2", "OK"]
    world.power_cycle()
    world.quiet()
    assert world.say("AT+CMEE?") == ["+CMEE: 2", "OK"]
    assert "E: 0" in world.say("AT&V")
    world.say("AT&F")
    assert world.module.profile.errors == 0
    assert world.module.profile.echo


def test_escape_and_control_z_before_a_line_do_no_harm():
    world = modem()
    world.module.receive("\x1b\x1aAT\r\x1b\r")
    assert world.hear() == OK


# Identity


@given(st.text(max_size=20))
def test_numbers_are_well_formed_and_the_devices_own(key):
    world, other = modem(device_key=key), modem(device_key=key + "x")
    imei, imsi, card = (world.say(line)[0] for line in ("AT+CGSN", "AT+CIMI", "AT+QCCID"))
    assert len(imei) == 15
    assert check_digit(imei[:-1]) == imei[-1]
    assert imsi.startswith("00101")
    assert len(imsi) == 15
    assert len(card.removeprefix("+QCCID: ")) == 20
    assert imei != other.say("AT+CGSN")[0]
    assert world.say("AT+CGSN=1") == [f'+CGSN: "{imei}"', "OK"]


def test_a_device_key_that_is_an_imei_is_the_imei():
    assert modem(device_key="867823050000017").say("AT+CGSN")[0] == "867823050000017"


@pytest.mark.parametrize(
    ("model", "line", "lines"),
    [
        ("EC200U", "cellular", ["Quectel", "EC200U", "Revision: FC41D_FOTA_1_0"]),
        ("BC66", "nb", ["Quectel_Ltd", "Quectel_BC66", "Revision: FC41D_FOTA_1_0"]),
    ],
)
def test_each_model_identifies_itself_in_its_own_way(model, line, lines):
    assert modem(model, line).say("ATI") == [*lines, "OK"]


def test_models_have_the_commands_that_theirs_have():
    cat1, cat_m, nb = modem("EC21"), modem("BG95"), modem("BC66", "nb")
    assert cat1.say("AT+QNWINFO") == ['+QNWINFO: "FDD LTE","00101","LTE BAND 3",1650', "OK"]
    assert cat_m.say("AT+QNWINFO") == ['+QNWINFO: "eMTC","00101","LTE BAND 20",6400', "OK"]
    assert nb.say("AT+QNWINFO") == ERROR
    assert nb.say("AT+CREG?") == ERROR
    assert nb.say("AT+CEREG?") == ["+CEREG: 0,1", "OK"]
    assert nb.say("AT+CESQ") == ["+CESQ: 99,99,255,255,255,46", "OK"]
    assert cat1.say("AT+CESQ") == ERROR
    assert "+QNWINFO" in cat1.say("AT+CLAC")
    assert "+QNWINFO" not in nb.say("AT+CLAC")


def test_a_model_of_ones_own_speaks_as_what_it_is_a_kind_of():
    assert modem("tracker", kind="BG95").say("AT+COPS?")[0].endswith(",8")
    assert modem("tracker").say("AT+COPS?")[0].endswith(",7")
    assert FakeWorld(model="BG95", line="wifi").start().say("AT+COPS?") == ERROR  # the radio rules


def test_a_listed_command_is_never_unknown():
    world = modem()
    for name in world.say("AT+CLAC")[:-1]:
        forms = [form for listed, form in world.module._handlers if listed == name]
        assert forms, name


# Network


def test_registration_and_signal_follow_the_state_of_the_device():
    world = modem()
    assert world.say("AT+CREG?;+CGATT?") == ["+CREG: 0,1", "+CGATT: 1", "OK"]
    world.service = False
    assert world.say("AT+CREG?;+CGATT?;+COPS?") == ["+CREG: 0,2", "+CGATT: 0", "+COPS: 0", "OK"]
    assert world.say("AT+QNWINFO;+QCSQ") == ["+QNWINFO: No Service", '+QCSQ: "NOSERVICE"', "OK"]
    world.service, world.csq_value, world.rsrp_value = True, 31, -73
    assert world.say("AT+QCSQ") == ['+QCSQ: "LTE",-51,-73,255,255', "OK"]


def test_mode_2_tells_the_place():
    world = modem()
    world.cell = 0x1234
    world.say("AT+CEREG=2")
    assert world.say("AT+CEREG?") == ['+CEREG: 2,1,"0013","00001234",7', "OK"]


def test_a_scan_takes_its_time_and_ends_at_a_character():
    world = modem()
    assert world.say("AT+COPS=?") == []
    world.pass_time(30)
    assert world.hear()[-1] == "OK"
    world.say("AT+COPS=?")
    world.module.receive("AT\rAT\r")
    assert world.hear() == ["ERROR", "OK"]
    world.pass_time(30)
    assert world.hear() == []


# Power


def test_the_radio_goes_off_and_on_with_delays_and_tells_of_it():
    world = modem()
    world.say("AT+CEREG=1")
    world.quiet()
    assert world.say("AT+CFUN=0") == []
    assert world.say("AT+CFUN?") == []  # it waits its turn
    world.pass_time(2)
    assert world.hear() == ["OK", "+CEREG: 0", "+CFUN: 0", "OK"]
    assert world.calls == [("radio", False)]
    assert world.say("AT+CPIN?") == ERROR
    assert world.say("AT+CSQ") == ["+CSQ: 99,99", "OK"]
    world.quiet()
    world.say("AT+CFUN=1")
    world.pass_time(1)
    assert world.hear() == ["OK", "+CEREG: 2"]
    assert world.say("AT+CEREG?") == ["+CEREG: 1,2", "OK"]
    world.quiet()
    world.pass_time(3)
    assert world.hear() == ["+CEREG: 1"]


def test_lines_that_wait_are_bounded():
    world = modem()
    world.say("AT+CFUN=4")
    world.module.receive("AT\r" * 10_000)
    world.pass_time(2)
    assert 1 < len(finals(world)) <= 70


def test_a_module_that_reboots_is_silent_and_then_says_that_it_is_ready():
    world = modem("BG95")
    world.module.line.says_ready = True
    assert world.say("AT+CFUN=1,1") == OK
    assert world.say("AT") == []
    world.quiet()
    world.power_cycle()
    assert world.hear()[:3] == ["RDY", "+CFUN: 1", "APP RDY"]
    assert world.module.registration == 2
    world.pass_time(3)
    assert world.module.registration == 1


def test_what_takes_its_time_does_not_outlive_a_restart():
    world = modem()
    world.say("AT+CFUN=4")
    world.power_cycle()
    world.quiet()
    world.pass_time(10)
    assert world.hear() == []
    assert world.module.functionality == 1


def test_power_down_says_so_and_is_off():
    world = modem()
    assert world.say("AT+QPOWD=1") == OK
    assert world.say("AT") == []
    world.quiet()
    world.pass_time(1)
    assert world.hear() == ["POWERED DOWN"]
    assert world.calls == [("switch_off",)]
    assert not world.module.powered


# Over HTTP


def test_a_request_over_http_tells_the_charge_and_needs_the_products_keys():
    world = modem()
    assert world.say('AT+QHOTAREQ=80,1,"p10000","secret"') == OK
    assert world.say('AT+QHOTAREQ=0,1,"p10000","secret","http://x:2883"') == OK
    assert world.calls == [("request_over_http", 80), ("request_over_http", 0)]
    for wrong in ('101,1,"p10000","secret"', '80,2,"p10000","secret"', '80,1,"p1","secret"', '80,1,"p10000"', "80"):
        assert world.say(f"AT+QHOTAREQ={wrong}") == ERROR
