"""The assumptions of a scenario: every number that its manual calls one, and a range to vary it in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from fota_sim.analysis.sensitivity.in_use import InUse, in_use
from fota_sim.analysis.sensitivity.parameters import LawSpan, Parameter, Span, unit_of
from fota_sim.scenario import units
from fota_sim.scenario.distribution import Distribution
from fota_sim.scenario.libraries import LIBRARIES, builtin
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.overrides import steps_into

SPREAD = 0.5
"""Below and above, as a share of the value. Assumption."""
LEVEL_SPREAD_dB = 6.0
"""Below and above for signal levels, which have no zero: four times the power. Assumption."""
_WORD = "Assumption"


class Assumed(NamedTuple):
    """An assumption as a scenario has it."""

    path: str
    value: str
    """As written in a scenario."""
    manual: str
    """What it is."""
    own: bool
    """Whether the scenario says something else than what is built in."""


def assumed_by(scenario: Scenario, used: InUse) -> list[Assumed]:
    """Every assumption that the numbers of this scenario rest on, with the value it has; ``used``: what of it is.

    What is built in is a field's default, or what the built-in radio, module or host says that theirs is or extends.
    """
    standard = _built_in(scenario)
    found = []
    for path, field, value, text in _walk(scenario, scenario.model_dump(mode="json", by_alias=True), ""):
        if used.matters(path):
            usual = standard.get(_origin(path, scenario), field.get_default(call_default_factory=True))
            manual = " ".join((field.description or "").removesuffix(f"{_WORD}.").split())
            found.append(Assumed(path, _written(text), manual, value != usual))
    return found


def _built_in(scenario: Scenario) -> dict[str, Any]:
    """What the built-in radios, modules and hosts say, by path."""
    values = {}
    for kind in LIBRARIES:
        of = type(next(iter(getattr(scenario, kind).values())))
        for name, entry in builtin(kind).items():
            model = of.model_validate(entry)
            dumped = model.model_dump(mode="json", by_alias=True)
            values.update({path: value for path, _, value, _ in _walk(model, dumped, f"{kind}.{name}")})
    return values


def _origin(path: str, scenario: Scenario) -> str:
    """The path with the built-in radio, module or host that its own one is made from."""
    kind, _, rest = path.partition(".")
    if kind not in LIBRARIES:
        return path
    name, _, field = rest.partition(".")
    known, seen = getattr(scenario, kind), set[str]()
    while name in known and known[name].extends and name not in seen:
        seen.add(name)
        name = known[name].extends
    return f"{kind}.{name}.{field}"


def _written(text: Any) -> str:
    """A value as a scenario would say it, in one line."""
    if isinstance(text, dict):
        return f"{{{', '.join(f'{key}: {_written(value)}' for key, value in text.items())}}}"
    if isinstance(text, list):
        return f"[{', '.join(map(_written, text))}]"
    return "null" if text is None else str(text).lower() if isinstance(text, bool) else str(text)


def assumptions_of(scenario: Scenario, spread: float = SPREAD) -> tuple[list[Parameter], list[str]]:
    """The assumptions that can matter to this fleet, with their ranges; and the paths of those that are 0.

    Those of what devices have and do, rows of files among them. The range is the value less and plus ``spread`` of it,
    kept within what the field takes; a zero has no such range, so it is named and left to the user.
    """
    parameters: list[Parameter] = []
    zeros: list[str] = []
    used = in_use(scenario)
    for path, field, value, text in _walk(scenario, scenario.model_dump(mode="json", by_alias=True), ""):
        if not used.matters(path) or not _is_number(value):
            continue
        found: Parameter | None
        if isinstance(value, Distribution):
            found = _law(path, value, text, spread)
        elif value == 0:
            zeros.append(path)
            continue
        else:
            found = _number(path, field, value, text, spread)
        if found is not None:
            parameters.append(found)
    return parameters, zeros


def _walk(node: Any, text: Any, path: str) -> Iterator[tuple[str, FieldInfo, Any, Any]]:
    """Every field called an assumption: path, field, value and the value as written."""
    if isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            if field.exclude:
                continue
            value = getattr(node, name)
            if (field.alias or name) not in text:
                continue  # of plan and plans the form that the scenario does not have
            said = text[field.alias or name]
            here = f"{path}.{field.alias or name}" if path else (field.alias or name)
            if _WORD in (field.description or ""):
                yield here, field, value, said
            else:
                yield from _walk(value, said, here)
    elif isinstance(node, dict) and isinstance(text, dict):
        for name, value in node.items():
            yield from _walk(value, text[name], f"{path}.{name}")
    elif isinstance(node, list | tuple) and isinstance(text, list):
        for entry, said, step in zip(node, text, steps_into(node), strict=True):
            yield from _walk(entry, said, f"{path}{step}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Distribution) and not isinstance(value, bool)


def _number(path: str, field: FieldInfo, value: float, text: Any, spread: float) -> Span | None:
    unit = unit_of(text)
    if unit is units.SIGNAL:
        low, high = value - LEVEL_SPREAD_dB, value + LEVEL_SPREAD_dB
    else:
        # six figures: 0.3 and half of it is 0.45, whatever the last bit of the product says
        low, high = sorted(float(f"{value * factor:.6g}") for factor in (1 - spread, 1 + spread))
    whole = isinstance(value, int) and unit is None
    if whole:
        low, high = min(round(low), value - 1), max(round(high), value + 1)
    lowest, highest = _bounds(field, whole)
    if unit is units.RATIO:
        lowest, highest = max(lowest, 0.0), min(highest, 1.0)
    low, high = max(low, lowest), min(high, highest)
    return Span(path, unit, low, high, whole, text) if low < high else None


def _bounds(field: FieldInfo, whole: bool) -> tuple[float, float]:
    """What the field takes; an end that it just does not take is left by a thousandth, or by one."""
    low, high = float("-inf"), float("inf")
    for rule in field.metadata:
        low = max(low, getattr(rule, "ge", low))
        high = min(high, getattr(rule, "le", high))
        if (above := getattr(rule, "gt", None)) is not None:
            low = max(low, above + (1 if whole else 1e-3 * abs(above)))
        if (below := getattr(rule, "lt", None)) is not None:
            high = min(high, below - (1 if whole else 1e-3 * abs(below)))
    return low, high


def _law(path: str, law: Distribution, text: Any, spread: float) -> LawSpan | None:
    unit = _unit_within(text)
    if unit is None:
        return None
    if unit is units.SIGNAL:
        return LawSpan(path, unit, law, -LEVEL_SPREAD_dB, LEVEL_SPREAD_dB, True)
    return LawSpan(path, unit, law, 1 - spread, 1 + spread, False)


def _unit_within(text: Any) -> units.Unit | None:
    """The unit of the values of a law as written; levels have their spread in dB, which is not it."""
    if isinstance(text, dict):
        text = [value for key, value in text.items() if key not in ("sd", "weight", "weights")]
    if isinstance(text, list):
        return next((unit for each in text if (unit := _unit_within(each)) is not None), None)
    return unit_of(text) if isinstance(text, str) else None
