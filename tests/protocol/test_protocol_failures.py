"""What goes wrong around an upgrade of the module's own firmware, and what is left of it."""

import pytest
from protocol_world import (
    MCU,
    MODULE,
    SEED_INFO,
    SEED_OFFER,
    STM32_INFO,
    STM32_OFFER,
    FakeWorld,
    ready_for_mcu,
    ready_for_module,
)

from fota_sim.protocol.firmware_info import FirmwareInfo
from fota_sim.protocol.settings import OtaSettings
from fota_sim.protocol.states import OtaState
from fota_sim.rules import codes


def downloading(settings=None, **identity):
    world = ready_for_module(settings, **identity)
    world.say("AT+QIOTUPDATE=1")
    world.module.firmware_info(SEED_INFO)
    return world.quiet()


def test_a_refusal_is_reported_and_the_offer_is_gone():
    world = ready_for_module()
    assert world.say("AT+QIOTUPDATE=0") == ["OK"]
    assert world.statuses() == [3]
    assert world.say("AT+QIOTUPDATE=1") == ["ERROR"]


def test_the_decision_is_echoed_only_where_that_is_set():
    for action in (0, 1):
        world = ready_for_module(OtaSettings(announce_decision=True))
        assert world.say(f"AT+QIOTUPDATE={action}") == ["OK", "+QIOTEVT: 7,10707"]


def test_an_ignored_offer_is_made_again():
    world = ready_for_module()
    assert world.module.plan([SEED_OFFER], [MODULE])
    assert world.hear() == [SEED_OFFER.line()]


def test_a_confirmation_said_twice_is_ok_and_reported_once():
    world = ready_for_module()
    world.say("AT+QIOTUPDATE=1")
    assert world.say("AT+QIOTUPDATE=1") == ["OK"]
    assert world.statuses() == [2]


def test_without_an_address_in_time_the_upgrade_fails():
    world = ready_for_module()
    world.say("AT+QIOTUPDATE=1")
    assert world.timers == {"url": 30.0}
    world.hear()
    world.ring("url")
    assert world.hear() == ["+QIOTEVT: 7,10706"]
    assert world.statuses() == [2, 12]
    assert world.module.last_error == codes.NO_URL


def test_a_plan_is_dropped_while_an_upgrade_runs():
    world = ready_for_module()
    world.say("AT+QIOTUPDATE=1")
    world.hear()
    other = [STM32_OFFER]
    assert not world.module.plan(other, [MCU])
    world.module.firmware_info(SEED_INFO)
    assert not world.module.plan(other, [MCU])
    world.finish_download()
    assert not world.module.plan(other, [MCU])
    assert STM32_OFFER.line() not in world.hear()


def test_an_address_is_dropped_while_the_host_has_not_decided_or_a_download_runs():
    world = ready_for_module()
    assert not world.module.firmware_info(SEED_INFO)
    world.say("AT+QIOTUPDATE=1")
    assert world.module.firmware_info(SEED_INFO)
    assert not world.module.firmware_info(SEED_INFO)


def test_a_broken_download_is_silent_and_the_retry_says_downloading_not_start():
    world = downloading()
    world.break_download()
    assert world.hear() == []
    assert world.statuses() == [6]
    assert world.module.state is OtaState.NO_PLAN
    world.module.firmware_info(SEED_INFO)
    assert world.hear() == ["+QIOTEVT: 7,10702"]
    assert world.statuses() == [6, 4]


def test_the_sixth_broken_download_fails_the_upgrade():
    world = downloading()
    for _ in range(5):
        world.break_download()
        assert world.module.last_error == codes.DOWNLOAD_BROKE
        world.module.firmware_info(SEED_INFO)
    world.hear()
    world.break_download()
    assert world.hear() == ["+QIOTEVT: 7,10706"]
    assert world.statuses() == [6, 4] * 5 + [12]


def test_how_many_downloads_may_break_off_can_be_set():
    world = downloading(OtaSettings(max_download_failures=0))
    world.break_download()
    assert world.hear() == ["+QIOTEVT: 7,10706"]


def test_counters_start_anew_after_a_failed_upgrade():
    world = downloading(OtaSettings(max_download_failures=1))
    world.break_download()
    world.module.firmware_info(SEED_INFO)
    world.break_download()
    world.hear()
    world.module.firmware_info(SEED_INFO)
    assert world.hear() == ["+QIOTEVT: 7,10701"]
    world.break_download()
    assert world.hear() == []


def test_a_reboot_during_the_download_loses_it_and_reports_an_error_when_connected_again():
    world = downloading()
    world.module.progress()
    world.quiet()
    world.power_cycle()
    assert world.hear() == []
    assert world.module.last_error == codes.REBOOT_IN_DOWNLOAD
    world.say("AT+QIOTREG=1")
    world.module.connected()
    assert world.statuses() == [6]
    world.hear()
    world.module.firmware_info(SEED_INFO)
    assert world.hear() == ["+QIOTEVT: 7,10701"]


