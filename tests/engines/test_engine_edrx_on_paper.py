"""Devices in eDRX, worked out by hand: what is sent to them waits for a paging window of theirs, or does not."""

import random
from hashlib import blake2b

import numpy as np
import test_engine_device_on_paper as devices
from coarse_devices import drawn as drawn_coarsely
from hypothesis import given, settings
from hypothesis import strategies as st
from test_engine_device_on_paper import lives_as_on_paper

from fota_sim.rules.draws import uniform
from fota_sim.rules.streams import EDRX_PHASE

SEED = 7
CYCLES = [20_480, 81_920, 655_360, 2_621_440]
WINDOWS = [1280, 5120, 20_480 - 1280]
INACTIVITY = [0, 1, 10_000, 120_000]


def drawn(seed):
    """A plan and eight devices as in the other tests; those that do not sleep between contacts are in eDRX."""
    plan, kinds, scenario = devices.drawn(seed) if seed % 2 else drawn_coarsely(seed)
    dice = random.Random(seed)
    for number, kind in enumerate(kinds):
        if kind.pattern == "wake":
            continue
        kind.edrx = dice.choice(CYCLES), dice.choice(WINDOWS), dice.choice(INACTIVITY)
        kind.phase = phase_of(number, kind.edrx[0])
        names = ("edrx", "paging_window", "inactivity")
        asleep = {name: f"{ms}ms" for name, ms in zip(names, kind.edrx, strict=True)}
        scenario["fleet"]["groups"][number]["contact"]["sleep"] = asleep
    return plan, kinds, scenario | {"seed": SEED}


def phase_of(number, cycle):
    """When the first of a device's windows begins: its own keyed draw, of the cycle."""
    key = np.uint64(int.from_bytes(blake2b(f"d{number}-0".encode(), digest_size=8).digest(), "little"))
    return int(uniform(SEED, 0, key, EDRX_PHASE, 0) * cycle)


@given(seed=st.integers(0, 1_000_000), engine=st.sampled_from(["reference", "compiled"]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_device_in_edrx_lives_as_the_manual_says(seed, engine):
    plan, kinds, scenario = drawn(seed)
    lives_as_on_paper(plan, kinds, scenario, engine)
