"""Scenarios to start from, packaged as YAML files in ``templates/``."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from fota_sim.errors import FotaSimError
from fota_sim.quoting import quoted


@dataclass(frozen=True)
class Template:
    """One scenario to start from; ``companions`` are files that it reads, to be written beside it."""

    name: str
    summary: str
    companions: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Where it is installed, with its companions beside it."""
        return Path(str(files("fota_sim.scenario") / "templates" / f"{self.name}.yaml"))

    @property
    def text(self) -> str:
        """The scenario itself."""
        return _read(f"{self.name}.yaml")

    def companion(self, file: str) -> str:
        """The text of one of its ``companions``."""
        return _read(file)


TEMPLATES = (
    Template("meters", "2,000 NB-IoT meters, pushed at night"),
    Template("plugs", "1,000 Wi-Fi plugs (FC41D) that ask for the update"),
    Template("mixed", "one release for Wi-Fi, LTE Cat 1 and NB-IoT devices"),
    Template("single", "one FC41D: the vendor page's dialogue, line for line"),
    Template("mcu", "500 devices whose STM32 is updated through the module (SOTA)"),
    Template("csv", "a fleet of your own, from a CSV file", companions=("fleet.csv",)),
)
"""All templates; the first is the one that ``fota-sim new`` takes if nobody says another."""

SCHEMA_FILE = "fota-sim.schema.json"
"""The JSON Schema's file name in the first line of every template."""


def find_template(name: str) -> Template | None:
    """The template of this name, or None."""
    return next((template for template in TEMPLATES if template.name == name), None)


def template_named(name: str) -> Template:
    """The template of this name; raises FotaSimError if there is none."""
    chosen = find_template(name)
    if chosen is None:
        names = [template.name for template in TEMPLATES]
        near = get_close_matches(name, names, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
        raise FotaSimError(f"there is no template {quoted(name)}; {hint}")
    return chosen


def _read(file: str) -> str:
    return (files("fota_sim.scenario") / "templates" / file).read_text(encoding="utf-8")
