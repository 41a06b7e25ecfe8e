"""From Python, what may take long shows its progress to who asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fota_sim as fs
from fota_sim.cli import progress
from fota_sim.cli.pace import Lines
from fota_sim.scenario.templates import TEMPLATES

KNOB = "plan.strategy.min_battery=10%..60%"
CALLS: dict[str, Callable[..., Any]] = {
    "replications": lambda path, **how: fs.run(path, replications=2, **how),
    "runs": lambda path, **how: fs.compare(path, replications=2, **how),
    "runs of a sweep": lambda path, **how: fs.sweep(
        path, {"plan.strategy.retries": "0,5"}, replications=2, workers=1, **how
    ),
    "runs of a design": lambda path, **how: fs.sensitivity(path, [KNOB], replications=2, workers=1, **how),
    "trials": lambda path, **how: fs.tune(
        path, [KNOB], out=path.parent, minimise=["failed"], trials=2, replications=2, fresh=5, workers=1, **how
    ),
}


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small one, in a world where every look gives a line."""
    monkeypatch.setattr(progress, "REDRAWS_PER_S", 1000)
    monkeypatch.setattr(Lines, "PAUSE_S", 0.0)
    monkeypatch.setattr(Lines, "SILENCE_S", 0.0)
    path = tmp_path / "my.yaml"
    path.write_text(TEMPLATES[0].text.replace("count: 2000", "count: 30"), encoding="utf-8")
    return path


@pytest.mark.parametrize("what", CALLS)
def test_lines_say_how_far_it_is(what: str, scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    CALLS[what](scenario, engine="reference", progress=True)
    noun = what.partition(" of ")[0]
    counts = re.findall(rf": ([\d.]+)/([\d.]+) {noun} \(\d+ %\)", capsys.readouterr().err)
    assert counts
    assert all(float(done) <= float(total) for done, total in counts)
    assert [float(done) for done, _ in counts] == sorted(float(done) for done, _ in counts)


@pytest.mark.parametrize("wanted", [None, False])
def test_a_script_gets_none_unless_it_asks(
    wanted: bool | None, scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fs.run(scenario, engine="reference", progress=wanted)
    assert capsys.readouterr().err == ""
