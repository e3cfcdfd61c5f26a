"""Reads a week of hours: whether somebody answers now, and when that changes."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, npgettext, pgettext

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Stretch = tuple[timedelta, timedelta]  # from and until, on the clock, since Monday 00:00


class Opening(NamedTuple):
    """Whether somebody answers now, and until when, or from when on.

    `changes_at` is None for a line that never changes: open at any hour, or a line without hours.
    """

    is_open: bool
    changes_at: datetime | None


def stretch(weekday: int, opens: time, closes: time) -> Stretch:
    """One row of hours. One that closes at 00:00 closes at the midnight after it opens."""
    return weekday * DAY + _since_midnight(opens), weekday * DAY + (_since_midnight(closes) or DAY)


def join(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Sorted, touching ones merged, also across Sunday's midnight: the last may end in the next week."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    if len(joined) > 1 and joined[0][0] == timedelta() and joined[-1][1] == WEEK:
        joined[-1] = (joined[-1][0], WEEK + joined.pop(0)[1])
    return joined


def read_opening(stretches: Iterable[Stretch], local: datetime) -> Opening:
    """`local` is aware, on the clock of the hours; `changes_at` is on the same clock."""
    week = join(stretches)
    if week == [(timedelta(), WEEK)]:
        return Opening(is_open=True, changes_at=None)
    now = local.weekday() * DAY + _since_midnight(local.time())
    ends = [end for start, end in _around(week) if start <= now < end]
    if ends:
        return Opening(is_open=True, changes_at=_instant(local, ends[0]))
    starts = [start for start, _ in _around(week) if start > now]
    return Opening(is_open=False, changes_at=_instant(local, min(starts)) if starts else None)


def opening_in_words(opening: Opening, now: datetime, *, zone: str) -> str:
    """One or two sentences, or nothing for a line without hours. `zone` is how people speak of the clock."""
    if opening.changes_at is None:
        return gettext("Open at any hour.") if opening.is_open else ""
    at = clock(opening.changes_at.time())
    if opening.is_open:
        return gettext("Open now, until {time} {zone} time.").format(time=at, zone=zone)
    day = _day(opening.changes_at, now)
    return gettext("Closed now. Opens {day} at {time} {zone} time.").format(day=day, time=at, zone=zone)


def clock(at: time, *, is_bare: bool = False) -> str:
    """A time of day as people say it, on one line: 8 am, 8:30 am, noon, midnight; in Spanish with its article.

    A bare one leaves out "am" or "pm", because another time follows that has it.
    """
    if at in (time.min, time(12)):
        return gettext("noon") if at.hour else gettext("midnight")
    hour = at.hour % 12 or 12
    if is_bare:
        words = npgettext("clock", "{time}", "{time}", hour)
    elif at.hour < 12:
        words = ngettext("{time} am", "{time} am", hour)
    else:
        words = ngettext("{time} pm", "{time} pm", hour)
    minutes = f":{at.minute:02d}" if at.minute else ""
    return words.format(time=f"{hour}{minutes}").replace(" ", "\N{NO-BREAK SPACE}")


def between(start: time, end: time) -> tuple[str, str]:
    """Two times in words, with "am" or "pm" said once where it is the same: "8", "10 am"."""
    exact = (time.min, time(12))
    is_same_half = (start.hour < 12) == (end.hour < 12) and start not in exact and end not in exact
    return clock(start, is_bare=is_same_half), clock(end)


def _day(then: datetime, now: datetime) -> str:
    days = (then.date() - now.astimezone(then.tzinfo).date()).days
    if days in (0, 1):
        return gettext("tomorrow") if days else gettext("today")
    return pgettext("day on which it opens", "{weekday}").format(weekday=date_format(then, "l"))


def _around(week: list[Stretch]) -> list[Stretch]:
    return [(start + shift, end + shift) for shift in (-WEEK, timedelta(), WEEK) for start, end in week]


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _instant(local: datetime, since_monday: timedelta) -> datetime:
    """The wall-clock time that far into the week of `local`; a change of the clocks in between moves nothing."""
    days, rest = divmod(since_monday, DAY)
    day = local.date() + timedelta(days=days - local.weekday())
    return datetime.combine(day, time.min, tzinfo=local.tzinfo) + rest
