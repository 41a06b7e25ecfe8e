"""``7,10702`` in time: the story says the progress of a segment at its end, and a client hears it meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from fota_sim.device import events as e
from fota_sim.device.fields import NONE
from fota_sim.engines.reference.world import Device, World
from fota_sim.rules import codes


class Progress:
    """Says each 10702 of a device when it is due, and knows those that the story says afterwards.

    What a segment comes to is known when it begins, but for what breaks it off: a client hears what was due until
    then, of which a simulated dialogue has nothing.
    """

    def __init__(self, w: World, live: Device, say: Callable[[str, int], None]) -> None:
        self._w = w
        self._live = live
        self._say = say
        self._text = w.words.text(e.URC_DOWNLOADING, 0, 0)
        self._early: deque[int] = deque()

    def was_said(self, text: str, said_ms: int) -> bool:
        """Whether this line of the story's has been said already; the first of a download begins the watch."""
        live = self._live
        if text != self._text:
            return False
        if self._early and self._early[0] == said_ms:
            self._early.popleft()
            return True
        if live.running and said_ms == live.began_ms == self._w.env.now_ms:
            self._early.clear()
            self._await(live.fetch, live.began_ms, 1)
        return False

    def _await(self, fetch: int, began_ms: int, number: int) -> None:
        at_ms = began_ms + number * self._w.progress_ms
        self._w.env.call_at(at_ms, self._live.who, lambda: self._due(fetch, began_ms, number, at_ms))

    def _due(self, fetch: int, began_ms: int, number: int, at_ms: int) -> None:
        live = self._live
        if not live.running or (live.fetch, live.began_ms) != (fetch, began_ms):
            return
        goes_on = live.segment_ms != NONE and live.cut_by == codes.NO_CAUSE
        if goes_on and live.ticks <= number:
            self._early.append(at_ms)
            self._say(self._text, at_ms)
        self._await(fetch, began_ms, number + 1)
