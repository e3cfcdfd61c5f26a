"""A phone line says truly whether somebody answers now."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from facilities.directory.models import PhoneHours, PhoneLine

PACIFIC = ZoneInfo("America/Los_Angeles")
MONDAY = datetime(2026, 11, 23, tzinfo=PACIFIC)


def make_line(*hours: tuple[int, str, str]) -> PhoneLine:
    line = PhoneLine(label="Admissions", number="+17025550142", answered_by="our staff", languages=["en", "es"])
    line.hours = [
        PhoneHours(weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for weekday, opens, closes in hours
    ]
    return line


def test_line_is_open_within_its_hours_and_says_until_when():
    line = make_line((0, "08:00", "21:00"))

    opening = line.opening_at(MONDAY.replace(hour=20, minute=59))

    assert opening == (True, MONDAY.replace(hour=21))


def test_line_is_closed_at_its_closing_minute_and_names_the_next_opening():
    line = make_line((0, "08:00", "21:00"), (2, "09:00", "12:00"))

    opening = line.opening_at(MONDAY.replace(hour=21))

    assert opening == (False, MONDAY.replace(day=25, hour=9))


def test_split_shift_names_the_same_days_second_opening():
    line = make_line((0, "08:00", "12:00"), (0, "13:00", "18:00"))

    assert line.opening_at(MONDAY.replace(hour=12, minute=30)) == (False, MONDAY.replace(hour=13))


def test_only_stretch_of_the_week_opens_again_a_week_later():
    line = make_line((0, "08:00", "12:00"))

    assert line.opening_at(MONDAY.replace(hour=13)) == (False, MONDAY.replace(day=30, hour=8))


def test_line_without_hours_promises_nothing():
    assert make_line().opening_at(MONDAY) == (False, None)


def test_hours_are_read_on_the_lines_own_clock():
    line = make_line((0, "08:00", "21:00"))

    in_new_york = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("America/New_York"))

    assert line.opening_at(in_new_york).is_open


NIGHTS = [row for day in range(7) for row in ((day, "00:00", "06:00"), (day, "20:00", "00:00"))]
ALL_WEEK = [(day, "00:00", "00:00") for day in range(7)]


def test_closing_at_midnight_is_the_midnight_after_opening():
    line = make_line((0, "08:00", "00:00"))

    assert line.opening_at(MONDAY.replace(hour=23, minute=59)) == (True, MONDAY.replace(day=24))
    assert line.opening_at(MONDAY.replace(day=24)) == (False, MONDAY.replace(day=30, hour=8))


@pytest.mark.parametrize("day", [23, 28, 29])
def test_night_in_two_rows_is_one_stretch_on_every_day_of_the_week(day):
    evening = MONDAY.replace(day=day, hour=22)

    opening = make_line(*NIGHTS).opening_at(evening)

    assert opening == (True, (evening + timedelta(days=1)).replace(hour=6))


def test_small_hours_of_monday_belong_to_sundays_night():
    line = make_line((6, "20:00", "00:00"), (0, "00:00", "06:00"))

    assert line.opening_at(MONDAY.replace(hour=3)) == (True, MONDAY.replace(hour=6))


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_line_open_at_any_hour_never_changes(hour):
    assert make_line(*ALL_WEEK).opening_at(MONDAY.replace(hour=hour)) == (True, None)


def test_rows_that_touch_are_one_stretch():
    line = make_line((0, "08:00", "12:00"), (0, "12:00", "18:00"))

    assert line.opening_at(MONDAY.replace(hour=9)) == (True, MONDAY.replace(hour=18))


def test_languages_read_as_words():
    assert make_line().languages_in_words == "English and Spanish"


@pytest.mark.django_db
def test_hours_that_close_before_they_open_are_refused_by_the_database():
    line = make_line((0, "12:00", "08:00"))

    with pytest.raises(IntegrityError, match="phonehours_close_after_opening"):
        line.save()


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (MONDAY.replace(hour=6, minute=58), "Closed now. Opens today at 8 am Pacific time."),
        (MONDAY.replace(hour=9), "Open now, until 9:30 pm Pacific time."),
        (MONDAY.replace(day=24, hour=23), "Closed now. Opens tomorrow at noon Pacific time."),
        (MONDAY.replace(hour=22), "Closed now. Opens Wednesday at noon Pacific time."),
    ],
)
def test_opening_is_said_as_people_say_it(now, words):
    line = make_line((0, "08:00", "21:30"), (2, "12:00", "14:00"))

    assert line.opening_in_words_at(now) == words


def test_line_without_hours_says_nothing_of_them():
    assert make_line().opening_in_words_at(MONDAY) == ""


def test_line_that_is_always_answered_says_so():
    assert make_line(*ALL_WEEK).opening_in_words_at(MONDAY) == "Open at any hour."


def test_closing_at_midnight_is_said_in_words():
    line = make_line((0, "08:00", "00:00"))

    assert line.opening_in_words_at(MONDAY.replace(hour=9)) == "Open now, until midnight Pacific time."
