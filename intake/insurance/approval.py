"""Approval: where the facility wants it, what a consultant verified waits for somebody else to look at it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from intake.insurance.verification import VerificationOfBenefits
from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, check_not_erased, locked, record
from intake.leads.models import Lead

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OWN = "You entered this yourself. Somebody else approves it."


def waiting(lead: Lead, verifications: list[VerificationOfBenefits]) -> set[VerificationOfBenefits]:
    """Those that nobody has approved; none where no approval is wanted."""
    if not settings.VERIFICATIONS_NEED_APPROVAL:
        return set()
    rows = Activity.objects.filter(lead__in=lead.with_merged.values("pk"), kind=Activity.Kind.APPROVED)
    approved = {row.detail["verification"] for row in rows}
    return {each for each in verifications if str(each.pk) not in approved and not each.is_test}


@transaction.atomic
def approve(verification: VerificationOfBenefits, *, by: "User") -> None:
    """Raises NotAllowed for whoever entered it. A second approval changes nothing."""
    check_not_erased(lead := locked(verification.coverage.lead))
    if verification.entered_by == by:
        raise NotAllowed(OWN)
    if waiting(lead, [verification]):
        record(lead, Activity.Kind.APPROVED, by=by, detail={"verification": str(verification.pk)})
