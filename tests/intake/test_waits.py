"""How long people wait: measured from the first calls, said only where it holds, and never guessed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, OperationalError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from facilities.directory.models import PhoneHours, PhoneLine
from intake.callbacks import waits
from intake.callbacks.waits import MeasuredWait, publish_wait, usual_wait, wait_in_words
from intake.leads.activity import Activity
from intake.leads.acts import by_the_person
from intake.leads.models import Lead
from intake.leads.waits import FEWEST, in_round_minutes, measure_wait_when_due, measured_wait
from tests.factories import make_lead, make_user

pytestmark = pytest.mark.django_db

ASKED = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # noon in Las Vegas
LATER = ASKED + timedelta(days=1)
NEVER = None


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    waits.forget_wait()
    yield
    waits.forget_wait()


@pytest.fixture
def open_by_day(demo_pages) -> PhoneLine:
    line = PhoneLine.objects.first()
    PhoneHours.objects.all().delete()
    for day in range(7):
        PhoneHours.objects.create(line=line, weekday=day, opens="08:00", closes="21:00")
    return line


def ask(minutes: int | None, *, received_at: datetime = ASKED, **fields) -> Lead:
    lead = make_lead(received_at=received_at, time_zone="America/Los_Angeles", number_zones=[], **fields)
    if minutes is not None:
        Activity.objects.create(
            lead=lead,
            kind=Activity.Kind.CALLED,
            by=make_user(""),
            outcome="no_answer",
            at=received_at + timedelta(minutes=minutes),
        )
    return lead


def test_wait_is_what_three_of_four_people_stayed_within(open_by_day):
    for minutes in [3] * 14 + [32] + [170] * 5:
        ask(minutes)

    assert measured_wait(LATER) == 35


def test_who_was_never_called_counts_as_the_longest_wait(open_by_day):
    for minutes in [3] * 14 + [NEVER] * 6:
        ask(minutes)

    assert measured_wait(LATER) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"received_at": ASKED - timedelta(days=20)},
        {"received_at": LATER - timedelta(hours=1)},
        {"received_at": ASKED - timedelta(hours=8)},  # at four in the morning, when nobody answers
        {"times": ["evening"]},
        {"is_quarantined": True},
        {"paused_until": LATER},
    ],
)
def test_who_asked_in_the_night_or_for_another_hour_does_not_count(open_by_day, fields):
    for _ in range(FEWEST - 1):
        ask(3)
    ask(3, **fields)

    without = measured_wait(LATER)
    ask(3)

    assert (without, measured_wait(LATER)) == (None, 5)


def test_who_took_it_back_before_the_first_call_does_not_count(open_by_day):
    for _ in range(FEWEST):
        ask(3)
    for _ in range(FEWEST):
        by_the_person.withdraw(ask(NEVER))

    assert measured_wait(LATER) == 5


@given(st.lists(st.floats(0, 10_000), max_size=60))
def test_three_of_four_stay_within_what_is_said(found):
    minutes = in_round_minutes(found)

    if minutes is not None:
        assert sum(each <= minutes for each in found) >= len(found) * 0.75
        assert minutes % 5 == 0 and 5 <= minutes <= 180


def test_worker_measures_every_ten_minutes(open_by_day):
    for at in (10_000_000.0, 10_000_001.0, 10_000_601.0):
        MeasuredWait.objects.all().delete()
        measure_wait_when_due(at)
        if at == 10_000_001.0:
            assert not MeasuredWait.objects.exists()
        else:
            assert MeasuredWait.objects.get().minutes is None


def test_there_is_one_row():
    publish_wait(35)
    publish_wait(40)
    with pytest.raises(IntegrityError, match="measured_wait_is_one_row"):
        MeasuredWait.objects.create(id=2, minutes=5, measured_at=timezone.now())


def test_number_that_nobody_has_measured_since_says_nothing():
    publish_wait(35)
    fresh = usual_wait()
    MeasuredWait.objects.update(measured_at=timezone.now() - waits.HOLDS - timedelta(minutes=1))
    waits.forget_wait()

    assert (fresh, usual_wait()) == (35, None)


def test_form_asks_once_a_minute_and_not_at_all_while_the_database_is_away(django_assert_num_queries, monkeypatch):
    publish_wait(35)
    with django_assert_num_queries(1):
        assert [usual_wait() for _ in range(5)] == [35] * 5

    def away(*_, **__):
        raise OperationalError

    waits.forget_wait()
    monkeypatch.setattr(MeasuredWait.objects, "filter", away)
    assert usual_wait() is None


@pytest.mark.parametrize(("hour", "is_said"), [(20, True), (12, False)])
def test_form_says_it_while_somebody_answers(open_by_day, client, hour, is_said):
    with time_machine.travel(ASKED.replace(hour=hour), tick=False):
        publish_wait(35)
        response = client.get("/request-a-call/")

    assert bool(response.context["wait"]) is is_said


def test_receipt_says_it_until_that_time_is_over(open_by_day, client):
    said = []
    with time_machine.travel(ASKED, tick=False) as clock:
        publish_wait(35)
        sent = client.post("/request-a-call/", {"phone": "702 555 0163", "consent": "on"})
        for _ in range(2):
            said.append(client.get(sent["Location"]).context["wait"])
            clock.shift(timedelta(minutes=36))

    assert said == [wait_in_words(35), ""]


def test_receipt_for_another_hour_does_not_say_it(open_by_day, client):
    with time_machine.travel(ASKED, tick=False):
        publish_wait(35)
        sent = client.post("/request-a-call/", {"phone": "702 555 0163", "consent": "on", "times": "evening"})
        assert client.get(sent["Location"]).context["wait"] == ""
