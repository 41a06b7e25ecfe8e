"""Has something compiled, or loaded if it was before: the engine, or one rule.

python -m comparisons.cold engine|rule
"""

from __future__ import annotations

import sys


def engine() -> None:
    """Play a few devices on the compiled engine."""
    from comparisons.mixed import mixed
    from fota_sim.engines.choice import COMPILED, load

    load(COMPILED)(mixed(100), 0)


def rule() -> None:
    """Draw numbers until that is compiled."""
    import numpy as np

    from fota_sim.rules.compiled import HOT
    from fota_sim.rules.draws import uniform

    for _ in range(HOT):
        uniform(1, 0, np.uint64(1), 1, 0)


WHAT = {"engine": engine, "rule": rule}

if __name__ == "__main__":
    WHAT[sys.argv[1]]()
