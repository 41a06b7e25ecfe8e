"""The scenario's JSON Schema, for editors: what YAML may say, with the manual as descriptions."""

from __future__ import annotations

from typing import Any

from fota_sim.scenario.model import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OPTIONAL = ("radios", "modules", "hosts")
_EXTENSIBLE = ("Radio", "Module", "Host", "Battery")


def json_schema() -> dict[str, Any]:
    """The schema of a scenario as a person writes it (JSON Schema, draft 2020-12).

    More forgiving than the loader in one way: what ``extends`` or a built-in radio, module or host supplies is not
    required, since only the loader knows whether it does.
    """
    schema = Scenario.model_json_schema(mode="validation", by_alias=True)
    schema["required"] = [name for name in schema["required"] if name not in _OPTIONAL]
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "Scenario file to take everything from that is not said here.",
    }
    for name in _EXTENSIBLE:
        schema["$defs"][name].pop("required", None)
    # A scenario that extends another need not repeat what that one says.
    required = schema.pop("required")
    schema["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    return {"$schema": DIALECT, **schema, "title": "fota-sim scenario"}
