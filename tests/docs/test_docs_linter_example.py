"""The example of the plan linter in the docs says what the linter says, in lines that the page has room for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from fota_sim.cli import console
from fota_sim.cli.main import exit_code

ROOT = Path(__file__).parents[2]


def test_the_example_of_the_linter_is_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "rollout.md").read_text(encoding="utf-8")
    section = text[text.index("## The plan linter") :]
    (scenario,) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)[:1]
    (shown,) = re.findall(r"```\n(\$ fota-sim validate.*?)```", section, re.DOTALL)
    command, *lines = shown.splitlines()
    shutil.copy(ROOT / "scenarios" / "mixed_40000.yaml", tmp_path)
    (tmp_path / "plan.yaml").write_text(scenario)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "terminal_width", lambda stream: console.WIDTH)
    assert exit_code(command.removeprefix("$ fota-sim ").split()) == 0
    said = capfd.readouterr()
    assert [*said.out.splitlines(), *said.err.splitlines()] == lines
