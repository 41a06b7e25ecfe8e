"""The page without a browser: what is asked, what is shown, and what is told."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Queue

import pytest
from explore_world import PATIENCE_S, SEVERAL, TEXT, a_source, always_samples

from fota_sim.analysis.compare.sentences import signed
from fota_sim.analysis.numbers.paired import paired_difference
from fota_sim.analysis.run.outlined import play_outlined
from fota_sim.analysis.run.sample import Sample, sampled, scaled_up
from fota_sim.engines.choice import COMPILED, REFERENCE
from fota_sim.report.explore.numbers import compared, numbers, replications
from fota_sim.report.explore.pace import Samples
from fota_sim.report.explore.page import PINNED, Page
from fota_sim.report.explore.player import Answer, Played, Under
from fota_sim.report.explore.playing import play_on
from fota_sim.report.explore.plots.funnel import STEPS, played_steps
from fota_sim.report.explore.plots.gates import summed_cells
from fota_sim.report.explore.shelf import Shelf
from fota_sim.scenario.metrics import shown_in
from fota_sim.scenario.model import Scenario


class Desk:
    """A page, and what would run in its user's document."""

    def __init__(
        self,
        folder: Path,
        link: Mapping[str, str] | None = None,
        text: str = TEXT,
        samples: Samples | None = None,
    ) -> None:
        self._todo: Queue[Callable[[], None]] = Queue()
        self.links: list[str] = []
        self.source = a_source(folder, text=text)
        self.page = Page(
            self.source,
            play_on(REFERENCE if samples else COMPILED),  # a sample is shown while the other plays all devices
            Shelf(),
            link=link,
            moved=self.links.append,
            later=self._todo.put,
            samples=samples,
        )
        self.page.begin()

    def wait(self, for_: str) -> None:
        """Run what there is to run until the status says this."""
        while for_ not in self.page._status.object:
            self._todo.get(timeout=PATIENCE_S)()
            self.page.sent()

    def turn(self, key: str, value: str, settled: bool = True) -> None:
        self.page._turn(key, value, settled)

    @property
    def tiles(self) -> str:
        return str(self.page._tiles.object)

    def wrong(self, key: str) -> str:
        return str(self.page._controls[key]._wrong.object)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk(tmp_path)
    yield found
    found.page.close()


ALL = "5 replications, means"


def test_a_scenario_with_prices_has_a_tile_for_what_it_costs(tmp_path: Path) -> None:
    priced = Desk(tmp_path, text=f"{TEXT}\nprices: {{currency: EUR, per_visit: 85, per_device_day: 2}}\n")
    assert 'data-metric="cost_total"><div class="name">cost</div>' in priced.tiles
    priced.wait(ALL)
    assert 'data-metric="cost_total"' in priced.tiles
    assert " EUR</div>" in priced.tiles
    priced.page.close()


def test_the_first_answer_comes_with_what_the_scenario_says(desk: Desk) -> None:
    desk.wait(ALL)
    assert desk.tiles.count('class="number"') == len(shown_in("explorer", ()))
    assert "stale" not in desk.tiles
    assert desk.links == [""]


def test_turning_changes_numbers_and_link_and_turning_back_changes_them_back(desk: Desk) -> None:
    desk.wait(ALL)
    first = desk.tiles
    desk.turn("battery", "95%")
    desk.wait(ALL)
    assert desk.tiles != first
    assert desk.links[-1] == "?battery=95%25"
    desk.turn("battery", "30%")
    desk.wait(ALL)
    assert desk.tiles == first
    assert desk.links[-1] == ""


def test_while_dragging_the_link_stays(desk: Desk) -> None:
    desk.turn("battery", "60%", settled=False)
    assert desk.links == [""]


def test_what_cannot_be_is_told_at_its_control_and_the_numbers_are_stale(desk: Desk) -> None:
    desk.wait(ALL)
    first = desk.tiles
    desk.turn("white", "rsi < <b>-90dBm")
    desk.wait("Nothing was played")
    assert "rsi" in desk.wrong("white")
    assert "<b>" not in desk.wrong("white")
    assert desk.tiles == first.replace('class="numbers"', 'class="numbers stale"')
    desk.turn("white", "")
    desk.wait(ALL)
    assert desk.wrong("white") == ""
    assert desk.tiles == first


def test_what_only_the_fleet_shows_is_told_too(desk: Desk) -> None:
    desk.turn("white", "rssi > 0dBm")
    desk.wait("Nothing was played")
    assert "wrong" in desk.wrong("white")


def test_pinned_numbers_have_a_change_and_a_link_brings_the_baseline_back(desk: Desk, tmp_path: Path) -> None:
    desk.wait(ALL)
    desk.page._pin_now()
    desk.turn("battery", "95%")
    desk.wait("paired over 5 replications")
    assert "points" in desk.tiles
    assert desk.links[-1] == "?battery=95%25&pinned="
    again = Desk(tmp_path, link={"battery": "95%", PINNED: ""})
    again.wait("paired over 5 replications")
    assert again.tiles == desk.tiles
    again.page.close()


def test_another_strategy_has_other_values_and_keeps_what_was_turned(desk: Desk) -> None:
    desk.turn("retries", "2")
    desk.turn("strategy", "waves")
    values = {knob.key: knob.value for knob in desk.page._knobs}
    assert (values["battery"], desk.page._state["retries"]) == ("45%", "2")
    desk.page._start_over()
    assert desk.page._state == {}


def test_a_link_that_makes_no_sense_is_told_as_text(tmp_path: Path) -> None:
    desk = Desk(tmp_path, link={"battery": "<script>alert(1)</script>", "x": "y"})
    told = str(desk.page._told.object)
    assert "<script>" not in told
    assert "nothing of that name" in told
    desk.wait(ALL)
    desk.page.close()


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Desk]:
    """A desk with 160 devices, of which 40 answer first."""
    found = Desk(tmp_path, text=SEVERAL, samples=always_samples())
    yield found
    found.page.close()


