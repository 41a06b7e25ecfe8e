"""Rules of one's own in sweeps, comparisons and searches: here, and in workers that can import them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import fota_sim as fs
from fota_sim.analysis.sweep.sweep import Sweep, units_table
from fota_sim.errors import FotaSimError

SCENARIO = Path(__file__).parents[3] / "scenarios" / "weak_signal_tail.yaml"
FEW = ("fleet.groups[0].count=25", "horizon=2d")
AXES = {"plan.strategy.retries": "3,5"}
SOURCE = """
STOPS_AT = {0}

def stubborn(retries, number, used):
    return number >= 0 and used < STOPS_AT
"""


def no_retry(retries, number, used):
    return False


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module of rules beside the user's notebook."""
    (tmp_path / "story_rules.py").write_text(SOURCE.format(0))
    monkeypatch.syspath_prepend(tmp_path)
    import story_rules

    yield story_rules
    del sys.modules["story_rules"]


def swept(rule: Callable[..., Any] | None, **more: Any) -> Sweep:
    rules = None if rule is None else {"retry.may_retry": rule}
    return fs.sweep(SCENARIO, AXES, overrides=FEW, replications=1, progress=False, rules=rules, **more).played


def attempts(played: Sweep) -> list[float]:
    assert not played.failures, played.failures
    return [each.measures["attempts_per_started"].value for each in played.played if each.measures is not None]


def test_a_sweep_plays_them_in_this_process_and_in_workers_alike(written: ModuleType) -> None:
    shipped, here, workers = (
        swept(None, engine="reference", workers=1),
        swept(written.stubborn, workers=1),
        swept(written.stubborn, workers=2),
    )
    assert units_table(here) == units_table(workers)
    assert sum(attempts(here)) < sum(attempts(shipped))
    assert attempts(here)[0] == attempts(here)[1]  # nobody is tried again, so their number does not matter
    assert list(here.own_rules) == ["retry.may_retry"]
    assert not shipped.own_rules


def test_a_function_that_workers_cannot_import_is_played_here_or_refused() -> None:
    def within(retries, number, used):
        return False

    assert sum(attempts(swept(within))) > 0
    with pytest.raises(FotaSimError, match="other processes cannot have within, for they can only import functions"):
        swept(within, workers=2)


def test_the_compiled_engine_and_a_cluster_are_refused(written: ModuleType) -> None:
    with pytest.raises(FotaSimError, match="the compiled engine has the shipped rules in its machine code"):
        swept(written.stubborn, engine="compiled")
    with pytest.raises(FotaSimError, match="on this machine only; leave the cluster out"):
        swept(written.stubborn, cluster="tcp://127.0.0.1:9")


def test_a_worker_that_would_play_another_rule_says_so(written: ModuleType, tmp_path: Path) -> None:
    written.STOPS_AT = 2
    failures = swept(written.stubborn, workers=2).failures
    assert len(failures) == 2
    assert "retry.may_retry: a worker has another function or other values than this process" in failures[0].error


def test_what_a_store_holds_is_of_one_set_of_rules(written: ModuleType, tmp_path: Path) -> None:
    store = tmp_path / "units.sqlite"
    shipped = swept(None, engine="reference", workers=1, store=store)
    own = swept(written.stubborn, workers=1, store=store)
    again = swept(written.stubborn, workers=1, store=store)
    assert attempts(own) == attempts(again) != attempts(shipped)
    assert [each.stored for each in (*own.played, *again.played)] == [False, False, True, True]


def test_a_comparison_plays_every_variant_by_them_and_says_so() -> None:
    found = fs.compare(
        f"{SCENARIO.parent / 'battery_gate.yaml'}",
        str(SCENARIO),
        overrides=("horizon=1d",),
        replications=1,
        metrics=["attempts_per_started"],
        rules={"retry.may_retry": no_retry, "plan.gate": let_all},
        workers=1,
        progress=False,
    ).report
    assert list(found["own_rules"]) == ["plan.gate", "retry.may_retry"]
    assert (
        sum("played with its author's own rules (plan.gate, retry.may_retry)" in each for each in found["notes"]) == 2
    )


def let_all(enforced, offers_unknown, too_old, battery_pct, signal_dBm, min_battery_pct, min_signal_dBm):
    return 0


def test_a_search_keeps_its_trials_apart_and_reports_the_rules(tmp_path: Path) -> None:
    def tuned(**rules: Any) -> Any:
        return fs.tune(
            SCENARIO,
            ["plan.strategy.retries=3..5"],
            out=tmp_path,
            minimise=["failed"],
            trials=1,
            replications=1,
            fresh=5,
            batch=1,
            overrides=FEW,
            engine="reference",
            workers=1,
            progress=False,
            **rules,
        )

    shipped, own = tuned(), tuned(rules={"retry.may_retry": no_retry})
    assert "own_rules" not in shipped.report
    assert list(own.report["own_rules"]) == ["retry.may_retry"]
    assert len(list(tmp_path.rglob("study-*.log"))) == 2
