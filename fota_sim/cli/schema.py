"""``fota-sim schema``: what a scenario may say, for editors and readers."""

from __future__ import annotations

from pathlib import Path

import typer

from fota_sim.cli.console import answer, answer_json
from fota_sim.cli.examples import Example
from fota_sim.cli.files import save
from fota_sim.cli.options import FORCE

EXAMPLES = (
    Example("fota-sim schema", "every field, explained"),
    Example("fota-sim schema --out fota-sim.schema.json --force", "for an editor that completes and checks YAML"),
)


def schema(
    out: Path | None = typer.Option(None, "-o", "--out", help="Write it to this file instead.", show_default=False),
    force: bool = FORCE,
) -> None:
    """Print the scenario's JSON Schema, with every field explained."""
    import json

    from fota_sim.scenario.schema_export import json_schema

    if out is None:
        answer_json(json_schema())
        return
    save(out, json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", force)
    answer(str(out))
