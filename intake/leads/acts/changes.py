"""What all acts share: they lock the lead, write what happened, and let the receipt say what is true now."""

from typing import Any

from django.contrib.auth.models import User

from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity, Note
from intake.leads.models import Lead

ERASED = (
    "This person was erased meanwhile, so nothing more is kept about them. What you typed stays on this page until you "
    "leave it."
)


class NotAllowed(Exception):
    """An act that the state of the lead forbids. The message is a sentence for the consultant."""


def locked(lead: Lead) -> Lead:
    """The lead as it is now, and for nobody else to change until the transaction ends."""
    return Lead.objects.select_for_update().get(pk=lead.pk)


def check_not_erased(lead: Lead) -> None:
    """Raise NotAllowed rather than store something about a person who was erased. The lead is locked."""
    if lead.is_erased:
        raise NotAllowed(ERASED)


def record(lead: Lead, kind: Activity.Kind, *, by: User | None, note: str = "", **values: Any) -> None:
    """Write into the timeline what happened, with the note that was written with it."""
    written = Note.objects.create(lead=lead, body=note, written_by=by) if note.strip() else None
    Activity.objects.create(lead=lead, kind=kind, by=by, note=written, **values)


def tell_visitor(lead: Lead) -> None:
    """Let every receipt of this lead say what is true now."""
    CallbackMessage.objects.filter(leadmessage__lead=lead).update(public_status=lead.public_status)
