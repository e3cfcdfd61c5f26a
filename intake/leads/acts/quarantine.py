"""Deciding about a suspected request: a person, or spam."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from intake.callbacks.crisis import means_danger
from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, locked, record, tell_visitor
from intake.leads.acts.close import shut
from intake.leads.acts.erase import erase
from intake.leads.contact_point import ContactPoint
from intake.leads.lists import KEEP_DISCARDED_FOR
from intake.leads.models import Lead


@transaction.atomic
def clear_quarantine(lead: Lead, *, by: User, is_spam: bool) -> None:
    """A person decides what a suspected request is: one like any other, or spam.

    If the number was stopped, the request came later, or the stop would have closed it: it lifts the stop.
    """
    lead = locked(lead)
    if not lead.is_quarantined or lead.is_closed:
        raise NotAllowed("Somebody has decided about this one already.")
    if is_spam:
        shut(lead, by=by, reason=Lead.CloseReason.SPAM)
        return
    admit(lead, lead.contact_point, by=by)


def admit(lead: Lead, point: ContactPoint, *, by: User | None) -> None:
    """Into the queue, and if somebody had stopped its number before it came, that stop is lifted. Both are locked.

    Words that were written since, while it was taken for spam, may mean danger.
    """
    if point.is_stopped:
        changed = lead.activities.filter(kind=Activity.Kind.CHANGED).aggregate(at=Max("at"))["at"]
        point.lift(max(lead.received_at, changed or lead.received_at))
    lead.is_quarantined, lead.is_crisis = False, means_danger(lead.name, lead.note)
    lead.save(update_fields=["is_quarantined", "is_crisis"])
    record(lead, Activity.Kind.CLEARED, by=by)
    tell_visitor(lead)


def erase_discarded() -> int:
    """Forget whom nobody has brought back in KEEP_DISCARDED_FOR; returns how many they were."""
    kept_until = timezone.now() - KEEP_DISCARDED_FOR
    forgotten = list(Lead.objects.discarded().filter(closed_at__lte=kept_until))
    for lead in forgotten:
        erase(lead, by=None)
    return len(forgotten)
