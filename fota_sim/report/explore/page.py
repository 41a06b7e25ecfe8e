"""The page of one user: controls, key numbers and pictures around a player."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from io import StringIO
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlencode

import panel as pn

from fota_sim.errors import ScenarioError
from fota_sim.report.explore.controls import Control
from fota_sim.report.explore.knob import Knob
from fota_sim.report.explore.knobs import STRATEGY, knobs_of
from fota_sim.report.explore.numbers import compared, numbers, replications
from fota_sim.report.explore.pace import Samples
from fota_sim.report.explore.player import Answer, Play, Player, Refused, Told, Under, Waiting
from fota_sim.report.explore.plots.adoption import Adoption
from fota_sim.report.explore.plots.drawing import Plot
from fota_sim.report.explore.plots.funnel import Funnel
from fota_sim.report.explore.plots.gates import Gates
from fota_sim.report.explore.plots.load import Load
from fota_sim.report.explore.saving import saved
from fota_sim.report.explore.share import said_html, shared_html
from fota_sim.report.explore.shelf import Shelf
from fota_sim.report.explore.source import Source
from fota_sim.report.explore.state import changes_of, chosen_strategy, knob_of, query, restored, scenario_of
from fota_sim.report.explore.style import style_sheet
from fota_sim.report.explore.tiles import empty_tiles_html, tiles_html
from fota_sim.report.explore.timeline import OFF, Timeline
from fota_sim.scenario.metrics import shown_in
from fota_sim.scenario.model import Scenario

PINNED = "pinned"
"""The key in links of the baseline's state, itself written as in a link."""
_SIDE_PX = 292
_FOLD = """
side.css_classes = side.css_classes.includes('open')
  ? side.css_classes.filter((name) => name != 'open') : [...side.css_classes, 'open']
"""
"""In the browser: on a narrow page (style.css) the knobs are there only while their column is open."""
_FADED = {"opacity": "0.4", "transition": "opacity 0.15s 0.3s"}
"""Pictures of what was asked before; a quick answer comes before they fade."""
_CLEAR = {"opacity": "1"}
"""Said, for what is no longer said stays as it was in the browser."""


