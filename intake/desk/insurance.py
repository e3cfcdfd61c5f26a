"""The insurance pages of a lead: what covers the person, and what the payer said."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from intake.desk.site import page_context
from intake.insurance.cards import Busy, NoPicture, cards_of, look_at
from intake.insurance.forms import RANK_TAKEN, CoverageForm, VerificationForm
from intake.insurance.models import Coverage, VerificationOfBenefits
from intake.leads.models import Lead


@permission_required("intake.view_coverage", raise_exception=True)
def insurance(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    every = lead.coverages.select_related("payer", "ended_by").prefetch_related("verifications__entered_by")
    coverages = list(every.current())
    context = page_context(
        request,
        title=f"Insurance of {lead.reference}",
        lead=lead,
        coverages=coverages,
        earlier=every.earlier(),
        cards=cards_of(lead),
        shown=request.GET.get("card", ""),
        has_free_rank=len(coverages) < len(Coverage.Rank),
    )
    return render(request, "desk/insurance.html", context)


@permission_required("intake.view_coverage", raise_exception=True)
@require_GET
def card(request: HttpRequest, lead_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """The photo itself. Each answer is a look, and stands in the timeline."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    found = get_object_or_404(cards_of(lead), pk=card_id)
    try:
        return HttpResponse(look_at(found, lead=lead, by=request.user), content_type="image/jpeg")
    except NoPicture:
        raise Http404 from None
    except Busy:  # the page says that the photo cannot be shown, and to load it again
        return HttpResponse(status=503, headers={"Retry-After": "5"})


@permission_required("intake.change_coverage", raise_exception=True)
def record_coverage(request: HttpRequest, lead_id: uuid.UUID, coverage_id: uuid.UUID | None = None) -> HttpResponse:
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    coverage = get_object_or_404(lead.coverages, pk=coverage_id) if coverage_id else None
    if coverage and coverage.ended_at:
        return _has_ended(request, lead)
    taken = set(lead.coverages.current().values_list("rank", flat=True))
    first_free = next((rank for rank in Coverage.Rank if rank not in taken), None)
    form = CoverageForm(
        request.POST or None, instance=coverage, lead=lead, initial={} if coverage else {"rank": first_free}
    )
    if request.method == "POST" and form.is_valid():
        try:
            form.instance.record(by=request.user, changed=form.changed_data if coverage else ())
        except IntegrityError:
            form.add_error("rank", RANK_TAKEN)
        except Coverage.DoesNotExist:
            return _has_ended(request, lead)
        else:
            messages.success(request, "Coverage recorded. Next: verify its benefits.")
            return redirect("desk:insurance", lead_id=lead.pk)
    context = page_context(request, title=f"Coverage of {lead.reference}", lead=lead, form=form)
    return render(request, "desk/insurance_form.html", context, status=422 if form.errors else 200)


@permission_required("intake.change_coverage", raise_exception=True)
@require_POST
def end_coverage(request: HttpRequest, lead_id: uuid.UUID, coverage_id: uuid.UUID) -> HttpResponse:
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    coverage = get_object_or_404(lead.coverages, pk=coverage_id)
    try:
        coverage.end(by=request.user)
    except Coverage.DoesNotExist:
        return _has_ended(request, lead)
    messages.success(request, "Coverage ended. It is listed below as earlier coverage.")
    return redirect("desk:insurance", lead_id=lead.pk)


@permission_required("intake.add_verificationofbenefits", raise_exception=True)
def record_verification(request: HttpRequest, lead_id: uuid.UUID, coverage_id: uuid.UUID) -> HttpResponse:
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    coverage = get_object_or_404(lead.coverages.select_related("payer"), pk=coverage_id)
    if coverage.ended_at:
        return _has_ended(request, lead)
    if coverage.is_unchecked:
        messages.warning(request, "Nobody has checked this coverage yet. Record what is right, then verify it.")
        return redirect("desk:change_coverage", lead_id=lead.pk, coverage_id=coverage.pk)
    form = VerificationForm(
        request.POST or None,
        instance=VerificationOfBenefits(coverage=coverage),
        initial={"verified_at": timezone.localtime().replace(second=0, microsecond=0)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            form.instance.record(by=request.user)
        except Coverage.DoesNotExist:
            return _has_ended(request, lead)
        messages.success(request, "Verification recorded, with who said it and when.")
        return redirect("desk:insurance", lead_id=lead.pk)
    title = f"Verification of benefits of {lead.reference}"
    context = page_context(request, title=title, lead=lead, coverage=coverage, form=form)
    return render(request, "desk/insurance_form.html", context, status=422 if form.errors else 200)


def _has_ended(request: HttpRequest, lead: Lead) -> HttpResponse:
    messages.warning(request, "This coverage has ended, so nothing was changed. Look at what is recorded now.")
    return redirect("desk:insurance", lead_id=lead.pk)
