"""BLAKE2b (RFC 7693) of many short texts that differ in the number at their end: eight-byte digests, unkeyed.

``hashlib`` says what the digest of a name is; called once for each of ten million names, most of its time goes into
being called, and it keeps other threads waiting. This is the same function for names of at most one block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.rules.compiled import part_of_rule, rule_at_once

BLOCK_B = 128
"""Bytes of one block; a longer text is not for this module."""
MOST_DIGITS = 19
"""Of a number of 64 bits."""

_START = np.array(
    [
        0x6A09E667F3BCC908,
        0xBB67AE8584CAA73B,
        0x3C6EF372FE94F82B,
        0xA54FF53A5F1D36F1,
        0x510E527FADE682D1,
        0x9B05688C2B3E6C1F,
        0x1F83D9ABFB41BD6B,
        0x5BE0CD19137E2179,
    ],
    dtype=np.uint64,
)
"""The initialization vector, RFC 7693, section 2.6."""
_PARAMETERS = np.uint64(0x01010000 | 8)  # section 2.5: fan-out and depth 1, no key, eight bytes of digest
_ORDER = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    ],
    dtype=np.int64,
)
"""Which words of the message each round takes, section 2.7."""


@part_of_rule
def _mixed(a: Any, b: Any, c: Any, d: Any, x: Any, y: Any) -> tuple[Any, Any, Any, Any]:
    """The mixing function G, section 3.1."""
    a = a + b + x
    d = d ^ a
    d = (d >> np.uint64(32)) | (d << np.uint64(32))
    c = c + d
    b = b ^ c
    b = (b >> np.uint64(24)) | (b << np.uint64(40))
    a = a + b + y
    d = d ^ a
    d = (d >> np.uint64(16)) | (d << np.uint64(48))
    c = c + d
    b = b ^ c
    b = (b >> np.uint64(63)) | (b << np.uint64(1))
    return a, b, c, d


@part_of_rule
def _digest(m: NDArray[np.uint64], size_B: int) -> Any:
    """The first eight bytes of the digest of one block, the only one and the last, of which ``size_B`` are the text."""
    h0 = _START[0] ^ _PARAMETERS
    v0, v1, v2, v3 = h0, _START[1], _START[2], _START[3]
    v4, v5, v6, v7 = _START[4], _START[5], _START[6], _START[7]
    v8, v9, v10, v11 = _START[0], _START[1], _START[2], _START[3]
    v12, v13, v14, v15 = _START[4] ^ np.uint64(size_B), _START[5], ~_START[6], _START[7]
    for r in range(12):
        s = _ORDER[r]
        v0, v4, v8, v12 = _mixed(v0, v4, v8, v12, m[s[0]], m[s[1]])
        v1, v5, v9, v13 = _mixed(v1, v5, v9, v13, m[s[2]], m[s[3]])
        v2, v6, v10, v14 = _mixed(v2, v6, v10, v14, m[s[4]], m[s[5]])
        v3, v7, v11, v15 = _mixed(v3, v7, v11, v15, m[s[6]], m[s[7]])
        v0, v5, v10, v15 = _mixed(v0, v5, v10, v15, m[s[8]], m[s[9]])
        v1, v6, v11, v12 = _mixed(v1, v6, v11, v12, m[s[10]], m[s[11]])
        v2, v7, v8, v13 = _mixed(v2, v7, v8, v13, m[s[12]], m[s[13]])
        v3, v4, v9, v14 = _mixed(v3, v4, v9, v14, m[s[14]], m[s[15]])
    return h0 ^ v0 ^ v8


@rule_at_once
def _numbered(
    block: NDArray[np.uint8], words: NDArray[np.uint64], begins: int, first: int, out: NDArray[np.uint64]
) -> None:
    for i in range(out.shape[0]):
        number = first + i
        digits = 1
        rest = number // 10
        while rest > 0:
            digits += 1
            rest //= 10
        rest = number
        for place in range(begins + digits - 1, begins - 1, -1):
            block[place] = 48 + rest % 10
            rest //= 10
        out[i] = _digest(words, begins + digits)


def numbered_digests(beginning: bytes, first: int, out: NDArray[np.uint64]) -> None:
    """The digests, as little-endian words, of ``beginning`` with ``first``, ``first + 1``, ... in decimal behind it.

    ``beginning`` has at most ``BLOCK_B - MOST_DIGITS`` bytes. Only for compiled rules: words of NumPy that run over.
    """
    block = np.zeros(BLOCK_B, dtype=np.uint8)
    block[: len(beginning)] = np.frombuffer(beginning, dtype=np.uint8)
    _numbered(block, block.view(np.uint64), len(beginning), first, out)
