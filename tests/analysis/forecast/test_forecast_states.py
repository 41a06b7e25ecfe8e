"""A log and a simulated rollout are told in the same words."""

from __future__ import annotations

import numpy as np
from forecast_world import log_of, truth, under_way

from fota_sim.analysis.forecast.states import State, seen_in_log, seen_in_record
from fota_sim.engines.compiled.run import run_replication
from fota_sim.histories.ends import End
from fota_sim.histories.results import start_s
from fota_sim.histories.view import EVERYTHING

TELLS = EVERYTHING.without([End.NOT_APPLICABLE])


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
