"""What a module draws and where it has it from: the battery and the accounts of a device that is worked out on paper.

From docs/model.md (Battery, Outcomes). Charge is in microcoulombs, mA times ms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from paper_life import FAR

CHARGE = (0.0, 0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 1.0)
OPEN_CIRCUIT_V = {
    "li-ion": (3.00, 3.45, 3.68, 3.74, 3.77, 3.79, 3.82, 3.87, 3.92, 3.98, 4.06, 4.20),
    "li-socl2": (2.00, 3.00, 3.35, *[3.60] * 9),
}


@dataclass
class Board:
    """What the module is; currents in mA."""

    i_sleep: int
    i_idle: int
    i_receive: int
    i_gap: int
    i_flash: int
    i_transmit: int
    duty: float
    v_min: float
    boot: str
    boot_attempts: int
    bricks: bool
    free_B: int
    max_failures: int
    supply_V: float = 4.0


@dataclass
class Supply:
    """Where a device has its power from, and how much there is."""

    mains: bool
    chemistry: str
    capacity_mAh: int
    level: float
    resistance: float
    celsius: int
    cuts: list[int] = field(default_factory=list)
    """When its supply fails, in ms."""
    faults: list[tuple[bool, bool]] = field(default_factory=list)
    """Of each download: whether it is cut off, and whether its file is the wrong one."""

    def usable_uC(self):
        cold = self.celsius < 20 and self.chemistry != "li-socl2"
        share = {20: 1.0, 0: 0.85, -20: 0.65}[self.celsius] if cold else 1.0
        return self.capacity_mAh * share * 3.6e6

    def volts(self, charge, current):
        """Of the loaded cell."""
        table = OPEN_CIRCUIT_V[self.chemistry]
        ohm = self.resistance * (1 + 2 * (20 - self.celsius) / 40)
        for (low, at), (high, then) in zip(zip(CHARGE, table), zip(CHARGE[1:], table[1:])):  # noqa: B905
            if charge <= high:
                return at + (then - at) * max(0.0, charge - low) / (high - low) - current / 1000 * ohm
        return table[-1] - current / 1000 * ohm


class Supplied:
    """A device's battery, and what its attempts took."""

    # Charge

    def draws(self):
        """mA, of what the device is and of what the update does."""
        board = self.board
        state = board.i_sleep if not self.powered else board.i_idle + self.connecting * board.i_receive
        return state + self.load

    def passes(self, time, number):
        if not self.supply.mains and self.empty_ms < 0:
            empty = self.now + math.ceil(self.charge / self.draws()) if self.draws() else FAR
            if empty < time or (empty == time < self.plan.horizon and number >= 0):
                self.spends(empty)
                self.runs_dry()
        self.spends(time)

    def spends(self, until):
        lasted = until - self.now
        if not self.supply.mains and self.empty_ms < 0 and self.draws():
            lasted = min(lasted, self.charge / self.draws())
            taken = self.draws() * lasted
            self.drained += taken
            self.charge = max(0.0, self.charge - taken)
        if self.empty_ms < 0 or self.supply.mains:
            joules = self.load * lasted * 1e-6 * self.board.supply_V
            self.energy += joules
            self.of_attempt += joules
        self.now = until

    def percent(self):
        return 100 if self.supply.mains else int(self.charge / self.full * 100 + 0.5)

    def sags(self, current):
        supply = self.supply
        return not supply.mains and supply.volts(self.charge / self.full, current) < self.board.v_min

    def runs_dry(self):
        self.empty_ms, self.charge = self.now, 0.0
        if self.bricked:
            return
        bricks = self.writing and self.board.boot != "ab" and self.board.bricks
        self.ends_segment(broken=True)
        if bricks:
            self.dies("battery empty")
            return
        if not self.given_up:
            self.failure, self.rolled_back = "battery empty", False
        self.came_to_nothing()
        self.lost = True
        self.goes_off()
        self.waits = self.host = None

    def wake(self):
        if self.empty_ms < 0 or self.supply.mains:
            super().wake()

    # Accounts

    def came_to_nothing(self):
        self.wasted += self.of_attempt
        self.wasted_B += self.attempt_B
        self.of_attempt = self.attempt_B = 0

    def was_good(self):
        self.of_attempt = self.attempt_B = 0

    def attempt_came_to_nothing(self, cause):
        super().attempt_came_to_nothing(cause)
        self.came_to_nothing()

    def ends_segment(self, broken=False):
        """What the download that runs has sent by now."""
        if self.segment is None:
            return
        begun, lasts, size_B = self.segment
        self.segment, self.load = None, 0.0
        self.seen["download_failures"] += broken
        size_B = size_B if self.now >= begun + lasts else int(size_B * min(1.0, (self.now - begun) / lasts))
        self.sent += size_B
        self.attempt_B += size_B
