"""A scenario in Python: read, edited, checked, saved, run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fota_sim.errors import FotaSimError, Problem, ScenarioError, write_whole
from fota_sim.notebook.edited import Edited
from fota_sim.notebook.part import MappingPart
from fota_sim.scenario.draft import Draft
from fota_sim.scenario.loader import load_scenario
from fota_sim.scenario.templates import Template, template_named

if TYPE_CHECKING:
    import pandas as pd

    from fota_sim.notebook.results import Result

_IN_A_PROGRAM = Path("scenario.yaml")
"""Where a scenario would stand that a program made: in the folder where Python runs."""


class Scenario(MappingPart):
    """A scenario that can be edited, checked, saved and run.

    A value is read and changed by its path, as ``--set`` takes it, or step by step:

    >>> import fota_sim as fs
    >>> scenario = fs.template("meters")
    >>> scenario["plan.strategy.min_battery"]
    '30%'
    >>> scenario["plan.strategy.min_battery"] = "50%"
    >>> scenario["fleet"]["groups"]["meters"]["count"] = 100
    >>> scenario["fleet.groups.meters.count"]
    100

    What is not written has the value that holds:

    >>> scenario["plan.strategy.retry_delay"]
    '10s'

    A value that cannot be is refused at once, in the words of the command line; what does not fit together is told by
    ``check``, and by a run.

    >>> scenario["plan.strategy.min_batery"] = "50%"
    Traceback (most recent call last):
    ...
    fota_sim.errors.ScenarioError: --set plan.strategy.min_batery=50%: plan.strategy.min_batery: unknown key \
