"""What a person does to their request themselves, on the receipt. Nobody on the staff has a part in it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from intake.callbacks.contract import Change
from intake.callbacks.crisis import means_danger
from intake.leads.activity import Activity
from intake.leads.acts.changes import locked_together, record, tell_visitor
from intake.leads.acts.claim import free
from intake.leads.acts.close import shut
from intake.leads.acts.erase import erase
from intake.leads.acts.quarantine import admit
from intake.leads.birth_years import keep_birth_years
from intake.leads.contact_point import ContactPoint, token_of
from intake.leads.derived import keep_windows
from intake.leads.models import Lead
from intake.leads.tokens import LookupToken, tokens_of
from intake.phone import zones_of

CHANGEABLE = ("name", "times", "time_zone", "voicemail", "text", "if_other_answers")
OF_THE_CALL = ("name", "phone")  # whom to ask for, and where: what the lead says that counts


@transaction.atomic
def pause(lead: Lead, *, until: datetime) -> None:
    """No call is safe before `until`. A consultant who must call all the same says why."""
    lead = locked_together(lead)[lead.pk]
    if lead.paused_until and lead.paused_until >= until:
        return
    for each in {lead, lead.that_counts}:
        each.paused_until = max(until, each.paused_until or until)
        each.save(update_fields=["paused_until"])
    _keep_window(lead.that_counts)
    record(lead, Activity.Kind.PAUSED, by=None)


@transaction.atomic
def withdraw(lead: Lead) -> None:
    """Take the request back: it is closed if it is open, and the person is erased."""
    lead = locked_together(lead)[lead.pk]
    if not lead.that_counts.is_closed:
        on = {"on": lead.reference} if lead.merged_into else {}
        shut(lead.that_counts, by=None, reason=Lead.CloseReason.WITHDRAWN, **on)
    erase(lead, by=None)


@transaction.atomic
def change_contact(lead: Lead, change: Change, *, at: datetime) -> None:
    """How and when to call, and which number, from now on. The number of before is forgotten.

    A new number is one that they ask us to call: a stop of it is lifted, unless it came after this was sent. A request
    that may be spam does so only when somebody clears it, and one that is closed asks for no call.

    Words that may mean danger lead out of quarantine. Over a merged lead, name and number change for the one that
    counts too; its other answers hold for both already.
    """
    lead = locked_together(lead, phone=change.phone)[lead.pk]
    if lead.is_quarantined and not lead.is_closed and means_danger(change.name):
        admit(lead, lead.contact_point, by=None)
    changed = [part for part in CHANGEABLE if getattr(lead, part) != getattr(change, part)]
    if change.phone and change.phone != lead.phone:
        changed.append("phone")
    if not changed:
        return
    _change(lead, change, changed, at)
    record(lead, Activity.Kind.CHANGED, by=None, at=at, detail={"changed": sorted(changed)})
    of_the_call = sorted({*OF_THE_CALL}.intersection(changed))
    if lead.merged_into and of_the_call:
        _change(lead.merged_into, change, of_the_call, at)
        detail = {"changed": of_the_call, "on": lead.reference}
        record(lead.merged_into, Activity.Kind.CHANGED, by=None, detail=detail)
    _keep_window(lead.that_counts)  # of several answers the last one may hold, so this one is written down first
    tell_visitor(lead)


def _change(lead: Lead, change: Change, parts: list[str], at: datetime) -> None:
    """It is locked, with the point of the new number."""
    fields = [*parts, "is_crisis", "answers_token"]
    for part in parts:
        setattr(lead, part, getattr(change, part))
    if "phone" in parts:
        lead.number_zones = zones_of(change.phone)
        lead.contact_point = ContactPoint.objects.get(token=token_of(change.phone))
        fields += ["number_zones", "contact_point"]
        if not lead.is_closed:
            _obey_stop(lead, at)
    if means_danger(change.name) and not lead.is_quarantined:
        lead.is_crisis = True
    lead.answers_token = b""  # the first answers, if they come again, are another request now
    lead.save(update_fields=fields)
    _leave_to_holder(lead)
    _find_by_new_answers(lead)


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
    tokens = tokens_of(lead, reference=lead.reference, phone=lead.phone, name=lead.name)
    LookupToken.objects.bulk_create(tokens, ignore_conflicts=True)
    keep_birth_years(lead)
