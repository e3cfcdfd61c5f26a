"""How and when a person may safely be called, computed from their answers and the zones of their number.

Where two requests are one person's, the safer answer of each holds.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from intake.callbacks.answers import IfOtherAnswers, TextMessages, Voicemail
from intake.callbacks.calling_hours import Window, call_windows, common, persons_clock

SAFEST_FIRST = (tuple(Voicemail), tuple(TextMessages), tuple(IfOtherAnswers))  # as the form offers them


class Manner(NamedTuple):
    """What may be left, sent and said, in the answers of the form."""

    voicemail: str
    text: str
    if_other_answers: str


class Hours(NamedTuple):
    """When a call suits, as one request says it: day parts, the chosen zone or "", and the zones of the number."""

    times: Collection[str]
    chosen: str
    of_number: Collection[str]


class Safety(NamedTuple):
    """Whether a call is safe at an instant, and the instant at which that changes."""

    is_safe: bool
    changes_at: datetime

    @classmethod
    def within(cls, window: Window, now: datetime) -> "Safety":
        """`window` is the safe hours of `now`, or else the next ones."""
        start, end = window
        return cls(is_safe=start <= now, changes_at=end if start <= now else start)

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
    return Safety.within(safe_window([Hours(times, chosen, of_number)], now, paused_until), now)


def safest(said: Iterable[Manner]) -> Manner:
    """Of each answer the safest that was given."""
    return Manner(
        *(min(given, key=order.index) for order, given in zip(SAFEST_FIRST, zip(*said, strict=True), strict=True))
    )


def safe_window(asked: Sequence[Hours], now: datetime, paused_until: datetime | None = None) -> Window | None:
    """The hours (start, end) in which a call suits all of `asked`: those of now, or else the next ones.

    They are on the clock of the first, and stay the same until they end, unless the answers change, so that they can
    be kept beside them. One has hours on every day; None is for several of which no hour suits all.
    """
    first = asked[0]
    clock = ZoneInfo(persons_clock(first.chosen, first.of_number))
    paused = (paused_until or now).astimezone(UTC)
    earliest = max(now.astimezone(UTC), paused)
    today = earliest.astimezone(clock).date()
    for day in (today, today + timedelta(days=1)):
        for start, end in _windows(asked, day, clock):
            if earliest < end:
                return (paused.astimezone(clock) if paused_until and start < paused else start), end
    return None


def _windows(asked: Sequence[Hours], day: date, clock: ZoneInfo) -> list[Window]:
    """Of a day of the first. Elsewhere it may be the day before or after."""
    first, *others = asked
    own = call_windows(first.times, day, first.chosen, first.of_number)
    if not others:
        return own
    days = (day - timedelta(days=1), day, day + timedelta(days=1))
    around = ([window for each in days for window in call_windows(hours.times, each, *hours[1:])] for hours in others)
    return common([own, *around], clock)
