"""Calling: the look at the number, and what came of the call."""

from django.contrib.auth.models import User
from django.db import transaction

from intake.callbacks.answers import Voicemail
from intake.leads.activity import Activity, CallOutcome, Doubt
from intake.leads.acts.changes import NotAllowed, locked, record, tell_visitor
from intake.leads.acts.claim import CLAIM_LASTS, check_held, hold
from intake.leads.acts.stop import stop
from intake.leads.calls import CALL_LASTS
from intake.leads.doubts import TOO_SHORT, doubts_about, is_in_words
from intake.leads.models import Lead


@transaction.atomic
def reveal(lead: Lead, *, by: User, why: str = "") -> str:
    """The phone number, after the look has been recorded. The claim then lasts as long as a call may.

    Where something speaks against a call, it takes a reason in words, and the timeline shows what was overridden;
    raises NotAllowed.
    """
    lead = locked(lead)
    check_held(lead, by)
    doubts = doubts_about(lead, by)
    if doubts and not is_in_words(why):
        raise NotAllowed(TOO_SHORT if why.strip() else doubts[0].sentence)
    hold(lead, CALL_LASTS)
    overridden = [each.doubt for each in doubts]
    detail = {"is_safe": Doubt.HOURS not in overridden} | ({"in_spite_of": overridden} if doubts else {})
    record(lead, Activity.Kind.REVEALED, by=by, note=why, detail=detail)
    return lead.phone


@transaction.atomic
def record_call(lead: Lead, *, by: User, outcome: CallOutcome, note: str = "") -> None:
    """What came of a call; a promise that is due is settled by it. Raises NotAllowed.

    Whoever saw the number may say what came of it also after losing the claim. Whoever hears that the person asks to
    stop says so, whoever holds the lead.
    """
    if outcome == CallOutcome.ASKED_TO_STOP:
        stop(lead, by=by, note=note)
        return
    lead = locked(lead)
    if lead.holder == by or not lead.calls.owes_outcome(by):
        check_held(lead, by)
        hold(lead, CLAIM_LASTS)
    if outcome == CallOutcome.LEFT_MESSAGE and lead.voicemail == Voicemail.NO:
        raise NotAllowed("This person asked for no message. If one was left by mistake, write it in a note.")
    record(lead, Activity.Kind.CALLED, by=by, outcome=outcome, note=note)
    if lead.is_due:
        lead.follow_up_at = None
        lead.save(update_fields=["follow_up_at"])
    tell_visitor(lead)
