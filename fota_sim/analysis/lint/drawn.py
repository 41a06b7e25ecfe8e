"""A scenario with the fleet of its first replication, drawn and not played: what findings about devices look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fota_sim.analysis.lint.first_offer import Readings, kept_out, read
from fota_sim.analysis.lint.reach import linked, runs_targets, there_before, versions_fit
from fota_sim.engines.contacts import own_contact
from fota_sim.engines.rollout import rollout_parameters
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.fleet import build_fleet
from fota_sim.rules import rollout_rows as rr
from fota_sim.scenario.fleet import Contact
from fota_sim.scenario.lint.facts import Facts
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.waves import PlayedWave, by_entry

_MOST_CONTACTS = 100
"""Different periods and timers of a table that are looked at."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A scenario with the fleet of its first replication."""

    facts: Facts
    fleet: Fleet
    sizes: list[int]
    """Devices of each wave, late joiners of the last one included; one entry without waves."""
    targets: int
    """Late joiners included."""
    played: tuple[PlayedWave, ...]
    """What these waves are in the scenario; nothing without waves."""
    in_no_wave: int
    wave: NDArray[np.int32]
    """Wave of each device, -1: none; shape (devices,)."""
    reached: NDArray[np.bool_]
    """Targets that are not gone for good, shape (devices,)."""
    linked: NDArray[np.bool_]
    """Devices with a link at their mean signal."""
    in_time: NDArray[np.bool_]
    """Devices that are in contact before the end, should they have a link and not be gone."""
    fits: NDArray[np.bool_]
    """Devices that run what the packages are for, or bring."""
    on_target: NDArray[np.bool_]
    """Devices that run every target already."""
    readings: Readings
    """What each device says of its battery and signal at the start."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.facts.scenario

    @property
    def heard(self) -> NDArray[np.bool_]:
        """Targets that the platform hears of before the end, shape (devices,)."""
        return self.reached & self.linked & self.in_time

    @property
    def offerable(self) -> NDArray[np.bool_]:
        """Those of them that have something to install, and run what it is for."""
        return self.heard & self.fits & ~self.on_target


def draw(facts: Facts, fleet: Fleet | None = None) -> Drawn:
    """Look at the fleet; raises ScenarioError where it cannot be drawn, or where a list names nobody.

    ``fleet``: the devices, drawn for all of several plans; None draws them.
    """
    scenario = facts.scenario
    fleet = build_fleet(scenario, 0) if fleet is None else fleet
    fleet = replace(fleet, white=fleet.white & fleet.of_plan(scenario.plan_number))
    parameters = rollout_parameters(scenario, fleet, 0)
    targets = fleet.white & ~fleet.black
    late = fleet.joins_ms > 0 if fleet.joins_ms is not None else np.zeros(fleet.n, dtype=np.bool_)
    joiners = 0 if facts.rollout.late_joiners == "never" else int((targets & late).sum())
    sizes = parameters.counts[:-1, rr.GROUP].tolist()
    there = int((targets & ~late).sum())
    waves = by_entry(len(facts.rollout.waves), parameters.played, sizes)
    exact = replace(
        facts,
        drawn_targets=there,
        drawn_joiners=joiners,
        drawn_waves=waves,
        own_contacts=dict(_own_contacts(scenario, fleet)),
    )
    in_none = int((targets & ~late & (parameters.wave < 0)).sum())
    reached = targets & ~fleet.gone
    return Drawn(
        facts=exact,
        fleet=fleet,
        sizes=sizes,
        targets=int(targets.sum()),
        played=parameters.played,
        in_no_wave=in_none,
        wave=parameters.wave,
        reached=reached,
        linked=linked(scenario, fleet),
        in_time=there_before(scenario, fleet, round(1000.0 * facts.ends_s)),
        fits=versions_fit(scenario, fleet),
        on_target=runs_targets(scenario, fleet),
        readings=read(scenario, fleet),
    )


def _own_contacts(scenario: Scenario, fleet: Fleet) -> Iterator[tuple[str, tuple[tuple[Contact, float], ...]]]:
    """Contacts that devices of tables have for themselves, with their shares; of many the most frequent ones."""
    for number, source in enumerate(scenario.fleet.sources):
        if not {"contact_every", "t3412"} & set(source.mapped) or source.contact.pattern != "wake":
            continue
        own = (fleet.group == number) & ~fleet.gone
        kinds, counts = np.unique(
            np.stack([fleet.contact_every_s[own], fleet.own_timers[own]]), axis=1, return_counts=True
        )
        most = np.argsort(-counts, kind="stable")[:_MOST_CONTACTS]
        whole = int(counts[most].sum())
        yield (
            source.name,
            tuple(
                (own_contact(source.contact, every_s, int(timers)), int(count) / whole)
                for (every_s, timers), count in zip(kinds.T[most].tolist(), counts[most].tolist(), strict=True)
            ),
        )


def at_the_start(drawn: Drawn) -> NDArray[np.int64]:
    """Why each device would be kept from the upgrade at its first offer, NO_CAUSE if it would not; shape (devices,)."""
    return kept_out(drawn.scenario, drawn.fleet, drawn.readings)
