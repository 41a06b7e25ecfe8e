"""Scenarios to start from, packaged as YAML files in ``templates/``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Template:
    """One scenario to start from; ``companions`` are files that it reads, to be written beside it."""

    name: str
    summary: str
    companions: tuple[str, ...] = ()

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


def _read(file: str) -> str:
    return (files("fota_sim.scenario") / "templates" / file).read_text(encoding="utf-8")
