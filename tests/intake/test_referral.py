"""Nobody whom we cannot admit is sent away without another place to ask."""

from datetime import timedelta

import pytest
from django.utils import timezone

from facilities.directory.referral import VERIFIED_FOR, ReferralPlace
from intake.leads import acts
from intake.leads.models import Lead
from tests.factories import WHY, make_lead, make_user, sign_in

pytestmark = pytest.mark.django_db
REASONS = ["not_suitable", "payer_not_accepted", "no_bed"]


def make_place(**fields):
    return ReferralPlace.objects.create(
        **{"name": "Silver Mesa", "kind": "withdrawal", "verified_on": timezone.localdate(), **fields}
    )


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("answer", ["referred", "declined"])
def test_who_cannot_be_admitted_is_referred_or_declines_it(client, roles, reason, answer):
    consultant = make_user()
    lead, place = make_lead(claimed_by=consultant), make_place()
    sign_in(client, consultant)
    answers = {"referred_to": place.pk} if answer == "referred" else {"declined_referral": "on"}

    refused = client.post(f"/desk/leads/{lead.pk}/close/", {"reason": reason, "note": "They were kind."})
    client.post(f"/desk/leads/{lead.pk}/close/", {"reason": reason, "note": WHY, **answers})

    kept = {"referred_to": place.name} if answer == "referred" else {"declined_referral": "yes"}
    assert (refused.status_code, "They were kind." in refused.text) == (409, True)
    assert lead.activities.get(kind="closed").detail == {"reason": reason, **kept}


def test_other_closes_need_no_referral():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)

    acts.close(lead, by=consultant, reason=Lead.CloseReason.ADMITTED, note=WHY)

    assert lead.activities.get().detail == {"reason": "admitted"}


def test_place_that_was_asked_long_ago_says_so_before_it_is_chosen(client, roles):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    fresh = make_place(takes="Medicaid")
    stale = make_place(name="Juniper", verified_on=timezone.localdate() - VERIFIED_FOR - timedelta(days=1))
    sign_in(client, consultant)

    text = client.get(f"/desk/leads/{lead.pk}/").text

    assert (fresh.is_stale, stale.is_stale) == (False, True)
    assert fresh.in_words in text
    assert stale.in_words in text


def test_place_that_is_gone_meanwhile_is_an_error_and_keeps_the_note(client, roles):
    consultant = make_user()
    lead, place = make_lead(claimed_by=consultant), make_place()
    sign_in(client, consultant)
    gone = place.pk
    place.delete()

    refused = client.post(
        f"/desk/leads/{lead.pk}/close/", {"reason": "no_bed", "referred_to": gone, "note": "They were kind."}
    )

    assert (refused.status_code, "They were kind." in refused.text) == (422, True)
    assert lead.activities.count() == 0
