"""A log and a simulated rollout are told in the same words."""

from __future__ import annotations

import numpy as np
import pytest
from forecast_world import HOUR_MS, log_of, truth, under_way

from fota_sim.analysis.forecast.states import State, seen_in_log, seen_in_record
from fota_sim.engines.compiled.run import run_replication
from fota_sim.histories.ends import End
from fota_sim.histories.results import start_s
from fota_sim.histories.view import EVERYTHING

TELLS = EVERYTHING.without([End.NOT_APPLICABLE])
WAVES = "plan.rollout={waves: [{share: 20%}, {opens: {after: 10h}}], order: random}"


@pytest.mark.parametrize("overrides", [(), (WAVES,), ("plan.blacklist={where: hardware == 'B'}",)], ids=str)
@pytest.mark.parametrize("hours", [3, 9, 30])
def test_a_log_that_is_cut_says_what_a_run_to_that_time_does(overrides: tuple[str, ...], hours: int) -> None:
    scenario = under_way("seed=77", *overrides)
    began_s = start_s(scenario)
    log = log_of(truth(*overrides), scenario).until(began_s + hours * 3600)
    seen, strangers = seen_in_log(log, truth(*overrides).devices["id"], began_s, TELLS)
    short = run_replication(scenario.model_copy(update={"horizon": hours * 3600 + 0.001}), 0)
    simulated = seen_in_record(short, TELLS)
    assert strangers == 0
    assert seen.state.tolist() == simulated.state.tolist()
    done = seen.state == State.SUCCEEDED
    assert done.any()
    assert np.allclose(seen.at_ms[done], simulated.at_ms[done], atol=1.0)
    assert np.nanmax(seen.at_ms) <= hours * HOUR_MS


def test_what_a_platform_cannot_tell_is_not_told_apart_in_the_simulation() -> None:
    record = run_replication(under_way("seed=77", "horizon=30h", "packages[0].defects[0].effect=boot_failure"), 0)
    everything = seen_in_record(record, TELLS)
    little = seen_in_record(record, TELLS.without([End.WAITING, End.BRICKED]))
    assert (everything.state == State.BRICKED).any()
    assert not np.isin(little.state, (State.BRICKED, State.WAITING)).any()
    assert (little.state[everything.state == State.BRICKED] == State.UNDER_WAY).all()
    assert (little.state == State.SUCCEEDED).sum() == (everything.state == State.SUCCEEDED).sum()


def test_devices_that_the_log_does_not_name_have_not_been_heard_of() -> None:
    scenario = under_way("seed=77")
    log = log_of(truth(), scenario)
    some = log.take(np.arange(len(log)) < 100)
    seen, strangers = seen_in_log(some, [*truth().devices["id"], "another"], start_s(scenario), TELLS)
    assert strangers == 0
    assert (seen.state[100:] == State.NEVER).all()
    _, strangers = seen_in_log(some, [*truth().devices["id"]][50:], start_s(scenario), TELLS)
    assert strangers == 50
