"""Which plan is meant where somebody looks at one, such as the one that a log is of."""

from __future__ import annotations

from fota_sim.errors import FotaSimError
from fota_sim.quoting import listed, quoted
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.wording import did_you_mean

BY_COMMAND = "--plan {0}"
BY_EITHER = f"{BY_COMMAND}, in Python plan={{0!r}}"
"""How a plan is said to what is a command and a call."""


def plan_asked(scenario: Scenario, asked: str | None, what: str, how: str = BY_EITHER) -> str:
    """The name of the plan that is asked for, as ``Scenario.of_plan`` takes it; empty for the one under ``plan``.

    ``what`` has to do with one, as ``a log is of``; ``asked`` may be left out where there is one. ``how``: what whoever
    asks can write, with the name in place of ``{0}``. Raises FotaSimError.
    """
    called = scenario.name or "the scenario"
    names = [*scenario.plans]
    if not names:
        if asked and asked != scenario.plan.name:
            raise FotaSimError(
                f"{called} has no plan {quoted(asked)}, but one that is called {quoted(scenario.plan.name)}; say "
                "that, or give the scenario that has several"
            )
        return ""
    if asked:
        if asked not in names:
            raise FotaSimError(f"{called} has no plan {quoted(asked)}{did_you_mean(asked, names)}")
        return asked
    if len(names) > 1:
        raise FotaSimError(
            f"{what} one plan, and {called} has several ({listed(names)}); say which by {how.format(names[0])}"
        )
    return names[0]
