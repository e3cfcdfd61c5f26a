"""Reading what people type: taken, refused with a sentence that says what to do, or asked about.

A table never refuses a number: whatever has the form of one of the North American plan (NANP) is taken, because new
area codes come into service all the time. Digits that may be meant otherwise are taken once the person has said so.
"""

import re
from typing import NamedTuple

import phonenumbers
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from phonenumbers import REGION_CODE_FOR_NON_GEO_ENTITY, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from intake.phone.areas import area_of
from intake.phone.dialled import (
    EXAMPLE,
    LOCAL_DIGITS,
    LONGEST,
    NATIONAL_DIGITS,
    ONE_ONLY,
    Dialled,
    NotANumber,
    dialled_in,
    parse,
    with_country,
)
from intake.phone.homes import zones_at_home
from intake.phone.kept import number_alone

MOST_DIGITS = 15  # of any number in the world (E.164)

# The form of area code and exchange in the NANP: no N9X, which is kept for longer numbers, and no N11, as in 911.
NANP = re.compile(r"(?!.11)[2-9][0-8]\d(?!.11)[2-9]\d{6}", re.ASCII)
OUTSIDE_LINE = re.compile(rf"(?P<prefix>[89](?P<one>1?))(?P<number>{NANP.pattern})", re.ASCII)
AS_HERE = (3, 3, 4)
NANP_GROUPS = {(10,), (3, 7), (6, 4), AS_HERE}  # how people here part the ten digits
CHARGES_US = re.compile(r"([79]00|976)\d{7}|\d{3}976\d{4}|976\d{4}", re.ASCII)
SPANISH_VOTES = re.compile(r"\+3490[57]\d{6}", re.ASCII)  # televoting and data: dear, and of no kind in the table
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
FREEPHONE = 800  # the only code of no country that does not charge whoever calls: +870, +881 and +883 are satellites
# +44 70 looks like a mobile, and follows a person at up to a pound a minute; 0843 and its like bill a "service charge".
CHARGES_ABROAD = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER}
OF_PEOPLE = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
OLD_MEXICAN = re.compile(r"0(?:1|44|45)(\d{10})", re.ASCII)  # how numbers were dialled there until 2019
# For digits that begin with no country's code, numbers of these are offered: there, too, people write ten digits.
HOMES = {"MX": _("Mexico"), "GB": _("the United Kingdom"), "FR": _("France")}

ABROAD = _("If it is from another country, start with + and the country code.")
TEN_DIGITS = format_lazy(_("A number here has 10, like {example}."), example=EXAMPLE)
NO_NUMBER = format_lazy(_("Enter a phone number with its area code, like {example}."), example=EXAMPLE)
CANNOT_BE_CALLED = format_lazy(
    "{} {}",
    format_lazy(
        _("This number cannot be called from here. Enter it with its area code, like {example}."), example=EXAMPLE
    ),
    ABROAD,
)
ONE_MISSING = format_lazy("{} {} {}", _("One digit is missing."), TEN_DIGITS, ABROAD)
SOME_MISSING = format_lazy("{} {} {}", _("Some digits are missing."), TEN_DIGITS, ABROAD)
ONE_TOO_MANY = format_lazy("{} {} {}", _("There is one digit too many."), TEN_DIGITS, ABROAD)
TOO_MANY = format_lazy("{} {} {}", _("There are too many digits."), TEN_DIGITS, ABROAD)
NO_SUCH_AREA = format_lazy("{} {}", _("No area code is {digits}. Check the first three digits."), ABROAD)
NONE_AFTER_AREA = _("No number has {digits} after its area code. Check these three digits.")
ZERO_FIRST = _("In another country? Start with + and the country code, and leave out the 0 that follows.")
PREMIUM = _("We cannot call a number that charges us. Enter another number.")


class Phone(NamedTuple):
    """A number that was read, and the time zones it may be at home in, the usual one first.

    There are none for one that rings anywhere, and for one that tells no place: then somebody has to ask.
    """

    number: str
    zones: list[str]


class Reading(NamedTuple):
    """What may be meant by digits that do not say their country, and the words in which a person is asked."""

    phone: Phone
    words: str


class Unclear(NotANumber):
    """Digits that may be the number of somebody else. The sentence says how they were read, and asks."""

    def __init__(self, readings: list[Reading], *, says_country: bool = False) -> None:
        super().__init__(which_is_it(*(reading.words for reading in readings), says_country=says_country))
        self.readings = readings

    def answered(self, chosen: str | None) -> Phone | None:
        """The reading that the person chose after they were asked, if it is one of these."""
        return next((reading.phone for reading in self.readings if reading.phone.number == chosen), None)


def which_is_it(first: str, *others: str, says_country: bool = False) -> str:
    read = gettext("We read this as {number}. If that is right, send the form again as it is.").format(number=first)
    if others:
        choice = gettext("If not, choose {numbers}, or write your number with + and the country code.")
        otherwise = choice.format(numbers=pgettext("between numbers", " or ").join(others))
    elif says_country:
        otherwise = gettext("If not, check the digits.")
    else:
        otherwise = gettext("If not, check the digits, or write your number with + and the country code.")
    return f"{read} {otherwise}"


