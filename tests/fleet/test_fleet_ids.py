from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fota_sim.fleet.identity import WORTH_KEEPING, device_keys
from fota_sim.fleet.ids import Ids, Numbered

NAMES = ["a-1", "a-01", "a-1-0", "a--1", "a-", "a", "b-11", "b-²", "x", "a-1 ", "-1"]
PARTS = st.builds(Numbered, st.sampled_from(["a", "a-1", "a-1-0", "b"]), st.integers(0, 13)) | st.lists(
    st.sampled_from(NAMES), max_size=4
)
BEYOND = st.builds(Numbered, st.sampled_from(["a", "b"]), st.integers(0, 13), st.integers(0, 12))
IDS = st.lists(PARTS, max_size=5).map(Ids)


def first_doubled(names):
    first = {}
    return next(((first[name], i) for i, name in enumerate(names) if first.setdefault(name, i) != i), None)


@given(IDS, st.integers(-60, 60), st.integers(-60, 60), st.sampled_from([None, 1, 3, -2]))
def test_ids_read_like_the_list_that_they_stand_for(ids, start, stop, step):
    names = list(ids)
    assert names == [name for part in ids.parts for name in list(part)]
    assert len(ids) == len(names)
    assert [ids[i] for i in range(-len(names), len(names))] == names + names
    assert ids[start:stop:step] == names[start:stop:step]
    assert ids.take(np.arange(len(names))[::-2])[:] == names[::-2]
    for outside in (len(names), -len(names) - 1):
        with pytest.raises(IndexError):
            ids[outside]


@given(IDS, st.data())
def test_texts_are_any_run_of_them(ids, data):
    start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(ids))] * 2)))
    texts = ids.texts(start, stop)
    assert texts.dtype == object
    assert texts.tolist() == list(ids)[start:stop]


@given(IDS, st.data())
def test_a_cut_is_any_run_of_them_too(ids, data):
    start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(ids))] * 2)))
    cut = ids.cut(start, stop)
    assert list(cut) == list(ids)[start:stop]
    assert [cut[place] for place in range(stop - start)] == list(cut)


@given(BEYOND, st.integers(0, 30))
def test_a_part_of_a_group_finds_its_own_and_nobody_else(names, k):
    place = Ids([names]).find(f"{names.group}-{k}")
    own = list(names)
    assert place == (own.index(f"{names.group}-{k}") if f"{names.group}-{k}" in own else None)


@given(IDS)
def test_the_first_id_used_twice_is_found_as_by_looking_at_each(ids):
    assert ids.doubled() == first_doubled(ids)


@given(IDS.filter(lambda ids: ids.doubled() is None), st.sampled_from(NAMES))
def test_a_device_is_found_by_exactly_its_name(ids, name):
    names = list(ids)
    assert [ids.find(own) for own in names] == list(range(len(names)))
    assert (name in ids) == (name in names)
    assert ids.find(name) == (names.index(name) if name in names else None)


def test_ten_million_ids_are_not_written_out_to_be_looked_up():
    ids = Ids([Numbered("a", 10_000_000), ["x"], Numbered("a-1", 5)])
    assert ids.doubled() is None
    assert ids.find("a-9999999") == 9_999_999
    assert ids.find("a-10000000") is None
    assert ids.find("a-" + "9" * 5000) is None
    assert ids.find("a-1-0") == 10_000_001
    assert ids[-1] == "a-1-4"


@pytest.mark.parametrize("count", [0, 1, 9, 10_001, 12_345])
@pytest.mark.parametrize("first", [0, 95, 9_999_990])
@pytest.mark.parametrize("group", ["zähler-7", "g", "a-name-of-more-than-a-block-" * 5])
def test_counted_and_listed_names_have_the_same_keys(group, first, count):
    names = Numbered(group, count, first)
    counted, listed = device_keys(Ids([names])), device_keys(Ids([list(names)]))
    assert np.array_equal(counted, listed)
    assert counted.tolist()[:9] == [
        int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little") for name in names[:9]
    ]


def test_keys_are_the_same_kept_or_not_and_who_writes_into_them_writes_into_a_copy():
    many = Numbered("g", WORTH_KEEPING + 1)
    halves = [many.cut(0, 50_000), many.cut(50_000, len(many))]
    keys = device_keys(Ids([many]))
    assert np.array_equal(keys, device_keys(Ids(halves)))
    device_keys(Ids(halves))[:] = 0
    assert np.array_equal(keys, device_keys(Ids(halves)))
