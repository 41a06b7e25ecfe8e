"""The knobs as a user turns them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, ClassVar

import panel as pn
from bokeh.models import Tooltip

from fota_sim.report.explore.knob import Knob
from fota_sim.report.explore.style import style_sheet

Turned = Callable[[str, str, bool], None]
"""Hears the key of a knob, its new value, and whether the user let go of it."""


class _Slider(pn.widgets.IntSlider):  # type: ignore[misc]  # panel has no types
    """Its changes are heard at once: Panel puts off those of other fields for 50 ms."""

    _priority_changes: ClassVar[list[str]] = ["value", "value_throttled"]


class _Select(pn.widgets.Select):  # type: ignore[misc]
    _priority_changes: ClassVar[list[str]] = ["value"]


class _TextInput(pn.widgets.TextInput):  # type: ignore[misc]
    _priority_changes: ClassVar[list[str]] = ["value"]


class Control:
    """One knob with its label, its line in the manual behind a question mark, and what is wrong with it."""

    def __init__(self, knob: Knob, value: str, turned: Turned) -> None:
        self.knob = knob
        self._turned = turned
        self._silent = False
        self._label = pn.pane.HTML("", stylesheets=[style_sheet()], margin=(3, 0, 0, 5), sizing_mode="stretch_width")
        self._wrong = pn.pane.HTML(
            "", stylesheets=[style_sheet()], margin=(0, 5), sizing_mode="stretch_width", visible=False
        )
        self._widget = self._made(value)
        tip = pn.widgets.TooltipIcon(value=Tooltip(content=knob.help, position="right"), margin=(0, 4, 0, 0))
        self.view = pn.Column(
            pn.Row(self._label, tip, margin=0, sizing_mode="stretch_width"),
            self._widget,
            self._wrong,
            margin=0,
            sizing_mode="stretch_width",
            css_classes=["knob", f"knob-{knob.key}"],
        )
        self._say(value)

    def show(self, value: str) -> None:
        """Stand at ``value``, which is one of the knob's options, without telling anybody."""
        self._silent = True
        try:
            self._widget.value = self.knob.options.index(value) if self.knob.kind == "steps" else value
        finally:
            self._silent = False
        self._say(value)

    def wrong(self, text: str) -> None:
        """Say what is wrong with the value; nothing where nothing is."""
        if not text and not self._wrong.visible:
            return  # so with each answer, of each control: Panel would take as long for it as all figures do
        self._wrong.object = f'<div class="wrong">{escape(text)}</div>' if text else ""
        self._wrong.visible = bool(text)

    def _made(self, value: str) -> Any:
        knob, wide = self.knob, {"sizing_mode": "stretch_width"}
        if knob.kind == "steps":
            slider = _Slider(
                start=0,
                end=max(1, len(knob.options) - 1),
                value=knob.options.index(value),
                disabled=len(knob.options) < 2,
                show_value=False,
                tooltips=False,
                margin=(0, 12, 2, 12),
                **wide,
            )
            slider.param.watch(lambda event: self._moved(knob.options[event.new], False), "value")
            slider.param.watch(lambda event: self._moved(knob.options[event.new], True), "value_throttled")
            return slider
        if knob.kind == "choice":
            options = {knob.words(option): option for option in knob.options}
            widget = _Select(options=options, value=value, margin=(0, 5, 4, 5), **wide)
        else:
            widget = _TextInput(value=value, placeholder=knob.hint, margin=(0, 5, 4, 5), **wide)
        widget.param.watch(lambda event: self._moved(str(event.new), True), "value")
        return widget

    def _moved(self, value: str, settled: bool) -> None:
        if not self._silent:
            self._say(value)
            self._turned(self.knob.key, value, settled)

    def _say(self, value: str) -> None:
        shown = f" <b>{escape(self.knob.words(value))}</b>" if self.knob.kind == "steps" else "<b></b>"
        turned = "" if value == self.knob.value else " turned"
        self._label.object = f'<div class="label{turned}">{escape(self.knob.label)}{shown}</div>'
