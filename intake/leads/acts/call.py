"""Calling: the look at the number, and what came of the call."""

from django.contrib.auth.models import User
from django.db import transaction

from intake.callbacks.answers import Voicemail
from intake.leads.activity import Activity, CallOutcome
from intake.leads.acts.changes import NotAllowed, locked, record, tell_visitor
from intake.leads.acts.claim import CLAIM_LASTS, check_held, hold
from intake.leads.acts.stop import stop
from intake.leads.calls import CALL_LASTS
from intake.leads.models import Lead


@transaction.atomic
def reveal(lead: Lead, *, by: User, why: str = "") -> str:
    """The phone number, after the look has been recorded. The claim then lasts as long as a call may.

    Outside the safe hours, and after a dead end, it takes a word why; raises NotAllowed.
    """
    lead = locked(lead)
    check_held(lead, by)
    is_safe = lead.safety.is_safe
    if not is_safe and not why.strip():
        raise NotAllowed("It is not a safe time to call. Say why you must call now, or wait.")
    if lead.calls.is_dead_end and not why.strip():
        raise NotAllowed("The last call found a dead line or a wrong number. Say why you call it again.")
    hold(lead, CALL_LASTS)
    record(lead, Activity.Kind.REVEALED, by=by, note=why, detail={"is_safe": is_safe})
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
