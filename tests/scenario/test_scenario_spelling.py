"""Names in another spelling: what is the same to people is found, and what is not is left apart."""

from hypothesis import given
from hypothesis import strategies as st

from fota_sim.scenario.spelling import bare_id, bare_version, is_header, is_later

DIGITS = st.text("0123456789", min_size=1, max_size=15).filter(lambda text: text.strip("0"))
NUMBERS = st.lists(st.integers(0, 200), min_size=1, max_size=4)


@given(DIGITS, st.integers(0, 4), st.sampled_from(["", ".0", ".00"]), st.sampled_from(["", "IMEI:", "imei "]))
def test_an_id_of_digits_is_the_same_with_zeros_points_and_its_name_before_it(digits, zeros, behind, before):
    assert bare_id(before + "0" * zeros + digits + ("" if before else behind)) == digits.lstrip("0")


@given(st.text("abcXYZ", min_size=1, max_size=6), DIGITS, st.sampled_from(["-", "_", " ", ":", ""]))
def test_an_id_is_the_same_whatever_the_size_of_its_letters_and_the_signs_between(letters, digits, between):
    assert bare_id(letters.upper() + between + digits) == bare_id(letters.lower() + digits)


@given(NUMBERS, st.sampled_from(["", "v", "V", "v."]), st.sampled_from("._- "))
def test_a_version_is_the_same_with_another_sign_between_its_numbers(numbers, before, between):
    assert bare_version(before + between.join(map(str, numbers))) == ".".join(map(str, numbers))


@given(NUMBERS, NUMBERS)
def test_of_two_versions_of_equal_shape_one_is_later_as_its_numbers_are(one, other):
    shape = len(one) == len(other)
    assert is_later("_".join(map(str, one)), ".".join(map(str, other))) == (shape and one > other)


@given(NUMBERS, st.text("abc", min_size=1, max_size=2))
def test_versions_with_other_letters_have_no_order(numbers, letters):
    text = ".".join(map(str, numbers))
    assert not is_later(f"{text}{letters}", text)
    assert not is_later(text, f"{text}{letters}")


def test_names_of_columns_are_no_devices():
    assert [is_header(name) for name in ("IMEI", "device id", "Serial-Number", "imei1", "meter")] == [
        *(True, True, True, False, False)
    ]
