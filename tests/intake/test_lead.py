"""The acts on a lead: what each changes, what it writes into the timeline, and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from intake.leads import acts
from intake.leads.activity import Activity, CallOutcome, Note
from intake.leads.acts import NotAllowed
from intake.leads.acts.claim import CLAIM_LASTS
from intake.leads.calls import CALL_LASTS
from intake.leads.forms import NOTE_LENGTH, ActForm, NoteForm
from intake.leads.models import Lead, LeadMessage
from intake.leads.tokens import LookupToken
from tests.factories import (
    WHY,
    make_call,
    make_lead,
    make_user,
    make_verification,
    receive_lead,
    sign_in,
    zone_where_it_is,
)
from tests.intake.at_once import at_once

Reason = Lead.CloseReason
NOT_YOURS = "(?i)nothing was changed"
TAKEN = "Somebody else has just taken this one. Choose another from the queue."
CLOSED = "This lead is closed. Reopen it first."
SOON = timedelta(seconds=5)
WORK = {
    "release": lambda lead, by: acts.release(lead, by=by),
    "reveal": lambda lead, by: acts.reveal(lead, by=by),
    "record_call": lambda lead, by: acts.record_call(lead, by=by, outcome=CallOutcome.REACHED, they_called=True),
    "follow_up": lambda lead, by: acts.follow_up(lead, by=by, at=timezone.now() + timedelta(hours=1), note=WHY),
    "close": lambda lead, by: acts.close(lead, by=by, reason=Reason.REFERRED, note=WHY),
}
db = pytest.mark.django_db
FREE = {
    "claimed_by": None,
    "claimed_at": None,
    "claim_lapses_at": None,
    "follow_up_at": None,
    "closed_at": None,
    "closed_by": None,
    "close_reason": "",
    "is_quarantined": False,
}


def receive_closed_lead(*, by, **answers):
    lead = receive_lead(**answers)
    acts.claim(lead, by=by)
    acts.close(lead, by=by, reason=Reason.UNREACHABLE, note=WHY)
    return lead


def timeline(lead: Lead) -> list[tuple]:
    """Every row of the timeline, oldest first: kind, outcome, detail, who, and the note's text."""
    rows = lead.activities.order_by("at").select_related("note", "by")
    return [(row.kind, row.outcome, row.detail, row.by, row.note.body if row.note else None) for row in rows]


def state(lead: Lead) -> dict:
    """What the acts change, as the database has it."""
    fresh = Lead.objects.get(pk=lead.pk)
    return {name: getattr(fresh, name) for name in FREE}


def is_soon(moment: datetime, after: timedelta = timedelta(0)) -> bool:
    """Whether a moment is `after` from now, give or take the time that a test takes."""
    return abs(moment - timezone.now() - after) < SOON


