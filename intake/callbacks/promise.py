"""What we promise the visitor on the receipt: when we call, what we say, and what we leave out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from facilities.directory import opening
from facilities.directory.models import PhoneLine, Week
from facilities.directory.zones import zone_in_words
from intake.callbacks.answers import IfOtherAnswers, Language, TextMessages, TimeOfDay, Voicemail
from intake.callbacks.calling_hours import EARLIEST, LATEST, Window, call_windows, overlaps, persons_clock
from intake.callbacks.receipts import Rules

LOOK_AHEAD = timedelta(days=7)
LEAST = timedelta(minutes=30)  # a window that is nearly over is no promise
HELD = _("Somebody on our team looks at your request first. We cannot say when.")
AS_AGREED = _("at the time we agreed")
AT_ONCE = _("as soon as somebody on our team reads this")
VOICEMAIL = {
    Voicemail.NO: _("We will not leave a message."),
    Voicemail.NAME_ONLY: _("If nobody answers, we will leave only a first name and a number."),
    Voicemail.YES: _("If nobody answers, we may leave a message that says where we are calling from."),
}
PARTS = {
    TimeOfDay.MORNING: pgettext_lazy("part of the day", "morning"),
    TimeOfDay.AFTERNOON: pgettext_lazy("part of the day", "afternoon"),
    TimeOfDay.EVENING: pgettext_lazy("part of the day", "evening"),
}


def promise(
    rules: Rules,
    asked_at: datetime,
    line: PhoneLine | None = None,
    now: datetime | None = None,
    *,
    when: str | Promise | None = None,
    is_held: bool = False,
) -> list[str]:
    """What we do, as far as it was said at `asked_at`, in words that are true `now` ("today", "tomorrow").

    It repeats the last two digits of the number, never more. `line` is who calls, with its hours read already.
    Without it no day is promised: we do not know who works. `when` stands in place of the next hours; if it is "", no
    call is promised. Nor is one while a request `is_held`.
    """
    if when is None:
        when = _when(rules, asked_at, line, now or asked_at)
    sentences = [
        _held(rules) if is_held else _call(rules, str(when)),
        _caller_id(line),
        _language(rules.language, line),
        gettext("We will ask for {name}.").format(name=rules.name)
        if rules.name
        else gettext("We will not say your name, because you gave none."),
        str(VOICEMAIL[Voicemail(rules.voicemail)]),
        gettext("We may text you.") if rules.text == TextMessages.YES else "",
        gettext("If someone else answers, we will ask for you and say nothing else.")
        if rules.name and rules.if_other_answers == IfOtherAnswers.ASK_FOR_ME
        else gettext("If someone else answers, we will hang up."),
    ]
    return [sentence for sentence in sentences if sentence]


def _call(rules: Rules, when: str) -> str:
    """That we call, on which number, and when; "" without `when`."""
    if not when:
        return ""
    if rules.extension:
        sentence = gettext("We will call the number ending {ending}, extension {extension}, {when}.")
    else:
        sentence = gettext("We will call the number ending {ending} {when}.")
    return sentence.format(ending=rules.ending, extension=rules.extension, when=when)


def _held(rules: Rules) -> str:
    """That somebody looks at the request first, and which number we call then."""
    if rules.extension:
        sentence = gettext("{held} Then we call the number ending {ending}, extension {extension}.")
    else:
        sentence = gettext("{held} Then we call the number ending {ending}.")
    return sentence.format(ending=rules.ending, extension=rules.extension, held=HELD)


def _caller_id(line: PhoneLine | None) -> str:
    if not line or not line.caller_id:
        return ""
    return format_html(gettext("Your phone will show: {caller_id}."), caller_id=line.caller_id_in_words)


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
    return _on_clock(_hours_in_words(now.astimezone(clock), start, end), zone)


def _language(chosen: str, line: PhoneLine | None) -> str:
    if chosen != Language.SPANISH:
        return ""
    if line and chosen not in line.languages:  # it was, when the form was opened
        return gettext("You asked to speak Spanish. We cannot promise that.")
    return gettext("We will speak Spanish.")


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
    return _on_clock(said, clock.key)


def _on_clock(hours: str, zone: str) -> str:
    return gettext("{hours} ({zone} time)").format(hours=hours, zone=zone_in_words(zone))


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
    parts = [PARTS[TimeOfDay(value)] for value in times]
    if len(parts) == 1:
        return gettext("in the {part}").format(part=parts[0])
    if 0 < len(parts) < len(TimeOfDay):
        return gettext("in the {part} or {other}").format(part=parts[0], other=parts[1])
    opens, closes = opening.clock(time(EARLIEST)), opening.clock(time(LATEST))
    return gettext("between {opens} and {closes}").format(opens=opens, closes=closes)


def _hours_in_words(now: datetime, start: datetime, end: datetime) -> str:
    """All on the person's clock: "today before 8 pm", "tomorrow between 8 am and noon", "on Friday …"."""
    ahead = (start.date() - now.date()).days
    if ahead in (0, 1):
        day = gettext("tomorrow") if ahead else gettext("today")
    else:
        day = gettext("on {weekday}").format(weekday=date_format(start, "l"))
    opens, closes = opening.between(start.time(), end.time())
    if start <= now:
        return gettext("{day} before {closes}").format(day=day, closes=closes)
    return gettext("{day} between {opens} and {closes}").format(day=day, opens=opens, closes=closes)
