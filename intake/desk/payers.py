"""Payers that the directory lacks: what staff wrote from cards, for a manager to find or to add."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from facilities.directory.payers import Payer
from intake.desk.site import page_context
from intake.insurance import unlisted
from intake.insurance.forms import NamePayerForm


@permission_required("intake.name_payer", raise_exception=True)
def unlisted_payers(request: HttpRequest) -> HttpResponse:
    """The names alone: whose coverage it is stays with the lead, so this is no look at a person."""
    form = NamePayerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        payer, of = form.cleaned_data["payer"], [coverage.pk for coverage in form.cleaned_data["coverage"]]
        if unlisted.name_payer(payer, of=of, by=request.user):
            messages.success(request, f"Named. It is {payer} from now on.")
        else:
            messages.warning(request, "Somebody has named it meanwhile, so nothing was changed.")
        return redirect("desk:unlisted_payers")
    context = page_context(
        request,
        title="Payers to name",
        found=unlisted.unlisted_payers(),
        payers=Payer.objects.by_every_name(),
        form=form,
    )
    return render(request, "desk/unlisted_payers.html", context, status=422 if form.errors else 200)
