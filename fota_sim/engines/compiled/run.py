"""One replication on the compiled engine, from the scenario to its record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fota_sim.engines import operation
from fota_sim.engines.compiled import events as e
from fota_sim.engines.compiled import layout, loop, operator, render
from fota_sim.engines.compiled.layout import Arrivals, Records, World
from fota_sim.engines.compiled.queue import DEVICE_BITS, NO_KEY
from fota_sim.engines.compiled.world import STATUSES, Names, build, names_of
from fota_sim.engines.kept import kept_devices
from fota_sim.engines.parameters import PlanParameters, build_parameters
from fota_sim.engines.record import RunRecord
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.fleet import build_fleet
from fota_sim.protocol.vocabulary import ComponentStatus
from fota_sim.rules import codes, lifecycle
from fota_sim.rules.labels import BELIEFS, CAUSES, OUTCOMES
from fota_sim.rules.outcome import UPGRADED
from fota_sim.scenario.model import Scenario

Progress = Callable[[int, int], None]
"""Called now and then with how far virtual time is, and how far it goes, both in ms."""

TURNS = 20_000
"""Turns of devices between two looks at progress and Ctrl-C: some hundredths of a second."""
_GROWTH = 1.5


class Stretches:
    """The run as it advances from one thing that happens to the plan to the next; its arrays grow as they have to."""

    def __init__(self, world: World, arrivals: Arrivals, plan: PlanParameters, horizon_ms: int) -> None:
        self.world = world
        self.arrivals = arrivals
        self._plan = plan
        self._horizon_ms = horizon_ms
        self._lines: list[Records] = []
        self.log: list[tuple[int, str]] = [(0, operation.ACTIVATED)]

    @property
    def _state(self) -> int:
        return int(self.world.s[e.PLAN_STATE])

    def play(self, progress: Progress | None) -> None:
        """Everything before the horizon, then what came of each device."""
        for at_ms, do, devices in self._happenings():
            self._advance_to(at_ms, progress)
            if do is None:
                self._end(at_ms)
            else:
                self._operate(at_ms, do, devices)
        self._advance_to(self._horizon_ms, progress)
        loop.finish_all(self.world, self.arrivals, 0, len(self.arrivals.keys))
        if progress is not None:
            progress(self._horizon_ms, self._horizon_ms)

    def _happenings(self) -> list[tuple[int, str | None, NDArray[np.int64]]]:
        """What happens to the plan before the horizon, in order; None for its planned end."""
        found: list[tuple[int, str | None, NDArray[np.int64]]] = [
            (at_ms, do, np.array(devices, dtype=np.int64)) for at_ms, do, devices in self._plan.operator
        ]
        found.append((self._plan.ends_ms, None, np.zeros(0, dtype=np.int64)))
        found.sort(key=lambda happening: happening[0])
        return [happening for happening in found if happening[0] < self._horizon_ms]

    def _advance_to(self, until_ms: int, progress: Progress | None) -> None:
        s = self.world.s
        s[e.UNTIL_MS] = until_ms
        s[e.FIRST_CONFIRM] = NO_KEY
        while not loop.advance(self.world, self.arrivals, TURNS):
            self._make_room()
            if progress is not None:
                progress(self._now_ms(), self._horizon_ms)
        if s[e.FIRST_CONFIRM] != NO_KEY and self._state == lifecycle.ACTIVATED:
            s[e.PLAN_STATE] = lifecycle.UPGRADING
            self.log.append((int(s[e.FIRST_CONFIRM]) >> DEVICE_BITS, operation.UPGRADING))

    def _now_ms(self) -> int:
        """How far the run is: the time of the next turn."""
        s = self.world.s
        keys = []
        if s[e.HEAP_SIZE]:
            keys.append(int(self.world.heap[0]))
        if s[e.ARRIVED] < len(self.arrivals.arrivals):
            keys.append(int(self.arrivals.arrivals[s[e.ARRIVED]]))
        return min(keys) >> DEVICE_BITS if keys else self._horizon_ms

    # The plan

    def _operate(self, at_ms: int, do: str, devices: NDArray[np.int64]) -> None:
        after, line = operation.operate(self._state, do, len(devices), self._plan.delete_rule)
        self.log.append((at_ms, line))
        if after is None:
            return
        self.world.s[e.PLAN_STATE] = after
        action = operator.ACTIONS.get(do)
        if action is not None:
            concerned = devices if do in ("cancel", "retry") else self._everybody()
            self._act_on(action, concerned, at_ms, ComponentStatus.EXPIRED)

    def _end(self, at_ms: int) -> None:
        if self._state in operation.CAN_END:
            self.world.s[e.PLAN_STATE] = lifecycle.ENDED
            self.log.append((at_ms, operation.ENDED))
            self._act_on(operator.END, self._everybody(), at_ms, ComponentStatus.EXPIRED)

    def _everybody(self) -> NDArray[np.int64]:
        return np.arange(len(self.arrivals.keys), dtype=np.int64)

    def _act_on(self, action: int, devices: NDArray[np.int64], at_ms: int, expired: ComponentStatus) -> None:
        position = 0
        while position < len(devices):
            status = STATUSES.index(expired)
            position = operator.act_on(self.world, self.arrivals, action, devices, position, at_ms, status)
            self._make_room()

    # Room

    def _make_room(self) -> None:
        """Let the array grow that the loop is short of; of the log, put aside what is there."""
        short_of = self.world.s[e.SHORT_OF]
        w = self.world
        if short_of == e.LINES:
            self._put_lines_aside()
            if len(w.lines) < _MOST_LINES:
                self.world = w._replace(lines=_grown(w.lines))
        elif short_of == e.LIVES:
            lives = _grown(w.lives)
            parts = layout.more_rows(w.parts, len(lives) * int(w.plan[0].parts))
            self.world = w._replace(lives=lives, parts=parts)
        elif short_of == e.EVENTS:
            self.world = w._replace(events=_grown(w.events))
        elif short_of == e.ROWS:
            self.world = w._replace(rows=_grown(w.rows))
        elif short_of == e.HEAP:
            self.world = w._replace(heap=_grown(w.heap))
        w.s[e.SHORT_OF] = e.NOTHING

    def _put_lines_aside(self) -> None:
        s = self.world.s
        self._lines.append(self.world.lines[: s[e.LINES_USED]].copy())
        s[e.LINES_USED] = 0

    def lines(self) -> Records:
        """The whole event log, in the order in which it was written."""
        self._put_lines_aside()
        return np.concatenate(self._lines)


_MOST_LINES = 1 << 20


def _grown(rows: Any) -> Any:
    return layout.more_rows(rows, int(_GROWTH * len(rows)) + loop.RESERVE)


def run_replication(
    scenario: Scenario, replication: int, progress: Progress | None = None, keep_ids: frozenset[str] = frozenset()
) -> RunRecord:
    """Play replication number ``replication`` (from 0); raises ScenarioError for what only the fleet shows."""
    fleet = build_fleet(scenario, replication)
    parameters = build_parameters(scenario, fleet, replication)
    kept = kept_devices(scenario, fleet, keep_ids)
    logged = np.zeros(fleet.n, dtype=np.bool_)
    logged[sorted(kept)] = True
    if scenario.keep.events:
        logged[:] = True
    names = names_of(parameters, fleet)
    world, arrivals = build(scenario, parameters, fleet, replication, names, logged)
    keys = np.zeros(fleet.n, dtype=np.int64)
    count = loop.arrival_keys(world, arrivals, keys)
    arrivals = arrivals._replace(arrivals=np.sort(keys[:count]))
    run = Stretches(world, arrivals, parameters.plan, parameters.horizon_ms)
    run.play(progress)
    rows = run.world.rows[: run.world.s[e.ROWS_USED]]
    rows = rows[np.argsort(rows["device"], kind="stable")]
    lines = run.lines()
    words = render.Words(parameters.plan, names.versions, names.parts)
    told = render.stories(lines, words, sorted(kept))
    return RunRecord(
        replication=replication,
        horizon_ms=parameters.horizon_ms,
        devices=happened(run, names),
        downloads=np.stack([rows[name].astype(np.int64) for name in _DOWNLOAD], axis=1),
        events=None,
        transcripts={fleet.ids[number]: dialogue for number, (dialogue, _) in told.items()},
        platform_logs={fleet.ids[number]: log for number, (_, log) in told.items()},
        plan_log=run.log,
    )


_DOWNLOAD = ("device", "start_ms", "end_ms", "sent_B", "wasted_B")


def happened(run: Stretches, names: Names) -> dict[str, Any]:
    """What became of each device, by column of the device table."""
    ended = run.arrivals.ended
    outcome, belief = ended["outcome"], ended["belief"]
    return {
        "firmware_end": Coded(ended["firmware"], names.versions),
        **{
            f"mcu_{name}_end": Coded(run.arrivals.mcu[:, j], names.versions)
            for j, name in enumerate(names.parts[: names.module_part])
        },
        "battery_end_pct": ended["charge"] * 100.0,
        "outcome": Coded(outcome.astype(np.int32), OUTCOMES),
        "cause": Coded(ended["cause"].astype(np.int32), CAUSES),
        "belief": Coded(belief.astype(np.int32), BELIEFS),
        "component_status": Coded(ended["status"].astype(np.int32), tuple(s.value for s in STATUSES)),
        "reported_version": Coded(ended["reported"], names.versions),
        "belief_true": (belief == UPGRADED) == (outcome == codes.UPGRADED),
        **{name: ended[name] for name in (*layout.STORY_COUNTS, *layout.STORY_TIMES)},
        "bytes_sent": ended["bytes_sent"],
        "bytes_wasted": ended["bytes_wasted"],
        "energy_J": ended["energy_J"],
        "energy_wasted_J": ended["wasted_energy_J"],
    }
