"""What all acts share: they lock the lead, write what happened, and let the receipt say what is true now."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity, Note
from intake.leads.contact_point import locked_point, locked_points
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
    Activity.Kind.MERGED,
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


def locked_together(*leads: Lead, phone: str = "") -> dict[UUID, Lead]:
    """As `locked`, with all leads that are the same persons' and with the point of `phone`; by their keys.

    All points come before all leads, each in one order.
    """
    found = _together(leads)
    locked_points([phone] if phone else [], {point for _, point in found})
    now = Lead.objects.select_for_update(of=("self",)).select_related("contact_point")
    rows = {lead.pk: lead for lead in now.filter(pk__in=[pk for pk, _ in found]).order_by("pk")}
    if _together(leads) != found:  # somebody has just changed the number, or merged another lead into one of these
        return locked_together(*leads, phone=phone)
    for lead in rows.values():
        lead.merged_into = rows.get(lead.merged_into_id)
    return rows


def _together(leads: Collection[Lead]) -> set[tuple[UUID, UUID]]:
    """The keys of the leads that are the same persons' as these, each with that of its point."""
    now = Lead.objects.filter(pk__in=[lead.pk for lead in leads])
    that_count = [merged_into or pk for pk, merged_into in now.values_list("pk", "merged_into")]
    all_of_them = Lead.objects.filter(Q(pk__in=that_count) | Q(merged_into__in=that_count))
    return set(all_of_them.values_list("pk", "contact_point"))


def check_not_erased(lead: Lead) -> None:
    """Raise NotAllowed rather than store something about a person who was erased. The lead is locked."""
    if lead.is_erased:
        raise NotAllowed(ERASED)


def done_by_others(lead: Lead, user: User, kinds: Collection[Activity.Kind]) -> QuerySet[Activity]:
    """Newest first. Their number is the version of a form: rows are only added, also with a lead that is merged."""
    return lead.timeline.filter(kind__in=kinds).exclude(by=user)


def check_unchanged(lead: Lead, seen: int | None, *, by: User, kinds: Collection[Activity.Kind]) -> None:
    """Raise Changed unless others did the `seen` things that a form was made from, and no more. The lead is locked.

    They are fewer if a merge was taken back meanwhile.
    """
    if seen is None:
        return
    done = list(done_by_others(lead, by, kinds).select_related("by", "note", "lead"))
    if len(done) != seen:
        raise Changed(done[: max(len(done) - seen, 0)])


def record(lead: Lead, kind: Activity.Kind, *, by: User | None, note: str = "", **values: Any) -> None:
    """Write into the timeline what happened, with the note that was written with it."""
    written = Note.objects.create(lead=lead, body=note, written_by=by) if note.strip() else None
    Activity.objects.create(lead=lead, kind=kind, by=by, note=written, **values)


def tell_visitor(lead: Lead) -> None:
    """Let every receipt of this person say what is true now."""
    lead = lead.that_counts
    receipts = CallbackMessage.objects.filter(leadmessage__lead__in=lead.with_merged.values("pk"))
    receipts.update(public_status=lead.public_status)
