"""Values of Python as a scenario writes them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Any

from fota_sim.errors import Problem, ScenarioError
from fota_sim.quoting import quoted
from fota_sim.scenario.document import parse_value
from fota_sim.scenario.yaml_nodes import NotYamlError


def override_text(name: str, value: Any) -> str:
    """``path=value`` as ``--set`` takes it; raises ScenarioError for a value that no scenario has.

    >>> override_text("plan.strategy.min_battery", "20 %")
    'plan.strategy.min_battery=20 %'
    >>> override_text("packages[0].target_version", "2.0")
    'packages[0].target_version="2.0"'
    >>> override_text("horizon", timedelta(days=2))
    'horizon=172800s'
    """
    plain = plain_value(value, name)
    if isinstance(plain, str) and _reads_as_itself(plain):
        return f"{name}={plain}"
    return f"{name}={json.dumps(plain, ensure_ascii=False)}"


def plain_value(value: Any, name: str = "") -> Any:
    """Mappings, lists, texts, numbers, flags and None, from what stands for them; raises ScenarioError for others.

    A time span becomes a duration, a date a text in ISO 8601, a number of NumPy one of Python. ``name``: its path.
    """
    if isinstance(value, Mapping):
        return {str(key): plain_value(each, f"{name}.{key}" if name else str(key)) for key, each in value.items()}
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.15g}s"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        ordered = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain_value(each, f"{name}[{index}]") for index, each in enumerate(ordered)]
    if hasattr(value, "tolist"):  # an array or a number of NumPy, a column of pandas
        return plain_value(value.tolist(), name)
    if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    message = (
        f"{quoted(value)} is of the type {type(value).__name__}, which no scenario holds; write a text with its unit"
    )
    raise ScenarioError([Problem("", 0, 0, name, message)])


def _reads_as_itself(text: str) -> bool:
    """Whether YAML reads a text, without quotes, as that text."""
    try:
        return bool(parse_value(text) == text)
    except NotYamlError:
        return False
