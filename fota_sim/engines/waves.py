"""Which wave each device is in, in which order devices are released, and when waves open, as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fota_sim.errors import Problem, ScenarioError
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.lists import list_mask
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules import share, streams
from fota_sim.rules.draws import fill_uniform
from fota_sim.rules.rollout import ALWAYS_RELEASED, IN_NO_WAVE
from fota_sim.scenario import waves
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.waves import PlayedWave

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def release_order(
    scenario: Scenario, fleet: Fleet, replication: int, targets: Mask, late: Mask
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], list[int], tuple[PlayedWave, ...]]:
    """Order of release, rank and wave of each device, where each wave ends in the order, and the waves."""
    rollout = scenario.plan.rollout
    if rollout.order == "random":
        luck = fill_uniform(scenario.seed, replication, fleet.keys, streams.RELEASE_ORDER, 0)
        everybody = np.argsort(luck, kind="stable")
    else:
        everybody = np.arange(fleet.n)
    at_once = late & (rollout.late_joiners == "at-once")
    waits = targets & ~late
    line = everybody[waits[everybody]]
    wave = np.full(fleet.n, -1, dtype=np.int32)
    parts: list[NDArray[np.int64]] = []
    groups: list[int] = []
    left = np.ones(len(line), dtype=np.bool_)
    for number, entry in enumerate(rollout.waves):
        meets = np.ones(len(line), dtype=np.bool_)
        if entry.devices is not None:
            meets = list_mask(entry.devices, fleet, scenario, f"plan.rollout.waves[{number}].devices")[line]
        here = left & meets
        taken = waves.wanted(entry, int(meets.sum()), int(here.sum()), rollout.rounding)
        chosen = here & (np.cumsum(here) <= taken)
        left &= ~chosen
        sizes = _groups(scenario, number, taken)
        parts += np.split(line[chosen], np.cumsum(sizes)[:-1])
        groups.append(len(sizes))
    if not rollout.waves:
        parts = [line]
    if rollout.late_joiners == "last-wave":
        parts[-1] = np.concatenate([parts[-1], everybody[(targets & late)[everybody]]])
    for number, devices in enumerate(parts):
        wave[devices] = number
    order = np.concatenate(parts).astype(np.int32)
    rank = np.full(fleet.n, IN_NO_WAVE, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[at_once & targets] = ALWAYS_RELEASED
    ends = np.cumsum([len(devices) for devices in parts]).tolist()
    return order, rank, wave, ends, tuple(waves.played(rollout.waves, groups))


def _groups(scenario: Scenario, number: int, size: int) -> list[int]:
    try:
        rollout = scenario.plan.rollout
        return waves.groups(rollout.waves[number], size, rollout.rounding)
    except waves.TooManyWavesError as error:
        where = f"plan.rollout.waves[{number}].groups_of"
        raise ScenarioError([scenario.placed(Problem("", 0, 0, where, str(error)))]) from None


def gates_of(played: Sequence[PlayedWave], ends: list[int]) -> tuple[Ints, Ints]:
    """Rows of ``waves`` and ``shares`` (rules/rollout_rows.py); ``ends``: where each wave ends in the order."""
    gates = np.full((len(ends), rr.WAVE), -1, dtype=np.int64)
    shares = np.full((len(ends), rr.SHARES), -1, dtype=np.int64)
    gates[:, rr.FIRST] = [0, *ends[:-1]]
    gates[:, rr.END] = ends
    gates[:, [rr.BY_OPERATOR, rr.OPERATED, rr.LAPSED, rr.ALL_FINISHED_OPENS, rr.SHARE_OF, rr.HOLD_MS]] = 0
    gates[:, rr.NEEDS_FINISHED] = 0
    gates[:, rr.ON_DEADLINE] = rr.OPEN
    for number, wave in enumerate(played):
        opens = wave.opens
        row = gates[number]
        row[rr.AT_MS] = -1 if opens.at is None else round(opens.at * 1000)
        row[rr.AFTER_MS] = -1 if opens.after is None else round(opens.after * 1000)
        row[rr.DEADLINE_MS] = -1 if opens.deadline is None else max(1, round(opens.deadline * 1000))
        row[rr.HOLD_MS] = round(opens.hold * 1000)
        row[rr.ON_DEADLINE] = rr.VERDICTS.index(opens.on_deadline)
        row[rr.BY_OPERATOR] = opens.by_operator
        row[rr.ALL_FINISHED_OPENS] = opens.when_all_finished == "open"
        row[rr.SHARE_OF] = rr.DENOMINATORS.index("group" if opens.success is None else opens.share_of)
        row[rr.NEEDS_FINISHED] = number > 0 and opens.says_nothing
        success = 0.0 if opens.success is None and opens.watches else opens.success
        shares[number] = (*fraction(success), *fraction(opens.quorum))
    return gates, shares


def fraction(given: float | None) -> tuple[int, int]:
    """A share's numerator and denominator; -1 for one that is not given."""
    if given is None:
        return -1, 1
    return share.exact(given).as_integer_ratio()
