"""The claim guard: one number is in one pair of hands, for as long as somebody works on it, and can be passed on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.callbacks.contract import Change
from intake.leads import acts
from intake.leads.acts import NotAllowed
from intake.leads.acts.by_the_person import change_contact
from intake.leads.acts.claim import CLAIM_LASTS, FULL, MOST_IN_HAND
from intake.leads.models import Lead
from intake.leads.next_act import NextAct
from intake.leads.queue import queue_of
from tests.factories import HOW, PHONE, WHY, make_lead, make_user, page_of, sign_in
from tests.intake.at_once import at_once

db = pytest.mark.django_db


def fresh(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def holders(leads: list[Lead]) -> list:
    return [fresh(lead).holder for lead in leads]


def claim(lead: Lead, person):
    return lambda: acts.claim(fresh(lead), by=person)


# --- One number, one pair of hands ----------------------------------------------------------------------------------


@db
def test_number_that_a_colleague_has_in_hand_over_another_lead_cannot_be_claimed():
    me, colleague = make_user(), make_user()
    held, same = make_lead(phone=PHONE, claimed_by=colleague), make_lead(phone=PHONE)

    with pytest.raises(NotAllowed, match=held.reference):
        acts.claim(same, by=me)

    assert fresh(same).holder is None


@db
@pytest.mark.parametrize("why", ["own", "lapsed", "extension", "closed"])
def test_number_is_free_to_who_has_it_in_hand_and_to_all_when_nobody_has(why):
    me, colleague = make_user(), make_user()
    other = make_lead(
        phone=f"{PHONE};ext=5" if why == "extension" else PHONE, claimed_by=me if why == "own" else colleague
    )
    lead = make_lead(phone=PHONE)
    if why == "lapsed":
        Lead.objects.filter(pk=other.pk).update(claim_lapses_at=timezone.now())
    if why == "closed":
        acts.close(other, by=colleague, reason=Lead.CloseReason.DUPLICATE, note=WHY)

    acts.claim(lead, by=me)

    assert fresh(lead).holder == me


@db
def test_claim_on_one_lead_shows_in_the_queue_on_all_of_its_number():
    me, colleague = make_user(), make_user()
    make_lead(phone=PHONE, claimed_by=colleague)
    same = make_lead(phone=PHONE)

    acts_of = {
        person: next(row.act for row in queue_of(Lead.objects.all(), person).page("now", "1") if row.pk == same.pk)
        for person in (me, colleague)
    }

    assert acts_of == {me: NextAct.IN_HAND, colleague: NextAct.CALL}


@db
def test_lead_whose_new_number_a_colleague_has_in_hand_is_left_to_them():
    first, second = make_user(), make_user()
    make_lead(phone=PHONE, claimed_by=first)
    moving = make_lead(claimed_by=second)

    change_contact(moving, Change(token="x", phone=PHONE, times=[], **HOW), at=timezone.now())

    assert (fresh(moving).holder, moving.activities.filter(kind="lapsed").count()) == (None, 1)


def test_fifty_who_claim_at_once_never_hold_one_number_twice(committed):
    people = [make_user("") for _ in range(50)]
    numbers = [f"+1702555{n:04d}" for n in range(100, 105)]
    leads = [make_lead(phone=numbers[n % 5]) for n in range(10)]

    results = at_once(*[claim(leads[n % 10], person) for n, person in enumerate(people)])

    held = [(lead.contact_point_id, lead.holder) for lead in Lead.objects.exclude(claimed_by=None)]
    assert len(held) == len({point for point, _ in held}) == len(numbers)
    assert sorted({type(result) for result in results}, key=str) == [type(None), NotAllowed]
    assert results.count(None) == len(numbers)


# --- A ceiling ------------------------------------------------------------------------------------------------------


@db
def test_claims_in_one_hand_have_a_ceiling():
    me = make_user()
    held = [make_lead(claimed_by=me) for _ in range(MOST_IN_HAND)]
    lead = make_lead()

    with pytest.raises(NotAllowed, match=FULL):
        acts.claim(lead, by=me)
    refused = fresh(lead).holder
    acts.claim(held[0], by=me)
    acts.release(held[0], by=me)
    acts.claim(lead, by=me)

    assert (refused, fresh(lead).holder, lead.activities.count()) == (None, me, 1)


@db
def test_who_may_be_in_danger_is_claimed_above_the_ceiling():
    me = make_user()
    for _ in range(MOST_IN_HAND):
        make_lead(claimed_by=me)
    lead = make_lead(is_crisis=True)

    acts.claim(lead, by=me)

    assert fresh(lead).holder == me


def test_who_claims_many_at_once_keeps_below_the_ceiling(committed):
    me = make_user("")
    leads = [make_lead() for _ in range(MOST_IN_HAND + 3)]

    at_once(*[claim(lead, me) for lead in leads])

    assert holders(leads).count(me) == MOST_IN_HAND


# --- For as long as somebody works ----------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(
    ("left", "kept"), [(timedelta(minutes=1), CLAIM_LASTS), (timedelta(minutes=50), timedelta(minutes=50))]
)
def test_claim_is_renewed_for_who_types_and_never_shortened(client, left, kept):
    me = make_user()
    sign_in(client, me)
    lead = make_lead(claimed_by=me, claim_lapses_at=timezone.now() + left)

    response = client.post(f"{page_of(lead)}keep-claim/")

    assert abs(response.json()["seconds"] - kept.total_seconds()) < 30
    assert abs(fresh(lead).claim_lapses_at - timezone.now() - kept) < timedelta(seconds=30)
    assert lead.activities.count() == 0


@db
@pytest.mark.parametrize("why", ["lapsed", "a colleague's", "nobody's", "closed"])
def test_claim_that_one_does_not_have_is_not_renewed(client, why):
    me = make_user()
    sign_in(client, me)
    fields = {
        "lapsed": {"claimed_by": me, "claim_lapses_at": timezone.now()},
        "a colleague's": {"claimed_by": make_user()},
        "nobody's": {},
        "closed": {"closed_by": me},
    }
    lead = make_lead(**fields[why])

    response = client.post(f"{page_of(lead)}keep-claim/")

    assert (response.status_code, response.json()) == (409, {"seconds": 0})
    assert fresh(lead).claim_lapses_at == lead.claim_lapses_at


@db
def test_page_says_who_has_a_lead_in_hand_and_since_when(client):
    me, colleague = make_user(), make_user(first_name="Ana", last_name="Lopez")
    sign_in(client, me)
    lead = make_lead(claimed_by=colleague, claimed_at=timezone.now() - timedelta(minutes=7))

    text = " ".join(client.get(page_of(lead)).text.split())

    assert f"Ana Lopez</strong> since {timezone.localtime(lead.claimed_at):%H:%M}" in text


# --- Passed on ------------------------------------------------------------------------------------------------------


@db
def test_holder_passes_all_that_they_hold_of_the_number_on_to_a_colleague():
    me, colleague = make_user(), make_user()
    lead, same = make_lead(phone=PHONE, claimed_by=me), make_lead(phone=PHONE, claimed_by=me)
    other = make_lead(claimed_by=me)

    acts.pass_on(lead, by=me, to=colleague, note="She expects us at six")

    row = lead.activities.get()
    assert holders([lead, same, other]) == [colleague, colleague, me]
    assert (row.kind, row.by, row.note.body) == ("passed_on", me, "She expects us at six")
    assert row.in_words.endswith(f"from {me.username} to {colleague.username}")


@db
@pytest.mark.parametrize(("role", "may"), [("consultant", False), ("lead", True), ("manager", True)])
def test_lead_consultant_and_manager_take_a_lead_out_of_a_colleagues_hands(client, role, may):
    me, holder, third = make_user(role), make_user(), make_user()
    sign_in(client, me)
    lead = make_lead(claimed_by=holder)

    page = client.get(page_of(lead)).text
    response = client.post(f"{page_of(lead)}pass-on/", {"to": third.pk})

    assert ("pass-on-to" in page, response.status_code) == (may, 302 if may else 409)
    assert fresh(lead).holder == (third if may else holder)


@db
def test_lead_consultant_takes_a_lead_into_their_own_hands():
    me, holder = make_user("lead"), make_user()
    lead = make_lead(claimed_by=holder)

    acts.pass_on(lead, by=me, to=me)

    with pytest.raises(NotAllowed):
        acts.reveal(lead, by=holder)
    assert fresh(lead).holder == me


@db
@pytest.mark.parametrize("to", ["manager", "editor", "gone", "the holder", "somebody with full hands", "nobody"])
def test_lead_is_passed_on_only_to_who_can_work_it(client, to):
    me = make_user()
    sign_in(client, me)
    lead = make_lead(claimed_by=me)
    busy = make_user()
    for _ in range(MOST_IN_HAND):
        make_lead(claimed_by=busy)
    people = {"gone": make_user(is_active=False), "the holder": me, "somebody with full hands": busy}
    person = people.get(to) or (None if to == "nobody" else make_user(to))

    response = client.post(f"{page_of(lead)}pass-on/", {"to": person.pk if person else ""})

    assert response.status_code in (409, 422)
    assert (fresh(lead).holder, lead.activities.count()) == (me, 0)


@db
def test_lead_that_nobody_has_in_hand_is_claimed_and_not_passed_on():
    lead = make_lead()

    with pytest.raises(NotAllowed, match="can be claimed"):
        acts.pass_on(lead, by=make_user("lead"), to=make_user())


@db
def test_page_asks_as_often_for_three_colleagues_as_for_one(client):
    me = make_user()
    sign_in(client, me)
    lead = make_lead(claimed_by=me)
    make_user()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(lead)).status_code == 200
        return len(queries)

    count()
    for_one = count()
    make_user(), make_user()

    assert count() == for_one
