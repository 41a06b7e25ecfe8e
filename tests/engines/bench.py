"""One module of a scenario on a bench: its story in the reference engine, with a test in the place of its host."""

from __future__ import annotations

from fota_sim.engines.parameters import build_parameters
from fota_sim.engines.reference.bound import story
from fota_sim.engines.reference.environment import FleetEnvironment
from fota_sim.engines.reference.run import _have_text
from fota_sim.engines.reference.world import worlds_of
from fota_sim.engines.setting.names import names_of
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.loader import parse_scenario


class Bench:
    """Power on at the beginning; ``say`` and ``wait`` from there."""

    def __init__(self, text: str, *overrides: str) -> None:
        scenario = parse_scenario(text, "scenario.yaml", overrides)
        fleet = build_fleet(scenario, 0, None)
        parameters = build_parameters(scenario, fleet, 0)
        self.env = FleetEnvironment()
        [self.w] = worlds_of(self.env, scenario, parameters, fleet, 0, names_of(parameters, fleet), frozenset({0}))
        self.live = story.life.bring_to_life(self.w, 0)
        _have_text(self.w, self.live, fleet, parameters, None)
        self.live.listener = self
        self.heard = ""
        self.live.modem.module.says_ready = True
        story.modem.switch_on(self.w, self.live, 0)

    def hear(self, text: str, _said_ms: int) -> None:
        self.heard += text

    def hear_data(self, start: int, n: int) -> None:
        self.heard += f"<{n} bytes from {start}>"

    def saw_boot(self) -> None:
        """The test sees the module's lines."""

    def stop(self) -> None:
        """The test goes on."""

    def say(self, line: str) -> list[str]:
        """Send a line; what comes back at once, without the echo."""
        self.heard = ""
        self.live.modem.module.receive(line + "\r")
        return self.lines()

    def wait(self, seconds: float) -> list[str]:
        """What comes meanwhile."""
        self.heard = ""
        self.env.run_to(self.env.now_ms + round(seconds * 1000), lambda _: None)
        return self.lines()

    def lines(self) -> list[str]:
        return [line for line in self.heard.replace("\r", "\n").split("\n") if line and not line.startswith("AT")]
