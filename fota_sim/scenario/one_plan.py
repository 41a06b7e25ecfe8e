"""Which plan is meant where somebody looks at one, such as the one that a log is of."""

from __future__ import annotations

from fota_sim.errors import FotaSimError
from fota_sim.quoting import listed, quoted
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.wording import did_you_mean


def plan_asked(scenario: Scenario, asked: str | None, what: str) -> str:
    """The name of the plan that is asked for, as ``Scenario.of_plan`` takes it; empty for the one under ``plan``.

    ``what`` has to do with one, as ``a log is of``; ``asked`` may be left out where there is one. Raises FotaSimError.
    """
    called = scenario.name or "the scenario"
    names = [*scenario.plans]
    if not names:
        if asked and asked != scenario.plan.name:
            raise FotaSimError(
                f"{called} has no plan {quoted(asked)}, but one that is called {quoted(scenario.plan.name)}; leave "
                "--plan out, or give the scenario that has several"
            )
        return ""
    if asked:
        if asked not in names:
            raise FotaSimError(f"{called} has no plan {quoted(asked)}{did_you_mean(asked, names)}")
        return asked
    if len(names) > 1:
        raise FotaSimError(
            f"{what} one plan, and {called} has several ({listed(names)}); say which by --plan {names[0]}, in "
            f"Python plan={names[0]!r}"
        )
    return names[0]
