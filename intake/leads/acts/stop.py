"""A person asks not to be contacted: every open lead of their number and extension is closed for good."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from intake.leads.activity import Activity, CallOutcome
from intake.leads.acts.changes import record
from intake.leads.acts.close import shut
from intake.leads.models import Lead


@transaction.atomic
def stop(lead: Lead, *, by: User, note: str = "") -> None:
    """It needs no claim, and reaches whatever else the same person sent: who is stopped is a person, not a request."""
    open_alike = lead.with_same_number().filter(closed_at=None)
    either = Q(pk=lead.pk) | Q(pk__in=open_alike.values("pk"))
    # All are locked in one order, so that two stops at once do not wait for each other.
    leads = {each.pk: each for each in Lead.objects.select_for_update().filter(either).order_by("pk")}
    lead = leads.pop(lead.pk)
    if lead.is_stopped:
        return
    record(lead, Activity.Kind.CALLED, by=by, outcome=CallOutcome.ASKED_TO_STOP, note=note)
    shut(lead, by=by, reason=Lead.CloseReason.ASKED_TO_STOP)
    for other in leads.values():
        # A switchboard is many people: only the same extension is the same person.
        if not other.is_closed and other.phone == lead.phone:
            shut(other, by=by, reason=Lead.CloseReason.ASKED_TO_STOP, on=lead.reference)
