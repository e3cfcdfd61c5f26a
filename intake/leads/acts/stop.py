"""A person asks not to be contacted: their number with its extension is stopped, and its open leads are closed."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake.leads.activity import Activity, CallOutcome
from intake.leads.acts.changes import record
from intake.leads.acts.close import shut
from intake.leads.contact_point import locked_point
from intake.leads.models import Lead


@transaction.atomic
def stop(lead: Lead, *, by: User, note: str = "") -> None:
    """It needs no claim, and reaches whatever else the same person sent, or sends later from before the stop.

    Who is stopped is a person, not a request; only a new request from them lifts it (`leads.reception`).
    """
    point = locked_point(lead.contact_point_id)
    open_or_this = Q(closed_at=None) | Q(pk=lead.pk)
    # All are locked in one order, so that two stops at once do not wait for each other.
    leads = {each.pk: each for each in point.leads.select_for_update().filter(open_or_this).order_by("pk")}
    lead = leads.pop(lead.pk)
    if lead.is_stopped:
        return
    record(lead, Activity.Kind.CALLED, by=by, outcome=CallOutcome.ASKED_TO_STOP, note=note)
    shut(lead, by=by, reason=Lead.CloseReason.ASKED_TO_STOP)
    for other in leads.values():
        shut(other, by=by, reason=Lead.CloseReason.ASKED_TO_STOP, on=lead.reference)
    point.stop(timezone.now())
