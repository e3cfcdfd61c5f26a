"""Deciding about a suspected request: a person, or spam."""

from django.contrib.auth.models import User
from django.db import transaction

from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, locked, record
from intake.leads.acts.close import shut
from intake.leads.contact_point import locked_point
from intake.leads.models import Lead


@transaction.atomic
def clear_quarantine(lead: Lead, *, by: User, is_spam: bool) -> None:
    """A person decides what a filled honeypot was: a request like any other, or spam.

    If the number was stopped, the request came later, or the stop would have closed it: it lifts the stop.
    """
    point = locked_point(lead.contact_point_id)
    lead = locked(lead)
    if not lead.is_quarantined or lead.is_closed:
        raise NotAllowed("Somebody has decided about this one already.")
    if is_spam:
        shut(lead, by=by, reason=Lead.CloseReason.SPAM)
        return
    if point.is_stopped:
        point.lift(lead.received_at)
    lead.is_quarantined = False
    lead.save(update_fields=["is_quarantined"])
    record(lead, Activity.Kind.CLEARED, by=by)
