"""What ``fota-sim doctor`` says of an installation that works, that could work better, and that does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fota_sim.cli import checkup
from fota_sim.cli.main import exit_code
from fota_sim.version import __version__


def rows(text: str) -> dict[str, str]:
    """Status by name of the check."""
    return {line[:12].strip(): line[12:20].strip() for line in text.splitlines() if line[:12].strip()}


def test_everything_is_looked_at_and_works_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["doctor"]) == 0
    told = capsys.readouterr().out
    found = rows(told)
    assert list(found) == list(checkup.checks(Path("results"), warm=False))
    assert "FAILED" not in found.values()
    assert __version__ in told
    assert max(map(len, told.splitlines())) <= 120


def test_one_failure_hides_no_other_check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(checkup, "REQUIRED", ("numpy", "no-such-package"))
    assert exit_code(["doctor"]) == 2
    told = capsys.readouterr()
    found = rows(told.out)
    assert found["libraries"] == "FAILED"
    assert found["simulation"] == "ok"
    assert "no-such-package" in told.out
    assert "Failed: libraries." in told.err


def test_a_missing_extra_is_a_note_with_what_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "OPTIONAL", {"no-such-package": ("cluster", "--cluster"), "numpy": ("x", "y")})
    status, text = checkup.extras()
    assert status == "note"
    assert text.startswith("no-such-package is not installed, which --cluster needs: pip install 'fota-sim[cluster]'; ")
    assert "numpy" in text


def test_a_results_folder_that_is_not_there_is_looked_for_above(tmp_path: Path) -> None:
    assert checkup.results(tmp_path / "deep" / "results").status == "ok"
    assert list(tmp_path.iterdir()) == []


def test_without_a_cache_it_says_where_to_have_one() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fota_sim", "doctor"],
        env={**os.environ, "FOTA_SIM_RULES": "compiled", "FOTA_SIM_CACHE": "/dev/null/nowhere"},
        check=True,
        capture_output=True,
        text=True,
    )
    found = rows(done.stdout)
    assert found["cache"] == "note"
    assert found["engine"] == "note"
    assert "FOTA_SIM_CACHE" in done.stdout
    assert "--warm" in done.stdout


def test_uncompiled_rules_are_mentioned() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fota_sim", "doctor"],
        env={**os.environ, "FOTA_SIM_RULES": "python"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert rows(done.stdout)["engine"] == "note"
    assert "FOTA_SIM_RULES=python" in done.stdout
