"""Names that stand for the same in another spelling: ids of devices in two files, and versions."""

from __future__ import annotations

import re
import unicodedata

_WITH_POINT = re.compile(r"(\d+)\.0+")
_NO_NAME = re.compile(r"[\W_]+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_ELSEWHERE = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")
_LONG = 14
"""Digits of an IMEI without its check digit: of so many no sign keeps them apart."""
_BEFORE_IDS = re.compile(r"(imei|iccid|serial|sn)(?=\d)")
_BETWEEN = re.compile(r"[\s._-]+")
_V = re.compile(r"v(ersion)?\W*(?=\d)")
_NUMBER = re.compile(r"\d+")

_HEADERS = frozenset(
    (
        *("id", "ids", "imei", "imeis", "iccid", "eid", "device", "devices", "deviceid", "deviceids", "devicename"),
        *("name", "serial", "serialnumber", "sn", "thing", "thingname", "controllerid", "dk", "devicekey", "mac"),
    )
)
"""What a column of ids is usually called, in small letters and digits."""


def bare_id(name: str) -> str:
    """What is left of an id without letters' size, signs between, zeros before and ``.0`` behind.

    A sign between two digits keeps them apart, ``b1-11`` from ``b11-1``, but in a number as long as an IMEI.

    >>> bare_id("IMEI: 0086612"), bare_id("866123.0"), bare_id("AB-01"), bare_id("b1_11"), bare_id("-")
    ('86612', '866123', 'ab01', 'b1-11', '')
    >>> bare_id("86-612340-000004-5")
    '866123400000045'
    """
    text = unicodedata.normalize("NFKC", name).strip().casefold()
    found = _WITH_POINT.fullmatch(text)
    text = found[1] if found else text
    if sum(map(str.isdecimal, text)) >= _LONG:
        text = _NO_NAME.sub("", text)
    else:
        text = _ELSEWHERE.sub("", _BETWEEN_DIGITS.sub("-", text))
    return _BEFORE_IDS.sub("", text).lstrip("0")


def is_header(name: str) -> bool:
    """Whether a line of a list of ids names a column and no device.

    >>> is_header("IMEI"), is_header("Device ID"), is_header("meter-1")
    (True, True, False)
    """
    return _NO_NAME.sub("", name).casefold() in _HEADERS


def bare_version(version: str) -> str:
    """What is left of a version without the size of its letters, a V before it, and which signs stand between.

    >>> bare_version("V2_0"), bare_version("2.0"), bare_version("1.10") == bare_version("1.1")
    ('2.0', '2.0', False)
    """
    text = unicodedata.normalize("NFKC", version).strip().casefold()
    return _BETWEEN.sub(".", _V.sub("", text, count=1) if _V.match(text) else text)


def is_later(version: str, than: str) -> bool:
    """Whether a version comes after another that is written alike but for its numbers; False where nobody can tell.

    >>> is_later("1.10", "1.9"), is_later("V3_0", "2_0"), is_later("BC66R01A04", "BC66R02A01"), is_later("b1", "a2")
    (True, True, False, False)
    """
    one, other = bare_version(version), bare_version(than)
    if _NUMBER.sub("0", one) != _NUMBER.sub("0", other):
        return False
    return [int(number) for number in _NUMBER.findall(one)] > [int(number) for number in _NUMBER.findall(other)]
