"""Consent and disclosure: whoever asks a payer tells it that the person is with us, so the person agrees first.

Both are rows of the timeline, which nobody can change: who agreed, how and on which day; and what each payer was told.
They name no payer and hold nothing of the person. Source of the rule: 42 CFR 2.31 (what a consent says) and 2.25.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from intake.leads.activity import Activity, ConsentHow, ConsentOf
from intake.leads.acts.changes import NotAllowed, check_not_erased, locked, record
from intake.leads.models import Lead

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from intake.insurance.models import Coverage

NO_CONSENT = (
    "Nothing was saved yet, because no consent to ask the insurer is recorded. To ask is to tell the insurer that they "
    "are with us. Ask the person, record the consent on the page of their insurance, then save again."
)
FOR_A_DEPENDENT = (
    "The patient is insured through somebody else. The plan may write to that person about any treatment. Ask the "
    "patient whether that is safe before you ask the plan."
)


@transaction.atomic
def record_consent(lead: Lead, *, by: "User", of: ConsentOf, how: ConsentHow, on: date) -> None:
    """Raises NotAllowed for an erased person."""
    check_not_erased(lead := locked(lead))
    detail = {"is_given": True, "of": of, "how": how, "on": on.isoformat()}
    record(lead, Activity.Kind.CONSENTED, by=by, detail=detail)


@transaction.atomic
def take_back_consent(lead: Lead, *, by: "User") -> None:
    """From then on no payer is asked. What was told before stays told."""
    check_not_erased(lead := locked(lead))
    if consent_of(lead):
        record(lead, Activity.Kind.CONSENTED, by=by, detail={"is_given": False})


def consent_of(lead: Lead) -> Activity | None:
    """The one that holds: of the person, whichever of their leads it was given for."""
    newest = _told_of(lead, Activity.Kind.CONSENTED).first()
    return newest if newest and newest.detail["is_given"] else None


def checked_consent(lead: Lead) -> Activity:
    """Raises NotAllowed where there is none."""
    if consent := consent_of(lead):
        return consent
    raise NotAllowed(NO_CONSENT)


def log_disclosure(
    coverage: "Coverage", consent: Activity, *, by: "User", channel: str, told: Sequence[str] = ()
) -> None:
    """One check: through which channel, of which coverage, on which consent, and what was told. No more than needed.

    `told` is what was sent, where that is known word for word; who speaks with a payer may say all that is recorded.
    """
    known = {"member ID": coverage.member_id, "date of birth": coverage.born_on, "group number": coverage.group_number}
    detail = {
        "channel": channel,
        "coverage": str(coverage.pk),
        "consent": str(consent.pk),
        "what": list(told) or ["who asks", "name", *(name for name, value in known.items() if value)],
    }
    record(coverage.lead, Activity.Kind.DISCLOSED, by=by, detail=detail)


def disclosures_of(lead: Lead) -> QuerySet[Activity]:
    """Newest first."""
    return _told_of(lead, Activity.Kind.DISCLOSED).select_related("by")


def _told_of(lead: Lead, kind: Activity.Kind) -> QuerySet[Activity]:
    return Activity.objects.filter(lead__in=lead.that_counts.with_merged.values("pk"), kind=kind).order_by("-at")
