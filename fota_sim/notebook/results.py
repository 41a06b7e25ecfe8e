"""What a run found, and results that are there already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.run.examination import DEVICES, EVENTS
from fota_sim.analysis.run.outline import PLAN_LOG
from fota_sim.analysis.run.plan_tables import plan_tables
from fota_sim.analysis.run.study import Study, load_study
from fota_sim.errors import ResultError
from fota_sim.experiment.results import list_results, open_result
from fota_sim.notebook.frames import timed, worded
from fota_sim.quoting import number_of
from fota_sim.scenario.one_plan import plan_asked

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from fota_sim.scenario.model import Scenario as Resolved

RESULTS = "results"
"""Where results are looked for, as on the command line."""


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """What a run found, as pandas frames and pictures.

    Times are in ms since activation, in columns that end in ``_ms``: ``timedeltas`` and ``timestamps`` make them what
    pandas calculates with. Words are categories.

    >>> import fota_sim as fs
    >>> scenario = fs.template("plugs")
    >>> scenario["fleet.groups.plugs.count"] = 20
    >>> r = fs.run(scenario, replications=1, engine="reference")
    >>> len(r.devices), r.devices["outcome"].dtype.name
    (20, 'category')
    >>> r.timedeltas(r.devices)["upgraded"].dtype.kind
    'm'
    """

    study: Study
    whole: Result | None = None
    """The result of all plans, of which this is one; None: this is all."""

    def of_plan(self, name: str) -> Result:
        """What it shows of one of several plans: its numbers, figures, and the frames of its devices.

        Raises FotaSimError if there is no plan of that name.
        """
        if self.whole is not None:
            return self.whole.of_plan(name)
        plan = plan_asked(self.study.scenario, name, "a result of its own is of")
        if len(self.study.scenario.plans) < 2:
            return self
        one = self.study.of_plan(plan)
        return Result(replace(one, tables={**one.tables, **plan_tables(self.study, plan)}), self)

    @cached_property
    def devices(self) -> pd.DataFrame:
        """One row per device per replication. Raises ResultError if it cannot be read."""
        return worded(self.study.table(DEVICES))

    def _of_own(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows about devices of this plan, of a frame of all; numbers of devices are those in the whole fleet."""
        return frame.merge(self.devices[["replication", "device"]], on=["replication", "device"])

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row per line that was said: replication, at_ms, device, id, actor, text; device -1 is the plan.

        Raises ResultError unless the scenario keeps events.
        """
        if self.whole is not None:
            return self._of_own(self.whole.events)
        if not self.study.scenario.keep.events:
            raise ResultError(
                f"{self.study.scenario_name}: no events were kept; run it with keep.events=true, in Python "
                'overrides={"keep.events": True}'
            )
        return worded(self.study.table(EVENTS))

    @cached_property
    def downloads(self) -> pd.DataFrame:
        """One row per download: replication, device, start_ms, end_ms, sent_B, wasted_B.

        No result keeps them, so the scenario is played again. Raises ScenarioError if it cannot be, ResultError for
        one that was played with rules of somebody's own.
        """
        from fota_sim.analysis.run.again import downloads

        if self.whole is not None:
            return self._of_own(self.whole.downloads)
        return worded(downloads(self._again(), self.study.summary["replications"]))

    @cached_property
    def plan_log(self) -> pd.DataFrame:
        """What happened to the plan: replication, at_ms, text. Raises ResultError if it cannot be read."""
        return worded(self.study.table(PLAN_LOG))

    @property
    def timeseries(self) -> pd.DataFrame:
        """Counts over time, per replication."""
        return self.study.timeseries

    @property
    def runs(self) -> pd.DataFrame:
        """One row per replication, one column per metric."""
        return self.study.runs

    @property
    def summary(self) -> dict[str, Any]:
        """What ``fota-sim run --json`` prints."""
        return self.study.summary

    @property
    def folder(self) -> Path | None:
        """The result folder, if one was written."""
        return self.study.folder if self.whole is None else self.whole.folder

    @property
    def sources(self) -> dict[str, str]:
        """Where its fleet came from: by the name of each source of devices, a file, a DataFrame, or distributions."""
        scenario = self.study.scenario
        kept = {} if self.folder is None else open_result(self.folder).require().get("kept", {})
        held = {name: each.origin for name, each in scenario.fleet.held.items()} | kept
        told = {group.name: f"{number_of(group.count, 'device')} from distributions" for group in scenario.fleet.groups}
        return told | {each.name: held.get(each.file, each.file) for each in scenario.fleet.tables}

    def transcript(self, device: int | str, *, platform: bool = False) -> str:
        """What a device and its host said in the first replication, line by line with times.

        ``device``: its number in the fleet, from 0, or its id. ``platform``: the platform's log instead. What was not
        kept is played again. Raises ResultError if there is no such device.
        """
        from fota_sim.analysis.run.again import device_id, dialogue
        from fota_sim.experiment.transcripts import file_name

        if self.whole is not None:
            return self.whole.transcript(device, platform=platform)
        whose = self.study.scenario_name if self.folder is None else f"{self.folder.parent.name}/{self.folder.name}"
        id_ = device_id(self.study.table(DEVICES), str(device), whose)
        name = file_name(id_, 0, platform=platform)
        if self.folder is not None and (self.folder / name).is_file():
            return open_result(self.folder).text(name)
        return dialogue(self._again(), id_, name)

    def timedeltas(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A copy of one of the frames in which ``upgraded_ms`` is ``upgraded``, a Timedelta, and so are all the others.

        What never happened is NaT.
        """
        return timed(frame, None, "")

    def timestamps(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same with clock times in the scenario's zone."""
        scenario = self.study.scenario
        return timed(frame, scenario.start, scenario.time_zone)

    def plot(self, name: str = "overview") -> Figure:
        """A figure by its name, such as ``"funnel"``; raises FotaSimError with all the names for any other."""
        from fota_sim.report.figures import OF_RUNS, figure_named

        return figure_named(OF_RUNS, name)(self.study)

    def _again(self) -> Resolved:
        """The scenario, to be played again."""
        from fota_sim.analysis.run.again import stored_scenario

        if self.whole is not None:
            return self.whole._again()
        if own := self.summary.get("own_rules"):
            rules = ", ".join(each["rule"] for each in own)
            raise ResultError(
                f"{self.study.scenario_name}: was played with rules of its author's own ({rules}) and cannot be played "
                "again without them; run it with rules=... and keep.events=true"
            )
        return self.study.scenario if self.folder is None else stored_scenario(open_result(self.folder))

    def __repr__(self) -> str:
        from fota_sim.analysis.answers.run import study_answer
        from fota_sim.cli.summary_text import summary_text

        return summary_text(self.summary, study_answer(self.study))

    def _repr_html_(self) -> str:
        from fota_sim.report.page.card import run_card
        from fota_sim.report.page.render import render_card

        return render_card(run_card(self.study))


def results(root: str | Path = RESULTS) -> pd.DataFrame:
    """The runs stored below ``root``, newest last, as ``fota-sim list`` names them; ``fs.open`` takes their names.

    >>> import fota_sim as fs
    >>> fs.results("nowhere").columns.tolist()
    ['result', 'scenario', 'started', 'replications', 'seed', 'engine', 'status', 'problem']
    """
    import pandas as pd

    found = list_results(Path(root))
    manifests = [each.manifest for each in found]
    return pd.DataFrame(
        {
            "result": pd.Series([each.name for each in found], dtype="str"),
            "scenario": pd.Series([m["scenario"] if m else None for m in manifests], dtype="str"),
            "started": pd.to_datetime(pd.Series([each.started or None for each in found], dtype="str"), utc=True),
            "replications": pd.array([m["replications_done"] if m else None for m in manifests], dtype="Int64"),
            "seed": pd.array([m["seed"] if m else None for m in manifests], dtype="Int64"),
            "engine": pd.Series([m["engine"] if m else None for m in manifests], dtype="str"),
            "status": pd.Series([each.status for each in found], dtype="str"),
            "problem": pd.Series([each.problem for each in found], dtype="str"),
        }
    )


def open_(which: str | Path = "latest", root: str | Path = RESULTS) -> Result:
    """A stored run, by its path, as ``"latest"``, by its scenario (the latest), or by how its name begins.

    Raises ResultError if there is none, or if it is not whole.

    >>> import fota_sim as fs
    >>> fs.open("latest", root="nowhere")
    Traceback (most recent call last):
    ...
    fota_sim.errors.ResultError: nowhere: has no results yet; make one with fota-sim run SCENARIO
    """
    found = open_result(which, Path(root))
    found.require()
    return Result(load_study(found.path))
