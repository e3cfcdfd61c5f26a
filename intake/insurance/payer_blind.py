"""Who is called, and when, does not depend on who pays: what covers a person is shown from the first contact on."""

from django.conf import settings
from django.contrib.auth.models import User

from intake.leads.activity import Activity
from intake.leads.acts.changes import OF_INSURANCE
from intake.leads.models import Lead

Kind = Activity.Kind
TELL_OF_INSURANCE = (
    *OF_INSURANCE,
    Kind.CARD_SEEN,
    Kind.CONSENTED,
    Kind.DISCLOSED,
    Kind.APPROVED,
    Kind.DRAFT_PASSED,
)


def is_hidden(lead: Lead, user: User) -> bool:
    """Until somebody spoke with them, or `user` has looked at the number and may be speaking with them now.

    Of a closed lead nobody chooses any more whether to call. The setting PAYER_BLIND switches this off.
    """
    lead = lead.that_counts
    if not settings.PAYER_BLIND or lead.is_closed:
        return False
    return not (lead.calls.has_talk or lead.calls.owes_outcome(user))
