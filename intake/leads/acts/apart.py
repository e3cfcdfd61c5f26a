"""Saying that two leads are two persons', a family's perhaps, so that they are not proposed as one again."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, locked_together, record
from intake.leads.acts.merge import ALREADY, undo_of_two
from intake.leads.models import Lead


@transaction.atomic
def tell_apart(lead: Lead, *, other: Lead, by: User) -> None:
    """It needs no claim, and stands in both timelines. Raises NotAllowed for two that are merged."""
    leads = locked_together(lead, other)
    lead, other = leads[lead.pk], leads[other.pk]
    if lead.that_counts == other.that_counts:
        raise NotAllowed(ALREADY.format(other, lead.that_counts))
    now = timezone.now()
    for one, another in ((lead, other), (other, lead)):
        detail = {"other": str(another.pk), "reference": another.reference}
        record(one, Activity.Kind.APART, by=by, at=now, detail=detail)


@transaction.atomic
def propose_again(row: Activity, *, by: User) -> None:
    """Undo what `row` tells."""
    other = Lead.objects.get(pk=row.detail["other"])
    for each in locked_together(row.lead, other).values():
        if each.pk in (row.lead_id, other.pk):
            undo_of_two(each, row, by=by)
