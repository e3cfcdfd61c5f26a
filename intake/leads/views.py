"""The consultant's pages: the queue, the search, one lead, and each act upon it."""

import uuid
from collections.abc import Callable
from itertools import chain

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from intake.callbacks.inbox import failed_messages, open_messages
from intake.desk import page_context
from intake.leads.activity import CallOutcome
from intake.leads.forms import (
    ActForm,
    CloseForm,
    FollowUpForm,
    NoteForm,
    OutcomeForm,
    QuarantineForm,
    RevealForm,
    SearchForm,
)
from intake.leads.instructions import instructions
from intake.leads.models import FURTHEST_FOLLOW_UP, Lead, NotAllowed
from intake.leads.queue import TABS, queue_of
from intake.leads.search import find_leads
from intake.phone import national

ALIKE_SHOWN = 10
STOP_SAID = "Stopped. Every open lead with this number is closed for good."

may_see = permission_required("intake.view_lead", raise_exception=True)
may_work = permission_required("intake.work_lead", raise_exception=True)


def changes_lead(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the acts of who works a lead. Any of them may carry a note, which belongs in no report of an error."""
    return may_work(require_POST(sensitive_post_parameters()(view)))


@may_see
def queue(request: HttpRequest) -> HttpResponse:
    open_messages()
    tab = request.GET.get("show") if request.GET.get("show") in TABS else "now"
    waiting = queue_of(Lead.objects.visible_to(request.user), request.user)
    context = page_context(
        request,
        title="Queue",
        queue=waiting,
        tab=tab,
        rows=waiting.rows(tab),
        failed=failed_messages(),
    )
    return render(request, "desk/queue.html", context)


@may_see
@require_POST
@sensitive_post_parameters()
def search(request: HttpRequest) -> HttpResponse:
    """By POST, so that no name and no number gets into an address, a history or a log."""
    open_messages()
    form = SearchForm(request.POST)
    leads = Lead.objects.visible_to(request.user).select_related("claimed_by")
    found = find_leads(leads, form.cleaned_data["text"]) if form.is_valid() else []
    context = page_context(request, title="Search", form=form, found=found)
    return render(request, "desk/search.html", context)


@may_see
def lead(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _lead_page(request, lead_id)


@changes_lead
def claim(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _act(request, lead_id, lambda found: found.claim(by=request.user), said="It is yours for 15 minutes.")


@changes_lead
def release(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = ActForm(request.POST)
    return _act_with(
        request,
        lead_id,
        form,
        lambda found: found.release(by=request.user, note=form.cleaned_data["text"]),
        said="Given back to the queue.",
    )


@changes_lead
def reveal(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    """Shows the number in the answer to this POST and nowhere else: no address leads to it."""
    open_messages()
    form = RevealForm(request.POST)
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    reason = form.data.get("reason", "")
    if not form.is_valid():
        return _lead_page(request, lead_id, refusal=" ".join(form.errors["reason"]), reveal_reason=reason, status=422)
    try:
        phone = found.reveal(by=request.user, reason=form.cleaned_data["reason"])
    except NotAllowed as refusal:
        return _lead_page(request, lead_id, refusal=str(refusal), reveal_reason=reason, status=409)
    return _lead_page(request, lead_id, phone=phone)


@changes_lead
def record_call(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    open_messages()  # a stop closes what came in before it
    form = OutcomeForm(request.POST)
    return _act_with(
        request,
        lead_id,
        form,
        lambda found: found.record_call(
            by=request.user, outcome=CallOutcome(form.cleaned_data["outcome"]), note=form.cleaned_data["text"]
        ),
        said=STOP_SAID if form.data.get("outcome") == CallOutcome.ASKED_TO_STOP else "Outcome recorded.",
    )


@changes_lead
def add_note(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = NoteForm(request.POST)
    return _act_with(
        request,
        lead_id,
        form,
        lambda found: found.add_note(by=request.user, text=form.cleaned_data["text"]),
        said="Note added.",
        keeps_number=True,
    )


@changes_lead
def follow_up(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = FollowUpForm(request.POST)
    return _act_with(
        request,
        lead_id,
        form,
        lambda found: found.follow_up(
            by=request.user,
            at=form.cleaned_data["at"],
            is_asked_for=form.cleaned_data["asked_for"],
            note=form.cleaned_data["text"],
        ),
        said="Follow-up promised. The lead rests until then.",
    )


@changes_lead
def close(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = CloseForm(request.POST)
    reasons = dict(form.fields["reason"].choices)
    return _act_with(
        request,
        lead_id,
        form,
        lambda found: found.close(
            by=request.user, reason=Lead.CloseReason(form.cleaned_data["reason"]), note=form.cleaned_data["text"]
        ),
        said=f"Closed: {reasons.get(form.data.get('reason'), '')}. You can open it again on its page.",
    )


@changes_lead
def reopen(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return _act(request, lead_id, lambda found: found.reopen(by=request.user), said="Open again, in its old place.")


@permission_required("intake.clear_quarantine", raise_exception=True)
@require_POST
def clear_quarantine(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    form = QuarantineForm(request.POST)
    return _act_with(
        request,
        lead_id,
        form,
        lambda found: found.clear_quarantine(by=request.user, is_spam=form.cleaned_data["decision"] == "spam"),
        said="Spam: closed." if form.data.get("decision") == "spam" else "A person: put into the queue.",
    )


def _act(request: HttpRequest, lead_id: uuid.UUID, act: Callable[[Lead], None], *, said: str) -> HttpResponse:
    return _act_with(request, lead_id, forms.Form(request.POST), act, said=said)


def _act_with(
    request: HttpRequest,
    lead_id: uuid.UUID,
    form: forms.Form,
    act: Callable[[Lead], None],
    *,
    said: str,
    keeps_number: bool = False,
) -> HttpResponse:
    """Check the form, do the act, say what happened. A refusal shows the page again with what was typed.

    Who is on the phone still sees the number in a refusal and, with `keeps_number`, after the act: that look is in
    the timeline.
    """
    found = get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    if not form.is_valid():
        refusal = " ".join(chain.from_iterable(form.errors.values()))
        phone = _number_on_page(request, found)
        return _lead_page(request, lead_id, phone=phone, refusal=refusal, form=form, status=422)
    try:
        act(found)
    except NotAllowed as refusal:
        phone = _number_on_page(request, found)
        return _lead_page(request, lead_id, phone=phone, refusal=str(refusal), form=form, status=409)
    messages.success(request, said)
    if keeps_number and (phone := _number_on_page(request, found)):
        return _lead_page(request, lead_id, phone=phone)
    return redirect(found)


def _number_on_page(request: HttpRequest, found: Lead) -> str:
    """The number, if the page that sent this showed it and still may."""
    return found.phone if "number_is_shown" in request.POST and found.is_shown_to(request.user) else ""


def _lead_page(
    request: HttpRequest,
    lead_id: uuid.UUID,
    *,
    phone: str = "",
    reveal_reason: str = "",
    refusal: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    leads = Lead.objects.visible_to(request.user).select_related("claimed_by", "closed_by")
    found = get_object_or_404(leads, pk=lead_id)
    alike = leads.filter(pk__in=found.with_same_number().values("pk")).filter(closed_at=None)
    is_mine = found.holder == request.user
    context = page_context(
        request,
        title=found.reference,
        alike=alike.order_by("-received_at")[:ALIKE_SHOWN],
        stopped_at=found.stopped_elsewhere_at(),
        lead=found,
        safety=found.safety,
        is_mine=is_mine,
        may_say_outcome=not found.is_closed and (is_mine or found.calls.owes_outcome(request.user)),
        timeline=found.activities.select_related("by", "note"),
        coverages=found.coverages.current().select_related("payer").prefetch_related("verifications"),
        instructions=instructions(found),
        phone=phone,
        national_phone=national(phone),
        reveal_reason=reveal_reason,
        refusal=refusal,
        form=form,
        outcomes=CallOutcome,
        close_reasons=CloseForm().fields["reason"].choices,
        now=timezone.localtime(),
        furthest_follow_up=timezone.localtime() + FURTHEST_FOLLOW_UP,
    )
    return render(request, "desk/lead.html", context, status=status)