def lapse(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(claim_lapses_at=timezone.now() - timedelta(seconds=1))
    lead.refresh_from_db()


# --- Claim ----------------------------------------------------------------------------------------------------------


@db
def test_claim_puts_the_lead_in_ones_hands_for_15_minutes():
    lead, consultant = make_lead(), make_user()

    acts.claim(lead, by=consultant)

    found = Lead.objects.get()
    assert timedelta(minutes=15) == CLAIM_LASTS == found.claim_lapses_at - found.claimed_at
    assert (found.holder, found.claimed_by, is_soon(found.claimed_at)) == (consultant, consultant, True)
    assert timeline(lead) == [("claimed", "", {}, consultant, None)]


@db
def test_claimed_lead_cannot_be_claimed_by_another():
    first, second = make_user(), make_user()
    lead = make_lead(claimed_by=first)
    before = state(lead)

    with pytest.raises(NotAllowed, match=TAKEN):
        acts.claim(lead, by=second)

    assert (state(lead), timeline(lead)) == (before, [])


@db
def test_lead_in_ones_hands_can_be_claimed_again_and_lasts_longer():
    consultant = make_user()
    soon = timezone.now() + timedelta(minutes=1)
    lead = make_lead(claimed_by=consultant, claim_lapses_at=soon)

    acts.claim(lead, by=consultant)

    assert is_soon(state(lead)["claim_lapses_at"], after=CLAIM_LASTS)
    assert timeline(lead) == []


@db
def test_lapsed_claim_is_nobodys_and_may_be_taken_over():
    first, second = make_user(), make_user()
    lead = make_lead(claimed_by=first)
    lapse(lead)
    holder = lead.holder

    acts.claim(lead, by=second)

    assert (holder, Lead.objects.get().holder) == (None, second)
    assert timeline(lead) == [("claimed", "", {}, second, None)]


@db
@pytest.mark.parametrize(
    ("where", "said"),
    [("closed", "This lead has been closed meanwhile."), ("quarantined", "This one is in quarantine.")],
)
def test_closed_and_quarantined_lead_cannot_be_claimed(where, said):
    consultant = make_user()
    lead = make_lead(closed_by=consultant) if where == "closed" else make_lead(is_quarantined=True)

    with pytest.raises(NotAllowed, match=said):
        acts.claim(lead, by=consultant)

    assert (state(lead)["claimed_by"], timeline(lead)) == (None, [])


def test_of_two_who_claim_at_once_exactly_one_wins(committed):
    lead, consultants = make_lead(), [make_user(""), make_user("")]

    results = at_once(*[lambda who=who: acts.claim(Lead.objects.get(pk=lead.pk), by=who) for who in consultants])

    [winner] = [who for who, result in zip(consultants, results, strict=True) if result is None]
    [refusal] = [str(result) for result in results if result is not None]
    assert (Lead.objects.get().holder, refusal) == (winner, TAKEN)
    assert timeline(lead) == [("claimed", "", {}, winner, None)]


def test_of_eight_who_claim_a_lapsed_lead_at_once_exactly_one_wins(committed):
    lead, consultants = make_lead(claimed_by=make_user("")), [make_user("") for _ in range(8)]
    lapse(lead)

    results = at_once(*[lambda who=who: acts.claim(Lead.objects.get(pk=lead.pk), by=who) for who in consultants])

    assert sorted(str(result) for result in results) == ["None", *[TAKEN] * 7]
    assert len(timeline(lead)) == 1


# --- What only the holder may do ------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("act", WORK)
@pytest.mark.parametrize("holder", ["nobody", "another", "lapsed"])
def test_work_needs_the_claim(act, holder):
    consultant = make_user()
    lead = make_lead(claimed_by={"nobody": None, "another": make_user(), "lapsed": consultant}[holder])
    if holder == "lapsed":
        lapse(lead)
    before = state(lead)

    with pytest.raises(NotAllowed, match=NOT_YOURS):
        WORK[act](lead, consultant)

    assert (state(lead), timeline(lead)) == (before, [])


@db
@pytest.mark.parametrize("act", WORK)
def test_closed_lead_cannot_be_worked_on(act):
    consultant = make_user()
    lead = make_lead(closed_by=make_user())
    before = state(lead)

    with pytest.raises(NotAllowed, match=CLOSED):
        WORK[act](lead, consultant)

    assert (state(lead), timeline(lead)) == (before, [])


@db
@pytest.mark.parametrize("act", WORK)
def test_stale_copy_of_a_lead_does_not_outlive_a_lost_claim(act):
    consultant = make_user()
    stale = make_lead(claimed_by=consultant)
    Lead.objects.update(claimed_by=make_user())

    with pytest.raises(NotAllowed, match=NOT_YOURS):
        WORK[act](stale, consultant)

    assert timeline(stale) == []


@db
@pytest.mark.parametrize(("act", "lasts"), [("reveal", CALL_LASTS), ("record_call", CLAIM_LASTS)])
def test_work_makes_the_claim_last_longer(act, lasts):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant, claim_lapses_at=timezone.now() + timedelta(minutes=1))

    WORK[act](lead, consultant)

    assert is_soon(state(lead)["claim_lapses_at"], after=lasts)


@db
def test_claim_lasts_an_hour_from_the_look_and_no_act_shortens_it():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    acts.reveal(lead, by=consultant)

    acts.record_call(lead, by=consultant, outcome=CallOutcome.REACHED)

    assert timedelta(minutes=60) == CALL_LASTS
    assert is_soon(state(lead)["claim_lapses_at"], after=CALL_LASTS)


@db
@pytest.mark.parametrize(("is_calling", "lasts"), [(True, CALL_LASTS), (False, CLAIM_LASTS)])
def test_note_of_the_holder_makes_the_claim_last_longer(is_calling, lasts):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    if is_calling:
        acts.reveal(lead, by=consultant)
    Lead.objects.update(claim_lapses_at=timezone.now() + timedelta(minutes=1))

    acts.add_note(lead, by=consultant, note="They are looking for the card.")

    assert is_soon(state(lead)["claim_lapses_at"], after=lasts)


