"""A sweep as a folder: ``results/<scenario>/sweeps/<time>-<hash8>/``, which gets its name when it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from fota_sim.analysis.batch.unit import identity
from fota_sim.analysis.sweep.plan import SweepPlan, SweepSpec
from fota_sim.analysis.sweep.sweep import Sweep, plan_table, surface_table, units_table
from fota_sim.experiment.folder import SWEEPS, ResultFolder, slug
from fota_sim.experiment.manifest import made

REPORT, AGAIN = "sweep.json", "sweep.yaml"
PLAN, UNITS, SURFACE = "plan.parquet", "units.parquet", "surface.parquet"
SCHEMA_VERSION = 2
"""Of ``sweep.json``; grows when a field changes its meaning."""


def store_path(root: Path, plan: SweepPlan) -> Path:
    """Where the finished units of all sweeps of a scenario are kept."""
    return root / slug(plan.name) / SWEEPS / "units.sqlite"


def plan_hash(plan: SweepPlan) -> str:
    """Hex digits of what is played: points, seed, replications. The same sweep has the same."""
    points = [(point.id, *_identity_or_none(point.scenario)) for point in plan.points]
    return hashlib.sha256(json.dumps([points, plan.seed, plan.replications]).encode()).hexdigest()[:16]


def write_sweep(sweep: Sweep, root: Path, figures: Mapping[str, bytes], argv: Iterable[str], started: datetime) -> Path:
    """The folder; ``figures`` are PNG files by name. Raises ResultError if it cannot be written."""
    digest = plan_hash(sweep.plan)
    with ResultFolder(root / slug(sweep.plan.name), SWEEPS, digest, started) as folder:
        for name, table in (
            (PLAN, plan_table(sweep.plan)),
            (UNITS, units_table(sweep)),
            (SURFACE, surface_table(sweep)),
        ):
            sink = folder.table(name)
            sink.add(table)
            sink.close()
        for name, content in figures.items():
            folder.write_bytes(name, content)
        folder.write_text(AGAIN, sweep_yaml(sweep.plan))
        folder.write_json(REPORT, {**describe(sweep), **made(argv, started)})
        return folder.commit()


def describe(sweep: Sweep) -> dict[str, Any]:
    """What was swept and how it went, without the tables."""
    plan = sweep.plan
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": plan.name,
        "hash": plan_hash(plan),
        "axes": {
            each.path: {
                "values": list(dict.fromkeys(point.labels[each.path] for point in plan.points)),
                "unit": plan.units.get(each.path),
            }
            for each in plan.spec.axes
        },
        "way": plan.spec.way,
        "constraints": list(plan.spec.where),
        "metrics": list(plan.spec.metrics),
        "seed": plan.seed,
        "replications": plan.replications,
        "points": len(plan.points),
        "left_out": plan.left_out,
        "as_it_is": plan.as_it_is,
        "units": len(plan.points) * plan.replications,
        "units_done": len(sweep.played) - len(sweep.failures),
        "units_failed": len(sweep.failures),
        **({"learnt": sweep.learnt} if sweep.learnt else {}),
    }


def sweep_yaml(plan: SweepPlan) -> str:
    """A sweep file that gives the same plan again."""
    spec: SweepSpec = plan.spec
    axes: dict[str, Any] = {}
    for each in spec.axes:
        if each.values:
            axes[each.path] = list(each.values)
        elif each.span is not None:
            ends = f"{each.span.at(0.0)}..{each.span.at(1.0)}"
            axes[each.path] = f"log({ends})" if each.span.logarithmic else ends
    content: dict[str, Any] = {"scenario": str(spec.path.resolve()), "axes": axes}
    if spec.way != "grid":
        content[spec.way] = spec.samples
    content |= {"constraints": list(spec.where)} if spec.where else {}
    content |= {"set": list(spec.overrides)} if spec.overrides else {}
    content |= {"seed": plan.seed, "replications": plan.replications, "metrics": list(spec.metrics)}
    out = StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump(content, out)
    return out.getvalue()


def _identity_or_none(scenario: Any) -> tuple[str, ...]:
    """Nothing where a file that the scenario names has gone since it was loaded; its units say so."""
    try:
        return (identity(scenario),)
    except OSError:
        return ()
