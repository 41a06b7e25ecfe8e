"""A value that is empty is refused by every command, before anything is read or written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer

from fota_sim.cli.main import app, exit_code

ROOT: Any = typer.main.get_command(app)


def _commands() -> list[tuple[list[str], Any]]:
    found = []
    for name, command in ROOT.commands.items():
        inner = getattr(command, "commands", None)
        found += [([name], command)] if inner is None else [([name, each], one) for each, one in inner.items()]
    return found


PARAMETERS = [
    pytest.param(argv, parameter, id=f"{' '.join(argv)} {parameter.name}")
    for argv, command in _commands()
    for parameter in command.params
    if not getattr(parameter, "is_flag", False)
]


@pytest.mark.parametrize(("argv", "parameter"), PARAMETERS)
def test_an_empty_value_is_refused_by_name(
    argv: list[str], parameter: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    is_option = parameter.param_type_name == "option"
    for given in [[parameter.opts[0], ""], [f"{max(parameter.opts, key=len)}="]] if is_option else [[""]]:
        assert exit_code([*argv, *given]) == 2
        told = capsys.readouterr().err
        name = max(parameter.opts, key=len) if is_option else ""
        assert f"{name} is empty; write a value" in told
    assert not list(tmp_path.iterdir())
