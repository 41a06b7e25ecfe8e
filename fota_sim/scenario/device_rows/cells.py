"""One cell of a fleet file as a value in base units, or what is wrong with it in a kind and words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from fota_sim.protocol.readings import dBm_from_csq
from fota_sim.quoting import quoted, shortened
from fota_sim.scenario import moments, units
from fota_sim.scenario.device_rows.written import is_nothing, is_rounded, may_be_grouped
from fota_sim.scenario.signs import with_hyphens
from fota_sim.scenario.sleep import TIMERS, Timer, expressible, from_bits, lost_zeros
from fota_sim.scenario.types import at_text, one_line
from fota_sim.scenario.units import Unit
from fota_sim.scenario.zones import known_zone

_YES = {"true": True, "yes": True, "1": True, "y": True, "false": False, "no": False, "0": False, "n": False}

# attribute: unit of its cells, lowest and highest value in base units; bare numbers are in the unit.
_NUMBERS: dict[str, tuple[Unit, float, float]] = {
    "rssi": (units.SIGNAL, -150.0, 0.0),
    "rssi_sd": (units.DECIBEL, 0.0, 40.0),
    "battery": (units.RATIO, 0.0, 1.0),
    "capacity": (units.CHARGE, 1.0, 1e7),
    "temperature": (units.TEMPERATURE, -60.0, 125.0),
}
_TEXTS = ("id", "hardware", "firmware", "cell", "time_zone", "module", "radio", "host", "chemistry")
OF_CONTACT = ("gone", "last_contact", "contact_every", *TIMERS)
"""Attributes about when a device is there; their columns stay attributes for conditions as well."""
MAPPABLE = ("id", "rssi", "rssi_sd", "battery", "capacity", "temperature", "mains", *_TEXTS[1:], *OF_CONTACT)
"""Attributes that a column may hold, beside mcu:<component>."""

# What a number is in where the file is told to be in another unit: the unit, lowest and highest value, and what it is.
_TOLD: dict[tuple[str, str], tuple[Unit, float, float, str]] = {
    ("rssi", "rsrp"): (units.SIGNAL, -160.0, -20.0, "RSRP"),
    ("battery", "V"): (units.VOLTAGE, 0.5, 5.0, "a cell's voltage"),
    ("battery", "mV"): (units.VOLTAGE, 0.5, 5.0, "a cell's voltage"),
    ("capacity", "Ah"): (units.CHARGE, 1.0, 1e7, ""),
}
PERIOD_S = 60.0, 366 * 86_400.0
"""Between contacts, from and to."""

_PLAIN = re.compile(r"[-+]?(\d{1,100}\.?\d{0,100}|\.\d{1,100})([eE][-+]?\d{1,2})?", re.ASCII)
"""Narrower than float(), which reads the version 1_0 as ten, and takes nan and inf."""

_CODE = re.compile(r"[-+]?0\d.*|[-+]?\d{16,}", re.ASCII)
"""Digits that are no quantity: a zero before others says something, and a number keeps 15 of them."""

_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+\s*\S{0,4}")
_BITS = re.compile(r"[01]{4}|[01]{8}")
_CSQ = re.compile(r"[12]?\d|3[01]|99")
_CSQ_ANSWER = re.compile(r"(?:\+CSQ:\s*)?([12]?\d|3[01]|99)(?:\s*[,;]\s*(?:[0-7]|99)|\.99)")
"""What AT+CSQ answers, the index and behind it the bit error rate: 3GPP TS 27.007."""


class CellError(ValueError):
    """A cell that cannot be taken; its text says why."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        """What cells of one column have in common that are told once: ``""``, each is told for itself."""


def value_of(attribute: str, text: str, unit: str = "") -> Any:
    """The value of a cell that is not empty, of a mapped column; None for a reading that the device cannot give.

    ``unit``: that of numbers without one, where it is not the usual: csq or rsrp for rssi, share, V or mV for battery,
    Ah for capacity, s, min, h or d for contact_every and timers. An RSRP stays one, and a voltage is in volts: what
    they say of signal and charge hangs on the device's radio and battery. Raises CellError.
    """
    if unit == "csq":
        return _csq_dBm(text)
    if attribute == "contact_every":
        return _period_s(text, unit)
    for timer in TIMERS:
        if attribute == timer:
            return _timer_s(timer, text, unit)
    if attribute in _NUMBERS:
        return _number(attribute, text, unit)
    try:
        return _reader_of(attribute)(text)
    except CellError:
        raise
    except ValueError as error:
        raise CellError("", str(error)) from None


def _reader_of(attribute: str) -> Callable[[str], str | bool]:
    if attribute in ("mains", "gone"):
        return partial(_yes_or_no, attribute)
    if attribute == "id":
        return device_id
    if attribute == "time_zone":
        return known_zone
    return at_text if attribute == "firmware" or attribute.startswith("mcu:") else one_line


def _yes_or_no(attribute: str, text: str) -> bool:
    word = text.lower().removesuffix(".0")
    if word not in _YES:
        message = f"{quoted(text)} is not yes or no; write yes, no, true, false, 1 or 0, or say what it means: values: "
        raise CellError("yes or no", f'{message}{{{attribute}: {{{quoted(text)}: "yes"}}}}')
    return _YES[word]


def is_measure(attribute: str) -> bool:
    """Whether cells of a column are numbers with a unit."""
    return attribute in _NUMBERS or attribute == "contact_every" or attribute in TIMERS


def is_bare(text: str) -> bool:
    """Whether a cell is a number without a unit."""
    return _PLAIN.fullmatch(with_hyphens(text)) is not None


def is_number(text: str) -> bool:
    """Whether a cell of a column that is not mapped is a number, and no code of digits such as ``01067``."""
    return _PLAIN.fullmatch(text) is not None and not is_code(text)


def is_code(text: str) -> bool:
    """Whether digits name something: a number would lose the zeros that they begin with, or the last of many.

    >>> is_code("01067"), is_code("8949020000001234567"), is_code("0.5"), is_code("1067")
    (True, True, False, False)
    """
    return _CODE.fullmatch(text) is not None


def has_decimal_comma(text: str) -> bool:
    """Whether a cell is a number but for the comma in it."""
    return _DECIMAL_COMMA.fullmatch(text) is not None


def is_csq_answer(text: str) -> bool:
    """Whether a cell is an answer to AT+CSQ with its bit error rate.

    >>> is_csq_answer("18,99"), is_csq_answer("+CSQ: 20,0"), is_csq_answer("-95,5"), is_csq_answer("18")
    (True, True, False, False)
    """
    return _CSQ_ANSWER.fullmatch(text) is not None


def device_id(text: str) -> str:
    """The id of a device as it is; raises CellError for a word for nothing and for one that a spreadsheet has rounded,
    ValueError for others.
    """
    if is_nothing(text):
        raise CellError("missing", f"{quoted(text)} is no id of a device; write its own, or leave the row out")
    if is_rounded(text):
        message = (
            f"{quoted(text)} is an id that a spreadsheet has rounded: its digits are lost. Export the ids as text and "
            "not as numbers"
        )
        raise CellError("rounded", message)
    return one_line(text)


def _csq_dBm(text: str) -> float | None:
    """The level that an answer to AT+CSQ stands for."""
    if (answer := _CSQ_ANSWER.fullmatch(text)) is not None:
        text = answer[1]
    text = text.removeprefix("+CSQ:").strip().removesuffix(".0")  # of a column of floats, for some of it are empty
    if not _CSQ.fullmatch(text):
        message = f"{quoted(text)} is no answer to AT+CSQ: that is 0 to 31, or 99 for unknown"
        is_level = is_bare(text) and with_hyphens(text).startswith("-")
        raise CellError("not csq", message + "; is it in dBm? One unit holds for the whole column" * is_level)
    return dBm_from_csq(int(text))


def _in_dBm(csq: str) -> str:
    """What to write for an index in a column of levels in dBm."""
    level = dBm_from_csq(int(csq))
    return ", or leave the cell empty in a column of dBm" if level is None else f", or {level:g} in a column of dBm"


def _period_s(text: str, unit: str) -> float:
    try:
        value = moments.seconds(text, unit)
    except ValueError:
        bare = "" if unit or not is_number(text) else "; say what the numbers are in: units: {contact_every: h}"
        message = f"{quoted(text)} is no time between contacts; write for example 24h, or 15 min{bare}"
        raise CellError("period", message) from None
    low, high = PERIOD_S
    if not low <= value <= high:
        said = f"{units.DURATION.format(low)} to {units.DURATION.format(high)}"
        raise CellError("range", f"{shortened(text)} between contacts is outside {said}; is it in another unit?")
    return value


def _timer_s(timer: Timer, text: str, unit: str) -> float:
    """A timer as a duration, or as the bits of AT+CPSMS and AT+CEDRXS, which stand in quotes there."""
    text = text.strip('"')
    lost = lost_zeros(timer, text)
    if lost and not unit:
        message = f"{quoted(text)} are bits that lost the zeros they begin with, as numbers do; export {lost} as text"
        raise CellError("timer", message)
    if _BITS.fullmatch(text):
        try:
            return from_bits(timer, text)
        except ValueError as error:
            raise CellError("timer", str(error)) from None
    try:
        value = moments.seconds(text, unit)
    except ValueError:
        bare = f"; say what the numbers are in: units: {{{timer}: s}}" if not unit and is_bare(text) else ""
        message = f"{quoted(text)} is no timer; write for example 24h or 81.92s, or the bits that AT+CPSMS has{bare}"
        raise CellError("timer", message) from None
    try:
        return expressible(timer, value)
    except ValueError as error:
        raise CellError("", str(error)) from None


def _number(attribute: str, text: str, told: str = "") -> float:
    text = with_hyphens(text)
    unit, low, high, what = _TOLD.get((attribute, told), (*_NUMBERS[attribute], ""))
    if is_nothing(text):
        message = (
            f"{quoted(text)} is no {unit.name}; leave the cell empty where the value is missing, or write missing: "
        )
        raise CellError("missing", f"{message}[{quoted(text)}]")
    if (attribute == "capacity" or told == "mV") and may_be_grouped(text):  # others are never above 999
        message = (
            f"{quoted(text)} has a comma of thousands or of decimals; write {text.replace(',', '')}, or say of the "
            'file that its commas are of decimals: decimal: ","'
        )
        raise CellError("comma", message)
    if attribute == "rssi" and _CSQ_ANSWER.fullmatch(text):
        message = f"{quoted(text)} is what AT+CSQ answers, an index with the bit error rate behind it, and no level"
        raise CellError("csq", f"{message} in dBm; write units: {{rssi: csq}}")
    if _DECIMAL_COMMA.fullmatch(text):
        message = (
            f'{quoted(text)} has a decimal comma; write {text.replace(",", ".")}, or say it of the file: decimal: ","'
        )
        raise CellError("comma", message)
    factor = 1.0 if told == "share" else unit.factors[told if told in ("mV", "Ah") else unit.symbol]
    try:
        value = _plain_number(text, unit, factor)
    except ValueError as error:
        raise CellError("number", str(error)) from None
    if low <= value <= high:
        return value
    if what:
        raise CellError("range", f"{shortened(text)} is outside {unit.format(low)} to {unit.format(high)} for {what}")
    if attribute == "rssi" and _CSQ.fullmatch(text):
        message = (
            f"{text} is an index as AT+CSQ answers it (0 to 31, 99 for unknown) and no level in dBm; write "
            f"units: {{rssi: csq}}{_in_dBm(text)}"
        )
        raise CellError("csq", message)
    message = f"{shortened(text)} is outside {unit.format(low)} to {unit.format(high)}"
    if _is_millivolts(attribute, value):
        raise CellError("range", f"{message}; volts are meant? Write units: {{battery: mV}}")
    if attribute == "rssi" and low <= value / 10.0 <= -20.0:
        raise CellError("range", f"{message}; tenths of dBm? Export dBm")
    if attribute == "rssi" and 0.0 < value <= -low:
        raise CellError("range", f"{message}; a signal level in dBm is negative: write -{text.lstrip('+')}")
    raise CellError("range", f"{message}; if it stands for a value that is missing, write missing: [{quoted(text)}]")


def _is_millivolts(attribute: str, value: float) -> bool:
    return attribute == "battery" and 20.0 <= value <= 50.0  # 2000 to 5000, read as percent


def with_point(text: str) -> str:
    """A cell of a file with decimal commas as one with points; raises CellError where it has a point already."""
    if "." in text and is_number(text.replace(",", "")):
        message = f'{quoted(text)} has a point, and decimal: "," says that this file has commas; write it without'
        raise CellError("point", message)
    return text.replace(",", ".", 1) if has_decimal_comma(text) else text


def _plain_number(text: str, unit: Unit, factor: float) -> float:
    if "_" in text:
        raise ValueError(f"{quoted(text)} is not a number")
    try:
        return float(text) * factor
    except ValueError:
        return unit.parse(text)
