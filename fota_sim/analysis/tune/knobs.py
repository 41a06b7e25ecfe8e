"""What a search may turn: values between two ends, choices, strategies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fota_sim.analysis.sensitivity.parameters import Span, parse_vary
from fota_sim.errors import FotaSimError
from fota_sim.quoting import quoted, shortened
from fota_sim.scenario.document import parse_value
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.plain_names import plain_setting
from fota_sim.scenario.yaml_nodes import NotYamlError

if TYPE_CHECKING:
    from optuna import Trial

FIGURES = 3
"""Significant figures of what is tried: nobody ships a minimum battery of 28.4895%."""

STRATEGY = "strategy"
"""The knob that chooses among the scenario's named strategies."""


@dataclass(frozen=True)
class Choice:
    """One of several values."""

    path: str
    choices: tuple[Any, ...]


Knob = Span | Choice


def parse_knob(text: str, scenario: Scenario) -> Knob:
    """Read ``path=low..high`` or ``path=a,b,c``; raises FotaSimError that says what would do."""
    path, separator, said = text.partition("=")
    if path.strip() == "plan.preset":
        raise FotaSimError(
            f"--knob {text}: a preset lies under what the scenario says; name strategies, each with its preset:, "
            "and choose among them with --knob strategy=a,b"
        )
    if ".." in said:
        return replace(parse_vary(text, scenario, "--knob"), figures=FIGURES)
    try:
        choices = tuple(parse_value(f"[{said}]") or ()) if separator else ()
    except NotYamlError as error:
        raise FotaSimError(f"--knob {shortened(text)}: {quoted(said)} are no values: {error}") from None
    if not path.strip() or len(choices) < 2:
        raise FotaSimError(
            f"--knob {text}: write a range, plan.strategy.min_battery=10%..70%, or choices, plan.mode=silent,manual"
        )
    return Choice(path.strip(), choices)


def suggest(trial: Trial, knobs: Sequence[Knob]) -> dict[str, Any]:
    """The values of this trial by path, as written."""
    chosen: dict[str, Any] = {}
    for knob in knobs:
        if isinstance(knob, Choice):
            chosen[knob.path] = knob.choices[trial.suggest_categorical(knob.path, list(range(len(knob.choices))))]
        elif knob.whole:
            chosen[knob.path] = trial.suggest_int(knob.path, int(knob.low), int(knob.high))
        else:
            chosen[knob.path] = knob.at(trial.suggest_float(knob.path, 0.0, 1.0))
    return chosen


def said(values: Mapping[str, Any]) -> str:
    """Values in a line, each with the name of its field."""
    return ", ".join(plain_setting(path, value) for path, value in values.items())
