"""Who waits how long for slots of a rollout and for places of a network: worked out by a calendar, nothing drawn.

A device is there from when it joins. It needs a slot of its cell and one of the plan before it is offered the plan, and
a connection to the server and a place in its cell before it downloads: in this order, first come first served, and who
waits for the second holds the first. Each plan has slots of its own; server and cells are for all.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass

CONNECT, RESUME = 1000, 500
ANSWERED = 100 + 2000 + 2 * 50
"""From the offer to the answer: a trip, the host's thought, two readings."""
ADDRESS = 100 + 1000
"""From sending the address until the module asks the server."""
INSTALLED = 5000 + 60_067 + 10_000 + RESUME
"""From the file's last byte to the report of the new version."""
TURNED_AWAY = 10_000


class Pool:
    """Places for some at a time, and a line."""

    def __init__(self, places):
        self.free, self.line = places, deque()

    def takes(self):
        """Whether there is a place; then it is taken."""
        if self.free == 0:
            return False
        self.free -= 1
        return True


@dataclass
class World:
    """What there is of everything; None: as much as anybody wants."""

    slots: int | None
    cell_slots: list[int] | None
    """By coverage level; each cell has so many."""
    connections: int | None
    places: list[int] | None
    queues: tuple[bool, bool]
    """Whether who finds no connection, or no place in a cell, waits; else it is turned away."""
    retries: int
    delay: int
    lasts: list[int]
    """A download, by coverage level."""


@dataclass
class Device:
    """One that joins then, in a cell, at a coverage level."""

    number: int
    joins: int
    cell: int
    level: int
    plan: int = 0
    attempts: int = 0
    offered: int = -1
    downloaded: int = -1
    finished: int = -1
    failed: bool = False


class Queues:
    """The calendar."""

    def __init__(self, world, devices, other=None):
        """``other``: what there is of slots and retries in a second plan."""
        self.world, self.number, self.calendar = world, 0, []
        self.plans = [world, other]
        self.pools = {}
        for device in devices:
            self.at(device.joins + CONNECT, device, self.wants_slots)
        while self.calendar:
            self.now, _, _, device, what = heapq.heappop(self.calendar)
            what(device)

    def at(self, time, device, what):
        self.number += 1
        heapq.heappush(self.calendar, (time, device.number, self.number, device, what))

    def _pools(self, device, whole, by_level, name):
        """The two that it needs, in order; None: there is no limit."""
        cell = None if by_level is None else ("cell", name, device.cell, device.level)
        found = []
        for key, places in ((cell, by_level and by_level[device.level]), ((name,), whole)):
            found.append(None if places is None else self.pools.setdefault(key, Pool(places)))
        return found

    # Slots of the rollout: the cell's first

    def slots_of(self, device):
        plan = self.plans[device.plan]
        return self._pools(device, plan.slots, plan.cell_slots, f"plan {device.plan}")

    def wants_slots(self, device, held=0):
        pools = self.slots_of(device)
        by_level = self.plans[device.plan].cell_slots
        if by_level is not None and by_level[device.level] == 0:
            return
        for pool in pools[held:]:
            if pool is not None and not pool.takes():
                pool.line.append(device)
                return
        device.offered = self.now + 100
        self.at(self.now + ANSWERED, device, self.is_sent_the_address)

    def is_over(self, device):
        device.finished = self.now
        pools = self.slots_of(device)
        for pool in pools[::-1]:
            if pool is not None:
                pool.free += 1
        for pool in pools[::-1]:
            while pool is not None and pool.line and pool.takes():
                other = pool.line.popleft()
                self.wants_slots(other, self.slots_of(other).index(pool) + 1)

    # Places of the network: the server's first

    def places_of(self, device):
        return self._pools(device, self.world.connections, self.world.places, "server")[::-1]

    def is_sent_the_address(self, device):
        device.attempts += 1
        self.at(self.now + ADDRESS, device, self.asks)

    def asks(self, device, held=0):
        pools = self.places_of(device)
        for number, pool in enumerate(pools[held:], held):
            if pool is None or pool.takes():
                continue
            if self.world.queues[number]:
                pool.line.append(device)
            else:
                self.gives_back(pools[:number])
                self.at(self.now + TURNED_AWAY, device, self.fails)
            return
        self.at(self.now + self.world.lasts[device.level], device, self.is_there)

    def gives_back(self, pools):
        for pool in pools[::-1]:
            if pool is None:
                continue
            if pool.line:  # the first in line has it at once
                other = pool.line.popleft()
                held = self.places_of(other).index(pool) + 1
                self.at(self.now, other, lambda device, held=held: self.asks(device, held))
            else:
                pool.free += 1

    def is_there(self, device):
        device.downloaded = self.now
        self.gives_back(self.places_of(device))
        self.at(self.now + INSTALLED, device, self.is_over)

    def fails(self, device):
        plan = self.plans[device.plan]
        if device.attempts > plan.retries:
            device.failed = True
            self.is_over(device)
        else:
            self.at(self.now + plan.delay, device, self.is_sent_the_address)