@db
def test_note_of_another_does_not_touch_the_claim():
    lead = make_lead(claimed_by=make_user())
    before = state(lead)

    acts.add_note(lead, by=make_user(), note="A note")

    assert state(lead) == before


@db
@pytest.mark.parametrize("meanwhile", ["lapsed", "taken over", "called by another", "closed"])
def test_who_saw_the_number_may_say_what_came_of_the_call_after_losing_the_claim(meanwhile):
    consultant, colleague = make_user(), make_user()
    lead = make_lead(claimed_by=consultant)
    acts.reveal(lead, by=consultant)
    lapse(lead)
    if meanwhile != "lapsed":
        acts.claim(lead, by=colleague)
    if meanwhile == "called by another":
        acts.reveal(lead, by=colleague, why="My colleague fell ill")
    if meanwhile == "closed":
        acts.close(lead, by=colleague, reason=Reason.UNREACHABLE, note=WHY)
    holder = Lead.objects.get().holder

    acts.record_call(lead, by=consultant, outcome=CallOutcome.REACHED)

    assert timeline(lead)[-1] == ("called", "reached", {}, consultant, None)
    assert (
        Lead.objects.get().holder == holder == (colleague if meanwhile in ("taken over", "called by another") else None)
    )


@db
def test_one_look_at_the_number_gives_one_outcome_after_the_claim():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    acts.reveal(lead, by=consultant)
    lapse(lead)
    acts.record_call(lead, by=consultant, outcome=CallOutcome.NO_ANSWER)

    with pytest.raises(NotAllowed, match=NOT_YOURS):
        acts.record_call(lead, by=consultant, outcome=CallOutcome.NO_ANSWER)

    assert [row[0] for row in timeline(lead)] == ["revealed", "called"]


@db
def test_call_settles_a_promise_that_is_due_and_no_other():
    consultant, now = make_user(), timezone.now()
    due = make_lead(claimed_by=consultant, follow_up_at=now - timedelta(minutes=1))
    coming = make_lead(claimed_by=consultant, follow_up_at=now + timedelta(hours=1))

    for lead in (due, coming):
        make_call(lead, by=consultant)

    assert [state(lead)["follow_up_at"] for lead in (due, coming)] == [None, now + timedelta(hours=1)]


@db
@pytest.mark.parametrize("outcome", ["line_dead", "wrong_number"])
def test_number_that_led_nowhere_is_revealed_again_only_for_a_reason(outcome):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    make_call(lead, by=consultant, outcome=outcome)

    with pytest.raises(NotAllowed, match=r"The last call found a dead line or a wrong number."):
        acts.reveal(lead, by=consultant)
    phone = acts.reveal(lead, by=consultant, why="I misdialled.")

    assert phone == "+17025550163"
    detail = {"is_safe": True, "in_spite_of": ["dead_end", "cool_down"]}
    assert timeline(lead)[2:] == [("revealed", "", detail, consultant, "I misdialled.")]


@db
def test_lapsed_claim_is_freed_once():
    lead = make_lead(claimed_by=make_user())
    lapse(lead)

    acts.lapse(lead)
    acts.lapse(lead)

    assert (state(lead), timeline(lead)) == (FREE, [("lapsed", "", {}, None, None)])


@db
def test_release_gives_the_lead_back_to_the_queue():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)

    acts.release(lead, by=consultant)

    assert state(lead) == FREE
    assert timeline(lead) == [("released", "", {}, consultant, None)]


# --- Reveal ---------------------------------------------------------------------------------------------------------


@db
def test_reveal_gives_the_number_and_records_the_look():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant, phone="+17025550163;ext=5")

    phone = acts.reveal(lead, by=consultant)

    assert phone == "+17025550163;ext=5"
    assert timeline(lead) == [("revealed", "", {"is_safe": True}, consultant, None)]


@db
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_reveal_outside_the_safe_hours_needs_a_reason(reason):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant, time_zone=zone_where_it_is(2))

    with pytest.raises(NotAllowed, match=r"It is not a safe time to call. Say why you must call now, or wait."):
        acts.reveal(lead, by=consultant, why=reason)

    assert timeline(lead) == []


@db
def test_reveal_outside_the_safe_hours_records_the_reason():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant, time_zone=zone_where_it_is(2))

    phone = acts.reveal(lead, by=consultant, why="She asked on the phone to be called back at once.")

    assert phone == "+17025550163"
    reason = "She asked on the phone to be called back at once."
    detail = {"is_safe": False, "in_spite_of": ["hours"]}
    assert timeline(lead) == [("revealed", "", detail, consultant, reason)]


