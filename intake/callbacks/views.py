"""The visitor's pages: ask for a call, and how to stay safe on this site."""

import logging
import re

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from facilities.facts import facts_of
from facilities.pages.safety import StayingSafePage
from facilities.pages.views import not_there_yet
from intake.callbacks import crowd, proof
from intake.callbacks.answers import Suspicion
from intake.callbacks.forms import CallbackForm
from intake.callbacks.origin import is_own_origin, referring_page
from intake.callbacks.promise import next_calls
from intake.callbacks.spool import NotKept
from intake.callbacks.submission import submit_request
from intake.callbacks.suspicion import stamp, suspicions_of
from intake.callbacks.tries import tries_in_words
from intake.callbacks.waits import usual_wait, wait_in_words

logger = logging.getLogger(__name__)

FROM_ELSEWHERE = _("This did not come from our own page. Check your answers, then ask for the call here.")
FLOODED = _("Very many requests came from your network. This one was not sent. Please call us.")
NOT_STORED = _("We could not save your request just now. It was not sent. Please try again, or call us.")


@csrf_exempt  # there is no session to protect; is_own_origin() stands in, and needs no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def request_callback(request: HttpRequest) -> HttpResponse:
    if not facts_of(request).is_live:
        return not_there_yet(request)
    if request.method != "POST":
        return _form_page(request, CallbackForm())
    form = CallbackForm(request.POST, line=facts_of(request).phone_line)
    if not is_own_origin(request):
        return _form_page(request, form, problem=FROM_ELSEWHERE, status=403)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    suspicions = suspicions_of(request, form.answers)
    if Suspicion.CROWD in suspicions and crowd.floods(request):
        return _form_page(request, form, problem=FLOODED, status=429)
    try:
        token = submit_request(
            form.answers, source=_source(request), of_number=form.number_zones, suspicions=suspicions
        )
    except NotKept as error:
        logger.error("a request could not be stored: %s", error)
        return _form_page(request, form, problem=NOT_STORED, status=503)
    return HttpResponse(status=303, headers={"Location": reverse("intake:receipt", args=[token])})


@require_safe
def staying_safe(request: HttpRequest) -> HttpResponse:
    """What stays on a visitor's device, and how to remove it: as staff wrote it, or else as we did."""
    try:
        page = StayingSafePage.of(request)
        response = page.serve(request).render() if page else None
    except Error:
        response = None
    return response or render(request, "intake/staying_safe.html")


def _form_page(request: HttpRequest, form: CallbackForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The form as it was filled in, with its errors; `problem` is one that no field has."""
    if problem:
        form.add_error(None, problem)
    line = facts_of(request).phone_line
    context = {
        "form": form,
        "source": _source(request),
        "shown": stamp(request),
        "challenge": proof.new_challenge() if crowd.is_expected(request) else "",
        "when": next_calls(line, timezone.now()) if line else "",
        "tries": tries_in_words(),
        "wait": wait_in_words(usual_wait()) if line and line.opening_at(timezone.now()).is_open else "",
    }
    return render(request, "intake/request_callback.html", context, status=status)


def _source(request: HttpRequest) -> str:
    """The page of ours that led here. The form carries it; no address does, because histories keep those."""
    source = request.POST.get("from", "") if request.method == "POST" else referring_page(request)
    return source if re.fullmatch(r"/(?!/)[\w\-/]{0,199}", source, re.ASCII) else ""
