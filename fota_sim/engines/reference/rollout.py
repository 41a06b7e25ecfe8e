"""The rollout: waves, release, slots and abort rules, over all devices of the plan.

Whatever may change what others are offered calls :meth:`Rollout.stir`; the rollout looks at everything after the
present event, before any device goes on in this millisecond.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from fota_sim.engines import operation
from fota_sim.engines.reference.environment import THE_PLAN, FleetEnvironment
from fota_sim.engines.reference.knowledge import Record
from fota_sim.engines.rollout import RolloutParameters
from fota_sim.rules import codes, plan, rollout
from fota_sim.rules import rollout_rows as rr
from fota_sim.rules.host import UNKNOWN

if TYPE_CHECKING:
    from fota_sim.engines.reference.modem import Modem
    from fota_sim.engines.reference.platform import Platform

_WANTED = 2  # the cell's slots first, then the plan's


class Pool:
    """Slots, and two lines for them: who is served first, and the others."""

    def __init__(self, limit: int, reserved: int, queues: bool, lifo: bool) -> None:
        self.limit = limit
        self.reserved = reserved
        self.queues = queues
        self._lifo = lifo
        self.used = 0
        self._lines: tuple[deque[tuple[int, int]], deque[tuple[int, int]]] = (deque(), deque())

    def has_room(self, first_served: bool) -> bool:
        """Whether one more may have a slot."""
        return rollout.has_slot(self.used, self.limit, self.reserved, first_served)

    def line_up(self, device: int, ticket: int, first_served: bool) -> None:
        """Wait in line."""
        line = self._lines[0 if first_served else 1]
        if self._lifo:
            line.appendleft((device, ticket))
        else:
            line.append((device, ticket))

    def next_in_line(self) -> tuple[int, int] | None:
        """Who is next, if there is room; taken out of the line."""
        for line, first_served in zip(self._lines, (True, False), strict=True):
            if line and self.has_room(first_served):
                return line.popleft()
        return None


class Rollout:
    """Who is offered the plan now, as far as that depends on the others."""

    def __init__(self, env: FleetEnvironment, platform: Platform, parameters: RolloutParameters, devices: int) -> None:
        self._env = env
        self._platform = platform
        self._known = platform.known
        self.p = parameters
        self.released_ms = np.full(devices, -1, dtype=np.int64)
        self._look_ms = plan.NEVER_AGAIN
        self._pools: dict[tuple[int, int, int] | None, Pool] = {}
        self._dirty: list[tuple[int, int, int] | None] = []
        if parameters.slots >= 0:
            self._pools[None] = Pool(parameters.slots, parameters.reserved, parameters.slots_queue, parameters.lifo)
        if parameters.ordered:
            self._look_at(self._known.plan.starts_ms)

    # Looking

    def stir(self) -> None:
        """Something happened that the rollout has to look at."""
        if self.p.ordered:
            self._look_at(self._env.now_ms)

    def _look_at(self, at_ms: int) -> None:
        if at_ms < self._look_ms:
            self._look_ms = at_ms
            self._env.call_at(at_ms, THE_PLAN, self._look)

    def _look(self) -> None:
        now_ms = self._env.now_ms
        if self._look_ms != now_ms:
            return
        self._look_ms = plan.NEVER_AGAIN
        self._judge()
        next_ms = self._open_waves(now_ms) if self._serves(now_ms) else plan.NEVER_AGAIN
        if not self._serves(now_ms):
            if now_ms < self._known.plan.starts_ms:
                self._look_at(self._known.plan.starts_ms)
            return
        while (due_ms := rollout.release_due_ms(self.p.state, self.p.pace, self.p.waves)) <= now_ms:
            self._release(int(self.p.order[self.p.state[rr.RELEASED]]), now_ms)
        self._serve_lines()
        next_ms = min(next_ms, due_ms)
        if next_ms < plan.NEVER_AGAIN:
            self._look_at(next_ms)

    def _serves(self, now_ms: int) -> bool:
        return (
            plan.plan_open(
                self._known.state,
                now_ms,
                self._known.plan.starts_ms,
                self._known.plan.ends_ms,
            )
            == plan.OFFER
        )

    # Abort rules

    def count(self, record: Record, column: int, number: int = 1) -> None:
        """Add to a count of the device's wave and of the plan."""
        rollout.count(self.p.counts, record.wave, column, number)

    def _judge(self) -> None:
        p = self.p
        for number, stop in enumerate(p.stops):
            if stop[rr.DONE] == 1 or plan.is_over(self._known.state):
                continue
            wave = int(p.state[rr.OPENED]) - 1
            verdict = rollout.judge(p.stops, p.limits, p.counts, number, wave)
            if verdict == rollout.GOES_ON:
                continue
            stop[rr.DONE] = 1
            row = wave if stop[rr.OF_WAVE] else len(p.counts) - 1
            failed = rollout.failures(p.counts, row, int(stop[rr.KINDS]), int(stop[rr.OF_ATTEMPTS]))
            self._known.say(operation.judged(number, bool(stop[rr.SEQUENTIAL]), verdict, failed))
            if verdict != rollout.REJECTED:
                continue
            if stop[rr.CANCELS]:
                self._platform.abort(bool(stop[rr.RUNNING]))
            else:
                self._platform.pause()

    # Waves and release

    def _open_waves(self, now_ms: int) -> int:
        """Open what is to be opened; when to look again by the clock alone."""
        p = self.p
        if not p.releases:
            return plan.NEVER_AGAIN
        while True:
            verdict, at_ms = rollout.next_wave(p.state, p.waves, p.shares, p.counts, now_ms, self._known.plan.starts_ms)
            if verdict == rr.WAIT:
                return at_ms
            wave = int(p.state[rr.OPENED])
            self._known.say(operation.wave(wave, len(p.waves), verdict))
            if verdict != rr.OPEN:
                p.waves[wave, rr.LAPSED] = 1
                if verdict == rr.CANCEL:
                    self._platform.abort(False)
                else:
                    self._platform.pause()
                return plan.NEVER_AGAIN
            rollout.open_wave(p.state, p.pace, p.waves, now_ms)

    def _release(self, device: int, now_ms: int) -> None:
        rollout.count_release(self.p.state, self.p.pace, now_ms)
        self.released_ms[device] = now_ms
        self._platform.released(device)

    def is_released(self, record: Record) -> bool:
        """Whether the device's turn has come."""
        return not record.too_late and record.rank < self.p.state[rr.RELEASED]

    def held_back(self, record: Record, opens_ms: int) -> int:
        """OFFER, or why the rollout keeps the plan from the device, slots apart."""
        return rollout.held_back(
            record.too_late,
            record.rank,
            int(self.p.state[rr.RELEASED]),
            0 <= record.wave < self.p.state[rr.OPENED],
            self._env.now_ms,
            record.box_until_ms,
            opens_ms,
        )

    def succeeded(self) -> None:
        """One more device has succeeded."""
        p = self.p
        if p.state[rr.STEP] > 0 and p.state[rr.STEP_ON_SUCCESS] == 1:
            rollout.step_up(p.state, p.pace, int(p.counts[-1, rr.SUCCEEDED]), self._env.now_ms)
        self.stir()

    def take_up(self) -> None:
        """The plan goes on after it was suspended."""
        rollout.take_up(self.p.state, self.p.pace, self._env.now_ms)
        self.stir()

    def operate(self) -> bool:
        """The operator opens the next wave; whether there is one."""
        wave = int(self.p.state[rr.OPENED])
        if wave >= len(self.p.waves):
            return False
        self.p.waves[wave, rr.OPERATED] = 1
        self.stir()
        return True

    # Slots

    def admit(self, modem: Modem, record: Record, asked: bool) -> int:
        """OFFER with a slot taken, or why there is none; who waits is in line then."""
        if record.slot:
            return plan.OFFER
        if record.queued:
            return codes.NO_SLOT
        return self._climb(modem, record, asked and not self.p.strict)

    def _climb(self, modem: Modem, record: Record, whatever: bool) -> int:
        p = self.p
        while record.held < _WANTED:
            if record.held == 0:
                record.pool = self._cell_of(modem, record)
                if record.pool is not None and self._pools[record.pool].limit == 0:
                    unknown = record.pool[2] == len(p.cell_slots) - 1
                    return codes.TELEMETRY_MISSING if unknown else codes.NO_SLOT
            key = record.pool if record.held == 0 else None
            pool = self._pools.get(key) if record.held == 1 or key is not None else None
            if pool is not None:
                if not (whatever or pool.has_room(record.first_served)):
                    if pool.queues:
                        record.queued = True
                        pool.line_up(modem.device, record.ticket, record.first_served)
                    else:
                        self._give_back(record)
                    return codes.NO_SLOT
                pool.used += 1
            record.held += 1
        record.slot = True
        record.slot_number += 1
        record.said_ms = self._env.now_ms
        if p.slot_expires_ms > 0:
            self._watch(modem, record, record.slot_number, self._env.now_ms + p.slot_expires_ms)
        return plan.OFFER

    def _cell_of(self, modem: Modem, record: Record) -> tuple[int, int, int] | None:
        """The pool of the device's cell at the coverage that the platform knows of; None: cells have no limit."""
        p = self.p
        if p.cell_slots[-1] < 0:
            return None
        unknown = len(p.cell_slots) - 1
        level = unknown if record.signal_dBm == UNKNOWN else record.level
        key = (*modem.cell, level)
        if key not in self._pools:
            self._pools[key] = Pool(p.cell_slots[level], 0, p.cells_queue, False)
        return key

    def free(self, record: Record) -> None:
        """The device needs no slot any more, nor a place in line."""
        record.ticket += 1
        record.queued = False
        self._give_back(record)
        if record.slot:
            record.slot = False
        self.stir()

    def _give_back(self, record: Record) -> None:
        while record.held > 0:
            record.held -= 1
            key = None if record.held == 1 else record.pool
            if key is None and record.held == 0:
                continue
            pool = self._pools.get(key)
            if pool is not None:
                pool.used -= 1
                if key not in self._dirty:
                    self._dirty.append(key)

    def _serve_lines(self) -> None:
        while self._dirty:
            pool = self._pools[self._dirty.pop(0)]
            while (waiting := pool.next_in_line()) is not None:
                device, ticket = waiting
                record = self._known.records[device]
                if record.queued and record.ticket == ticket:
                    self._serve(self._known.modems[device], record, pool)

    def _serve(self, modem: Modem, record: Record, pool: Pool) -> None:
        record.queued = False
        withheld = self._platform.offers.withheld(modem, record) if modem.online else codes.NO_SLOT
        if withheld == plan.OFFER:
            pool.used += 1
            record.held += 1
            withheld = self._climb(modem, record, False)
        else:
            self._give_back(record)
        if modem.online:
            self._platform.offers.serve(modem, record, withheld)

    def _watch(self, modem: Modem, record: Record, number: int, at_ms: int) -> None:
        """Have the slot looked at then: one whose device has said nothing for too long is free again."""

        def look() -> None:
            if not record.slot or record.slot_number != number:
                return
            now_ms = self._env.now_ms
            said_ms = now_ms if modem.downloader.running and modem.online else record.said_ms
            until_ms = said_ms + self.p.slot_expires_ms
            if until_ms <= now_ms:
                self.free(record)
            else:
                self._watch(modem, record, number, until_ms)

        self._env.call_at(at_ms, modem.device, look)
