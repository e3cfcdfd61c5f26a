"""The estimate at the desk: what a stay may cost the person, worked out from what their plan said."""

import uuid
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.debug import sensitive_post_parameters

from facilities.directory.levels import LevelOfCare, matches
from intake.desk.insurance_pages import from_first_contact_on
from intake.desk.site import page_context
from intake.insurance import estimate_words
from intake.insurance.estimate.estimate import Estimate, Sums
from intake.insurance.estimate.formula import Day
from intake.insurance.estimate.terms import CannotEstimate
from intake.insurance.lines import Answer
from intake.insurance.models import Coverage
from intake.insurance.planned import Planned, PlannedLine, estimate_of, outdated
from intake.insurance.planned_form import PlannedForm
from intake.insurance.questions import Network
from intake.leads.models import Lead

PLOT = 100  # units high; the width is one a day


class Bar(NamedTuple):
    """A day of the plot: where it stands, and the heights of its parts from below: the plan's, the person's."""

    x: int
    plan: Decimal
    plan_y: Decimal
    person: Decimal
    person_y: Decimal


class Part(NamedTuple):
    planned: PlannedLine
    sums: Sums


@permission_required("intake.view_verificationofbenefits", raise_exception=True)
@sensitive_post_parameters()
@from_first_contact_on
def estimated(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID) -> HttpResponse:
    """Nothing is kept: it is worked out anew from what is known on the day."""
    coverages = lead.coverages.select_related("payer").prefetch_related("verifications__benefit_lines")
    coverage = get_object_or_404(coverages, pk=coverage_id)
    form = PlannedForm(request.POST if request.method == "POST" else None, initial=_initial(coverage))
    context: dict[str, Any] = {"lead": lead, "coverage": coverage, "form": form}
    context["is_wrong"] = is_wrong = form.is_bound and not form.is_valid()
    if form.is_bound and not is_wrong:
        context |= _result(coverage, form.planned())
    title = f"Estimate for {lead.reference}"
    return render(
        request, "desk/estimate.html", page_context(request, title=title, **context), status=422 if is_wrong else 200
    )


def _initial(coverage: Coverage) -> dict[str, Any]:
    """Where we are in network by what the payer said; the place that takes the payer."""
    said = next((each.in_network for each in coverage.real_verifications), Answer.UNKNOWN)
    initial: dict[str, Any] = {"network": Network.OUT if said == Answer.NO else Network.IN}
    if coverage.payer and (places := matches([coverage.payer], LevelOfCare.objects.all()).get(coverage.payer.pk)):
        initial["facility"] = places[0].facility
    return initial


def _result(coverage: Coverage, planned: Planned) -> dict[str, Any]:
    try:
        result = estimate_of(coverage, planned)
    except CannotEstimate as refused:
        return {"reason": estimate_words.reason(refused)}
    return {
        "planned": planned,
        "result": result,
        "parts": [Part(*each) for each in zip(planned.lines, result.lines, strict=True)],
        "unknown": [estimate_words.unknown_in_words(note) for note in result.unknown],
        "supposed": [estimate_words.supposed_in_words(note) for note in result.supposed],
        "is_outdated": outdated(coverage, planned),
        "not_a_promise": estimate_words.NOT_A_PROMISE,
        "plots": _plots(result),
    }


def _plots(result: Estimate) -> list[tuple[str, list[Bar]]]:
    """The days of the least and of the most that the person may owe; one of them where both are the same."""
    most = ("At the most", _bars(result.most))
    return [most] if result.total.person.is_exact else [("At the least", _bars(result.least)), most]


def _bars(days: tuple[Day, ...]) -> list[Bar]:
    highest = max((day.plan + day.person for day in days), default=Decimal(0)) or Decimal(1)
    bars = []
    for x, day in enumerate(days):
        plan, person = (round(part / highest * PLOT, 2) for part in (day.plan, day.person))
        bars.append(Bar(x, plan, PLOT - plan, person, PLOT - plan - person))
    return bars
