"""Handing over somebody who may be in danger: to whom, when, and what was agreed."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from intake.leads.activity import Activity, HandOver
from intake.leads.acts.changes import NotAllowed, check_not_erased, locked, record
from intake.leads.doubts import is_in_words
from intake.leads.models import Lead

OWED = "The person of {} may be in danger. First record there to whom you handed over, when, and what was agreed."


@transaction.atomic
def hand_over(lead: Lead, *, by: User, to: HandOver, at: datetime, agreed: str) -> None:
    """Whoever reads it may do it, also without the lead in hand.

    Raises NotAllowed for a time to come, for a word that tells nothing, and for a person who was erased.
    """
    lead = locked(lead)
    check_not_erased(lead)
    if at > timezone.now():
        raise NotAllowed("That time has not come yet. Say when it was.")
    if not is_in_words(agreed):
        raise NotAllowed("Say in a few words what was agreed, so that whoever reads it knows what to do.")
    record(lead, Activity.Kind.HANDED_OVER, by=by, note=agreed, detail={"to": to, "at": at.isoformat()})


def check_handed_over(lead: Lead) -> None:
    """Raise NotAllowed for a lead with crisis words about which nothing was agreed since they last wrote."""
    if lead.owes_hand_over:
        raise NotAllowed(OWED.format(lead.reference))
