"""A fleet whose devices share nothing, played in parts, leaves what it leaves in one piece: the same bytes."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from scenarios_strategy import seeded

from fota_sim.analysis.run.carrying_out import run_study
from fota_sim.analysis.run.study import Study
from fota_sim.engines.parameters import build_parameters
from fota_sim.engines.work import WHOLE
from fota_sim.errors import FotaSimError, ScenarioError
from fota_sim.experiment.dealing import deal
from fota_sim.experiment.turns import why_whole
from fota_sim.experiment.worker import Job
from fota_sim.fleet.fleet import build_fleet
from fota_sim.scenario.loader import parse_scenario
from fota_sim.scenario.model import Scenario
from fota_sim.scenario.sharing import shared

FREE = (
    "network.server.connections=null",
    "network.server.egress=null",
    "network.cells.enforce=false",
    "keep.events=false",
)
ALONE = tuple(
    f"plan.rollout.{field}={nothing}"
    for field, nothing in {
        "waves": "[]", "rate": "null", "concurrency": "null", "cell_concurrency": "null", "abort": "[]",
        "sequential": "null", "timeouts.online": "null",
    }.items()
)  # fmt: skip
RICH = """
name: rich
horizon: 3d
time_zone: Europe/Berlin
product: {model: {components: [{identifier: app, type: firmware}, {identifier: stm, type: mcu}]}}
packages:
  - {name: two, component: app, target_version: "2_0", files: [{name: a.bin, size: 60kB}],
     defects: [{effect: dies_later, probability: 20%, after: 1h, where: 'hardware == "B"'}]}
plan:
  packages: [two]
  blacklist: {ids: [a-3, b-12, real-1]}
  operator:
    - {at: 2h, do: cancel, devices: {where: "rssi < -100", ids: [a-0, b-13]}}
    - {at: 5h, do: suspend}
    - {at: 6h, do: resume}
    - {at: 40h, do: retry, devices: {where: "rssi < -95"}}
network: {server: {connections: null}, cells: {enforce: false}}
keep: {transcripts: [a-1, b-15, real-0]}
fleet:
  groups:
    - {name: a, count: 12, module: EC200U, hardware: {A: 50%, B: 50%}, cells: 3, joins: {uniform: [0s, 3h]}}
    - {name: b, count: 16, module: BC66, mcu: {stm: {"1": 50%, "2": 50%}}, attributes: {site: {x: 30%, y: 70%}},
       contact: {pattern: wake, every: 6h}}
  csv:
    - {name: real, file: real.csv, columns: {id: id, rssi: signal, module: module}}
"""
SEEDS = [pytest.param(seed, marks=[] if seed < 12 else pytest.mark.long) for seed in range(200)]
ROWS = ["id,signal,module,shelf", *(f"real-{k},{-70 - 5 * k},{'BC66' if k % 2 else 'BG95'},{k}" for k in range(9))]


def files_of(folder: Path) -> dict[str, bytes]:
    """What a result says, by file; how it was made is in the manifest."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    del found["manifest.json"]
    return found


def played(scenario: Scenario, root: Path | None, parts: int, engine: str = "reference", workers: int = 1) -> Study:
    """The scenario, played in so many parts."""
    return run_study(scenario, "", root, engine=engine, workers=workers, parts=parts)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("rich")
    (folder / "real.csv").write_text("\n".join(ROWS), encoding="utf-8")
    return parse_scenario(RICH, folder / "rich.yaml", ["replications=2"])


