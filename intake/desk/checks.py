"""The clearinghouse at the desk: a payer asked by one press, how far it is, and what came of it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from intake.desk.insurance_pages import from_first_contact_on, has_ended, led_to_check
from intake.insurance.breaker import PAUSE, paused_since
from intake.insurance.checks import Check, ask
from intake.insurance.failures import OF_CHECKS, Failure, failures_of
from intake.insurance.models import Coverage, coverages_of
from intake.insurance.payer_blind import is_hidden
from intake.insurance.question import missing_of
from intake.insurance.whom_to_ask import is_sample, place_asked
from intake.insurance.x12.answer import Answer
from intake.leads.acts.changes import NotAllowed
from intake.leads.models import Lead

SENT = "The payer is being asked. The answer comes to this page; you can go on meanwhile."


class CheckShown(NamedTuple):
    """What stands about checks beside a coverage: what is missing for one, and the newest with what to do about it."""

    missing: list[str]
    newest: Check | None
    progress: str
    failures: list[Failure]
    is_sample: bool

    @property
    def needs_knowing(self) -> bool:
        """Whether to ask again is to pay twice, perhaps."""
        return self.newest is not None and self.newest.state == Check.State.UNKNOWN

    @property
    def is_running(self) -> bool:
        return self.newest is not None and self.newest.is_running


def checks_of(coverages: Sequence[Coverage]) -> dict[uuid.UUID, CheckShown]:
    """By coverage, which brings its checks; none where nobody can be asked and nobody was."""
    place = place_asked()
    shown = {}
    for coverage in coverages:
        newest = next(iter(coverage.checks.all()), None)
        if coverage.is_unchecked or not (place or newest):
            continue
        shown[coverage.pk] = CheckShown(
            missing=missing_of(coverage, place) if place else [],
            newest=newest,
            progress=progress_of(newest) if newest else "",
            failures=_failures(newest) if newest else [],
            is_sample=is_sample(),
        )
    return shown


def progress_of(check: Check) -> str:
    """How far it is, in a sentence."""
    if check.state == Check.State.ASKED:
        return f"Sent at {_clock(check.sent_at)}. Payers take some seconds, and sometimes a minute and a half."
    if check.state == Check.State.WAITING:
        if since := paused_since(check.coverage.payer):
            again = _clock(since + PAUSE)
            return (
                f"The payer is not answering since {_clock(since)}. It is asked again at {again}; or call it instead."
            )
        if check.is_retried:
            return f"The clearinghouse could not take it. It is sent again at {_clock(check.next_try_at)}."
        return "Waiting to be sent, in a second or two."
    return f"{check.get_state_display()}, {_clock(check.ended_at)}."


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def _failures(check: Check) -> list[Failure]:
    if check.is_running:
        return []
    if check.came in OF_CHECKS:
        return [OF_CHECKS[check.came]]
    return failures_of(Answer(rejections=check.reasons)) if check.rejections else []


@permission_required("intake.add_verificationofbenefits", raise_exception=True)
@require_POST
@from_first_contact_on
def check_coverage(request: HttpRequest, lead: Lead, coverage_id: uuid.UUID) -> HttpResponse:
    coverage = get_object_or_404(lead.coverages.select_related("payer", "lead"), pk=coverage_id)
    if away := led_to_check(request, lead, coverage):
        return away
    try:
        ask(coverage, by=request.user, place=place_asked(), knowingly="knowingly" in request.POST)
    except Coverage.DoesNotExist:
        return has_ended(request, lead)
    except NotAllowed as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, SENT)
    return redirect("desk:insurance", lead_id=lead.pk)


@require_safe
@permission_required("intake.view_verificationofbenefits", raise_exception=True)
def check_news(request: HttpRequest, lead_id: uuid.UUID, check_id: uuid.UUID) -> JsonResponse:
    """For the script of the page: whether it is still under way, and how far it is. No look at anything of theirs."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    of_person = Check.objects.filter(coverage__in=coverages_of(lead)).select_related("coverage__payer")
    check = get_object_or_404(of_person, pk=check_id)
    if is_hidden(lead, request.user):
        return JsonResponse({"is_running": False, "progress": ""}, status=409)
    return JsonResponse({"is_running": check.is_running, "state": check.state, "progress": progress_of(check)})
