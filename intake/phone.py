"""Phone numbers: reading what people type, writing them, and the time zones they are at home in.

A number is kept as E.164 (ITU-T), followed by `;ext=` and the extension where there is one (as in RFC 3966). Only this
module of intake reads numbers, with intake/areas.py beside it. A table never refuses a number: whatever has the form of
one of the North American plan (NANP) is taken, because new area codes come into service all the time.
"""

import re
import unicodedata
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers.timezone import time_zones_for_geographical_number, time_zones_for_number

from intake.areas import area_of

LOCAL_DIGITS = 7  # a number without its area code
NATIONAL_DIGITS = 10  # with it
MOST_DIGITS = 15  # of any number in the world (E.164)
LONGEST = 40  # characters; more is no number, and costs time to read
RINGS_ANYWHERE = {PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN}

# The form of area code and exchange in the NANP: no N9X, which is kept for longer numbers, and no N11, as in 911.
NANP = re.compile(r"(?!.11)[2-9][0-8]\d(?!.11)[2-9]\d{6}", re.ASCII)
NANP_GROUPS = {(10,), (3, 7), (6, 4), (3, 3, 4)}  # how people here part the ten digits
CRISIS = re.compile(r"1?(911|988)|112|999|741741", re.ASCII)
CHARGES_US = re.compile(r"900\d{7}|\d{3}976\d{4}|976\d{4}", re.ASCII)
MEXICAN_MOBILE = re.compile(r"521(?=\d{10}$)", re.ASCII)  # dialled with a 1 until 2019, and kept so in many a phone
EXTENSION = re.compile(
    r"[\s,;.(/-]*(?:e?xt(?:ensi[oó]n|n)?|anexo|int|x|#|,|;)[\s.:=,#-]*(\d{1,20})[\s)#]*$", re.IGNORECASE
)
REMARK = re.compile(r"\([^\d()]*\)|\b(?:cell|mobile|home|work|office|phone|casa|celular|trabajo)\b", re.IGNORECASE)
WORDS_BEFORE = re.compile(r"^[^\d+(]*[^\W\d_][^\d+(]*(?=[\d+(])")
WORDS_AFTER = re.compile(r"(?<=\d)\D*$")
LETTER = re.compile(r"[^\W\d_]")
SPELLED_OUT = re.compile(r"\d{3}\D*[A-Z]{3}", re.IGNORECASE | re.ASCII)  # 1-800-GET-HELP

# Where a number may be at home in several zones, the one in which most of its people live, by the first digits.
# A number that is not listed is usually at home in the first that the table names.
USUAL = {
    "1208": "America/Boise",
    "1605": "America/North_Dakota/Center",
    "1701": "America/North_Dakota/Center",
    "1709": "America/St_Johns",
    "1775": "America/Los_Angeles",
    "1879": "America/St_Johns",
    "1907": "America/Anchorage",
    "1928": "America/Phoenix",
    "1986": "America/Boise",
    "34": "Europe/Madrid",
    "351": "Europe/Lisbon",
    "353": "Europe/London",
    "44": "Europe/London",
    "52": "America/Mexico_City",
    "55": "America/Sao_Paulo",
    "61": "Australia/Sydney",
    "7": "Europe/Moscow",
    "976": "Asia/Ulaanbaatar",
}

ABROAD = "If it is from another country, start with + and the country code."
EXAMPLE = "like (702) 555-0142"
LETTERS = f"Use only digits in the phone number, {EXAMPLE}."
NO_NUMBER = f"Enter a phone number with its area code, {EXAMPLE}."
NO_AREA_CODE = "Add the area code: (702) 555-0163 has 10 digits."
CANNOT_BE_CALLED = f"This number cannot be called from here. Enter it with its area code, {EXAMPLE}. {ABROAD}"
ONE_MISSING = f"One digit is missing. A number here has 10, {EXAMPLE}. {ABROAD}"
SOME_MISSING = f"Some digits are missing. A number here has 10, {EXAMPLE}. {ABROAD}"
TOO_MANY = f"There are too many digits. A number here has 10, {EXAMPLE}. {ABROAD}"
ONE_ONLY = "Enter one phone number only."
PREMIUM = "We cannot call a number that charges us. Enter another number."
FOR_HELP_NOW = "If you need help now, call that number yourself. Here, enter the number on which we can call you."


