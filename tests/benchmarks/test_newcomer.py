"""The benchmark of the README's first command runs what the README says."""

from __future__ import annotations

from pathlib import Path

import newcomer
import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_readmes_first_command_makes_an_environment_installs_and_simulates() -> None:
    steps = newcomer.steps_of(README)
    assert list(steps) == ["venv", "pip", "run"]
    assert " && ".join(steps.values()) in README
    assert "scenarios/mixed_40000.yaml --report" in steps["run"]


def test_a_readme_that_begins_otherwise_is_refused() -> None:
    with pytest.raises(SystemExit, match="Two commands"):
        newcomer.steps_of(README.replace("python3 -m venv .venv && ", "", 1))
    with pytest.raises(SystemExit, match="Two commands"):
        newcomer.steps_of("# Nothing\n")
