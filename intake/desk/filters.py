"""Keeping a filter of the queue under a name, and forgetting it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from intake.leads.saved_filter import SavedFilter, SaveForm

NO_NAME = "Give the filter a name of 40 characters or fewer."


@permission_required("intake.view_lead", raise_exception=True)
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """A name that is used already takes the new answers."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        messages.error(request, NO_NAME)
        return redirect("desk:queue")
    kept = dict(form.cleaned_data)
    saved, is_new = SavedFilter.objects.update_or_create(owner=request.user, name=kept.pop("name"), defaults=kept)
    messages.success(request, f"“{saved.name}” is kept." if is_new else f"“{saved.name}” is this filter from now on.")
    return redirect(reverse("desk:queue", query=saved.query))


@permission_required("intake.view_lead", raise_exception=True)
@require_POST
def forget_filter(request: HttpRequest) -> HttpResponse:
    """A name that is not there is forgotten already."""
    SavedFilter.objects.filter(owner=request.user, name=request.POST.get("name", "")).delete()
    return redirect("desk:queue")
