"""Possible duplicates: found by number, name and birth year, shown to everybody, and told apart for good."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.callbacks.contract import Change
from intake.callbacks.inbox import open_messages
from intake.insurance.models import Coverage
from intake.leads import acts
from intake.leads.acts import NotAllowed
from intake.leads.acts.by_the_person import change_contact
from intake.leads.duplicates import SAME_NAME, SAME_NUMBER, SAME_PERSON, SHOWN, duplicates_of
from intake.leads.lists import SHOW_CLOSED_FOR
from intake.leads.models import Lead
from intake.leads.tokens import LookupToken, tokens_of
from tests.factories import HOW, PHONE, make_coverage, make_lead, make_user, send_request

pytestmark = pytest.mark.django_db


def lead_of(born: str = "", **fields) -> Lead:
    """A lead with its tokens, and insured by a person of that birth date."""
    lead = make_lead(**fields)
    LookupToken.objects.bulk_create(
        tokens_of(lead, reference=lead.reference, phone=lead.phone, name=lead.name), ignore_conflicts=True
    )
    if born:
        coverage = make_coverage(lead=lead)
        coverage.subscriber_born_on = born
        coverage.record(by=make_user(), changed=["subscriber_born_on"])
    return lead


def proposed(lead: Lead) -> dict[Lead, str]:
    lead = Lead.objects.get(pk=lead.pk)
    return {each.lead: each.why.removesuffix(f", {SAME_NAME}") for each in duplicates_of(lead, lead.timeline.all())}


def ago(**spans):
    return timezone.now() - timedelta(**spans)


# --- Found ----------------------------------------------------------------------------------------------------------


def test_open_leads_of_the_same_number_are_proposed_newest_first():
    lead = lead_of(phone=PHONE)
    older, newer = (lead_of(phone=PHONE, received_at=ago(hours=hours)) for hours in (3, 2))
    lead_of()

    assert list(proposed(lead).items()) == [(newer, SAME_NUMBER), (older, SAME_NUMBER)]


def test_same_number_is_the_same_with_another_extension():
    lead, other = lead_of(phone=PHONE), lead_of(phone=f"{PHONE};ext=5")

    assert proposed(lead) == {other: SAME_NUMBER}


@pytest.mark.parametrize(
    ("name", "born", "is_proposed"),
    [
        ("Sam Rivera", "1980-03-27", True),
        ("Rivera, Sam", "1980-12-01", True),
        ("Sam", "1980-03-27", True),
        ("SÁM", "1980-03-27", True),
        ("Sam Rivera", "1981-03-27", False),
        ("Sam Ortega", "1980-03-27", False),
        ("Sam Rivera", "", False),
    ],
)
def test_same_name_counts_with_the_same_birth_year(name, born, is_proposed):
    lead = lead_of("1980-03-27", name="Sam Rivera")
    other = lead_of(born, name=name)

    assert proposed(lead) == ({other: SAME_PERSON} if is_proposed else {})
    assert proposed(other) == ({lead: SAME_PERSON} if is_proposed else {})


def test_birth_year_of_a_subscriber_who_is_somebody_else_is_not_theirs():
    lead = lead_of("1980-03-27", name="Sam Rivera")
    other = lead_of(name="Sam Rivera")
    coverage = make_coverage(lead=other, subscriber_relation=Coverage.Relation.SPOUSE, subscriber_born_on="1980-03-27")
    coverage.record(by=make_user())

    assert proposed(lead) == {}


def test_both_reasons_are_said():
    lead, other = (lead_of("1980-03-27", phone=PHONE, name="Sam") for _ in range(2))

    assert proposed(lead) == {other: f"{SAME_NUMBER}, {SAME_PERSON}"}


def test_birth_year_follows_the_name_and_the_coverage():
    lead, other = lead_of("1980-03-27", name="Sam"), lead_of("1980-03-27", name="Alex")
    change = Change(token="t", phone="", times=[], **HOW | {"name": "Sam"})

    before = proposed(lead)
    change_contact(other, change, at=timezone.now())
    renamed = proposed(lead)
    other.coverages.get().end(by=make_user())

    assert (before, renamed, proposed(lead)) == ({}, {other: SAME_PERSON}, {})


def test_older_leads_are_compared_by_birth_year_after_retoken():
    lead, other = (lead_of("1980-03-27", name="Sam") for _ in range(2))
    LookupToken.objects.filter(kind=LookupToken.Kind.PERSON).delete()

    call_command("retoken", verbosity=0)

    assert proposed(lead) == {other: SAME_PERSON}


def test_birth_year_is_known_from_insurance_that_they_sent(client):
    tokens = [send_request(name="Sam", phone=f"(702) 555-016{end}") for end in (3, 4)]
    for token, born in zip(tokens, ("3/27/1980", "4/2/1980"), strict=True):
        client.post(f"/request/{token}/insurance/", {"payer": "Zebulon Mutual", "subscriber_born_on": born})
    open_messages()
    one, other = Lead.objects.all()

    assert (proposed(one), proposed(other)) == ({other: SAME_PERSON}, {one: SAME_PERSON})


# --- Whom it leaves out ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "is_proposed"),
    [
        ({"close_reason": "declined"}, True),
        ({"close_reason": "declined", "closed_at": ago(days=1) - SHOW_CLOSED_FOR}, False),
        ({"close_reason": "asked_to_stop"}, False),
        ({"close_reason": "spam", "is_quarantined": True}, False),
    ],
)
def test_lead_that_was_closed_lately_is_proposed_unless_it_was_stopped_or_spam(fields, is_proposed):
    lead, closed = lead_of(phone=PHONE), lead_of(phone=PHONE, closed_by=make_user(), **fields)

    assert proposed(lead) == ({closed: SAME_NUMBER} if is_proposed else {})


def test_closed_lead_is_compared_with_open_ones_alone():
    closed, _ = (lead_of(phone=PHONE, closed_by=make_user()) for _ in range(2))
    lead = lead_of(phone=PHONE)

    assert proposed(closed) == {lead: SAME_NUMBER}
    assert [way.kept for way in duplicates_of(closed, [])[0].ways] == [lead]


def test_suspected_and_erased_leads_are_not_proposed():
    lead = lead_of(phone=PHONE)
    lead_of(phone=PHONE, is_quarantined=True)
    erased = lead_of(phone=PHONE, closed_by=make_user())
    acts.erase(erased, by=make_user())

    assert proposed(lead) == {}


def test_merged_lead_is_proposed_through_the_one_that_counts():
    lead, counts, merged = lead_of(phone=PHONE), lead_of(), lead_of(phone=PHONE)
    acts.merge(counts, other=merged, by=make_user())

    assert (proposed(lead), proposed(counts), proposed(merged)) == ({counts: SAME_NUMBER}, {lead: SAME_NUMBER}, {})


def test_long_list_is_cut_and_a_switchboard_costs_no_more():
    lead = lead_of(phone=PHONE)
    for _ in range(SHOWN + 2):
        lead_of(phone=PHONE)

    assert len(proposed(lead)) == SHOWN


def test_three_are_found_with_as_many_queries_as_one():
    lead = lead_of("1980-03-27", phone=PHONE, name="Sam")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            proposed(lead)
        assert not any("COUNT(" in query["sql"] for query in queries)
        return len(queries)

    lead_of("1980-03-27", phone=PHONE, name="Sam", claimed_by=make_user())
    one = count()
    for _ in range(2):
        lead_of("1980-03-27", phone=PHONE, name="Sam", claimed_by=make_user())

    assert count() == one


# --- Who waits for longer -------------------------------------------------------------------------------------------


def test_who_asked_first_is_offered_first_to_count():
    lead, older = lead_of(phone=PHONE), lead_of(phone=PHONE, received_at=ago(hours=3))

    [found] = duplicates_of(lead, [])

    assert found.ways == [(older, True, True), (lead, False, False)]


# --- Told apart -----------------------------------------------------------------------------------------------------


def test_who_was_told_apart_is_not_proposed_again_on_either_page():
    lead, brother = lead_of(phone=PHONE), lead_of(phone=PHONE)
    by = make_user()

    acts.tell_apart(lead, other=brother, by=by)

    assert (proposed(lead), proposed(brother)) == ({}, {})
    rows = [each.activities.get(kind="apart") for each in (lead, brother)]
    assert [(row.by, row.in_words) for row in rows] == [
        (by, f"Not the same person: {brother}"),
        (by, f"Not the same person: {lead}"),
    ]


def test_whoever_is_merged_with_somebody_who_was_told_apart_is_not_proposed_either():
    lead, brother, again = lead_of(phone=PHONE), lead_of(phone=PHONE), lead_of(phone=PHONE)
    by = make_user()
    acts.tell_apart(lead, other=brother, by=by)

    acts.merge(again, other=brother, by=by)

    assert (proposed(lead), proposed(again)) == ({}, {})


@pytest.mark.parametrize("from_other", [False, True])
def test_telling_apart_is_undone_on_both(from_other):
    lead, other = lead_of(phone=PHONE), lead_of(phone=PHONE)
    by = make_user()
    acts.tell_apart(lead, other=other, by=by)

    acts.undo(other if from_other else lead, by=by)

    assert (proposed(lead), proposed(other)) == ({other: SAME_NUMBER}, {lead: SAME_NUMBER})
    assert Lead.objects.get(pk=lead.pk).holder is None


def test_two_that_are_merged_are_not_told_apart_before_that_is_undone():
    lead, other = lead_of(), lead_of()
    by = make_user()
    acts.merge(lead, other=other, by=by)

    with pytest.raises(NotAllowed):
        acts.tell_apart(lead, other=other, by=by)

    assert not lead.timeline.filter(kind="apart").exists()
