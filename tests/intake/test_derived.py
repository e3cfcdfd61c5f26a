"""What a lead keeps of its answers and its timeline says the same as what it was derived from, whatever happens."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.callbacks.answers import TimeOfDay
from intake.callbacks.inbox import open_messages
from intake.leads.activity import Activity
from intake.leads.acts.by_the_person import pause
from intake.leads.derived import keep_windows
from intake.leads.models import Lead
from tests.factories import make_lead, make_user, receive_lead, send_request

pytestmark = pytest.mark.django_db

ZONES = ("America/Los_Angeles", "America/New_York", "Pacific/Honolulu", "Asia/Tokyo", "America/Denver", "")
HOURS = st.integers(min_value=-72, max_value=72)
RULES = st.fixed_dictionaries(
    {
        "times": st.lists(st.sampled_from(TimeOfDay.values), unique=True),
        "time_zone": st.sampled_from(ZONES),
        "number_zones": st.lists(st.sampled_from(ZONES[:-1]), unique=True, max_size=3),
        "paused_until": st.none() | HOURS.map(lambda hours: timezone.now() + timedelta(hours=hours, minutes=7)),
    }
)
STEPS = [
    {"kind": "called", "outcome": "not_called"},
    {"kind": "called", "outcome": "reached", "detail": {"they_called": True}},
    {"kind": "revealed"},
    {"kind": "called", "outcome": "reached"},
    {"kind": "called", "outcome": "no_answer"},
    {"kind": "changed", "detail": {"changed": ["phone"]}},
    {"kind": "changed", "detail": {"changed": ["name"]}},
    {"kind": "noted"},
]


def kept(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


@settings(max_examples=150)
@given(rules=RULES, waits=HOURS)
def test_kept_window_says_what_the_answers_say_until_it_ends(rules, waits):
    lead = make_lead(**rules)
    now = timezone.now() + timedelta(hours=waits)

    keep_windows(Lead.objects.filter(pk=lead.pk), now)

    lead = kept(lead)
    middle = now + (lead.safe_until - now) / 2
    for moment in (now, middle, lead.safe_until - timedelta(seconds=1)):
        is_safe = lead.safe_from <= moment
        said = lead.safety_at(moment)
        assert (said.is_safe, said.changes_at) == (is_safe, lead.safe_until if is_safe else lead.safe_from)


@pytest.mark.parametrize(
    "change", [{"times": ["evening"]}, {"time_zone": "Asia/Tokyo"}, {"number_zones": ["Asia/Tokyo"]}]
)
def test_window_is_forgotten_with_the_answers_it_was_made_of(change):
    lead = make_lead(times=["morning"], time_zone="America/Denver")
    keep_windows(Lead.objects.all(), timezone.now())

    Lead.objects.update(**change)

    assert (kept(lead).safe_from, kept(lead).safe_until) == (None, None)


def test_window_stays_while_other_things_change():
    lead = make_lead()
    keep_windows(Lead.objects.all(), timezone.now())

    Lead.objects.update(follow_up_at=timezone.now(), is_crisis=True)

    assert kept(lead).safe_until is not None


def test_window_is_there_from_the_first_moment_and_after_a_pause():
    lead = receive_lead()
    at_first = kept(lead).safe_until
    until = timezone.now() + timedelta(days=2)

    pause(lead, until=until)

    assert at_first is not None
    assert kept(lead).safe_from >= until


def test_windows_that_are_over_are_found_anew_and_others_left_alone():
    lead = make_lead()
    now = timezone.now()

    found = [
        keep_windows(Lead.objects.all(), at) for at in (now, now, kept(lead).safe_until or now + timedelta(days=2))
    ]

    assert found == [1, 0, 1]


@settings(max_examples=60)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(min_value=0, max_value=10_000)), unique_by=lambda s: s[1]
    ),
    undone=st.sets(st.integers(min_value=0, max_value=4)),
)
def test_last_calls_are_kept_as_the_timeline_tells_them_in_whatever_order_it_was_written(steps, undone):
    lead, by, now = make_lead(), make_user(""), timezone.now()
    for index, (step, minutes) in enumerate(steps):
        row = Activity.objects.create(lead=lead, by=by, at=now - timedelta(minutes=minutes), **step)
        if index in undone and step["kind"] == "called":
            Activity.objects.create(lead=lead, by=by, kind="undone", detail={"row": str(row.pk), "kind": "called"})

    lead = kept(lead)
    look, last = lead.calls.pending_look, lead.calls.last

    assert (lead.looked_at, lead.looked_by_id) == ((look.at, look.by_id) if look else (None, None))
    assert (lead.last_call_at, lead.last_outcome) == ((last.at, last.outcome) if last else (None, ""))


def test_who_asks_again_after_a_call_waits_for_another():
    lead = receive_lead(note="Please")
    Activity.objects.create(lead=lead, kind="called", outcome="reached", at=timezone.now() - timedelta(minutes=5))
    called = kept(lead).last_outcome

    send_request(note="Please")
    open_messages()

    assert (called, kept(lead).last_outcome, kept(lead).last_call_at) == ("reached", "", None)


def test_migration_fills_older_leads_as_the_trigger_does():
    steps = [step for step in STEPS if step.get("outcome") != "not_called" and "they_called" not in str(step)]
    leads = [make_lead() for _ in steps]  # as they could be then
    for lead, step in zip(leads, steps, strict=True):
        Activity.objects.create(lead=lead, kind="called", outcome="no_answer", at=timezone.now() - timedelta(hours=1))
        Activity.objects.create(lead=lead, by=make_user(""), **step)
    columns = ("pk", "looked_at", "looked_by", "last_call_at", "last_outcome")
    by_trigger = set(Lead.objects.values_list(*columns))
    Lead.objects.update(looked_at=None, looked_by=None, last_call_at=None, last_outcome="")

    with connection.cursor() as cursor:
        cursor.execute(import_module("intake.migrations.0034_last_calls_are_kept").FILL)

    assert set(Lead.objects.values_list(*columns)) == by_trigger
    assert len({row[2:] for row in by_trigger}) > 2
