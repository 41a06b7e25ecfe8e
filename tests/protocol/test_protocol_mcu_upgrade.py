"""Upgrades of an MCU: the STM32 example of the vendor, and what can differ from it."""

import pytest
from protocol_world import (
    MCU,
    MODULE,
    SEED_INFO,
    SEED_OFFER,
    STM32_INFO,
    STM32_OFFER,
    FakeWorld,
    downloaded_mcu,
    ready_for_mcu,
)

from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.states import OtaState
from fota_sim.protocol.urc import PlanOffer
from fota_sim.rules import codes

STARTS = (
    '+QIOTEVT: 7,10701,"STM32",27954,"95cbdeb4faeda4322ad9b65eb731ed2b",4022793929,'
    '"2bb534d576fb307f049a149787afab2382ebb8605467acfc2c05a2e67677e094"'
)


def test_the_stm32_dialogue_is_line_for_line():
    world = FakeWorld().start()
    module = world.module
    assert world.say('AT+QIOTMCUVER="STM32","1_0_0"') == ["OK"]
    assert world.say("AT+QIOTOTAREQ=1") == ["OK"]
    module.plan([STM32_OFFER], [MCU])
    assert world.hear()[-1] == '+QIOTEVT: 7,10700,"STM32","","2_0_0",30,-113,27954'
    assert world.say("AT+QIOTUPDATE=1") == ["OK"]
    world.hear()
    module.firmware_info(STM32_INFO)
    module.progress()
    world.finish_download()
    assert world.hear() == [STARTS, "+QIOTEVT: 7,10702", '+QIOTEVT: 7,10703,"STM32",27954,0,27954']
    read = []
    for start in range(0, 27954, 1024):
        answer = world.say(f"AT+QIOTOTARD={start},1024")
        n = min(1024, 27954 - start)
        assert answer == [f"+QIOTOTARD: {start},{n}", f"<{n} bytes from {start}>", "OK"]
        read.append((start, n))
    assert len(read) == 28
    assert read[-1] == (27648, 306)
    world.hear()
    assert world.say("AT+QIOTUPDATE=3") == ["OK", "+QIOTEVT: 7,10704"]
    assert world.timers == {"mcu": 1200.0}
    assert world.say('AT+QIOTMCUVER="STM32","2_0_0"') == ["OK", "+QIOTEVT: 7,10705"]
    assert world.statuses() == [1, 2, 4, 5, 8, 9, 11]
    assert world.timers == {}


def test_raw_data_are_framed_as_on_the_wire():
    world = downloaded_mcu()
    world.say("AT+QIOTOTARD=0,1024")
    assert world.wire == ["\r\n+QIOTOTARD: 0,1024\r\n", "\r\n\r\nOK\r\n"]


def test_sha256_is_left_out_unless_the_host_asked_for_it():
    world = FakeWorld().start()
    world.module.plan([STM32_OFFER], [MCU])
    world.say("AT+QIOTUPDATE=1")
    world.module.firmware_info(STM32_INFO)
    starts, _ = STARTS.rsplit(",", 1)
    assert world.hear()[-1] == starts


def test_a_file_larger_than_the_flash_comes_in_pieces():
    world = ready_for_mcu(free_flash_B=10_000)
    world.say("AT+QIOTUPDATE=1")
    world.module.firmware_info(STM32_INFO)
    world.finish_download()
    assert world.hear()[-2:] == [STARTS, '+QIOTEVT: 7,10703,"STM32",27954,0,10000']
    assert world.say("AT+QIOTUPDATE=3") == ["ERROR"]
    assert world.say("AT+QIOTUPDATE=2") == ["OK", "+QIOTEVT: 7,10702"]
    assert world.say("AT+QIOTOTARD=10000,10") == ["ERROR"]
    world.finish_download()
    assert world.hear()[-1] == '+QIOTEVT: 7,10703,"STM32",27954,10000,10000'
    assert world.say("AT+QIOTOTARD=9999,10") == ["ERROR"]
    assert world.say("AT+QIOTOTARD=19990,1024")[0] == "+QIOTOTARD: 19990,10"
    world.say("AT+QIOTUPDATE=2")
    world.finish_download()
    assert world.hear()[-1] == '+QIOTEVT: 7,10703,"STM32",27954,20000,7954'
    assert world.say("AT+QIOTUPDATE=2") == ["ERROR"]
    assert world.say("AT+QIOTUPDATE=3") == ["OK", "+QIOTEVT: 7,10704"]
    assert [call[2:] for call in world.calls if call[0] == "download"] == [
        (0, 10000),
        (10000, 10000),
        (20000, 7954),
    ]


def test_the_next_piece_can_be_asked_for_before_everything_was_read():
    world = downloaded_mcu(free_flash_B=20_000)
    assert world.say("AT+QIOTUPDATE=2")[0] == "OK"


def test_a_retry_of_a_later_piece_starts_the_file_again():
    world = downloaded_mcu(free_flash_B=20_000)
    world.say("AT+QIOTUPDATE=2")
    world.break_download()
    world.module.firmware_info(STM32_INFO)
    assert world.downloading == ("STM32", 0, 20_000)


@pytest.mark.parametrize("arguments", ["27954,1", "-1,10", "0,0", "0,-5", "0", "0,1,2", '"0",1'])
def test_a_read_outside_the_piece_or_of_nothing_is_an_error(arguments):
    world = downloaded_mcu()
    assert world.say(f"AT+QIOTOTARD={arguments}") == ["ERROR"]


