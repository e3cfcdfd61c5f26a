"""Whether a person may safely be called at an instant, computed from their answers and the zones of their number."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from intake.callbacks.calling_hours import Window, call_windows, persons_clock


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
    start, end = safe_window(times, chosen, now, of_number, paused_until)
    is_safe = start <= now
    return Safety(is_safe=is_safe, changes_at=end if is_safe else start)


def safe_window(
    times: Collection[str],
    chosen: str,
    now: datetime,
    of_number: Collection[str] = (),
    paused_until: datetime | None = None,
) -> Window:
    """The hours (start, end) on the person's clock in which a call is safe: those of now, or else the next ones.

    It stays the same until it ends, unless the answers change, so that it can be kept beside them.
    """
    clock = ZoneInfo(persons_clock(chosen, of_number))
    paused = (paused_until or now).astimezone(UTC)
    earliest = max(now.astimezone(UTC), paused)
    today = earliest.astimezone(clock).date()
    for day in (today, today + timedelta(days=1)):
        for start, end in call_windows(times, day, chosen, of_number):
            if earliest < end:
                return (paused.astimezone(clock) if paused_until and start < paused else start), end
    raise AssertionError("every day has a safe hour")
