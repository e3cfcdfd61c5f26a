"""What a number that we keep says: without its extension, as people write it, and where it is at home."""

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from intake.phone.dialled import LONGEST, NotANumber, dialled_in, parse
from intake.phone.homes import zones_at_home


def number_alone(text: str) -> str:
    """A number in any notation as E.164 without its extension, or "" if it is none."""
    number = _parsed(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else ""


def abroad(phone: str) -> set[str]:
    """A kept number of another country in the digits by which people there know it, without the zero in front.

    Where area codes are left out in calls next door, also without it: 1234 5678 in Mexico City.
    """
    number = _parsed(phone)
    if number is None or number.country_code == 1:
        return set()
    national = re.sub(r"\D", "", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).partition("ext")[0])
    significant = phonenumbers.national_significant_number(number)
    local = significant[phonenumbers.length_of_geographical_area_code(number) :]
    return {digits.lstrip("0") for digits in (significant, national, local)}


def zones_of(phone: str) -> list[str]:
    """The time zones that a kept number may be at home in, the usual one first."""
    number = _parsed(phone)
    return zones_at_home(number) if number else []


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


def _parsed(text: str) -> PhoneNumber | None:
    try:
        return parse(dialled_in(text[:LONGEST]))
    except NotANumber:
        return None
