"""Where a line of words may be broken: not before a unit, nor within a duration of two."""

from __future__ import annotations

import re

_UNIT = (
    r"(?:%|(?:d|h|min|s|ms|days?|hours?|minutes?|seconds?|dBm?|pp|points?|[kMGT]?B|[kMG]?J|[um]?A|m?Ah|[mu]?W|m?V|C"
    r"|[kM]?bit/s|devices/h)(?![\w/]))"
)
_GAP = re.compile(rf" (?!(?<=\d ){_UNIT})(?!(?<=\d [dh] )\d+ (?:h|min|s)\b)")
_TIED = "\x1f"
"""Stands for a space at which no line is broken; no text that is shown holds it."""


def words(text: str) -> list[str]:
    """What stays together in a line.

    >>> words("after 4 h 05 min 12 %")
    ['after', '4 h 05 min', '12 %']
    """
    return [word for word in _GAP.split(text) if word]


def tied(text: str) -> str:
    """The text for ``textwrap``, which breaks it at its gaps only; ``untied`` makes of its lines what is shown."""
    return _GAP.sub("\n", text.replace("\n", " ")).replace(" ", _TIED).replace("\n", " ")


def untied(text: str) -> str:
    """What ``tied`` was made of."""
    return text.replace(_TIED, " ")
