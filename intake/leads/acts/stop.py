"""A person asks not to be contacted: their number with its extension is stopped, and its open leads are closed."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from intake.leads.activity import Activity, CallOutcome
from intake.leads.acts.changes import NotAllowed, check_not_erased, locked_together, record
from intake.leads.acts.close import shut
from intake.leads.acts.hand_over import check_handed_over
from intake.leads.contact_point import ContactPoint
from intake.leads.doubts import is_in_words
from intake.leads.models import Lead

HOW_HEARD = (
    "You have neither the lead in hand nor seen the number. A stop is for good, so say in a few words how you heard it."
)


def check_heard(lead: Lead, by: User, note: str) -> None:
    """Raise NotAllowed unless `by` works the lead, may have been on the phone, or says how they know."""
    if not (lead.holder == by or lead.calls.owes_outcome(by) or is_in_words(note)):
        raise NotAllowed(HOW_HEARD)


@transaction.atomic
def stop(lead: Lead, *, by: User, note: str = "") -> None:
    """Somebody on the staff hears it. It needs no claim, and reaches whatever else the same person sent.

    Raises NotAllowed where a lead that it would close may be somebody's in danger, until a hand-over is recorded there,
    and for a note about a person who was erased.

    Who is stopped is a person, not a request; only a new request from them lifts it (`leads.reception`).
    """
    of_person, others = _locked(lead, Q(closed_at=None))
    lead = of_person[lead.pk]
    if lead.is_stopped:
        return
    for each in [*of_person.values(), *others]:
        if not each.is_closed:
            check_handed_over(each)
    if note.strip():
        check_not_erased(lead)
    record(lead, Activity.Kind.CALLED, by=by, outcome=CallOutcome.ASKED_TO_STOP, note=note)
    _shut_all([*of_person.values(), *others], lead, by=by)
    for point in _points(of_person):
        point.stop(timezone.now())


@transaction.atomic
def stop_by_the_person(lead: Lead, *, at: datetime) -> None:
    """They did it on the receipt, `at` a time after which they may have asked for another call."""
    of_person, others = _locked(lead, Q(closed_at=None, received_at__lte=at))
    lead = of_person[lead.pk]
    if lead.is_stopped:
        return
    record(lead, Activity.Kind.STOPPED, by=None)
    asked_before = [each for each in of_person.values() if each == lead or each.received_at <= at]
    _shut_all([*asked_before, *others], lead, by=None)
    for point in _points(of_person):
        if point.stopped_at is None or point.stopped_at < at:
            later = point.leads.filter(received_at__gt=at, is_quarantined=False).order_by("received_at").first()
            point.stop(at, lifted_at=later.received_at if later else None)


def _locked(lead: Lead, others: Q) -> tuple[dict[UUID, Lead], list[Lead]]:
    """The leads of this person by their keys, and others of their points.

    All are taken in one order, so that two stops at once do not wait for each other.
    """
    of_person = locked_together(lead)
    of_points = Lead.objects.select_for_update().filter(others, contact_point__in=_points(of_person))
    return of_person, list(of_points.exclude(pk__in=of_person).order_by("pk"))


def _points(of_person: dict[UUID, Lead]) -> list[ContactPoint]:
    return list({lead.contact_point_id: lead.contact_point for lead in of_person.values()}.values())


def _shut_all(leads: list[Lead], asked: Lead, *, by: User | None) -> None:
    """Each receipt of the person says so; `asked` is the lead over which they did."""
    for lead in leads:
        on = {} if lead == asked else {"on": asked.reference}
        shut(lead, by=by, reason=Lead.CloseReason.ASKED_TO_STOP, **on)
