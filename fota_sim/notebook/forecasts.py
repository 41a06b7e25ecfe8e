"""A forecast from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from fota_sim.cli.long_work import FEWEST_MEMBERS
from fota_sim.cli.pace import ROLLOUTS
from fota_sim.cli.progress import progress_bar
from fota_sim.engines import cores
from fota_sim.notebook.counts import check_counts
from fota_sim.notebook.log_options import LogOptions, reading, reads_log
from fota_sim.notebook.sources import Source, source_of, strategy_of
from fota_sim.notebook.texts import each_text
from fota_sim.scenario.draft import as_overrides
from fota_sim.scenario.loader import load_scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
class Forecasted:
    """How a rollout under way goes on: sentences, frames and the fan chart."""

    report: dict[str, Any]
    """What ``fota-sim forecast --json`` prints."""
    members: pd.DataFrame = field(repr=False)
    """One row per member and way on: counts in the end, and when shares of the reachable are done."""

    @property
    def sentences(self) -> list[str]:
        """What it says."""
        from fota_sim.analysis.answers.forecast import forecast_answer

        return forecast_answer(self.report)

    @property
    def fan(self) -> pd.DataFrame:
        """Upgraded devices from now on by time (ms since activation): quantiles over members, in per cent."""
        import pandas as pd

        return pd.DataFrame(self.report["fan"]["ahead"] if self.report["explained"] else {"at_ms": []})

    def plot(self) -> Figure:
        """The fan chart. Raises FotaSimError where nothing explains the log, so that there is no forecast."""
        from fota_sim.errors import FotaSimError
        from fota_sim.report.figures.fan import fan_figure

        if not self.report["explained"]:
            raise FotaSimError(" ".join(self.sentences))
        return fan_figure(self.report)

    def __repr__(self) -> str:
        from fota_sim.cli.forecast_text import forecast_text

        return forecast_text(self.report)


@reads_log
def forecast(
    scenario: Source,
    so_far: str | Path | Sequence[str | Path],
    *,
    plan: str | None = None,
    now: str | None = None,
    deadline: str | None = None,
    unknown: Sequence[str] = (),
    price: float | None = None,
    acceptable: float | None = None,
    overrides: Sequence[str] | Mapping[str, Any] = (),
    strategy: str | None = None,
    members: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: bool | None = None,
    **how: Unpack[LogOptions],
) -> Forecasted:
    """Forecast the rest of a rollout from its log ``so_far``: files of a platform, or the folder of a result.

    ``plan``: of several the one that the log is of, while the others go on as the scenario says. ``now`` and
    ``deadline`` are durations from activation, or dates; ``unknown`` has texts ``path=low..high`` as on the command
    line; what the log does not say itself (``platform`` to ``replication``) is as for :func:`fota_sim.fit`. Raises
    FotaSimError where log and scenario do not belong together, with the line where there is one.

    >>> import fota_sim as fs
    >>> scenario = fs.template("meters")
    >>> scenario["fleet.groups.meters.count"] = 60
    >>> was = fs.run(scenario, replications=1, seed=5, out="results")
    >>> found = fs.forecast(scenario, was.folder, now="42h", members=20, workers=1)
    >>> found.report["explained"], len(found.members["way"].unique())
    (True, 5)
    """
    import pandas as pd

    from fota_sim.analysis.forecast.forecast import forecast as answer
    from fota_sim.analysis.forecast.question import Question
    from fota_sim.analysis.sensitivity.parameters import parse_vary
    from fota_sim.cli.forecast import since
    from fota_sim.histories.results import start_s
    from fota_sim.learning.logs import read_log

    check_counts(workers=workers)
    check_counts(FEWEST_MEMBERS, members=members)
    loaded = load_scenario(source_of(scenario), as_overrides(overrides), strategy_of(scenario, strategy))
    paths = [Path(each) for each in ([so_far] if isinstance(so_far, str | Path) else so_far)]
    question = Question(
        loaded,
        read_log(paths, loaded, reading(how), plan),
        plan=plan,
        now_s=None if now is None else start_s(loaded) + since(now, loaded, "now") / 1000.0,
        unknowns=[parse_vary(text, loaded, "unknown") for text in each_text(unknown)],
        deadline_ms=None if deadline is None else since(deadline, loaded, "deadline"),
        price=price,
        acceptable=acceptable,
        members=None if members is None else (members, max(FEWEST_MEMBERS, members // 2)),
        workers=workers or cores.cores(),
        seed=seed,
    )
    with progress_bar(progress, loaded.name, ROLLOUTS) as tell:
        found = answer(question, tell)
    counts = ("upgraded", "failed", "bricked", "refused", "open", "reachable", "fired")
    rows = [
        {
            "member": number,
            "way": way,
            **{name: getattr(came, name) for name in counts},
            **{f"done_{share}_ms": at for share, at in zip((50, 90, 99), came.done_ms, strict=True)},
        }
        for number, member in enumerate(found.continued)
        for way, came in member.ways.items()
    ]
    return Forecasted(found.report, pd.DataFrame(rows))
