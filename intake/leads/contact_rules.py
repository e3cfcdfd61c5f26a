"""When and how a person may safely be called, computed from their answers.

Nobody is called before 8 am or after 9 pm on their own clock, whatever they answered (the hours of
47 CFR 64.1200(c)(1), which we keep although the person asked for the call).
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from intake.callbacks.answers import TimeOfDay

EARLIEST, LATEST = 8, 21  # hours on the person's clock
HOURS = {TimeOfDay.MORNING: (8, 12), TimeOfDay.AFTERNOON: (12, 17), TimeOfDay.EVENING: (17, 21)}


class Safety(NamedTuple):
    """Whether a call is safe at an instant, and the instant at which that changes."""

    is_safe: bool
    changes_at: datetime


def call_windows(times: Collection[str], day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The safe hours of one day on the person's clock as (start, end), neighbours joined. No answer means all of it."""
    hours = sorted(HOURS[TimeOfDay(value)] for value in set(times)) or [(EARLIEST, LATEST)]
    joined = [hours[0]]
    for start, end in hours[1:]:
        if start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [(_on_clock(day, start, zone), _on_clock(day, end, zone)) for start, end in joined]


def safety(times: Collection[str], zone_name: str, now: datetime) -> Safety:
    """`now` is an aware datetime; `changes_at` is on the person's clock."""
    zone = ZoneInfo(zone_name)
    today = now.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        for start, end in call_windows(times, day, zone):
            if now < start:
                return Safety(is_safe=False, changes_at=start)
            if now < end:
                return Safety(is_safe=True, changes_at=end)
    raise AssertionError("every day has a safe hour")


def _on_clock(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone)
