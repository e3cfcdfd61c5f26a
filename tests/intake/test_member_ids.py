"""Hints about member IDs: what follows the published formats is let be, and what does not is told, unrepeated."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intake.insurance import member_ids
from intake.insurance.member_ids import BLUE, MBI, hints, is_npi, plain

anything = st.text(max_size=40)
blue_ids = st.from_regex(BLUE, fullmatch=True)
mbis = st.from_regex(MBI, fullmatch=True)


def of_blue(member_id: str) -> list[str]:
    return hints(member_id, is_blue=True, is_medicare=False)


def of_medicare(member_id: str) -> list[str]:
    return hints(member_id, is_blue=False, is_medicare=True)


def of_another(member_id: str) -> list[str]:
    return hints(member_id, is_blue=False, is_medicare=False)


@given(anything, st.booleans(), st.booleans())
def test_whatever_is_typed_is_at_most_hinted_at(typed, is_blue, is_medicare):
    said = hints(typed, is_blue=is_blue, is_medicare=is_medicare)

    assert all(isinstance(each, str) for each in said)
    assert bool(plain(typed)) or said == []


@given(st.text("ABCDEFGH0123456789", min_size=6, max_size=20))
def test_no_hint_repeats_what_was_typed(typed):
    said = [*of_blue(typed), *of_medicare(typed), *of_another(typed)]

    assert not any(typed in each for each in said)


@given(mbis, st.sampled_from(["", " ", "-"]))
def test_every_medicare_number_is_let_be_however_it_is_spaced(mbi, mark):
    written = mark.join([mbi[:4], mbi[4:7], mbi[7:]]).lower()

    assert of_medicare(written) == []
    assert of_another(written) == [member_ids.LOOKS_LIKE_MEDICARE]


@given(mbis, st.sampled_from("SLOIBZ"), st.integers(0, 10))
def test_letter_that_no_medicare_number_has_is_told(mbi, letter, place):
    assert of_medicare(mbi[:place] + letter + mbi[place + 1 :]) == [member_ids.LETTERS]


@given(mbis, st.integers(1, 10))
def test_medicare_number_that_is_too_short_is_told(mbi, length):
    short = mbi[:length]

    assert of_medicare(short) == [member_ids.LENGTH]


def test_example_of_cms_is_a_medicare_number():
    assert (of_medicare("1EG4-TE5-MK73"), of_medicare("EG14TE5MK73")) == ([], [member_ids.PLACES])


@given(blue_ids)
def test_every_blue_cross_id_with_its_prefix_is_let_be(member_id):
    assume(not member_id.isdecimal())
    assume(not member_ids.LIKE_FEP.fullmatch(member_id))

    assert set(of_blue(member_id)) <= {member_ids.LETTER_FOR_DIGIT}


@given(st.from_regex(r"[0-9]{4,14}", fullmatch=True))
def test_blue_cross_id_without_its_prefix_is_told(digits):
    assume(digits.isascii())

    assert of_blue(digits) == [member_ids.NO_PREFIX]


@pytest.mark.parametrize(
    ("member_id", "said"),
    [
        ("XEA900000017", []),
        ("xea 9000-00017", []),
        ("R12345678", []),
        ("R1234567", ["WRONG_FEP"]),
        ("R123456789", ["WRONG_FEP"]),
        ("H12345678", []),
        ("H1234567890", []),
        ("XE0900000017", ["DIGIT_IN_PREFIX"]),
        ("XEA" + "9" * 15, ["TOO_LONG_FOR_BLUE"]),
        ("XEA", ["NOT_LIKE_BLUE"]),
        ("XEA90OO0017", ["LETTER_FOR_DIGIT"]),
        ("XEO900000017", []),
    ],
)
def test_blue_cross_and_the_federal_program_have_rules_of_their_own(member_id, said):
    assert of_blue(member_id) == [getattr(member_ids, name) for name in said]


@pytest.mark.parametrize("npi", ["1999999984", "1234567893"])
def test_number_of_a_provider_is_told_from_a_member_id_by_its_check_digit(npi):
    others = [npi[:-1] + digit for digit in "0123456789" if digit != npi[-1]]

    assert of_another(npi) == [member_ids.LOOKS_LIKE_NPI]
    assert [of_another(other) for other in others] == [[]] * 9


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True))
def test_of_ten_check_digits_one_is_right(nine):
    assume(nine.isascii())

    assert sum(is_npi(f"{nine}{digit}") for digit in range(10)) == 1


def test_letters_for_digits_are_told_of_any_plan():
    assert (of_another("W1O0O23"), of_another("W1002O")) == ([member_ids.LETTER_FOR_DIGIT], [])
