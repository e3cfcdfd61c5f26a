"""What the insurance pages of a lead share: they open from the first contact on, and lead back where it has ended."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from intake.desk.drafts import drafts_of, fill_in, keep_sent
from intake.desk.site import page_context
from intake.insurance.models import Coverage
from intake.insurance.payer_blind import is_hidden
from intake.leads.acts.changes import OF_INSURANCE, NotAllowed, done_by_others
from intake.leads.forms import VersionForm
from intake.leads.looks import note_looks
from intake.leads.models import Lead

UNCHECKED = "Nobody has checked this coverage yet. Record what is right, then verify it."
HIDDEN = "Insurance is shown from the first contact on. Look at the number to call, or record that they called us."


def from_first_contact_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the lead. What was typed before a call was undone is kept."""

    @wraps(view)
    def with_lead(request: HttpRequest, lead_id: uuid.UUID, **parts: uuid.UUID) -> HttpResponse:
        leads = Lead.objects.visible_to(request.user).select_related("merged_into")
        lead = get_object_or_404(leads, pk=lead_id)
        if not is_hidden(lead, request.user):
            note_looks([lead, *lead.merged_leads.all()], request.user, at="insurance")
            return view(request, lead, **parts)
        if request.method == "POST":
            keep_sent(request, lead)
        messages.warning(request, HIDDEN)
        return redirect("desk:lead", lead_id=lead.pk)

    return with_lead


def form_page(
    request: HttpRequest,
    lead: Lead,
    form: forms.Form,
    refusal: NotAllowed | None,
    *,
    name: str,
    template: str = "desk/insurance_form.html",
    **context: Any,
) -> HttpResponse:
    """A form of the insurance; what was sent in vain is a draft now, and a draft stands in the fields."""
    if request.method == "POST":
        keep_sent(request, lead)
    draft = drafts_of(request, lead).get(name)
    if request.method != "POST":
        fill_in(form, draft)
    context |= {
        "lead": lead,
        "form": form,
        "name": name,
        "draft": draft,
        "seen": done_by_others(lead, request.user, OF_INSURANCE).count(),
        "refusal": refusal or "",
        "changed": refusal.changed if refusal else (),
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, template, page_context(request, **context), status=status)


def draft_name(form: str, coverage: Coverage | None) -> str:
    return f"{form}-{coverage.pk if coverage else 'new'}"


def seen_of(request: HttpRequest) -> int | None:
    form = VersionForm(request.POST)
    return form.cleaned_data["seen"] if form.is_valid() else None


def led_to_check(request: HttpRequest, lead: Lead, coverage: Coverage) -> HttpResponse | None:
    """A payer is asked only about what somebody has checked; None where it is."""
    if not coverage.is_unchecked:
        return None
    messages.warning(request, UNCHECKED)
    return redirect("desk:change_coverage", lead_id=lead.pk, coverage_id=coverage.pk)


def has_ended(request: HttpRequest, lead: Lead) -> HttpResponse:
    keep_sent(request, lead)
    messages.warning(request, "This coverage has ended, so nothing was changed. Look at what is recorded now.")
    return redirect("desk:insurance", lead_id=lead.pk)
