"""Completion as a person meets it: installed by ``--install-completion``, then Tab in a new bash, zsh or fish."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pexpect
import pytest

from fota_sim.cli.main import exit_code

SHELLS = [
    pytest.param(shell, marks=pytest.mark.skipif(shutil.which(shell) is None, reason=f"there is no {shell} here"))
    for shell in ("bash", "zsh", "fish")
]
TYPED = [
    ("fota-sim comp", "compare"),
    ("fota-sim run my.yaml --strategy f", "four-waves"),
    ("fota-sim compare my.yaml:f", "four-waves"),
    ("fota-sim new --template pl", "plugs"),
    ("fota-sim validate my.yaml --stri", "--strict"),
]
PATIENCE_S = 120
CONTROL = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\([A-Z]|\][^\x07]*\x07|[>=])|[\r\x08]")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scenario and another folder, a home with nothing in it, and the command."""
    (tmp_path / "desk" / "more").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "desk")
    assert exit_code(["new", "my.yaml"]) == 0
    home, programs = tmp_path / "home", tmp_path / "programs"
    home.mkdir()
    programs.mkdir()
    (home / ".zshrc").write_text("PS1='> '\n", encoding="utf-8")  # without one, zsh asks questions
    command = programs / "fota-sim"
    path = os.pathsep.join(each for each in sys.path if each)
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{path}" exec "{sys.executable}" -m fota_sim "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return tmp_path


def opened(shell: str, desk: Path) -> pexpect.spawn:
    """A new one of its kind in a terminal, once it takes what is typed."""
    env = {
        "HOME": str(desk / "home"),
        "PATH": f"{desk / 'programs'}:/usr/local/bin:/usr/bin:/bin",
        "TERM": "xterm",
        "LANG": "C.UTF-8",
    }
    spawned = pexpect.spawn(
        str(shutil.which(shell)),
        ["-i"],
        env=env,
        cwd=str(desk / "desk"),
        encoding="utf-8",
        timeout=PATIENCE_S,
        dimensions=(40, 400),
    )
    spawned.sendline("echo rea''dy")
    spawned.expect("ready")
    return spawned


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_after_the_installation_that_is_documented(shell: str, desk: Path) -> None:
    first = opened(shell, desk)
    first.sendline("fota-sim --install-completion")
    first.expect(f"{shell} completion installed in")
    first.close(force=True)
    again = opened(shell, desk)
    for typed, completed in TYPED:
        again.send(f"{typed}\t")
        again.expect(re.escape(completed))
        again.send("\x15")  # the line is emptied
    again.send("fota-sim run m\t\t")
    again.expect("more/.*my.yaml")
    assert "Traceback" not in CONTROL.sub("", str(again.before))
    again.close(force=True)
