"""What may be given for a scenario: a file, a dictionary, or a scenario under edit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from fota_sim.notebook.scenarios import Scenario, draft_of, load
from fota_sim.scenario.draft import Draft

Source: TypeAlias = str | Path | Mapping[str, Any] | Scenario
"""A scenario, or where it stands."""


def source_of(given: Source) -> Path | Draft:
    """As what loads scenarios takes it; raises ScenarioError for a dictionary that no file can say."""
    return Path(given) if isinstance(given, str | os.PathLike) else draft_of(load(given))


def strategy_of(given: Source, asked: str | None) -> str | None:
    """The strategy that is meant: the one asked for, or the one that the scenario was loaded with."""
    return given.strategy if asked is None and isinstance(given, Scenario) else asked
