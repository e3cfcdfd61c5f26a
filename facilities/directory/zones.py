"""The time zones of the United States in the words of people there: one list for visitors, the desk and the editor."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ZONES = {
    "America/Los_Angeles": ("Pacific", "Las Vegas, Los Angeles"),
    "America/Denver": ("Mountain", "Denver, Salt Lake City"),
    "America/Phoenix": ("Arizona", "Phoenix"),
    "America/Chicago": ("Central", "Chicago, Houston"),
    "America/New_York": ("Eastern", "New York, Miami"),
    "America/Anchorage": ("Alaska", "Anchorage"),
    "Pacific/Honolulu": ("Hawaii", "Honolulu"),
    "America/Puerto_Rico": ("Puerto Rico", "San Juan"),
    "America/St_Thomas": ("Virgin Islands", "St. Thomas, St. Croix"),
    "Pacific/Guam": ("Guam", "Hagåtña, Saipan"),
    "Pacific/Pago_Pago": ("Samoa", "Pago Pago"),
}
CHOICES = [(zone, name) for zone, (name, _) in ZONES.items()]
CHOICES_WITH_TOWNS = [(zone, f"{name} ({towns})") for zone, (name, towns) in ZONES.items()]
OTHER_NAMES = {"Pacific/Saipan": "Pacific/Guam"}


def zone_in_words(zone: str) -> str:
    """A time zone as people speak of it: "Pacific", also for Vancouver, or the city of one that is not on the list."""
    listed = listed_zone(zone)
    return ZONES[listed][0] if listed else zone.rpartition("/")[2].replace("_", " ")


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
