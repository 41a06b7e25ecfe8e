"""Who switches a module on: the scenario's first contact, or whoever drives the emulation."""

from __future__ import annotations

from typing import Literal, get_args

from fota_sim.device.fields import NONE
from fota_sim.engines.reference.bound import story
from fota_sim.engines.reference.world import Device, World

PowerPolicy = Literal["on", "scenario", "by-hand"]
"""on: from the first contact of the scenario on; scenario: as its host has it (``board.py``); by-hand: when the control
socket or a script says so."""
POLICIES: tuple[PowerPolicy, ...] = get_args(PowerPolicy)


class Power:
    """The switch between a module and its battery."""

    def __init__(self, w: World, live: Device, policy: PowerPolicy) -> None:
        self._w = w
        self._live = live
        self._policy = policy

    @property
    def first_ms(self) -> int | None:
        """When the scenario first has the module switched on; None if it never does within its horizon."""
        at_ms = int(story.life.first_contact_of(self._w, self._live.who))
        return None if at_ms == NONE else at_ms

    def start(self) -> None:
        """Do what the policy says by itself."""
        at_ms = self.first_ms
        if self._policy == "on" and at_ms is not None:
            self._w.env.call_at(at_ms, self._live.who, self.on)

    def on(self) -> None:
        """Switch it on, if there is anything left that runs."""
        live = self._live
        if live.reachable and not live.powered:
            live.contacts += 1
            if live.first_contact_ms < 0:
                live.first_contact_ms = self._w.env.now_ms
            story.modem.switch_on(self._w, live, self._w.env.now_ms)

    def off(self) -> None:
        """Switch it off; a module that is starting up does not come up either."""
        story.power_off.switched_off(self._w, self._live, self._w.env.now_ms)
