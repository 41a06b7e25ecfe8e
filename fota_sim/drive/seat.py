"""The device of a scenario whose host is played: its names, its rules and its luck, and no module behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fota_sim.engines.parameters import Parameters, build_parameters
from fota_sim.engines.reference.bound import story
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.world import Device, World, worlds_of
from fota_sim.engines.setting.names import names_of
from fota_sim.errors import FotaSimError
from fota_sim.fleet.devices import Fleet
from fota_sim.fleet.roster import Part, Roster
from fota_sim.quoting import quoted
from fota_sim.rules import upgrade
from fota_sim.scenario.model import Scenario


@dataclass(frozen=True)
class Seat:
    """A device alone in a run in which nothing happens but what its host does."""

    env: FleetEnvironment
    w: World
    live: Device
    fleet: Fleet
    parameters: Parameters

    @property
    def name(self) -> str:
        """The device's id."""
        return str(self.fleet.ids[0])

    def host_arguments(self) -> dict[str, Any]:
        """What a host of the reference engine is made of."""
        parameters, fleet = self.parameters, self.fleet
        module = parameters.module_settings[fleet.module[0]]
        host = int(fleet.host[0])
        return {
            "w": self.w,
            "live": self.live,
            "settings": parameters.hosts[host],
            "confirm_delay": parameters.host_delays[host],
            "pattern": parameters.contacts[parameters.contact_of[0]],
            "zone": parameters.zones[fleet.time_zone[0]],
            "at_csq": module.at_csq,
            "at_cbc": module.at_cbc,
        }


def take_seat(scenario: Scenario, device: str) -> Seat:
    """The seat of a device, by its id or its number in the fleet (from 0).

    Raises:
        FotaSimError: there is no such device; ScenarioError for what only the fleet shows.

    """
    roster = Roster(scenario, 0)
    number = roster.part(0, 0).everybody.ids.find(device)
    if number is None:
        number = int(device) if device.isdecimal() else roster.n
    if number >= roster.n:
        raise FotaSimError(
            f"there is no device {quoted(device)}; the fleet has numbers 0 to {roster.n - 1}, or say an id"
        )
    fleet = Part(roster, number, number + 1).fleet()
    parameters = build_parameters(scenario, fleet, 0)
    worlds = worlds_of(FleetEnvironment(), scenario, parameters, fleet, 0, names_of(parameters, fleet), frozenset())
    w = worlds[int(parameters.plan_of[0])]
    live = story.life.bring_to_life(w, 0)
    for part in w.parts_at:
        part.effect = upgrade.NO_DEFECT  # those of a real MCU are its own
    env = w.env = FleetEnvironment()  # what would happen to a simulated device stays behind
    env.device = live.who
    return Seat(env, w, live, fleet, parameters)
