"""The acts on a lead: each view checks a form, does one act, and says what happened."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from itertools import chain
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from intake.callbacks.inbox import open_messages
from intake.desk.drafts import drop_sent, keep_rest, keep_sent
from intake.desk.lead import show_lead
from intake.leads import acts
from intake.leads.activity import Activity, CallOutcome
from intake.leads.acts.changes import OF_CALLS, done_by_others
from intake.leads.acts.claim import CLAIM_LASTS
from intake.leads.acts.stop import check_heard
from intake.leads.acts.undo import last_undoable
from intake.leads.drafts import typed
from intake.leads.forms import (
    ActForm,
    CloseForm,
    FollowUpForm,
    HandOverForm,
    MergeForm,
    NoteForm,
    OtherForm,
    OutcomeForm,
    PassOnForm,
    QuarantineForm,
    RevealForm,
    RulesForm,
    VersionForm,
)
from intake.leads.lists import KEEP_DISCARDED_FOR
from intake.leads.models import Lead
from intake.leads.wishes import hear

CLAIMED = f"It is yours for {CLAIM_LASTS.seconds // 60} minutes."
UNHEARD = (
    "This person has sent something that is not opened yet, and it may be a stop. Try again in a moment, and do not "
    "call before. If it stays so, tell whoever runs this server."
)
MEANWHILE = "Somebody else wrote here while you called. Read the timeline before you go on."
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
    done = _do(request, lead_id, ActForm(request.POST), acts.release, said="Given back to the queue.", ends_work=True)
    return _on_to_next(lead_id, done)


@changes_lead
def keep_claim(request: HttpRequest, lead_id: uuid.UUID) -> JsonResponse:
    """For claim.js, while somebody types or is on the phone: the seconds that the claim lasts from now."""
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    try:
        left = acts.renew(found, by=request.user)
    except acts.NotAllowed:
        return JsonResponse({"seconds": 0}, status=409)
    return JsonResponse({"seconds": int(left.total_seconds())})


@permission_required("intake.view_lead", raise_exception=True)
@require_POST
@sensitive_post_parameters()
def pass_on(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    """The act knows who may: a manager passes on too, and works no lead."""
    return _do(request, lead_id, PassOnForm(request.POST), acts.pass_on, said="Passed on.")


@changes_lead
def reveal(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    """Lets the page of the lead show the number, to this person and until the call is over (docs/decisions/0023)."""
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
    done = _do(request, lead_id, form, _record_call, said=said, ends_work=is_stop)
    if done.status_code == HTTPStatus.FOUND and not is_stop:
        _tell_of_others(request, lead_id)
    return done


@changes_lead
def add_note(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _do(request, lead_id, NoteForm(request.POST), acts.add_note, said="Note added.")


@changes_lead
def follow_up(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    form = FollowUpForm(request.POST, zone=found.clock)
    said = "Follow-up promised. The lead rests until then."
    return _on_to_next(lead_id, _do(request, lead_id, form, acts.follow_up, said=said, ends_work=True))


@changes_lead
def hand_over(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = HandOverForm(request.POST)
    return _do(request, lead_id, form, acts.hand_over, said="Hand-over recorded.")


@changes_lead
def correct(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    form = RulesForm(request.POST, instance=found)
    return _do(request, lead_id, form, acts.correct, said="Written down.")


@changes_lead
def close(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    said = "Closed: {reason.label}."
    return _on_to_next(lead_id, _do(request, lead_id, CloseForm(request.POST), acts.close, said=said, ends_work=True))


@changes_lead
def reopen(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    done = _do(request, lead_id, forms.Form(request.POST), acts.reopen, said="Open again, in its old place.")
    return _back_to_quarantine(request, done)


@changes_lead
def merge(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = MergeForm(request.POST)
    if form.is_valid():
        hear(form.cleaned_data["other"])
    done = _do(request, lead_id, form, acts.merge, said="Merged with {other}. The safer answers of both hold.")
    is_done = done.status_code == HTTPStatus.FOUND
    return redirect("desk:lead", Lead.objects.get(pk=lead_id).that_counts.pk) if is_done else done


@changes_lead
def unmerge(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _do(request, lead_id, forms.Form(request.POST), acts.unmerge, said="It counts by itself again.")


@changes_lead
def tell_apart(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    said = "Not the same person as {other}, which is not proposed again."
    return _do(request, lead_id, OtherForm(request.POST), acts.tell_apart, said=said)


@changes_lead
def undo(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _do(request, lead_id, forms.Form(request.POST), acts.undo, said="Undone.")


@permission_required("intake.view_lead", raise_exception=True)
@require_POST
def clear_quarantine(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    """Whoever works leads may take one out: nobody in need waits for a colleague. What is spam, fewer decide."""
    form = QuarantineForm(request.POST)
    is_spam = form.data.get("is_spam") == "yes"
    may = request.user.has_perm
    if not (may("intake.clear_quarantine") or (may("intake.work_lead") and not is_spam)):
        raise PermissionDenied
    said = (
        f"Spam: discarded. It can be brought back for {KEEP_DISCARDED_FOR.days} days."
        if is_spam
        else "A person: put into the queue."
    )
    return _back_to_quarantine(request, _do(request, lead_id, form, acts.clear_quarantine, said=said))


def _on_to_next(lead_id: uuid.UUID, done: HttpResponse) -> HttpResponse:
    """Who gives a lead out of hand sees whom to call next, unless the act was refused."""
    is_done = done.status_code == HTTPStatus.FOUND
    return redirect(reverse("desk:next", query={"after": lead_id})) if is_done else done


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
        return _refuse(request, found, _errors_of(form), status=422, form=form)
    hear(found)
    began = timezone.now()
    try:
        with transaction.atomic():
            act(found, by=request.user, **form.cleaned_data)
            drop_sent(request, found) if ends_work else keep_rest(request, found, saved=form.fields)
    except acts.NotAllowed as refusal:
        return _refuse(request, found, str(refusal), status=409, changed=refusal.changed)
    said = said.format(**form.cleaned_data)
    messages.success(request, f"{found.reference}: {said}", extra_tags=_undo_address(found, request.user, began))
    return redirect("desk:lead", lead_id)


def _record_call(found: Lead, *, by: User, outcome: CallOutcome, note: str, they_called: bool) -> None:
    if outcome == CallOutcome.ASKED_TO_STOP:
        check_heard(found, by, note)
    acts.record_call(found, by=by, outcome=outcome, note=note, they_called=they_called)


def _tell_of_others(request: HttpRequest, lead_id: uuid.UUID) -> None:
    """An outcome is recorded whatever others did meanwhile; but who goes on must know of it."""
    found, version = Lead.objects.get(pk=lead_id), VersionForm(request.POST)
    seen = version.cleaned_data["seen"] if version.is_valid() else None
    if seen is not None and done_by_others(found, request.user, OF_CALLS).count() > seen:
        messages.warning(request, f"{found.reference}: {MEANWHILE}")


def _undo_address(found: Lead, user: User, began: datetime) -> str:
    """Where the button beside the message leads, if it is what was done just now that can be undone."""
    found.refresh_from_db()
    last = last_undoable(found, user)
    return reverse("desk:undo", args=[found.pk]) if last and last.at >= began else ""


def _refuse(
    request: HttpRequest,
    found: Lead,
    refusal: str,
    *,
    status: int,
    changed: Sequence[Activity] = (),
    form: forms.Form | None = None,
) -> HttpResponse:
    """The page again, with what was typed, which is a draft now, and what others `changed`, where that is why."""
    keep_sent(request, found)
    sent = {request.POST.get("draft", ""): typed(request.POST)}
    return show_lead(request, found.pk, refusal=refusal, changed=changed, sent=sent, form=form, status=status)


def _errors_of(form: forms.Form) -> str:
    return " ".join(chain.from_iterable(form.errors.values()))
