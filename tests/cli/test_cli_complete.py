"""What Tab proposes, asked for as the shells ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code
from fota_sim.emulate.power import POLICIES
from fota_sim.protocol.interleave import URC_POLICIES


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario, a folder of others, and a result."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert exit_code(["new", "my.yaml"]) == 0
        (folder / "more").mkdir()
        (folder / "more" / "other.yaml").write_text("extends: ../my.yaml\n", encoding="utf-8")
        (folder / "my.txt").write_text("no scenario", encoding="utf-8")
        assert exit_code(["run", "my.yaml", "--set", "fleet.groups.meters.count=5", "--quiet"]) == 0
    return folder


def asked(desk: Path, words: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fota_sim"],
        cwd=desk,
        env={**os.environ, **words},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout


def bash(desk: Path, *words: str) -> list[str]:
    """As the function that ``--show-completion`` prints asks; the last word is the one that is typed."""
    line = {"COMP_WORDS": "\n".join(["fota-sim", *words]), "COMP_CWORD": str(len(words))}
    return asked(desk, {"_FOTA_SIM_COMPLETE": "complete_bash", **line}).split()


@pytest.mark.parametrize(
    ("words", "proposed"),
    [
        (["comp"], ["compare"]),
        (["run", "m"], ["more/", "my.yaml"]),
        (["validate", "more/"], ["more/other.yaml"]),
        (["run", "nowhere/"], []),
        (["run", "my.yaml", "--strategy", "f"], ["four-waves"]),
        (["run", "more/other.yaml", "--strategy", "a"], ["all-at-once"]),
        (["run", "my.yaml", "--engine", "r"], ["reference"]),
        (["compare", "my.yaml", ":", "f"], ["four-waves"]),
        (["compare", "my.txt", ":", "f"], []),
        (["new", "--template", "p"], ["plugs"]),
        (
            ["sweep", "my.yaml", "--metric", "time_to_9"],
            ["time_to_90_pct_ms", "time_to_95_pct_ms", "time_to_99_pct_ms"],
        ),
        (["compare", "my.yaml", "--metrics", "bytes_sent,outcome_b"], ["bytes_sent,outcome_bricked"]),
        (["tune", "my.yaml", "--constraint", "outcome_b"], ["outcome_bricked"]),
        (["emulate", "my.yaml", "--power", ""], list(POLICIES)),
        (["emulate", "my.yaml", "--urcs", ""], list(URC_POLICIES)),
        (["show", "l"], ["latest"]),
        (["devices", "latest", "--words", "20"], ["2022", "2025"]),
        (["devices", "latest", "--outcome", "roll"], ["rolled_back"]),
        (["devices", "latest", "--words", "2022", "--status", "Su"], ["Success"]),
        (["fleet", ""], ["inspect", "table"]),
        (["fleet", "inspect", "m"], ["more/", "my.txt"]),
        (["fleet", "inspect", "my.txt", "--scenario", "my"], ["my.yaml"]),
    ],
)
def test_bash_is_told_what_can_follow(desk: Path, words: list[str], proposed: list[str]) -> None:
    assert bash(desk, *words) == proposed


def test_results_are_proposed_by_scenario_and_by_name(desk: Path) -> None:
    scenario, result = bash(desk, "rerun", "my")
    assert scenario == "my"
    assert (desk / "results" / result / "manifest.json").is_file()


def test_other_shells_get_file_and_strategy_in_one_word(desk: Path) -> None:
    line = "fota-sim compare my.yaml:"
    told = asked(desk, {"_FOTA_SIM_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": line})
    assert r"my.yaml\\:all-at-once" in told
    assert r"my.yaml\\:four-waves" in told
    fish = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert asked(desk, {"_FOTA_SIM_COMPLETE": "complete_fish", **fish}).split() == [
        "my.yaml:all-at-once",
        "my.yaml:four-waves",
    ]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(desk: Path, shell: str) -> None:
    assert f"complete_{shell}" in asked(desk, {"_FOTA_SIM_COMPLETE": f"source_{shell}"})


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no Bash here")
def test_bash_completes_with_the_script_it_is_given(desk: Path, tmp_path: Path) -> None:
    command = tmp_path / "fota-sim"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fota_sim "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    script = asked(desk, {"_FOTA_SIM_COMPLETE": "source_bash"})
    typed = 'COMP_WORDS=(fota-sim run m); COMP_CWORD=2; _fota_sim_completion fota-sim; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\n{typed}"],
        cwd=desk,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["more/", "my.yaml"]


def test_heavy_libraries_stay_out_of_a_proposal(desk: Path) -> None:
    script = (
        "import sys\nfrom fota_sim.cli.main import exit_code\ncode = exit_code([])\n"
        "print(code, [n for n in ('numba', 'pandas', 'pyarrow', 'scipy') if n in sys.modules], file=sys.stderr)"
    )
    line = {"COMP_WORDS": "fota-sim run my.yaml --strategy f", "COMP_CWORD": "4"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=desk,
        env={**os.environ, "_FOTA_SIM_COMPLETE": "complete_bash", **line},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["four-waves"]
    assert done.stderr.splitlines()[-1] == "0 []"
