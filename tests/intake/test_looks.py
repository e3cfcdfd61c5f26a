"""Name and note are read by whoever works the lead; others who read them stand in the timeline, and are counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from intake.leads import acts
from intake.leads.activity import Activity
from intake.leads.looks import MANY, ONE_LOOK, readers_of_many
from tests.factories import make_lead, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]


def page_of(lead) -> str:
    return f"/desk/leads/{lead.pk}/"


def reads(client, lead) -> bool:
    text = client.get(page_of(lead)).text
    shown = {"Zebulon" in text, "Please speak slowly." in text}
    assert len(shown) == 1
    return shown.pop()


@pytest.mark.parametrize(
    ("state", "is_read"),
    [
        ("free", False),
        ("held by another", False),
        ("mine", True),
        ("in danger", True),
        ("closed", True),
        ("quarantined", True),
    ],
)
def test_name_and_note_are_masked_until_they_are_needed(client, state, is_read):
    me, another = make_user(), make_user()
    fields = {
        "free": {},
        "held by another": {"claimed_by": another},
        "mine": {"claimed_by": me},
        "in danger": {"is_crisis": True},
        "closed": {"closed_by": another},
        "quarantined": {"is_quarantined": True},
    }[state]
    lead = make_lead(name="Zebulon", note="Please speak slowly.", **fields)
    sign_in(client, me)

    assert reads(client, lead) == is_read
    assert lead.activities.filter(kind="read", by=me).count() == (is_read and state != "mine")


def test_what_was_merged_is_read_with_a_row_of_its_own_also_by_who_has_the_other_in_hand(client):
    me = make_user()
    mine, stranger = make_lead(claimed_by=me), make_lead(name="Zebulon", note="Please speak slowly.")
    acts.merge(mine, other=stranger, by=me)
    sign_in(client, me)

    client.get(page_of(stranger))
    acts.unmerge(stranger, by=me)

    assert stranger.activities.filter(kind="read", by=me).count() == 1


@pytest.mark.usefixtures("insurance_is_shown")
def test_insurance_is_read_with_a_row_that_says_so(client):
    me = make_user()
    lead = make_lead(closed_by=make_user())
    sign_in(client, me)

    for _ in range(2):
        client.get(f"{page_of(lead)}insurance/")

    assert [row.in_words for row in lead.activities.filter(kind="read", by=me)] == ["Name and note read: insurance"]


def test_note_of_a_colleague_is_for_who_has_the_lead_in_hand(client):
    me, colleague = make_user(), make_user()
    lead = make_lead()
    acts.add_note(lead, by=colleague, note="Her husband must not know.")
    acts.add_note(lead, by=me, note="I passed her the line.")
    sign_in(client, me)

    before = client.get(page_of(lead)).text
    acts.claim(lead, by=me)
    after = client.get(page_of(lead)).text

    assert ["must not know" in text for text in (before, after)] == [False, True]
    assert "passed her the line" in before


def test_list_of_the_quarantine_is_a_look_at_each_on_it_and_no_alarm(client):
    me, now = make_user(), timezone.now()
    leads = [make_lead(is_quarantined=True) for _ in range(MANY + 1)]
    sign_in(client, me)

    for _ in range(2):
        assert client.get("/desk/queue/?show=quarantine").context["rows"]

    looks = Activity.objects.filter(kind="read", by=me)
    assert sorted(looks.values_list("lead", flat=True)) == sorted(lead.pk for lead in leads)
    assert readers_of_many(now + timedelta(minutes=1)) == []


def test_page_that_is_loaded_again_is_the_same_look(client):
    me = make_user()
    lead = make_lead(name="Zebulon", is_crisis=True)
    Activity.objects.create(lead=lead, kind="read", by=me, at=timezone.now() - ONE_LOOK)
    sign_in(client, me)

    for _ in range(3):
        client.get(page_of(lead))

    assert lead.activities.filter(kind="read").count() == 2


def test_who_reads_of_very_many_people_is_named_to_who_answers_for_it(client):
    busy, other = make_user(), make_user()
    now = timezone.now()
    for index in range(MANY + 1):
        lead = make_lead()
        Activity.objects.create(lead=lead, kind="claimed" if index % 2 else "read", by=busy, at=now)
        Activity.objects.create(lead=lead, kind="read", by=other, at=now - timedelta(hours=index % 2, minutes=1))

    texts = []
    for role in ("lead", "consultant"):
        sign_in(client, make_user(role))
        texts.append(client.get("/desk/queue/").text)

    assert [(reader.user, reader.leads) for reader in readers_of_many(now)] == [(busy, MANY + 1)]
    assert [f"read of {MANY + 1} people" in text.replace("\n", " ") for text in texts] == [True, False]
