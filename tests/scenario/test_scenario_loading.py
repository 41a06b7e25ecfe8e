"""One scenario laid over another, values set from the command line, and where each of them came from."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import pytest
from scenario_world import GOOD, changed, load

from fota_sim.errors import ScenarioError
from fota_sim.scenario.document import parse_text
from fota_sim.scenario.libraries import builtin
from fota_sim.scenario.loader import load_scenario


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(GOOD)
    return tmp_path


def over(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    (folder / name).write_text("extends: base.yaml\n" + text)
    return folder / name


def test_what_a_scenario_does_not_say_it_takes_from_the_one_it_extends(base: Path) -> None:
    scenario = load_scenario(over(base, "plan: {strategy: {retries: 2}}\n"))
    assert scenario.plan.strategy.retries == 2
    assert scenario.plan.strategy.min_signal == -110
    assert scenario.plan.packages == ["app-2"]
    assert (scenario.name, load_scenario(base / "base.yaml").name) == ("mine", "base")


def test_a_list_is_replaced_not_merged(base: Path) -> None:
    scenario = load_scenario(over(base, "fleet: {groups: [{name: new, count: 3}]}\n"))
    assert [group.name for group in scenario.fleet.groups] == ["new"]


def test_a_chain_of_scenarios_is_laid_over_from_the_bottom(base: Path) -> None:
    over(base, "seed: 2\nhorizon: 4d\n", "middle.yaml")
    (base / "top.yaml").write_text("extends: middle.yaml\nseed: 3\n")
    scenario = load_scenario(base / "top.yaml")
    assert (scenario.seed, scenario.horizon) == (3, 4 * 86400)


def test_a_scenario_in_text_extends_a_file_beside_it(base: Path) -> None:
    assert load("extends: base.yaml\nseed: 9\n", base).seed == 9


def test_a_mistake_is_placed_in_the_file_that_makes_it(base: Path) -> None:
    (base / "base.yaml").write_text(changed("count: 10", "count: -1"))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(over(base, "plan: {strategy: {retries: 6}}\n"), ("seed=-1",))
    places = {problem.path: (problem.file, problem.line) for problem in caught.value.problems}
    assert places == {
        "fleet.groups[0].count": (str((base / "base.yaml").resolve()), 21),
        "plan.strategy.retries": (str(base / "mine.yaml"), 2),
        "seed": ("--set seed=-1", 0),
    }


@pytest.mark.parametrize("where", ["fleet.groups[0].count", "fleet.groups.meters.count"])
def test_an_entry_of_a_list_is_set_by_its_position_or_its_name(where: str) -> None:
    assert load(overrides=(f"{where}=25",)).fleet.groups[0].count == 25


def test_values_are_set_with_units_as_yaml_or_where_nothing_was() -> None:
    scenario = load(
        overrides=(
            "plan.strategy.min_battery=50%",
            "fleet.groups.meters.rssi={uniform: [-100dBm, -90dBm]}",
            "network.server.connections=7",
            "packages.app-2.files[0].size=2MB",
            "fleet.groups.meters.contact.every=2h",
        )
    )
    assert scenario.plan.strategy.min_battery == 0.5
    assert scenario.fleet.groups[0].rssi is not None
    assert scenario.fleet.groups[0].rssi.low == -100
    assert scenario.network.server.connections == 7
    assert scenario.packages[0].size_B == 2_000_000
    assert scenario.fleet.groups[0].contact.every == 7200


def test_the_last_of_two_overrides_counts() -> None:
    assert load(overrides=("seed=2", "seed=3")).seed == 3


def test_an_override_of_a_whole_block_takes_the_place_of_what_was_in_it() -> None:
    with pytest.raises(ScenarioError) as caught:
        load(overrides=("plan.strategy={retries: 6}",))
    (found,) = caught.value.problems
    assert (found.file, found.path) == ("--set plan.strategy={retries: 6}", "plan.strategy.retries")


def test_radios_modules_and_hosts_of_ones_own_extend_the_built_in_ones() -> None:
    scenario = load(GOOD + "hosts: {a: {extends: late, patience: 3h}, b: {extends: a, asks: false}}\n")
    assert scenario.hosts["b"].patience == 3 * 3600
    assert not scenario.hosts["b"].asks
    assert scenario.hosts["a"].asks == scenario.hosts["late"].asks
    assert scenario.hosts["b"].confirm_delay == scenario.hosts["late"].confirm_delay


def test_one_s_own_may_change_a_built_in_one_of_the_same_name() -> None:
    scenario = load(GOOD + "radios: {nb-iot: {extends: nb-iot, chunk_attempts: 9}}\n")
    assert scenario.radios["nb-iot"].chunk_attempts == 9
    assert scenario.radios["nb-iot"].s50 == load().radios["nb-iot"].s50


@pytest.mark.parametrize("kind", ["radios", "modules", "hosts"])
def test_every_built_in_one_is_there_without_being_named(kind: str) -> None:
    assert set(getattr(load(), kind)) == set(builtin(kind))


def test_a_scenario_is_called_after_its_file_whatever_that_is_called(tmp_path: Path) -> None:
    (tmp_path / "Zähler (1).yaml").write_text(GOOD)
    assert load_scenario(tmp_path / "Zähler (1).yaml").name == "Z-hler -1-"


def test_files_are_looked_for_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("meters-1\n")
    scenario = load(changed("  strategy:", "  blacklist: {file: ids.txt}\n  strategy:"), tmp_path)
    assert scenario.base_dir == tmp_path.resolve()


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "seed: [1, {a: b}]\n",
        "a: 1\na: 2\n",
        "start: 2026-13-45\n",
        "start: 2026-02-30T25:61:00\n",
        "seed: 0x\n",
        "seed: 1.000\n",
        "a: &b [*b]\n",
        "a: [\n",
        "",
    ],
)
def test_a_text_that_is_read_again_says_the_same(text: str) -> None:
    def read() -> object:
        try:
            found = parse_text(text, "a.yaml")
        except ScenarioError as error:
            return error.problems
        kept = deepcopy(found)
        found.data.clear()  # whoever has it may change it
        found.places.clear()
        return kept

    first = read()
    assert read() == first
    assert read() == first


def test_threads_that_read_the_same_text_read_the_same() -> None:
    text = "\n".join(f"n{k}: {{number: {k}.5, date: 2026-01-01, flag: true, name: m{k}}}" for k in range(300))
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: parse_text(text, "a.yaml").data, range(24)))
    assert found == [found[0]] * 24
    assert found[0]["n7"]["number"] == 7.5


def test_what_was_read_is_not_kept_for_good() -> None:
    class Text(str):
        """A text that says when it is gone."""

    text = Text("a: " + "x" * 40_000 + "\nb: 3\n")
    gone = weakref.ref(text)
    with pytest.raises(ScenarioError):
        parse_text(text, "a.yaml")
    del text
    gc.collect()
    assert gone() is None
