"""Undoing: the last act of who did it, for a while, and only until something else happens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from intake.leads import acts
from intake.leads.activity import Activity
from intake.leads.acts.undo import UNDO_WITHIN, last_undoable
from intake.leads.models import Lead
from tests.factories import WHY, make_call, make_lead, make_user, sign_in

pytestmark = pytest.mark.django_db
Reason = Lead.CloseReason


def fresh(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def held_lead(**fields):
    consultant = make_user()
    return make_lead(claimed_by=consultant, **fields), consultant


def test_promise_that_is_undone_leaves_the_one_of_before_and_the_lead_in_hand():
    before = timezone.now() + timedelta(days=3)
    lead, consultant = held_lead(follow_up_at=before)
    acts.follow_up(lead, by=consultant, at=timezone.now() + timedelta(days=1), is_asked_for=True)

    acts.undo(lead, by=consultant)

    assert (fresh(lead).follow_up_at, fresh(lead).holder) == (before, consultant)


def test_outcome_that_is_undone_is_owed_again_and_no_try():
    promised = timezone.now() - timedelta(minutes=5)
    lead, consultant = held_lead(follow_up_at=promised)
    make_call(lead, by=consultant, outcome="wrong_number")

    acts.undo(lead, by=consultant)

    lead = fresh(lead)
    assert (lead.follow_up_at, lead.looked_by, lead.last_outcome) == (promised, consultant, "")
    assert (lead.calls.tries, lead.calls.is_dead_end, lead.calls.owes_outcome(consultant)) == (0, False, True)


@pytest.mark.parametrize("act", ["close", "release"])
def test_lead_that_was_closed_or_given_back_is_in_hand_again(act):
    lead, consultant = held_lead()
    if act == "close":
        acts.close(lead, by=consultant, reason=Reason.UNREACHABLE, note=WHY)
    else:
        acts.release(lead, by=consultant)

    acts.undo(lead, by=consultant)

    assert (fresh(lead).is_closed, fresh(lead).holder) == (False, consultant)
    assert lead.activities.filter(kind="undone").count() == 1


def test_acts_are_undone_one_by_one_from_the_last():
    lead, consultant = held_lead()
    make_call(lead, by=consultant)
    acts.follow_up(lead, by=consultant, at=timezone.now() + timedelta(days=1), is_asked_for=True)

    acts.undo(lead, by=consultant)
    acts.undo(lead, by=consultant)

    assert [row.detail["kind"] for row in lead.activities.filter(kind="undone")] == ["called", "follow_up"]
    with pytest.raises(acts.NotAllowed):
        acts.undo(lead, by=consultant)


@pytest.mark.parametrize("why", ["another", "later", "since", "held", "stopped"])
def test_what_cannot_be_undone_any_more_changes_nothing(why):
    lead, consultant = held_lead()
    if why == "stopped":
        acts.stop(lead, by=consultant)
    else:
        acts.release(lead, by=consultant)
    if why == "later":
        now = timezone.now()
        Activity.objects.create(lead=lead, kind="released", by=consultant, at=now - UNDO_WITHIN)
        lead = make_lead(claimed_by=consultant)
        Activity.objects.create(lead=lead, kind="released", by=consultant, at=now - UNDO_WITHIN)
    if why == "since":
        Activity.objects.create(lead=lead, kind="sent_again")
    if why == "held":
        acts.claim(lead, by=make_user())
    rows = lead.activities.count()

    with pytest.raises(acts.NotAllowed):
        acts.undo(lead, by=make_user() if why == "another" else consultant)

    assert lead.activities.count() == rows


def test_nobody_says_what_came_of_a_call_without_a_look_or_a_call_from_them():
    lead, consultant = held_lead()

    with pytest.raises(acts.NotAllowed):
        acts.record_call(lead, by=consultant, outcome="no_answer")
    acts.record_call(lead, by=consultant, outcome="reached", they_called=True)

    assert (fresh(lead).last_outcome, fresh(lead).calls.tries) == ("reached", 0)


def test_call_from_them_settles_no_look():
    lead, consultant = held_lead()
    acts.reveal(lead, by=consultant, why="For a test.")

    acts.record_call(lead, by=consultant, outcome="reached", they_called=True)

    assert fresh(lead).looked_by == consultant


def test_look_without_a_call_is_settled_and_no_try():
    lead, consultant = held_lead(follow_up_at=timezone.now() - timedelta(minutes=1))
    make_call(lead, by=consultant, outcome="not_called")

    lead = fresh(lead)
    assert (lead.looked_by, lead.last_outcome, lead.calls.tries, lead.is_due) == (None, "", 0, True)


def test_discard_that_is_undone_is_in_quarantine_again_and_in_nobodys_hands():
    decides = make_user("lead")
    lead = make_lead(is_quarantined=True)
    acts.clear_quarantine(lead, by=decides, is_spam=True)

    acts.undo(lead, by=decides)

    lead.refresh_from_db()
    assert (lead.is_closed, lead.is_quarantined, lead.claimed_by) == (False, True, None)


def test_note_offers_to_undo_nothing_and_an_undo_no_other_act(client):
    consultant = make_user()
    sign_in(client, consultant)
    lead = make_lead(claimed_by=consultant)
    make_call(lead, by=consultant, outcome="no_answer")
    button = 'aria-keyshortcuts="u">Undo <kbd'
    address = f"/desk/leads/{lead.pk}/"

    noted = client.post(f"{address}add-note/", {"note": "They sounded tired."}, follow=True)
    promised = client.post(f"{address}record-call/", {"outcome": "reached", "they_called": "on"}, follow=True)
    undone = client.post(f"{address}undo/", follow=True)

    assert [button in page.text for page in (noted, promised, undone)] == [False, True, False]


def test_what_somebody_else_has_in_hand_since_is_undone_by_nobody():
    lead, consultant = held_lead()
    acts.release(lead, by=consultant)
    acts.claim(lead, by=make_user())

    assert last_undoable(Lead.objects.get(), consultant) is None
