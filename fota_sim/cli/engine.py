"""Which engine plays, and what a user should know before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fota_sim.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fota_sim.scenario.model import Scenario


def chosen_engine(scenario: Scenario, wanted: str, quiet: bool = False) -> str:
    """The engine's name; says so where the size decided. Raises FotaSimError for one that cannot play this."""
    from fota_sim.engines.choice import choose

    choice = choose(scenario, wanted)
    if choice.why and not quiet:
        say(choice.why)
    tell_engines([choice.name], quiet)
    return choice.name


def tell_engines(names: Iterable[str], quiet: bool) -> None:
    """Say what a user should know before these engines start: the first use of one may compile for minutes."""
    from fota_sim.engines.choice import notice

    for name in dict.fromkeys(names):
        if (text := notice(name)) and not quiet:
            say(text)
