"""Whatever a file or a line holds: an answer or a sentence, never a traceback, and it ends.

``python benchmarks/fuzz.py`` does the same for as many as one likes.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import mutations
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trials import GOOD, TRIALS, look, try_at, try_csv, try_list, try_scenario, written

FILES = settings(
    max_examples=100, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
SEEDS = st.integers(0, 2**32 - 1)


@FILES
@given(seed=SEEDS)
def test_a_spoiled_scenario_is_played_or_refused_in_words(tmp_path: Path, seed: int) -> None:
    assert try_scenario(tmp_path, Random(seed))


@FILES
@given(seed=SEEDS)
def test_a_spoiled_fleet_file_is_played_or_refused_in_words(tmp_path: Path, seed: int) -> None:
    assert try_csv(tmp_path, Random(seed))


@FILES
@given(seed=SEEDS)
def test_a_spoiled_list_of_ids_is_played_or_refused_in_words(tmp_path: Path, seed: int) -> None:
    assert try_list(tmp_path, Random(seed))


@settings(FILES, max_examples=700)
@given(seed=SEEDS)
def test_spoiled_lines_between_host_and_module_are_understood_or_refused(tmp_path: Path, seed: int) -> None:
    assert try_at(tmp_path, Random(seed))


@pytest.mark.parametrize("kind", TRIALS)
def test_some_of_what_is_spoiled_is_good_still_and_some_is_not(kind: str, tmp_path: Path) -> None:
    became = {TRIALS[kind](tmp_path, Random(seed)) for seed in range(40)}
    assert "refused" in became
    assert became & {"played", "understood"}


def test_what_is_spoiled_was_good_before(tmp_path: Path) -> None:
    assert look(written(tmp_path, GOOD, mutations.CSV.encode(), mutations.LIST.encode())) == "played"
