"""The keys of devices that wait for their turn come in order, wherever they stand meanwhile."""

import os
import subprocess
import sys
from pathlib import Path

KEYS = """
import heapq, random
import numpy as np
from fota_sim.engines.compiled import layout, queue
from fota_sim.engines.compiled.arrays import Memory

queue.CROWD, queue._FEW = 40, 10  # so that few keys are many
DEVICES, ROWS = 64, 2000


def world():
    memory = Memory()
    for name in ("heap", "far"):
        memory.make(name, ROWS, np.int64)
    for name, kind in (("lives", layout.LIVE), ("events", layout.EVENT), ("parts", layout.PART)):
        memory.make(name, 1, kind)
    slots = np.empty(DEVICES, dtype=layout.SLOT)
    slots["row"] = slots["head"] = -1
    memory.keep(slots=slots, near=np.zeros(queue.NEAR_ROOM, dtype=np.int64))
    return memory


most = 0
for seed in range(60):
    luck = random.Random(seed)
    memory, waiting, now_ms = world(), [], 0
    w, loop = memory.world, memory.loop
    more = luck.choice((0.3, 0.5, 0.55, 0.8))
    for _ in range(luck.randrange(10, 900)):
        if luck.random() < more:
            at_ms = now_ms + int(luck.expovariate(1) * luck.choice((0, 1, 50, 3000)))
            key = queue.key_of(at_ms, luck.randrange(DEVICES))
            queue.push(w, key)
            heapq.heappush(waiting, key)
        else:
            first = queue.first_key(w)
            assert first == (waiting[0] if waiting else layout.NO_KEY)
            if waiting:
                assert queue.take_first(w) == heapq.heappop(waiting)
                now_ms = first >> layout.DEVICE_BITS
        assert loop.heap_size + loop.far_size + loop.near_size == len(waiting)
    while waiting:
        assert queue.first_key(w) == waiting[0]
        most = max(most, int(loop.far_size))
        assert queue.take_first(w) == heapq.heappop(waiting)
    assert queue.first_key(w) == layout.NO_KEY
print(most)
"""


def test_keys_come_in_order_also_where_most_stand_apart() -> None:
    found = subprocess.run(
        [sys.executable, "-c", KEYS],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "FOTA_SIM_RULES": "python"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not found.returncode, found.stderr
    assert int(found.stdout) > 100
