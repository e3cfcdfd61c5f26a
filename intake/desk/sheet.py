"""The benefits sheet at the desk: one page to print for the person, in English or in Spanish."""

import uuid

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import override
from django.views.decorators.http import require_GET

from facilities.directory.levels import LevelOfCare
from intake.desk.insurance_pages import from_first_contact_on
from intake.desk.site import page_context
from intake.insurance.lines import Answer
from intake.insurance.questions import NETWORKS, Network
from intake.insurance.sheet import sheet_of
from intake.leads.models import Lead

ENGLISH, SPANISH = "en", "es"


class SheetForm(forms.Form):
    language = forms.ChoiceField(choices=[(ENGLISH, "English"), (SPANISH, "Español")], required=False)
    network = forms.ChoiceField(
        choices=[(each.value, each.label) for each in NETWORKS], required=False, label="Our center is"
    )


@permission_required("intake.view_verificationofbenefits", raise_exception=True)
@require_GET
@from_first_contact_on
def sheet(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID) -> HttpResponse:
    """Nothing of the person stands in the address: only in which language, and for which network."""
    coverages = lead.coverages.select_related("payer").prefetch_related("verifications__benefit_lines")
    coverage = get_object_or_404(coverages, pk=coverage_id)
    newest = next((each.in_network for each in coverage.real_verifications), Answer.UNKNOWN)
    chosen = {"language": ENGLISH, "network": Network.OUT if newest == Answer.NO else Network.IN}
    form = SheetForm(request.GET)
    form.is_valid()
    chosen |= {name: value for name, value in form.cleaned_data.items() if value}
    with override(chosen["language"]):
        context = {
            "lead": lead,
            "coverage": coverage,
            "form": SheetForm(initial=chosen),
            "sheet": sheet_of(coverage, chosen["network"], LevelOfCare.objects.all()),
            "language": chosen["language"],
        }
        return render(request, "desk/sheet.html", page_context(request, title=f"Sheet for {lead.reference}", **context))