@db
def test_hours_the_person_did_not_choose_are_not_safe():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant, time_zone=zone_where_it_is(14), times=["morning", "evening"])

    with pytest.raises(NotAllowed, match="It is not a safe time to call"):
        acts.reveal(lead, by=consultant)

    assert timeline(lead) == []


# --- Calls ----------------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("outcome", [outcome for outcome in CallOutcome if outcome != CallOutcome.ASKED_TO_STOP])
def test_outcome_of_a_call_is_recorded_and_the_lead_stays_in_hand(outcome):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant, voicemail="yes")

    make_call(lead, by=consultant, outcome=outcome)

    assert timeline(lead)[1:] == [("called", outcome, {}, consultant, None)]
    assert (Lead.objects.get().holder, Lead.objects.get().is_closed) == (consultant, False)


@db
def test_no_message_may_be_recorded_where_the_person_wants_none():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant, voicemail="no")

    with pytest.raises(NotAllowed, match=r"This person asked for no message."):
        make_call(lead, by=consultant, outcome="left_message")

    assert [row[0] for row in timeline(lead)] == ["revealed"]


@db
def test_who_asked_to_stop_is_closed_at_once():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)

    acts.record_call(lead, by=consultant, outcome=CallOutcome.ASKED_TO_STOP)

    after = state(lead)
    assert is_soon(after.pop("closed_at"))
    assert after == {name: FREE[name] for name in after} | {"closed_by": consultant, "close_reason": "asked_to_stop"}
    assert timeline(lead) == [
        ("called", "asked_to_stop", {}, consultant, None),
        ("closed", "", {"reason": "asked_to_stop"}, consultant, None),
    ]


@db
@pytest.mark.parametrize("where", ["nobody has it", "a colleague has it", "quarantined", "closed"])
def test_stop_needs_no_claim(where):
    consultant, colleague = make_user(), make_user()
    fields = {"a colleague has it": {"claimed_by": colleague}, "closed": {"closed_by": colleague}}
    lead = make_lead(is_quarantined=where == "quarantined", **fields.get(where, {}))

    acts.record_call(lead, by=consultant, outcome=CallOutcome.ASKED_TO_STOP)

    found = Lead.objects.get()
    assert (found.is_stopped, found.closed_by, found.claimed_by) == (True, consultant, None)
    assert [row[:2] for row in timeline(lead)] == [("called", "asked_to_stop"), ("closed", "")]


@db
def test_stop_that_is_sent_twice_is_one():
    lead, consultant = make_lead(), make_user()

    acts.record_call(lead, by=consultant, outcome=CallOutcome.ASKED_TO_STOP)
    acts.record_call(lead, by=consultant, outcome=CallOutcome.ASKED_TO_STOP)

    assert len(timeline(lead)) == 2


@db
def test_holder_hears_that_the_person_asked_to_stop():
    holder = make_user()
    lead = make_lead(claimed_by=holder)
    acts.record_call(Lead.objects.get(), by=make_user(), outcome=CallOutcome.ASKED_TO_STOP)

    with pytest.raises(NotAllowed, match="This person asked not to be contacted"):
        acts.reveal(lead, by=holder)

    assert len(timeline(lead)) == 2


@db
def test_stop_closes_every_open_lead_of_the_number_and_no_other():
    consultant = make_user()
    lead, second = receive_lead(note="one"), receive_lead(note="two", phone="702 555 0163")
    other_person = receive_lead(phone="(702) 555-0164")
    closed = receive_lead(note="three")
    Lead.objects.filter(pk=closed.pk).update(closed_at=timezone.now(), closed_by=consultant, close_reason="unreachable")

    acts.record_call(lead, by=consultant, outcome=CallOutcome.ASKED_TO_STOP)

    reasons = [Lead.objects.get(pk=one.pk).close_reason for one in (lead, second, other_person, closed)]
    assert reasons == ["asked_to_stop", "asked_to_stop", "", "unreachable"]
    assert timeline(second)[1:] == [("closed", "", {"reason": "asked_to_stop", "on": lead.reference}, consultant, None)]
    assert second.activities.get(kind="closed").close_reason == f"Asked not to be contacted, on {lead.reference}"


