"""What we promise the visitor on the receipt: when we call, what we say, and what we leave out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from facilities.directory import opening
from facilities.directory.models import PhoneLine, Week
from facilities.directory.zones import zone_in_words
from intake.callbacks.answers import IfOtherAnswers, Language, TextMessages, TimeOfDay, Voicemail
from intake.callbacks.calling_hours import Window, call_windows, overlaps, persons_clock
from intake.callbacks.receipts import Rules

LOOK_AHEAD = timedelta(days=7)
LEAST = timedelta(minutes=30)  # a window that is nearly over is no promise
HELD = "Somebody on our team looks at your request first. We cannot say when."
VOICEMAIL = {
    Voicemail.NO: "We will not leave a message.",
    Voicemail.NAME_ONLY: "If nobody answers, we will leave only a first name and a number.",
    Voicemail.YES: "If nobody answers, we may leave a message that says where we are calling from.",
}


def promise(
    rules: Rules,
    asked_at: datetime,
    line: PhoneLine | None = None,
    now: datetime | None = None,
    *,
    is_held: bool = False,
) -> list[str]:
    """What we do, as far as it was said at `asked_at`, in words that are true `now` ("today", "tomorrow").

    It repeats the last two digits of the number, never more. `line` is who calls, with its hours read already.
    Without it no day is promised: we do not know who works. Nor is a call promised while a request `is_held`.
    """
    called = f"the number ending {rules.ending}"
    if rules.extension:
        called += f", extension {rules.extension},"
    asks_for_name = rules.if_other_answers == IfOtherAnswers.ASK_FOR_ME
    sentences = [
        f"{HELD} Then we call {called}."
        if is_held
        else f"We will call {called} {_when(rules, asked_at, line, now or asked_at)}.",
        f"Your phone will show: {line.caller_id}." if line and line.caller_id else "",
        _language(rules.language, line),
        f"We will ask for {rules.name}." if rules.name else "We will not say your name, because you gave none.",
        VOICEMAIL[Voicemail(rules.voicemail)],
        "We may text you." if rules.text == TextMessages.YES else "",
        "If someone else answers, we will "
        + ("ask for you and say nothing else." if rules.name and asks_for_name else "hang up."),
    ]
    return [sentence for sentence in sentences if sentence]


def is_late(rules: Rules, asked_at: datetime, line: PhoneLine | None, now: datetime) -> bool:
    """Whether the first time that we gave has passed."""
    window = _first_window(rules, asked_at, line)
    return window is not None and window[1] < now


def begins_at_once(rules: Rules, asked_at: datetime, line: PhoneLine | None) -> bool:
    """Whether the first time that we gave began when they asked, so that what others waited holds for them too."""
    window = _first_window(rules, asked_at, line)
    return window is not None and window[0] <= asked_at


def next_calls(line: PhoneLine, now: datetime) -> str:
    """When we call who asks now and says nothing of a time: "today before 9 pm (Pacific time)", or ""."""
    zone = line.time_zone
    window = _window((), zone, (), now.replace(second=0, microsecond=0), line.week, zone)
    if window is None:
        return ""
    clock = ZoneInfo(zone)
    start, end = (instant.astimezone(clock) for instant in window)
    return f"{_hours_in_words(now.astimezone(clock), start, end)} ({zone_in_words(zone)} time)"


def _language(chosen: str, line: PhoneLine | None) -> str:
    if chosen != Language.SPANISH:
        return ""
    if line and chosen not in line.languages:  # it was, when the form was opened
        return "You asked to speak Spanish. We cannot promise that."
    return "We will speak Spanish."


def _when(rules: Rules, asked_at: datetime, line: PhoneLine | None, now: datetime) -> str:
    """The day and the hours in words. A time that has passed is followed by the next one."""
    window = _first_window(rules, asked_at, line)
    if window and window[1] < now:
        window = _first_window(rules, now, line)
    clock = ZoneInfo(rules.clock)
    if window is None:
        said = _parts_in_words(rules.times)
    else:
        start, end = (instant.astimezone(clock) for instant in window)
        said = _hours_in_words(now.astimezone(clock), start, end)
    return f"{said} ({zone_in_words(clock.key)} time)"


def _first_window(rules: Rules, after: datetime, line: PhoneLine | None) -> Window | None:
    """The first hours, in UTC, in which somebody works and the person may be called; None if nobody says who works."""
    return _window(
        tuple(rules.times),
        rules.time_zone,
        tuple(rules.zones),
        after.replace(second=0, microsecond=0),
        line.week if line else (),
        line.time_zone if line else "",
    )


@lru_cache(maxsize=2048)  # in a flood, the same few are asked for again within a minute; none tells of a person
def _window(
    times: tuple[str, ...], chosen: str, of_number: tuple[str, ...], after: datetime, week: Week, zone_of_line: str
) -> Window | None:
    today = after.astimezone(ZoneInfo(persons_clock(chosen, of_number))).date()
    for day in (today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD.days) if week):
        answered = _answered(week, zone_of_line, day)
        for start, end in overlaps(_utc(call_windows(times, day, chosen, of_number)), answered):
            if end - max(start, after) >= LEAST:
                return max(start, after.astimezone(UTC)), end
    return None


@lru_cache(maxsize=64)
def _answered(week: Week, zone: str, day: date) -> list[Window]:
    """When somebody works, around a day of another clock, so of the day before and after too; in UTC."""
    clock, days = ZoneInfo(zone), [day + timedelta(days=distance) for distance in (-1, 0, 1)]
    return _utc(
        (datetime.combine(each, opens, clock), datetime.combine(each + later, closes, clock))
        for each in days
        for weekday, opens, closes, later in week
        if weekday == each.weekday()
    )


def _utc(windows: Iterable[Window]) -> list[Window]:
    return [(start.astimezone(UTC), end.astimezone(UTC)) for start, end in windows]


def _parts_in_words(times: list[str]) -> str:
    parts = [TimeOfDay(value).label.partition(",")[0].lower() for value in times]
    return (
        f"in the {' or '.join(parts)}"
        if 0 < len(parts) < len(TimeOfDay)
        else "between 8\N{NO-BREAK SPACE}am and 9\N{NO-BREAK SPACE}pm"
    )


def _hours_in_words(now: datetime, start: datetime, end: datetime) -> str:
    """All on the person's clock: "today before 8 pm", "tomorrow between 8 am and noon", "on Friday …"."""
    ahead = (start.date() - now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(ahead, f"on {start:%A}")
    opens, closes = opening.clock(start.time()), opening.clock(end.time())
    if start <= now:
        return f"{day} before {closes}"
    half = opens[-3:]  # " am" or " pm"
    return f"{day} between {opens.removesuffix(half if closes.endswith(half) else '')} and {closes}"
