"""What stands beside a coverage at the desk: its grid, our places, the consent to ask, and approvals."""

import uuid
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from facilities.directory.levels import LevelOfCare, Match, matches
from intake.desk.checks import CheckShown, checks_of
from intake.desk.insurance_pages import draft_name, from_first_contact_on
from intake.insurance import approval
from intake.insurance.consent import record_consent, take_back_consent
from intake.insurance.forms import ConsentForm
from intake.insurance.grid import Row, grid_of, lines_of
from intake.insurance.models import Coverage, coverages_of
from intake.insurance.verification import VerificationOfBenefits
from intake.leads.acts.changes import NotAllowed
from intake.leads.models import Lead


class Benefits(NamedTuple):
    """Of one coverage."""

    coverage: Coverage
    grid: list[Row]
    places: list[Match]
    has_sheet: bool  # that this person has begun, or was passed
    check: CheckShown | None


def benefits_of(coverages: Sequence[Coverage], drafts: Collection[str]) -> list[Benefits]:
    """The coverages bring checks, and verifications with the lines of these; `drafts` are names of forms."""
    levels = list(LevelOfCare.objects.all())
    checks = checks_of(coverages)
    places = matches([each.payer for each in coverages if each.payer], levels)
    return [
        Benefits(
            each,
            grid_of(lines_of(each.verifications.all()), levels),
            places.get(each.payer_id, []),
            draft_name("sheet", each) in drafts,
            checks.get(each.pk),
        )
        for each in coverages
    ]


@permission_required("intake.change_coverage", raise_exception=True)
@require_POST
@from_first_contact_on
def consent(request: HttpRequest, lead: Lead) -> HttpResponse:
    """To ask the insurer: given, or taken back."""
    try:
        if "take_back" in request.POST:
            take_back_consent(lead, by=request.user)
            messages.success(request, "Recorded. No payer is asked from now on.")
        elif (form := ConsentForm(request.POST)).is_valid():
            record_consent(lead, by=request.user, **form.cleaned_data)
            messages.success(request, "Consent recorded, with who gave it and when.")
        else:
            said = [error for errors in form.errors.values() for error in errors]
            messages.warning(request, f"Nothing was saved yet. {' '.join(said)}")
    except NotAllowed as error:
        messages.warning(request, str(error))
    return redirect("desk:insurance", lead_id=lead.pk)


@permission_required("intake.approve_verificationofbenefits", raise_exception=True)
@require_POST
@from_first_contact_on
def approve(request: HttpRequest, lead: Lead, verification_id: uuid.UUID) -> HttpResponse:
    of_person = VerificationOfBenefits.objects.filter(coverage__in=coverages_of(lead)).select_related("coverage__lead")
    try:
        approval.approve(get_object_or_404(of_person, pk=verification_id), by=request.user)
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, "Approved.")
    return redirect("desk:insurance", lead_id=lead.pk)