@db
def test_stop_of_one_extension_leaves_the_others_of_the_switchboard_open():
    lead = receive_lead(phone="(702) 555-0163 ext. 12")
    same, other = receive_lead(phone="702-555-0163 x12", name="Lu"), receive_lead(phone="(702) 555-0163 ext. 7")

    acts.record_call(lead, by=make_user(), outcome=CallOutcome.ASKED_TO_STOP)

    assert [Lead.objects.get(pk=one.pk).is_stopped for one in (lead, same, other)] == [True, True, False]


def test_two_stops_of_one_number_at_once_do_not_wait_for_each_other(committed):
    leads, consultant = [receive_lead(note="one"), receive_lead(note="two")], make_user("")

    results = at_once(
        *[lambda one=one: acts.record_call(one, by=consultant, outcome=CallOutcome.ASKED_TO_STOP) for one in leads]
    )

    assert results == [None, None]
    assert [Lead.objects.get(pk=one.pk).is_stopped for one in leads] == [True, True]


@db
def test_closed_lead_of_a_number_that_asked_to_stop_cannot_be_reopened():
    consultant = make_user()
    closed = receive_closed_lead(by=consultant, note="one")
    acts.record_call(receive_lead(note="two"), by=consultant, outcome=CallOutcome.ASKED_TO_STOP)

    with pytest.raises(NotAllowed, match="Somebody at this number asked not to be contacted"):
        acts.reopen(closed, by=consultant)

    assert Lead.objects.get(pk=closed.pk).is_closed


@db
def test_closed_lead_of_another_extension_than_the_one_that_asked_to_stop_can_be_reopened():
    consultant = make_user()
    closed = receive_closed_lead(by=consultant, phone="(702) 555-0163 ext. 7")
    stopped = receive_lead(phone="(702) 555-0163 ext. 12")
    acts.record_call(stopped, by=consultant, outcome=CallOutcome.ASKED_TO_STOP)

    acts.reopen(closed, by=consultant)

    assert [Lead.objects.get(pk=one.pk).is_closed for one in (closed, stopped)] == [False, True]


@db
def test_who_asked_to_stop_cannot_be_reopened():
    consultant = make_user()
    lead = make_lead(closed_by=consultant, close_reason=Reason.ASKED_TO_STOP)
    before = state(lead)

    with pytest.raises(NotAllowed, match=r"Only a new request from them opens it again."):
        acts.reopen(lead, by=make_user("lead"))

    assert (state(lead), timeline(lead), lead.is_stopped) == (before, [], True)


# --- Notes and follow-ups -------------------------------------------------------------------------------------------


@db
def test_note_goes_into_the_timeline_and_needs_no_claim():
    lead, consultant = make_lead(claimed_by=make_user()), make_user()

    acts.add_note(lead, by=consultant, note="Sister called.\nShe will call again.")

    assert timeline(lead) == [("noted", "", {}, consultant, "Sister called.\nShe will call again.")]
    assert Note.objects.get().written_by == consultant


@db
def test_text_of_a_note_is_apart_from_the_timeline_and_encrypted():
    lead = make_lead()

    acts.add_note(lead, by=make_user(), note="canary in a coal mine")

    rows = [*Activity.objects.values_list(), *Note.objects.values_list()]
    parts = [part for row in rows for part in row]
    everything = b"".join(bytes(part) if isinstance(part, memoryview) else str(part).encode() for part in parts)
    assert b"canary" not in everything


@db
def test_follow_up_is_a_promise_and_frees_the_lead():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    at = timezone.now() + timedelta(hours=3)

    acts.follow_up(lead, by=consultant, at=at, is_asked_for=True)

    assert state(lead) == FREE | {"follow_up_at": at}
    assert timeline(lead) == [("follow_up", "", {"at": at.isoformat()}, consultant, None)]
    assert lead.activities.get().promised_for == at
    assert (Lead.objects.get().is_snoozed, Lead.objects.get().is_overdue) == (True, False)


@db
def test_follow_up_in_the_past_is_refused():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)

    with pytest.raises(NotAllowed, match=r"The follow-up time has passed already. Choose a later one."):
        acts.follow_up(lead, by=consultant, at=timezone.now() - timedelta(seconds=1))

    assert (timeline(lead), state(lead)["follow_up_at"], Lead.objects.get().holder) == ([], None, consultant)


@db
def test_follow_up_more_than_three_months_away_is_refused():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    far = timezone.now() + timedelta(days=90, minutes=1)

    with pytest.raises(NotAllowed, match=r"That is more than three months away. Check the year."):
        acts.follow_up(lead, by=consultant, at=far)

    assert (timeline(lead), state(lead)["follow_up_at"]) == ([], None)


