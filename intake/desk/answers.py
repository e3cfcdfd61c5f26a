"""A raw 271 at the desk: pasted or uploaded, shown with what was understood and what was not, and then confirmed."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from facilities.directory.levels import LevelOfCare
from intake.desk.insurance_pages import from_first_contact_on, has_ended, led_to_check, seen_of
from intake.desk.site import page_context
from intake.insurance.answer_form import AnswerForm
from intake.insurance.answered import reading_of
from intake.insurance.compare import OTHER_PERSON, compared, is_somebody_else
from intake.insurance.consent import FOR_A_DEPENDENT, consent_of
from intake.insurance.electronic import came_before, record_electronic
from intake.insurance.failures import NOT_READ, failures_of
from intake.insurance.from_271 import in_words
from intake.insurance.grid import grid_of
from intake.insurance.models import Coverage
from intake.insurance.x12.answer import Answer
from intake.leads.acts.changes import OF_INSURANCE, NotAllowed, done_by_others
from intake.leads.models import Lead

CONFIRM = "Nothing was saved yet. Compare both sides, and tick that this answer is about this person."
KNOWN = "This answer is recorded already. Nothing was saved a second time."


@permission_required("intake.add_verificationofbenefits", raise_exception=True)
@sensitive_post_parameters()
@from_first_contact_on
def enter_answer(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID) -> HttpResponse:
    """Nothing is kept before somebody has confirmed whom it is about."""
    coverage = get_object_or_404(lead.coverages.select_related("payer", "lead"), pk=coverage_id)
    if coverage.ended_at:
        return has_ended(request, lead)
    if away := led_to_check(request, lead, coverage):
        return away
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, lead, coverage, form, status=422 if form.errors else 200)
    if came_before(coverage, form.raw):
        messages.warning(request, KNOWN)
        return redirect("desk:insurance", lead_id=lead.pk)
    if is_somebody_else(rows := compared(form.answer, coverage)):
        form.add_error(None, OTHER_PERSON)
        return _page(request, lead, coverage, form, rows=rows, status=422)
    if not form.cleaned_data["confirmed"]:
        return _page(request, lead, coverage, form, rows=rows, to_confirm=CONFIRM)
    return _record(request, lead, coverage, form)


def _record(request: HttpRequest, lead: Lead, coverage: Coverage, form: AnswerForm) -> HttpResponse:
    answer = form.answer
    found = reading_of(answer, coverage)
    try:
        record_electronic(found.verification, form.raw, lines=found.lines, by=request.user, seen=seen_of(request))
    except Coverage.DoesNotExist:
        return has_ended(request, lead)
    except NotAllowed as error:
        rows = compared(answer, coverage)
        return _page(request, lead, coverage, form, rows=rows, status=409, refusal=error, changed=error.changed)
    messages.success(request, "Recorded, with the answer as it came.")
    return redirect("desk:insurance", lead_id=lead.pk)


def _page(
    request: HttpRequest, lead: Lead, coverage: Coverage, form: AnswerForm, *, status: int = 200, **context: object
) -> HttpResponse:
    if hasattr(form, "raw"):
        context |= _shown(form.answer, coverage) | {"raw": form.raw}
    elif form.has_error(NON_FIELD_ERRORS, "not_read"):
        context["failures"] = [NOT_READ]
    context |= {
        "coverage": coverage,
        "form": form,
        "lead": lead,
        "consent": consent_of(lead),
        "for_a_dependent": FOR_A_DEPENDENT if coverage.is_of_a_dependent else "",
        "seen": done_by_others(lead, request.user, OF_INSURANCE).count(),
    }
    title = f"Electronic answer about {lead.reference}"
    return render(request, "desk/answer.html", page_context(request, title=title, **context), status=status)


def _shown(answer: Answer, coverage: Coverage) -> dict[str, object]:
    """As it will stand on the page of insurance, and what will not stand there."""
    found = reading_of(answer, coverage)
    for line in found.lines:
        line.verification = found.verification
    return {
        "answer": answer,
        "verification": found.verification,
        "grid": grid_of(found.lines, LevelOfCare.objects.all()),
        "left": [in_words(benefit) for benefit in found.left],
        "failures": failures_of(answer),
    }
