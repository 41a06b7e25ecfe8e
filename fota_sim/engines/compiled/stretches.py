"""A run on the compiled engine as it advances, cut into stretches by what happens to its plans."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.device.operator import ACTIONS, END
from fota_sim.engines import operation
from fota_sim.engines.compiled import layout, life, loop, operator, room
from fota_sim.engines.compiled.arrays import Memory
from fota_sim.engines.compiled.helper import Helper
from fota_sim.engines.compiled.layout import DEVICE_BITS, NO_KEY
from fota_sim.engines.compiled.log import Log
from fota_sim.engines.operation import PlanLog
from fota_sim.engines.parameters import Parameters
from fota_sim.engines.plans import OperatorStep
from fota_sim.engines.table import EXPIRED
from fota_sim.engines.work import MEETING_COMPILED, SAMPLE, Progress, Work, share_done
from fota_sim.rules import lifecycle, rollout
from fota_sim.rules import rollout_rows as rr

EVENTS = 200_000
"""Between two looks at progress and Ctrl-C: about a hundredth of a second, for the explorer cuts a run off there."""
_MOST_LINES = 1 << 20  # of the log, before they are put aside


class Stretches:
    """The run as it advances from one thing that happens to a plan to the next; its arrays grow as they have to."""

    def __init__(self, memory: Memory, parameters: Parameters, log: Log) -> None:
        self.memory = memory
        self.world = memory.world
        self.loop = memory.loop
        self.log = log
        self.plan_logs: list[PlanLog] = [[(0, operation.ACTIVATED)] for _ in parameters.plans]
        """Of each plan; what the loop wrote stands in the log."""
        self._helper = Helper(memory)
        self._plans = parameters.plans
        self._plan_of = parameters.plan_of
        self.reached_ms = 0

    def copy(self, parameters: Parameters) -> Stretches:
        """The run as it is now, to go on by itself under other plans: ones that are the same before now."""
        other = Stretches(self.memory.copy(), parameters, self.log.copy())
        other.plan_logs = [[*log] for log in self.plan_logs]
        other.reached_ms = self.reached_ms
        return other

    def play_to(self, until_ms: int, progress: Progress | None = None) -> None:
        """Everything before this time; it may go on from there."""
        work = Work(progress)
        with self._helper:
            for at_ms, plan, step in self._happenings(until_ms):
                self._advance_to(at_ms, work)
                if step is None:
                    self._end(plan, at_ms)
                else:
                    self._operate(plan, step)
            self._advance_to(until_ms, work)
        self.reached_ms = until_ms

    def end_at(self, horizon_ms: int) -> None:
        """Let the run have this horizon, which is not behind it; nobody knows then who would have died later."""
        for world in self.memory.worlds:
            world.horizon_ms = horizon_ms
        dies_ms = self.memory["dies_ms"]
        dies_ms[dies_ms >= horizon_ms] = NONE

    def finish(self) -> None:
        """Write down what came of each device; then there is no going on."""
        while not life.finish_all(self.world):
            self._make_room()
        self.memory.check()
        self._put_lines_aside()

    def _happenings(self, until_ms: int) -> list[tuple[int, int, OperatorStep | None]]:
        """What happens to which plan from now on and before that time, by time and plan; None for its planned end."""
        found: list[tuple[int, int, OperatorStep | None]] = []
        for number, plan in enumerate(self._plans):
            found += [(step.at_ms, number, step) for step in plan.operator]
            found.append((plan.ends_ms, number, None))
        found.sort(key=lambda happening: happening[:2])
        return [happening for happening in found if self.reached_ms <= happening[0] < until_ms]

    def _advance_to(self, until_ms: int, work: Work) -> None:
        self.loop.until_ms = until_ms
        for w in self.memory.worlds:
            w.first_confirm = NO_KEY
        self._helper.comes()
        while not loop.advance(self.world, EVENTS):
            self._helper.tells()
            self._make_room()
            work.look(self._done)
            self._helper.comes()
        self._helper.tells()
        for w, log in zip(self.memory.worlds, self.plan_logs, strict=True):
            if w.first_confirm != NO_KEY and w.plan_state == lifecycle.ACTIVATED:
                w.plan_state = lifecycle.UPGRADING
                log.append((int(w.first_confirm) >> DEVICE_BITS, operation.UPGRADING))

    def _done(self) -> float:
        """How much of the work is done, from 0 to 1, by a sample of the devices."""
        w, every = self.world, max(1, len(self.memory["slots"]) // SAMPLE)
        slots = self.memory["slots"]["row"][::every]
        rows = slots[slots != NONE]
        at_B, end_B, downloaded_ms = (self.memory["lives"][name][rows] for name in ("at_B", "end_B", "downloaded_ms"))
        ended = int(np.count_nonzero(self.memory["finished"][::every]))
        loaded = np.where(downloaded_ms >= 0, 1.0, at_B / np.maximum(1, end_B))
        met = ended + len(rows)
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
            suspended = after == lifecycle.SUSPENDED
            rollout.change_rate(*self._paced(plan), *rate, succeeded, suspended, at_ms)
            self._stir(plan, at_ms)
        if do in ACTIONS:
            named_only = do in ("cancel", "retry")
            self._act_on(plan, ACTIONS[do], devices if named_only else self._everybody(plan), at_ms)
        if do == "resume":
            rollout.resume(*self._paced(plan), at_ms)
            self._stir(plan, at_ms)

    def _paced(self, plan: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
        """How a plan's devices are released."""
        rollouts = self.memory.of_plan(plan)
        return rollouts["rollout_state"], rollouts["rollout_pace"], rollouts["rollout_waves"]

    def _open_wave(self, plan: int, at_ms: int) -> None:
        rollouts = self.memory.of_plan(plan)
        if rollout.operate_wave(rollouts["rollout_state"], rollouts["rollout_waves"]):
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
        short_of, self.loop["short_of"] = self.loop["short_of"], room.NOTHING
        if short_of == room.LINES:
            self._put_lines_aside()
            if self.world.lines_room < _MOST_LINES:
                self._grow("lines")
        elif short_of == room.LIVES:
            self._grow("lives")
            self.memory.grow("parts", int(self.world.lives_room * self.world.parts))
            self.memory.grow("shadowing", int(self.world.lives_room * layout.STEPS))
        elif short_of == room.HEAP:
            self._grow("heap")
            self.memory.grow("far", int(self.world.heap_room))
        elif short_of != room.NOTHING:
            self._grow({room.EVENTS: "events", room.ROWS: "rows"}[int(short_of)])

    def _grow(self, name: str) -> None:
        self._helper.goes()
        self.memory.grow(name, self.memory.more_rows(name))

    def _put_lines_aside(self) -> None:
        self.log.add(self.memory["lines"][: self.loop.lines_used])
        self.loop.lines_used = 0

    def counters(self) -> dict[str, int]:
        """Events played, turns taken, and the bytes that the devices' state took at its largest."""
        w, parts = self.loop, self.world.parts
        used = {"lives": w.lives_used, "events": w.events_used, "rows": w.rows_used, "parts": w.lives_used * parts}
        whole = ("heap", "far", "ended", "slots", "finished", "arrivals")
        state_B = sum(int(count) * self.memory[name].itemsize for name, count in used.items())
        state_B += sum(self.memory[name].nbytes for name in whole)
        return {"events": int(w.handled), "turns": int(w.turns), "state_bytes": state_B}
