"""Memory that a process keeps from one replication for the next.

The system gives memory page by page, each cleared as it is first written. For 200,000 meters, whose state is 1.3 kB
each, that was a quarter of the loop's time. A process that has played two replications will play a third, so from then
on large arrays take the memory of those before.
"""

from __future__ import annotations

import os
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.uint8]

LARGE_B = 1 << 20
"""Smaller blocks are not kept: what the process frees of those it has again anyway."""
_SHARE = 32
"""What is kept is at most this part of the machine's memory, in each process."""


class _Lent:
    """A block that an array stands on; it comes back when the last array on it is gone."""

    def __init__(self, stock: Stock, block: Block) -> None:
        self._stock, self._block = stock, block
        self.__array_interface__: dict[str, Any] = block.__array_interface__

    def __del__(self) -> None:
        self._stock.take_back(self._block)


class Stock:
    """Blocks of memory that nobody uses now."""

    def __init__(self, most_B: int) -> None:
        """``most_B``: bytes that are kept at most, once there is a second replication; 0: none ever."""
        self.most_B = most_B
        self._replications = 0
        self._blocks: list[Block] = []
        self._lock = RLock()  # a block may come back at any time, while one is looked for too

    def replication_begins(self) -> None:
        """Another one, in this process."""
        self._replications += 1

    def lend(self, size_B: int) -> Block:
        """So many bytes with anything in them, from what is kept if a block is large enough and not far too large."""
        if size_B < LARGE_B:
            return np.empty(size_B, dtype=np.uint8)
        with self._lock:
            fitting = [block for block in self._blocks if size_B <= len(block) <= 2 * size_B]
            block = min(fitting, key=len, default=None)
            if block is None:
                block = np.empty(size_B, dtype=np.uint8)
            else:
                self._blocks = [each for each in self._blocks if each is not block]
        return np.asarray(_Lent(self, block))[:size_B]

    @property
    def kept_B(self) -> int:
        """Bytes that are kept now."""
        with self._lock:
            return sum(map(len, self._blocks))

    def take_back(self, block: Block) -> None:
        """Keep a block for the next replication, if one is to be expected and there is room."""
        with self._lock:
            if self._replications > 1 and len(block) + self.kept_B <= self.most_B:
                self._blocks.append(block)


def _most_B() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _SHARE
    except (AttributeError, OSError, ValueError):  # a system that does not say
        return 0


stock = Stock(_most_B())
"""This process's."""
