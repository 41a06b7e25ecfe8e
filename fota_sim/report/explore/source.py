"""The scenario that is explored: read once, and built anew with every change."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from fota_sim.analysis.run.replications import replications_of
from fota_sim.errors import FotaSimError
from fota_sim.report.explore.so_far import SoFar
from fota_sim.scenario.document import Document, extended, parse_text, read_text
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.loader import build_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.one_plan import plan_asked
from fota_sim.scenario.rewriting import rewritten
from fota_sim.scenario.templates import TEMPLATES, find_template


@dataclass(frozen=True)
class Source:
    """A scenario as its author wrote it."""

    path: Path
    text: str
    document: Document
    overrides: tuple[str, ...]
    """Changes that hold for the whole session, as ``--set`` takes them."""
    strategy: str | None
    """The strategy that the session begins with."""
    so_far: SoFar | None = None
    """The log of the rollout under way, to be drawn beside what is played."""
    plan: str = ""
    """Of several the one whose knobs are turned and whose numbers are shown; the others are played beside it."""

    def scenario(self, changes: Sequence[str] = (), strategy: str | None = None) -> Scenario:
        """With ``changes`` as ``--set`` takes them; raises ScenarioError with everything that is wrong."""
        return build_scenario(deepcopy(self.document), [*self.overrides, *changes], self.path, strategy)

    @property
    def strategies(self) -> list[str]:
        """The names of its strategies."""
        named = self.document.data.get("strategies")
        return list(named) if isinstance(named, dict) else []

    @property
    def says_strategy(self) -> bool:
        """Whether the file itself says which of its strategies it is."""
        return bool(self.strategies) and self.document.data.get("strategy") is not None


def open_source(
    given: str | Path | Draft, overrides: Sequence[str] = (), strategy: str | None = None, plan: str | None = None
) -> Source:
    """The scenario in the file ``given``, or the template of that name if there is no such file.

    ``plan``: of several the one that is explored; None: the only one. A scenario that does not say how often it is
    played gets as many replications as the question needs. Raises ScenarioError with everything that is wrong,
    FotaSimError if there is neither file nor template, or no such plan.
    """
    if isinstance(given, Draft):
        text = rewritten(given, given.path.parent)
        return _enough(Source(given.path, text, given.document, tuple(overrides), strategy), plan)
    path = Path(given)
    template = find_template(str(given))
    if template is not None and not path.is_file():
        path = Path(str(files("fota_sim.scenario") / "templates" / f"{template.name}.yaml"))
    elif not path.exists() and path.suffix not in (".yaml", ".yml"):
        names = ", ".join(each.name for each in TEMPLATES)
        raise FotaSimError(f"{given}: no such file, and no template of that name; the templates are {names}")
    text = read_text(path)
    document = extended(parse_text(text, str(path)), path)
    return _enough(Source(path, text, document, tuple(overrides), strategy), plan)


def _enough(source: Source, plan: str | None) -> Source:
    """With its plan, and as many replications as the question needs, unless somebody said how many.

    Raises ScenarioError, and FotaSimError where it is not said which of several plans is meant.
    """
    scenario = source.scenario((), source.strategy)
    source = replace(source, plan=plan_asked(scenario, plan, "the explorer looks at"))
    if scenario.says_replications:
        return source
    return replace(source, overrides=(*source.overrides, f"replications={replications_of(scenario)}"))
