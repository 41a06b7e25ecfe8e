"""A knob as it is drawn."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from bokeh.document import Document
from bokeh.server.callbacks import NextTickCallback
from explore_world import a_source

from fota_sim.report.explore.controls import Control
from fota_sim.report.explore.knobs import knobs_of


@pytest.mark.parametrize("key", ["battery", "enforced", "push"])
def test_a_change_is_heard_in_the_next_turn_of_the_loop_and_not_after_a_delay(tmp_path: Path, key: str) -> None:
    source = a_source(tmp_path)
    knob = next(each for each in knobs_of(source, source.scenario()) if each.key == key)
    control = Control(knob, knob.value, lambda *_: None)
    context = SimpleNamespace(session=None)
    document = Document()
    document._session_context = lambda: context  # as the server gives it one
    control._widget._server_change(document, "", None, "value", None, 1)
    assert [type(each) for each in document.session_callbacks] == [NextTickCallback]
