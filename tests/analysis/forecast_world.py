"""A small rollout under way: meters that wake twice a day, one in ten of which the new firmware spoils."""

from __future__ import annotations

from functools import cache

import pyarrow as pa

from fota_sim.analysis.forecast.forecast import Forecast, forecast
from fota_sim.analysis.forecast.question import Question
from fota_sim.engines.compiled.run import run_replication
from fota_sim.engines.record import RunRecord
from fota_sim.experiment.tables import device_tables
from fota_sim.histories.results import of_devices, start_s, stopped_ms
from fota_sim.histories.table import Histories
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario

UNDER_WAY = """
name: under-way
horizon: 2d
product: {model: {components: [{identifier: app}]}}
packages:
  - name: two
    component: app
    target_version: "2_0"
    files: [{name: a.bin, size: 60kB}]
    defects: [{name: spoils, where: hardware == "B", effect: verify_failure, probability: 50%}]
plan: {packages: [two], strategy: {retries: 1}}
fleet:
  groups:
    - {name: meters, count: 240, module: BG95, hardware: {A: 80%, B: 20%}, gone: 5%, mains: 100%,
       contact: {pattern: wake, every: 24h, jitter: 10min}}
"""
HOUR_MS = 3_600_000


def under_way(*overrides: str) -> Scenario:
    return parse_scenario(UNDER_WAY, overrides=overrides)


@cache
def truth(*overrides: str) -> RunRecord:
    """A rollout with luck that no forecast has."""
    return run_replication(under_way("seed=77", *overrides), 0)


def log_of(record: RunRecord, scenario: Scenario) -> Histories:
    return of_devices(pa.concat_tables(device_tables(record)), scenario, stopped_ms=stopped_ms(record.plan_log))


def ask(scenario: Scenario, record: RunRecord, hours: float, **more: object) -> Forecast:
    """The forecast after so many hours, made of few members."""
    given: dict[str, object] = {"members": (24, 24), **more}
    log = log_of(record, scenario)
    return forecast(Question(scenario, log, now_s=start_s(scenario) + hours * 3600, **given))  # type: ignore[arg-type]
