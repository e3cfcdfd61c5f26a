"""The claim guard: one number is in one pair of hands, for as long as somebody works on it, and can be passed on."""

import pytest
from django.utils import timezone

from intake.callbacks.contract import Change
from intake.leads import acts
from intake.leads.acts import NotAllowed
from intake.leads.acts.by_the_person import change_contact
from intake.leads.acts.claim import FULL, MOST_IN_HAND
from intake.leads.models import Lead
from intake.leads.next_act import NextAct
from intake.leads.queue import queue_of
from tests.factories import HOW, PHONE, make_lead, make_user
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
        acts.close(other, by=colleague, reason=Lead.CloseReason.DUPLICATE)

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


def test_who_claims_many_at_once_keeps_below_the_ceiling(committed):
    me = make_user("")
    leads = [make_lead() for _ in range(MOST_IN_HAND + 3)]

    at_once(*[claim(lead, me) for lead in leads])

    assert holders(leads).count(me) == MOST_IN_HAND
