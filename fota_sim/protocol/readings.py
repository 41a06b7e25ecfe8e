"""What a host reads off a module's answers: signal and battery as numbers."""

from __future__ import annotations

import re

_CSQ_FLOOR_dBm = -113
_CSQ_MAX = 31
CSQ_UNKNOWN = 99

_CSQ = re.compile(r"\+CSQ: ?([0-9]{1,2}),[0-9]{1,2}")
_CBC = re.compile(r"\+CBC: ?[0-9],([0-9]{1,3}),[0-9]+")
_WIFI = re.compile(r"\+QGETWIFISTATE: ?(?:.*\brssi=(-?[0-9]{1,3})\b.*|[^=]*,(-?[0-9]{1,3}))")


def dBm_from_csq(csq: int) -> int | None:
    """Signal in dBm, None when unknown (99; 3GPP TS 27.007, 8.5)."""
    return _CSQ_FLOOR_dBm + 2 * csq if 0 <= csq <= _CSQ_MAX else None


def parse_csq(info: str) -> int | None:
    """Signal in dBm from a ``+CSQ`` line; None when unknown or another line."""
    match = _CSQ.fullmatch(info)
    return dBm_from_csq(int(match[1])) if match else None


def parse_cbc(info: str) -> int | None:
    """Charge in percent from a ``+CBC`` line; None for another line."""
    match = _CBC.fullmatch(info)
    return int(match[1]) if match else None


def parse_wifi_rssi(info: str) -> int | None:
    """Signal in dBm from a ``+QGETWIFISTATE`` line of either known layout; None without an access point."""
    match = _WIFI.fullmatch(info)
    return int(match[1] or match[2]) if match else None