class Page:
    """What one user sees and turns; the thread behind it ends with ``close``."""

    def __init__(
        self,
        source: Source,
        play: Play,
        shelf: Shelf,
        *,
        notice: Callable[[], str] = lambda: "",
        link: Mapping[str, str] | None = None,
        moved: Callable[[str], None] = lambda _: None,
        later: Callable[[Callable[[], None]], None] = lambda do: do(),
        samples: Samples | None = None,
        timeline: Timeline = OFF,
    ) -> None:
        """``link``: what the address of the page asks for; ``moved`` hears of the new end of the address.

        ``later``: runs something in the thread that may touch the page, and calls ``sent`` then. ``samples``: whether a
        sample answers first; None: never.
        """
        self._source = source
        self._moved = moved
        self._later = later
        self._timeline = timeline
        asked = dict(link or {})
        pinned = asked.pop(PINNED, None)
        self._knobs, self._state, told = restored(source, asked)
        self._controls: dict[str, Control] = {}
        self._newest = 0
        self._answer: Answer | None = None
        self._stale = False
        self._refused = False
        self._pinned: dict[str, str] | None = None
        self._inbox: dict[str, Told] = {}
        self._inbox_lock = Lock()
        self._plots: Sequence[Plot] = (Adoption(source.so_far), Funnel(), Gates(), Load())
        panes = [pn.pane.Bokeh(plot.figure, sizing_mode="stretch_both", margin=0) for plot in self._plots]
        self._titles = [_html("shows-pane") for _ in self._plots]
        self._side = pn.Column(sizing_mode="stretch_width", margin=0)
        self._told = _html("told-pane")
        self._status = _html("status-pane")
        self._tiles = _html("tiles-pane")
        shown = shown_in("explorer", source.scenario((), source.strategy).priced)
        self._tiles.object = empty_tiles_html(shown)
        self._pin = pn.widgets.Button(label="Pin as baseline", margin=(0, 4), css_classes=["pin"])
        self._unpin = pn.widgets.Button(label="Unpin", margin=(0, 4), css_classes=["unpin"], visible=False)
        self._save = pn.widgets.FileDownload(
            callback=self._saved,
            filename=f"{source.path.stem}-explored.yaml",
            label="Save as scenario",
            margin=(0, 4),
            css_classes=["save"],
            stylesheets=[style_sheet()],
        )
        self._share = pn.widgets.Button(label="Share this", margin=(0, 4), css_classes=["share"])
        self._shared = _html("shared-pane")
        self._shared.visible = False
        self._said = _html("said-pane")
        self._share.on_click(lambda _: self._share_now())
        self._reset = pn.widgets.Button(label="Reset", margin=(0, 4), css_classes=["reset"])
        self._pin.on_click(lambda _: self._pin_now())
        self._unpin.on_click(lambda _: self._set_pin(None))
        self._reset.on_click(lambda _: self._start_over())
        self._player = Player(play, self._hear, shelf, notice, plan=source.plan, samples=samples, timeline=timeline)
        if pinned is not None:
            told += self._restore_pin(dict(parse_qsl(pinned)))
        self._say_told(told)
        self._draw_controls()
        self.view = self._laid_out(panes)

    def begin(self) -> None:
        """Ask the first question; from now on ``later`` is called."""
        self._ask(settled=True)

    def close(self) -> None:
        """The user is gone: nothing is played any more, for it would only slow other pages. May be said again."""
        self._timeline.note("away")
        self._player.close()

    def sent(self) -> None:
        """What ``later`` ran is on its way to the user: the player may go on."""
        self._player.drawn()

    @property
    def answered(self) -> bool:
        """Whether there was an answer from all devices, or a refusal, to show."""
        return (self._answer is not None and self._answer.now.sample is None) or self._refused

    # Looks

    def _laid_out(self, panes: Sequence[Any]) -> Any:
        scenario = self._source.scenario((), chosen_strategy(self._source, self._state))
        heading = _html("heading")
        of_plan = f", plan {escape(self._source.plan)}" if self._source.plan else ""
        title, question = f"{escape(scenario.name)}{of_plan}", escape(scenario.asks)
        heading.object = f'<div class="title">{title}</div><div class="question">{question}</div>'
        look: dict[str, Any] = {"margin": 0, "stylesheets": [style_sheet()]}
        plots = [
            pn.Column(title, pane, sizing_mode="stretch_both", css_classes=["plot-pane"], **look)
            for title, pane in zip(self._titles, panes, strict=True)
        ]
        side = pn.Column(
            self._side, width=_SIDE_PX, sizing_mode="stretch_height", scroll="y-auto", css_classes=["side"], **look
        )
        fold = pn.widgets.Button(
            label="Turn the knobs", margin=(0, 4), css_classes=["fold"], stylesheets=[style_sheet()]
        )
        fold.js_on_click(args={"side": side}, code=_FOLD)
        buttons = pn.Row(
            fold, self._pin, self._unpin, self._save, self._share, self._reset, css_classes=["buttons"], **look
        )
        head = {"margin": (8, 6, 0, 6), "sizing_mode": "stretch_width", "css_classes": ["head"]}
        return pn.Row(
            side,
            pn.Column(
                pn.Row(heading, buttons, stylesheets=[style_sheet()], **head),
                self._told,
                self._shared,
                self._tiles,
                self._said,
                self._status,
                pn.Row(*plots[:2], sizing_mode="stretch_both", css_classes=["plots"], **look),
                pn.Row(*plots[2:], sizing_mode="stretch_both", css_classes=["plots"], **look),
                sizing_mode="stretch_both",
                css_classes=["main"],
                **look,
            ),
            sizing_mode="stretch_both",
            min_height=640,
            css_classes=["page"],
            **look,
        )

    def _draw_controls(self) -> None:
        parts: list[Any] = []
        self._controls = {}
        for part in dict.fromkeys(knob.part for knob in self._knobs):
            heading = _html("part-pane")
            heading.object = f'<div class="part">{escape(part)}</div>'
            parts.append(heading)
            for knob in self._knobs:
                if knob.part == part:
                    control = Control(knob, self._state.get(knob.key, knob.value), self._turn)
                    self._controls[knob.key] = control
                    parts.append(control.view)
        self._side[:] = parts

    def _say_told(self, sentences: list[str]) -> None:
        lines = "<br>".join(escape(sentence) for sentence in sentences)
        self._told.object = f'<div class="told">{lines}</div>' if lines else ""
        self._told.visible = bool(lines)

    # What the user does

    def _turn(self, key: str, value: str, settled: bool) -> None:
        self._timeline.note("heard")
        knob = next(knob for knob in self._knobs if knob.key == key)
        before = dict(self._state)
        if key != STRATEGY and value == knob.value:
            self._state.pop(key, None)
        else:
            self._state[key] = value
        if key == STRATEGY:
            self._take_strategy()
        if self._state != before:
            self._ask(settled)
        elif settled:
            self._player.settle()
            self._settled()

    def _take_strategy(self) -> None:
        """Another strategy has other values, and perhaps other knobs; what was turned stays turned."""
        scenario = self._source.scenario((), chosen_strategy(self._source, self._state))
        self._knobs = _with_state(knobs_of(self._source, scenario), self._state)
        known = {knob.key for knob in self._knobs}
        self._state = {key: value for key, value in self._state.items() if key in known}
        self._draw_controls()

    def _start_over(self) -> None:
        self._state = {}
        self._take_strategy()
        self._ask(settled=True)

    def _pin_now(self) -> None:
        if self._answer is not None and not self._stale:
            self._set_pin(self._answer.now.scenario)

    def _set_pin(self, scenario: Scenario | None) -> None:
        self._pinned = None if scenario is None else dict(self._state)
        self._unpin.visible = scenario is not None
        self._player.pin(scenario)
        self._ask(settled=True)

    def _restore_pin(self, asked: dict[str, str]) -> list[str]:
        knobs, state, told = restored(self._source, asked)
        self._pinned = state
        self._unpin.visible = True
        self._player.pin(scenario_of(self._source, knobs, state))
        return told

    def _saved(self) -> StringIO:
        try:
            changes = changes_of(self._knobs, self._state)
            return StringIO(saved(self._source, changes, chosen_strategy(self._source, self._state)))
        except ScenarioError as error:
            return StringIO("".join(f"# {problem}\n" for problem in error.problems))

    def _share_now(self) -> None:
        """Show the commands and the scenario that make the same picture, or hide them again."""
        self._shared.visible = not self._shared.visible
        self._say_shared()

    def _say_shared(self) -> None:
        if self._shared.visible:
            strategy = chosen_strategy(self._source, self._state)
            try:
                self._shared.object = shared_html(self._source, changes_of(self._knobs, self._state), strategy)
            except ScenarioError as error:
                lines = "<br>".join(escape(str(problem)) for problem in error.problems)
                self._shared.object = f'<div class="told">{lines}</div>'

    def _ask(self, settled: bool) -> None:
        knobs, state = list(self._knobs), dict(self._state)
        self._newest = self._player.ask(lambda: scenario_of(self._source, knobs, state), settled)
        if settled:
            self._settled()

    def _settled(self) -> None:
        """The address says what is asked, and the status that it is, if it is not answered yet."""
        if self._answer is None or self._answer.question != self._newest:
            self._status.object = '<div class="status">playing …</div>'
        link = self._state if self._pinned is None else {**self._state, PINNED: urlencode(self._pinned)}
        self._moved(query(link))
        self._say_shared()

    # What the player tells

    def _hear(self, told: Told) -> None:
        """In the player's thread: only the newest of each kind is worth drawing."""
        kind = "answer" if isinstance(told, Answer | Refused) else "way"
        with self._inbox_lock:
            waiting = bool(self._inbox)
            self._inbox[kind] = told
        if not waiting:
            self._later(self._drain)

    def _drain(self) -> None:
        with self._inbox_lock:
            inbox, self._inbox = self._inbox, {}
        for told in sorted(inbox.values(), key=lambda told: told.question):
            if isinstance(told, Answer):
                self._show(told)
            elif isinstance(told, Refused):
                self._show_refusal(told)
            else:
                self._show_way(told)

    def _show(self, answer: Answer) -> None:
        self._timeline.note("drawn from")
        self._answer = answer
        self._fade(False)
        for control in self._controls.values():
            control.wrong("")
        found = numbers(answer)
        self._tiles.object = tiles_html(found, stale=False)
        for plot, title in zip(self._plots, self._titles, strict=True):
            mark = "" if answer.now.sample is None else '<span class="sample">sample</span>'
            title.object = f'<div class="shows">{mark}{escape(plot.show(answer))}</div>'
        self._say_status(answer, "")
        self._said.object = said_html(answer)
        self._timeline.note("drawn")

    def _show_way(self, told: Under | Waiting) -> None:
        if isinstance(told, Waiting):
            self._status.object = f'<div class="status">{escape(told.text[:1].upper() + told.text[1:])} …</div>'
        elif self._answer is None or self._answer.question < told.question:
            self._mark_stale()
            self._status.object = f'<div class="status">{_bar(told)}playing, {told.percent} % done</div>'
        elif self._answer.now.sample is not None:
            self._say_status(self._answer, f", {told.percent} % done", _bar(told))
        elif told.replication:
            self._say_status(self._answer, f"; replication {told.replication + 1} under way")

    def _show_refusal(self, told: Refused) -> None:
        self._refused = True
        at: dict[str, list[str]] = {}
        others: list[str] = []
        for problem in told.problems:
            knob = knob_of(problem, self._knobs, self._state)
            if knob is None:
                others.append(str(problem))
            else:
                at.setdefault(knob.key, []).append(problem.message)
        for key, control in self._controls.items():
            control.wrong("; ".join(at.get(key, ())))
        self._say_told(others)
        self._mark_stale()
        labels = {knob.key: knob.label for knob in self._knobs}
        why = "; ".join(f"{labels[key]}: {'; '.join(messages)}" for key, messages in at.items())  # knobs may be folded
        before = "" if self._answer is None else " The numbers are those of before."
        told_why = f": {escape(why)}." if why else "."
        self._status.object = f'<div class="status">Nothing was played{told_why}{before}</div>'

    def _mark_stale(self) -> None:
        if not self._stale and self._answer is not None:
            self._fade(True)
            self._tiles.object = tiles_html(numbers(self._answer), stale=True)

    def _fade(self, stale: bool) -> None:
        if stale != self._stale:
            self._stale = stale
            for (
                plot
            ) in self._plots:  # not the pane: Panel would send its margins along, and the browser lay out all anew
                plot.figure.styles = _FADED if stale else _CLEAR

    def _say_status(self, answer: Answer, more: str, bar: str = "") -> None:
        how = f"{replications(answer.now)}{more}. {compared(answer)}"
        self._status.object = f'<div class="status">{bar}{escape(how)}</div>'


def _bar(told: Under) -> str:
    return f'<span class="bar"><i style="width:{told.percent}%"></i></span>'


def _with_state(knobs: list[Knob], state: Mapping[str, str]) -> list[Knob]:
    """The knobs with what was turned among their options, where it can be."""
    found = []
    for knob in knobs:
        try:
            found.append(knob.holding(state[knob.key]) if knob.key in state else knob)
        except ValueError:
            found.append(knob)
    return found


def _html(name: str) -> Any:
    return pn.pane.HTML("", sizing_mode="stretch_width", margin=(2, 6), stylesheets=[style_sheet()], css_classes=[name])