class NotANumber(ValueError):
    """No number that can be called. The message is a sentence for the person who typed it."""


class CrisisNumber(NotANumber):
    """The number of an emergency or crisis line, typed by somebody who may need it now."""


class Phone(NamedTuple):
    """A number that was read, and the time zones it may be at home in, the usual one first.

    There are none for one that rings anywhere, and for one that tells no place: then somebody has to ask.
    """

    number: str
    zones: list[str]


class Dialled(NamedTuple):
    """What was typed, as digits: with a plus where the country is said, and in the groups in which they stood."""

    digits: str
    extension: str
    groups: tuple[int, ...]


def read_phone(typed: str) -> Phone:
    """A number in any notation; from any country, when it starts with the country's code. Raises NotANumber."""
    dialled = _dialled(typed)
    if len(dialled.digits) > MOST_DIGITS + 1:
        raise NotANumber(ONE_ONLY)
    number = _parse(dialled)
    if number is None:
        raise NotANumber(NO_NUMBER)
    kind = phonenumbers.number_type(number)
    _check(dialled, number, kind)
    return Phone(_written(number), _zones(number, kind))


def number_alone(text: str) -> str:
    """A number in any notation as E.164 without its extension, or "" if it is none."""
    number = _parsed(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else ""


def abroad(phone: str) -> set[str]:
    """A kept number of another country in the digits by which people there know it, without the zero in front."""
    number = _parsed(phone)
    if number is None or number.country_code == 1:
        return set()
    national = re.sub(r"\D", "", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).partition("ext")[0])
    return {digits.lstrip("0") for digits in (phonenumbers.national_significant_number(number), national)}


def zones_of(phone: str) -> list[str]:
    """The time zones that a kept number may be at home in, the usual one first."""
    number = _parsed(phone)
    return _zones(number, phonenumbers.number_type(number)) if number else []


def national(phone: str) -> str:
    """A kept number as people in its country write it. What is no number stays as it is."""
    number = _parsed(phone)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else phone


def ending(phone: str) -> str:
    """The last two digits, never more: enough to tell a person's own numbers apart."""
    return phone.partition(";")[0][-2:]


def extension(phone: str) -> str:
    """The extension of a kept number, or ""."""
    return phone.partition(";ext=")[2]


def plain(text: str) -> str:
    """Text as it was pasted, without what nobody sees: each space is a space, each dash a hyphen, each digit ASCII."""
    kept = []
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif category == "Pd" or character == "\N{MINUS SIGN}":
            kept.append("-")
        elif category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif category not in ("Cc", "Cf", "Mn", "Me"):
            kept.append(character)
    return "".join(kept).strip()


def _dialled(typed: str) -> Dialled:
    """Raises NotANumber for words, and CrisisNumber."""
    text = plain(typed)
    if CRISIS.fullmatch(re.sub(r"\D", "", text)):
        raise CrisisNumber(FOR_HELP_NOW)
    text, inside = _without_extension(text.rstrip(" #*.,;:"))
    text = _without_words(text).lstrip(" (")
    # 00 and 011 are how other countries, and how we, dial abroad.
    text, says_country = re.subn(r"^\+?\s*(?:\(\s*)?(?:011|00)(?=[\s\d+(-])|^\+", "", text)
    digits = re.sub(r"\D", "", text)
    if says_country:
        digits = "+" + MEXICAN_MOBILE.sub("52", digits.lstrip("0"))
    return Dialled(digits, inside, tuple(len(group) for group in re.findall(r"\d+", text)))


def _without_extension(text: str) -> tuple[str, str]:
    match = EXTENSION.search(text)
    if match and len(re.sub(r"\D", "", text[: match.start()])) >= LOCAL_DIGITS:
        return text[: match.start()], match[1]
    return text, ""


def _without_words(text: str) -> str:
    """“Cell: 702 555 0142 (mine)” is a number with remarks, 1-800-GET-HELP is one spelled out. Raises NotANumber."""
    text = WORDS_BEFORE.sub("", REMARK.sub("", text))
    if len(re.sub(r"\D", "", text)) >= NATIONAL_DIGITS:
        text = WORDS_AFTER.sub("", text)
    elif SPELLED_OUT.search(text) and text.isascii():
        spelled = phonenumbers.convert_alpha_characters_in_number(text)
        digits = re.sub(r"\D", "", spelled)
        return digits[: NATIONAL_DIGITS + digits.startswith("1")]  # people spell words that are longer than a number
    if LETTER.search(text):
        raise NotANumber(LETTERS)
    return text


