"""Taking a lead in hand, keeping it while one works, and giving it back."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Greatest
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, locked, record, tell_visitor
from intake.leads.models import Lead

CLAIM_LASTS = timedelta(minutes=15)
MOST_IN_HAND = 5
FULL = (
    f"You have {MOST_IN_HAND} people in hand, and nobody else can call them. Give one back or finish one, and then "
    "claim this one."
)
TAKEN = "Somebody else has just taken this one. Choose another from the queue."
LOST = "Your claim has lapsed or was taken over. Claim the lead again; nothing was changed."
STOPPED = "This person asked not to be contacted. Only a new request from them opens it again."
MERGED = "{} was merged into {}. Work on that one."


@transaction.atomic
def claim(lead: Lead, *, by: User) -> None:
    """Take the lead in hand for CLAIM_LASTS, or keep it for as long again.

    It is one conditional UPDATE, so that of two at once only one succeeds. Raises NotAllowed if somebody else has
    the lead or another of its number, if it is closed or in quarantine, or if `by` has MOST_IN_HAND already: but
    nobody who may be in danger waits for that.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # their own claims come one after the other
    lead = locked(lead)
    if lead.holder == by and not lead.is_closed:
        hold(lead, CLAIM_LASTS)
        return
    now = timezone.now()
    claimable = Lead.objects.filter(pk=lead.pk).claimable_by(by, now)
    if not claimable.update(claimed_by=by, claimed_at=now, claim_lapses_at=now + CLAIM_LASTS):
        raise NotAllowed(_why_not(lead, by))
    if not (lead.is_crisis or has_room(by)):
        raise NotAllowed(FULL)
    record(lead, Activity.Kind.CLAIMED, by=by)
    tell_visitor(locked(lead))


@transaction.atomic
def release(lead: Lead, *, by: User, note: str = "") -> None:
    """Give the lead back to the queue."""
    lead = locked(lead)
    if lead.claimed_by_id is None and _is_just_released(lead, by):
        return  # the same button, pressed twice
    check_held(lead, by)
    free(lead)
    record(lead, Activity.Kind.RELEASED, by=by, note=note)
    tell_visitor(lead)


def renew(lead: Lead, *, by: User) -> timedelta:
    """Make a claim last as long as an act would, for who types or is on the phone; how long it lasts now.

    Raises NotAllowed if `by` has it no more.
    """
    now = timezone.now()
    own = Lead.objects.held(now).filter(pk=lead.pk, claimed_by=by)
    own.update(claim_lapses_at=Greatest("claim_lapses_at", now + CLAIM_LASTS))
    lapses_at = own.values_list("claim_lapses_at", flat=True).first()
    if lapses_at is None:
        raise NotAllowed(LOST)
    return lapses_at - now


@transaction.atomic
def lapse(lead: Lead) -> None:
    """Free a lead whose claim has run out, so that nobody seems to have it. It does nothing where it has not."""
    lead = locked(lead)
    if lead.claimed_by_id is None or lead.holder:
        return
    free(lead)
    record(lead, Activity.Kind.LAPSED, by=None)
    tell_visitor(lead)


def check_held(lead: Lead, by: User) -> None:
    """Raise NotAllowed unless `by` has this locked lead in hand."""
    if lead.is_closed:
        raise NotAllowed(why_closed(lead) or "This lead is closed. Reopen it first.")
    if lead.holder and lead.holder != by:
        has_it = f"{lead.holder.get_full_name() or lead.holder} has this lead in hand since"
        raise NotAllowed(f"{has_it} {timezone.localtime(lead.claimed_at):%H:%M}. Nothing was changed; ask them.")
    if lead.holder != by:
        raise NotAllowed(LOST)


def why_closed(lead: Lead) -> str:
    """Why this closed lead cannot be opened by whoever works on it, in a sentence, or ""."""
    if lead.is_stopped:
        return STOPPED
    return MERGED.format(lead, lead.merged_into) if lead.merged_into else ""


def has_room(holder: User) -> bool:
    """Whether what `holder` has in hand now, with what was just put there, is not too much for one."""
    return Lead.objects.held(timezone.now()).filter(claimed_by=holder).count() <= MOST_IN_HAND


def hold(lead: Lead, lasts: timedelta) -> None:
    """Working on a lead makes its claim last longer, and never shorter."""
    lead.claim_lapses_at = max(lead.claim_lapses_at, timezone.now() + lasts)
    lead.save(update_fields=["claim_lapses_at"])


def free(lead: Lead, **changes: Any) -> None:
    """Nobody has the lead in hand any more; `changes` are saved with that."""
    changes |= {"claimed_by": None, "claimed_at": None, "claim_lapses_at": None}
    for name, value in changes.items():
        setattr(lead, name, value)
    lead.save(update_fields=list(changes))


def _why_not(lead: Lead, by: User) -> str:
    if lead.is_closed:
        return why_closed(lead) or "This lead has been closed meanwhile."
    if lead.is_quarantined:
        return "This one is in quarantine. First somebody decides whether it is a person."
    if lead.holder:
        return TAKEN
    other = lead.contact_point.leads.held_by_others(by, timezone.now()).first()
    over = f", over {other.reference}" if other else ""
    return f"A colleague has this number in hand{over}. Choose another from the queue, or ask them to pass it on."


def _is_just_released(lead: Lead, by: User) -> bool:
    last = lead.activities.first()
    return last is not None and (last.kind, last.by_id) == (Activity.Kind.RELEASED, by.pk)
