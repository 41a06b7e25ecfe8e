"""Ctrl-C, remembered: libraries that compile or call back through C may swallow the exception that it raises."""

from __future__ import annotations

import signal
from types import FrameType

_pressed = False


def watch() -> None:
    """From now on remember Ctrl-C beside raising KeyboardInterrupt; where SIGINT is ignored, it stays ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _press)


def was_pressed() -> bool:
    """Whether Ctrl-C came, even if nobody heard the exception."""
    return _pressed


def _press(_signal: int, _frame: FrameType | None) -> None:
    global _pressed  # noqa: PLW0603  # a signal handler has nowhere else to leave word
    _pressed = True
    raise KeyboardInterrupt
