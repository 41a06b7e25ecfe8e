"""A mix of names: one name, or names with their shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticKnownError

from fota_sim.quoting import quoted
from fota_sim.scenario.types import at_text, one_line
from fota_sim.scenario.units import RATIO


def _parse(value: object) -> dict[str, float]:
    if isinstance(value, str):
        return {value: 1.0}
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise PydanticKnownError("string_type")  # a version that is a number without quotes
    if not isinstance(value, dict) or not value:
        raise ValueError('write one name in quotes, or names with shares: {"1_0": 70%, "1_1": 30%}')
    shares = {str(name): RATIO.parse(share) for name, share in value.items()}
    for name, share in shares.items():
        if share < 0:
            raise ValueError(f"{quoted(name)} has a share below 0; shares go from 0% to 100%")
    if abs(sum(shares.values()) - 1.0) > 1e-6:
        raise ValueError(f"the shares sum to {100 * sum(shares.values()):.6g}%; they must sum to 100%")
    return shares


def _write(shares: dict[str, float]) -> object:
    if len(shares) == 1:
        return next(iter(shares))
    return {name: RATIO.format(share) for name, share in shares.items()}


def _each(name_of: Callable[[str], str]) -> AfterValidator:
    """Ask a rule of every name."""

    def names(shares: dict[str, float]) -> dict[str, float]:
        return {name_of(name): share for name, share in shares.items()}

    return AfterValidator(names)


_PARSED = BeforeValidator(_parse)
_WRITTEN = PlainSerializer(_write)
_SCHEMA = WithJsonSchema(
    {
        "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
        "description": 'one name, or names with shares that sum to 100%: {"1_0": 70%, "1_1": 30%}',
    }
)

Mix = Annotated[dict[str, float], _PARSED, _each(one_line), _WRITTEN, _SCHEMA]
"""Names with their shares."""
VersionMix = Annotated[dict[str, float], _PARSED, _each(at_text), _WRITTEN, _SCHEMA]
"""Versions with their shares."""
