"""The acts on a lead: each view checks a form, does one act, and says what happened."""

import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from itertools import chain
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from intake.callbacks.inbox import open_messages
from intake.desk.drafts import drop_sent, keep_rest, keep_sent
from intake.desk.lead import show_lead
from intake.leads import acts
from intake.leads.activity import Activity, CallOutcome
from intake.leads.acts.claim import CLAIM_LASTS
from intake.leads.drafts import typed
from intake.leads.forms import ActForm, CloseForm, FollowUpForm, NoteForm, OutcomeForm, QuarantineForm, RevealForm
from intake.leads.models import KEEP_DISCARDED_FOR, Lead
from intake.leads.wishes import hear

CLAIMED = f"It is yours for {CLAIM_LASTS.seconds // 60} minutes."
UNHEARD = (
    "This person has sent something that is not opened yet, and it may be a stop. Try again in a moment, and do not "
    "call before. If it stays so, tell whoever runs this server."
)
STOPPED = "Stopped. Every open lead with this number and extension is closed for good."


def changes_lead(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the acts of who works a lead. Any of them may carry a note, which belongs in no report of an error.

    Who comes by a link, as after signing in again, is led to the page of the lead, where the draft is.
    """

    @permission_required("intake.work_lead", raise_exception=True)
    @sensitive_post_parameters()
    @wraps(view)
    def act_or_page(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
        return view(request, lead_id) if request.method == "POST" else redirect("desk:lead", lead_id)

    return act_or_page


@changes_lead
def claim(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _do(request, lead_id, forms.Form(request.POST), acts.claim, said=CLAIMED)


@changes_lead
def release(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _do(request, lead_id, ActForm(request.POST), acts.release, said="Given back to the queue.", ends_work=True)


@changes_lead
def reveal(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    """Lets the page of the lead show the number, to this person and until the call is over (docs/decisions/0022)."""
    open_messages()
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _refuse(request, found, _errors_of(form), status=422)
    if not hear(found):
        return _refuse(request, found, UNHEARD, status=409)
    try:
        acts.reveal(found, by=request.user, **form.cleaned_data)
    except acts.NotAllowed as refusal:
        return _refuse(request, found, str(refusal), status=409)
    drop_sent(request, found)
    return HttpResponse(status=303, headers={"Location": reverse("desk:lead", args=[lead_id])})


@changes_lead
def record_call(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    open_messages()  # a stop closes what came in before it
    form = OutcomeForm(request.POST)
    is_stop = form.data.get("outcome") == CallOutcome.ASKED_TO_STOP
    said = STOPPED if is_stop else "Outcome recorded."
    return _do(request, lead_id, form, acts.record_call, said=said, ends_work=is_stop)


@changes_lead
def add_note(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _do(request, lead_id, NoteForm(request.POST), acts.add_note, said="Note added.")


@changes_lead
def follow_up(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    said = "Follow-up promised. The lead rests until then."
    return _do(request, lead_id, FollowUpForm(request.POST), acts.follow_up, said=said, ends_work=True)


@changes_lead
def close(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    said = "Closed: {reason.label}. You can open it again on its page."
    return _do(request, lead_id, CloseForm(request.POST), acts.close, said=said, ends_work=True)


@changes_lead
def reopen(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    done = _do(request, lead_id, forms.Form(request.POST), acts.reopen, said="Open again, in its old place.")
    return _back_to_quarantine(request, done)


@permission_required("intake.clear_quarantine", raise_exception=True)
@require_POST
def clear_quarantine(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = QuarantineForm(request.POST)
    is_spam = form.data.get("is_spam") == "yes"
    said = (
        f"Spam: discarded. It can be brought back for {KEEP_DISCARDED_FOR.days} days."
        if is_spam
        else "A person: put into the queue."
    )
    return _back_to_quarantine(request, _do(request, lead_id, form, acts.clear_quarantine, said=said))


def _back_to_quarantine(request: HttpRequest, done: HttpResponse) -> HttpResponse:
    """Who decides about one in the list sees the list again, unless the act was refused."""
    is_from_list = "from_list" in request.POST and done.status_code == HTTPStatus.FOUND
    return redirect(reverse("desk:queue", query={"show": "quarantine"})) if is_from_list else done


def _do(
    request: HttpRequest,
    lead_id: uuid.UUID,
    form: forms.Form,
    act: Callable[..., Any],
    *,
    said: str,
    ends_work: bool = False,
) -> HttpResponse:
    """Check the form, do the act with its answers, say what happened: `said`, which may name an answer.

    What was typed beside these answers stays a draft, unless the act `ends_work` on the lead."""
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    if not form.is_valid():
        return _refuse(request, found, _errors_of(form), status=422)
    hear(found)
    try:
        with transaction.atomic():
            act(found, by=request.user, **form.cleaned_data)
            drop_sent(request, found) if ends_work else keep_rest(request, found, saved=form.fields)
    except acts.NotAllowed as refusal:
        return _refuse(request, found, str(refusal), status=409, changed=refusal.changed)
    messages.success(request, said.format(**form.cleaned_data))
    return redirect("desk:lead", lead_id)


def _refuse(
    request: HttpRequest, found: Lead, refusal: str, *, status: int, changed: Sequence[Activity] = ()
) -> HttpResponse:
    """The page again, with what was typed, which is a draft now, and what others `changed`, where that is why."""
    keep_sent(request, found)
    sent = typed(request.POST)
    return show_lead(request, found.pk, refusal=refusal, changed=changed, sent=sent, status=status)


def _errors_of(form: forms.Form) -> str:
    return " ".join(chain.from_iterable(form.errors.values()))
