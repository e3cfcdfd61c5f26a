"""Phone numbers: reading what people type, writing them, and the time zones they are at home in.

A number is kept as E.164 (ITU-T), followed by `;ext=` and the extension where there is one (as in RFC 3966). Only this
module of intake reads numbers. It imports nothing of ours.
"""

import re
from typing import NamedTuple

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers.timezone import time_zones_for_number

LOCAL_DIGITS = 7  # a number without its area code
LONGEST = 40  # characters; more is no number, and costs time to read
RINGS_ANYWHERE = {PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN}


class NotANumber(ValueError):
    """No number that can be called. The message is a sentence for the person who typed it."""


class Phone(NamedTuple):
    """A number that was read, and the time zones it is at home in: none for a toll-free one, which rings anywhere."""

    number: str
    zones: list[str]


def read_phone(typed: str) -> Phone:
    """A number in any notation; from any country, when it starts with the country's code. Raises NotANumber."""
    typed = re.sub(r"^00", "+", typed)  # how most countries dial another
    if re.search(r"[^\W\d_]", re.sub(r"(?i)\s*(ext\.?|x)\s*\d+$", "", typed)):
        raise NotANumber("Use only digits in the phone number, like (702) 555-0142.")
    try:
        number = phonenumbers.parse(typed, settings.PHONENUMBER_DEFAULT_REGION)
    except NumberParseException as error:
        raise NotANumber("Enter a phone number with its area code, like (702) 555-0142.") from error
    if not typed.startswith("+") and len(phonenumbers.national_significant_number(number)) == LOCAL_DIGITS:
        raise NotANumber("Add the area code: (702) 555-0163 has 10 digits.")
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:  # what is_valid_number() asks, without asking twice
        raise NotANumber(
            "This number cannot be called from here. Enter it with its area code, like (702) 555-0142. "
            "If it is from another country, start with + and the country code."
        )
    return Phone(_written(number), _zones(number, kind))


def number_alone(text: str) -> str:
    """A number in any notation as E.164 without its extension, or "" if it is none."""
    number = _parsed(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else ""


def zones_of(phone: str) -> list[str]:
    """The time zones that a kept number is at home in."""
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


def _parsed(text: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text[:LONGEST], settings.PHONENUMBER_DEFAULT_REGION)
    except NumberParseException:
        return None


def _written(number: PhoneNumber) -> str:
    text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{text};ext={number.extension}" if number.extension else text


def _zones(number: PhoneNumber, kind: int) -> list[str]:
    if kind in RINGS_ANYWHERE:
        return []
    return [name for name in time_zones_for_number(number) if name != "Etc/Unknown"]