def read_phone(typed: str) -> Phone:
    """A number in any notation; from any country, when it starts with the country's code. Raises NotANumber.

    Raises Unclear if it may be meant in two ways: then the person is asked, because a stranger might be called.
    """
    dialled = dialled_in(typed)
    if len(dialled.digits) > MOST_DIGITS + 1:
        raise NotANumber(ONE_ONLY)
    number = parse(dialled)
    if dialled.says_country and dialled.groups in NANP_GROUPS and NANP.fullmatch(dialled.digits[1:]):
        _ask_about_plus(dialled, number)
    if number is None:
        raise NotANumber(NO_NUMBER)
    if _charges(number):
        raise NotANumber(PREMIUM)
    problem = _problem(number, is_whole=dialled.groups == AS_HERE)
    if not dialled.says_country and (problem or not _is_grouped_as_here(dialled)):
        _ask(dialled, number, problem)
    if problem:
        raise NotANumber(problem)
    _ask_if_unlikely(dialled, number)
    return _phone(number)


def _ask_if_unlikely(dialled: Dialled, number: PhoneNumber) -> None:
    """Raises Unclear for a number that may be, and more often is a slip or a word."""
    if number.country_code != 1 and not phonenumbers.is_valid_number(number):
        # New numbers come into service there too, but more often a digit is missing.
        raise Unclear([Reading(_phone(number), _written_abroad(number))], says_country=dialled.says_country)
    is_word = dialled.is_spelled and phonenumbers.number_type(number) != PhoneNumberType.TOLL_FREE
    if is_word or len(set(dialled.digits)) == 1:  # 702-555-HELP, 555-555-5555
        raise Unclear([_reading_here(number)])


def numbers_meant(text: str) -> set[str]:
    """Each number that a text may mean, as E.164 without its extension, also those about which a person is asked."""
    try:
        phones = [read_phone(text[:LONGEST])]
    except Unclear as question:
        phones = [reading.phone for reading in question.readings]
    except NotANumber:
        phones = []
    return {number for number in (number_alone(text), *(number_alone(phone.number) for phone in phones)) if number}


def _charges(number: PhoneNumber) -> bool:
    """Whether whoever calls it pays more than for a call. Numbers 5XX of the NANP, which follow a person, do not."""
    kind = phonenumbers.number_type(number)
    if number.country_code == 1:
        return kind == PhoneNumberType.PREMIUM_RATE or CHARGES_US.fullmatch(_after_the_one(number)) is not None
    if phonenumbers.region_code_for_country_code(number.country_code) == REGION_CODE_FOR_NON_GEO_ENTITY:
        return number.country_code != FREEPHONE
    return kind in CHARGES_ABROAD or SPANISH_VOTES.fullmatch(_e164(number)) is not None


def _problem(number: PhoneNumber, *, is_whole: bool) -> str:
    """The sentence that says what to do about a number which cannot be called, or "".

    No area code begins with 1, so nine digits after one are too few, unless ten were written as people here write them.
    """
    digits = phonenumbers.national_significant_number(number)
    if number.country_code != 1:
        # A table of another country's numbers is as old as ours.
        is_unknown = phonenumbers.number_type(number) == PhoneNumberType.UNKNOWN
        is_none = is_unknown and (digits[0] == "0" or not phonenumbers.is_possible_number(number))
        return CANNOT_BE_CALLED if is_none else ""
    if NANP.fullmatch(digits):
        return ""
    return _wrong_part(digits) if is_whole else _wrong_length(_after_the_one(number))


def _after_the_one(number: PhoneNumber) -> str:
    """The digits without the 1 that people dial in front, which no area code begins with."""
    return phonenumbers.national_significant_number(number).removeprefix("1")


def _wrong_length(digits: str) -> str:
    missing = NATIONAL_DIGITS - len(digits)
    if not missing:
        return _wrong_part(digits)
    if digits[0] == "0":
        return ZERO_FIRST
    if len(digits) == LOCAL_DIGITS and digits[:3] not in TOLL_FREE:  # 1-800-HELP
        return no_area_code(digits)
    if missing > 0:
        return ONE_MISSING if missing == 1 else SOME_MISSING
    return ONE_TOO_MANY if missing == -1 else TOO_MANY


def _wrong_part(digits: str) -> str:
    """Which three of ten digits no number here has."""
    if not re.fullmatch(r"(?!.11)[2-9][0-8]\d", digits[:3], re.ASCII):
        return str(NO_SUCH_AREA).format(digits=digits[:3])
    return str(NONE_AFTER_AREA).format(digits=digits[3:6])


def no_area_code(digits: str) -> str:
    """It repeats what was typed: the number of somebody else, as an example, only confuses."""
    missing = gettext("The area code is missing. Write its three digits in front of {number}.")
    return missing.format(number=f"{digits[:3]}-{digits[3:]}")


