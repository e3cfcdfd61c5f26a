"""Who may be in danger is called at any hour, and neither rests nor is closed before a hand-over is recorded."""

from datetime import timedelta

import pytest
from django.utils import timezone

from intake.leads import acts
from intake.leads.acts.stop import stop_by_the_person
from intake.leads.models import Lead
from tests.factories import WHY, make_call, make_lead, make_user, sign_in

pytestmark = pytest.mark.django_db
NIGHT = {"times": ["evening"], "time_zone": "", "number_zones": ["Asia/Tokyo", "America/Los_Angeles"]}


def in_danger(**fields):
    consultant = make_user()
    return make_lead(is_crisis=True, claimed_by=consultant, **fields), consultant


def hand_over(lead, by, *, at=None):
    acts.hand_over(lead, by=by, to="988", at=at or timezone.now(), agreed="They stay on the line together.")


def rest(lead, by):
    acts.follow_up(lead, by=by, at=timezone.now() + timedelta(days=1), is_asked_for=True)


def shut(lead, by):
    acts.close(lead, by=by, reason=Lead.CloseReason.EMERGENCY, note=WHY)


@pytest.mark.parametrize("act", [rest, shut])
def test_lead_in_danger_neither_rests_nor_is_closed_without_a_hand_over(act):
    lead, consultant = in_danger()
    make_call(lead, by=consultant, outcome="reached")

    with pytest.raises(acts.NotAllowed):
        act(lead, consultant)
    hand_over(lead, make_user())
    act(lead, consultant)

    assert lead.activities.first().kind == ("follow_up" if act is rest else "closed")


def test_who_writes_again_is_handed_over_again():
    lead, consultant = in_danger()
    hand_over(lead, consultant)
    lead.activities.create(kind="sent_again")

    with pytest.raises(acts.NotAllowed):
        shut(lead, consultant)


def test_hand_over_says_to_whom_when_and_what_was_agreed():
    lead, consultant = in_danger()
    at = timezone.now() - timedelta(minutes=3)

    hand_over(lead, consultant, at=at)

    row = lead.activities.get()
    assert (row.detail, row.by, row.note.body) == (
        {"to": "988", "at": at.isoformat()},
        consultant,
        "They stay on the line together.",
    )
    with pytest.raises(acts.NotAllowed):
        hand_over(lead, consultant, at=timezone.now() + timedelta(minutes=3))


def test_who_may_be_in_danger_is_called_at_any_hour_without_a_reason():
    lead, consultant = in_danger(paused_until=timezone.now() + timedelta(days=1))

    assert acts.reveal(lead, by=consultant) == lead.phone


def test_person_may_take_back_a_request_that_nobody_handed_over():
    lead, _ = in_danger()

    stop_by_the_person(lead, at=timezone.now())

    assert Lead.objects.get(pk=lead.pk).is_closed


def test_hand_over_is_recorded_on_the_page_without_a_claim(client, roles):
    lead = make_lead(is_crisis=True)
    sign_in(client, make_user())

    refused = client.post(f"/desk/leads/{lead.pk}/hand-over/", {"to": "911", "agreed": ""})
    client.post(f"/desk/leads/{lead.pk}/hand-over/", {"to": "911", "agreed": "An ambulance is on its way."})

    assert (refused.status_code, lead.activities.filter(kind="handed_over").count()) == (422, 1)
    assert lead.activities.get(kind="handed_over").handed_to == "911"
    assert not Lead.objects.get().owes_hand_over


def test_nothing_is_written_about_somebody_who_was_erased():
    lead, consultant = in_danger()
    hand_over(lead, consultant)
    shut(lead, consultant)
    acts.erase(lead, by=None)
    rows = lead.activities.count()

    with pytest.raises(acts.NotAllowed):
        hand_over(lead, consultant)

    assert lead.activities.count() == rows


def test_hand_over_says_in_words_what_was_agreed():
    lead, consultant = in_danger()

    with pytest.raises(acts.NotAllowed):
        acts.hand_over(lead, by=consultant, to="911", at=timezone.now(), agreed="ok")


def test_hand_over_that_is_undone_is_owed_again():
    lead, consultant = in_danger()
    hand_over(lead, consultant)

    acts.undo(lead, by=consultant)

    assert Lead.objects.get().owes_hand_over
    with pytest.raises(acts.NotAllowed):
        shut(lead, consultant)


def test_stop_of_who_may_be_in_danger_waits_for_the_hand_over_too():
    lead, consultant = in_danger()

    with pytest.raises(acts.NotAllowed):
        acts.stop(lead, by=consultant)
    hand_over(lead, consultant)
    acts.stop(lead, by=consultant)

    assert Lead.objects.get().is_stopped


def test_stop_over_another_lead_of_the_number_waits_for_the_hand_over_too():
    lead, consultant = in_danger()
    other = make_lead(phone=lead.phone)

    with pytest.raises(acts.NotAllowed, match=lead.reference):
        acts.stop(other, by=consultant)

    assert not Lead.objects.filter(closed_at__isnull=False).exists()
