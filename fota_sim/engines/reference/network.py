"""The shared, finite network: server connections, server egress, and each cell's places by coverage level."""

from __future__ import annotations

from collections import deque

import simpy

from fota_sim.engines.reference.environment import FleetEnvironment, Story
from fota_sim.rules.network import fair_share_bps, has_room


class Places:
    """A limited number of places; who finds none waits in line, first come first served, or is turned away."""

    def __init__(self, env: FleetEnvironment, limit: float, queues: bool) -> None:
        self._env = env
        self._limit = limit
        self.queues = queues
        self._line: deque[Admission] = deque()
        self.taken = 0

    def take(self) -> bool:
        """Take a place if one is free."""
        if has_room(self.taken, self._limit):
            self.taken += 1
            return True
        return False

    def line_up(self, waiting: Admission) -> None:
        """Wait for a place; the first in line is given it with :meth:`Admission.give`."""
        self._line.append(waiting)

    def step_out(self, waiting: Admission) -> None:
        """Wait no longer."""
        if waiting in self._line:
            self._line.remove(waiting)

    def leave(self) -> None:
        """Give a place back; the first in line has it at once."""
        if self._line:
            self._line.popleft().give(self)
        else:
            self.taken -= 1


class Network:
    """Where downloads meet: the server first, then the cell."""

    def __init__(
        self,
        env: FleetEnvironment,
        connections: float,
        server_queues: bool,
        egress_bps: float,
        cells_enforced: bool,
        cells_queue: bool,
    ) -> None:
        self._env = env
        self._server = Places(env, connections, server_queues)
        self._egress_bps = egress_bps
        self._cells_enforced = cells_enforced
        self._cells_queue = cells_queue
        self._cells: dict[tuple[int, int, int], Places] = {}

    def share_bps(self) -> float:
        """What the server's egress leaves one download now, in bit/s."""
        return fair_share_bps(self._egress_bps, self._server.taken)

    def cell(self, radio: int, cell: int, level: int, limit: float) -> Places:
        """The places of one radio technology in one cell at one coverage level."""
        key = (radio, cell, level)
        places = self._cells.get(key)
        if places is None:
            if not self._cells_enforced:
                limit = float("inf")
            places = self._cells[key] = Places(self._env, limit, self._cells_queue)
        return places

    def admit(self, device: int, cell: Places) -> Admission:
        """Ask for a server connection and a place in ``cell`` for ``device``."""
        return Admission(self._env, device, self._server, cell)


class Admission:
    """One download's hold on the network: taken in the order server, cell; given back in reverse."""

    def __init__(self, env: FleetEnvironment, device: int, server: Places, cell: Places) -> None:
        self._env = env
        self._device = device
        self._wanted = (server, cell)
        self._held: list[Places] = []
        self._turn: simpy.Event | None = None
        self._over = False

    def enter(self) -> Story:
        """Wait for all places; afterwards :attr:`granted` tells whether none turned the device away."""
        for places in self._wanted:
            if places.take():
                self._held.append(places)
                continue
            if not places.queues:
                self.leave()
                return
            self._turn = self._env.event()
            places.line_up(self)
            yield self._turn
            if self._over:
                return

    def give(self, places: Places) -> None:
        """The device's turn has come: it holds the place, and acts on it after what happens now."""
        self._held.append(places)
        assert self._turn is not None  # it waits in line
        self._env.tell(self._turn, self._device)

    @property
    def granted(self) -> bool:
        """Whether every place is held."""
        return len(self._held) == len(self._wanted)

    def leave(self) -> None:
        """Give every held place back, or the one in line."""
        self._over = True
        if not self.granted:
            self._wanted[len(self._held)].step_out(self)
        while self._held:
            self._held.pop().leave()
