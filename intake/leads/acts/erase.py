"""Forgetting a person, while what was done stays in the timeline."""

from django.contrib.auth.models import User
from django.db import transaction

from intake.callbacks.models import CallbackMessage
from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, locked_together, record
from intake.leads.models import Lead
from intake.privacy.erasure import blank_rows_about

Kind = CallbackMessage.Kind


@transaction.atomic
def erase(lead: Lead, *, by: User | None) -> None:
    """Blank what the person told us, on this lead, on those that are the same person's and on all that hangs on them.

    Nobody can undo it.

    A stop is kept for the number: the contact point names it only by an HMAC. Raises NotAllowed for an open lead.
    """
    of_person = list(locked_together(lead).values())
    if not all(each.is_closed for each in of_person):
        raise NotAllowed("This lead is open. Close it first.")
    for each in of_person:
        _forget(each)
        record(each, Activity.Kind.ERASED, by=by)


def _forget(lead: Lead) -> None:
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
