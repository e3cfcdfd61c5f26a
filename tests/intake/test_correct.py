"""How to call is asked about on the phone, and what the person says then holds."""

import pytest
from django.utils import timezone

from intake.leads import acts
from intake.leads.models import Lead
from tests.factories import make_lead, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]
AS_IT_IS = {"voicemail": "no", "text": "no", "if_other_answers": "hang_up", "time_zone": "America/Denver"}


@pytest.fixture
def lead(client) -> Lead:
    consultant = make_user()
    sign_in(client, consultant)
    return make_lead(claimed_by=consultant, name="Sam", time_zone="America/Denver")


def correct(client, lead, **answers):
    return client.post(f"/desk/leads/{lead.pk}/correct/", AS_IT_IS | answers)


def test_what_they_say_on_the_phone_holds_from_then_on(client, lead):
    correct(client, lead, voicemail="name_only", times=["evening", "morning"])

    lead.refresh_from_db()
    assert (lead.voicemail, lead.times) == ("name_only", ["morning", "evening"])
    assert lead.activities.get(kind="corrected").detail == {"changed": ["times", "voicemail"]}
    assert lead.safe_until > timezone.now()


def test_that_nothing_changed_is_written_down_too(client, lead):
    correct(client, lead)

    assert lead.activities.get(kind="corrected").detail == {"changed": []}


def test_nobody_is_asked_for_without_a_name(client, lead):
    nameless = make_lead(claimed_by=lead.claimed_by, name="")

    refused = correct(client, nameless, if_other_answers="ask_for_me")

    nameless.refresh_from_db()
    assert (refused.status_code, nameless.if_other_answers) == (422, "hang_up")
    assert refused.context["rules"].has_error("if_other_answers")


def test_only_who_has_the_lead_in_hand_corrects_it(lead):
    with pytest.raises(acts.NotAllowed):
        acts.correct(lead, by=make_user(), voicemail="yes")

    assert Lead.objects.get().voicemail == "no"
