"""Forgetting a person, while what was done stays in the timeline."""

from django.contrib.auth.models import User
from django.db import transaction

from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, locked, record
from intake.leads.models import Lead
from intake.privacy.erasure import blank_rows_about

Kind = CallbackMessage.Kind


@transaction.atomic
def erase(lead: Lead, *, by: User | None) -> None:
    """Blank what the person told us, on this lead and on all that hangs on it; nobody can undo it.

    A stop is kept for the number: the contact point names it only by an HMAC. Raises NotAllowed for an open lead.
    """
    lead = locked(lead)
    if not lead.is_closed:
        raise NotAllowed("This lead is open. Close it first.")
    blank_rows_about(lead)
    lead.lookup_tokens.all().delete()
    lead.drafts.all().delete()
    messages = CallbackMessage.objects.filter(leadmessage__lead=lead)
    messages.update(sealed=b"")
    # What stays of a receipt tells the person that, and when, they stopped or erased it, and nothing else.
    messages.filter(kind__in=(Kind.REQUEST, Kind.CHANGE, Kind.INSURANCE, *CallbackMessage.PHOTOS)).update(receipt=b"")
    Lead.objects.filter(pk=lead.pk).update(
        answers_token=b"", number_zones=[], time_zone="", times=[], source="", is_crisis=False, suspicions=[]
    )
    record(lead, Activity.Kind.ERASED, by=by)
