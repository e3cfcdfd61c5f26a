"""What all acts share: they lock the lead, write what happened, and let the receipt say what is true now."""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity, Note
from intake.leads.contact_point import locked_point
from intake.leads.models import Lead

ERASED = (
    "This person was erased meanwhile, so nothing more is kept about them. What you typed stays on this page until you "
    "leave it."
)

CHANGED = "Nothing was saved yet, because something changed while you typed. Read what it is, then save again."
# What somebody must have read before they promise a call, and before they record what covers the person.
OF_CALLS = (
    Activity.Kind.NOTED,
    Activity.Kind.CALLED,
    Activity.Kind.FOLLOW_UP,
    Activity.Kind.SENT_AGAIN,
    Activity.Kind.CHANGED,
    Activity.Kind.PAUSED,
    Activity.Kind.REOPENED,
    Activity.Kind.CORRECTED,
    Activity.Kind.HANDED_OVER,
)
OF_INSURANCE = (Activity.Kind.COVERAGE, Activity.Kind.VERIFIED, Activity.Kind.INSURED, Activity.Kind.CARD_SENT)


class NotAllowed(Exception):
    """An act that the state of the lead forbids. The message is a sentence for the consultant."""

    changed: Sequence[Activity] = ()  # what others did meanwhile, where that is why


class Changed(NotAllowed):
    def __init__(self, changed: Sequence[Activity]) -> None:
        super().__init__(CHANGED)
        self.changed = changed


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


def check_not_erased(lead: Lead) -> None:
    """Raise NotAllowed rather than store something about a person who was erased. The lead is locked."""
    if lead.is_erased:
        raise NotAllowed(ERASED)


def done_by_others(lead: Lead, user: User, kinds: Collection[Activity.Kind]) -> QuerySet[Activity]:
    """Newest first. Their number is the version of a form: rows are only ever added."""
    return lead.activities.filter(kind__in=kinds).exclude(by=user)


def check_unchanged(lead: Lead, seen: int | None, *, by: User, kinds: Collection[Activity.Kind]) -> None:
    """Raise Changed if others did more than the `seen` things that a form was made from. The lead is locked."""
    if seen is None:
        return
    done = list(done_by_others(lead, by, kinds).select_related("by", "note"))
    if len(done) > seen:
        raise Changed(done[: len(done) - seen])


def record(lead: Lead, kind: Activity.Kind, *, by: User | None, note: str = "", **values: Any) -> None:
    """Write into the timeline what happened, with the note that was written with it."""
    written = Note.objects.create(lead=lead, body=note, written_by=by) if note.strip() else None
    Activity.objects.create(lead=lead, kind=kind, by=by, note=written, **values)


def tell_visitor(lead: Lead) -> None:
    """Let every receipt of this lead say what is true now."""
    CallbackMessage.objects.filter(leadmessage__lead=lead).update(public_status=lead.public_status)
