"""Closing a lead with a reason, and opening it again."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from facilities.directory.referral import ReferralPlace
from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, locked, record, tell_visitor
from intake.leads.acts.claim import check_held, free, why_closed
from intake.leads.acts.hand_over import check_handed_over
from intake.leads.doubts import is_in_words
from intake.leads.models import Lead

BOTH = "You chose a place, and that they declined a referral. Choose one of them."
NOBODY_SPOKE = "No call has reached anybody yet. Say in the note how you know, or call first."
NO_SPAM = "What is spam, a lead consultant or a manager decides. Pass it on to one of them, or give it back."
NO_REFERRAL = "Nobody is sent away without another place to ask. Choose where you referred them, or that they declined."
MERGED_INTO_WHICH = "Merge it on its page, where you choose into which other lead it goes."


@transaction.atomic
def close(
    lead: Lead,
    *,
    by: User,
    reason: Lead.CloseReason,
    note: str = "",
    referred_to: ReferralPlace | None = None,
    declined_referral: bool = False,
) -> None:
    """Raises NotAllowed, also where somebody whom we cannot admit was told of no other place and did not decline.

    What no call has shown is said in words, in the note: six keys must not take anybody out of the queue for good.
    """
    lead = locked(lead)
    if lead.closed_by_id == by.pk and lead.close_reason == reason:
        return  # the same button, pressed twice
    check_held(lead, by)
    check_handed_over(lead)
    _check_reason(reason, by)
    _check_referral(reason, referred_to, declined=declined_referral)
    if not is_in_words(note) and (missing := _what_no_call_has_shown(lead, reason, referred_to)):
        raise NotAllowed(missing)
    referral = {"referred_to": referred_to.name} if referred_to else {}
    if declined_referral:
        referral["declined_referral"] = "yes"
    shut(lead, by=by, reason=reason, note=note, **referral)


def may_say_spam(user: User) -> bool:
    return user.has_perm("intake.clear_quarantine")


def _check_reason(reason: Lead.CloseReason, by: User) -> None:
    if reason == Lead.CloseReason.MERGED:
        raise NotAllowed(MERGED_INTO_WHICH)
    if reason == Lead.CloseReason.SPAM and not may_say_spam(by):
        raise NotAllowed(NO_SPAM)


def _check_referral(reason: Lead.CloseReason, referred_to: ReferralPlace | None, *, declined: bool) -> None:
    if referred_to and declined:
        raise NotAllowed(BOTH)
    if reason in Lead.NEED_REFERRAL and not (referred_to or declined):
        raise NotAllowed(NO_REFERRAL)


def _what_no_call_has_shown(lead: Lead, reason: Lead.CloseReason, referred_to: ReferralPlace | None) -> str:
    """A sentence that asks for it, or "" where the calls speak for themselves."""
    if reason == Lead.CloseReason.SPAM or (reason == Lead.CloseReason.EMERGENCY and lead.is_crisis):  # handed over
        return ""
    if reason == Lead.CloseReason.UNREACHABLE:
        if lead.contact_point.budget.is_spent or lead.calls.is_dead_end:
            return ""
        return f"{lead.contact_point.budget.in_words} Say in the note why we try no more, or call again."
    if reason == Lead.CloseReason.WRONG_NUMBER:
        return "" if lead.calls.is_dead_end else "No call has found a wrong number. Say in the note how you know."
    if reason == Lead.CloseReason.REFERRED and not referred_to:
        return "Choose where you referred them, or say it in the note."
    if reason == Lead.CloseReason.DUPLICATE:
        return "Say in the note which lead this one is a duplicate of."
    return "" if lead.calls.has_talk else NOBODY_SPOKE


@transaction.atomic
def reopen(lead: Lead, *, by: User) -> None:
    """Undo a close. The lead goes back to the queue with its old waiting time and its old promise."""
    lead = locked(lead)
    if not lead.is_closed:
        raise NotAllowed("This lead is open already.")
    if refusal := why_closed(lead):
        raise NotAllowed(refusal)
    if lead.contact_point.is_stopped:
        raise NotAllowed("Somebody at this number asked not to be contacted. Only a new request opens it again.")
    if lead.is_erased:
        raise NotAllowed("This person was erased. There is nobody left to call.")
    closing = lead.activities.filter(kind=Activity.Kind.CLOSED).first()
    promised = closing.detail.get("follow_up_at") if closing else None
    lead.closed_at = lead.closed_by = None
    lead.close_reason = ""
    lead.follow_up_at = datetime.fromisoformat(promised) if promised else None
    lead.save(update_fields=["closed_at", "closed_by", "close_reason", "follow_up_at"])
    record(lead, Activity.Kind.REOPENED, by=by)
    tell_visitor(lead)


def shut(lead: Lead, *, by: User | None, reason: Lead.CloseReason, note: str = "", **detail: str) -> None:
    """Close this locked lead, whoever has it in hand; `detail` goes into the timeline."""
    if lead.follow_up_at:
        detail["follow_up_at"] = lead.follow_up_at.isoformat()
    free(lead, closed_at=timezone.now(), closed_by=by, close_reason=reason, follow_up_at=None)
    record(lead, Activity.Kind.CLOSED, by=by, note=note, detail={"reason": reason, **detail})
    tell_visitor(lead)