'min_batery'; did you mean 'min_battery'?
    """

    def __init__(self, draft: Draft, strategy: str | None = None, template: Template | None = None) -> None:
        """Made by ``fs.load`` and ``fs.template``."""
        super().__init__(Edited(draft, strategy), ())
        self._template = template

    @property
    def _draft(self) -> Draft:
        return self._of.draft

    @property
    def name(self) -> str:
        """What it is called, which names its results."""
        return str(self._draft.document.data.get("name") or self._draft.path.stem)

    @property
    def strategies(self) -> list[str]:
        """The names of its strategies."""
        named = self._draft.document.data.get("strategies")
        return list(named) if isinstance(named, dict) else []

    @property
    def strategy(self) -> str | None:
        """The strategy that it was loaded with; None: what the file says."""
        return self._of.strategy

    @property
    def text(self) -> str:
        """Its YAML, with the comments of its author and with every change."""
        from fota_sim.scenario.rewriting import rewritten

        return rewritten(self._draft, self._draft.path.parent)

    def update(self, changes: Mapping[str, Any]) -> None:
        """Change several values at once, by path; all of them or, with ScenarioError, none."""
        self._of.update(changes)

    def copy(self) -> Scenario:
        """Another one, to be changed on its own."""
        return Scenario(self._draft.copy(), self._of.strategy, self._template)

    def with_fleet(
        self, fleet: pd.DataFrame | Mapping[str, pd.DataFrame], columns: Mapping[str, str] | None = None
    ) -> Scenario:
        """The same with devices from a pandas DataFrame, a row each.

        ``columns`` says which column holds which attribute, as under ``fleet.csv`` in a scenario; without it, the
        source's mapping holds, or columns that are called like attributes. What the frame does not say comes from
        the source of devices whose place it takes: the only one of the scenario, or with ``{name: frame}`` the one of
        that name. The frame is checked as a file is. Raises FotaSimError where there is no such source.

        >>> import fota_sim as fs, pandas as pd
        >>> frame = pd.DataFrame({"imei": ["867001", "867002"], "dBm": [-70.0, None], "level": [80, 15]})
        >>> own = fs.template("meters").with_fleet(frame, {"id": "imei", "rssi": "dBm", "battery": "level"})
        >>> fs.run(own, replications=1).devices["id"].tolist()
        ['867001', '867002']
        """
        from fota_sim.notebook.fleets import with_fleet

        draft = self._draft.copy()
        for name, frame in fleet.items() if isinstance(fleet, Mapping) else [(None, fleet)]:
            with_fleet(draft, frame, columns, name)
        return Scenario(draft, self._of.strategy, self._template)

    def check(self, *, fleet: bool = False) -> pd.DataFrame:
        """Everything that ``fota-sim validate`` says, a row each; an empty frame: it can be run, and nothing looks odd.

        Columns: severity (error: it cannot be run; warning: hardly meant), where, what, and what would do. ``fleet``:
        draw the devices as well, for what only they show.

        >>> import fota_sim as fs
        >>> scenario = fs.template("plugs")
        >>> len(scenario.check())
        0
        >>> scenario["plan.rollout.waves"] = [{"share": "40%"}, {"share": "50%"}]
        >>> found = scenario.check()
        >>> found.loc[0, "severity"], found.loc[0, "what"].partition(":")[0]
        ('warning', '100 of 1,000 targets are in no wave')
        """
        from fota_sim.analysis.lint.checking import check

        try:
            found = check(self._draft, (), self._of.strategy, fleet)
        except ScenarioError as error:
            return _frame([("error", each) for each in error.problems])
        return _frame([("warning", each) for each in found.warnings])

    def save(self, path: str | Path | None = None, *, force: bool = False, comments: bool = True) -> Path:
        """Write it to ``path``, or over the file that it was read from; files that it names are named from there.

        Comments and order stay, and only what was changed differs; ``comments=False`` writes it out with what it
        extends. Raises FotaSimError if there is a file already and no ``force``, or if it cannot be written.
        """
        from fota_sim.scenario.rewriting import moved_text, rewritten

        own = self._draft.path
        if path is None and (self._template is not None or not own.is_file()):
            raise FotaSimError("say where to save it, for example scenario.save('my.yaml')")
        target = own if path is None else Path(path)
        draft, beside = self._draft.copy(), dict[Path, str]()
        if self._template is not None:
            beside = {target.parent / name: self._template.companion(name) for name in self._template.companions}
            draft = Draft(target.parent / own.name, draft.text, draft.document, draft.edits)
        tables = {target.parent / name: each.content.decode() for name, each in draft.document.held.items()}
        text = rewritten(draft, target.parent) if comments else moved_text(draft, target.parent)
        files = {target: text} | tables | {file: content for file, content in beside.items() if not file.exists()}
        new = [*([] if path is None else [target]), *tables]
        taken = [str(file) for file in new if file.exists()]
        if taken and not force:
            names = " and ".join(taken)
            raise FotaSimError(f"{names} would be overwritten; choose another name, or say force=True to overwrite")
        for file, content in files.items():
            write_whole(file, content.encode())
        return target

    def run(
        self,
        *,
        fleet: pd.DataFrame | Mapping[str, pd.DataFrame] | None = None,
        columns: Mapping[str, str] | None = None,
        strategy: str | None = None,
        **how: Any,
    ) -> Result:
        """Simulate it; takes what ``fs.run`` takes."""
        from fota_sim.notebook.playing import play

        played = self if fleet is None else self.with_fleet(fleet, columns)
        return play(played._draft.copy(), self._of.strategy if strategy is None else strategy, **how)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        said = self._draft.document.data.get("description")
        lines = [f"{self.name}: {said}" if said else self.name]
        if self.strategies:
            lines.append(f"strategies: {', '.join(self.strategies)}")
        try:
            load_scenario(self._draft, (), self._of.strategy)
        except ScenarioError as error:
            lines += ["cannot be run:", *map(str, error.problems)]
        return "\n".join(lines)

    def _ipython_key_completions_(self) -> list[str]:
        """Paths that Tab proposes between the brackets."""
        return [*_paths(self._draft.document.data, "")]


def load(source: str | Path | Mapping[str, Any] | Scenario, strategy: str | None = None) -> Scenario:
    """A scenario from its file, or from a dictionary that says what a file says.

    ``strategy``: the one of its strategies that is meant. It need not be right yet: ``check`` says what is wrong.
    Raises ScenarioError for a file that cannot be read or is no YAML, and FotaSimError for what is no scenario at all.

    >>> import fota_sim as fs
    >>> fs.load("nowhere.yaml")
    Traceback (most recent call last):
    ...
    fota_sim.errors.ScenarioError: nowhere.yaml: no such file; check the name, or write one with `fota-sim new`
    """
    if isinstance(source, Scenario):
        return source.copy() if strategy is None else Scenario(draft_of(source), strategy)
    if isinstance(source, Mapping):
        return Scenario(Draft.of_data(source, _IN_A_PROGRAM), strategy)
    if not isinstance(source, str | os.PathLike):
        what = "None" if source is None else f"of type {type(source).__name__}"
        raise FotaSimError(f"a scenario is a path, a dictionary, or what fs.load gives, and not {what}")
    return Scenario(Draft.read(Path(source)), strategy)


def template(name: str = "meters", strategy: str | None = None) -> Scenario:
    """One of the scenarios to start from, those of ``fota-sim new --list``; raises FotaSimError for another name.

    >>> import fota_sim as fs
    >>> fs.template("plugs")["fleet.groups.plugs.count"]
    1000
    """
    chosen = template_named(name)
    path = chosen.path if chosen.companions else Path(chosen.path.name)
    return Scenario(Draft.parse(chosen.text, path), strategy, chosen)


def draft_of(scenario: Scenario) -> Draft:
    """What is played: a copy of what is written."""
    return scenario._draft.copy()


def _frame(rows: list[tuple[str, Problem]]) -> pd.DataFrame:
    import pandas as pd

    columns = {
        "severity": pd.Categorical([severity for severity, _ in rows], ["error", "warning"]),
        "where": [each.where for _, each in rows],
        "what": [each.what for _, each in rows],
        "what would do": [each.remedy for _, each in rows],
    }
    return pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})


def _paths(node: Any, at: str) -> Iterator[str]:
    """Every path of what is written, entries of lists by name where they have one."""
    if isinstance(node, dict):
        for key, value in node.items():
            here = f"{at}.{key}" if at else str(key)
            yield here
            yield from _paths(value, here)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            if isinstance(value, dict):
                name = value.get("name")
                yield from _paths(value, f"{at}.{name}" if isinstance(name, str) else f"{at}[{index}]")
