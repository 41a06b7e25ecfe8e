"""Random radios, modules, batteries and hosts: built-in ones, and odd ones of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenarios_dice import Dice

BUILT_IN_MODULES = ("FC41D", "EC200U", "EC800K", "BG95", "BC66")
BUILT_IN_RADIOS = ("wifi", "lte-cat1", "lte-m", "nb-iot")
BUILT_IN_HOSTS = ("careful", "lenient", "careless", "late")

Entry = dict[str, Any]


def radio(dice: Dice, others: Sequence[str] = ()) -> Entry:
    """A radio of one's own; it may extend one of the ``others``."""
    own: Entry = {"extends": dice.pick(*BUILT_IN_RADIOS, *others)}
    dice.sometimes(own, "chunk", "512B", "4096B", "256B", "60000B")
    dice.sometimes(own, "segments", 1, 2, 7, 32, 1000)
    dice.sometimes(own, "segment_time", "1s", "100ms", "1min", "1ms", once_in=3)
    dice.sometimes(own, "mode", "stream", "block", once_in=4)
    dice.sometimes(own, "overhead", 0, 0.5, once_in=4)
    dice.sometimes(own, "resume", "1s", "1ms", "30s", once_in=4)
    dice.sometimes(own, "connect", "2s", {"uniform": ["1s", "20s"]}, {"normal": {"mean": "5s", "sd": "4s"}}, once_in=3)
    dice.sometimes(own, "recovery", "0s", "1s", "1min", once_in=4)
    dice.sometimes(own, "chunk_attempts", 1, 2, 3, 10)
    if dice.once_in(6):
        own |= {"law": "table", "table": [["-120dBm", "2kbit/s"], ["-100dBm", "50kbit/s"], ["-60dBm", "2Mbit/s"]]}
    if dice.once_in(6):
        own["ce_edges"] = dice.pick(["-80dBm", "-100dBm"], ["-90dBm", "-90dBm"], None)
        dice.sometimes(own, "rtt", ["100ms", "1s", "5s"], ["0s", "10ms", "30s"])
    dice.sometimes(own, "rtt_sigma", [0, 0, 0], [0.3, 0, 1.5], [3, 3, 3], once_in=4)
    dice.sometimes(own, "rtt_max", "30s", "10min", once_in=4)
    if dice.has("radio"):
        own |= _carrier(dice)
    if dice.has("signal"):
        dice.sometimes(own, "s50", "-105dBm", "-98dBm", "-90dBm")
        dice.sometimes(own, "width", "2dB", "8dB")
        dice.sometimes(own, "p_floor", "1%", "20%", "50%", "70%")
        dice.sometimes(own, "rssi_sd", "0dB", "8dB")
        dice.sometimes(own, "rssi_correlation_time", "30s", "1d")
        dice.sometimes(own, "reading_sd", "0dB", "6dB")
    if dice.has("network"):
        dice.sometimes(own, "cell_concurrency", [1, 1, 1], [2, 1, 1], [3, 2, 0], [0, 1, 1])
    if dice.has("ties"):
        own |= {"connect": "2s", "rssi_sd": "0dB", "reading_sd": "0dB", "p_floor": "0%", "gone": "0%", "churn": "0%"}
    return own


