"""``validate`` reads what ``run`` reads: whatever file a scenario names, both start, or both refuse it alike."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from fota_sim.cli.main import exit_code

SCENARIO = """\
horizon: 1d
product: {{model: {{device_model: M, components: [{{identifier: app, type: firmware}}]}}}}
packages: [{{name: p, component: app, target_version: "2_0", files: [{{name: p.bin, size: 50kB}}]}}]
plan: {{packages: [p]{plan}}}
fleet: {{groups: [{{name: g, count: 3}}]{fleet}}}
"""
CSV = ", csv: [{name: c, file: f.csv, columns: {id: id, rssi: rssi}}]"
EXCEL = ", excel: [{name: x, file: f.xlsx, columns: {id: id, rssi: rssi}}]"
GOOD = [["id", "rssi"], *([f"d{k}", -90] for k in range(1500))]


def written(folder: Path, rows: list[list[object]], listed: str = "g-0\nd1\n") -> None:
    """The same rows as text and as a workbook, and a list of ids."""
    (folder / "f.csv").write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "f.xlsx")
    (folder / "ids.txt").write_text(listed, encoding="utf-8")


def both(capsys: pytest.CaptureFixture[str]) -> tuple[int, int, str, str]:
    """Exit codes and words of ``validate`` and ``run``."""
    capsys.readouterr()
    checked = exit_code(["validate", "my.yaml"])
    said = capsys.readouterr().err
    ran = exit_code(["run", "my.yaml", "--quiet"])
    return checked, ran, said, capsys.readouterr().err


@pytest.mark.parametrize("fleet", [CSV, EXCEL])
@pytest.mark.parametrize("plan", ["", ", whitelist: {file: ids.txt}"])
def test_what_validate_finds_ok_run_starts(
    fleet: str, plan: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, GOOD)
    Path("my.yaml").write_text(SCENARIO.format(fleet=fleet, plan=plan), encoding="utf-8")
    checked, ran, _, said = both(capsys)
    assert (checked, ran) == (0, 0), said


@pytest.mark.parametrize("fleet", [CSV, EXCEL])
@pytest.mark.parametrize(
    ("rows", "listed", "words"),
    [
        ([*GOOD, ["late", "weak"]], "", "weak"),
        ([*GOOD, ["d7", -90]], "", "stands in line 9 already"),
        ([*GOOD, ["g-1", -90]], "", "used twice"),
        ([["id", "signal"], ["a", -90]], "", "no column 'rssi'"),
        (GOOD, "nobody\n", "no device's"),
    ],
)
def test_what_run_would_refuse_validate_refuses(
    fleet: str,
    rows: list[list[object]],
    listed: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, rows, listed)
    plan = ", whitelist: {file: ids.txt}" if listed else ""
    Path("my.yaml").write_text(SCENARIO.format(fleet=fleet, plan=plan), encoding="utf-8")
    checked, ran, at_check, at_run = both(capsys)
    assert (checked, ran) == (2, 2)
    assert words in at_check
    assert words in at_run


@pytest.mark.parametrize("missing", ["f.csv", "f.xlsx", "ids.txt"])
def test_a_file_that_is_gone_is_missed_by_both(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, GOOD[:5])
    (tmp_path / missing).unlink()
    fleet = EXCEL if missing == "f.xlsx" else CSV
    text = SCENARIO.format(fleet=fleet, plan=", whitelist: {file: ids.txt}")
    Path("my.yaml").write_text(text, encoding="utf-8")
    checked, ran, at_check, at_run = both(capsys)
    assert (checked, ran) == (2, 2)
    assert f"{missing}: no such file" in at_check
    assert f"{missing}: no such file" in at_run
