"""The draws that make a fleet: one uniform per device, by what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fota_sim.fleet.laws import Choose, Floats
from fota_sim.fleet.sampling import shares_index
from fota_sim.rules.draws import fill_uniform


@dataclass(frozen=True)
class Luck:
    """Seed and replication, and the keys of the devices that draw."""

    seed: int
    replication: int
    keys: NDArray[np.uint64]

    MIXTURES: ClassVar[int] = 1 << 32
    """Added to a counter, once per depth, for the draw that chooses the part of a mixture."""

    def only(self, which: NDArray[np.bool_]) -> Luck:
        """The draws of these devices."""
        return Luck(self.seed, self.replication, self.keys[which])

    def uniform(self, stream: int, counter: int = 0) -> Floats:
        """One draw per device on (0, 1); shape (devices,)."""
        return fill_uniform(self.seed, self.replication, self.keys, stream, counter)

    def below(self, share: float, stream: int) -> NDArray[np.bool_]:
        """True for this share of the devices, in expectation; shape (devices,)."""
        return self.uniform(stream) < share

    def choose(self, stream: int, counter: int = 0) -> Choose:
        """Draws that choose the parts of mixtures, at their own counters of ``stream``."""
        return lambda depth: self.uniform(stream, counter + depth * self.MIXTURES)

    def name(self, shares: dict[str, float], stream: int, counter: int = 0) -> NDArray[np.int32]:
        """Position of one name per device, names taking their shares in order; shape (devices,)."""
        if len(shares) == 1:
            return np.zeros(len(self.keys), dtype=np.int32)
        return shares_index(shares, self.uniform(stream, counter))
