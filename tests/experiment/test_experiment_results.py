import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fota_sim.errors import ResultError
from fota_sim.experiment.folder import ResultFolder
from fota_sim.experiment.manifest import ended, new_manifest
from fota_sim.experiment.results import list_results, open_result

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
FILES = ("scenario.resolved.yaml", "summary.json", "runs.parquet", "timeseries.parquet", "devices.parquet")


def write(root: Path, scenario: str, digest: str) -> Path:
    manifest = new_manifest(scenario, digest, 1, "reference", 1, [], root, [], NOW)
    with ResultFolder(root, scenario, digest[:8], NOW) as folder:
        for name in FILES:
            folder.write_text(name, "{}")
        folder.write_manifest(ended(manifest, "complete", 1, NOW))
        return folder.commit()


def test_a_folder_is_named_after_its_time_and_question(tmp_path: Path) -> None:
    path = write(tmp_path, "meters", "0123456789abcdef")
    assert path == tmp_path / "meters" / "20260105-080000-01234567"


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    write(tmp_path, "meters", "0123456789abcdef")
    assert write(tmp_path, "meters", "0123456789abcdef").name == "20260105-080000-01234567-2"


def test_what_goes_wrong_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with ResultFolder(tmp_path, "meters", "01234567", NOW) as folder:
            folder.write_text("summary.json", "{}")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(tmp_path.iterdir())


def test_a_result_is_found_by_latest_hash_or_scenario(tmp_path: Path) -> None:
    path = write(tmp_path, "meters", "0123456789abcdef")
    for text in ("latest", "0123", "meters", "20260105"):
        assert open_result(text, tmp_path).path == path


def test_a_name_that_fits_several_results_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "meters", "0123456789abcdef")
    write(tmp_path, "plugs", "fedcba9876543210")
    with pytest.raises(ResultError, match="could be any of"):
        open_result("20260105", tmp_path)


def test_a_foreign_folder_is_listed_with_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "meters" / "notes").mkdir(parents=True)
    (found,) = list_results(tmp_path)
    assert found.status == "foreign"
    assert "manifest.json" in found.problem


def test_a_run_that_was_killed_is_unfinished_and_not_of_another_version(tmp_path: Path) -> None:
    path = write(tmp_path, "meters", "0123456789abcdef")
    manifest = new_manifest("meters", "0123456789abcdef", 1, "reference", 1, [], tmp_path, [], NOW)
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (found,) = list_results(tmp_path)
    assert found.status == "unfinished"
    assert "the run goes on or was killed" in found.problem