@db
@pytest.mark.parametrize("year", [1, 1969, 3000, 9999])
def test_promise_that_no_page_can_show_cannot_be_stored(year):
    lead = make_lead()

    with pytest.raises(IntegrityError, match="lead_follow_up_in_our_age"), transaction.atomic():
        Lead.objects.update(follow_up_at=datetime(year, 6, 1, tzinfo=UTC))

    assert state(lead) == FREE


@db
@pytest.mark.parametrize(("seconds", "is_overdue"), [(1, False), (61, True)])
def test_follow_up_whose_time_has_come_is_due_and_after_a_minute_overdue(seconds, is_overdue):
    lead = make_lead(follow_up_at=timezone.now() - timedelta(seconds=seconds))

    assert (lead.is_due, lead.is_overdue, lead.is_snoozed) == (True, is_overdue, False)


# --- Close, reopen, quarantine --------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("reason", sorted({*Reason} - {*Lead.NEED_REFERRAL, Reason.MERGED}))
def test_close_records_who_when_and_why(reason):
    consultant = make_user("lead")
    lead = make_lead(claimed_by=consultant)

    acts.close(lead, by=consultant, reason=reason, note=WHY)

    after = state(lead)
    assert is_soon(after.pop("closed_at"))
    assert after == {name: FREE[name] for name in after} | {"closed_by": consultant, "close_reason": reason}
    assert timeline(lead) == [("closed", "", {"reason": reason}, consultant, WHY)]
    assert lead.activities.get().close_reason == reason.label


@db
def test_reopened_lead_is_back_with_its_old_waiting_time():
    consultant, other = make_user(), make_user()
    received_at = timezone.now() - timedelta(days=2)
    lead = make_lead(closed_by=consultant, received_at=received_at)

    acts.reopen(lead, by=other)

    assert (state(lead), Lead.objects.get().received_at) == (FREE, received_at)
    assert timeline(lead) == [("reopened", "", {}, other, None)]
    assert list(Lead.objects.open()) == [lead]


@db
def test_reopened_lead_has_the_promise_again_that_the_close_took():
    consultant, at = make_user(), timezone.now() + timedelta(days=1)
    lead = make_lead(claimed_by=consultant, follow_up_at=at)
    acts.close(lead, by=consultant, reason=Reason.DUPLICATE, note=WHY)
    while_closed = state(lead)["follow_up_at"]

    acts.reopen(lead, by=consultant)

    assert (while_closed, state(lead)) == (None, FREE | {"follow_up_at": at})


@db
@pytest.mark.parametrize(
    "act",
    [
        lambda lead, by: acts.close(lead, by=by, reason=Reason.UNREACHABLE, note=WHY),
        lambda lead, by: acts.release(lead, by=by),
    ],
    ids=["close", "release"],
)
def test_act_that_is_sent_twice_is_one(act):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)

    act(lead, consultant)
    act(lead, consultant)

    assert len(timeline(lead)) == 1


@db
def test_open_lead_cannot_be_reopened():
    lead = make_lead()

    with pytest.raises(NotAllowed, match=r"This lead is open already."):
        acts.reopen(lead, by=make_user())

    assert timeline(lead) == []


@db
def test_person_in_quarantine_is_let_into_the_queue():
    lead, decider = make_lead(is_quarantined=True), make_user("lead")

    acts.clear_quarantine(lead, by=decider, is_spam=False)

    assert state(lead) == FREE
    assert timeline(lead) == [("cleared", "", {}, decider, None)]


@db
def test_spam_in_quarantine_is_closed_and_can_be_brought_back():
    lead, decider = make_lead(is_quarantined=True), make_user("lead")

    acts.clear_quarantine(lead, by=decider, is_spam=True)

    closed = Lead.objects.get()
    assert (closed.closed_by, closed.close_reason) == (decider, "spam")
    assert timeline(lead) == [("closed", "", {"reason": "spam"}, decider, None)]

    acts.reopen(lead, by=decider)

    assert list(Lead.objects.quarantined()) == [lead]


@db
@pytest.mark.parametrize("is_spam", [True, False])
@pytest.mark.parametrize("where", ["in the queue", "closed"])
def test_quarantine_is_decided_once(where, is_spam):
    decider = make_user("lead")
    lead = make_lead() if where == "in the queue" else make_lead(is_quarantined=True, closed_by=decider)
    before = state(lead)

    with pytest.raises(NotAllowed, match=r"Somebody has decided about this one already."):
        acts.clear_quarantine(lead, by=decider, is_spam=is_spam)

    assert (state(lead), timeline(lead)) == (before, [])


