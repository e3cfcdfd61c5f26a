"""When a call is safe: within the hours the person chose, on the person's own clock, on every day of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from facilities.directory.zones import ZONES
from intake.callbacks.answers import TimeOfDay
from intake.callbacks.calling_hours import HOURS, call_windows
from intake.leads.contact_rules import Safety, safety
from intake.leads.instructions import MAY_LISTEN, instructions
from intake.phone import national, zones_of
from tests.factories import make_lead

seconds = st.integers(0, 20 * 366 * 24 * 3600)
instants = st.builds(lambda after: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=after), seconds)
zones = st.sampled_from([*ZONES])
choices = st.lists(st.sampled_from(TimeOfDay.values), max_size=4)
MOMENT = timedelta(microseconds=1)
SPRING, AUTUMN = datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)  # Sundays when clocks change
PACIFIC = "America/Los_Angeles"


def on_the_clock(text: str, zone: str = PACIFIC) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@given(instants, zones, choices)
@example(AUTUMN + timedelta(hours=9), PACIFIC, [])
def test_safe_is_within_the_chosen_hours_of_the_persons_clock(now, zone, times):
    hour = now.astimezone(ZoneInfo(zone)).hour
    chosen = [HOURS[TimeOfDay(value)] for value in times] or [(8, 21)]

    assert safety(times, zone, now).is_safe == any(start <= hour < end for start, end in chosen)


@given(instants, zones, choices)
def test_nobody_is_called_before_8_or_after_9_in_the_evening(now, zone, times):
    clock = now.astimezone(ZoneInfo(zone))

    assert not safety(times, zone, now).is_safe or 8 <= clock.hour < 21


@given(instants, zones, choices)
@example(SPRING + timedelta(hours=10), PACIFIC, ["morning"])
@example(AUTUMN + timedelta(hours=9), PACIFIC, ["evening"])
def test_answer_holds_until_it_changes_and_then_is_the_other(now, zone, times):
    is_safe, changes_at = safety(times, zone, now)

    assert now < changes_at <= now + timedelta(hours=25)
    assert safety(times, zone, changes_at - MOMENT).is_safe == is_safe
    assert safety(times, zone, changes_at).is_safe != is_safe


@given(instants, zones, choices)
def test_order_and_repetition_of_the_times_do_not_matter(now, zone, times):
    assert safety(times, zone, now) == safety([*reversed(times), *times], zone, now)


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        (PACIFIC, "2026-11-24T15:59:59Z", Safety(is_safe=False, changes_at=on_the_clock("2026-11-24T08:00"))),
        (PACIFIC, "2026-11-24T16:00:00Z", Safety(is_safe=True, changes_at=on_the_clock("2026-11-24T21:00"))),
        (PACIFIC, "2026-11-25T04:59:59Z", Safety(is_safe=True, changes_at=on_the_clock("2026-11-24T21:00"))),
        (PACIFIC, "2026-11-25T05:00:00Z", Safety(is_safe=False, changes_at=on_the_clock("2026-11-25T08:00"))),
        (
            "America/New_York",
            "2026-11-24T13:00:00Z",
            Safety(is_safe=True, changes_at=on_the_clock("2026-11-24T21:00", "America/New_York")),
        ),
        (
            "Pacific/Honolulu",
            "2026-11-24T17:30:00Z",
            Safety(is_safe=False, changes_at=on_the_clock("2026-11-24T08:00", "Pacific/Honolulu")),
        ),
        (
            "America/Phoenix",
            "2026-07-01T15:00:00Z",
            Safety(is_safe=True, changes_at=on_the_clock("2026-07-01T21:00", "America/Phoenix")),
        ),
    ],
)
def test_without_chosen_times_8_to_21_on_the_persons_clock_is_safe(zone, now, expected):
    assert safety([], zone, datetime.fromisoformat(now)) == expected


@pytest.mark.parametrize(
    ("times", "windows"),
    [
        ([], [(8, 21)]),
        (["morning"], [(8, 12)]),
        (["afternoon", "morning"], [(8, 17)]),
        (["evening", "morning"], [(8, 12), (17, 21)]),
        (["morning", "afternoon", "evening"], [(8, 21)]),
        (["evening", "evening"], [(17, 21)]),
    ],
)
def test_neighbouring_times_are_one_window(times, windows):
    found = call_windows(times, SPRING.date(), PACIFIC)

    assert [(start.hour, end.hour) for start, end in found] == windows


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2026-03-07", "16:00", "05:00"),
        ("2026-03-08", "15:00", "04:00"),
        ("2026-10-31", "15:00", "04:00"),
        ("2026-11-01", "16:00", "05:00"),
    ],
)
def test_day_of_the_clock_change_keeps_the_persons_clock(day, opens, closes):
    [(start, end)] = call_windows([], datetime.fromisoformat(day).date(), PACIFIC)

    assert (f"{start.astimezone(UTC):%H:%M}", f"{end.astimezone(UTC):%H:%M}") == (opens, closes)
    assert (start.hour, end.hour) == (8, 21)


EASTERN, BERLIN, TOKYO = "America/New_York", "Europe/Berlin", "Asia/Tokyo"
IDAHO = ["America/Boise", PACIFIC]
of_numbers = st.lists(st.sampled_from([PACIFIC, EASTERN, BERLIN, TOKYO, "America/Boise"]), max_size=3, unique=True)
chosen_or_not = st.sampled_from(["", *ZONES])


def hour_in(zone: str, now: datetime) -> int:
    return now.astimezone(ZoneInfo(zone)).hour


@given(instants, chosen_or_not, of_numbers.filter(lambda zones: len(zones) < 2), choices)
@example(datetime(2026, 11, 25, 3, tzinfo=UTC), PACIFIC, [EASTERN], [])
@example(datetime(2026, 11, 25, 3, tzinfo=UTC), "", [EASTERN], [])
@example(datetime(2026, 11, 25, 3, tzinfo=UTC), PACIFIC, [BERLIN], ["evening"])
def test_nobody_is_called_before_8_or_after_9_where_their_number_is_at_home(now, zone, of_number, times):
    is_safe = safety(times, zone, now, of_number).is_safe

    clocks = [name for name in (zone, *of_number) if name] or ["America/Los_Angeles"]
    assert not is_safe or all(8 <= hour_in(name, now) < 21 for name in clocks)


@given(instants, chosen_or_not, of_numbers, choices)
def test_whatever_the_clocks_the_answer_holds_until_it_changes(now, zone, of_number, times):
    is_safe, changes_at = safety(times, zone, now, of_number)

    assert now < changes_at <= now + timedelta(hours=49)
    assert safety(times, zone, changes_at - MOMENT, of_number).is_safe == is_safe
    assert safety(times, zone, changes_at, of_number).is_safe != is_safe


@pytest.mark.parametrize(
    ("times", "zone", "of_number", "windows"),
    [
        ([], PACIFIC, [EASTERN], [(8, 18)]),
        (["evening"], PACIFIC, [EASTERN], [(17, 18)]),
        (["morning"], PACIFIC, [EASTERN], [(8, 12)]),
        ([], "", [EASTERN], [(8, 21)]),
        (["evening"], "", [EASTERN], [(17, 21)]),
        ([], PACIFIC, [BERLIN], [(8, 12)]),
        ([], EASTERN, [PACIFIC], [(11, 21)]),
        ([], "", IDAHO, [(9, 21)]),
        (["evening"], "", IDAHO, [(18, 21)]),
        ([], "Pacific/Honolulu", [TOKYO], [(13, 21)]),
        ([], PACIFIC, [], [(8, 21)]),
        ([], "", [], [(8, 21)]),
    ],
)
def test_hours_suit_the_chosen_clock_and_the_clocks_of_the_number(times, zone, of_number, windows):
    found = call_windows(times, AUTUMN.date() + timedelta(days=9), zone, of_number)

    assert [(start.hour, end.hour) for start, end in found] == windows


@pytest.mark.parametrize(
    ("times", "zone", "of_number", "windows"),
    [
        (["evening"], PACIFIC, [BERLIN], [(8, 12)]),  # the evening here is the night there
        (["morning"], "", [PACIFIC, BERLIN], [(8, 12)]),
        ([], PACIFIC, [BERLIN, TOKYO], [(8, 21)]),  # no hour suits three clocks: the chosen one holds
    ],
)
def test_without_a_common_hour_some_hour_is_left_to_call(times, zone, of_number, windows):
    found = call_windows(times, AUTUMN.date() + timedelta(days=9), zone, of_number)

    assert [(start.hour, end.hour) for start, end in found] == windows


@pytest.mark.parametrize(
    ("phone", "zones"),
    [
        ("+12125550163", [EASTERN]),
        ("+17025550163;ext=12", [PACIFIC]),
        ("+12085550163", IDAHO),
        ("+493012345678", [BERLIN]),
        ("+18005550163", []),
        ("+80012345678", []),
        ("no number", []),
        ("", []),
    ],
)
def test_number_tells_its_time_zones(phone, zones):
    assert zones_of(phone) == zones


@pytest.mark.django_db
def test_lead_from_before_the_zones_were_kept_goes_by_its_number_too():
    lead = make_lead(phone="+12125550163", time_zone=PACIFIC, number_zones=None)

    assert (lead.zones_of_number, lead.clock) == ([EASTERN], PACIFIC)
    assert lead.safety == safety([], PACIFIC, datetime.now(UTC), [EASTERN])


@pytest.mark.django_db
def test_instructions_say_where_else_the_number_is_at_home():
    lead = make_lead(time_zone=PACIFIC, number_zones=[EASTERN])

    assert instructions(lead)[4:6] == [
        "Good times on their clock (Pacific): any, from 8 in the morning to 9 in the evening.",
        "Their number is also at home in Eastern: the safe hours are within 8 and 21 there too.",
    ]


@pytest.mark.django_db
def test_instructions_say_that_no_good_time_suits_the_numbers_clock():
    lead = make_lead(time_zone=PACIFIC, number_zones=[BERLIN], times=["evening"])

    assert instructions(lead)[5:7] == [
        "Their number is also at home in Berlin: the safe hours are within 8 and 21 there too.",
        "No hour suits their good times and their number's clock. Ask first if they can speak now.",
    ]


@pytest.mark.django_db
def test_instructions_default_to_the_safest():
    lead = make_lead(name="", time_zone=PACIFIC)

    assert instructions(lead) == [
        "They gave no name: let them speak first.",
        "If someone else answers, hang up without a word.",
        "Leave no voicemail.",
        "Send no text message.",
        "Good times on their clock (Pacific): any, from 8 in the morning to 9 in the evening.",
        "The request is for themselves.",
    ]


@pytest.mark.django_db
def test_instructions_say_what_the_person_allowed():
    lead = make_lead(
        name="Luz", language="es", if_other_answers="ask_for_me", voicemail="name_only", text="yes",
        times=["evening", "morning"], about="someone_else",
        time_zone=PACIFIC,
    )  # fmt: skip

    assert instructions(lead) == [
        "Speak Spanish.",
        "Ask for “Luz”.",
        "If someone else answers, ask for “Luz” and say nothing else.",
        "Voicemail: leave only your first name and a number, nothing else.",
        "You may send a text message.",
        "Good times on their clock (Pacific): morning, 8 to noon; evening, 5 to 9.",
        f"The request is about someone they care about. {MAY_LISTEN}",
    ]


@pytest.mark.django_db
def test_without_a_name_nobody_else_is_asked_for_it():
    lead = make_lead(name="", if_other_answers="ask_for_me")

    assert instructions(lead)[1] == "If someone else answers, hang up without a word."


@pytest.mark.parametrize(
    ("phone", "written"),
    [
        ("+17025550163", "(702) 555-0163"),
        ("+17025550163;ext=5", "(702) 555-0163 ext. 5"),
        ("garbage", "garbage"),
        ("", ""),
    ],
)
def test_number_is_written_as_people_there_write_it(phone, written):
    assert national(phone) == written
