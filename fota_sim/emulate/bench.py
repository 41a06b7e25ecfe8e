"""The run on whose devices clients work: which of the fleet play, and virtual time, moved from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fota_sim.emulate.device import Emulated, Manner
from fota_sim.engines.parameters import build_parameters
from fota_sim.engines.reference.run import set_up
from fota_sim.engines.reference.world import Device, World
from fota_sim.errors import FotaSimError
from fota_sim.experiment.transcripts import on_the_clocks
from fota_sim.fleet.roster import Part, Roster
from fota_sim.protocol.transcript import Line
from fota_sim.quoting import number_of, quoted
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.sharing import shared
from fota_sim.scenario.zones import zone_info

MOST_BESIDE = 100_000
"""Devices that the reference engine plays beside those of clients: some 20 kB and 1 ms each. [A] assumption."""


class Bench:
    """Some devices of a scenario's fleet without hosts, and the others with theirs where they share anything."""

    def __init__(
        self, scenario: Scenario, device: str, count: int = 1, manner: Manner | None = None, replication: int = 0
    ) -> None:
        """Have ``count`` devices from ``device`` on emulated; it is an id, or a number in the fleet.

        Raises:
            ScenarioError: what only the fleet shows.
            FotaSimError: there is no such device, or more have to be played beside it than can be.

        """
        roster = Roster(scenario, replication)
        whole = roster.part(0, 0)
        first = _place(whole.everybody.ids.find(device), device, roster.n)
        if first + count > roster.n:
            raise FotaSimError(
                f"{number_of(count, 'device')} from number {first} on are more than there are: the last is number "
                f"{roster.n - 1}; lower --count"
            )
        self.why_all = shared(scenario, roster.n)
        """What devices share, in words, so that the whole fleet plays; empty if only those of clients do."""
        if self.why_all and roster.n > MOST_BESIDE:
            raise FotaSimError(
                f"the whole fleet of {roster.n:,} devices would have to play, because {self.why_all}; at most "
                f"{MOST_BESIDE:,} do beside clients: lower the counts of its groups"
            )
        start, stop = (0, roster.n) if self.why_all else (first, first + count)
        fleet = Part(roster, start, stop).fleet()
        parameters = build_parameters(scenario, fleet, replication)
        self.scenario = scenario
        self.replication = replication
        self.devices: list[Emulated] = []
        """Those of clients, in order."""
        self.beside = fleet.n - count
        """How many play with their own hosts."""

        def emulated(w: World, live: Device) -> Emulated:
            made = Emulated(w, live, fleet.ids[live.who], start + live.who, manner or Manner())
            self.devices.append(made)
            return made

        here = range(first - start, first - start + count)
        self.worlds = set_up(scenario, parameters, fleet, replication, {}, dict.fromkeys(here, emulated))
        """The run as each plan has it."""
        self.env = self.worlds[0].env
        self._refuse_gone()
        self.ends_ms: int = parameters.horizon_ms
        """The scenario's horizon."""
        self.start = scenario.start.replace(tzinfo=zone_info(scenario.time_zone))
        """The clock at activation."""

    def _refuse_gone(self) -> None:
        for each in self.devices:
            if each.live.gone:
                raise FotaSimError(
                    f"device {each.name} (number {each.number}) is gone for good in this scenario and seed: it has no "
                    "power in the whole run; choose another one, or set gone: 0% for its group"
                )

    @property
    def first_ms(self) -> int:
        """When the last of the emulated devices has had its first contact; 0 if none has one."""
        return max((each.power.first_ms or 0 for each in self.devices), default=0)

    @property
    def now_ms(self) -> int:
        """Virtual time since activation."""
        return self.env.now_ms

    @property
    def next_ms(self) -> int | None:
        """When something happens next; None where nothing more does before the horizon."""
        next_ms = self.env.next_ms
        return None if next_ms is None or next_ms >= self.ends_ms else next_ms

    def run_through(self, at_ms: int) -> None:
        """Let everything happen up to ``at_ms``, but only what comes before the horizon; the past is over."""
        if at_ms >= self.ends_ms:
            self.env.run_to(self.ends_ms, lambda _: None)
        elif at_ms >= self.now_ms:
            self.env.run_through(at_ms)

    def run_until(self, found: Callable[[], bool], at_ms: int) -> bool:
        """Let everything happen up to the millisecond in which ``found`` holds, or to ``at_ms``; whether it held."""
        while not found():
            next_ms = self.next_ms
            if next_ms is None or next_ms > at_ms:
                self.run_through(at_ms)
                return found()
            self.run_through(next_ms)
        return True

    def act(self, device: Emulated, action: Callable[[], None]) -> None:
        """Something happens to a device now, from outside: after what happens now by itself; not once all is over."""
        env = self.env
        if env.now_ms >= self.ends_ms:
            return
        env.run_through(env.now_ms)
        acting, env.device = env.device, device.live.who
        try:
            action()
        finally:
            env.device = acting
        env.run_through(env.now_ms)

    def heading(self, device: Emulated) -> str:
        """The first line of a device's dialogue, as a result has it."""
        whose = f"{self.scenario.name}, device {device.name}, replication {self.replication}"
        return f"{whose}: host and module{on_the_clocks(self.start)}"


def watch(devices: Sequence[Emulated], said: Callable[[Emulated, Line], None]) -> None:
    """Have ``said`` told each line of these devices' dialogues, while it is said."""
    for each in devices:
        each.watchers.append(lambda line, each=each: said(each, line))  # type: ignore[misc]


def _place(found: int | None, device: str, n: int) -> int:
    if found is not None:
        return found
    if device.isdecimal() and int(device) < n:
        return int(device)
    raise FotaSimError(f"there is no device {quoted(device)}; the fleet has numbers 0 to {n - 1}, or say an id")
