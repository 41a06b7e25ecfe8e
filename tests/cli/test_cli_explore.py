"""``fota-sim explore`` from the command line: where it serves, how it ends, and what it refuses."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from fota_sim.cli.main import exit_code

PATIENCE_S = 120
COMMAND = [sys.executable, "-m", "fota_sim", "explore", "--no-open", "--engine", "reference"]


def test_it_says_where_it_serves_to_this_machine_alone_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    own = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [*COMMAND, "single"], cwd=tmp_path, env=own, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        with urlopen(address, timeout=PATIENCE_S) as page:
            assert page.status == 200
            assert "fota-sim explore" in page.read().decode()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
        assert said == "Ctrl-C ends it.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["metres"], "no template of that name; the templates are meters"),
        (["none.yaml"], "no such file"),
        (["meters", "--set", "plan.strategy.min_battery=130%"], "at most 100%"),
        (["meters", "--strategy", "five-waves"], "did you mean 'four-waves'"),
        (["meters", "--as-of", "2026-01-06"], "and there is none; name it with --so-far"),
        (["meters", "--engine", "fast"], "there is no engine 'fast'"),
    ],
)
def test_what_cannot_be_explored_is_said_before_anything_is_served(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["explore", "--no-open", *argv]) == 2
    found = capsys.readouterr()
    assert words in found.err
    assert found.out == ""


def test_a_port_that_is_taken_is_told_with_what_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert exit_code(["explore", "single", "--no-open", "--port", port]) == 2
    said = capsys.readouterr().err
    assert f"port {port}" in said
    assert "--port 0" in said
