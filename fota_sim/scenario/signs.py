"""Signs that look like those of a keyboard and are others: dashes for a minus, blanks that do not break a line."""

from __future__ import annotations

DASHES = "\u2212\u2012\u2013\ufe63\uff0d"
"""The minus of typesetters, the dashes that word processors make of a hyphen, and small and wide ones."""
_TO_HYPHEN = str.maketrans(dict.fromkeys(DASHES, "-"))
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NO_WIDTH = "\ufeff\u200b\u2060"
_TO_BLANK = str.maketrans({**dict.fromkeys(_BLANKS, " "), **dict.fromkeys(_NO_WIDTH)})


def with_hyphens(text: str) -> str:
    """A number or a window of time with the hyphen that a keyboard has.

    >>> with_hyphens("–95 dBm")
    '-95 dBm'
    """
    return text if text.isascii() else text.translate(_TO_HYPHEN)


def with_blanks(text: str) -> str:
    r"""A cell with the blank that a keyboard has, none around it, and nothing that has no width.

    >>> with_blanks("\ufeff47\u202f%\u00a0")
    '47 %'
    """
    return text.strip() if text.isascii() else text.translate(_TO_BLANK).strip()