def _carrier(dice: Dice) -> Entry:
    """What a radio's rate and its reach hang on."""
    own: Entry = {}
    if dice.once_in(2):
        own["law"] = dice.pick("shannon", "mcs", "nb-iot", "table")
        own["table"] = dice.pick(
            [["-110dBm", "20kbit/s"], ["-70dBm", "1Mbit/s"]],
            [["-129dBm", "180bit/s"], ["-119dBm", "4400bit/s"], ["-95dBm", "134kbit/s"], ["-60dBm", "134kbit/s"]],
        )
    dice.sometimes(own, "efficiency", 0.45, 1, 0.05)
    dice.sometimes(own, "margin", "3dB", "0dB", "12dB")
    dice.sometimes(own, "bandwidth", "1080kHz", "180kHz", "20MHz")
    dice.sometimes(own, "noise_figure", "9dB", "0dB")
    dice.sometimes(own, "interference_margin", "0dB", "6dB")
    dice.sometimes(own, "alpha", 0.6, 1, 0.1)
    dice.sometimes(own, "share", 1, 0.02)
    dice.sometimes(own, "snr_min", "-10dB", "0dB", "10dB")
    dice.sometimes(own, "rate_cap", "300kbit/s", "20kbit/s", "8Mbit/s")
    dice.sometimes(own, "speed", 0.7, 0.05, 3)
    dice.sometimes(own, "transport_block", 680, 16, 2536)
    dice.sometimes(own, "gap", ["22ms", "60ms", "300ms"], ["0s", "0s", "2s"])
    dice.sometimes(own, "rssi", "-90dBm", {"normal": {"mean": "-85dBm", "sd": "15dB"}, "min": "-120dBm"})
    if dice.has("losses"):
        dice.sometimes(own, "gone", "0%", "30%")
        dice.sometimes(own, "churn", "0%", "90%")
    return own


def battery(dice: Dice) -> Entry:
    """A battery of one's own; in trouble, one that sags or runs empty."""
    own: Entry = {
        "chemistry": dice.pick("li-ion", "li-po", "li-socl2"),
        "capacity": "2000mAh",
        "level": "80%",
        "resistance": "0.2ohm",
        "self_discharge": "10%",
    }
    if dice.has("batteries"):
        own["capacity"] = dice.pick("2000mAh", "20mAh", "3mAh", "1mAh", {"uniform": ["1mAh", "8mAh"]})
        own["level"] = level(dice)
        own["resistance"] = dice.pick("0.2ohm", "0ohm", "1.5ohm", "4ohm", "12ohm")
        own["self_discharge"] = dice.pick("10%", "0%", "99%")
    return own


def level(dice: Dice) -> Any:
    """A state of charge that may be low."""
    return dice.pick(
        "80%",
        "3%",
        {"uniform": ["0%", "60%"]},
        {"beta": {"a": 1, "b": 2}},
        "0%",
        "30%",
        {"table": {"values": ["0%", "5%", "100%"], "weights": [1, 2, 1]}},
        {"normal": {"mean": "20%", "sd": "30%"}, "min": "1%", "max": "50%"},
    )


def module(dice: Dice, radios: list[str], others: Sequence[str] = ()) -> Entry:
    """A module of one's own; it may extend one of the ``others``."""
    own: Entry = {"extends": dice.pick(*BUILT_IN_MODULES, *others)}
    dice.sometimes(own, "radio", *radios, once_in=3)
    dice.sometimes(own, "at_csq", True, False, once_in=4)
    dice.sometimes(own, "at_cbc", True, False, once_in=4)
    dice.sometimes(own, "reboot", "5s", "1ms", {"lognormal": {"median": "30s", "sigma": 1}}, "10min", once_in=3)
    dice.sometimes(own, "url_to_start", "1s", "0s", {"uniform": ["0s", "1min"]}, once_in=3)
    dice.sometimes(own, "flash_write", "99kB/s", "500B/s", once_in=4)
    dice.sometimes(own, "boot", "in-place", "staged", "backup", "ab")
    dice.sometimes(own, "apply_fixed", "1s", "0s", "5min", once_in=3)
    dice.sometimes(own, "apply_rate", "20kB/s", "300B/s", once_in=3)
    dice.sometimes(own, "delta_expansion", 1, 4, once_in=4)
    dice.sometimes(own, "battery", battery(dice), once_in=3)
    dice.sometimes(own, "mains", "100%", "0%", "50%", once_in=4)
    dice.sometimes(own, "version_command", "AT+QVERSION", "AT+CGMR", once_in=4)
    if dice.has("currents"):
        own |= _currents(dice)
    if dice.has("flash"):
        dice.sometimes(own, "free_flash", "20kB", "4000B")
        dice.sometimes(own, "verify_failure", "30%", "100%")
        dice.sometimes(own, "storage_failure", "30%", "100%")
        dice.sometimes(own, "accepts_truncated", "50%", "100%", once_in=3)
    if dice.has("power cuts"):
        rate = dice.pick(3000, 200, 20000, 60000)
        own |= {"power_cuts_mains": rate, "power_cuts_battery": rate}
        own["boot_attempts"] = dice.pick(5, 1, 2, 20)
        own["brick_on_power_loss"] = dice.pick("5%", "30%", "0%", "100%")
    if dice.has("batteries"):
        dice.sometimes(own, "v_min", "2.2V", "3.4V", "3.8V", once_in=3)
        own["brick_on_power_loss"] = dice.pick("5%", "30%", "0%", "100%")
    if dice.has("ties"):
        own |= {"reboot": "5s", "url_to_start": "1s"}
    return own


