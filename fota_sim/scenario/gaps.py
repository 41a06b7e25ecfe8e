"""Where a line of words may be broken: not before a unit, nor within a duration of two."""

from __future__ import annotations

import re

_UNIT = (
    r"(?:%|(?:d|h|min|s|ms|days?|hours?|minutes?|seconds?|dBm?|pp|[kMGT]?B|[kMG]?J|[um]?A|m?Ah|[mu]?W|m?V|C"
    r"|[kM]?bit/s|devices/h)(?![\w/]))"
)
_TIE = re.compile(
    rf" (?=(?<=\d ){_UNIT})| (?=(?<=\d [dh] )\d+ (?:h|min|s)\b)| (?=(?<=\d min )(?<! h \d\d min )\d+ s\b)"
)
_TIED = "\x1f"
"""Stands for a space at which no line is broken; no text that is shown holds it."""


def words(text: str) -> list[str]:
    """What stays together in a line.

    >>> words("after 4 h 05 min 12 %")
    ['after', '4 h 05 min', '12 %']
    """
    return [untied(word) for word in tied(text).split(" ") if word]


def tied(text: str, tie: str = _TIED) -> str:
    """The text with ``tie`` for each space at which no line may be broken; ``textwrap`` breaks at the others only.

    >>> tied("after 4 h 05 min", "_")
    'after 4_h_05_min'
    """
    return _TIE.sub(tie, text)


def untied(text: str) -> str:
    """What ``tied`` was made of."""
    return text.replace(_TIED, " ")
