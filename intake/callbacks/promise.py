"""What we promise the visitor on the receipt: when we call, what we say, and what we leave out."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from facilities.directory import opening
from facilities.directory.models import PhoneLine, Week
from facilities.directory.zones import zone_in_words
from intake.callbacks.answers import IfOtherAnswers, Language, TextMessages, TimeOfDay, Voicemail
from intake.callbacks.calling_hours import Window, call_windows, overlaps, persons_clock
from intake.callbacks.contract import Answers
from intake.phone import ending, extension, zones_of

LOOK_AHEAD = timedelta(days=7)
LEAST = timedelta(minutes=30)  # a window that is nearly over is no promise
VOICEMAIL = {
    Voicemail.NO: "We will not leave a message.",
    Voicemail.NAME_ONLY: "If nobody answers, we will leave only a first name and a number.",
    Voicemail.YES: "If nobody answers, we may leave a message that says where we are calling from.",
}


def promise(
    answers: Answers,
    now: datetime,
    line: PhoneLine | None = None,
    of_number: Collection[str] | None = None,
) -> list[str]:
    """It repeats the last two digits of the number, never more.

    `line` is who calls, with its hours read already. Without it no day is promised: we do not know who works.
    `of_number` are the time zones of the number, for who has found them already.
    """
    zones = zones_of(answers.phone) if of_number is None else of_number
    when = _when(
        tuple(answers.times),
        answers.time_zone,
        tuple(zones),
        now.replace(second=0, microsecond=0),
        line.week if line else (),
        line.time_zone if line else "",
    )
    called = f"the number ending {ending(answers.phone)}"
    if inside := extension(answers.phone):
        called += f", extension {inside},"
    asks_for_name = answers.if_other_answers == IfOtherAnswers.ASK_FOR_ME
    sentences = [
        f"We will call {called} {when}.",
        f"Your phone will show: {line.caller_id}." if line and line.caller_id else "",
        _language(answers.language, line),
        f"We will ask for {answers.name}." if answers.name else "We will not say your name, because you gave none.",
        VOICEMAIL[Voicemail(answers.voicemail)],
        "We may text you." if answers.text == TextMessages.YES else "",
        "If someone else answers, we will "
        + ("ask for you and say nothing else." if answers.name and asks_for_name else "hang up."),
    ]
    return [sentence for sentence in sentences if sentence]


def _language(chosen: str, line: PhoneLine | None) -> str:
    if chosen != Language.SPANISH:
        return ""
    if line and chosen not in line.languages:  # it was, when the form was opened
        return "You asked to speak Spanish. We cannot promise that."
    return "We will speak Spanish."


@lru_cache(maxsize=2048)  # in a flood, the same few are asked for again within a minute; none tells of a person
def _when(
    times: tuple[str, ...], chosen: str, of_number: tuple[str, ...], now: datetime, week: Week, zone_of_line: str
) -> str:
    """The day and the hours in words; `week` and `zone_of_line` say when somebody works."""
    clock = ZoneInfo(persons_clock(chosen, of_number))
    local = now.astimezone(clock)
    for day in (local.date() + timedelta(days=ahead) for ahead in range(LOOK_AHEAD.days) if week):
        answered = _answered(week, zone_of_line, day)
        for start, end in overlaps(_utc(call_windows(times, day, chosen, of_number)), answered):
            if end - max(start, now) >= LEAST:
                said = _hours_in_words(local, max(start, now).astimezone(clock), end.astimezone(clock))
                return f"{said} ({zone_in_words(clock.key)} time)"
    return f"{_parts_in_words(times)} ({zone_in_words(clock.key)} time)"


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
    return f"in the {' or '.join(parts)}" if 0 < len(parts) < len(TimeOfDay) else "between 8 am and 9 pm"


def _hours_in_words(now: datetime, start: datetime, end: datetime) -> str:
    """All on the person's clock: "today before 8 pm", "tomorrow between 8 am and noon", "on Friday …"."""
    ahead = (start.date() - now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(ahead, f"on {start:%A}")
    opens, closes = opening.clock(start.time()), opening.clock(end.time())
    if start == now:
        return f"{day} before {closes}"
    half = opens[-3:]  # " am" or " pm"
    return f"{day} between {opens.removesuffix(half if closes.endswith(half) else '')} and {closes}"