def test_two_who_decide_about_a_quarantined_lead_at_once_decide_once(committed):
    lead, decider = make_lead(is_quarantined=True), make_user("")

    results = at_once(*[lambda: acts.clear_quarantine(Lead.objects.get(pk=lead.pk), by=decider, is_spam=True)] * 2)

    assert sorted(str(result) for result in results) == ["None", "Somebody has decided about this one already."]
    assert len(timeline(lead)) == 1


# --- Many rows ------------------------------------------------------------------------------------------------------


@db
def test_open_leads_are_neither_closed_nor_quarantined():
    open_lead, _, quarantined = make_lead(), make_lead(closed_by=make_user()), make_lead(is_quarantined=True)

    assert (list(Lead.objects.open()), list(Lead.objects.quarantined())) == ([open_lead], [quarantined])


@db
def test_leads_closed_more_than_a_week_ago_are_not_recent():
    consultant, now = make_user(), timezone.now()
    recent = make_lead(closed_by=consultant, closed_at=now - timedelta(days=6))
    make_lead(closed_by=consultant, closed_at=now - timedelta(days=8))

    assert list(Lead.objects.recently_closed()) == [recent]


@db
@pytest.mark.parametrize(
    ("role", "sees"), [("consultant", 1), ("lead", 1), ("manager", 1), ("editor", 0), ("reviewer", 0), ("", 0)]
)
def test_leads_are_visible_to_the_desk_alone(role, sees):
    make_lead()

    assert Lead.objects.visible_to(make_user(role)).count() == sees


# --- The database itself --------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(
    "change",
    [
        lambda row: Activity.objects.filter(pk=row.pk).update(kind="noted"),
        lambda row: row.save(),
        lambda row: row.delete(),
    ],
    ids=["update", "save", "delete"],
)
def test_timeline_cannot_be_changed_in_the_database(change):
    lead, consultant = make_lead(), make_user()
    acts.claim(lead, by=consultant)

    with pytest.raises(DatabaseError, match=r"Cannot (update|delete) rows from intake_activity"), transaction.atomic():
        change(lead.activities.get())

    assert timeline(lead) == [("claimed", "", {}, consultant, None)]


@db
@pytest.mark.parametrize(
    "change",
    [lambda row: type(row).objects.update(status="inactive"), lambda row: row.delete()],
    ids=["update", "delete"],
)
def test_verification_cannot_be_changed_in_the_database(change):
    answer = make_verification(representative="Pat")

    with pytest.raises(DatabaseError, match=r"Cannot (update|delete) rows from intake_verif"), transaction.atomic():
        change(answer)

    answer.refresh_from_db()
    assert answer.status == "active"


@db
@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("lead_closed_all_or_nothing", {"closed_at": timezone.now()}),
        ("lead_closed_all_or_nothing", {"close_reason": "spam"}),
        ("lead_closed_all_or_nothing", {"closed_at": timezone.now(), "close_reason": "spam"}),
        ("lead_claimed_all_or_nothing", {"claimed_at": timezone.now()}),
        ("lead_claimed_all_or_nothing", {"claim_lapses_at": timezone.now()}),
        ("lead_claimed_all_or_nothing", {"claimed_at": timezone.now(), "claim_lapses_at": timezone.now()}),
    ],
)
def test_half_a_claim_and_half_a_close_cannot_be_stored(constraint, fields):
    lead = make_lead()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Lead.objects.update(**fields)

    assert state(lead) == FREE


@db
@pytest.mark.parametrize(("kind", "outcome"), [("called", ""), ("claimed", "reached")])
def test_calls_and_only_calls_have_an_outcome(kind, outcome):
    lead = make_lead()

    with pytest.raises(IntegrityError, match="activity_outcome_of_calls_only"), transaction.atomic():
        Activity.objects.create(lead=lead, kind=kind, outcome=outcome)

    assert timeline(lead) == []


@db
def test_message_belongs_to_one_lead_only():
    message = receive_lead().messages.get().message

    with pytest.raises(IntegrityError, match="message_id"), transaction.atomic():
        LeadMessage.objects.create(lead=make_lead(), message=message)

    assert LeadMessage.objects.count() == 1


