"""The desk in figures."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from intake.desk.site import page_context
from intake.reports.overrides import count_overrides, overrides

ON_A_PAGE = 50


@require_safe
@permission_required(["intake.view_lead", "intake.clear_quarantine"], raise_exception=True)
def overridden(request: HttpRequest) -> HttpResponse:
    """Without the words of the reasons: they may tell of a person, and stand in that person's timeline."""
    now = timezone.now()
    rows = overrides(now).select_related("by", "lead")
    context = page_context(
        request,
        title="Overrides",
        counted=count_overrides(now),
        rows=Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
    )
    return render(request, "desk/reports/overrides.html", context)
