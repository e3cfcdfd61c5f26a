"""The hours in which a person may be called, on their clock and on the clocks of their number.

Nobody is called before 8 am or after 9 pm on their own clock unless they asked for it or staff say why (the hours of
47 CFR 64.1200(c)(1), which we keep although the person asked for the call). Which clock is theirs we know from two
sides: the zone they chose and the zones of their number. A call must suit both, because either may be wrong.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, reduce
from zoneinfo import ZoneInfo

from django.conf import settings

from intake.callbacks.answers import TimeOfDay

EARLIEST, LATEST = 8, 21  # hours on the person's clock
HOURS = {TimeOfDay.MORNING: (8, 12), TimeOfDay.AFTERNOON: (12, 17), TimeOfDay.EVENING: (17, 21)}

Window = tuple[datetime, datetime]


def persons_clock(chosen: str, of_number: Collection[str]) -> str:
    """The zone on whose clock we speak to the person: theirs, or their number's, or ours if both are unknown."""
    return chosen or next(iter(of_number), settings.TIME_ZONE)


def call_windows(times: Collection[str], day: date, chosen: str, of_number: Collection[str] = ()) -> list[Window]:
    """The safe hours of one day on the person's clock as (start, end), neighbours joined; never empty.

    `times` are the chosen day parts, none for all day, on the chosen clock, or else on each clock of the number.
    Returns the first of these that leaves an hour:
    the chosen times, within 8 to 21 on every clock; 8 to 21 on every clock; 8 to 21 on the person's clock.
    """
    clock = persons_clock(chosen, of_number)
    others = tuple(name for name in of_number if name != clock)
    return list(_call_windows(tuple(_hours(times)), day, clock, others, is_chosen=bool(chosen)))


@lru_cache(maxsize=2048)  # the queue and a flood ask for the same few again; a clock and a day tell of nobody
def _call_windows(
    hours: tuple[tuple[int, int], ...], day: date, of_person: str, of_number: tuple[str, ...], *, is_chosen: bool
) -> tuple[Window, ...]:
    clock, others = ZoneInfo(of_person), [ZoneInfo(name) for name in of_number]
    all_day = [(EARLIEST, LATEST)]
    parts = [_windows(hours, day, clock)]
    parts += [_around(all_day if is_chosen else hours, day, zone) for zone in others]
    limits = [_windows(all_day, day, clock), *(_around(all_day, day, zone) for zone in others)]
    return tuple(common(parts, clock) or common(limits, clock) or limits[0])


def next_morning(now: datetime, clock: str) -> datetime:
    """The next instant at which the day's first call may be made on a clock: the end of "tonight"."""
    local = now.astimezone(ZoneInfo(clock))
    morning = datetime.combine(local.date(), time(EARLIEST), local.tzinfo)
    return (
        morning if now < morning else datetime.combine(local.date() + timedelta(days=1), time(EARLIEST), local.tzinfo)
    )


def suits_chosen_times(times: Collection[str], day: date, chosen: str, of_number: Collection[str]) -> bool:
    """Whether the windows of a day lie wholly within the chosen times."""
    chosen_windows = _windows(_hours(times), day, ZoneInfo(persons_clock(chosen, of_number)))
    return all(
        any(start <= opens and closes <= end for start, end in chosen_windows)
        for opens, closes in call_windows(times, day, chosen, of_number)
    )


def overlaps(some: Iterable[Window], others: Collection[Window]) -> list[Window]:
    """What two lists of windows have in common, in order."""
    both = [(max(start, opens), min(end, closes)) for start, end in some for opens, closes in others]
    return sorted((start, end) for start, end in both if start < end)


def _hours(times: Collection[str]) -> list[tuple[int, int]]:
    hours = sorted(HOURS[TimeOfDay(value)] for value in set(times)) or [(EARLIEST, LATEST)]
    joined = [hours[0]]
    for start, end in hours[1:]:
        if start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _windows(hours: Iterable[tuple[int, int]], day: date, zone: ZoneInfo) -> list[Window]:
    return [(datetime.combine(day, time(start), zone), datetime.combine(day, time(end), zone)) for start, end in hours]


def _around(hours: Collection[tuple[int, int]], day: date, zone: ZoneInfo) -> list[Window]:
    """Of the day before and the day after too: elsewhere it may be yesterday or tomorrow."""
    days = (day - timedelta(days=1), day, day + timedelta(days=1))
    return [window for each in days for window in _windows(hours, each, zone)]


def common(lists: Iterable[Iterable[Window]], clock: ZoneInfo) -> list[Window]:
    """What all of these lists of windows have in common, in order, on a clock."""
    # Python compares two times of one zone by their wall clocks, so all are turned into UTC first.
    in_utc = [[(start.astimezone(UTC), end.astimezone(UTC)) for start, end in windows] for windows in lists]
    return [(start.astimezone(clock), end.astimezone(clock)) for start, end in reduce(overlaps, in_utc)]
