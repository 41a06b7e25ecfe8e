"""What is told of a word that is not known: what was meant, or what there is, the most alike first."""

from __future__ import annotations

import pytest

from fota_sim.quoting import MOST_NAMES
from fota_sim.scenario.metrics import ALIASES, METRICS
from fota_sim.scenario.wording import did_you_mean

KNOWN = [*ALIASES, *METRICS]


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("waste", ["bytes_wasted", "energy_wasted"]),
        ("succeeded", ["success"]),
        ("99", ["time_to_99"]),
        ("failing", ["failed"]),
    ],
)
def test_of_many_names_those_most_like_the_word_stand_first(word: str, first: list[str]) -> None:
    said = did_you_mean(word, KNOWN)
    assert len(KNOWN) > MOST_NAMES
    assert set(first) <= set(said.removeprefix("; there are ").split(", ")[:3])
    assert said.endswith(f" and {len(set(KNOWN)) - MOST_NAMES} more")


def test_few_names_stand_by_the_alphabet() -> None:
    assert did_you_mean("zzz", ["b", "c", "a"]) == "; there are a, b, c"


def test_a_word_that_is_nearly_right_is_asked_for() -> None:
    assert did_you_mean("brickd", KNOWN) == "; did you mean 'bricked'?"
