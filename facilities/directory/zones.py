"""The time zones of the United States in the words of people there: one list for visitors, the desk and the editor."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.utils.text import format_lazy
from django.utils.translation import pgettext, pgettext_lazy

ZONES = {
    "America/Los_Angeles": (pgettext_lazy("time zone", "Pacific"), pgettext_lazy("towns", "Las Vegas, Los Angeles")),
    "America/Denver": (pgettext_lazy("time zone", "Mountain"), pgettext_lazy("towns", "Denver, Salt Lake City")),
    "America/Phoenix": (pgettext_lazy("time zone", "Arizona"), pgettext_lazy("towns", "Phoenix")),
    "America/Chicago": (pgettext_lazy("time zone", "Central"), pgettext_lazy("towns", "Chicago, Houston")),
    "America/New_York": (pgettext_lazy("time zone", "Eastern"), pgettext_lazy("towns", "New York, Miami")),
    "America/Anchorage": (pgettext_lazy("time zone", "Alaska"), pgettext_lazy("towns", "Anchorage")),
    "Pacific/Honolulu": (pgettext_lazy("time zone", "Hawaii"), pgettext_lazy("towns", "Honolulu")),
    "America/Puerto_Rico": (pgettext_lazy("time zone", "Puerto Rico"), pgettext_lazy("towns", "San Juan")),
    "America/St_Thomas": (
        pgettext_lazy("time zone", "Virgin Islands"),
        pgettext_lazy("towns", "St. Thomas, St. Croix"),
    ),
    "Pacific/Guam": (pgettext_lazy("time zone", "Guam"), pgettext_lazy("towns", "Hagåtña, Saipan")),
    "Pacific/Pago_Pago": (pgettext_lazy("time zone", "Samoa"), pgettext_lazy("towns", "Pago Pago")),
}
CHOICES = [(zone, name) for zone, (name, _towns) in ZONES.items()]
WITH_TOWNS = pgettext_lazy("time zone in a list", "{zone} ({towns})")
CHOICES_WITH_TOWNS = [(zone, format_lazy(WITH_TOWNS, zone=name, towns=towns)) for zone, (name, towns) in ZONES.items()]
OTHER_NAMES = {"Pacific/Saipan": "Pacific/Guam"}


def zone_in_words(zone: str) -> str:
    """A time zone as people speak of it: "Pacific", also for Vancouver, or the city of one that is not on the list."""
    listed = listed_zone(zone)
    if listed:
        return str(ZONES[listed][0])
    return pgettext("time zone", "{city}").format(city=zone.rpartition("/")[2].replace("_", " "))


@cache
def listed_zone(zone: str) -> str:
    """The zone of our list that people there speak of, or "": Boise's clock is Denver's, in winter and in summer."""
    zone = OTHER_NAMES.get(zone, zone)
    if zone in ZONES:
        return zone
    winter, summer = clock = _clock(zone)
    return next((name for name in ZONES if _clock(name) == clock), "") if winter != summer else ""


def _clock(zone: str) -> tuple[timedelta | None, timedelta | None]:
    """How far a zone is ahead of UTC in winter and in summer."""
    year = datetime.now(UTC).year
    winter, summer = (datetime(year, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
    return winter, summer
