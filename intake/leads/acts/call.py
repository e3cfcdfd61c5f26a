"""Calling: the look at the number, and what came of the call."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from intake.callbacks.answers import Voicemail
from intake.leads.activity import Activity, CallOutcome, Doubt
from intake.leads.acts.changes import NotAllowed, check_not_erased, locked, record, tell_visitor
from intake.leads.acts.claim import CLAIM_LASTS, check_held, hold
from intake.leads.acts.merge import promise_left
from intake.leads.acts.stop import stop
from intake.leads.calls import CALL_LASTS
from intake.leads.doubts import TOO_SHORT, doubts_about, is_in_words
from intake.leads.models import Lead

SAID_ALREADY = "You have said what came of this call: {outcome}. If that is wrong, undo it, then say what is right."
NOT_SEEN = "You have not seen the number, so this was no call of yours. If they called us, tick “They called us”."
THEY_CALLED = (CallOutcome.REACHED, CallOutcome.OTHER_ANSWERED)


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
def record_call(lead: Lead, *, by: User, outcome: CallOutcome, note: str = "", they_called: bool = False) -> None:
    """What came of a call; a promise that is due is settled by it. Raises NotAllowed.

    Nobody can say what came of a call without having seen the number, unless the person called us. Whoever saw the
    number may say it also after losing the claim. Whoever hears that the person asks to stop says so, whoever holds
    the lead.
    """
    if outcome == CallOutcome.ASKED_TO_STOP:
        stop(lead, by=by, note=note)
        return
    lead = locked(lead)
    if note.strip():
        check_not_erased(lead)
    owes = lead.calls.owes_outcome(by)
    if lead.holder == by or not owes:
        check_held(lead, by)
        hold(lead, CLAIM_LASTS)
    if not (owes or they_called):
        raise NotAllowed(_why_no_outcome(lead, by))
    _check_outcome(lead, outcome, note=note, they_called=they_called)
    detail: dict[str, Any] = {"they_called": True} if they_called else {}
    if lead.is_due and outcome != CallOutcome.NOT_CALLED:
        detail["follow_up_at"] = lead.follow_up_at.isoformat()
        lead.follow_up_at = promise_left(lead, timezone.now())
        lead.save(update_fields=["follow_up_at"])
    record(lead, Activity.Kind.CALLED, by=by, outcome=outcome, note=note, detail=detail)
    tell_visitor(lead)


def _why_no_outcome(lead: Lead, by: User) -> str:
    last = lead.calls.last
    if last and last.by_id == by.pk and last.at > timezone.now() - CALL_LASTS:
        return SAID_ALREADY.format(outcome=last.get_outcome_display().lower())
    return NOT_SEEN


def _check_outcome(lead: Lead, outcome: CallOutcome, *, note: str, they_called: bool) -> None:
    if they_called and outcome not in THEY_CALLED:
        raise NotAllowed("If they called us, you reached them, or somebody else spoke.")
    if outcome == CallOutcome.LEFT_MESSAGE and lead.manner.voicemail == Voicemail.NO and not is_in_words(note):
        raise NotAllowed("This person asked for no message. If one was left by mistake, say so in the note first.")
