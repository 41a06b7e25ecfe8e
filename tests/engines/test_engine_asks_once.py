"""Why a device that asked was not offered the plan, where nobody pushes it."""

import pytest
from rollout_worlds import ENGINES, ends, play, world


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("waits_for", [{"starts": "2h"}, {"mode": "manual", "user_confirm": "1h"}])
@pytest.mark.parametrize(("every", "cause"), [(None, "host never asks"), ("20d", "time ran out")])
def test_time_did_not_run_out_for_who_asked_once_and_too_early(engine, waits_for, every, cause):
    scenario = world(1, {}, push=False, **waits_for)
    scenario["hosts"]["quiet"]["asks"] = True
    scenario["fleet"]["groups"][0]["contact"]["request_every"] = every
    assert ends(play(scenario, engine)) == {("not_offered", cause): 1}
