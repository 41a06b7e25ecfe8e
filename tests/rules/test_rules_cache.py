"""Compiled code is used for the sources that it was compiled from, and for no others."""

import shutil
from pathlib import Path

import pytest

from fota_sim.rules import cache


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the compiled sources, in the place of the real ones."""
    for folder in ("rules", "engines/compiled"):
        shutil.copytree(Path(cache.__file__).parents[1] / folder, tmp_path / folder)
    monkeypatch.setattr(cache, "_PACKAGE", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["rules/link.py", "rules/codes.py", "engines/compiled/loop.py"])
def test_a_change_of_any_compiled_source_is_another_version(package, name):
    before = cache.digest.__wrapped__()
    (package / name).write_text((package / name).read_text() + "# changed\n")
    assert cache.digest.__wrapped__() != before


def test_a_new_module_is_another_version(package):
    before = cache.digest.__wrapped__()
    (package / "rules" / "weather.py").write_text("RAIN = 1\n")
    assert cache.digest.__wrapped__() != before


def test_the_same_sources_are_the_same_version(package):
    assert cache.digest.__wrapped__() == cache.digest()


def test_code_is_kept_where_the_environment_says(package, tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "elsewhere"))
    found = cache.folder.__wrapped__()
    assert found.is_dir()
    assert found.parent == tmp_path / "elsewhere"


def test_where_the_package_cannot_be_written_it_is_kept_in_the_users_cache(package, tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    (package / "__pycache__").write_text("in the way")
    assert cache.folder.__wrapped__().is_relative_to(tmp_path / "home" / "fota-sim")


def test_old_versions_are_forgotten_and_recent_ones_left(package, tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    for k in range(9):
        (tmp_path / "kept" / f"compiled-{k}").mkdir(parents=True)
    found = cache.folder.__wrapped__()
    left = list((tmp_path / "kept").iterdir())
    assert len(left) == cache._KEPT
    assert found in left
