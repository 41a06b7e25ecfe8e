import numpy as np
import pytest

from fota_sim.rules import draws

# Random123 1.14, kat_vectors: "threefry2x64 20 ctr0 ctr1 key0 key1 expected0 expected1".
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0xC2B6E3A8C2C69865, 0x6F81ED42F350084D)),
    ((2**64 - 1, 2**64 - 1, 2**64 - 1, 2**64 - 1), (0xE02CB7C4D95D277A, 0xD06633D0893B8B68)),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x263C7D30BB0F0AF1, 0x56BE8361D3311526),
    ),
]


@pytest.mark.parametrize(("words", "expected"), KNOWN_ANSWERS)
def test_threefry_gives_the_published_known_answers(words, expected):
    assert draws.threefry_2x64_20(*(np.uint64(w) for w in words)) == expected
