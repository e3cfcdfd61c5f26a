"""What all acts share: they lock the lead, write what happened, and let the receipt say what is true now."""

from typing import Any

from django.contrib.auth.models import User

from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity, Note
from intake.leads.contact_point import locked_point
from intake.leads.models import Lead


class NotAllowed(Exception):
    """An act that the state of the lead forbids. The message is a sentence for the consultant."""


def locked(lead: Lead) -> Lead:
    """The lead as it is now, with its contact point, and for nobody else to change until the transaction ends.

    The point comes first: calls are counted there, and two who take both in two orders would wait for each other.
    """
    point = locked_point(lead.contact_point_id)
    found = Lead.objects.select_for_update().get(pk=lead.pk)
    if found.contact_point_id != point.pk:  # the person has just changed the number
        return locked(found)
    found.contact_point = point
    return found


def record(lead: Lead, kind: Activity.Kind, *, by: User | None, note: str = "", **values: Any) -> None:
    """Write into the timeline what happened, with the note that was written with it."""
    written = Note.objects.create(lead=lead, body=note, written_by=by) if note.strip() else None
    Activity.objects.create(lead=lead, kind=kind, by=by, note=written, **values)


def tell_visitor(lead: Lead) -> None:
    """Let every receipt of this lead say what is true now."""
    CallbackMessage.objects.filter(leadmessage__lead=lead).update(public_status=lead.public_status)
