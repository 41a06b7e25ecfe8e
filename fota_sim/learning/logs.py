"""A log of any kind, and how it is meant: exports of platforms, and fota-sim's own results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fota_sim.analysis.run.again import stored_scenario
from fota_sim.errors import FotaSimError, ResultError
from fota_sim.experiment.results import open_result
from fota_sim.histories.reading import READERS, read_histories
from fota_sim.histories.results import read_result
from fota_sim.histories.table import Histories
from fota_sim.learning.clocks import export_s, log_clock
from fota_sim.learning.reading import RESULT, Reading
from fota_sim.quoting import listed, quoted
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.one_plan import plan_asked


def read_log(
    paths: Sequence[Path], scenario: Scenario, how: Reading | None = None, plan: str | None = None
) -> Histories:
    """The histories of one rollout of this scenario, in whatever files or result it is logged.

    ``plan``: of several the one whose rollout it is; None: the only one. A result of fota-sim has the times and devices
    of the scenario that was run. Raises FotaSimError, with the line
    where there is one; ScenarioError for a result whose scenario cannot be read any more.
    """
    how = how or Reading()
    plan = plan_asked(scenario, plan, "a log is of")
    if not paths:
        raise FotaSimError("name the log: files or a folder of one rollout")
    results = [path for path in paths if not path.exists() or (path / "manifest.json").is_file()]
    results = list(paths) if how.platform == RESULT else results if len(paths) == 1 else results[:0]
    if not results:
        clock = log_clock(how.time_zone or scenario.time_zone, how.dates)
        return read_histories(
            paths,
            platform=how.platform,
            explained=how.words,
            columns=how.columns,
            clock=clock,
            as_of_s=None if how.as_of is None else export_s(how.as_of, clock),
            targeted=how.targeted,
        )
    if len(paths) > 1:
        raise FotaSimError("a result of fota-sim is a whole log; give one, alone")
    return _of_result(results[0], how, plan)


def _of_result(path: Path, how: Reading, plan: str) -> Histories:
    if how.platform is not None and how.platform != RESULT:
        if how.platform not in READERS:
            raise FotaSimError(
                f"logs are not read from {quoted(how.platform)}; there are {', '.join((*READERS, RESULT))}"
            )
        if not path.exists():
            raise FotaSimError(f"{path}: there is no such file or folder")
        raise FotaSimError(f"{path} is a result of fota-sim and no log of {how.platform}; leave --from out")
    try:
        result = open_result(path)
    except ResultError as error:
        if path.exists():
            raise
        raise FotaSimError(f"{path}: there is no such file or folder, and no such result") from error
    was = stored_scenario(result)
    if len(was.plans) > 1 and plan not in was.plans:
        raise FotaSimError(
            f"{result.name} is a result of the plans {listed(was.plans)}, and a log is of one of them; give a scenario "
            f"that has it under plans:, and its name, such as --plan {next(iter(was.plans))}"
        )
    return read_result(result, was, how.replication, plan if plan in was.plans else next(iter(was.plans), ""))
