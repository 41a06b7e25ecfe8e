"""Small runs of every shape that a figure has to stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.study import Study
from fota_sim.scenario.loader import parse_scenario

LONG_NAME = "meters-in-the-cellars-of-the-old-town-beyond-the-river-2019A"
"""Sixty characters."""

PLAIN = """
name: figures
start: 2026-01-05T20:00:00
time_zone: Europe/Berlin
horizon: 2d
product: {model: {components: [{identifier: BC66}]}}
packages: [{name: p, component: BC66, target_version: "2_0", files: [{name: a.bin, size: 100kB}]}]
plan:
  packages: [p]
  strategy: {min_battery: 30%, min_signal: -110dBm}
strategies:
  strict: {plan: {strategy: {min_battery: 60%}}}
  lax: {plan: {strategy: {min_battery: 10%}}}
fleet:
  groups:
"""
_GROUP = (
    "    - {{name: {name}, count: {count}, module: BC66, mains: 30%, rssi: {{normal: {{mean: -108dBm, sd: 8dB}}}}, "
    "battery_level: {{uniform: [5%, 100%]}}, contact: {{pattern: wake, every: {every}}}}}\n"
)

_LIMITED = (
    "network.server.connections=2",
    "network.server.egress=1Mbit/s",
    "plan.rollout.concurrency={devices: 3}",
    "plan.rollout.rate={devices: 10, every: 1h}",
)
_WAVES = (
    "plan.rollout={order: random, waves: [{share: 20%, name: testers of the first hour}, "
    "{share: 30%, opens: {after: 6h}}, {opens: {after: 12h}}], abort: [{count: 3, on: [download]}]}",
    "plan.operator=[{at: 3h, do: suspend}, {at: 5h, do: resume}]",
)
_MANY_WAVES = ("plan.rollout.waves=[" + "{share: 5%, opens: {after: 0s}}, " * 12 + "{opens: {after: 1h}}]",)
_DYING = ("packages[0].defects=[{name: flash, effect: dies_later, probability: 50%}]",)


def source(groups: Mapping[str, int]) -> str:
    """A scenario with these groups: name to number of devices."""
    names = enumerate(groups.items())
    return PLAIN + "".join(_GROUP.format(name=f'"{name}"', count=n, every=f"{2 + k}h") for k, (name, n) in names)


def played(text: str, overrides: Sequence[str] = ()) -> Study:
    """A run of a scenario, in memory."""
    return run_study(parse_scenario(text, "scenario.yaml", overrides), text, None, engine="compiled", workers=1)


ONE = {"meters": 40}
TWELVE = {f"{LONG_NAME[:56]}-{k:03d}": 4 for k in range(12)}
SHAPES: Mapping[str, tuple[Mapping[str, int], Sequence[str]]] = {
    "one device": ({"a": 1}, ("fleet.groups[0].gone=0%",)),
    "five devices": ({"a": 2, "b": 3}, ()),
    "ten replications": (ONE, ("replications=10",)),
    "twelve groups with long names": (TWELVE, ("replications=2",)),
    "nobody reached": (ONE, ("fleet.groups[0].gone=100%",)),
    "nobody targeted": (ONE, ('fleet.groups[0].firmware="2_0"',)),
    "nothing fails": (ONE, ("fleet.groups[0].rssi=-70dBm", "fleet.groups[0].mains=100%", "fleet.groups[0].gone=0%")),
    "ten minutes": (ONE, ("horizon=10min", "fleet.groups[0].contact={pattern: always, spread: 1min}")),
    "ninety days": (ONE, ("horizon=90d",)),
    "limits": (ONE, _LIMITED),
    "waves": (ONE, (*_WAVES, "replications=5")),
    "many waves": (ONE, _MANY_WAVES),
    "die later": (ONE, _DYING),
    "priced": (
        ONE,
        ("prices={currency: EUR, per_MB: 0.1, per_visit: 85, per_device_day: 2, per_not_upgraded: 30, per_mAh: 0.01}",),
    ),
}
"""Groups and overrides by what is special about them."""
