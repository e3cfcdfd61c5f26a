"""The page of one lead."""

import uuid

from django import forms
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from facilities.directory.referral import ReferralPlace
from facilities.directory.zones import zone_in_words
from intake.desk.site import page_context
from intake.leads.activity import CallOutcome, HandOver
from intake.leads.acts.follow_up import FURTHEST
from intake.leads.acts.pass_on import who_can_take
from intake.leads.acts.undo import last_undoable
from intake.leads.doubts import doubts_about, just_rung
from intake.leads.forms import CloseForm, RulesForm
from intake.leads.instructions import instructions
from intake.leads.looks import may_read, note_look
from intake.leads.models import Lead
from intake.leads.panels import panels_for
from intake.leads.quick_times import quick_times
from intake.phone import national

ALIKE_SHOWN = 10


@permission_required("intake.view_lead", raise_exception=True)
def lead(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return show_lead(request, lead_id)


def show_lead(
    request: HttpRequest,
    lead_id: uuid.UUID,
    *,
    phone: str = "",
    refusal: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, for the answer to an act too: with the number that was revealed, or with why the act was refused and
    what had been typed.
    """
    leads = (
        Lead.objects.visible_to(request.user).select_related("claimed_by", "closed_by", "contact_point").with_calls()
    )
    found = get_object_or_404(leads, pk=lead_id)
    alike = found.with_same_number().filter(closed_at=None)
    is_mine = found.holder == request.user
    if is_readable := may_read(found, request.user):
        note_look(found, request.user)
    context = page_context(
        request,
        title=found.reference,
        lead=found,
        safety=found.safety,
        instructions=instructions(found, shows_name=is_readable),
        is_readable=is_readable,
        just_rung="" if found.is_closed else just_rung(found, request.user, timezone.now()),
        doubts=doubts_about(found, request.user) if is_mine else [],
        alike=alike.select_related("claimed_by").order_by("-received_at")[:ALIKE_SHOWN],
        is_mine=is_mine,
        claim_seconds=int((found.claim_lapses_at - timezone.now()).total_seconds()) if is_mine else 0,
        colleagues=_who_can_have(found, request.user),
        may_say_outcome=not found.is_closed and (is_mine or found.calls.owes_outcome(request.user)),
        timeline=found.activities.select_related("by", "note"),
        panels=panels_for(found, request.user),
        phone=phone,
        national_phone=national(phone),
        refusal=refusal,
        form=form,
        owes_outcome=found.calls.owes_outcome(request.user),
        rules=form if isinstance(form, RulesForm) else RulesForm(instance=found),
        owes_hand_over=found.owes_hand_over,
        hand_overs=HandOver.choices,
        outcomes=[outcome for outcome in CallOutcome if outcome != CallOutcome.ASKED_TO_STOP],
        asked_to_stop=CallOutcome.ASKED_TO_STOP,
        referral_places=ReferralPlace.objects.all() if is_mine else [],
        need_referral=[f"“{reason.label}”" for reason in Lead.NEED_REFERRAL],
        close_reasons=CloseForm().fields["reason"].choices,
        now=timezone.localtime(),
        our_zone=zone_in_words(timezone.get_current_timezone_name()),
        their_zone=zone_in_words(found.clock),
        furthest_follow_up=timezone.localtime() + FURTHEST,
        quick_times=quick_times(found, timezone.now()) if is_mine else [],
        can_undo=request.user.has_perm("intake.work_lead") and last_undoable(found, request.user),
    )
    return render(request, "desk/lead.html", context, status=status)


def _who_can_have(found: Lead, user: User) -> QuerySet[User]:
    """To whom `user` may pass it on."""
    may = found.holder and (found.holder == user or user.has_perm("intake.take_over_lead"))
    return who_can_take().exclude(pk=found.claimed_by_id) if may else User.objects.none()
