"""What findings are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from fota_sim.quoting import number_of
from fota_sim.rules.share import exact
from fota_sim.scenario.document import Key
from fota_sim.scenario.fleet import Contact, Devices
from fota_sim.scenario.host import Host
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.module import Module
from fota_sim.scenario.radio import Radio
from fota_sim.scenario.rollout import Rollout
from fota_sim.scenario.units import DURATION

Finding = tuple[Key, str]
"""Where, and what with what would do."""

ROLLOUT: Key = ("plan", "rollout")


@dataclass(frozen=True)
class Facts:
    """A scenario, and what is known of its fleet without drawing it, or with."""

    scenario: Scenario
    written: frozenset[Key] = frozenset()
    """Paths that the file says itself."""
    from_preset: frozenset[Key] = frozenset()
    """Paths that a preset says."""
    drawn_targets: int | None = None
    """Targets there from the beginning, if the fleet was drawn."""
    drawn_joiners: int = 0
    """Targets that join later and are not left out, if the fleet was drawn."""
    own_contacts: Mapping[str, tuple[tuple[Contact, float], ...]] = field(default_factory=dict)
    """Of tables whose devices have periods or timers of their own: what contacts they have, each with its share of
    the devices, by the table's name; only a draw reads them."""
    drawn_waves: tuple[tuple[int, ...], ...] | None = None
    """Devices of each group of each entry of waves, if the fleet was drawn."""

    @property
    def rollout(self) -> Rollout:
        """How the plan is rolled out."""
        return self.scenario.plan.rollout

    @property
    def devices(self) -> int | None:
        """Devices of the whole fleet; None with a table, which only a draw reads."""
        fleet = self.scenario.fleet
        return None if fleet.tables else fleet.drawn

    @property
    def targets(self) -> int | None:
        """Targets there from the beginning; None where only a draw can tell."""
        plan, fleet = self.scenario.plan, self.scenario.fleet
        if self.drawn_targets is not None:
            return self.drawn_targets
        if self.scenario.plan_name:  # those before it may take some
            return None
        if plan.whitelist or plan.blacklist or any(group.joins for group in fleet.groups):
            return None
        return (
            None if fleet.tables else sum(group.count for group in fleet.groups if self.scenario.is_planned_for(group))
        )

    @property
    def most_targets(self) -> int | None:
        """No more targets than this are ever released; None where only a draw can tell."""
        return self.devices if self.targets is None else self.targets + self.drawn_joiners

    @property
    def ends_s(self) -> float:
        """When the plan, or the simulation, is over."""
        plan, horizon_s = self.scenario.plan, self.scenario.horizon
        return float(horizon_s if plan.ends is None else min(plan.ends, horizon_s))

    def parts(self) -> Iterator[tuple[Key, Devices, Module, Radio, Host]]:
        """Every source with what its devices are, unless a table's own columns say otherwise."""
        scenario = self.scenario
        for path, devices in scenario.fleet.placed():
            module = scenario.modules[devices.module]
            yield path, devices, module, scenario.radios[devices.radio or module.radio], scenario.hosts[devices.host]

    def share(self, of: Callable[[Devices, Module, Radio], float]) -> float | None:
        """The mean of a share over all devices of the plan's product; None where only a draw can tell."""
        if not self.devices:
            return None
        groups = self.scenario.fleet.groups
        counts = [group.count if self.scenario.is_planned_for(group) else 0 for group in groups]
        total = sum(counts)
        if not total:
            return None
        parts = zip(counts, self.parts(), strict=True)
        shares = (count * exact(of(devices, module, radio)) for count, (_, devices, module, radio, _) in parts)
        return float(sum(shares, Fraction(0)) / total)


def duration(seconds: float) -> str:
    """A duration as people write it, to three digits."""
    for symbol in ("d", "h", "min"):
        factor = DURATION.factors[symbol]
        if seconds >= factor:
            return f"{seconds / factor:.3g} {symbol}"
    return f"{seconds:.3g} s"


def percent(share: float | Fraction) -> str:
    """A share as people write it."""
    return f"{100.0 * float(share):.3g} %"


WORTH_SAYING = 0.005
"""Smaller shares of devices are not told. Assumption."""


def some_devices(count: int) -> str:
    """A number of devices in words."""
    return number_of(count, "device")


Rule = Callable[[Facts], Iterator[Finding]]