def _currents(dice: Dice) -> Entry:
    """What a module draws, and at what voltage."""
    own: Entry = {}
    dice.sometimes(own, "supply", "3.8V", "1.8V", "12V")
    dice.sometimes(own, "i_receive", "70mA", "0mA", "2A")
    dice.sometimes(own, "i_gap", "40mA", "0mA", "500mA")
    dice.sometimes(own, "i_transmit_0dBm", "90mA", "0mA", "500mA")
    dice.sometimes(own, "i_transmit_23dBm", "210mA", "20mA", "2A")
    dice.sometimes(own, "transmit_duty", "8%", "0%", "100%")
    dice.sometimes(own, "i_idle", "5mA", "0mA", "200mA")
    dice.sometimes(own, "i_sleep", "3uA", "0mA", "20mA")
    dice.sometimes(own, "i_edrx", "1mA", "0mA", "50mA", None)
    dice.sometimes(own, "i_flash", "15mA", "0mA", "1A")
    return own


def host(dice: Dice, horizon_s: float, others: Sequence[str] = ()) -> Entry:
    """A host of one's own; it may extend one of the ``others``."""
    own: Entry = {"extends": dice.pick(*BUILT_IN_HOSTS, *others)}
    dice.sometimes(own, "checks_battery", True, False)
    dice.sometimes(own, "checks_signal", True, False)
    dice.sometimes(own, "when_unknown", "refuse", "accept")
    own["confirm_delay"] = dice.pick(
        "2s", "0s", "1min", "10min", {"uniform": ["0s", "2min"]}, {"lognormal": {"median": "20min", "sigma": 1.2}}, "3h"
    )
    dice.sometimes(own, "registration_mode", 1, 2)
    dice.sometimes(own, "asks", True, False, once_in=3)
    dice.sometimes(own, "sha256", True, False)
    dice.sometimes(own, "ignores_offer", "0%", "30%", "100%", once_in=4)
    dice.sometimes(own, "command_time", "50ms", "1ms", "2s", once_in=3)
    dice.sometimes(own, "serial_rate", 115200, 9600, 300)
    dice.sometimes(own, "read_block", "1024B", "512B", "10kB")
    dice.sometimes(own, "read_pause", "0s", "100ms", "5s", once_in=3)
    dice.sometimes(own, "mcu_flash_rate", "20kB/s", "200B/s", "10B/s")
    dice.sometimes(own, "mcu_flash_failure", "0%", "40%", "100%", once_in=3)
    dice.sometimes(own, "says_updating", True, False, once_in=3)
    dice.sometimes(own, "patience", "30min", "2min", "10s" if horizon_s <= 21_600 else "10min", "6h")
    if dice.has("ties"):
        own["confirm_delay"] = dice.pick("2s", "0s", "1min")
    return own
