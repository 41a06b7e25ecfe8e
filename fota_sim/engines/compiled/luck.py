"""A device's shadowing, drawn several steps at a time: that costs little more than one.

Its steps are counted from 0, whatever they are for. Their draws stand in rows of so many, and the first that is asked
for brings all of its row (docs/design.md, Draws ahead).
"""

from __future__ import annotations

from typing import Any

from fota_sim.engines.compiled.layout import STEPS
from fota_sim.engines.compiled.memory import loop_of, shadowing_of, uniforms_of
from fota_sim.rules import streams
from fota_sim.rules.compiled import part_of_rule
from fota_sim.rules.draws import fill_normals


@part_of_rule
def shadowing_draw(w: Any, live: Any, step: int) -> float:
    """The device's draw for a step of its shadowing."""
    drawn = shadowing_of(w, live.own_row)
    first = step - step % STEPS
    if live.steps_from != first:
        count = loop_of(w).steps
        fill_normals(w.seed, w.replication, live.key, streams.SHADOWING, first, count, uniforms_of(w), drawn)
        live.steps_from = first
    return float(drawn[step - first])
