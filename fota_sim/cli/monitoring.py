"""One replication of a result, at its end or at any time of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.numbers.rounding import format_duration
from fota_sim.analysis.run.again import stored_scenario
from fota_sim.cli.console import say
from fota_sim.cli.engine import chosen_engine
from fota_sim.cli.pace import REPLICATIONS
from fota_sim.cli.progress import progress_bar
from fota_sim.errors import FotaSimError, ResultError
from fota_sim.scenario.products import PLAN
from fota_sim.scenario.units import DURATION, MomentError
from fota_sim.scenario.zones import zone_info

if TYPE_CHECKING:
    import pyarrow as pa

    from fota_sim.analysis.run.monitor import Monitor
    from fota_sim.experiment.results import Result
    from fota_sim.scenario.model import Scenario


class Replication:
    """One replication of a stored result; what is asked about other times is simulated again."""

    def __init__(self, result: Result, number: int, engine: str, quiet: bool) -> None:
        """Raises ResultError if there is no such replication, ScenarioError if the scenario cannot be read again."""
        import pyarrow.compute as pc

        done = result.require()["replications_done"]
        if number >= done:
            raise ResultError(f"{result.name} has replications 0 to {done - 1}, and no {number}")
        table = result.table("devices.parquet")
        self.ended: pa.Table = table.filter(pc.equal(table["replication"], number))
        self.scenario = stored_scenario(result)
        self._number, self._engine, self._quiet = number, engine, quiet
        self._said = quiet

    @property
    def horizon_ms(self) -> int:
        """When it ends."""
        return self.scenario.horizon_ms

    def time(self, text: str, option: str) -> int:
        """A time of the run in ms: a duration from activation, or a date on the scenario's clocks."""
        zone = zone_info(self.scenario.time_zone)
        start = self.scenario.start.replace(tzinfo=zone)
        try:
            seconds = DURATION.parse(text)
        except MomentError as error:
            moment = error.moment if error.moment.tzinfo is not None else error.moment.replace(tzinfo=zone)
            seconds = moment.timestamp() - start.timestamp()
        except ValueError as error:
            raise FotaSimError(f"{option}: {error}") from error
        at_ms = round(seconds * 1000)
        if not 0 < at_ms <= self.horizon_ms:
            ends = f"{format_duration(self.horizon_ms)} later"
            raise FotaSimError(
                f"{option} {text} is not in the run, which begins {start:%Y-%m-%d %H:%M} and ends {ends}"
            )
        return at_ms

    def words(self, wanted: Mapping[str, Sequence[str]], year: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is wanted of columns, by name; raises ResultError for a word that there is not.

        Outcomes are taken as summaries call them, too: ``out of reach``.
        """
        import pyarrow.compute as pc

        from fota_sim.analysis.run.monitor import WORDS
        from fota_sim.analysis.run.picking import known_words
        from fota_sim.rules.labels import CAUSES, OUTCOMES
        from fota_sim.scenario.metrics import OUTCOME_WORDS

        called = {words: name for name, words in OUTCOME_WORDS.items()}
        wanted = {**wanted, "outcome": [called.get(text, text) for text in wanted.get("outcome", ())]}
        known: dict[str, Sequence[str]] = {"outcome": OUTCOMES, "cause": CAUSES, "status": WORDS[year]}
        for name in wanted:
            if wanted[name] and name == PLAN and not self.scenario.plans:
                raise ResultError(f"--plan: {self.scenario.name} has one plan, and all devices are shown")
            if name not in known and wanted[name]:
                known[name] = sorted(text for text in pc.unique(self.ended[name]).to_pylist() if text)
        return tuple((name, known_words(name, texts, known.get(name, ()))) for name, texts in wanted.items())

    def monitor(self, at_ms: int, words: str) -> Monitor:
        """Where everybody stands at a time, in the words of a year."""
        from fota_sim.analysis.run.monitor import monitor

        return monitor(self.scenario, at_ms, self._devices(at_ms), self.ended, words)

    def _devices(self, at_ms: int) -> pa.Table:
        from fota_sim.analysis.run.monitor import devices_at
        from fota_sim.engines.choice import load

        if at_ms == self.horizon_ms:
            return self.ended
        if not self._said:
            say("The result has the end of the run; simulating again up to the time asked for.")
            self._said = True
        play = load(chosen_engine(self.scenario, self._engine, True))
        with progress_bar(not self._quiet, format_duration(at_ms), REPLICATIONS) as progress:
            found = devices_at(self.scenario, self._number, at_ms, play, progress)
        if found["id"].to_pylist() != self.ended["id"].to_pylist():
            raise ResultError("the same scenario has other devices now; a file that it names has changed since the run")
        return found

    def facts(self) -> dict[str, Any]:
        """What the list is of."""
        told = [self._about(one) for one in self.scenario.each_plan]
        of_plans = {"plans": told} if self.scenario.plans else told[0]
        return {"scenario": self.scenario.name, **of_plans, "replication": self._number}

    @staticmethod
    def _about(one: Scenario) -> dict[str, Any]:
        """A plan, by its own name or by that among several, with its product."""
        return {
            "project": one.product.project,
            "product": one.product.name,
            "plan": one.plan_name or one.plan.name,
            "targets": {package.component: package.target_version for package in one.planned},
        }

    def title(self, at_ms: int) -> str:
        """Whose tasks these are, and when."""
        from datetime import UTC, timedelta

        lines = []
        for told in map(self._about, self.scenario.each_plan):
            targets = ", ".join(f"{component} to {version}" for component, version in told["targets"].items())
            lines.append(f"{told['plan']} of {told['product']} ({told['project']}): {targets}")
        start = self.scenario.start.replace(tzinfo=zone_info(self.scenario.time_zone))
        clock = (start.astimezone(UTC) + timedelta(milliseconds=at_ms)).astimezone(start.tzinfo)
        when = f"{format_duration(at_ms)} after activation, {clock:%Y-%m-%d %H:%M:%S %Z}"
        return "\n".join([*lines, when])