def test_the_failure_count_starts_anew_with_a_reboot_that_counts_as_one():
    world = downloading()
    world.break_download()
    world.module.firmware_info(SEED_INFO)
    assert world.module.download_failures == 1
    world.power_cycle()
    assert world.module.download_failures == 1


def test_a_download_error_is_reported_again_after_a_restart():
    world = downloading()
    world.break_download()
    world.quiet()
    world.power_cycle()
    world.say("AT+QIOTREG=1")
    world.module.connected()
    assert world.statuses() == [6]


def test_an_offer_does_not_survive_a_restart():
    world = ready_for_module()
    world.power_cycle()
    assert world.module.state is OtaState.NO_PLAN
    assert world.say("AT+QIOTUPDATE=1")[-1] == "ERROR"


def test_another_version_than_the_target_after_the_reboot_fails_the_upgrade():
    world = downloading()
    world.finish_download()
    world.ring("flash")
    world.module.flash_done(True)
    world.quiet()
    world.power_cycle("FC41D_FOTA_1_5")
    assert world.hear() == ["+QIOTEVT: 7,10706"]
    assert world.module.last_error == codes.WRONG_VERSION
    world.say("AT+QIOTREG=1")
    world.module.connected()
    assert world.calls[-2:] == [("versions", "FC41D_FOTA_1_5", {}), ("status", 12, "FC41D")]


def test_a_power_cut_before_the_flash_fails_the_upgrade_at_the_next_start():
    world = downloading()
    world.finish_download()
    world.quiet()
    world.power_cycle()
    assert world.hear() == ["+QIOTEVT: 7,10706"]


def test_an_image_that_cannot_be_verified_fails_the_upgrade_without_a_reboot():
    world = downloading()
    world.finish_download()
    world.ring("flash")
    world.quiet()
    world.module.flash_done(False)
    assert world.hear() == ["+QIOTEVT: 7,10706"]
    assert world.say("AT") == ["OK"]
    world.hear()
    world.module.firmware_info(SEED_INFO)
    assert world.hear() == ["+QIOTEVT: 7,10701"]


def test_a_module_that_runs_the_target_before_its_download_ended_has_succeeded():
    world = downloading()
    world.quiet()
    world.power_cycle("FC41D_FOTA_2_0")
    assert world.hear() == ["+QIOTEVT: 7,10705"]


def test_a_module_image_that_the_flash_cannot_hold_fails_at_once():
    world = ready_for_module(free_flash_B=22535)
    world.say("AT+QIOTUPDATE=1")
    world.hear()
    world.module.firmware_info(SEED_INFO)
    assert world.hear() == ["+QIOTEVT: 7,10706"]
    assert world.module.last_error == codes.NO_SPACE
    assert world.timers == {}


@pytest.mark.parametrize(
    "info",
    [
        FirmwareInfo("STM32", 0, "0" * 32, 1, "0" * 64),
        FirmwareInfo("STM32", 10, "not a checksum", 1, "0" * 64),
        FirmwareInfo("STM32", 10, "0" * 32, 2**32, "0" * 64),
        FirmwareInfo("STM32", 10, "0" * 32, 1, "0" * 63),
        FirmwareInfo("STM32", 10, "0" * 32, 1),  # a SHA-256 was asked for
        FirmwareInfo("nobody", 10, "0" * 32, 1, "0" * 64),
    ],
)
def test_firmware_information_that_cannot_be_used_fails_the_upgrade(info):
    world = ready_for_mcu()
    world.say("AT+QIOTUPDATE=1")
    world.hear()
    world.module.firmware_info(info)
    assert world.hear() == ["+QIOTEVT: 7,10706"]
    assert world.module.last_error == codes.UNUSABLE_INFO


def test_the_last_status_waits_for_the_next_subscription():
    world = ready_for_module()
    world.module.connection_lost()
    assert world.hear() == ["+QIOTEVT: 2,10474"]
    world.say("AT+QIOTUPDATE=1")
    world.ring("url")
    assert world.statuses() == []
    world.module.connected()
    assert world.statuses() == [12]
    world.module.connection_lost()
    world.module.connected()
    assert world.statuses() == [12]


def test_a_waiting_status_does_not_survive_a_power_cut():
    world = ready_for_module()
    world.module.connection_lost()
    world.say("AT+QIOTUPDATE=0")
    world.power_cycle()
    world.say("AT+QIOTREG=1")
    world.module.connected()
    assert world.statuses() == []


def test_a_module_without_power_ignores_everything():
    world = FakeWorld()
    module = world.module
    module.receive("AT\r")
    module.connected()
    module.deregistered()
    module.connection_lost()
    module.timer("url")
    module.timer("")
    assert not module.plan([SEED_OFFER], [MODULE])
    assert not module.firmware_info(STM32_INFO)
    module.power_off()
    assert world.wire == []
    assert world.calls == []


def test_a_timer_that_does_not_run_changes_nothing():
    world = ready_for_module()
    for name in ("", "url", "read", "flash", "mcu", "other"):
        world.module.timer(name)
    assert world.module.state is OtaState.PLAN_RECEIVED
    assert world.calls == []
