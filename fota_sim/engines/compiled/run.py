"""One replication on the compiled engine, from the scenario to its record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.device.operator import ACTIONS, END
from fota_sim.engines import operation
from fota_sim.engines.compiled import layout, life, loop, operator, ready, render, room
from fota_sim.engines.compiled.arrays import Memory, watched
from fota_sim.engines.compiled.fates import downloads, fates
from fota_sim.engines.compiled.layout import DEVICE_BITS, NO_KEY
from fota_sim.engines.compiled.log import Log
from fota_sim.engines.compiled.plans_words import PlansWords
from fota_sim.engines.compiled.world import build
from fota_sim.engines.ends import Planned
from fota_sim.engines.kept import kept_devices
from fota_sim.engines.operation import PlanLog
from fota_sim.engines.parameters import OperatorStep, Parameters, build_parameters
from fota_sim.engines.phases import timed
from fota_sim.engines.plan_log import plans_log
from fota_sim.engines.record import RunRecord
from fota_sim.engines.setting.names import names_of
from fota_sim.engines.sorted_rows import SortedRows
from fota_sim.engines.spill import Spill
from fota_sim.engines.table import EXPIRED, device_table, fleet_columns
from fota_sim.engines.work import MEETING_COMPILED, SAMPLE, Progress, Work, share_done
from fota_sim.fleet.fleet import Part, build_fleet
from fota_sim.rules import lifecycle, rollout
from fota_sim.rules import rollout_rows as rr
from fota_sim.scenario.drawn import of_replication
from fota_sim.scenario.model import Scenario

EVENTS = 50_000
"""Between two looks at progress and Ctrl-C: some thousandths of a second, for the explorer cuts a run off there."""
_GROWTH = 1.5
_MOST_LINES = 1 << 20  # of the log, before they are put aside


class Stretches:
    """The run as it advances from one thing that happens to a plan to the next; its arrays grow as they have to."""

    def __init__(self, memory: Memory, parameters: Parameters, log: Log) -> None:
        self.memory = memory
        self.world = memory.world
        self.loop = memory.loop
        self.plan_logs: list[PlanLog] = [[(0, operation.ACTIVATED)] for _ in parameters.plans]
        """Of each plan; what the loop wrote stands in the log."""
        self._plans = parameters.plans
        self._plan_of = parameters.plan_of
        self._horizon_ms = int(memory.world.horizon_ms)
        self._log = log

    def play(self, progress: Progress | None) -> None:
        """Everything before the horizon, then what came of each device."""
        work = Work(progress)
        for at_ms, plan, step in self._happenings():
            self._advance_to(at_ms, work)
            if step is None:
                self._end(plan, at_ms)
            else:
                self._operate(plan, step)
        self._advance_to(self._horizon_ms, work)
        while not life.finish_all(self.world):
            self._make_room()
        self.memory.check()
        self._put_lines_aside()
        work.tell(1.0)

    def _happenings(self) -> list[tuple[int, int, OperatorStep | None]]:
        """What happens to which plan before the horizon, in order of time and plan; None for its planned end."""
        found: list[tuple[int, int, OperatorStep | None]] = []
        for number, plan in enumerate(self._plans):
            found += [(step.at_ms, number, step) for step in plan.operator]
            found.append((plan.ends_ms, number, None))
        found.sort(key=lambda happening: happening[:2])
        return [happening for happening in found if happening[0] < self._horizon_ms]

    def _advance_to(self, until_ms: int, work: Work) -> None:
        self.loop.until_ms = until_ms
        for w in self.memory.worlds:
            w.first_confirm = NO_KEY
        while not loop.advance(self.world, EVENTS):
            self._make_room()
            if work.is_heard:
                work.tell(self._done())
        for w, log in zip(self.memory.worlds, self.plan_logs, strict=True):
            if w.first_confirm != NO_KEY and w.plan_state == lifecycle.ACTIVATED:
                w.plan_state = lifecycle.UPGRADING
                log.append((int(w.first_confirm) >> DEVICE_BITS, operation.UPGRADING))

    def _done(self) -> float:
        """How much of the work is done, from 0 to 1, by a sample of the devices."""
        w, every = self.world, max(1, len(self.memory["slots"]) // SAMPLE)
        slots = self.memory["slots"][::every]
        lives = self.memory["lives"][slots[slots != NONE]]
        ended = int(np.count_nonzero(self.memory["finished"][::every]))
        loaded = np.where(lives["downloaded_ms"] >= 0, 1.0, lives["at_B"] / np.maximum(1, lives["end_B"]))
        met = ended + len(lives)
        to_come = len(slots) * int(w.arrivals_room) / max(1, int(w.devices))
        return share_done(MEETING_COMPILED, max(met, to_come), met, ended + float(np.clip(loaded, 0.0, 1.0).sum()))

    # Plans

    def _operate(self, plan: int, step: OperatorStep) -> None:
        at_ms, do, named, rate = step
        world, rollouts = self.memory.worlds[plan], self.memory.of_plan(plan)
        devices = np.array(named, dtype=np.int64)
        after, line = operation.operate(int(world.plan_state), do, len(devices), self._plans[plan].delete_rule)
        self.plan_logs[plan].append((at_ms, line))
        if after is None:
            return
        world.plan_state = after
        if do == "open_wave":
            self._open_wave(plan, at_ms)
        if rate is not None:
            succeeded = int(rollouts["rollout_counts"][-1, rr.SUCCEEDED])
            rollout.change_rate(rollouts["rollout_state"], rollouts["rollout_pace"], *rate, succeeded, at_ms)
            self._stir(plan, at_ms)
        if do in ACTIONS:
            named_only = do in ("cancel", "retry")
            self._act_on(plan, ACTIONS[do], devices if named_only else self._everybody(plan), at_ms)

        if do == "resume":
            rollout.take_up(rollouts["rollout_state"], rollouts["rollout_pace"], at_ms)
            self._stir(plan, at_ms)

    def _open_wave(self, plan: int, at_ms: int) -> None:
        rollouts = self.memory.of_plan(plan)
        waves, opened = rollouts["rollout_waves"], rollouts["rollout_state"][rr.OPENED]
        if opened < len(waves):
            waves[opened, rr.OPERATED] = 1
            self._stir(plan, at_ms)

    def _stir(self, plan: int, at_ms: int) -> None:
        world = self.memory.worlds[plan]
        if world.ordered:
            world.look_ms = min(world.look_ms, at_ms)
            self.loop.look_ms = min(self.loop.look_ms, at_ms)

    def _end(self, plan: int, at_ms: int) -> None:
        world = self.memory.worlds[plan]
        if world.plan_state in operation.CAN_END:
            world.plan_state = lifecycle.ENDED
            self.plan_logs[plan].append((at_ms, operation.ENDED))
            self._act_on(plan, END, self._everybody(plan), at_ms)

    def _everybody(self, plan: int) -> NDArray[np.int64]:
        """The devices of a plan."""
        return np.flatnonzero(self._plan_of == plan)

    def _act_on(self, plan: int, action: int, devices: NDArray[np.int64], at_ms: int) -> None:
        position = 0
        while position < len(devices):
            position = operator.act_on(self.memory.worlds[plan], action, devices, position, at_ms, EXPIRED)
            self._make_room()

    # Room

    def _make_room(self) -> None:
        """Let the array grow that the loop is short of; of the log, put aside what is there."""
        self.memory.check()
        short_of, self.loop.short_of = self.loop.short_of, room.NOTHING
        if short_of == room.LINES:
            self._put_lines_aside()
            if self.world.lines_room < _MOST_LINES:
                self._grow("lines")
        elif short_of == room.LIVES:
            self._grow("lives")
            self.memory.grow("parts", int(self.world.lives_room * self.world.parts))
        elif short_of != room.NOTHING:
            self._grow({room.EVENTS: "events", room.ROWS: "rows", room.HEAP: "heap"}[int(short_of)])

    def _grow(self, name: str) -> None:
        count = int(_GROWTH * len(self.memory[name])) + layout.RESERVE
        self.memory.grow(name, self.memory.without_copy(name, count))

    def _put_lines_aside(self) -> None:
        self._log.add(self.memory["lines"][: self.loop.lines_used])
        self.loop.lines_used = 0

    def counters(self) -> dict[str, int]:
        """Events played, turns taken, and the bytes that the devices' state took at its largest."""
        w, parts = self.loop, self.world.parts
        used = {"lives": w.lives_used, "events": w.events_used, "rows": w.rows_used, "parts": w.lives_used * parts}
        whole = ("heap", "ended", "slots", "finished", "arrivals")
        state_B = sum(int(count) * self.memory[name].itemsize for name, count in used.items())
        state_B += sum(self.memory[name].nbytes for name in whole)
        return {"events": int(w.handled), "turns": int(w.turns), "state_bytes": state_B}


