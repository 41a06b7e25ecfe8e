"""Registration, its three modes, and what is said of it."""

from protocol_world import FakeWorld

from fota_sim.protocol.states import ConnectionState


def test_a_first_connection_says_authenticated_before_registered_and_subscribed():
    world = FakeWorld().start(connected=False)
    world.say("AT+QIOTREG=1")
    world.hear()
    world.module.connected(first=True)
    assert world.hear() == ["+QIOTEVT: 1,10200", "+QIOTEVT: 2,10200", "+QIOTEVT: 3,10200"]


def test_manual_registration_is_forgotten_at_the_next_start():
    world = FakeWorld().start()
    world.power_cycle()
    assert world.calls == []
    assert world.say("AT+QIOTREG?") == ["+QIOTREG: 0", "OK"]
    assert world.say("AT+QIOTSTATE?") == ["+QIOTSTATE: 1", "OK"]


def test_automatic_registration_connects_at_the_next_start():
    world = FakeWorld().start(connected=False)
    world.say("AT+QIOTREG=2")
    world.module.connected()
    world.quiet()
    world.power_cycle()
    assert world.calls == [("connect",)]
    assert world.say("AT+QIOTREG?") == ["+QIOTREG: 2", "OK"]
    world.hear()
    world.module.connected()
    assert world.hear() == ["+QIOTEVT: 2,10200", "+QIOTEVT: 3,10200"]


def test_the_same_mode_again_is_ok_and_does_nothing():
    world = FakeWorld().start()
    assert world.say("AT+QIOTREG=1") == ["OK"]
    assert world.say("AT+QIOTREG=2") == ["OK"]
    assert world.calls == []
    assert world.say("AT+QIOTREG?") == ["+QIOTREG: 2", "OK"]
    world = FakeWorld().start(connected=False)
    assert world.say("AT+QIOTREG=0") == ["OK"]
    assert world.calls == []


def test_giving_up_the_registration_is_said_when_the_platform_let_go():
    world = FakeWorld().start()
    assert world.say("AT+QIOTREG=0") == ["OK"]
    assert world.calls == [("disconnect",)]
    assert world.say("AT+QIOTSTATE?") == ["+QIOTSTATE: 10", "OK"]
    world.hear()
    world.module.deregistered()
    assert world.hear() == ["+QIOTEVT: 6,10200"]
    assert world.say("AT+QIOTSTATE?") == ["+QIOTSTATE: 11", "OK"]
    assert world.say("AT+QIOTOTAREQ=1") == ["ERROR"]


def test_a_connection_that_comes_after_it_was_given_up_is_ignored():
    world = FakeWorld().start(connected=False)
    world.say("AT+QIOTREG=1")
    world.say("AT+QIOTREG=0")
    world.hear()
    world.module.connected()
    world.module.connection_lost()
    assert world.hear() == []


def test_a_lost_connection_is_said_with_its_code_and_may_come_back():
    world = FakeWorld().start()
    world.module.connection_lost(10473)
    assert world.hear() == ["+QIOTEVT: 2,10473"]
    assert world.module.connection is ConnectionState.REGISTERING
    world.module.connected()
    assert world.module.online


def test_a_wrong_device_secret_is_forgotten():
    world = FakeWorld().start(connected=False)
    world.say("AT+QIOTREG=1")
    world.module.connection_lost(10430)
    assert not world.module.has_device_secret
    world.module.connected(first=True)
    assert world.module.has_device_secret


def test_a_world_may_answer_before_its_call_returns():
    world = FakeWorld().start(connected=False)
    world.answers_at_once = True
    assert world.say("AT+QIOTREG=1") == ["OK", "+QIOTEVT: 2,10200", "+QIOTEVT: 3,10200"]
    assert world.say("AT+QIOTREG=0") == ["OK", "+QIOTEVT: 6,10200"]
