"""The contact budget: a number is tried as often as the visitor was told, and beyond that only for a reason."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.callbacks.inbox import open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import token_hash
from intake.callbacks.tries import COOL_DOWN, DAY, TRIES, TRIES_A_DAY, tries_in_words
from intake.leads import acts
from intake.leads.activity import Activity, CallOutcome, Doubt
from intake.leads.acts import NotAllowed
from intake.leads.budget import Budget
from intake.leads.contact_point import ContactPoint
from intake.leads.derived import keep_windows
from intake.leads.doubts import SPENT, TOO_SHORT, doubts_about, just_rung
from intake.leads.models import Lead
from intake.leads.next_act import NextAct, with_next_act
from tests.factories import (
    PHONE,
    WHY,
    make_call,
    make_lead,
    make_user,
    page_of,
    put_at_noon,
    receive_lead,
    send_request,
    sign_in,
)
from tests.intake.at_once import at_once

pytestmark = pytest.mark.django_db

NOW = timezone.now()
Status = CallbackMessage.PublicStatus


def ago(**spans):
    return timezone.now() - timedelta(**spans)


def tried(lead: Lead, *hours: float, outcome: str = "no_answer", by=None) -> Lead:
    for each in hours:
        Activity.objects.create(lead=lead, kind="called", outcome=outcome, at=ago(hours=each), by=by)
    return Lead.objects.get(pk=lead.pk)


def spent(**fields) -> Lead:
    return tried(make_lead(received_at=ago(days=9), **fields), *(30 * each for each in range(1, TRIES + 1)))


def doubts(lead: Lead, by=None) -> list[Doubt]:
    lead = Lead.objects.get(pk=lead.pk)
    return [said.doubt for said in doubts_about(lead, by or make_user(""))]


def act_of(lead: Lead, user=None) -> NextAct:
    return NextAct(with_next_act(Lead.objects.filter(pk=lead.pk), user or make_user(""), timezone.now()).get().act)


def in_queue(lead: Lead) -> Lead:
    keep_windows(Lead.objects.all(), timezone.now())
    return lead


# --- What is counted ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["no_answer", "left_message", "other_answered", "line_dead", "wrong_number"])
def test_call_that_reaches_nobody_is_a_try(outcome):
    lead = tried(make_lead(), 2, outcome=outcome)

    assert lead.contact_point.budget.left == TRIES - 1


def test_person_who_was_reached_has_a_new_budget():
    lead = tried(tried(make_lead(), 5, 4), 3, outcome="reached")

    lead = tried(lead, 2)

    assert lead.contact_point.budget.left == TRIES - 1


def test_tries_belong_to_the_number_over_whichever_lead():
    first, second = make_lead(phone=PHONE), make_lead(phone=PHONE)
    tried(first, 40), tried(second, 70)

    assert [Lead.objects.get(pk=lead.pk).contact_point.budget.left for lead in (first, second)] == [TRIES - 2] * 2


def test_each_extension_has_its_own_tries():
    five, six = make_lead(phone=f"{PHONE};ext=5"), make_lead(phone=f"{PHONE};ext=6")
    tried(five, 2)

    assert Lead.objects.get(pk=six.pk).contact_point.budget.left == TRIES


@pytest.mark.parametrize("note", ["Please", "Another matter"])
def test_new_request_of_the_person_starts_a_new_budget(note):
    lead = tried(receive_lead(note="Please"))
    Activity.objects.create(lead=lead, kind="called", outcome="no_answer", by=make_user(""))

    send_request(note=note)
    open_messages()

    assert ContactPoint.objects.get().budget.left == TRIES


def test_suspected_request_starts_a_new_budget_only_when_somebody_says_it_is_a_person():
    lead = tried(make_lead(phone=PHONE), 1)
    suspected = make_lead(phone=PHONE, is_quarantined=True)
    Activity.objects.create(lead=suspected, kind="received")
    before = Lead.objects.get(pk=lead.pk).contact_point.budget.left

    acts.clear_quarantine(suspected, by=make_user("lead"), is_spam=False)

    assert (before, Lead.objects.get(pk=lead.pk).contact_point.budget.left) == (TRIES - 1, TRIES)


def test_new_number_of_a_lead_has_not_been_tried():
    lead = tried(make_lead(), 3)
    Activity.objects.create(lead=lead, kind="changed", detail={"changed": ["phone"]}, at=ago(hours=2))

    assert Lead.objects.get(pk=lead.pk).contact_point.budget.left == TRIES


STEPS = [
    {"kind": "called", "outcome": "no_answer"},
    {"kind": "called", "outcome": "line_dead"},
    {"kind": "called", "outcome": "reached"},
    {"kind": "sent_again"},
    {"kind": "changed", "detail": {"changed": ["phone"]}},
    {"kind": "changed", "detail": {"changed": ["name"]}},
    {"kind": "noted"},
]


def tries_in_python(leads: list[Lead]) -> list:
    """The same rule, read from the timelines row by row."""
    rows = []
    for lead in leads:
        own = list(lead.activities.order_by("at"))
        new_number = [n for n, row in enumerate(own) if row.detail.get("changed") == ["phone"]]
        rows += own[new_number[-1] if new_number else 0 :]
    kept = []
    for row in sorted(rows, key=lambda row: row.at):
        if row.outcome == "reached" or row.kind == "sent_again" or row.detail.get("changed") == ["phone"]:
            kept = []
        elif row.kind == "called":
            kept.append(row.at)
    return kept[::-1]


@settings(max_examples=80)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(min_value=1, max_value=9999), st.booleans()),
        unique_by=lambda step: step[1],
    )
)
def test_tries_are_kept_as_the_timelines_tell_them(steps):
    first = make_lead()
    leads = [first, make_lead(phone=first.phone)]
    for step, minutes, is_second in sorted(steps, key=lambda step: -step[1]):
        Activity.objects.create(lead=leads[is_second], at=ago(minutes=minutes), **step)
    kept = ContactPoint.objects.get(pk=leads[0].contact_point_id).tried_at
    told = tries_in_python(leads)

    with connection.cursor() as cursor:
        ContactPoint.objects.update(tried_at=[])
        cursor.execute(import_module("intake.migrations.0036_older_tries_are_counted").FILL)

    filled = ContactPoint.objects.get(pk=leads[0].contact_point_id).tried_at
    assert (kept, filled) == (told, told)


# --- What is left, and when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tries", "rests_for"),
    [
        ([], None),
        ([timedelta(minutes=20)], COOL_DOWN - timedelta(minutes=20)),
        ([COOL_DOWN], None),
        ([timedelta(hours=3)] * TRIES_A_DAY, DAY - timedelta(hours=3)),
        ([DAY] * TRIES_A_DAY, None),
    ],
)
def test_number_rests_after_each_try_and_until_the_next_day_after_those_of_a_day(tries, rests_for):
    until = Budget([NOW - each for each in tries]).rests_until(NOW)

    assert until == (NOW + rests_for if rests_for else None)


@pytest.mark.parametrize("hours", [[], [0.5], [1.5], [3, 5], [25, 26], [30, 60], [30, 60, 90], [30, 60, 90, 120]])
def test_queue_says_the_same_of_the_budget_as_the_number_itself(hours):
    lead = in_queue(tried(make_lead(), *hours))
    budget = lead.contact_point.budget

    said = NextAct.DECIDE if budget.is_spent else NextAct.RETRY if budget.rests_until(timezone.now()) else NextAct.CALL
    assert act_of(lead) == said


# --- Where the number is revealed -----------------------------------------------------------------------------------


def test_number_that_rests_is_not_revealed_without_a_reason():
    by = make_user()
    lead = tried(make_lead(claimed_by=by), 0.5, by=by)

    with pytest.raises(NotAllowed):
        acts.reveal(lead, by=by)

    assert (doubts(lead, by), acts.reveal(lead, by=by, why=WHY)) == ([Doubt.COOL_DOWN], lead.phone)


def test_spent_budget_is_overridden_in_words_alone_and_the_timeline_counts_it():
    by = make_user()
    lead = spent(claimed_by=by)

    refusals = []
    for why in ("", "  ", "x", "x y z", "because", "12 34 56 78", "!!! ???"):
        with pytest.raises(NotAllowed) as refusal:
            acts.reveal(lead, by=by, why=why)
        refusals.append(str(refusal.value))
    acts.reveal(lead, by=by, why=WHY)

    overrides = Activity.objects.filter(detail__in_spite_of__contains=Doubt.SPENT)
    assert refusals == [SPENT] * 2 + [TOO_SHORT] * 5
    assert [(row.by, row.note.body, row.in_spite_of) for row in overrides] == [(by, WHY, Doubt.SPENT.label)]


def test_all_that_speaks_against_a_call_is_said_and_written_down():
    by = make_user()
    lead = tried(make_lead(claimed_by=by, paused_until=timezone.now() + timedelta(days=1)), 0.5, outcome="line_dead")

    acts.reveal(lead, by=by, why=WHY)

    row = lead.activities.get(kind="revealed")
    assert row.detail == {"is_safe": False, "in_spite_of": ["hours", "dead_end", "cool_down"]}


def test_person_in_crisis_is_called_in_spite_of_the_budget():
    lead = spent(is_crisis=True)

    assert doubts(lead) == []


def test_look_that_nothing_speaks_against_is_no_override():
    by = make_user()
    lead = make_lead(claimed_by=by)

    acts.reveal(lead, by=by)

    assert lead.activities.get(kind="revealed").in_spite_of == ""


def test_page_says_what_is_left_and_asks_for_a_reason_when_nothing_is(client):
    by = make_user()
    sign_in(client, by)
    fresh, used = make_lead(claimed_by=by), spent(claimed_by=by)

    pages = [client.get(page_of(lead)) for lead in (fresh, used)]
    refused = client.post(f"{page_of(used)}reveal/", {"why": "x"})

    assert [lead.contact_point.budget.in_words in page.text for lead, page in zip((fresh, used), pages, strict=True)]
    assert ["reveal-why" in page.text for page in pages] == [False, True]
    assert SPENT in pages[1].text
    assert (refused.status_code, used.phone in refused.text) == (409, False)


# --- What is next ---------------------------------------------------------------------------------------------------


def test_lead_of_a_spent_budget_waits_for_a_decision():
    assert act_of(in_queue(spent())) == NextAct.DECIDE


def test_lead_of_a_number_that_another_lead_spent_waits_for_a_decision_too():
    spent(phone=PHONE)

    assert act_of(in_queue(make_lead(phone=PHONE))) == NextAct.DECIDE


def test_promise_that_is_due_comes_before_the_decision():
    assert act_of(in_queue(spent(follow_up_at=ago(minutes=5)))) == NextAct.DUE


def test_who_asked_again_after_a_spent_budget_is_called():
    lead = receive_lead()
    for minutes in range(TRIES):
        Activity.objects.create(lead=lead, kind="called", outcome="no_answer", at=ago(minutes=minutes - 9))
    put_at_noon()
    before = act_of(in_queue(lead))
    Activity.objects.create(lead=lead, kind="sent_again", at=ago(minutes=-30))

    assert (before, act_of(lead)) == (NextAct.DECIDE, NextAct.CALL)


# --- Just called ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_same_lead", [True, False])
def test_page_says_first_that_somebody_else_just_rang_this_number(client, is_same_lead):
    me, ana = make_user(), make_user(first_name="Ana", last_name="Lopez")
    sign_in(client, me)
    lead = make_lead(phone=PHONE, claimed_by=me)
    rung = lead if is_same_lead else make_lead(phone=PHONE)
    tried(rung, 2 / 60, by=ana)

    page = client.get(page_of(lead))

    said = just_rung(lead, me, timezone.now())
    assert ("Ana Lopez" in said, "no answer" in said, rung.reference in said) == (True, True, not is_same_lead)
    assert page.text.index(said.split(",")[0]) < page.text.index("Before you call")
    assert "reveal-why" in page.text


@pytest.mark.parametrize("kind", ["revealed", "called"])
def test_number_that_somebody_else_just_rang_is_revealed_only_for_a_reason(kind):
    me, other = make_user(), make_user()
    lead, same = make_lead(phone=PHONE, claimed_by=me, is_crisis=True), make_lead(phone=PHONE)
    Activity.objects.create(lead=same, kind=kind, outcome="no_answer" if kind == "called" else "", by=other)

    with pytest.raises(NotAllowed):
        acts.reveal(lead, by=me)

    assert (doubts(lead, me), acts.reveal(lead, by=me, why=WHY)) == ([Doubt.JUST_CALLED], PHONE)


@pytest.mark.parametrize(
    ("hours", "phone", "is_own"), [(1.1, PHONE, False), (0.1, f"{PHONE};ext=5", False), (0.1, PHONE, True)]
)
def test_older_call_one_of_another_extension_and_ones_own_are_no_news(hours, phone, is_own):
    me, other = make_user(), make_user()
    lead = make_lead(phone=PHONE)
    tried(make_lead(phone=phone), hours, by=me if is_own else other, outcome="reached")

    assert just_rung(lead, me, timezone.now()) == ""


def test_calls_of_one_number_over_two_leads_are_counted_one_after_the_other(committed):
    people = [make_user("") for _ in range(4)]
    leads = [make_lead(phone=PHONE, claimed_by=person) for person in people]
    for lead, person in zip(leads, people, strict=True):
        acts.reveal(lead, by=person, why="For a test.")

    def call(lead: Lead, person):
        return lambda: acts.record_call(lead, by=person, outcome=CallOutcome.NO_ANSWER)

    assert at_once(*map(call, leads, people)) == [None] * 4
    assert len(ContactPoint.objects.get().tried_at) == 4


# --- What the visitor is told ---------------------------------------------------------------------------------------


def read(client, address: str) -> str:
    """The page with its unbroken spaces as others."""
    return client.get(address).text.replace("\N{NO-BREAK SPACE}", " ")


def receipt_of(client, token: str) -> str:
    return read(client, reverse("intake:receipt", args=[token]))


@pytest.mark.parametrize("address", ["/request-a-call/", "/es/request-a-call/"])
def test_form_says_how_often_we_try(client, address):
    with override("es" if "/es/" in address else "en"):
        said = tries_in_words()

    page = read(client, address)

    assert (said in page, str(TRIES) in said, str(TRIES_A_DAY) in said) == (True, True, True)


def test_receipt_says_how_often_we_try_and_then_that_we_have(client):
    token = send_request()
    open_messages()
    put_at_noon()
    lead, by = Lead.objects.get(), make_user()
    waiting = receipt_of(client, token)
    acts.claim(lead, by=by)

    said = []
    for _ in range(TRIES):
        make_call(lead, by=by)
        said.append((tries_in_words() in receipt_of(client, token), status_of(token)))

    assert tries_in_words() in waiting
    assert said == [(True, Status.TRIED)] * (TRIES - 1) + [(False, Status.TRIED_OUT)]


def test_receipt_of_somebody_in_danger_names_no_limit(client):
    token = send_request(note="I took an overdose")

    assert tries_in_words() not in receipt_of(client, token)


def status_of(token: str) -> str:
    return CallbackMessage.objects.get(token_hash=token_hash(token)).public_status
