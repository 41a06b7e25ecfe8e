"""A unit of a batch is played in parts where that leaves memory alone, and nobody can tell."""

import pytest

from fota_sim.analysis.run.outlined import play_measured, play_outlined
from fota_sim.engines.work import WHOLE
from fota_sim.experiment import turns
from fota_sim.experiment.dealing import deal
from fota_sim.experiment.worker import Job
from fota_sim.scenario.loader import parse_scenario

SOURCE = """
name: outlined
horizon: 1d
product: {model: {components: [{identifier: BC66}]}}
packages: [{name: p, component: BC66, target_version: "2_0", files: [{name: a.bin, size: 50kB}]}]
plan: {packages: [p]}
network: {server: {connections: null}, cells: {enforce: false}}
fleet:
  groups:
    - {name: weak, count: 30, module: BC66, rssi: -108dBm, contact: {pattern: wake, every: 6h}}
    - {name: mains, count: 21, module: EC200U, contact: {spread: 1h}}
"""


@pytest.mark.parametrize("replication", [0, 3])
def test_outline_and_metrics_do_not_depend_on_the_size_of_parts(
    replication: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = parse_scenario(SOURCE, "scenario.yaml")
    whole, measured = (play(scenario, "reference", replication) for play in (play_outlined, play_measured))
    told: list[int] = []
    monkeypatch.setitem(turns.PART, "reference", 8)
    assert deal(Job(scenario, "reference"), workers=1).parts == 7
    parts = play_outlined(scenario, "reference", replication, lambda done_ms, _: told.append(done_ms))
    assert parts.measured == whole.measured == measured == play_measured(scenario, "reference", replication)
    assert parts.replication == whole.replication == replication
    assert parts.counted.groups.keys() == whole.counted.groups.keys()
    for name, table in whole.tables.items():
        assert parts.tables[name] == table
    assert told == sorted(told)
    assert told[-1] == WHOLE


def test_parts_side_by_side_make_the_same_outline_and_end_when_progress_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = parse_scenario(SOURCE, "scenario.yaml", ["replications=9"])
    whole = play_outlined(scenario, "reference", 4)
    monkeypatch.setitem(turns.WORTH_A_WORKER, "reference", 8)
    assert deal(Job(scenario.model_copy(update={"replications": 1}), "reference"), 3).parts == 3
    told: list[int] = []
    parts = play_outlined(scenario, "reference", 4, lambda done, _: told.append(done), threads=3)
    assert parts.measured == whole.measured
    assert parts.replication == 4
    for name, table in whole.tables.items():
        assert parts.tables[name] == table
    assert told == sorted(told)
    assert told[-1] == WHOLE

    class UnwantedError(Exception):
        pass

    def unwanted(_done: int, _whole: int) -> None:
        raise UnwantedError

    with pytest.raises(UnwantedError):
        play_outlined(scenario, "reference", 4, unwanted, threads=3)