SAMPLE = "A sample: 40 of 160 devices, scaled up; all of them are being played"


def titles(desk: Desk) -> list[str]:
    return [str(title.object) for title in desk.page._titles]


def test_what_a_sample_says_is_marked_until_all_devices_have_said_it(crowd: Desk) -> None:
    crowd.wait(SAMPLE)
    assert 'class="numbers sampled"' in crowd.tiles
    assert crowd.tiles.count('<div class="small" title="sample of 40 devices">') == len(shown_in("explorer", ()))
    assert all("sample" in title for title in titles(crowd))
    assert not crowd.page.answered
    crowd.wait("1 of 5 replications")
    assert "sample" not in crowd.tiles
    assert "≈" not in crowd.tiles
    assert not any("sample" in title for title in titles(crowd))
    assert crowd.page.answered


def test_in_the_end_the_numbers_are_those_without_a_sample(crowd: Desk, tmp_path: Path) -> None:
    crowd.wait(ALL)
    plain = Desk(tmp_path, text=SEVERAL)
    plain.wait(ALL)
    assert crowd.tiles == plain.tiles
    assert titles(crowd) == titles(plain)
    plain.page.close()


def test_a_sample_is_compared_with_the_same_sample_of_the_baseline(crowd: Desk) -> None:
    crowd.wait("1 of 5 replications")
    crowd.page._pin_now()
    crowd.turn("battery", "95%")
    crowd.wait("Changes are against a sample of the pinned baseline")
    now, base = crowd.source.scenario(["plan.strategy.min_battery=95%"]), crowd.source.scenario()
    sides = []
    for scenario in (now, base):
        part = sampled(scenario, 40)
        assert part is not None
        sides.append(
            Played(scenario, (scaled_up(play_outlined(part.scenario, REFERENCE, 0), part.sample),), part.sample)
        )
    shown = {each.metric: each for each in numbers(Answer(1, sides[0], sides[1]))}
    for metric in ("refused_of_targeted", "bytes_sent"):
        assert shown[metric].change.startswith("≈ ")
        assert f'<div class="change">{shown[metric].change}' in crowd.tiles
    assert "clear" not in crowd.tiles
    crowd.wait("1 of 5 replications")
    assert "≈" not in crowd.tiles


def test_how_far_all_devices_are_is_told_beside_their_sample(crowd: Desk) -> None:
    crowd.wait(SAMPLE)
    assert crowd.page._answer is not None
    crowd.page._show_way(Under(crowd.page._answer.question, 0, 42))
    assert f"{SAMPLE}, 42 % done" in crowd.page._status.object
    assert 'style="width:42%"' in crowd.page._status.object
    assert "stale" not in crowd.tiles


def test_what_a_sample_never_saw_is_not_said_to_be_unchanged(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    some = Played(source.scenario(), played(source.scenario(), 1).outlines, Sample(40, 400))
    found = {each.metric: each for each in numbers(Answer(1, some, some))}
    assert found["outcome_bricked"].change == "≈ no change"
    assert not any(each.clear for each in found.values())


def played(source_scenario: Scenario, count: int) -> Played:
    return Played(source_scenario, tuple(play_outlined(source_scenario, COMPILED, k) for k in range(count)))


def test_the_change_is_the_paired_difference_with_its_interval(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    base, now = played(source.scenario(), 5), played(source.scenario(["plan.strategy.min_battery=95%"]), 5)
    found = {each.metric: each for each in numbers(Answer(1, now, base))}["refused_of_targeted"]
    first, second = ([each.measured["refused_of_targeted"].value for each in side.outlines] for side in (base, now))
    difference = paired_difference(first, second)
    low, high = difference.interval() or (None, None)
    row = {"metric": "", "unit": "share", "of": None, "difference": difference.value, "low": low, "high": high}
    assert found.change == signed(row, "difference").replace("percentage points", "points")
    assert found.change_interval == f"95 %: {signed(row, 'low', 'high')}".replace("percentage points", "points")
    assert found.clear
    assert "same luck" in compared(Answer(1, now, base))


def test_few_replications_have_no_interval_and_say_so(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    base, now = played(source.scenario(), 2), played(source.scenario(["plan.strategy.min_battery=95%"]), 2)
    found = numbers(Answer(1, now, base))
    assert not any("95 %" in each.interval or each.change_interval.startswith("95 %") for each in found)
    assert replications(now) == "2 of 5 replications; 95 % intervals from 5 on"


def test_other_seeds_are_not_paired_and_say_so(tmp_path: Path) -> None:
    source = a_source(tmp_path)
    answer = Answer(1, played(source.scenario(["seed=8"]), 5), played(source.scenario(), 5))
    assert "not paired (seeds 8 and 3)" in compared(answer)


def test_the_funnel_accounts_for_every_device_and_the_cells_for_every_ended_upgrade(tmp_path: Path) -> None:
    source = a_source(tmp_path, "plan.blacklist={where: 'rssi < -105dBm'}")
    found = played(source.scenario(), 3)
    steps = played_steps(found)
    assert tuple(step.label for step in steps) == STEPS
    counts = {step.label: step.devices for step in steps}
    assert counts["fleet"] == 40
    assert sum(counts.values()) == pytest.approx(80)
    assert counts["kept out by a list"] > 0
    assert steps[-2].left == pytest.approx(counts["upgraded"])
    ended = sum(counts[name] for name in ("failed", "bricked", "rolled back", "upgraded"))
    assert summed_cells(found)[:, 2].sum() == pytest.approx(3 * ended)
