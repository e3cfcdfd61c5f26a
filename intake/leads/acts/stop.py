"""A person asks not to be contacted: their number with its extension is stopped, and its open leads are closed."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake.leads.activity import Activity, CallOutcome
from intake.leads.acts.changes import check_not_erased, record
from intake.leads.acts.close import shut
from intake.leads.acts.hand_over import check_handed_over
from intake.leads.contact_point import locked_point
from intake.leads.models import Lead


@transaction.atomic
def stop(lead: Lead, *, by: User, note: str = "") -> None:
    """Somebody on the staff hears it. It needs no claim, and reaches whatever else the same person sent.

    Raises NotAllowed where a lead that it would close may be somebody's in danger, until a hand-over is recorded there,
    and for a note about a person who was erased.

    Who is stopped is a person, not a request; only a new request from them lifts it (`leads.reception`).
    """
    leads = _locked(lead, Q(closed_at=None))
    if leads[lead.pk].is_stopped:
        return
    for each in leads.values():
        if not each.is_closed:
            check_handed_over(each)
    if note.strip():
        check_not_erased(leads[lead.pk])
    record(lead, Activity.Kind.CALLED, by=by, outcome=CallOutcome.ASKED_TO_STOP, note=note)
    _shut_all(leads, lead, by=by)
    locked_point(lead.contact_point_id).stop(timezone.now())


@transaction.atomic
def stop_by_the_person(lead: Lead, *, at: datetime) -> None:
    """They did it on the receipt, `at` a time after which they may have asked for another call."""
    leads = _locked(lead, Q(closed_at=None, received_at__lte=at))
    point = locked_point(lead.contact_point_id)
    if leads[lead.pk].is_stopped:
        return
    record(lead, Activity.Kind.STOPPED, by=None)
    _shut_all(leads, lead, by=None)
    if point.stopped_at is None or point.stopped_at < at:
        later = point.leads.filter(received_at__gt=at, is_quarantined=False).order_by("received_at").first()
        point.stop(at, lifted_at=later.received_at if later else None)


def _locked(lead: Lead, others: Q) -> dict[UUID, Lead]:
    """This lead and others of its point, in one order, so that two stops at once do not wait for each other."""
    point = locked_point(lead.contact_point_id)
    either = Q(pk=lead.pk) | Q(others, contact_point=point)
    return {each.pk: each for each in Lead.objects.select_for_update().filter(either).order_by("pk")}


def _shut_all(leads: dict[UUID, Lead], asked: Lead, *, by: User | None) -> None:
    reason = Lead.CloseReason.ASKED_TO_STOP
    shut(leads.pop(asked.pk), by=by, reason=reason)
    for other in leads.values():
        shut(other, by=by, reason=reason, on=asked.reference)
