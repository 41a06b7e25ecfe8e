"""The scenario's JSON Schema, for editors: what YAML may say, with the manual as descriptions."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import SchemaSerializer

from fota_sim.scenario.model import Scenario
from fota_sim.scenario.presets import preset_names

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_OPTIONAL = ("radios", "modules", "hosts")
_EXTENSIBLE = ("Radio", "Module", "Host", "Battery")


def json_schema() -> dict[str, Any]:
    """The schema of a scenario as a person writes it (JSON Schema, draft 2020-12).

    More forgiving than the loader in one way: what ``extends`` or a built-in radio, module or host supplies is not
    required, since only the loader knows whether it does.
    """
    schema = Scenario.model_json_schema(mode="validation", by_alias=True, schema_generator=_AsWritten)
    schema["required"] = [name for name in schema["required"] if name not in _OPTIONAL]
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "Scenario file to take everything from that is not said here.",
    }
    for name in _EXTENSIBLE:
        schema["$defs"][name].pop("required", None)
    _describe_strategies(schema)
    _describe_plans(schema)
    # A scenario that extends another need not repeat what that one says.
    required = schema.pop("required")
    forms = [{"required": [*required, form]} for form in ("plan", "plans")]
    schema["anyOf"] = [{"required": ["extends"]}, *forms]
    schema["not"] = {"required": ["plan", "plans"]}
    return {"$schema": DIALECT, **_in_its_words(schema), "title": "fota-sim scenario"}


def _in_its_words(schema: Any) -> Any:
    """The same with bounds as JSON Schema calls them, where pydantic leaves its own names; a text has none."""
    if isinstance(schema, list):
        return [_in_its_words(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    bounds = {name for name in _BOUNDS if isinstance(schema.get(name), int | float)}
    kept = {name: each for name, each in schema.items() if not (name in bounds and schema.get("type") == "string")}
    return {_BOUNDS[name] if name in bounds else name: _in_its_words(each) for name, each in kept.items()}


class _AsWritten(GenerateJsonSchema):
    """Defaults as YAML has them: quantities are texts with their unit."""

    def default_schema(self, schema: Any) -> dict[str, Any]:
        found = super().default_schema(schema)
        value = self.get_default_value(schema)
        if found.get("default") not in (None, [], {}, "") and not isinstance(value, BaseModel):
            found["default"] = SchemaSerializer(schema["schema"]).to_python(value, mode="json")
        return found


def _describe_plans(schema: dict[str, Any]) -> None:
    """A plan among several has a name of its pattern and no other."""
    plans = schema["properties"]["plans"]
    pattern, plan = plans.pop("patternProperties").popitem()
    plans |= {"additionalProperties": plan, "propertyNames": {"pattern": pattern}}


def _describe_strategies(schema: dict[str, Any]) -> None:
    """A strategy's plan has the fields of the plan, none of them required, and presets have names."""
    parts = schema["$defs"]
    partial = {key: value for key, value in parts["Plan"].items() if key != "required"}
    partial["properties"] = {key: value for key, value in partial["properties"].items() if key != "preset"}
    parts["StrategyPlan"] = partial
    parts["NamedStrategy"]["properties"]["plan"] = {"$ref": "#/$defs/StrategyPlan"}
    for part in (parts["Plan"], parts["NamedPlan"], parts["NamedStrategy"]):
        part["properties"]["preset"]["anyOf"][0] = {"type": "string", "enum": preset_names()}
    strategies = schema["properties"]["strategies"]
    strategies["additionalProperties"] = {"anyOf": [{"$ref": "#/$defs/NamedStrategy"}, {"type": "null"}]}
    if "patternProperties" in strategies:
        pattern = next(iter(strategies.pop("patternProperties")))
        strategies["propertyNames"] = {"pattern": pattern}
