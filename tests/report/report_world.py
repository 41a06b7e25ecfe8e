"""Results of every kind, small, and with texts that would be markup if a page let them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from fota_sim.cli.main import exit_code

EVILS = (
    "<script>owned=1</script>",
    '"><img src=x onerror="owned=1">',
    "</style></pre><b>",
    "{{7*7}}",
    "{% raw %}",
    "`tick",
)
"""What people who mean harm, or write about templates, put into free texts."""
EVIL = " ".join(EVILS)
QUOTED = EVIL.replace("'", "''")

SCENARIO = f"""\
name: small
description: '{QUOTED}'
horizon: 2d
replications: 5
product: {{name: '{QUOTED}', model: {{components: [{{identifier: app, type: firmware}}]}}}}
packages:
  - {{name: app-2, component: app, kind: full, target_version: "2_0", files: [{{name: a.bin, size: 100kB}}]}}
plan:
  name: '{QUOTED}'
  packages: [app-2]
strategies:
  strict: {{description: '{QUOTED}', plan: {{strategy: {{min_battery: 90%}}}}}}
  waves: {{plan: {{rollout: {{waves: [{{name: '{QUOTED}', share: 50%}}, {{opens: {{after: 1d}}}}]}}}}}}
thresholds: [bricked < 60%]
fleet:
  groups:
    - name: first
      count: 12
      module: '{QUOTED}'
      mains: 0%
      battery_level: {{uniform: [3%, 100%]}}
      firmware: {{"1_0": 100%}}
      attributes: {{note: '{QUOTED}'}}
    - name: second
      count: 3
      module: EC200U
      firmware: {{"1_0": 100%}}
radios: {{'{QUOTED}': {{extends: lte-cat1}}}}
modules: {{'{QUOTED}': {{extends: EC200U, radio: '{QUOTED}'}}}}
"""


class Results(NamedTuple):
    """A folder of each kind."""

    home: Path
    run: Path
    comparison: Path
    sweep: Path
    tuning: Path
    sensitivity: Path

    def folders(self) -> dict[str, Path]:
        """By what they are."""
        return {name: getattr(self, name) for name in KINDS}


KINDS = ("run", "comparison", "sweep", "tuning", "sensitivity")


def make_results(home: Path) -> Results:
    """Play a small scenario in every way; folder names are as bad as the texts."""
    home = home / "<img src=x onerror=alert(1)>"
    home.mkdir()
    file = home / "small.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    played = ["--engine", "compiled", "--workers", "1", "--quiet"]
    few = ["--trials", "3", "--fresh", "5"]
    levels = "plan.strategy.min_battery=10%..80%"
    for argv in (
        ["run", str(file), "--out", str(home / "results")],
        ["run", str(file), "--out", str(home / "results"), "--strategy", "strict"],
        ["compare", str(file), "--out", str(home / "compared")],
        ["sweep", str(file), "--out", str(home / "swept"), "--axis", f"{levels}/3", "--axis", "strategy=strict,waves"],
        ["tune", str(file), "--out", str(home / "tuned"), "--knob", levels, "--maximise", "success", *few],
        ["sensitivity", str(file), "--out", str(home / "moved"), "--vary", levels],
    ):
        assert exit_code([*argv, *played]) == 0, argv
    return Results(
        home,
        next((home / "results" / "small").glob("2*")),
        home / "compared",
        next((home / "swept" / "small" / "sweeps").glob("2*")),
        next((home / "tuned" / "small").glob("2*")),
        next((home / "moved" / "small").glob("2*")),
    )
