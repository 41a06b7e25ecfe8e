"""What a message shows of what it is about: short, on one line, whatever was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

MOST = 80
"""Characters of a value that a message shows at most."""
MOST_NAMES = 12
"""Names that a message lists at most."""
_MARK = "..."


def quoted(value: object, most: int = MOST) -> str:
    """The value as a scenario writes it, texts in quotes; without its middle where it is longer than ``most`` letters.

    >>> quoted("1_0"), quoted([True, None])
    ("'1_0'", '[true, null]')
    """
    if isinstance(value, str) and len(value) > 2 * most:
        value = value[:most] + value[-most:]  # the middle is left out below; no need to write it all first
    return shortened(_written(value, most), most)


def _written(value: object, most: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**most:
        return f"a number of more than {most} digits"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(each, most) for each in value[:most])}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_written(each, most)}' for key, each in islice(value.items(), most))}}}"
    return repr(value)


def shortened(text: str, most: int = MOST) -> str:
    """The text without its middle where it is longer than ``most`` characters."""
    if len(text) <= most:
        return text
    tail = most // 4
    return text[: most - tail - len(_MARK)] + _MARK + text[len(text) - tail :]


def number_of(count: int, noun: str) -> str:
    """A number of things in words.

    >>> number_of(1, "device"), number_of(2000, "device")
    ('1 device', '2,000 devices')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Iterable[object]) -> str:
    """Names one after the other, the first dozen, each short: ``a, b, c``."""
    found = [shortened(str(name), MOST // 2) for name in names]
    more = len(found) - MOST_NAMES
    return ", ".join(found[:MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
