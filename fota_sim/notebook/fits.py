"""What the log of a real rollout teaches, from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from fota_sim.cli.pace import RUNS, TRIALS
from fota_sim.cli.progress import progress_bar
from fota_sim.notebook.counts import check_counts
from fota_sim.notebook.log_options import LogOptions, reading, reads_log
from fota_sim.notebook.scenarios import Scenario
from fota_sim.notebook.sources import Source, source_of, strategy_of
from fota_sim.scenario.draft import Draft, as_overrides

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from fota_sim.learning.beside import Beside
    from fota_sim.learning.fitted import Fit


@dataclass(frozen=True, repr=False)
class Fitted:
    """What a log taught a scenario."""

    fit: Fit
    source: Path | Draft
    """The scenario as its author wrote it."""

    @property
    def log(self) -> pd.DataFrame:
        """The log as a table of device histories: one row per device (docs/fit.md, The table of histories)."""
        return self.fit.histories.frame

    @property
    def learnt(self) -> pd.DataFrame:
        """One row per parameter, in the words of the command: value, both ends of its interval, the interval in words,
        what it was, from how many devices or attempts, and by what. The index names it for programs.
        """
        import pandas as pd

        from fota_sim.learning.told import interval_text
        from fota_sim.scenario.plain_names import plain_value

        learnt = self.report["learnt"]
        rows = [
            {
                "name": plain_value(each["name"]),
                "value": plain_value(each["value"]),
                "low": plain_value(each["interval"][0]),
                "high": plain_value(each["interval"][1]),
                "95 %": interval_text(each),
                "was": plain_value(each["default"]),
                "n": each["n"],
                "how": plain_value(each["how"]),
            }
            for each in learnt
        ]
        return pd.DataFrame(rows, index=[each["key"] for each in learnt])

    @property
    def kept(self) -> dict[str, str]:
        """What could not be learnt, and why."""
        return {each.name: each.why for each in self.fit.kept}

    @property
    def report(self) -> dict[str, Any]:
        """What ``fota-sim fit --json`` prints."""
        from fota_sim.learning.told import told

        return told(self.fit)

    @property
    def scenario(self) -> Scenario:
        """The fitted scenario: each replication of it takes other values of what was learnt."""
        from fota_sim.learning.writing import fitted_draft

        return Scenario(fitted_draft(self.fit, self.source))

    @cached_property
    def _beside(self) -> Beside:
        from fota_sim.learning.beside import beside

        with progress_bar(None, "fitted simulation", RUNS) as tell:
            return beside(self.fit, progress=tell)

    def plot(self, what: str = "adoption") -> Figure:
        """The log beside the fitted simulation: ``adoption``, ``ends`` or ``downloads``. Raises FotaSimError."""
        from fota_sim.errors import FotaSimError
        from fota_sim.quoting import quoted
        from fota_sim.report.figures import beside as figures

        drawn = {
            "adoption": figures.adoption_beside_figure,
            "ends": figures.ends_beside_figure,
            "downloads": figures.took_beside_figure,
        }
        if what not in drawn:
            raise FotaSimError(f"there is no figure {quoted(what)} of a fit; there are {', '.join(drawn)}")
        return drawn[what](self._beside)

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the fitted scenario to a file, and say where. Raises FotaSimError."""
        from fota_sim.cli.files import save
        from fota_sim.learning.writing import fitted_text

        file = Path(path)
        save(file, fitted_text(self.fit, self.source, file.parent), force)
        return file

    def __repr__(self) -> str:
        from fota_sim.cli.fit_text import fit_text

        return fit_text(self.report)


@reads_log
def fit(
    log: str | Path | Sequence[str | Path],
    scenario: Source,
    *,
    plan: str | None = None,
    trials: int | None = None,
    overrides: Sequence[str] | Mapping[str, Any] = (),
    strategy: str | None = None,
    engine: str = "auto",
    workers: int = 2,
    progress: bool | None = None,
    **how: Unpack[LogOptions],
) -> Fitted:
    """What the log of a rollout teaches the scenario of its fleet, packages and plan.

    ``log``: files or a folder of one rollout, or a result of fota-sim; ``plan``: of several the one that it is of.
    ``words``: what words of the log mean, such as ``{"status:Weird": "failed"}``; ``columns``: which column of a
    spreadsheet is what, ``{"device": "IMEI"}``. The rest (``platform``, ``as_of``, ``time_zone``, ``dates``,
    ``targeted``, ``replication`` among it) is as the options of ``fota-sim fit``. Raises FotaSimError.
    """
    from fota_sim.cli.long_work import FEWEST_TRIALS
    from fota_sim.learning.fitting import fit as fitted
    from fota_sim.learning.logs import read_log
    from fota_sim.scenario.loader import load_scenario

    check_counts(workers=workers)
    check_counts(FEWEST_TRIALS, trials=trials)
    source = source_of(scenario)
    checked = load_scenario(source, as_overrides(overrides), strategy_of(scenario, strategy))
    paths = [Path(each) for each in ([log] if isinstance(log, str | Path) else log)]
    histories = read_log(paths, checked, reading(how), plan)
    with progress_bar(progress, "fit", TRIALS) as tell:
        found = fitted(histories, checked, plan=plan, engine=engine, workers=workers, trials=trials, progress=tell)
    return Fitted(found, source)
