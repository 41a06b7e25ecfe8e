"""Every example in the documentation is read by what it is written for: commands, scenarios, conditions, Python."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import openpyxl
import pytest
import typer

from fota_sim.cli.main import app, exit_code
from fota_sim.emulate.script import read_script
from fota_sim.scenario.predicate import parse_predicate

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "scenarios" / "library" / "README.md"]
COMMANDS: dict[str, Any] = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)

PLAYED = {"validate": [], "run": ["--max-replications", "6"], "compare": ["--replications", "2"], "canary": []}
"""Commands that are run here where they are about my.yaml, and what makes them small; others have tests of theirs."""

BASE = {
    "product": {"model": {"device_model": "BG95", "components": [{"identifier": "app"}]}},
    "packages": [
        {"name": "v2", "component": "app", "target_version": "2_0", "files": [{"name": "v2.bin", "size": "50kB"}]}
    ],
    "plan": {"packages": ["v2"]},
    "fleet": {"groups": [{"name": "trackers", "count": 200, "module": "BG95"}]},
}
"""A scenario under which parts of scenarios stand."""


class Block(NamedTuple):
    """A fenced block of a page."""

    page: str
    line: int
    language: str
    text: str

    @property
    def id(self) -> str:
        """Where it stands."""
        return f"{self.page}:{self.line}"


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in FENCED.finditer(text):
            line = text[: match.start()].count("\n") + 1
            yield Block(str(page.relative_to(ROOT)), line, match[1], match[2])


def commands(block: Block) -> list[list[str]]:
    """The command lines of a block, without comments and what stands for more."""
    whole = block.text.replace("\\\n", " ")
    lines = [line.removeprefix("$ ") for line in whole.splitlines()]
    found = [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("fota-sim ")]
    for argv in found:
        if "..." in argv:  # as in the lines before
            argv[:] = [argv[0], "my.yaml", *(word for word in argv[1:] if word not in ("...", "my.yaml"))]
    return found


def of_kind(language: str) -> list[Any]:
    return [pytest.param(each, id=each.id) for each in blocks() if each.language == language]


LINES = [(f"{each.id} {' '.join(argv)}", argv) for each in blocks() for argv in commands(each)]
PLAYED_LINES = [(name, argv) for name, argv in LINES if argv[0] in PLAYED and {"my.yaml", "--rate"} & {*argv}]
ONCE = {tuple(argv): name for name, argv in PLAYED_LINES}
"""Where each stands; pages say the same."""
OWN = [pytest.param([*argv], id=name) for argv, name in ONCE.items()]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where my.yaml is what ``new`` wrote, with a small fleet, a defect and a rule, and files."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert exit_code(["new", "my.yaml"]) == 0
        text = Path("my.yaml").read_text(encoding="utf-8")
        small = text.replace("count: 2000", "count: 4").replace("horizon: 7d", "horizon: 2d")
        small = small.replace("    files:\n", "    defects: [{effect: verify_failure, probability: 50%}]\n    files:\n")
        small = small.replace("  push: true", "  rollout: {abort: [{share: 50%, minimum: 2}]}\n  push: true")
        assert (
            small.count("count: 4")
            == small.count("horizon: 2d")
            == small.count("defects:")
            == small.count("  rollout: {")
            == 1
        )
        Path("my.yaml").write_text(small, encoding="utf-8")
        Path("base.yaml").write_text(json.dumps(BASE), encoding="utf-8")
        bare = {key: value for key, value in BASE.items() if key != "plan"}
        Path("several.yaml").write_text(json.dumps(bare), encoding="utf-8")
        Path("meters.csv").write_text("IMEI,RSSI,Level,FW\n866123400000011,-95,87,1_0\n", encoding="utf-8")
        rows = ("866123400000011;18;0,87;Batterie;BG95-M3", "866123400000029;99;k. A.;Netz;BC66")
        portal = "\n".join(["Portal", "", "IMEI;Signal;Level;Power;Type", *rows])
        Path("export.csv").write_text(portal, encoding="cp1252")
        rows = ("866123400000011,31.12.2025 23:59,4h", "866123400000029,01.06.2025,")
        Path("contacts.csv").write_text("\n".join(["IMEI,Last seen,Interval", *rows]), encoding="utf-8")
        book = openpyxl.Workbook()
        book.active.title = "Fleet"
        for cells in (["Export"], ["IMEI", "RSSI", "Level"], ["866123400000011", -95, 87]):
            book.active.append(cells)
        book.save("meters.xlsx")
        shutil.copy(ROOT / "scenarios" / "mixed_40000.yaml", folder)
    return folder


def test_every_page_was_read() -> None:
    found = list(blocks())
    assert len({each.page for each in found}) > 8
    assert {each.language for each in found} <= {"", "yaml", "python"}
    assert len(LINES) > 30
    assert len(OWN) > 10


@pytest.mark.parametrize("argv", [pytest.param(argv, id=name) for name, argv in LINES])
def test_a_command_is_understood(argv: list[str]) -> None:
    names = argv[0::2] if "|" in argv else argv[:1]
    assert set(names) <= set(COMMANDS)
    if "|" not in argv:
        COMMANDS[argv[0]].make_context(argv[0], argv[1:])


@pytest.mark.parametrize("argv", OWN)
def test_a_command_about_a_scenario_of_ones_own_works(
    argv: list[str], desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    assert exit_code([*argv, *PLAYED[argv[0]]]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("block", of_kind("yaml"))
def test_a_scenario_is_valid(
    block: Block, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    if "axes:" in block.text:
        Path("sweep.yaml").write_text(block.text, encoding="utf-8")
        assert exit_code(["sweep", "sweep.yaml", "--list"]) == 0, capsys.readouterr().err
        return
    if block.text.startswith("faults:\n  - "):  # of fota-sim emulate
        Path("faults.yaml").write_text(block.text, encoding="utf-8")
        assert read_script(Path("faults.yaml")).faults
        return
    base = "several.yaml" if "plans:\n" in block.text else "base.yaml"
    extends = "" if block.text.startswith("extends:") else f"extends: {base}\n"
    Path("example.yaml").write_text(extends + block.text, encoding="utf-8")
    assert exit_code(["validate", "example.yaml", "--fleet"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("block", of_kind("python"))
def test_python_runs(block: Block, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib.use("agg")
    monkeypatch.chdir(desk)
    Path("example.py").write_text(block.text, encoding="utf-8")
    runpy.run_path("example.py")


def test_conditions_are_read() -> None:
    (found,) = [each for each in blocks() if each.text.startswith("firmware ==")]
    for line in found.text.splitlines():
        assert parse_predicate(line).names


def test_the_answers_of_canary_are_what_it_answers(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    page = [each for each in blocks() if each.page == "docs/tuning.md"]
    shown = [each.text for each in page if re.match("To (see|tell) ", each.text) and "Played by" not in each.text]
    for argv in (argv for each in page for argv in commands(each)):
        if argv[0] == "canary" and "my.yaml" not in argv:
            assert exit_code(argv) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert shown
    for each in shown:
        assert " ".join(each.split()) in said


def test_the_message_about_a_typo_is_the_one_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code(["new", "my.yaml"]) == 0
    text = Path("my.yaml").read_text(encoding="utf-8")
    Path("my.yaml").write_text(text.replace("min_battery: 30%", "min_batery: 30%"), encoding="utf-8")
    assert exit_code(["validate", "my.yaml"]) == 2
    (shown,) = [each.text for each in blocks() if each.page == "README.md" and "min_batery" in each.text]
    assert shown in capsys.readouterr().err
