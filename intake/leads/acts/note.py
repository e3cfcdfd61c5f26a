"""Writing a note."""

from django.contrib.auth.models import User
from django.db import transaction

from intake.leads.activity import Activity
from intake.leads.acts.changes import check_not_erased, locked, record
from intake.leads.acts.claim import CLAIM_LASTS, hold
from intake.leads.calls import CALL_LASTS
from intake.leads.models import Lead


@transaction.atomic
def add_note(lead: Lead, *, by: User, note: str) -> None:
    """It needs no claim; whoever has one, and writes, keeps it for longer. Raises NotAllowed for an erased person."""
    lead = locked(lead)
    check_not_erased(lead)
    if lead.holder == by and not lead.is_closed:
        hold(lead, CALL_LASTS if lead.calls.owes_outcome(by) else CLAIM_LASTS)
    record(lead, Activity.Kind.NOTED, by=by, note=note)
