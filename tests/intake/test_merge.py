"""Merging: two leads are one person's, one of them counts, nothing that was owed is lost, and it can be undone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings

from intake.leads import acts
from intake.leads.activity import Activity, HandOver
from intake.leads.acts import NotAllowed
from intake.leads.acts.merge import ALREADY, CLOSED, FLOOD, SAME
from intake.leads.contact_rules import Manner
from intake.leads.instructions import LAST_HOLDS, VOICEMAIL, instructions
from intake.leads.models import Lead
from intake.leads.next_act import NextAct
from intake.leads.queue import queue_of
from intake.leads.states import State
from tests.factories import PHONE, WHY, at_noon, make_call, make_lead, make_user, zone_where_it_is
from tests.intake.at_once import at_once
from tests.intake.test_queue import STATES, all_rows, lead_in

db = pytest.mark.django_db
Kind, Reason = Activity.Kind, Lead.CloseReason
FOUND_ANEW = ("safe_from", "safe_until")  # by whoever looks next
EVENING, MORNING = ["evening"], ["morning"]


def fresh(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def two(by=None, **fields) -> tuple[Lead, Lead]:
    """One that stays and one that goes, of the same number."""
    return make_lead(phone=PHONE), make_lead(phone=PHONE, **fields)


def ahead(**spans):
    return timezone.now() + timedelta(**spans)


def ago(**spans):
    return timezone.now() - timedelta(**spans)


def state(lead: Lead, *people) -> dict:
    """All that a lead is, and all that is read from its timeline."""
    lead = fresh(lead)
    kept = {
        field.attname: getattr(lead, field.attname)
        for field in Lead._meta.concrete_fields
        if field.attname not in FOUND_ANEW
    }
    look, last = lead.calls.pending_look, lead.calls.last
    return kept | {
        "calls": (look and look.pk, last and last.pk, lead.calls.tries),
        "owes": [lead.calls.owes_outcome(person) for person in people],
        "hand-over": lead.owes_hand_over,
        "manner": lead.manner,
        "window": lead.window_at(timezone.now()),
        "act": act_of(lead, people[0]) if people else None,
        "status": lead.public_status,
    }


def act_of(lead: Lead, user) -> NextAct | None:
    rows = all_rows(Lead.objects.filter(pk=lead.pk), user)
    return next((row.act for leads in rows.values() for row in leads), None)


# --- One of two counts ----------------------------------------------------------------------------------------------


@db
def test_merged_lead_is_closed_in_a_state_of_its_own_and_leaves_the_queue():
    kept, gone = two()
    by = make_user()

    acts.merge(kept, other=gone, by=by)

    gone = fresh(gone)
    assert (gone.state, gone.closed_because) == (State.MERGED, f"Merged into {kept}")
    assert (gone.closed_by, gone.close_reason, gone.that_counts) == (by, Reason.MERGED, kept)
    queue = queue_of(Lead.objects.all(), by)
    assert (queue.open_count, queue.waiting_count, queue.without_act_count) == (1, 1, 0)


@db
@pytest.mark.parametrize("keeps_other", [False, True])
def test_consultant_chooses_which_of_the_two_counts(keeps_other):
    one, other = two()

    acts.merge(one, other=other, by=make_user(), keeps_other=keeps_other)

    assert [fresh(lead).that_counts for lead in (one, other)] == [other if keeps_other else one] * 2


@db
def test_merge_stands_in_the_timeline_of_both_with_who_did_it():
    kept, gone = two()
    by = make_user()

    acts.merge(kept, other=gone, by=by)

    [of_kept], [of_gone] = (lead.activities.filter(kind=Kind.MERGED) for lead in (kept, gone))
    assert (of_kept.by, of_kept.in_words) == (by, f"Merged: {gone} into this one")
    assert (of_gone.by, of_gone.in_words) == (by, f"Merged: into {kept}")


@db
@pytest.mark.parametrize("act", ["claim", "reveal", "close", "reopen", "follow_up", "release"])
def test_merged_lead_can_be_neither_claimed_called_nor_opened_by_itself(act):
    kept, gone = two()
    by = make_user()
    acts.merge(kept, other=gone, by=by)
    more = {"close": {"reason": Reason.UNREACHABLE}, "follow_up": {"at": ahead(hours=1)}}.get(act, {})

    with pytest.raises(NotAllowed, match=kept.reference):
        getattr(acts, act)(gone, by=by, **more)

    assert (fresh(gone).state, fresh(gone).holder) == (State.MERGED, None)


@db
def test_nobody_closes_a_lead_as_merged_without_merging_it():
    lead = make_lead(claimed_by=(by := make_user()))

    with pytest.raises(NotAllowed):
        acts.close(lead, by=by, reason=Reason.MERGED)

    assert not fresh(lead).is_closed


@db
@pytest.mark.parametrize(
    "fields",
    [
        {"is_quarantined": True},
        {"close_reason": Reason.ASKED_TO_STOP},
        {"close_reason": Reason.SPAM, "is_quarantined": True},
        {"phone": PHONE, "erased": True},
    ],
)
@pytest.mark.parametrize("keeps_other", [False, True])
def test_erased_stopped_and_suspected_leads_are_not_merged(fields, keeps_other):
    is_erased = fields.pop("erased", False) if "erased" in fields else False
    by = make_user()
    closed = {"closed_by": by} if is_erased or "close_reason" in fields else {}
    lead, other = make_lead(**fields, **closed), make_lead()
    if is_erased:
        fields["erased"] = True
        acts.erase(lead, by=by)
    before = [state(each) for each in (lead, other)]

    with pytest.raises(NotAllowed, match=lead.reference):
        acts.merge(lead, other=other, by=by, keeps_other=keeps_other)

    assert [state(each) for each in (lead, other)] == before


@db
def test_open_lead_is_not_merged_into_a_closed_one_where_nobody_would_call_it():
    by = make_user()
    closed, lead = make_lead(phone=PHONE, closed_by=by), make_lead(phone=PHONE)

    with pytest.raises(NotAllowed, match=CLOSED.format(closed)):
        acts.merge(closed, other=lead, by=by)

    assert not fresh(lead).is_closed


@db
def test_lead_that_was_closed_before_keeps_why_when_it_is_merged():
    by = make_user()
    lead, closed = make_lead(phone=PHONE), make_lead(phone=PHONE, closed_by=by, close_reason=Reason.DECLINED)

    acts.merge(lead, other=closed, by=by)

    assert (fresh(closed).close_reason, fresh(closed).state) == (Reason.DECLINED, State.MERGED)


@db
def test_merged_lead_makes_nobody_a_returning_person_before_the_other_is_closed():
    kept, gone = two()
    acts.merge(kept, other=gone, by=make_user())
    again = make_lead(phone=PHONE)

    def are_returning() -> dict:
        return {lead.pk: lead.is_returning for lead in Lead.objects.filter(merged_into=None).with_return()}

    before = are_returning()
    Lead.objects.filter(pk=kept.pk).update(closed_at=timezone.now(), closed_by=make_user(), close_reason="declined")

    assert (before, are_returning()[again.pk]) == ({kept.pk: False, again.pk: False}, True)


# --- Chains and circles ---------------------------------------------------------------------------------------------


@db
def test_chain_of_merges_leads_to_the_one_that_counts():
    first, second, third = (make_lead() for _ in range(3))
    by = make_user()

    acts.merge(second, other=third, by=by)
    acts.merge(first, other=second, by=by)

    assert [fresh(lead).that_counts for lead in (first, second, third)] == [first] * 3
    assert set(first.with_merged) == {first, second, third}


@db
def test_chain_is_taken_apart_from_its_last_merge_and_ends_as_it_began():
    first, second, third = leads = [make_lead() for _ in range(3)]
    by = make_user()
    before = [state(lead, by) for lead in leads]
    acts.merge(second, other=third, by=by)
    acts.merge(first, other=second, by=by)

    with pytest.raises(NotAllowed, match=second.reference):
        acts.unmerge(third, by=by)
    acts.unmerge(second, by=by)
    between = fresh(third).that_counts
    acts.unmerge(third, by=by)

    assert between == second
    assert [state(lead, by) for lead in leads] == before


@db
def test_later_of_two_merges_is_undone_first():
    kept, first, second = (make_lead() for _ in range(3))
    by = make_user()
    acts.merge(kept, other=first, by=by)
    acts.merge(kept, other=second, by=by)

    with pytest.raises(NotAllowed, match=second.reference):
        acts.unmerge(first, by=by)

    assert fresh(first).that_counts == kept


@db
@pytest.mark.parametrize("keeps_other", [False, True])
def test_circle_is_refused(keeps_other):
    kept, gone = two()
    by = make_user()
    acts.merge(kept, other=gone, by=by)

    with pytest.raises(NotAllowed, match=ALREADY.format(gone, kept)):
        acts.merge(gone, other=kept, by=by, keeps_other=keeps_other)
    with pytest.raises(NotAllowed, match=SAME):
        acts.merge(kept, other=kept, by=by)

    assert (fresh(kept).merged_into, fresh(gone).merged_into) == (None, kept)


@db
@pytest.mark.parametrize("way", ["itself", "circle", "chain", "open", "reason", "no time"])
def test_database_refuses_circles_chains_and_half_merges(way):
    now, by = timezone.now(), make_user()
    kept, gone, third = (make_lead() for _ in range(3))
    acts.merge(kept, other=gone, by=by)
    closed = {"closed_at": now, "closed_by": by, "close_reason": "merged"}
    lead, changes = {
        "itself": (third, {"merged_into": third, "merged_at": now, **closed}),
        "circle": (kept, {"merged_into": gone, "merged_at": now, **closed}),
        "chain": (third, {"merged_into": gone, "merged_at": now, **closed}),
        "open": (third, {"merged_into": kept, "merged_at": now}),
        "reason": (third, closed),
        "no time": (third, {"merged_into": kept, **closed}),
    }[way]

    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(**changes)


# --- Nobody falls out -----------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(("own", "theirs", "held"), [(None, 2, 2), (3, 2, 2), (1, 2, 1)])
def test_earlier_of_two_promises_is_kept(own, theirs, held):
    at = {hours: ahead(hours=hours) for hours in (1, 2, 3)} | {None: None}
    kept, gone = make_lead(follow_up_at=at[own]), make_lead(follow_up_at=at[theirs])

    acts.merge(kept, other=gone, by=make_user())

    assert fresh(kept).follow_up_at == at[held]


@db
@pytest.mark.parametrize("is_theirs_earlier", [True, False])
def test_later_of_two_promises_stands_when_the_earlier_one_is_settled(is_theirs_earlier):
    by = make_user()
    earlier, later = ago(minutes=5), ahead(days=2)
    own, theirs = (later, earlier) if is_theirs_earlier else (earlier, later)
    kept, gone = make_lead(follow_up_at=own, claimed_by=by), make_lead(follow_up_at=theirs)
    acts.merge(kept, other=gone, by=by)

    make_call(kept, by=by)

    assert fresh(kept).follow_up_at == later


@db
def test_promise_behind_another_is_not_lost_in_a_chain_of_merges():
    by = make_user()
    kept, middle, last = make_lead(claimed_by=by), make_lead(follow_up_at=(later := ahead(days=2))), make_lead()
    Lead.objects.filter(pk=last.pk).update(follow_up_at=ago(minutes=5))
    acts.merge(middle, other=last, by=by)
    acts.merge(kept, other=middle, by=by)

    make_call(kept, by=by)

    assert fresh(kept).follow_up_at == later


@db
def test_longer_pause_holds():
    kept, gone = make_lead(), make_lead(paused_until=(until := ahead(days=1)))

    acts.merge(kept, other=gone, by=make_user())

    assert fresh(kept).paused_until == until
    assert fresh(kept).safety.is_safe is False


@db
def test_crisis_is_never_lost_and_its_hand_over_is_owed():
    by = make_user()
    kept, gone = make_lead(claimed_by=by), make_lead(is_crisis=True)

    acts.merge(kept, other=gone, by=by)

    assert (fresh(kept).is_crisis, fresh(kept).owes_hand_over, act_of(kept, make_user())) == (
        True,
        True,
        NextAct.CRISIS,
    )
    with pytest.raises(NotAllowed):
        acts.close(kept, by=by, reason=Reason.UNREACHABLE, note=WHY)
    acts.hand_over(kept, by=by, to=HandOver.EMERGENCY, at=timezone.now(), agreed="They wait for the ambulance.")
    acts.close(kept, by=by, reason=Reason.EMERGENCY, note=WHY)


@db
@pytest.mark.parametrize(("own", "theirs"), [(True, True), (True, False), (False, True), (False, False)])
def test_hand_over_is_owed_after_a_merge_if_it_was_owed_on_either_side(own, theirs):
    by = make_user()
    kept, gone = (make_lead(is_crisis=True) for _ in range(2))
    for lead, owes in ((kept, own), (gone, theirs)):
        lead.activities.create(kind=Kind.RECEIVED, at=ago(hours=1))
        if not owes:
            acts.hand_over(lead, by=by, to=HandOver.CLINICIAN, at=timezone.now(), agreed="They speak at noon.")

    acts.merge(kept, other=gone, by=by)

    assert fresh(kept).owes_hand_over == (own or theirs)
    assert (act_of(kept, make_user()) == NextAct.CRISIS) == (own or theirs)


@db
def test_hand_over_is_owed_again_when_they_write_over_the_merged_lead():
    by = make_user()
    kept, gone = make_lead(), make_lead(is_crisis=True)
    acts.merge(kept, other=gone, by=by)
    acts.hand_over(kept, by=by, to=HandOver.CLINICIAN, at=timezone.now(), agreed="They speak at noon.")

    before = (fresh(kept).owes_hand_over, act_of(kept, by) == NextAct.CRISIS)
    gone.activities.create(kind=Kind.SENT_AGAIN)

    assert (before, fresh(kept).owes_hand_over, act_of(kept, by)) == ((False, False), True, NextAct.CRISIS)


@db
def test_real_crisis_is_not_lost_in_a_flood():
    by = make_user()
    flagged, real = make_lead(suspicions=["haste"]), make_lead(is_crisis=True)

    with pytest.raises(NotAllowed, match=FLOOD.format(real)):
        acts.merge(flagged, other=real, by=by)
    acts.merge(flagged, other=real, by=by, keeps_other=True)

    assert act_of(real, make_user()) == NextAct.CRISIS


@db
@pytest.mark.parametrize("phone", [PHONE, "+12035550163"])
def test_owed_outcome_moves_and_is_said_over_the_lead_that_counts(phone):
    by, colleague = make_user(), make_user()
    kept, gone = make_lead(phone=PHONE, claimed_by=by), make_lead(phone=phone)
    Activity.objects.create(lead=gone, kind="revealed", by=colleague, at=ago(hours=2))

    acts.merge(kept, other=gone, by=by)

    owing = fresh(kept)
    assert (owing.looked_by, owing.calls.owes_outcome(colleague)) == (colleague, True)
    acts.release(kept, by=by)
    assert act_of(kept, by) == NextAct.OUTCOME
    acts.record_call(kept, by=colleague, outcome="no_answer")
    assert (fresh(kept).looked_by, fresh(kept).calls.owes_outcome(colleague)) == (None, False)


@db
def test_call_over_one_lead_settles_no_earlier_look_over_the_other():
    by, colleague = make_user(), make_user()
    kept, gone = two()
    Activity.objects.create(lead=gone, kind="revealed", by=colleague, at=ago(hours=3))
    Activity.objects.create(lead=kept, kind="called", outcome="no_answer", by=by, at=ago(hours=2))

    acts.merge(kept, other=gone, by=by)

    assert fresh(kept).looked_by == colleague


@db
def test_who_asked_again_over_the_other_lead_after_a_call_waits_for_another():
    kept, gone = two()
    Activity.objects.create(lead=kept, kind="called", outcome="reached", by=make_user(), at=ago(hours=2))
    gone.activities.create(kind=Kind.RECEIVED, at=ago(hours=1))
    user = make_user()

    before = act_of(kept, user)
    acts.merge(kept, other=gone, by=user)

    assert (before, act_of(kept, user)) == (NextAct.DECIDE, NextAct.CALL)


@db
def test_who_was_reached_over_the_other_lead_is_not_called_a_second_time():
    kept, gone = two()
    for lead, hours in ((kept, 4), (gone, 3)):
        lead.activities.create(kind=Kind.RECEIVED, at=ago(hours=hours))
    Activity.objects.create(lead=gone, kind="called", outcome="reached", by=make_user(), at=ago(hours=2))
    user = make_user()

    acts.merge(kept, other=gone, by=user)

    assert act_of(kept, user) == NextAct.DECIDE


@db
def test_dead_line_of_the_other_number_is_none_of_this_number():
    kept, gone = make_lead(), make_lead()
    Activity.objects.create(lead=gone, kind="called", outcome="line_dead", by=make_user(), at=ago(hours=2))

    acts.merge(kept, other=gone, by=make_user())

    assert (fresh(kept).last_outcome, fresh(kept).calls.is_dead_end) == ("", False)


# --- In whose hands -------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("whose", ["kept", "gone", "third of the number"])
@pytest.mark.parametrize("keeps_other", [False, True])
def test_merge_waits_for_a_colleague_who_has_either_number_in_hand(whose, keeps_other):
    colleague = make_user()
    kept, gone, third = make_lead(phone=PHONE), make_lead(), make_lead(phone=PHONE)
    held = {"kept": kept, "gone": gone, "third of the number": third}[whose]
    acts.claim(held, by=colleague)

    with pytest.raises(NotAllowed, match=held.reference):
        acts.merge(kept, other=gone, by=make_user(), keeps_other=keeps_other)

    assert fresh(gone).merged_into is None


@db
@pytest.mark.parametrize("keeps_other", [False, True])
def test_who_has_one_of_the_two_in_hand_has_the_one_that_counts(keeps_other):
    by = make_user()
    mine, other = make_lead(claimed_by=by), make_lead()

    acts.merge(mine, other=other, by=by, keeps_other=keeps_other)

    kept = other if keeps_other else mine
    assert list(Lead.objects.held(timezone.now())) == [kept]
    assert fresh(kept).holder == by


@db
@pytest.mark.parametrize(("phone", "is_shown"), [(PHONE, True), ("+12035550163", False)])
def test_number_stays_in_view_only_if_it_is_the_one_that_was_looked_at(phone, is_shown):
    by = make_user()
    kept, gone = make_lead(phone=phone), make_lead(phone=PHONE, claimed_by=by)
    acts.reveal(gone, by=by)

    acts.merge(kept, other=gone, by=by)

    assert fresh(kept).is_shown_to(by) == is_shown


@db
def test_what_others_did_meanwhile_is_shown_before_the_merge():
    kept, gone = two()
    acts.add_note(kept, by=make_user(), note="They called: two people share this phone.")

    with pytest.raises(NotAllowed) as refused:
        acts.merge(kept, other=gone, by=make_user(), seen=0)

    assert [row.kind for row in refused.value.changed] == [Kind.NOTED]
    assert fresh(gone).merged_into is None


@db
def test_who_types_while_a_colleague_merges_sees_it_before_they_save():
    by = make_user()
    kept, gone = make_lead(claimed_by=by), make_lead()
    acts.merge(gone, other=make_lead(), by=make_user())  # which this consultant knows of
    acts.merge(kept, other=gone, by=by)

    with pytest.raises(NotAllowed):
        acts.follow_up(kept, by=by, at=ahead(days=1), is_asked_for=True, seen=0)


def test_two_who_merge_each_into_the_other_at_once_leave_one_that_counts(committed):
    one, other = two()
    people = [make_user("") for _ in range(6)]

    results = at_once(
        *[
            lambda by=by, keeps_other=bool(n % 2): acts.merge(fresh(one), other=other, by=by, keeps_other=keeps_other)
            for n, by in enumerate(people)
        ]
    )

    assert sorted({type(result) for result in results}, key=str) == [type(None), NotAllowed]
    assert results.count(None) == 1
    assert Lead.objects.filter(closed_at=None).count() == 1
    assert Activity.objects.filter(kind=Kind.MERGED).count() == 2


def test_merges_in_a_ring_at_once_leave_no_circle_and_nobody_out(committed):
    leads = [make_lead() for _ in range(4)]
    by = [make_user("") for _ in leads]

    at_once(*[lambda n=n: acts.merge(fresh(leads[n]), other=leads[n - 1], by=by[n]) for n in range(4)])

    of_all = [fresh(lead) for lead in leads]
    assert all(lead.merged_into is None or lead.merged_into.merged_into is None for lead in of_all)
    assert {lead.that_counts for lead in of_all} == {lead for lead in of_all if not lead.is_closed}


def test_claim_and_merge_at_once_never_leave_a_merged_lead_in_hand(committed):
    for _ in range(4):
        kept, gone = make_lead(), make_lead()
        by, colleague = make_user(""), make_user("")

        at_once(
            lambda kept=kept, gone=gone, by=by: acts.merge(fresh(kept), other=gone, by=by),
            lambda gone=gone, by=colleague: acts.claim(fresh(gone), by=by),
        )

        assert (fresh(gone).holder is None) == (fresh(gone).merged_into is not None)


# --- The safer rules ------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("keeps_other", [False, True])
def test_safer_of_two_answers_holds_whichever_lead_counts(keeps_other):
    careful = make_lead(voicemail="no", text="yes", if_other_answers="hang_up", name="Sam")
    open_one = make_lead(voicemail="yes", text="no", if_other_answers="ask_for_me", name="Sam")

    acts.merge(careful, other=open_one, by=make_user(), keeps_other=keeps_other)

    kept = fresh(careful).that_counts
    assert kept.manner == Manner("no", "no", "hang_up")
    assert VOICEMAIL["no"] in instructions(kept)
    assert any(str(careful) in line and str(open_one) in line for line in instructions(kept))


@db
def test_message_is_not_left_where_the_other_request_forbids_it():
    by = make_user()
    kept, gone = make_lead(voicemail="yes", claimed_by=by), make_lead(voicemail="no")
    acts.merge(kept, other=gone, by=by)

    with pytest.raises(NotAllowed):
        make_call(kept, by=by, outcome="left_message")


@db
def test_call_must_suit_the_hours_of_both():
    zone = zone_where_it_is(12)
    kept = make_lead(times=["morning", "afternoon"], time_zone=zone, number_zones=[])
    gone = make_lead(times=["afternoon", "evening"], time_zone=zone, number_zones=[])

    acts.merge(kept, other=gone, by=make_user())

    window = fresh(kept).window_at(timezone.now())
    assert [at.hour for at in window] == [12, 17]
    assert (fresh(kept).safe_from, fresh(kept).safe_until) == window


@db
def test_clocks_of_both_are_kept():
    kept = make_lead(time_zone=zone_where_it_is(20), number_zones=[])
    gone = make_lead(time_zone=zone_where_it_is(23), number_zones=[])

    before = fresh(kept).safety.is_safe
    acts.merge(kept, other=gone, by=make_user())

    assert (before, fresh(kept).safety.is_safe) == (True, False)


@db
@pytest.mark.parametrize("newest", ["kept", "gone"])
def test_where_no_hour_suits_both_the_hours_count_that_were_said_last(newest):
    zone = zone_where_it_is(12)
    said_at = {True: timezone.now(), False: ago(days=1)}
    kept = make_lead(times=MORNING, time_zone=zone, received_at=said_at[newest == "kept"])
    gone = make_lead(times=EVENING, time_zone=zone, received_at=said_at[newest == "gone"])

    acts.merge(kept, other=gone, by=make_user())

    start, _ = fresh(kept).window_at(timezone.now())
    assert start.hour == (8 if newest == "kept" else 17)
    assert (LAST_HOLDS in instructions(fresh(kept))) == (newest == "gone")


@db
def test_what_they_say_on_the_phone_holds_alone_from_then_on():
    by = make_user()
    kept, gone = make_lead(voicemail="yes", claimed_by=by), make_lead(voicemail="no", times=MORNING)
    acts.merge(kept, other=gone, by=by)
    rules = {"voicemail": "yes", "text": "no", "if_other_answers": "hang_up", "times": [], **at_noon()}
    del rules["number_zones"]

    acts.correct(kept, by=by, **rules)

    kept = fresh(kept)
    assert (kept.manner.voicemail, kept.safety.is_safe) == ("yes", True)
    assert kept.activities.get(kind=Kind.CORRECTED).detail == {"changed": ["voicemail"]}


@db
def test_family_caller_stays_one_whichever_lead_counts():
    kept, gone = make_lead(about="self"), make_lead(about="someone_else", language="es")

    acts.merge(kept, other=gone, by=make_user())

    lines = " ".join(instructions(fresh(kept)))
    assert "You may listen; do not confirm" in lines
    assert "Spanish" in lines


# --- Undo -----------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(own=STATES, theirs=STATES)
@db
def test_merge_and_its_undo_leave_both_as_they_were_and_between_them_nobody_falls_out(own, theirs):
    me, another = make_user(""), make_user("")
    kept, gone = lead_in(own, me, another), lead_in(theirs, me, another)
    both = Lead.objects.filter(pk__in=[kept.pk, gone.pk])
    for lead in (kept, gone):
        acts.lapse(lead)  # as the worker does each second
    before = [state(lead, me, another) for lead in (kept, gone)]
    was_open = both.filter(closed_at=None).count()

    try:
        acts.merge(kept, other=gone, by=me)
    except NotAllowed:
        assert [state(lead, me, another) for lead in (kept, gone)] == before
        return
    merged = state(kept, me, another)
    for user in (me, another):
        queue = queue_of(both, user)
        assert (queue.open_count, queue.without_act_count) == (1, 0)
    assert merged["is_crisis"] == (before[0]["is_crisis"] or before[1]["is_crisis"])
    assert merged["hand-over"] == (before[0]["hand-over"] or before[1]["hand-over"])
    assert any(merged["owes"]) >= any(before[0]["owes"] + before[1]["owes"])
    look, last = fresh(kept).calls.pending_look, fresh(kept).calls.last
    assert (merged["looked_at"], merged["looked_by_id"]) == ((look.at, look.by_id) if look else (None, None))
    assert (merged["last_call_at"], merged["last_outcome"]) == ((last.at, last.outcome) if last else (None, ""))

    acts.unmerge(gone, by=me)

    assert [state(lead, me, another) for lead in (kept, gone)] == before
    assert both.filter(closed_at=None).count() == was_open


@db
def test_who_merged_by_mistake_undoes_it_like_any_other_act():
    kept, gone = two()
    by = make_user()
    acts.merge(kept, other=gone, by=by)

    acts.undo(kept, by=by)

    assert [fresh(lead).state for lead in (kept, gone)] == [State.WAITING] * 2
    assert [lead.activities.filter(kind=Kind.UNDONE).count() for lead in (kept, gone)] == [1, 1]
    assert [fresh(lead).holder for lead in (kept, gone)] == [None, None]


@db
def test_undo_works_from_the_page_of_either():
    kept, gone = two()
    by = make_user()
    acts.merge(kept, other=gone, by=by)

    acts.undo(gone, by=by)

    assert fresh(gone).merged_into is None


@db
def test_wrong_merge_is_undone_by_a_colleague_who_finds_out_on_the_phone_and_days_later():
    kept, gone = make_lead(), make_lead(follow_up_at=(promised := ago(minutes=5)))
    acts.merge(kept, other=gone, by=make_user())
    colleague = make_user()
    acts.claim(kept, by=colleague)
    make_call(kept, by=colleague, outcome="reached")
    acts.follow_up(kept, by=colleague, at=(agreed := ahead(days=1)), is_asked_for=True)

    acts.unmerge(gone, by=colleague)

    assert (fresh(gone).follow_up_at, fresh(gone).state) == (promised, State.OVERDUE)
    assert fresh(kept).follow_up_at == agreed
    assert (fresh(kept).last_outcome, fresh(gone).last_outcome) == ("reached", "")


@db
@pytest.mark.parametrize("holds_both", [False, True])
def test_lead_in_hand_goes_back_into_the_same_hands(holds_both):
    by = make_user()
    kept, gone = make_lead(claimed_by=by if holds_both else None), make_lead(claimed_by=by)
    acts.merge(kept, other=gone, by=by)

    acts.undo(kept, by=by)

    assert (fresh(kept).holder, fresh(gone).holder) == (by if holds_both else None, by)


@db
def test_colleague_who_undoes_a_merge_leaves_the_lead_that_counts_in_its_hands():
    by = make_user()
    kept, gone = make_lead(), make_lead(claimed_by=by)
    acts.merge(kept, other=gone, by=by)
    acts.release(kept, by=by)

    acts.unmerge(gone, by=make_user())

    assert (fresh(kept).holder, fresh(gone).holder) == (None, None)


@db
@pytest.mark.parametrize("why", ["closed", "stopped", "erased", "held", "number stopped", "not merged"])
def test_merge_on_which_something_rests_is_not_undone(why):
    by, colleague = make_user(), make_user()
    kept, gone = make_lead(claimed_by=by), make_lead()
    if why != "not merged":
        acts.merge(kept, other=gone, by=by)
    if why in ("closed", "erased"):
        acts.close(kept, by=by, reason=Reason.UNREACHABLE, note=WHY)
    if why == "erased":
        acts.erase(gone, by=by)
    if why == "stopped":
        acts.stop(kept, by=by)
    if why == "held":
        acts.pass_on(kept, by=by, to=colleague)
    if why == "number stopped":
        acts.stop(make_lead(phone=gone.phone), by=by)
    before = fresh(gone).merged_into

    with pytest.raises(NotAllowed):
        acts.unmerge(gone, by=by)

    assert fresh(gone).merged_into == before


@db
def test_closed_lead_that_was_merged_is_closed_again_after_the_undo():
    by = make_user()
    lead, closed = make_lead(phone=PHONE), make_lead(phone=PHONE, closed_by=by, close_reason=Reason.DECLINED)
    before = state(closed, by)
    acts.merge(lead, other=closed, by=by)

    acts.undo(lead, by=by)

    assert state(closed, by) == before
