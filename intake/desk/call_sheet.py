"""The call sheet at the desk: what to ask the payer on the phone, kept while it is typed, and passed on half done."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from facilities.directory.levels import LevelOfCare
from intake.desk.drafts import drafts_of, drop_sent, keep_sent
from intake.desk.insurance_pages import draft_name, form_page, from_first_contact_on, has_ended, led_to_check, seen_of
from intake.insurance.call_sheet import CallSheetForm
from intake.insurance.consent import FOR_A_DEPENDENT, consent_of
from intake.insurance.grid import cells_of, lines_of
from intake.insurance.models import Coverage
from intake.insurance.questions import NETWORKS
from intake.insurance.verification import VerificationOfBenefits
from intake.leads import acts
from intake.leads.acts.changes import NotAllowed
from intake.leads.acts.pass_on import who_can_take
from intake.leads.forms import PassOnForm
from intake.leads.models import Lead


@permission_required("intake.add_verificationofbenefits", raise_exception=True)
@sensitive_post_parameters()
@from_first_contact_on
def call_sheet(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID) -> HttpResponse:
    coverage = get_object_or_404(_coverages(lead), pk=coverage_id)
    draft = drafts_of(request, lead).get(name := draft_name("sheet", coverage))
    if away := _led_away(request, lead, coverage, has_draft=draft is not None):
        return away
    form, refusal = _form(request, coverage, kept=draft.data if draft else None), None
    if request.method == "POST" and form.is_valid():
        try:
            form.instance.record(by=request.user, seen=seen_of(request), lines=form.lines())
        except Coverage.DoesNotExist:
            return has_ended(request, lead)
        except NotAllowed as error:
            refusal = error
        else:
            drop_sent(request, lead)
            messages.success(request, "Recorded, with who said it and when.")
            return redirect("desk:insurance", lead_id=lead.pk)
    context = {
        "title": f"Call sheet of {lead.reference}",
        "name": name,
        "coverage": coverage,
        "ended": coverage.ended_at,
        "consent": consent_of(lead),
        "for_a_dependent": FOR_A_DEPENDENT if coverage.is_of_a_dependent else "",
        "colleagues": who_can_take().exclude(pk=request.user.pk) if draft else (),
    }
    return form_page(request, lead, form, refusal, template="desk/call_sheet.html", **context)


def _led_away(request: HttpRequest, lead: Lead, coverage: Coverage, *, has_draft: bool) -> HttpResponse | None:
    """Where there is nothing to ask about this coverage, or other questions were chosen."""
    if coverage.ended_at and (request.method == "POST" or not has_draft):
        return has_ended(request, lead)
    if away := led_to_check(request, lead, coverage):
        return away
    if "quick" in request.POST:
        keep_sent(request, lead)
        return redirect("desk:call_sheet", lead_id=lead.pk, coverage_id=coverage.pk)
    return None


@permission_required("intake.add_verificationofbenefits", raise_exception=True)
@require_POST
@from_first_contact_on
def pass_sheet(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID) -> HttpResponse:
    """To a colleague, who goes on where it was left."""
    coverage = get_object_or_404(lead.coverages, pk=coverage_id)
    form = PassOnForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Choose to whom the call sheet goes.")
        return redirect("desk:call_sheet", lead_id=lead.pk, coverage_id=coverage.pk)
    to = form.cleaned_data["to"]
    try:
        acts.pass_draft(lead, by=request.user, to=to, form=draft_name("sheet", coverage))
    except NotAllowed as error:
        messages.warning(request, str(error))
        return redirect("desk:call_sheet", lead_id=lead.pk, coverage_id=coverage.pk)
    messages.success(request, f"{to.get_full_name() or to} has the call sheet now, and finds it on this page.")
    return redirect("desk:insurance", lead_id=lead.pk)


def _coverages(lead: Lead) -> QuerySet[Coverage]:
    return lead.coverages.select_related("payer").prefetch_related("verifications__benefit_lines")


def _form(request: HttpRequest, coverage: Coverage, kept: object) -> CallSheetForm:
    """For a new sheet, the levels that were in question before are chosen again."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    said = coverage.real_verifications
    asked = {line.level_id for each in said for line in each.benefit_lines.all()}
    return CallSheetForm(
        request.POST if request.method == "POST" else None,
        known=cells_of(lines_of(said)),
        kept=kept,
        instance=VerificationOfBenefits(coverage=coverage),
        initial={
            "levels": [level for level in LevelOfCare.objects.all() if level.pk in asked],
            "networks": list(NETWORKS),
            "call_began_at": now,
            "verified_at": now,
        },
    )
