"""A module's command line over its story: what probes hear is the state of the device."""

from bench import Bench
from worlds import ONE_PLUG, STM32

METER = STM32.replace("host: mcu, rssi: -70dBm", "host: mcu, rssi: -70dBm, cells: 3")


def ready(*overrides: str) -> Bench:
    bench = Bench(METER, *overrides)
    bench.wait(5)
    bench.say("ATE0")
    return bench


def test_a_module_says_that_it_is_ready_and_finds_its_network():
    bench = Bench(METER)
    assert "RDY" in bench.lines()
    bench.say("ATE0")
    assert bench.say("AT+CEREG?") == ["+CEREG: 0,2", "OK"]
    bench.wait(4)
    assert bench.say("AT+CEREG?") == ["+CEREG: 0,1", "OK"]


def test_its_model_is_that_of_the_scenario_and_its_signal_that_of_the_device():
    bench = ready()
    assert bench.say("AT+CGMM") == ["EC200U", "OK"]
    assert 15 <= int(bench.say("AT+CSQ")[0].split(" ")[1].split(",")[0]) <= 28
    assert bench.say("AT+QCSQ")[0].startswith('+QCSQ: "LTE",-')


def test_where_there_is_no_link_there_is_no_service():
    bench = ready("fleet.groups.meter.rssi=-125dBm")
    assert bench.say("AT+CEREG?;+COPS?") == ["+CEREG: 0,2", "+COPS: 0", "OK"]


def test_the_radio_off_drops_the_platform_and_on_it_comes_back():
    bench = ready()
    bench.say("AT+QIOTREG=1")
    assert "+QIOTEVT: 3,10200" in bench.wait(60)
    bench.say("AT+CFUN=4")
    assert bench.wait(3) == ["OK", "+QIOTEVT: 2,10474"]
    assert bench.say("AT+QIOTOTAREQ") == ["ERROR"]
    bench.say("AT+CFUN=1")
    assert bench.wait(60) == ["OK", "+QIOTEVT: 2,10200", "+QIOTEVT: 3,10200"]


def test_a_module_registers_once_its_radio_is_on():
    bench = ready()
    bench.say("AT+CFUN=0")
    bench.wait(3)
    assert bench.say("AT+QIOTREG=1") == ["OK"]
    assert bench.wait(120) == []
    bench.say("AT+CFUN=1")
    assert bench.wait(60) == ["OK", "+QIOTEVT: 2,10200", "+QIOTEVT: 3,10200"]


def test_the_radio_off_breaks_a_download_which_begins_anew():
    bench = Bench(METER.replace("size: 27954B", "size: 2MB"))
    bench.wait(5)
    bench.say("ATE0")
    bench.say('AT+QIOTMCUVER="STM32","1_0_0"')
    bench.say("AT+QIOTREG=1")
    bench.wait(60)
    bench.say("AT+QIOTOTAREQ")
    bench.wait(5)
    bench.say("AT+QIOTUPDATE=1")
    bench.wait(5)
    assert bench.live.running
    bench.say("AT+CFUN=4")
    bench.wait(3)
    assert not bench.live.running
    bench.say("AT+CFUN=1")
    assert any(line.startswith("+QIOTEVT: 7,10703") for line in bench.wait(600))


def test_a_restart_takes_the_modules_time_and_nothing_is_heard_meanwhile():
    bench = ready()
    assert bench.say("AT+CFUN=1,1") == ["OK"]
    assert bench.say("AT") == []
    assert bench.wait(14) == []
    assert bench.wait(45)[0] == "RDY"


def test_power_down_lasts():
    bench = ready()
    bench.say("AT+QPOWD=1")
    assert bench.wait(2) == ["POWERED DOWN"]
    assert bench.wait(3600) == []
    assert not bench.live.powered


def test_a_request_over_http_is_offered_the_plan_by_the_charge_it_tells():
    bench = ready("plan.strategy.enforced_by=platform")
    bench.say('AT+QIOTMCUVER="STM32","1_0_0"')
    bench.say("AT+QIOTREG=1")
    bench.wait(60)
    key, secret = bench.say('AT+QIOTCFG="productinfo"')[0].split('"')[3:6:2]
    assert bench.say(f'AT+QHOTAREQ=10,1,"{key}","{secret}"') == ["OK"]
    assert bench.wait(10) == []
    assert bench.say(f'AT+QHOTAREQ=90,1,"{key}","{secret}"') == ["OK"]
    assert bench.wait(10) == ['+QIOTEVT: 7,10700,"STM32","","2_0_0",30,-113,27954']


def test_a_module_on_wifi_has_no_mobile_network():
    bench = Bench(ONE_PLUG)
    assert bench.lines() == ["ready"]
    bench.say("ATE0")
    assert bench.say("AT+CREG?") == ["ERROR"]