def test_each_read_restarts_the_read_timer_and_a_bad_one_does_not():
    world = downloaded_mcu()
    assert world.timers == {"read": 60.0}
    world.timers["read"] = 1.0
    world.say("AT+QIOTOTARD=99999,1")
    assert world.timers == {"read": 1.0}
    world.say("AT+QIOTOTARD=0,1")
    assert world.timers == {"read": 60.0}


def test_a_host_that_stops_reading_fails_the_upgrade():
    world = downloaded_mcu()
    world.ring("read")
    assert world.hear() == ["+QIOTEVT: 7,10706"]
    assert world.statuses() == [12]
    assert world.module.last_error == codes.MCU_READ_TIMEOUT
    assert world.say("AT+QIOTOTARD=0,1024") == ["ERROR"]


def test_an_mcu_that_never_says_its_new_version_fails_the_upgrade():
    world = downloaded_mcu()
    world.say("AT+QIOTUPDATE=3")
    world.hear()
    world.ring("mcu")
    assert world.hear() == ["+QIOTEVT: 7,10706"]
    assert world.module.last_error == codes.MCU_UPDATE_TIMEOUT


def test_the_old_version_said_again_aborts_a_running_download():
    world = ready_for_mcu()
    world.say("AT+QIOTUPDATE=1")
    world.module.firmware_info(STM32_INFO)
    assert world.say('AT+QIOTMCUVER="STM32","1_0_0"') == ["OK", "+QIOTEVT: 7,10706"]
    assert world.downloading is None
    assert world.module.state is OtaState.NO_PLAN


def test_the_target_version_ends_the_upgrade_well_without_update_3():
    world = downloaded_mcu()
    assert world.say('AT+QIOTMCUVER="STM32","2_0_0"') == ["OK", "+QIOTEVT: 7,10705"]
    assert world.say('AT+QIOTMCUVER="STM32","2_0_0"') == ["OK"]


def test_the_version_of_another_mcu_changes_nothing():
    world = downloaded_mcu()
    assert world.say('AT+QIOTMCUVER="ESP32","7"') == ["OK"]
    assert world.module.state is OtaState.DOWNLOAD_SUCCESS


def test_an_offer_is_not_ended_by_a_version():
    world = ready_for_mcu()
    assert world.say('AT+QIOTMCUVER="STM32","1_0_0"') == ["OK"]
    assert world.module.state is OtaState.PLAN_RECEIVED


def test_update_3_said_twice_is_ok_and_said_once():
    world = downloaded_mcu()
    world.say("AT+QIOTUPDATE=3")
    assert world.say("AT+QIOTUPDATE=3") == ["OK"]


def test_a_restart_while_the_mcu_is_updated_says_so_again_and_waits_again():
    world = downloaded_mcu()
    world.say("AT+QIOTUPDATE=3")
    world.quiet()
    world.power_cycle()
    assert world.hear() == ["+QIOTEVT: 7,10704"]
    assert world.timers == {"mcu": 1200.0}
    assert world.say('AT+QIOTMCUVER="STM32","2_0_0"') == ["OK", "+QIOTEVT: 7,10705"]


def test_several_components_follow_each_other_without_a_new_offer():
    world = FakeWorld().start()
    esp32 = PlanOffer("ESP32", "", "5", 30, -113, 100)
    esp32_info = FirmwareInfo("ESP32", 100, "0" * 32, 1)
    world.module.plan([STM32_OFFER, esp32], [MCU, MCU])
    assert world.hear() == [
        '+QIOTEVT: 7,10700,"STM32","","2_0_0",30,-113,27954',
        '+QIOTEVT: 7,10700,"ESP32","","5",30,-113,100',
    ]
    world.say("AT+QIOTUPDATE=1")
    world.module.firmware_info(STM32_INFO)
    world.finish_download()
    world.say('AT+QIOTMCUVER="STM32","2_0_0"')
    world.hear()
    assert world.module.firmware_info(esp32_info)
    assert world.hear() == [f'+QIOTEVT: 7,10701,"ESP32",100,"{"0" * 32}",1']
    world.finish_download()
    assert world.say('AT+QIOTMCUVER="ESP32","5"') == ["OK", "+QIOTEVT: 7,10705"]


def test_a_component_that_the_module_forgot_in_a_reboot_is_known_from_its_address():
    world = FakeWorld(firmware_version="1").start()
    world.module.plan([SEED_OFFER, STM32_OFFER], [MODULE, MCU])
    world.say("AT+QIOTUPDATE=1")
    world.module.firmware_info(SEED_INFO)
    world.finish_download()
    world.ring("flash")
    world.module.flash_done(True)
    world.power_cycle("FC41D_FOTA_2_0")
    world.hear()
    world.module.firmware_info(FirmwareInfo("STM32", 27954, STM32_INFO.md5, 1, "", "2_0_0", MCU))
    assert world.hear() == [f'+QIOTEVT: 7,10701,"STM32",27954,"{STM32_INFO.md5}",1']
    world.finish_download()
    assert world.say('AT+QIOTMCUVER="STM32","2_0_0"')[-1] == "+QIOTEVT: 7,10705"


def test_after_a_failure_the_platform_may_send_the_address_again():
    world = downloaded_mcu()
    world.ring("read")
    world.hear()
    assert world.module.firmware_info(STM32_INFO)
    world.finish_download()
    assert world.hear() == [STARTS, '+QIOTEVT: 7,10703,"STM32",27954,0,27954']
    assert world.say('AT+QIOTMCUVER="STM32","2_0_0"') == ["OK", "+QIOTEVT: 7,10705"]
