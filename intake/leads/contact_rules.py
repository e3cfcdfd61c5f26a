"""Whether a person may safely be called at an instant, computed from their answers and the zones of their number."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from intake.callbacks.calling_hours import call_windows, persons_clock


class Safety(NamedTuple):
    """Whether a call is safe at an instant, and the instant at which that changes."""

    is_safe: bool
    changes_at: datetime


def safety(times: Collection[str], chosen: str, now: datetime, of_number: Collection[str] = ()) -> Safety:
    """`now` is an aware datetime, `chosen` the name of a zone or ""; `changes_at` is on the person's clock."""
    today = now.astimezone(ZoneInfo(persons_clock(chosen, of_number))).date()
    for day in (today, today + timedelta(days=1)):
        for start, end in call_windows(times, day, chosen, of_number):
            if now < start:
                return Safety(is_safe=False, changes_at=start)
            if now < end:
                return Safety(is_safe=True, changes_at=end)
    raise AssertionError("every day has a safe hour")
