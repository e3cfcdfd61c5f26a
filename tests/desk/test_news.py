"""Who works on one person learns that another may be in danger."""

import pytest

from intake.leads import acts
from tests.factories import make_lead, make_user, sign_in

pytestmark = pytest.mark.django_db


def is_told(client, lead) -> bool:
    return client.get(f"/desk/leads/{lead.pk}/news/").json()["crisis"]


def test_lead_page_is_told_of_another_in_danger_until_somebody_takes_them(client):
    sign_in(client, user := make_user())
    in_hand = make_lead(claimed_by=user)
    assert not is_told(client, in_hand)

    other = make_lead(is_crisis=True)
    assert is_told(client, in_hand)
    assert not is_told(client, other)  # its own page shows it

    colleague = make_user()
    acts.claim(other, by=colleague)
    assert not is_told(client, in_hand)
    acts.reveal(other, by=colleague)
    acts.release(other, by=colleague)
    assert not is_told(client, in_hand)  # may be on the phone


def test_news_are_for_who_works_at_the_desk(client):
    lead = make_lead()
    sign_in(client, make_user("editor"))

    assert client.get(f"/desk/leads/{lead.pk}/news/").status_code in (302, 403, 404)
