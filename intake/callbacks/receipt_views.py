"""The receipt: what was asked, what holds now, and what it obeys, one tap each, by whoever holds the link."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from facilities.directory import opening
from facilities.directory.models import PhoneLine
from facilities.directory.zones import zone_in_words
from facilities.facts import facts_of
from intake.callbacks import crowd
from intake.callbacks.forms import ChangeForm
from intake.callbacks.insurance_form import InsuranceForm
from intake.callbacks.models import CallbackMessage
from intake.callbacks.origin import is_own_origin
from intake.callbacks.promise import AS_AGREED, AT_ONCE, begins_at_once, is_late, promise
from intake.callbacks.receipts import Found, Receipt, Rules, find_receipt
from intake.callbacks.spool import NotKept
from intake.callbacks.submission import submit_change, submit_insurance, submit_wish
from intake.callbacks.tries import tries_in_words
from intake.callbacks.waits import usual_wait, wait_in_words

logger = logging.getLogger(__name__)

Kind, Status = CallbackMessage.Kind, CallbackMessage.PublicStatus
NOT_TAKEN = (Status.RECEIVED, Status.WAITING)
OVER = (Status.DONE, Status.STOPPED)
STILL_TRIED = (Status.RECEIVED, Status.WAITING, Status.IN_HAND, Status.TRIED)
WISHES = (Kind.PAUSE, Kind.STOP, Kind.ERASE)
FROM_ELSEWHERE = _("This did not come from our own page. Nothing was changed. Press the button here.")
MOST_ENTRIES = 100  # of one receipt: each is read again for each page
TOO_OFTEN = _("This was changed too often. Nothing was changed now. Please call us.")
FLOODED = _("Very much came from your network. This was not sent, and nothing was changed. Please call us.")
NOT_STORED = _("We could not save this just now. Nothing was changed. Please try again, or call us.")


@csrf_exempt  # there is no session to protect; is_own_origin() stands in, and needs no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    found = find(token)
    if request.method != "POST":
        return _receipt_page(request, token, found)
    if not is_own_origin(request):
        return _receipt_page(request, token, found, problem=FROM_ELSEWHERE, status=403)
    if request.POST.get("wish") not in WISHES:
        return _receipt_page(request, token, found, status=422)
    kind = Kind(request.POST["wish"])
    from_crowd = crowd.sends_many_wishes(request)
    if problem := _too_much(request, found, kind):
        return _receipt_page(request, token, found, problem=problem, status=429)
    try:
        submit_wish(kind, token, from_crowd=from_crowd)
    except NotKept as error:
        logger.error("a wish could not be stored: %s", error)
        return _receipt_page(request, token, found, problem=NOT_STORED, status=503)
    return _back(token)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str) -> HttpResponse:
    found = find(token)
    if found.receipt.rules is None or is_over(found):
        return _back(token)
    line = facts_of(request).phone_line
    form = ChangeForm(request.POST if request.method == "POST" else None, line=line, rules=found.receipt.rules)
    page = partial(form_page, request, "intake/change.html", token, form)
    if request.method != "POST":
        return page()
    if not is_own_origin(request):
        return page(problem=FROM_ELSEWHERE, status=403)
    if not form.is_valid():
        return page(status=422)
    from_crowd = crowd.sends_many_wishes(request)
    if problem := _too_much(request, found, Kind.CHANGE):
        return page(problem=problem, status=429)
    try:
        submit_change(form.change(token), form.new_rules, from_crowd=from_crowd)
    except NotKept as error:
        logger.error("a change could not be stored: %s", error)
        return page(problem=NOT_STORED, status=503)
    return _back(token)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def insurance(request: HttpRequest, token: str) -> HttpResponse:
    """Takes what pays. It shows nothing of what was sent before: this process cannot read it back."""
    found = find(token)
    if is_over(found):
        return _back(token)
    form = InsuranceForm(request.POST if request.method == "POST" else None)
    page = partial(form_page, request, "intake/insurance.html", token, form, **what_was_sent(found))
    if request.method != "POST":
        return page()
    if not is_own_origin(request):
        return page(problem=FROM_ELSEWHERE, status=403)
    if not form.is_valid():
        return page(status=422)
    from_crowd = crowd.sends_many_wishes(request)
    if problem := _too_much(request, found, Kind.INSURANCE):
        return page(problem=problem, status=429)
    try:
        submit_insurance(form.insurance(token), from_crowd=from_crowd)
    except NotKept as error:
        logger.error("what pays could not be stored: %s", error)
        return page(problem=NOT_STORED, status=503)
    return _back(token)


def find(token: str) -> Found:
    """Raises Http404, which says the same of a wrong link and of an old one."""
    found = find_receipt(token)
    if found is None:
        raise Http404
    return found


def is_over(found: Found) -> bool:
    """Whether there is nothing left to change: it is finished, stopped or erased."""
    return found.status in OVER or any(found.receipt.last(kind) for kind in (Kind.STOP, Kind.ERASE))


def _too_much(request: HttpRequest, found: Found, kind: Kind) -> str:
    """Why this is not taken, although it is right, or "". Stopping and erasing is, once each, whatever came before."""
    if kind in (Kind.STOP, Kind.ERASE) and not found.receipt.last(kind):
        return ""
    if len(found.receipt.entries) >= MOST_ENTRIES:
        return TOO_OFTEN
    return FLOODED if crowd.floods(request) else ""


def is_held(found: Found) -> bool:
    """Whether somebody at the desk has to look at it first."""
    return found.receipt.is_held and found.status == Status.RECEIVED


def _back(token: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse("intake:receipt", args=[token])})


def _receipt_page(
    request: HttpRequest, token: str, found: Found, *, problem: str = "", status: int = 200
) -> HttpResponse:
    receipt, line, now = found.receipt, facts_of(request).phone_line, timezone.now()
    paused_until = receipt.paused_until if receipt.paused_until and receipt.paused_until > now else None
    is_waiting = found.status in NOT_TAKEN and not is_held(found)
    asked_at = max(receipt.asked_at, paused_until or receipt.asked_at) if receipt.rules else None
    gave_hours = is_waiting and asked_at is not None and _when(found) is None
    context = {
        "token": token,
        "receipt": receipt,
        "status": found.status,
        "statuses": Status,
        "kinds": Kind,
        "is_over": is_over(found),
        "problem": problem,
        "sentences": _sentences(found, asked_at, line, now) if asked_at else [],
        "is_held": is_held(found),
        "is_still_tried": found.status in STILL_TRIED,
        "expects_call": found.status in (*STILL_TRIED, Status.PROMISED),
        "tries": tries_in_words() if found.status in STILL_TRIED and not receipt.is_danger else "",
        "is_late": gave_hours and is_late(receipt.rules, asked_at, line, now),
        "wait": _wait(receipt.rules, asked_at, line) if is_waiting and asked_at and not paused_until else "",
        "paused_until": _in_words(paused_until, receipt),
        "stopped_at": _in_words(receipt.last(Kind.STOP), receipt),
        "erased_at": _in_words(receipt.last(Kind.ERASE), receipt),
        **what_was_sent(found),
        "changed_at": _in_words(receipt.last(Kind.CHANGE), receipt),
    }
    return render(request, "intake/receipt.html", context, status=status)


def _sentences(found: Found, asked_at: datetime, line: PhoneLine | None, now: datetime) -> list[str]:
    return promise(found.receipt.rules, asked_at, line, now, when=_when(found), is_held=is_held(found))


def _when(found: Found) -> str | Promise | None:
    """What we say of the next call in place of hours, "" for nothing, or None where the hours hold."""
    if found.status in (Status.SPOKE, Status.PROMISED):
        return AS_AGREED if found.status == Status.PROMISED else ""
    paused_until = found.receipt.paused_until
    if found.receipt.is_danger and not (paused_until and paused_until > timezone.now()):
        return AT_ONCE if found.status in (*NOT_TAKEN, Status.IN_HAND) else ""
    return None


def _wait(rules: Rules, asked_at: datetime, line: PhoneLine | None) -> str:
    """How long others waited, as long as this person has waited no longer."""
    minutes = usual_wait()
    if minutes is None or timezone.now() > asked_at + timedelta(minutes=minutes):
        return ""
    return wait_in_words(minutes) if begins_at_once(rules, asked_at, line) else ""


def _in_words(at: datetime | None, receipt: Receipt) -> str:
    """An instant on the person's clock: "Wednesday, November 25, 2:05 pm (Pacific time)"."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(receipt.clock))
    day, hour = date_format(local, pgettext("format of a date", "l, F j")), opening.clock(local.time())
    return gettext("{day}, {time} ({zone} time)").format(day=day, time=hour, zone=zone_in_words(receipt.clock))


def what_was_sent(found: Found) -> dict[str, Any]:
    """Of the insurance: when, and nothing else."""
    kinds = {"insured_at": Kind.INSURANCE, "front_at": Kind.CARD_FRONT, "back_at": Kind.CARD_BACK}
    times = {name: _in_words(found.receipt.last(kind), found.receipt) for name, kind in kinds.items()}
    return {**times, "takes_photos": not is_held(found)}


def form_page(
    request: HttpRequest, template: str, token: str, form: Form, *, problem: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    if problem:
        form.add_error(None, problem)
    context: dict[str, Any] = {"form": form, "token": token, **more}
    return render(request, template, context, status=status)
