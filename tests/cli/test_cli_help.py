"""Help texts: every command and flag is explained, and the examples do what they say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from fota_sim.cli.main import app, exit_code

ROOT: Any = typer.main.get_command(app)
GROUPS: dict[str, Any] = {name: each for name, each in ROOT.commands.items() if hasattr(each, "commands")}
COMMANDS: dict[str, Any] = dict(ROOT.commands)
INNER = [(group, name) for group, each in GROUPS.items() for name in each.commands]
EXAMPLE = re.compile(r"^ {2,}fota-sim (.+)$", re.MULTILINE)
PLAYED = {
    "new": [],
    "validate": [],
    "run": ["--max-replications", "6"],
    "compare": ["--replications", "2", "--force"],
    "sweep": ["--replications", "1"],
    "canary": [],
    "sensitivity": ["--replications", "1"],
    "tune": ["--trials", "2", "--replications", "2", "--fresh", "5"],
    "report": ["--force"],
    "devices": [],
    "transcript": [],
    "list": [],
    "show": [],
    "rerun": [],
    "schema": [],
    "doctor": [],
}
"""Commands whose examples are run here, and what makes them small."""


def help_of(command: Any, name: str) -> str:
    context = command.make_context(name, [], resilient_parsing=True)
    return str(command.get_help(context))


def examples_in(text: str) -> list[list[str]]:
    return [shlex.split(line) for line in EXAMPLE.findall(text.partition("Examples:")[2])]


def examples_of(name: str) -> list[list[str]]:
    return examples_in(help_of(COMMANDS[name], f"fota-sim {name}"))


ALL_EXAMPLES = [pytest.param(argv, id=" ".join(argv)) for name in COMMANDS for argv in examples_of(name)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str) -> None:
    assert (COMMANDS[name].help or "").strip()


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_flag_and_argument_is_explained(name: str) -> None:
    parameters = (COMMANDS[name] if name else ROOT).params
    assert [each.name for each in parameters if not (each.help or "").strip()] == []


def test_commands_are_listed_with_whole_sentences() -> None:
    listed = help_of(ROOT, "fota-sim").partition("Commands:")[2].partition("Examples:")[0]
    assert len(listed.strip().splitlines()) == len(COMMANDS)
    assert "..." not in listed


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_two_to_four_examples_of_itself(name: str) -> None:
    found = examples_of(name)
    assert 2 <= len(found) <= 4
    assert {argv[0] for argv in found} == {name}


@pytest.mark.parametrize("argv", ALL_EXAMPLES)
def test_every_example_is_a_command_line_that_is_understood(argv: list[str]) -> None:
    COMMANDS[argv[0]].make_context(argv[0], argv[1:])


def test_the_examples_of_the_first_page_are_understood() -> None:
    found = examples_in(help_of(ROOT, "fota-sim"))
    assert found
    for name, *rest in found:
        COMMANDS[name].make_context(name, rest)


@pytest.mark.parametrize(("group", "name"), INNER)
def test_a_command_of_a_group_is_explained_with_examples_of_itself(group: str, name: str) -> None:
    command = GROUPS[group].commands[name]
    assert (command.help or "").strip()
    assert [each.name for each in command.params if not (each.help or "").strip()] == []
    found = examples_in(help_of(command, f"fota-sim {group} {name}"))
    assert 2 <= len(found) <= 4
    for argv in found:
        assert argv[:2] == [group, name]
        command.make_context(name, argv[2:])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where my.yaml is what ``fota-sim new`` wrote, with a small fleet; it has been run and compared."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Path("real.log").write_text("[RX]+QIOTEVT: 3,10200\n", encoding="utf-8")
        assert exit_code(["new", "my.yaml"]) == 0
        text = Path("my.yaml").read_text(encoding="utf-8")
        Path("my.yaml").write_text(text.replace("count: 2000", "count: 40"), encoding="utf-8")
        Path("meters.yaml").write_text(Path("my.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        assert exit_code(["run", "meters.yaml", "--quiet"]) == 0
        assert exit_code(["compare", "meters.yaml", "--replications", "2", "--out", "comparison", "--quiet"]) == 0
    return folder


@pytest.mark.parametrize("argv", ALL_EXAMPLES)
def test_examples_work(
    argv: list[str], desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if argv[0] not in PLAYED:
        pytest.skip(f"{argv[0]} has tests of its own")
    monkeypatch.chdir(tmp_path if argv[0] == "new" else desk)  # what is new would stand in the small fleet's place
    assert exit_code([*argv, *PLAYED[argv[0]]]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("width", [52, 60, 80, 120])
def test_help_keeps_to_the_width_of_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    helps = {"": help_of(ROOT, "fota-sim")} | {
        name: help_of(each, f"fota-sim {name}") for name, each in COMMANDS.items()
    }
    helps |= {
        f"{group} {name}": help_of(GROUPS[group].commands[name], f"fota-sim {group} {name}") for group, name in INNER
    }
    for name, text in helps.items():
        words = [
            line for line in text.splitlines() if not line.startswith("    fota-sim ")
        ]  # commands are to be copied
        assert [line for line in words if len(line) > min(width, 80)] == [], name
    if width >= 60:
        assert "example plan.strategy.min_battery=50%." in " ".join(helps["run"].split())


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("width", [60, 80])
def test_no_word_with_a_hyphen_is_broken(name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = help_of(COMMANDS[name], f"fota-sim {name}")
    assert [line for line in text.splitlines() if re.search(r"\w-$", line)] == []
    assert "\u2011" not in text
    assert "\x1f" not in text
