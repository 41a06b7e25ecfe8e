"""``fota-sim new``: a scenario to start from."""

from __future__ import annotations

from pathlib import Path

import typer

from fota_sim.cli import complete
from fota_sim.cli.console import answer, columns, say
from fota_sim.cli.examples import Example
from fota_sim.cli.files import save
from fota_sim.cli.options import FORCE
from fota_sim.errors import FotaSimError

EXAMPLES = (
    Example("fota-sim new my.yaml", "2,000 meters, pushed at night"),
    Example("fota-sim new --list", "other scenarios to start from"),
    Example("fota-sim new plugs.yaml --template plugs", "start from one of them"),
)


def new(
    file: Path | None = typer.Argument(None, help="The scenario to write, for example my.yaml.", show_default=False),
    template: str = typer.Option(
        "meters", help="Which scenario to start from; --list names them.", autocompletion=complete.templates
    ),
    list_: bool = typer.Option(False, "--list", help="Name the templates and stop."),
    force: bool = FORCE,
) -> None:
    """Write a commented scenario that works, to change into your own."""
    from fota_sim.scenario.templates import SCHEMA_FILE, TEMPLATES, template_named

    if list_:
        answer(columns([(each.name, each.summary) for each in TEMPLATES]))
        return
    if file is None:
        raise FotaSimError("say which file to write, for example: fota-sim new my.yaml")
    chosen = template_named(template)
    texts = {file: chosen.text} | {file.parent / name: chosen.companion(name) for name in chosen.companions}
    taken = [str(path) for path in texts if path.exists()]
    if taken and not force:
        raise FotaSimError(
            f"{' and '.join(taken)} would be overwritten; choose another name, or add --force to overwrite"
        )
    for path, text in texts.items():
        save(path, text, force)
        answer(str(path))
    if not (file.parent / SCHEMA_FILE).exists():
        _write_schema(file.parent / SCHEMA_FILE)
    say(f"Next: fota-sim validate {file}; fota-sim run {file}")


def _write_schema(path: Path) -> None:
    """The schema that the template's first line names, so that editors complete and check it."""
    import json

    from fota_sim.scenario.schema_export import json_schema

    save(path, json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", force=False)
    answer(str(path))
