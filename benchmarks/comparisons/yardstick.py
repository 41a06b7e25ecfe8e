"""Compiles plain numba functions of one loop each: what a machine takes for compiling, whatever else it does.

    python -m comparisons.yardstick COUNT

Each function has constants of its own, so none is the other, and none is kept.
"""

from __future__ import annotations

import sys

import numba

_FUNCTION = """
def loop_{number}(count):
    total = {number}.5
    for i in range(count):
        total = 0.5 * total + i * {number}
    return total
"""


def main(count: int) -> None:
    """Compile so many, and call each."""
    for number in range(count):
        made: dict[str, object] = {}
        exec(_FUNCTION.format(number=number), made)  # a text of our own
        numba.njit(made[f"loop_{number}"])(10)


if __name__ == "__main__":
    main(int(sys.argv[1]))
