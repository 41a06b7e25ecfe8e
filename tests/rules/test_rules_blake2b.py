"""Against hashlib, which knows RFC 7693; words that run over are meant to."""

import hashlib

import numpy as np
import pytest

from fota_sim.rules import blake2b

pytestmark = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")


FULL = bytes(range(blake2b.BLOCK_B - blake2b.MOST_DIGITS))
"""With a number of all its digits a block is full, and no word of it is there twice."""


def _expected(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


@pytest.mark.parametrize(
    ("beginning", "first", "number"),
    [
        (b"", 0, 3),
        (b"meter-", 0, 2),
        (b"meter-", 8, 4),  # 8, 9, 10, 11: one digit becomes two
        (b"meter-", 98, 4),
        (b"meter-", 10**18 - 1, 2),
        (FULL, 1_234_567_890_123_456_789, 1),
    ],
)
def test_numbered_names_have_the_digests_of_hashlib(beginning, first, number):
    out = np.zeros(number, dtype=np.uint64)
    blake2b.numbered_digests(beginning, first, out)
    assert out.tolist() == [_expected(beginning + str(n).encode()) for n in range(first, first + number)]


def test_a_block_has_128_bytes_and_a_number_of_64_bits_at_most_19_digits():
    assert blake2b.BLOCK_B == 128
    assert len(str(2**63 - 1)) == blake2b.MOST_DIGITS
