"""The characters on the serial line: commands as a host writes them, answers and URCs as a module frames them."""

from __future__ import annotations

from collections.abc import Sequence

# Host to module, without the line end


def register(mode: int) -> str:
    """Connect: 1 now, 2 now and at each power-on."""
    return f"AT+QIOTREG={mode}"


def mcu_version(component: str, version: str) -> str:
    """What runs on an MCU."""
    return f'AT+QIOTMCUVER="{component}","{version}"'


def request_plan(sha256: bool) -> str:
    """Ask for an upgrade plan, and for a SHA-256 of its files."""
    return f"AT+QIOTOTAREQ={int(sha256)}"


def update(action: int) -> str:
    """0 refuse, 1 confirm, 2 fetch the next piece, 3 the MCU is being updated."""
    return f"AT+QIOTUPDATE={action}"


def read(start_B: int, length_B: int) -> str:
    """Read a part of the piece."""
    return f"AT+QIOTOTARD={start_B},{length_B}"


BATTERY = "AT+CBC"
SIGNAL = "AT+CSQ"
WIFI_SIGNAL = "AT+QGETWIFISTATE"


# Module to host


def echo(line: str) -> str:
    """The host's own command, sent back."""
    return f"{line}\r"


def urc(line: str) -> str:
    """A line unasked."""
    return f"\r\n{line}\r\n"


def answer(infos: Sequence[str] | None) -> str:
    """The end of a command: information lines and OK; None for ERROR."""
    if infos is None:
        return "\r\nERROR\r\n"
    if infos:
        return "\r\n" + "\r\n".join(infos) + "\r\n\r\nOK\r\n"
    return "\r\nOK\r\n"


def battery_info(percent: int, millivolts: int) -> str:
    """What answers AT+CBC."""
    return f"+CBC: 0,{percent},{millivolts}"


def signal_info(csq: int) -> str:
    """What answers AT+CSQ; the bit error rate is not known."""
    return f"+CSQ: {csq},99"


def wifi_info(rssi_dBm: int | None) -> str:
    """What answers AT+QGETWIFISTATE; None without an access point."""
    # [A] two third parties print the fields differently; this is the one that names them
    fields = "DISCONNECT" if rssi_dBm is None else f"ssid=fota,bssid=02:00:00:00:00:01,rssi={rssi_dBm},channel=6"
    return f"+QGETWIFISTATE: {fields}"


def data_follow(start_B: int, length_B: int) -> str:
    """What precedes the bytes of a file."""
    return f"\r\n+QIOTOTARD: {start_B},{length_B}\r\n"


def data_in_words(start_B: int, length_B: int) -> str:
    """The bytes of a file, as a transcript shows them."""
    return f"<{length_B} bytes from {start_B}>"


DATA_END = "\r\n\r\nOK\r\n"
FLASHED = '+QIND: "FOTA","END",0'
