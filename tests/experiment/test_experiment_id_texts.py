import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.experiment.id_texts import IdTexts, id_texts
from fota_sim.fleet.coded import Coded
from fota_sim.fleet.ids import Ids, Numbered

PARTS = st.lists(
    st.builds(Numbered, st.sampled_from(["meter", "zähler-7", "x"]), st.integers(0, 1200))
    | st.lists(st.text(max_size=4), max_size=5),
    min_size=1,
    max_size=4,
)


@given(PARTS, st.data())
def test_ids_are_what_the_fleet_says_wherever_they_are_asked_for(parts, data) -> None:
    ids = Ids(parts)
    some = st.lists(st.integers(0, max(0, len(ids) - 1)), max_size=20 if len(ids) else 0)
    places = np.array(data.draw(some), dtype=np.int32)
    assert id_texts(ids, places).to_pylist() == [ids[place] for place in places]
    assert id_texts(ids, np.arange(len(ids))).to_pylist() == list(ids)


def test_a_device_that_says_much_has_its_id_made_once() -> None:
    ids = Ids([Numbered("meter", 2_000_000)])
    piece = IdTexts(Coded(np.array([7, 1_999_999, 7, 7, 10], dtype=np.int32), ids)).rows(1, 5)
    assert piece.to_pylist() == ["meter-1999999", "meter-7", "meter-7", "meter-10"]
    assert piece.dictionary.to_pylist() == ["meter-7", "meter-10", "meter-1999999"]
