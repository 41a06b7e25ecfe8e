"""A text that ends too soon, wherever that is, is refused in words with its place."""

from pathlib import Path

import pytest

from fota_sim.errors import ScenarioError
from fota_sim.scenario.document import parse_text
from fota_sim.scenario.loader import load_scenario

FLOW = """{
 "name": "cut",
 "fleet": {"groups": [{"name": "a", "count": 3, "ids": [
 "x"
 , "y"
]
}
]
},
 "horizon": "7d"
}
"""


@pytest.mark.parametrize("end", range(1, len(FLOW) - 2))
def test_a_text_in_braces_that_was_cut_is_refused_with_its_line(end: int, tmp_path: Path) -> None:
    file = tmp_path / "cut.yaml"
    file.write_text(FLOW[:end])
    with pytest.raises(ScenarioError) as refused:
        load_scenario(file)
    assert all(problem.message for problem in refused.value.problems)


def test_a_whole_one_is_read() -> None:
    assert parse_text(FLOW, "whole.yaml").data["horizon"] == "7d"
