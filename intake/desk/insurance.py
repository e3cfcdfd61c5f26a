"""The insurance pages of a lead: what covers the person, and what the payer said."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from intake.desk.benefits import benefits_of
from intake.desk.drafts import drafts_of, drop_sent
from intake.desk.insurance_pages import draft_name, form_page, from_first_contact_on, has_ended, led_to_check, seen_of
from intake.desk.site import page_context
from intake.insurance.approval import waiting
from intake.insurance.cards import Busy, NoPicture, cards_of, look_at
from intake.insurance.consent import consent_of, disclosures_of
from intake.insurance.forms import RANK_TAKEN, ConsentForm, CoverageForm, VerificationForm
from intake.insurance.models import Coverage, coverages_of
from intake.insurance.verification import VerificationOfBenefits
from intake.insurance.whom_to_ask import is_sample
from intake.leads.acts.changes import NotAllowed
from intake.leads.models import Lead


@permission_required("intake.view_coverage", raise_exception=True)
@from_first_contact_on
def insurance(request: HttpRequest, lead: Lead) -> HttpResponse:
    every = coverages_of(lead).select_related("payer", "ended_by")
    every = every.prefetch_related("verifications__entered_by", "verifications__benefit_lines__level")
    every = every.prefetch_related("checks__asked_by", "payer__identifiers")
    coverages, earlier = list(every.current()), list(every.earlier())
    said = [answer for coverage in coverages for answer in coverage.verifications.all()]
    context = page_context(
        request,
        title=f"Insurance of {lead.reference}",
        lead=lead,
        benefits=benefits_of(coverages, drafts_of(request, lead)),
        earlier=earlier,
        is_sample=is_sample(),
        consent=consent_of(lead),
        consent_form=ConsentForm(),
        disclosures=disclosures_of(lead),
        waiting=waiting(lead, said),
        left_over=_left_over(request, lead, earlier),
        cards=cards_of(lead),
        shown=request.GET.get("card", ""),
        has_free_rank=sum(coverage.lead_id == lead.pk for coverage in coverages) < len(Coverage.Rank),
    )
    return render(request, "desk/insurance.html", context)


@permission_required("intake.view_coverage", raise_exception=True)
@require_GET
@from_first_contact_on
def card(request: HttpRequest, lead: Lead, card_id: uuid.UUID) -> HttpResponse:
    """The photo itself. Each answer is a look, and stands in the timeline."""
    found = get_object_or_404(cards_of(lead), pk=card_id)
    try:
        return HttpResponse(look_at(found, lead=lead, by=request.user), content_type="image/jpeg")
    except NoPicture:
        raise Http404 from None
    except Busy:  # the page says that the photo cannot be shown, and to load it again
        return HttpResponse(status=503, headers={"Retry-After": "5"})


@permission_required("intake.change_coverage", raise_exception=True)
@sensitive_post_parameters()
@from_first_contact_on
def record_coverage(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID | None = None) -> HttpResponse:
    coverage = get_object_or_404(lead.coverages, pk=coverage_id) if coverage_id else None
    draft = drafts_of(request, lead).get(name := draft_name("coverage", coverage))
    if coverage and coverage.ended_at and (request.method == "POST" or not draft):
        return has_ended(request, lead)
    form = CoverageForm(
        request.POST or None, instance=coverage, lead=lead, initial={} if coverage else {"rank": _first_free_rank(lead)}
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            form.instance.record(by=request.user, changed=form.changed_data if coverage else (), seen=seen_of(request))
        except IntegrityError:
            form.add_error("rank", RANK_TAKEN)
        except Coverage.DoesNotExist:
            return has_ended(request, lead)
        except NotAllowed as error:
            refusal = error
        else:
            drop_sent(request, lead)
            messages.success(request, "Coverage recorded. Next: verify its benefits.")
            return redirect("desk:insurance", lead_id=lead.pk)
    context = {"title": f"Coverage of {lead.reference}", "name": name, "ended": coverage and coverage.ended_at}
    return form_page(request, lead, form, refusal, **context)


@permission_required("intake.change_coverage", raise_exception=True)
@require_POST
@from_first_contact_on
def end_coverage(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID) -> HttpResponse:
    coverage = get_object_or_404(lead.coverages, pk=coverage_id)
    try:
        coverage.end(by=request.user)
    except Coverage.DoesNotExist:
        return has_ended(request, lead)
    messages.success(request, "Coverage ended. It is listed below as earlier coverage.")
    return redirect("desk:insurance", lead_id=lead.pk)


@permission_required("intake.add_verificationofbenefits", raise_exception=True)
@sensitive_post_parameters()
@from_first_contact_on
def record_verification(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID) -> HttpResponse:
    coverage = get_object_or_404(lead.coverages.select_related("payer"), pk=coverage_id)
    draft = drafts_of(request, lead).get(name := draft_name("verification", coverage))
    if coverage.ended_at and (request.method == "POST" or not draft):
        return has_ended(request, lead)
    if away := led_to_check(request, lead, coverage):
        return away
    form = VerificationForm(
        request.POST or None,
        instance=VerificationOfBenefits(coverage=coverage),
        initial={"verified_at": timezone.localtime().replace(second=0, microsecond=0)},
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            form.instance.record(by=request.user, seen=seen_of(request))
        except Coverage.DoesNotExist:
            return has_ended(request, lead)
        except NotAllowed as error:
            refusal = error
        else:
            drop_sent(request, lead)
            messages.success(request, "Verification recorded, with who said it and when.")
            return redirect("desk:insurance", lead_id=lead.pk)
    title = f"Verification of benefits of {lead.reference}"
    context = {"title": title, "name": name, "ended": coverage.ended_at, "coverage": coverage}
    return form_page(request, lead, form, refusal, **context)


def _first_free_rank(lead: Lead) -> int | None:
    taken = set(lead.coverages.current().values_list("rank", flat=True))
    return next((rank for rank in Coverage.Rank if rank not in taken), None)


def _left_over(request: HttpRequest, lead: Lead, ended: Iterable[Coverage]) -> list[str]:
    """The addresses of forms of coverages that ended while this person typed."""
    views = {
        "coverage": "desk:change_coverage",
        "verification": "desk:verify_benefits",
        "sheet": "desk:call_sheet",
    }
    kept = drafts_of(request, lead)
    return [
        reverse(view, args=[lead.pk, coverage.pk])
        for coverage in ended
        for form, view in views.items()
        if draft_name(form, coverage) in kept
    ]
