"""Sub-devices behind a gateway: the vendor's examples, and what is refused."""

import pytest
from protocol_world import FakeWorld

ERROR = ["ERROR"]
OK = ["OK"]
CONNECT = 'AT+QIOTSUBCONN=0,60,"p1126m","RGtw","123456"'


def gateway():
    world = FakeWorld(line="cellular").start()
    world.say(CONNECT)
    return world.quiet()


def test_a_sub_device_connects_and_learns_its_secret():
    world = FakeWorld(line="cellular").start()
    ok, authenticated, registered = world.say(CONNECT)
    assert ok == "OK"
    assert authenticated.startswith('+QIOTSUBEVT: "p1126m","123456",1,10200,"')
    assert registered == '+QIOTSUBEVT: "p1126m","123456",2,10200'
    secret = authenticated.split('"')[5]
    assert len(secret) == 32
    assert world.say(f'{CONNECT},"{secret}"') == ["OK", registered]


def test_it_tells_its_version_sends_data_and_its_heart_beats():
    world = gateway()
    assert world.say('AT+QIOTSUBHTB="p1126m","123456"') == OK
    assert world.say('AT+QIOTSUBDEVINFO="p1126m","123456","1_0_0"') == OK
    assert world.say('AT+QIOTSUBSEND="p1126m","123456",9,"123456ABC"') == [
        "OK",
        '+QIOTSUBEVT: "p1126m","123456",4,10200',
    ]
    assert world.say('AT+QIOTSUBRD="p1126m","123456"') == ['+QIOTSUBRD: "p1126m","123456",0', "OK"]


def test_a_request_is_taken_and_without_a_plan_nothing_follows():
    world = gateway()
    assert world.say('AT+QIOTSUBOTAREQ="p1126m","123456","1_0_0",0') == OK
    assert world.say('AT+QIOTSUBOTAUPDATE="p1126m","123456","1_0_0",1') == ERROR
    assert world.say('AT+QIOTSUBOTARD="p1126m","123456",0,5') == ERROR


def test_it_is_disconnected_or_deregistered():
    world = gateway()
    assert world.say('AT+QIOTSUBDISCONN="p1126m","123456"') == OK
    assert world.say('AT+QIOTSUBHTB="p1126m","123456"') == ERROR
    secret = world.say(CONNECT)[1].split('"')[5]
    assert world.say('AT+QIOTSUBDISCONN="p1126m","123456","RGtw","wrong"') == ERROR
    assert world.say(f'AT+QIOTSUBDISCONN="p1126m","123456","RGtw","{secret}"') == [
        "OK",
        '+QIOTSUBEVT: "p1126m","123456",6,10201',
    ]


@pytest.mark.parametrize(
    "line",
    [
        'AT+QIOTSUBCONN=0,59,"p","s","d"',
        'AT+QIOTSUBCONN=2,60,"p","s","d"',
        'AT+QIOTSUBCONN=0,60,"","s","d"',
        'AT+QIOTSUBHTB="p1126m","other"',
        'AT+QIOTSUBOTAREQ="p1126m","other","1",0',
        'AT+QIOTSUBOTAREQ="p1126m","123456","1",4',
        'AT+QIOTSUBSEND="p1126m","123456",3,"1234"',
    ],
)
def test_what_does_not_fit_is_an_error(line):
    assert gateway().say(line) == ERROR


def test_without_a_connection_and_after_a_power_cut_there_are_none():
    assert FakeWorld(line="cellular").start(connected=False).say(CONNECT) == ERROR
    world = gateway()
    world.power_cycle()
    assert world.module.sub_devices == {}


def test_test_forms_are_the_manuals():
    assert gateway().say("AT+QIOTSUBOTAREQ=?") == ["+QIOTSUBOTAREQ: <subPK>,<subDK>,<subVer>,<info>", "OK"]
