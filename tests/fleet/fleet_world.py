"""Small scenarios for the tests of the fleet: a product and a plan nobody cares about, and the fleet to be built."""

from pathlib import Path

from fota_sim.scenario.loader import parse_scenario

HEAD = """
horizon: 30d
seed: 7
product:
  model:
    device_model: Meter
    components:
      - {identifier: app, type: firmware}
      - {identifier: stm, type: mcu}
      - {identifier: dsp, type: mcu}
packages:
  - {name: app-2, component: app, target_version: "2_0", files: [{name: app-2.bin, size: 100kB}]}
"""
PLAN = "plan: {name: P, packages: [app-2]}\n"


def scenario_of(fleet, *, plan=PLAN, extra="", folder=None, overrides=()):
    """A checked scenario with this ``fleet`` block; files are looked for in ``folder``."""
    path = Path(folder or ".") / "scenario.yaml"
    text = HEAD + extra + plan + "fleet:\n" + "".join(f"  {line}\n" for line in fleet.strip().splitlines())
    return parse_scenario(text, path, overrides)


def group(name="g", count=1000, **fields):
    """One group of a ``groups:`` list as YAML."""
    said = "".join(f", {key}: {value}" for key, value in fields.items())
    return f"- {{name: {name}, count: {count}{said}}}\n"


def groups(*entries, after=""):
    """A fleet block of these groups."""
    return "groups:\n" + "".join(f"  {entry}" for entry in entries) + after
