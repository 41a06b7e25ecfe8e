"""A record that is counted on two cores is counted the same, and stops where it is told to."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from fota_sim.analysis.numbers.terms import terms_of
from fota_sim.analysis.run import outline as module
from fota_sim.analysis.run.outline import Outline, Sums, brief, outline
from fota_sim.engines.compiled.run import run_replication
from fota_sim.scenario.loader import load_scenario

SCENARIO = load_scenario(Path(__file__).parents[3] / "scenarios" / "night_push.yaml", ["replications=1"])
TERMS = terms_of(SCENARIO)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many blocks, and help for any record."""
    monkeypatch.setattr(module, "_BLOCK", 50)
    monkeypatch.setattr(module, "_MANY", 0)


def counted(monkeypatch: pytest.MonkeyPatch, spare: bool) -> tuple[Outline, set[int]]:
    """The outline, and which threads counted blocks."""
    threads: set[int] = set()
    of = Sums.of
    both = threading.Barrier(2 if spare else 1)

    def seen(*given: Any) -> Sums:
        if threading.get_ident() not in threads:
            threads.add(threading.get_ident())
            both.wait(10)  # each takes one before either takes another
        return of(*given)

    monkeypatch.setattr(module.cores, "one_is_spare", lambda: spare)
    monkeypatch.setattr(Sums, "of", staticmethod(seen))
    record = run_replication(SCENARIO, 0)
    return outline(record, TERMS), threads


def test_two_threads_count_what_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as alone:
        one, threads = counted(alone, spare=False)
    assert len(threads) == 1
    two, threads = counted(monkeypatch, spare=True)
    assert len(threads) == 2
    assert repr(two) == repr(one)
    assert two.tables == one.tables


@pytest.mark.parametrize("spare", [False, True])
def test_what_is_heard_on_the_way_ends_it(monkeypatch: pytest.MonkeyPatch, spare: bool) -> None:
    monkeypatch.setattr(module.cores, "one_is_spare", lambda: spare)
    record = run_replication(SCENARIO, 0)

    def heard() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        brief(record, TERMS, heard)


@pytest.mark.parametrize("spare", [False, True])
def test_what_fails_in_either_thread_is_heard_of(monkeypatch: pytest.MonkeyPatch, spare: bool) -> None:
    def fails(*_given: Any) -> Sums:
        raise IndexError("in a block")

    monkeypatch.setattr(module.cores, "one_is_spare", lambda: spare)
    monkeypatch.setattr(Sums, "of", staticmethod(fails))
    with pytest.raises(IndexError, match="in a block"):
        outline(run_replication(SCENARIO, 0), TERMS)