def _parse(dialled: Dialled) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(dialled.digits, settings.PHONENUMBER_DEFAULT_REGION)
    except NumberParseException:
        return None
    number.extension = dialled.extension or None
    return number


def _parsed(text: str) -> PhoneNumber | None:
    try:
        return _parse(_dialled(text[:LONGEST]))
    except NotANumber:
        return None


def _check(dialled: Dialled, number: PhoneNumber, kind: int) -> None:
    """Raises NotANumber with a sentence that says what to do about it."""
    digits = phonenumbers.national_significant_number(number)
    if kind == PhoneNumberType.PREMIUM_RATE or (number.country_code == 1 and CHARGES_US.fullmatch(digits)):
        raise NotANumber(PREMIUM)
    if number.country_code != 1:
        # A table of another country's numbers is as old as ours.
        if kind == PhoneNumberType.UNKNOWN and (digits[0] == "0" or not phonenumbers.is_possible_number(number)):
            raise NotANumber(CANNOT_BE_CALLED)
        return
    foreign = "" if dialled.digits.startswith("+") else _as_foreign(dialled.digits)
    if len(digits) != NATIONAL_DIGITS:
        raise NotANumber(_wrong_length(len(digits), foreign))
    if not NANP.fullmatch(digits):
        raise NotANumber(with_a_plus(foreign) if foreign else CANNOT_BE_CALLED)
    if foreign and len(dialled.digits) == NATIONAL_DIGITS and dialled.groups not in NANP_GROUPS:
        raise NotANumber(read_as(number, foreign))


def _wrong_length(length: int, foreign: str) -> str:
    if length == LOCAL_DIGITS:
        return NO_AREA_CODE
    if length < NATIONAL_DIGITS:
        return ONE_MISSING if length == NATIONAL_DIGITS - 1 else SOME_MISSING
    return with_a_plus(foreign) if foreign else TOO_MANY


def with_a_plus(foreign: str) -> str:
    return f"If this is a number from another country, write it with a plus: {foreign}."


def read_as(number: PhoneNumber, foreign: str) -> str:
    """A question about ten digits that begin with the code of another country, and stand in groups as they do there."""
    code = phonenumbers.national_significant_number(number)[:3]
    place = area_of(code)
    here = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return f"We read this as {here}, in {place}. If that is right, write it so. If not, write {foreign}."


def _as_foreign(digits: str) -> str:
    """What the digits are when they start with the code of another country, or ""."""
    number = _parse(Dialled(f"+{digits}", "", ()))
    if number is None or number.country_code == 1 or not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _written(number: PhoneNumber) -> str:
    text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{text};ext={number.extension}" if number.extension else text


def _zones(number: PhoneNumber, kind: int) -> list[str]:
    if kind in RINGS_ANYWHERE:
        return []
    look_up = time_zones_for_geographical_number if kind == PhoneNumberType.UNKNOWN else time_zones_for_number
    digits = f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    usual = next((USUAL[digits[:length]] for length in range(4, 0, -1) if digits[:length] in USUAL), "")
    names = sorted((name for name in look_up(number) if name != "Etc/Unknown"), key=lambda name: name != usual)
    clocks = {_clock(name): name for name in reversed(names)}  # of zones that show the same time, the first is enough
    return [] if _is_whole_plan(names) else [name for name in names if name in clocks.values()]


def _is_whole_plan(names: list[str]) -> bool:
    """Whether these are so far apart that no hour of the day is good in all: then they tell no place."""
    hours = [hour for name in names for hour in _clock(name)]
    return bool(hours) and max(hours) - min(hours) > 12


@cache
def _clock(zone: str) -> tuple[float, float]:
    """How many hours a zone is ahead of UTC, in winter and in summer."""
    year = datetime.now(UTC).year
    days = (datetime(year, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    return tuple(day.utcoffset().total_seconds() / 3600 for day in days)
