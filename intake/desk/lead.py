"""The page of one lead."""

import uuid
from collections.abc import Sequence

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from intake.desk.drafts import drafts_of
from intake.desk.site import page_context
from intake.leads.activity import Activity, CallOutcome
from intake.leads.acts.changes import OF_CALLS
from intake.leads.acts.follow_up import FURTHEST
from intake.leads.drafts import Answers, Draft
from intake.leads.forms import CloseForm
from intake.leads.instructions import instructions
from intake.leads.models import Lead
from intake.leads.panels import panels_for
from intake.leads.wishes import hear
from intake.phone import national

ALIKE_SHOWN = 10
FORMS = ("work", "reveal")  # the drafts that this page shows


@permission_required("intake.view_lead", raise_exception=True)
def lead(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return show_lead(request, lead_id)


def show_lead(
    request: HttpRequest,
    lead_id: uuid.UUID,
    *,
    refusal: str = "",
    changed: Sequence[Activity] = (),
    sent: Answers | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, for the answer to a refused act too: with the `refusal`, what others `changed` and what was `sent`.

    Its fields hold what was typed in them and not saved.
    """
    found, phone = _found(request.user, lead_id)
    alike = found.with_same_number().filter(closed_at=None)
    is_mine = found.holder == request.user
    drafts = {name: draft for name, draft in drafts_of(request, found).items() if name in FORMS}
    form = _fields(_typed(drafts) | (sent or {}))
    timeline = list(found.activities.select_related("by", "note"))
    context = page_context(
        request,
        title=found.reference,
        lead=found,
        safety=found.safety,
        instructions=instructions(found),
        alike=alike.select_related("claimed_by").order_by("-received_at")[:ALIKE_SHOWN],
        is_mine=is_mine,
        may_say_outcome=not found.is_closed and (is_mine or found.calls.owes_outcome(request.user)),
        timeline=timeline,
        seen=sum(row.kind in OF_CALLS and row.by_id != request.user.pk for row in timeline),
        panels=panels_for(found, request.user),
        phone=phone,
        national_phone=national(phone),
        refusal=refusal,
        changed=changed,
        form=form,
        drafts=drafts,
        unseen=[(name, field["value"]) for name, field in form.items() if name not in ("note", "why")],
        outcomes=CallOutcome,
        close_reasons=CloseForm().fields["reason"].choices,
        now=timezone.localtime(),
        furthest_follow_up=timezone.localtime() + FURTHEST,
    )
    return render(request, "desk/lead.html", context, status=status)


def _found(user: User, lead_id: uuid.UUID) -> tuple[Lead, str]:
    """The lead, and its number for who looked at it and may be on the phone.

    Before the number is shown again, what the person has sent since is heard: it may be a stop.
    """
    leads = Lead.objects.visible_to(user).select_related("claimed_by", "closed_by", "contact_point").with_calls()
    found = get_object_or_404(leads, pk=lead_id)
    if not found.is_shown_to(user):
        return found, ""
    is_heard = hear(found)
    found = leads.get(pk=lead_id)
    return found, found.phone if is_heard and found.is_shown_to(user) else ""


def _typed(drafts: dict[str, Draft]) -> Answers:
    return {name: values for draft in drafts.values() for name, values in draft.data.lists()}


def _fields(answers: Answers) -> dict[str, dict[str, str]]:
    """As a template reads the fields of a form, for the several forms of this page."""
    return {name: {"value": values[-1]} for name, values in answers.items() if values}
