"""The time zones that a phone number may be at home in."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType
from phonenumbers.timezone import time_zones_for_geographical_number, time_zones_for_number
from phonenumbers.tzdata import TIMEZONE_DATA

RINGS_ANYWHERE = {PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN}
# Where a number may be at home in several zones, the one in which most of its people live, by the first digits.
# A number that is not listed is usually at home in the first that the table names.
USUAL = {
    "1208": "America/Boise",
    "1219": "America/Chicago",
    "1270": "America/Chicago",
    "1423": "America/New_York",
    "1605": "America/North_Dakota/Center",
    "1701": "America/North_Dakota/Center",
    "1709": "America/St_Johns",
    "1775": "America/Los_Angeles",
    "1850": "America/Chicago",
    "1879": "America/St_Johns",
    "1867": "America/Edmonton",
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
NOWHERE = {"Etc/Unknown"}
# The table gives Unalaska the time of Hawaii. It keeps Alaska's.
NO_HOME = {"1907": {"Etc/Unknown", "Pacific/Honolulu"}}


def zones_at_home(number: PhoneNumber) -> list[str]:
    """The usual one first; none for a number that rings anywhere, and for one that tells no place."""
    kind = phonenumbers.number_type(number)
    if kind in RINGS_ANYWHERE:
        return []
    digits = f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    look_up = time_zones_for_geographical_number if kind == PhoneNumberType.UNKNOWN else time_zones_for_number
    names = [name for name in look_up(number) if name not in NO_HOME.get(digits[:4], NOWHERE)]
    names = _usual_first(digits, names)
    clocks = {_clock(name): name for name in reversed(names)}  # of zones that show the same time, the first is enough
    return [] if _is_whole_plan(names) else [name for name in names if name in clocks.values()]


def _usual_first(digits: str, names: list[str]) -> list[str]:
    """The zone of an exchange that lies in one, then the usual one, then the others of its area code.

    All of them count, because people take their numbers along and new exchanges come before the table knows them.
    """
    of_exchange = names if len(names) == 1 and tuple(names) != TIMEZONE_DATA.get(digits[:4]) else []
    usual = next((USUAL[digits[:length]] for length in range(4, 0, -1) if digits[:length] in USUAL), "")
    possible = [*names, *_zones_of_area(digits[:4])] if digits[0] == "1" else names
    return sorted(dict.fromkeys(possible), key=lambda name: (name not in of_exchange, name != usual))


@cache
def _zones_of_area(area: str) -> list[str]:
    """Every zone that the table names for an area code of the NANP, such as "1850"."""
    rows = (zones for prefix, zones in sorted(TIMEZONE_DATA.items()) if prefix.startswith(area))
    return [name for zones in rows for name in zones if name not in NO_HOME.get(area, NOWHERE)]


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
