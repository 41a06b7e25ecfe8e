"""The page in a notebook begins with its first numbers in it."""

from pathlib import Path

from explore_world import a_source

import fota_sim
from fota_sim.engines.choice import REFERENCE


def test_a_cell_has_numbers_before_it_is_shown(tmp_path: Path) -> None:
    cell = fota_sim.explore(a_source(tmp_path).path, engine=REFERENCE)
    assert cell._page.answered
    assert "%" in cell._page._tiles.object
    cell.close()


def test_a_cell_that_cannot_be_played_says_so_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    cell = fota_sim.explore(
        a_source(tmp_path).path, overrides=["plan.whitelist={where: 'rssi > 0dBm'}"], engine=REFERENCE
    )
    assert cell._page.answered
    assert "Nothing was played" in cell._page._status.object
    cell.close()