@db
def test_token_is_stored_once_for_a_lead():
    token = receive_lead().lookup_tokens.first()

    with pytest.raises(IntegrityError, match="lookuptoken_once"), transaction.atomic():
        LookupToken.objects.create(lead=token.lead, received_at=token.received_at, kind=token.kind, token=token.token)

    assert LookupToken.objects.filter(kind=token.kind, token=token.token).count() == 1


@db
def test_names_of_rows_hold_nothing_personal():
    lead = receive_lead(name="Zebulon Quux", phone="(702) 555-0163", note="canary in a coal mine")
    acts.add_note(lead, by=make_user(), note="canary in a coal mine")
    answer = make_verification(representative="Zebulon", call_reference="canary")
    rows = [
        lead,
        lead.messages.get(),
        lead.messages.get().message,
        *lead.lookup_tokens.all(),
        *lead.activities.all(),
        lead.notes.get(),
        answer,
        answer.coverage,
    ]

    names = " ".join(f"{row} {row!r}" for row in rows)

    assert [canary for canary in ("Zebulon", "Quux", "5550163", "canary", "XEA9") if canary in names] == []


@db
@pytest.mark.parametrize(
    ("phone", "masked"), [("+17025550163", "•••• 63"), ("+17025550163;ext=12", "•••• 63"), ("", "•••• ")]
)
def test_masked_number_shows_two_digits_of_it(phone, masked):
    assert make_lead(phone=phone).masked_phone == masked


def test_note_counts_a_line_break_as_one_character_as_the_browser_does():
    note = "line\r\n" * (NOTE_LENGTH // 5)

    forms = [form({"note": text}) for form in (NoteForm, ActForm) for text in (note[:-2] + "x", note + "xx")]

    assert [form.is_valid() for form in forms] == [True, False, True, False]
    assert forms[0].cleaned_data["note"].count("\n") == NOTE_LENGTH // 5 - 1


# --- What no call has shown is said in words ------------------------------------------------------------------------


@db
@pytest.mark.parametrize("reason", [each for each in Reason if each not in (*Lead.NOT_CHOSEN, Reason.SPAM)])
def test_lead_that_nobody_called_is_closed_only_with_a_reason_in_words(reason):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)

    for note in ("", "x"):
        with pytest.raises(NotAllowed):
            acts.close(lead, by=consultant, reason=reason, note=note, declined_referral=reason in Lead.NEED_REFERRAL)
    acts.close(lead, by=consultant, reason=reason, note=WHY, declined_referral=reason in Lead.NEED_REFERRAL)

    assert Lead.objects.get().close_reason == reason


@db
@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [
        (["reached"], Reason.ADMITTED),
        (["other_answered"], Reason.DECEASED),
        (["wrong_number"], Reason.WRONG_NUMBER),
        (["line_dead"], Reason.UNREACHABLE),
        (["no_answer"] * 3, Reason.UNREACHABLE),
    ],
)
def test_call_that_shows_why_a_lead_is_closed_needs_no_words(outcomes, reason):
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    for outcome in outcomes:
        lead.activities.create(kind="called", outcome=outcome, by=consultant)

    acts.close(lead, by=consultant, reason=reason)

    assert Lead.objects.get().close_reason == reason


@db
def test_what_is_spam_is_decided_by_who_may():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)

    with pytest.raises(NotAllowed):
        acts.close(lead, by=consultant, reason=Reason.SPAM, note=WHY)


@db
def test_call_waits_only_if_somebody_has_called_or_says_why():
    consultant, at = make_user(), timezone.now() + timedelta(hours=1)
    lead = make_lead(claimed_by=consultant)

    with pytest.raises(NotAllowed):
        acts.follow_up(lead, by=consultant, at=at)
    lead.activities.create(kind="called", outcome="no_answer", by=consultant)
    acts.follow_up(lead, by=consultant, at=at)

    assert Lead.objects.get().follow_up_at == at


@db
def test_second_outcome_of_one_call_is_told_to_undo_the_first():
    consultant = make_user()
    lead = make_lead(claimed_by=consultant)
    make_call(lead, by=consultant, outcome="no_answer")

    with pytest.raises(NotAllowed, match="undo it"):
        acts.record_call(lead, by=consultant, outcome="reached")


@db
@pytest.mark.parametrize(("role", "is_offered"), [("consultant", False), ("lead", True)])
def test_spam_is_offered_to_who_may_say_it(client, role, is_offered):
    user = make_user(role)
    sign_in(client, user)
    lead = make_lead(claimed_by=user)

    assert ('<option value="spam"' in client.get(f"/desk/leads/{lead.pk}/").text) == is_offered
