"""The Wi-Fi FOTA example that the project starts from, line for line."""

from protocol_world import MODULE, SEED_INFO, SEED_OFFER, FakeWorld
from vendor_page import PAGE

from fota_sim.protocol.settings import OtaSettings
from fota_sim.rules import codes

SEED_FROM_CONNECT_TO_UPDATING = PAGE.splitlines()[:-1]


def play_to_updating(world):
    module = world.module
    module.power_on()
    world.say("AT+QIOTREG=1")
    module.connected()
    world.say("AT+QIOTOTAREQ=1")
    module.plan([SEED_OFFER], [MODULE])
    world.say("AT+QIOTUPDATE=1")
    module.firmware_info(SEED_INFO)
    module.progress()
    world.finish_download()


def test_the_seed_dialogue_up_to_the_flash_is_line_for_line():
    world = FakeWorld()
    play_to_updating(world)
    assert world.dialogue == SEED_FROM_CONNECT_TO_UPDATING


def test_the_module_asks_its_surroundings_for_each_step_of_the_seed_in_order():
    world = FakeWorld()
    play_to_updating(world)
    assert world.calls == [
        ("connect",),
        ("versions", "FC41D_FOTA_1_0", {}),
        ("request_plan", True),
        ("status", 1, "FC41D"),
        ("status", 2, "FC41D"),
        ("status", 4, "FC41D"),
        ("download", "FC41D", 0, 22536),
        ("status", 5, "FC41D"),
        ("status", 8, "FC41D"),
        ("status", 9, "FC41D"),
    ]
    assert world.timers == {"flash": 5.0}
    world.ring("flash")
    assert world.calls[-1] == ("flash",)


def test_success_is_said_at_the_next_start_and_reported_when_connected_again():
    world = FakeWorld()
    play_to_updating(world)
    world.ring("flash")
    world.quiet()
    world.module.flash_done(True)
    assert world.dialogue == []
    world.power_cycle("FC41D_FOTA_2_0")
    assert world.dialogue == ["[RX]+QIOTEVT: 7,10705"]
    assert world.say("AT+QIOTREG?") == ["+QIOTREG: 0", "OK"]
    world.say("AT+QIOTREG=1")
    world.module.connected()
    assert world.calls == [("connect",), ("versions", "FC41D_FOTA_2_0", {}), ("status", 11, "FC41D")]


def test_success_is_said_before_the_reboot_and_only_then_when_so_set():
    world = FakeWorld(OtaSettings(success_urc="before_reboot"))
    play_to_updating(world)
    world.ring("flash")
    world.quiet()
    world.module.flash_done(True)
    assert world.dialogue == ["[RX]+QIOTEVT: 7,10705"]
    world.power_cycle("FC41D_FOTA_2_0")
    assert world.dialogue == ["[RX]+QIOTEVT: 7,10705"]
    world.say("AT+QIOTREG=1")
    world.module.connected()
    assert world.statuses() == [11]


def test_a_wrong_version_after_an_early_success_is_reported_but_not_said():
    world = FakeWorld(OtaSettings(success_urc="before_reboot"))
    play_to_updating(world)
    world.ring("flash")
    world.module.flash_done(True)
    world.quiet()
    world.power_cycle("something_else")
    assert world.dialogue == []
    world.say("AT+QIOTREG=1")
    world.module.connected()
    assert world.statuses() == [12]
    assert world.module.last_error == codes.WRONG_VERSION


def test_the_vendor_noise_line_stands_on_the_side_of_the_success_that_is_set():
    for qind, lines in {
        "before_success": ['+QIND: "FOTA","END",0', "+QIOTEVT: 7,10705"],
        "after_success": ["+QIOTEVT: 7,10705", '+QIND: "FOTA","END",0'],
    }.items():
        world = FakeWorld(OtaSettings(qind=qind))
        play_to_updating(world)
        world.ring("flash")
        world.module.flash_done(True)
        world.hear()
        world.power_cycle("FC41D_FOTA_2_0")
        assert world.hear() == lines


def test_the_framing_is_carriage_return_and_line_feed_around_each_line():
    world = FakeWorld()
    play_to_updating(world)
    assert world.wire[:4] == [
        "AT+QIOTREG=1\r",
        "\r\nOK\r\n",
        "\r\n+QIOTEVT: 2,10200\r\n",
        "\r\n+QIOTEVT: 3,10200\r\n",
    ]
    assert world.wire[-1] == "\r\n+QIOTEVT: 7,10704\r\n"


def test_nothing_is_heard_while_the_module_is_written():
    world = FakeWorld()
    play_to_updating(world)
    assert world.say("AT") == ["OK"]
    world.ring("flash")
    assert world.say("AT") == []
    world.module.flash_done(True)
    assert world.say("AT") == []
