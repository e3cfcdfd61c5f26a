"""What is typed at the desk and not saved yet: kept while somebody types, and by each save that is refused."""

import uuid
from collections.abc import Collection
from contextlib import suppress

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from intake.leads import acts
from intake.leads.drafts import Draft
from intake.leads.forms import DraftForm
from intake.leads.models import Lead


@permission_required("intake.view_lead", raise_exception=True)
@require_POST
@sensitive_post_parameters()
def keep_draft(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    """For the script, which reads the status: kept, too long to be kept, typed on in another window, or the person was
    erased."""
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=413)
    try:
        kept_at = acts.keep_draft(found, by=request.user, **form.cleaned_data)
    except acts.NotAllowed:
        return HttpResponse(status=410)
    except acts.TypedElsewhere:
        return HttpResponse(status=409)
    return HttpResponse(status=204, headers={"Kept-At": f"{timezone.localtime(kept_at):%H:%M}"} if kept_at else {})


@permission_required("intake.view_lead", raise_exception=True)
@require_POST
def discard_draft(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    form = request.POST.get("draft", "")
    acts.discard_draft(found, by=request.user, form=form)
    is_of_insurance = form.startswith(("coverage", "verification", "sheet"))
    messages.success(request, "Discarded. Nothing of it was saved.")
    return redirect("desk:insurance" if is_of_insurance else "desk:lead", lead_id)


def drafts_of(request: HttpRequest, lead: Lead) -> dict[str, Draft]:
    """What this person has typed on the forms of a lead, by name of the form."""
    return {draft.form: draft for draft in lead.drafts.filter(user=request.user)}


def keep_sent(request: HttpRequest, lead: Lead) -> None:
    """For a save that is refused: what was sent is there again when the page is. An erased person is left alone."""
    keep_rest(request, lead, saved=())


def keep_rest(request: HttpRequest, lead: Lead, *, saved: Collection[str]) -> None:
    """After a save: its fields are no draft any more, and what else was typed beside them still is."""
    form = DraftForm(request.POST)
    if form.is_valid():
        rest = {name: values for name, values in form.cleaned_data["answers"].items() if name not in saved}
        with suppress(acts.NotAllowed, acts.TypedElsewhere):
            acts.keep_draft(lead, by=request.user, **form.cleaned_data | {"answers": rest})


def drop_sent(request: HttpRequest, lead: Lead) -> None:
    """After a save that leaves nothing to be typed on the form that was sent."""
    form = DraftForm(request.POST)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("form", "window", "knew")}
        acts.discard_draft(lead, by=request.user, **told)


def fill_in(form: forms.Form, draft: Draft | None) -> None:
    """Let a form that is shown anew hold what was typed in it."""
    if draft:
        data = draft.data
        form.initial |= {name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()}
