"""Whether a person may safely be called at an instant, computed from their answers and the zones of their number."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from intake.callbacks.calling_hours import call_windows, persons_clock


class Safety(NamedTuple):
    """Whether a call is safe at an instant, and the instant at which that changes."""

    is_safe: bool
    changes_at: datetime

    @property
    def changes_in_words(self) -> str:
        """When it changes, on the person's clock, and on ours where it differs: "20:00 PST (21:00 here)"."""
        here = timezone.localtime(self.changes_at)
        said = date_format(self.changes_at, "H:i T" if self.is_safe else "D H:i T")
        return said if self.changes_at.time() == here.time() else f"{said} ({here:%H:%M} here)"


def safety(
    times: Collection[str],
    chosen: str,
    now: datetime,
    of_number: Collection[str] = (),
    paused_until: datetime | None = None,
) -> Safety:
    """`now` is an aware datetime, `chosen` the name of a zone or ""; `changes_at` is on the person's clock.

    No call is safe before `paused_until`, if the person asked for a pause.
    """
    if paused_until and now < paused_until:
        after = safety(times, chosen, paused_until, of_number)
        clock = ZoneInfo(persons_clock(chosen, of_number))
        return Safety(is_safe=False, changes_at=paused_until.astimezone(clock) if after.is_safe else after.changes_at)
    today = now.astimezone(ZoneInfo(persons_clock(chosen, of_number))).date()
    for day in (today, today + timedelta(days=1)):
        for start, end in call_windows(times, day, chosen, of_number):
            if now < start:
                return Safety(is_safe=False, changes_at=start)
            if now < end:
                return Safety(is_safe=True, changes_at=end)
    raise AssertionError("every day has a safe hour")
