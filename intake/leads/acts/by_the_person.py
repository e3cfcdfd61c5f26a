"""What a person does to their request themselves, on the receipt. Nobody on the staff has a part in it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.callbacks.contract import Change
from intake.callbacks.crisis import means_danger
from intake.leads.activity import Activity
from intake.leads.acts.changes import locked, record, tell_visitor
from intake.leads.acts.claim import free
from intake.leads.acts.close import shut
from intake.leads.acts.erase import erase
from intake.leads.contact_point import locked_points
from intake.leads.derived import keep_windows
from intake.leads.models import Lead
from intake.leads.tokens import LookupToken, tokens_of
from intake.phone import zones_of

CHANGEABLE = ("name", "times", "time_zone", "voicemail", "text", "if_other_answers")


@transaction.atomic
def pause(lead: Lead, *, until: datetime) -> None:
    """No call is safe before `until`. A consultant who must call all the same says why."""
    lead = locked(lead)
    if lead.paused_until and lead.paused_until >= until:
        return
    lead.paused_until = until
    lead.save(update_fields=["paused_until"])
    _keep_window(lead)
    record(lead, Activity.Kind.PAUSED, by=None)


@transaction.atomic
def withdraw(lead: Lead) -> None:
    """Take the request back: it is closed if it is open, and the person is erased."""
    lead = locked(lead)
    if not lead.is_closed:
        shut(lead, by=None, reason=Lead.CloseReason.WITHDRAWN)
    erase(lead, by=None)


@transaction.atomic
def change_contact(lead: Lead, change: Change, *, at: datetime) -> None:
    """How and when to call, and which number, from now on. The number of before is forgotten.

    A new number is one that they ask us to call: a stop of it is lifted, unless it came after this was sent. A request
    that may be spam does so only when somebody clears it, and one that is closed asks for no call.
    """
    points = locked_points([change.phone]) if change.phone else {}
    lead = locked(lead)
    changed = [part for part in CHANGEABLE if getattr(lead, part) != getattr(change, part)]
    for part in changed:
        setattr(lead, part, getattr(change, part))
    if change.phone and change.phone != lead.phone:
        changed.append("phone")
        lead.phone, lead.number_zones = change.phone, zones_of(change.phone)
        lead.contact_point = points[change.phone]
        if not lead.is_closed:
            _obey_stop(lead, at)
    if not changed:
        return
    if means_danger(change.name) and not lead.is_quarantined:
        lead.is_crisis = True
    lead.answers_token = b""  # the first answers, if they come again, are another request now
    lead.save()
    _leave_to_holder(lead)
    _keep_window(lead)
    _find_by_new_answers(lead)
    record(lead, Activity.Kind.CHANGED, by=None, at=at, detail={"changed": sorted(changed)})
    tell_visitor(lead)


def _keep_window(lead: Lead) -> None:
    keep_windows(Lead.objects.filter(pk=lead.pk), timezone.now())


def _obey_stop(lead: Lead, at: datetime) -> None:
    """Close it if its new number was stopped after the change was sent, or lift the stop; both are locked."""
    point = lead.contact_point
    if not point.is_stopped:
        return
    if at <= point.stopped_at:
        shut(lead, by=None, reason=Lead.CloseReason.ASKED_TO_STOP)
    elif not lead.is_quarantined:
        point.lift(at)


def _leave_to_holder(lead: Lead) -> None:
    """Two never hold one number: whoever has the new one in hand already keeps it."""
    if lead.holder and lead.contact_point.leads.held_by_others(lead.holder, timezone.now()).exists():
        free(lead)
        record(lead, Activity.Kind.LAPSED, by=None)


def _find_by_new_answers(lead: Lead) -> None:
    kind = LookupToken.Kind
    lead.lookup_tokens.exclude(kind__in=(kind.REFERENCE, kind.REFERENCE_DIGITS)).delete()
    tokens = tokens_of(lead.pk, reference=lead.reference, phone=lead.phone, name=lead.name)
    LookupToken.objects.bulk_create(tokens, ignore_conflicts=True)
