"""A comparison as a folder: the differences, and of each variant what its figures need.

``compare.json`` and ``compare.parquet``; ``variants/<k>-<name>/`` with the scenario as it was played, its summary and
its small tables, k in the order of the comparison.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fota_sim.analysis.compare.comparison import Comparison
from fota_sim.analysis.run.examination import RUNS
from fota_sim.analysis.run.outline import BATTERY_SIGNAL, GROUP_TIMES, PLAN_LOG, TIMESERIES
from fota_sim.analysis.run.study import RESOLVED, SUMMARY, Study
from fota_sim.errors import FotaSimError, ResultError, unwritable
from fota_sim.experiment import parquet
from fota_sim.experiment.folder import slug
from fota_sim.scenario.dump import dump_yaml
from fota_sim.scenario.loader import load_resolved

REPORT, TABLE, VARIANTS = "compare.json", "compare.parquet", "variants"
FILES = (REPORT, TABLE, VARIANTS)
_TABLES = (RUNS, TIMESERIES, GROUP_TIMES, BATTERY_SIGNAL, PLAN_LOG)


def write_comparison(comparison: Comparison, folder: Path, made: Mapping[str, Any] | None = None) -> None:
    """Leave the comparison in ``folder``, over one that is there; raises FotaSimError if that cannot be.

    ``made`` is what is known of its making (experiment/manifest.py); it becomes ``report["made"]``.
    """
    report = comparison.report if made is None else {**comparison.report, "made": made}
    partial = folder / ".comparison.partial"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        (partial / REPORT).write_text(_json(report), encoding="utf-8")
        comparison.table.to_parquet(partial / TABLE, index=False)
        for number, study in enumerate(comparison.studies):
            _write_study(study, partial / VARIANTS / _place(number, comparison.report))
        for name in FILES:
            if (folder / name).is_dir():
                shutil.rmtree(folder / name)
            (partial / name).replace(folder / name)
    except OSError as error:
        raise FotaSimError(unwritable(folder, error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def load_comparison(folder: Path) -> Comparison:
    """Read a comparison back; raises ResultError if the folder has none that is whole."""
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        studies = [_load_study(folder / VARIANTS / _place(number, report)) for number in range(len(report["variants"]))]
    except OSError as error:
        raise ResultError(f"{error.filename}: cannot be read ({error.strerror}); compare again with --out") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ResultError(f"{folder / REPORT}: is no comparison of fota-sim ({error}); compare again") from error
    return Comparison(report, studies)


def _place(number: int, report: Mapping[str, Any]) -> str:
    return f"{number + 1}-{slug(report['variants'][number]['name'])}"


def _write_study(study: Study, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / SUMMARY).write_text(_json(study.summary), encoding="utf-8")
    (folder / RESOLVED).write_text(dump_yaml(study.scenario), encoding="utf-8")
    for name in _TABLES:
        sink = parquet.ParquetSink(folder / name)
        sink.add(study.table(name))
        sink.close()


def _load_study(folder: Path) -> Study:
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    scenario = load_resolved((folder / RESOLVED).read_text(encoding="utf-8"), folder / RESOLVED)
    return Study(scenario, summary, {}, folder)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