def _is_grouped_as_here(dialled: Dialled) -> bool:
    """Whether ten digits, or eleven with a 1 in front, stand in groups as people here write them."""
    groups = dialled.groups
    if sum(groups) > NATIONAL_DIGITS:
        groups = _without_first(1, groups)
    return groups in NANP_GROUPS or set(groups) == {1}


def _ask(dialled: Dialled, number: PhoneNumber, problem: str) -> None:
    """Raises Unclear, unless no reading is left. Ours is first, unless its place is unknown and they name a country."""
    if problem and _is_a_slip(dialled):
        return
    number = _past_a_switchboard(dialled) if problem else number
    here = [_reading_here(number)] if number else []
    by_code = _readings_by_code(dialled)
    if by_code:
        readings = [*here, *by_code] if number and _place_of(number) else [*by_code, *here]
    elif here or dialled.digits[0] == "0" or len(dialled.digits.removeprefix("1")) == NATIONAL_DIGITS:
        readings = [*here, *_readings_at_home(dialled)]
    else:
        readings = []
    if readings:
        raise Unclear(readings)


def _ask_about_plus(dialled: Dialled, abroad: PhoneNumber | None) -> None:
    """Raises Unclear for +702 555 0163: ten digits as people here write them, with a plus that makes them foreign."""
    here = parse(dialled._replace(digits=dialled.digits[1:]))
    by_code = [Reading(_phone(abroad), _written_abroad(abroad))] if abroad else []
    by_area = [_reading_here(here)] if area_of(dialled.digits[1:4]) and not _charges(here) else []
    readings = [*by_area, *by_code] if dialled.groups == AS_HERE else [*by_code, *by_area]
    if by_area:
        raise Unclear(readings)


def _is_a_slip(dialled: Dialled) -> bool:
    """Whether a digit too many, or a 1 in front, stands in a number that was written as people here write them."""
    if dialled.groups == AS_HERE and dialled.digits[0] == "1":
        return True
    is_too_long = len(dialled.digits) > NATIONAL_DIGITS and dialled.digits[0] != "0"
    return is_too_long and dialled.groups[:2] == (3, 3)


def _reading_here(number: PhoneNumber) -> Reading:
    written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    place = _place_of(number) or gettext("in a place that we do not know")
    return Reading(_phone(number), f"{written}, {place}")


def _past_a_switchboard(dialled: Dialled) -> PhoneNumber | None:
    """702 555 0142 in 9-1-702-555-0142, as an office dials it. Without the 1, the 9 has to stand alone."""
    match = OUTSIDE_LINE.fullmatch(dialled.digits)
    if match is None or not (match["one"] or dialled.groups[0] == 1):
        return None
    number = parse(dialled._replace(digits=match["number"]))
    is_as_here = _without_first(len(match["prefix"]), dialled.groups) in NANP_GROUPS
    return number if is_as_here and number and area_of(match["number"][:3]) and not _charges(number) else None


def _place_of(number: PhoneNumber) -> str:
    if phonenumbers.number_type(number) == PhoneNumberType.TOLL_FREE:
        return gettext("a toll-free number")
    return area_of(phonenumbers.national_significant_number(number)[:3])


def _readings_by_code(dialled: Dialled) -> list[Reading]:
    """What the digits are when they start with the code of another country."""
    if len(dialled.digits) < NATIONAL_DIGITS:
        return []
    number = parse(dialled._replace(digits=with_country(dialled.digits)))
    return [Reading(_phone(number), _written_abroad(number))] if number and _is_somebodys(number) else []


def _readings_at_home(dialled: Dialled) -> list[Reading]:
    """What the digits are without the code of their country: with a zero in front only in the groups of that place."""
    if old := OLD_MEXICAN.fullmatch(dialled.digits):
        dialled = dialled._replace(digits=old[1], groups=(NATIONAL_DIGITS,))
    numbers = {place: parse(dialled, region) for region, place in HOMES.items()}
    return [
        Reading(_phone(number), f"{_written_abroad(number)} ({place})")
        for place, number in numbers.items()
        if number
        and _is_somebodys(number)
        and (dialled.digits[0] != "0" or _groups_of(number) == _without_first(1, dialled.groups))
    ]


def _is_somebodys(number: PhoneNumber) -> bool:
    """Whether it is in use in another country, on a line of a person there."""
    kind = phonenumbers.number_type(number)
    return number.country_code != 1 and kind in OF_PEOPLE and phonenumbers.is_valid_number(number)


def _groups_of(number: PhoneNumber) -> tuple[int, ...]:
    return tuple(len(group) for group in re.findall(r"\d+", _written_abroad(number).partition(" ext")[0])[1:])


def _without_first(count: int, groups: tuple[int, ...]) -> tuple[int, ...]:
    """The groups in which the digits stand after the first `count`."""
    first, *rest = groups
    if first <= count:
        return _without_first(count - first, tuple(rest)) if rest else ()
    return (first - count, *rest)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _written_abroad(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _phone(number: PhoneNumber) -> Phone:
    text = _e164(number)
    return Phone(f"{text};ext={number.extension}" if number.extension else text, zones_at_home(number))
