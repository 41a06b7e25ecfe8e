"""A disk that takes no more, or no file at all, is told as one; nothing half-written stays, and nothing old is lost."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fota_sim.cli.main import exit_code
from fota_sim.errors import write_whole

ROOT = Path(__file__).parents[2]
DEVICES = str(ROOT / "scenarios/fleet_example.csv")
SMALL = ["--set", "fleet.groups.meters.count=20", "--set", "horizon=1d", "--replications", "2"]
KNOB = ["--knob", "plan.strategy.min_battery=10%..70%", "--minimise", "refused", "--trials", "2", "--fresh", "5"]
FILES = {
    "new": ["new", "{to}/a.yaml"],
    "schema": ["schema", "-o", "{to}/a.json"],
    "inspect": ["fleet", "inspect", DEVICES, "-o", "{to}/a.yaml"],
    "picture": ["fleet", "inspect", DEVICES, "--picture", "{to}/a.png"],
}
FOLDERS = {
    "run": ["run", "meters.yaml", *SMALL, "-o", "{to}"],
    "compare": ["compare", "meters.yaml", *SMALL, "-o", "{to}"],
    "sweep": ["sweep", "meters.yaml", *SMALL, "--axis", "plan.strategy.min_battery=10%,50%", "-o", "{to}"],
    "tune": ["tune", "meters.yaml", *SMALL, *KNOB, "-o", "{to}"],
    "sensitivity": ["sensitivity", "meters.yaml", *SMALL, "-o", "{to}"],
}

STORES = {".sqlite", ".sqlite-wal", ".sqlite-shm", ".log"}
"""What runs and trials are kept in one by one, of which the next command takes what is whole."""


@contextmanager
def full_after(size_B: int) -> Iterator[None]:
    """Files grow no further, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_B, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, with a scenario beside it."""
    monkeypatch.chdir(tmp_path)
    assert exit_code(["new", "meters.yaml"]) == 0
    (tmp_path / "to").mkdir()
    return tmp_path / "to"


@pytest.mark.parametrize("name", FILES | FOLDERS)
def test_a_full_disk_is_told_with_what_would_do(name: str, to: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = [each.format(to=to) for each in (FILES | FOLDERS)[name]]
    capsys.readouterr()
    with full_after(100):
        assert exit_code(argv) == 2
    told = capsys.readouterr().err
    assert "make room" in told
    assert "bug" not in told
    assert "Traceback" not in told
    left = [each for each in to.rglob("*") if each.is_file() and each.suffix not in STORES]
    assert not left


@pytest.mark.parametrize("name", FILES)
def test_what_was_to_be_overwritten_stays_when_the_disk_is_full(
    name: str, to: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = [each.format(to=to) for each in FILES[name]]
    old = next(Path(each) for each in argv if each.startswith(str(to)))
    old.write_text("old")
    with full_after(100):
        assert exit_code([*argv, "--force"]) == 2
    assert "make room" in capsys.readouterr().err
    assert [(each.name, each.read_text()) for each in to.iterdir()] == [(old.name, "old")]


def test_a_search_that_a_full_disk_stopped_goes_on(to: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = [each.format(to=to) for each in FOLDERS["tune"]]
    with full_after(100):
        assert exit_code(argv) == 2
    assert exit_code([*argv, "--resume"]) == 0, capsys.readouterr().err


def test_a_file_keeps_its_rights_and_a_link_its_target(tmp_path: Path) -> None:
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_text("old")
    there.chmod(0o640)
    link.symlink_to(there)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert (there.read_text(), there.stat().st_mode & 0o777) == ("new", 0o640)
    assert {each.name for each in tmp_path.iterdir()} == {"there", "link"}