@pytest.fixture(scope="module")
def in_one_piece(rich: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    study = played(rich, tmp_path_factory.mktemp("whole"), 1)
    assert study.folder is not None
    return files_of(study.folder)


@pytest.mark.parametrize(("parts", "workers"), [(2, 1), (3, 2), (7, 1), (37, 1)])
def test_every_file_is_the_same_byte_for_byte(
    rich: Scenario, in_one_piece: dict[str, bytes], parts: int, workers: int, tmp_path: Path
) -> None:
    study = played(rich, tmp_path, parts, workers=workers)
    assert study.folder is not None
    assert json.loads((study.folder / "manifest.json").read_bytes())["parts"] == parts
    found = files_of(study.folder)
    assert found.keys() == in_one_piece.keys()
    assert {"devices.parquet", "transcripts/b-15.txt", "transcripts/replication-1/real-0.platform.txt"} <= found.keys()
    assert [name for name in found if found[name] != in_one_piece[name]] == []


def test_the_compiled_engine_plays_the_same_parts(
    rich: Scenario, in_one_piece: dict[str, bytes], tmp_path: Path
) -> None:
    study = played(rich, tmp_path, 3, "compiled", workers=2)
    assert study.folder is not None
    found = files_of(study.folder)
    assert [name for name in found if found[name] != in_one_piece[name]] == ["summary.json"]  # it names the engine
    both = [json.loads(each["summary.json"]) for each in (found, in_one_piece)]
    assert {name for name in both[0] if both[0][name] != both[1][name]} == {"engine"}


@pytest.mark.parametrize("seed", SEEDS)
def test_random_fleets_leave_the_same_tables_and_numbers_in_any_number_of_parts(seed: int) -> None:
    with ExitStack() as opened:
        try:
            scenario = opened.enter_context(seeded(seed, without=("plans",)).scenario(*FREE, *ALONE))
        except ScenarioError:
            pytest.skip("its operator opens a wave, or resumes what no rule has paused")
        if any(action.do == "change_rate" for action in scenario.plan.operator):
            pytest.skip("its operator releases devices at a rate, which they share")
        whole, parts = played(scenario, None, 1), played(scenario, None, 2 + seed % 4)
    assert parts.dealt is not None
    assert parts.dealt.parts == min(parts.dealt.devices, 2 + seed % 4)
    assert whole.summary == parts.summary
    assert whole.tables.keys() == parts.tables.keys()
    for name, table in whole.tables.items():
        assert table.schema == parts.tables[name].schema
        assert table.to_pylist() == parts.tables[name].to_pylist(), name


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_engines_call_ordered_is_never_dealt_out(seed: int) -> None:
    with seeded(seed, without=("plans",)).scenario(*FREE) as scenario:
        fleet = build_fleet(scenario, 0)
    assert build_parameters(scenario, fleet, 0).plan.rollout.ordered == ("plan.rollout" in shared(scenario, fleet.n))


def test_a_dask_cluster_plays_parts_to_the_same_bytes(
    rich: Scenario, in_one_piece: dict[str, bytes], tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        study = run_study(rich, "", tmp_path, engine="reference", parts=5, cluster=cluster.scheduler_address)
    assert study.folder is not None
    assert files_of(study.folder) == in_one_piece


def test_a_fleet_that_shares_is_played_in_one_piece_whatever_is_asked_for(rich: Scenario) -> None:
    for override in ("network.server.connections=10", "network.server.egress=1Mbit/s", "keep.events=true"):
        scenario = parse_scenario(RICH, rich.base_dir / "rich.yaml", [override])
        dealt = deal(Job(scenario, "reference"), 2, parts=5)
        assert dealt.parts == 1
        assert dealt.why_whole == why_whole(scenario, 37) != ""


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_takes_the_parts_of_an_incomplete_replication_out_again(
    rich: Scenario, in_one_piece: dict[str, bytes], workers: int, tmp_path: Path
) -> None:
    def press(done: int, _whole: int) -> None:
        if done >= 2.6 * WHOLE:
            raise KeyboardInterrupt

    three = rich.model_copy(update={"replications": 3})
    study = run_study(three, "", tmp_path, progress=press, engine="reference", workers=workers, parts=9)
    assert study.interrupted
    assert study.summary["replications"] == 2
    assert study.folder is not None
    found = files_of(study.folder)
    for name in ("devices.parquet", "timeseries.parquet", "runs.parquet", "plan_log.txt"):
        assert found[name] == in_one_piece[name], name
    assert found.keys() == in_one_piece.keys()


def test_lists_that_leave_nobody_are_an_error_in_parts_too(rich: Scenario) -> None:
    scenario = parse_scenario(RICH, rich.base_dir / "rich.yaml", ["plan.whitelist={where: 'rssi < -500'}"])
    for parts in (1, 4):
        with pytest.raises(FotaSimError, match=r"plan\.whitelist: names no device of this fleet"):
            played(scenario, None, parts)