def run_replication(
    scenario: Scenario,
    replication: int,
    progress: Progress | None = None,
    keep_ids: frozenset[str] = frozenset(),
    scratch: Path | None = None,
    part: Part | None = None,
) -> RunRecord:
    """Play replication number ``replication`` (from 0); see :class:`fota_sim.engines.choice.Engine`."""
    phases_s: dict[str, float] = {}
    with timed(phases_s, "compile"):  # first, for the fleet is drawn by compiled rules too
        ready.load()
    with timed(phases_s, "fleet"):
        scenario = of_replication(scenario, replication)
        fleet = build_fleet(scenario, replication, part)
        parameters = build_parameters(scenario, fleet, replication)
        kept = sorted(kept_devices(scenario, fleet, keep_ids))
        logged = np.full(fleet.n, scenario.keep.events)
        logged[kept] = True
        names = names_of(parameters, fleet)
    with timed(phases_s, "arrivals"), watched():
        memory = build(scenario, parameters, fleet, replication, names, logged)
    log = Log(kept, SortedRows(Spill(scratch, "the events (keep.events)")) if scenario.keep.events else None)
    run = Stretches(memory, parameters, log)
    with timed(phases_s, "loop"), watched():
        run.play(progress)
    with timed(phases_s, "tables"):
        words = PlansWords.of(parameters.plans, names)
        lines = log.told()
        told = render.stories(lines, words, kept)
        plan_log = plans_log([plan.name for plan in parameters.plans], render.plan_logs(run.plan_logs, lines, words))
        events = render.LoggedEvents(log, words, fleet.ids) if scenario.keep.events else None
        counters = run.counters()
        # from here on what is not needed any more is let go, so that tables take the room of the loop
        memory.keep_only("ended", "mcu", "released_ms", "rows")
        shown, ids, mcus, first = fleet_columns(fleet), fleet.ids, list(fleet.mcu), fleet.first
        planned = Planned.of(parameters, memory["released_ms"], fleet.white & ~fleet.black)
        horizon_ms = parameters.horizon_ms
        del fleet, parameters, logged, run, words
        table = device_table(shown, fates(memory, mcus, names, planned))
        return RunRecord(
            replication=replication,
            horizon_ms=horizon_ms,
            devices=table,
            downloads=downloads(memory, first),
            events=events,
            transcripts={ids[number]: dialogue for number, (dialogue, _) in told.items()},
            platform_logs={ids[number]: said for number, (_, said) in told.items()},
            plan_log=plan_log,
            phases_s=phases_s,
            counters=counters,
        )
