"""A run on the compiled engine as it advances, cut into stretches by what happens to the plan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fota_sim.device.fields import NONE
from fota_sim.device.operator import ACTIONS, END
from fota_sim.engines import operation
from fota_sim.engines.compiled import layout, life, loop, operator, room
from fota_sim.engines.compiled.arrays import Memory
from fota_sim.engines.compiled.layout import DEVICE_BITS, NO_KEY
from fota_sim.engines.compiled.log import Log
from fota_sim.engines.parameters import OperatorStep, PlanParameters
from fota_sim.engines.table import EXPIRED
from fota_sim.engines.work import MEETING_COMPILED, SAMPLE, Progress, Work, share_done
from fota_sim.rules import lifecycle, rollout
from fota_sim.rules import rollout_rows as rr

EVENTS = 50_000
"""Between two looks at progress and Ctrl-C: some thousandths of a second, for the explorer cuts a run off there."""
_GROWTH = 1.5
_MOST_LINES = 1 << 20  # of the log, before they are put aside


class Stretches:
    """The run as it advances from one thing that happens to the plan to the next; its arrays grow as they have to."""

    def __init__(self, memory: Memory, plan: PlanParameters, log: Log) -> None:
        self.memory = memory
        self.world = memory.world
        self.log = log
        self.plan_log: list[tuple[int, str]] = [(0, operation.ACTIVATED)]
        self._plan = plan
        self.reached_ms = 0

    def copy(self, plan: PlanParameters) -> Stretches:
        """The run as it is now, to go on by itself under another plan: one that is the same before now."""
        other = Stretches(self.memory.copy(), plan, self.log.copy())
        other.plan_log = [*self.plan_log]
        other.reached_ms = self.reached_ms
        return other

    def play_to(self, until_ms: int, progress: Progress | None = None) -> None:
        """Everything before this time; it may go on from there."""
        work = Work(progress)
        for at_ms, step in self._happenings(until_ms):
            self._advance_to(at_ms, work)
            if step is None:
                self._end(at_ms)
            else:
                self._operate(step)
        self._advance_to(until_ms, work)
        self.reached_ms = until_ms

    def end_at(self, horizon_ms: int) -> None:
        """Let the run have this horizon, which is not behind it; nobody knows then who would have died later."""
        self.world.horizon_ms = horizon_ms
        dies_ms = self.memory["dies_ms"]
        dies_ms[dies_ms >= horizon_ms] = NONE

    def finish(self) -> None:
        """Write down what came of each device; then there is no going on."""
        while not life.finish_all(self.world):
            self._make_room()
        self.memory.check()
        self._put_lines_aside()

    def _happenings(self, until_ms: int) -> list[tuple[int, OperatorStep | None]]:
        """What happens to the plan from now on and before that time, in order; None for its planned end."""
        found: list[tuple[int, OperatorStep | None]] = [(step.at_ms, step) for step in self._plan.operator]
        found.append((self._plan.ends_ms, None))
        found.sort(key=lambda happening: happening[0])
        return [happening for happening in found if self.reached_ms <= happening[0] < until_ms]

    def _advance_to(self, until_ms: int, work: Work) -> None:
        w = self.world
        w.until_ms = until_ms
        w.first_confirm = NO_KEY
        while not loop.advance(w, EVENTS):
            self._make_room()
            if work.is_heard:
                work.tell(self._done())
        if w.first_confirm != NO_KEY and w.plan_state == lifecycle.ACTIVATED:
            w.plan_state = lifecycle.UPGRADING
            self.plan_log.append((int(w.first_confirm) >> DEVICE_BITS, operation.UPGRADING))

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

    # The plan

    def _operate(self, step: OperatorStep) -> None:
        at_ms, do, named, rate = step
        devices = np.array(named, dtype=np.int64)
        after, line = operation.operate(int(self.world.plan_state), do, len(devices), self._plan.delete_rule)
        self.plan_log.append((at_ms, line))
        if after is None:
            return
        self.world.plan_state = after
        if do == "open_wave":
            self._open_wave(at_ms)
        if rate is not None:
            succeeded = int(self.memory["rollout_counts"][-1, rr.SUCCEEDED])
            rollout.change_rate(self.memory["rollout_state"], self.memory["rollout_pace"], *rate, succeeded, at_ms)
            self._stir(at_ms)
        if do in ACTIONS:
            self._act_on(ACTIONS[do], devices if do in ("cancel", "retry") else self._everybody(), at_ms)

        if do == "resume":
            rollout.take_up(self.memory["rollout_state"], self.memory["rollout_pace"], at_ms)
            self._stir(at_ms)

    def _open_wave(self, at_ms: int) -> None:
        waves, opened = self.memory["rollout_waves"], self.memory["rollout_state"][rr.OPENED]
        if opened < len(waves):
            waves[opened, rr.OPERATED] = 1
            self._stir(at_ms)

    def _stir(self, at_ms: int) -> None:
        if self.world.ordered:
            self.world.look_ms = min(self.world.look_ms, at_ms)

    def _end(self, at_ms: int) -> None:
        if self.world.plan_state in operation.CAN_END:
            self.world.plan_state = lifecycle.ENDED
            self.plan_log.append((at_ms, operation.ENDED))
            self._act_on(END, self._everybody(), at_ms)

    def _everybody(self) -> NDArray[np.int64]:
        return np.arange(self.world.devices, dtype=np.int64)

    def _act_on(self, action: int, devices: NDArray[np.int64], at_ms: int) -> None:
        position = 0
        while position < len(devices):
            position = operator.act_on(self.world, action, devices, position, at_ms, EXPIRED)
            self._make_room()

    # Room

    def _make_room(self) -> None:
        """Let the array grow that the loop is short of; of the log, put aside what is there."""
        self.memory.check()
        short_of, self.world.short_of = self.world.short_of, room.NOTHING
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
        self.log.add(self.memory["lines"][: self.world.lines_used])
        self.world.lines_used = 0

    def counters(self) -> dict[str, int]:
        """Events played, turns taken, and the bytes that the devices' state took at its largest."""
        w = self.world
        used = {"lives": w.lives_used, "events": w.events_used, "rows": w.rows_used, "parts": w.lives_used * w.parts}
        whole = ("heap", "ended", "slots", "finished", "arrivals")
        state_B = sum(int(count) * self.memory[name].itemsize for name, count in used.items())
        state_B += sum(self.memory[name].nbytes for name in whole)
        return {"events": int(w.handled), "turns": int(w.turns), "state_bytes": state_B}
