"""The page of one lead."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from facilities.directory.referral import ReferralPlace
from facilities.directory.zones import zone_in_words
from intake.desk.drafts import drafts_of, fill_in
from intake.desk.site import page_context
from intake.insurance.payer_blind import TELL_OF_INSURANCE, is_hidden
from intake.leads.activity import Activity, CallOutcome, HandOver
from intake.leads.acts.changes import OF_CALLS
from intake.leads.acts.close import may_say_spam
from intake.leads.acts.follow_up import FURTHEST
from intake.leads.acts.merge import last_merged, why_merged_for_good
from intake.leads.acts.pass_on import who_can_take
from intake.leads.acts.undo import last_undoable
from intake.leads.doubts import doubts_about, just_rung
from intake.leads.drafts import Answers
from intake.leads.duplicates import duplicates_of
from intake.leads.forms import CloseForm, RulesForm
from intake.leads.instructions import instructions
from intake.leads.looks import may_read, note_looks
from intake.leads.models import Lead
from intake.leads.panels import panels_for
from intake.leads.quick_times import quick_times
from intake.leads.wishes import hear
from intake.phone import national

ALIKE_SHOWN = 10
APART = ("handover", "rules")  # forms whose fields have names of the others
FORMS = ("work", "reveal", *APART)  # the drafts that this page shows


@permission_required("intake.view_lead", raise_exception=True)
def lead(request: HttpRequest, lead_id: uuid.UUID) -> HttpResponse:
    return show_lead(request, lead_id)


def show_lead(
    request: HttpRequest,
    lead_id: uuid.UUID,
    *,
    refusal: str = "",
    changed: Sequence[Activity] = (),
    sent: Mapping[str, Answers] | None = None,
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, for the answer to a refused act too: with the `refusal`, what others `changed` and what was `sent`, by
    the name of its form.

    Its fields hold what was typed in them and is not saved.
    """
    user = request.user
    found, phone = _found(user, lead_id)
    if is_readable := may_read(found, user):
        note_looks([found, *found.merged_leads.all()], user)
    context = page_context(
        request,
        title=found.reference,
        next_query=f"after={found.pk}",
        lead=found,
        safety=found.safety,
        instructions=instructions(found, shows_name=is_readable),
        is_readable=is_readable,
        phone=phone,
        national_phone=national(phone),
        refusal=refusal,
        changed=changed,
        panels=panels_for(found, user),
        **_hands(found, user),
        **_past(found, user),
        **_fields(request, found, sent or {}, form),
        **_times(found, user),
    )
    return render(request, "desk/lead.html", context, status=status)


def _hands(found: Lead, user: User) -> dict[str, Any]:
    """Who has it or may have it, and what `user` may do with it and owes."""
    is_mine, owes_outcome = found.holder == user, found.calls.owes_outcome(user)
    last = found.calls.last
    alike = found.with_same_number().filter(closed_at=None)
    return {
        "is_mine": is_mine,
        "claim_seconds": int((found.claim_lapses_at - timezone.now()).total_seconds()) if is_mine else 0,
        "colleagues": _who_can_have(found, user),
        "alike": alike.select_related("claimed_by").order_by("-received_at")[:ALIKE_SHOWN],
        "just_rung": "" if found.is_closed else just_rung(found, user, timezone.now()),
        "doubts": doubts_about(found, user) if is_mine else [],
        "owes_outcome": owes_outcome,
        "is_said": bool(last and last.by_id == user.pk and found.claimed_at and last.at > found.claimed_at),
        "owes_hand_over": found.owes_hand_over,
        "may_say_outcome": not found.is_closed and (is_mine or owes_outcome),
        "can_undo": user.has_perm("intake.work_lead") and last_undoable(found, user),
    }


def _past(found: Lead, user: User) -> dict[str, Any]:
    """The timeline, and what is read from it."""
    timeline = list(found.timeline.select_related("by", "note", "lead"))
    merged = last_merged(found)
    return {
        "timeline": _shown(timeline, found, user),
        "changed_by_them": _changed_by_them(found, timeline) if found.holder == user else None,
        "passed_on": _passed_on(found, timeline) if found.holder == user else None,
        "seen": sum(row.kind in OF_CALLS and row.by_id != user.pk for row in timeline),
        "duplicates": duplicates_of(found, timeline),
        "last_merged": merged,
        "merged_for_good": why_merged_for_good(merged, user) if merged else "",
    }


def _fields(request: HttpRequest, found: Lead, sent: Mapping[str, Answers], form: forms.Form | None) -> dict[str, Any]:
    """The forms: what they offer, and what was typed in them, which is `sent` or else a draft."""
    drafts = {name: draft for name, draft in drafts_of(request, found).items() if name in FORMS}
    typed = {name: dict(draft.data.lists()) for name, draft in drafts.items()} | sent
    fields = _as_fields(*(answers for name, answers in typed.items() if name not in APART))
    rules = form if isinstance(form, RulesForm) else RulesForm(instance=found, initial=found.manner._asdict())
    if not rules.is_bound:
        fill_in(rules, drafts.get("rules"))
    return {
        "drafts": drafts,
        "form": fields,
        "unseen": [(name, field["value"]) for name, field in fields.items() if name not in ("note", "why")],
        "rules": rules,
        "handed_over": _as_fields(typed.get("handover", {})),
        "hand_overs": HandOver.choices,
        "outcomes": [outcome for outcome in CallOutcome if outcome != CallOutcome.ASKED_TO_STOP],
        "asked_to_stop": CallOutcome.ASKED_TO_STOP,
        "close_reasons": _close_reasons(request.user),
        "need_referral": [f"“{reason.label}”" for reason in Lead.NEED_REFERRAL],
        "referral_places": ReferralPlace.objects.all() if found.holder == request.user else [],
    }


def _times(found: Lead, user: User) -> dict[str, Any]:
    """Now and what can be promised, on our clock and on theirs."""
    now = timezone.localtime()
    return {
        "now": now,
        "our_zone": zone_in_words(timezone.get_current_timezone_name()),
        "their_zone": zone_in_words(found.clock),
        "furthest_follow_up": now + FURTHEST,
        "quick_times": quick_times(found, now) if found.holder == user else [],
    }


def _shown(timeline: Sequence[Activity], found: Lead, user: User) -> list[Activity]:
    """Of a merge one of its two rows, and nothing of the insurance while that is hidden."""
    hidden_kinds = TELL_OF_INSURANCE if is_hidden(found, user) else ()
    said_once = (row for row in timeline if row.lead_id == found.pk or not row.says_into)
    return [row for row in said_once if row.kind not in hidden_kinds]


def _close_reasons(user: User) -> list[tuple[str, str]]:
    """Those that `user` may choose."""
    choices = CloseForm().fields["reason"].choices
    return [choice for choice in choices if choice[0] != Lead.CloseReason.SPAM or may_say_spam(user)]


def _changed_by_them(found: Lead, timeline: Sequence[Activity]) -> Activity | None:
    """What they changed while this was in hand: who has read the page before must read it again."""
    changes = (row for row in timeline if row.kind in (Activity.Kind.CHANGED, Activity.Kind.PAUSED))
    return next((row for row in changes if row.at > found.claimed_at), None)


def _passed_on(found: Lead, timeline: Sequence[Activity]) -> Activity | None:
    """By whom, and with which words, it came into the hands that have it."""
    passed = (row for row in timeline if row.kind == Activity.Kind.PASSED_ON and row.lead_id == found.pk)
    return next((row for row in passed if row.at >= found.claimed_at), None)


def _who_can_have(found: Lead, user: User) -> QuerySet[User]:
    """To whom `user` may pass it on."""
    may = found.holder and (found.holder == user or user.has_perm("intake.take_over_lead"))
    return who_can_take().exclude(pk=found.claimed_by_id) if may else User.objects.none()


def _found(user: User, lead_id: uuid.UUID) -> tuple[Lead, str]:
    """The lead, and its number for who looked at it and may be on the phone.

    Before the number is shown again, what the person has sent since is heard: it may be a stop.
    """
    leads = Lead.objects.visible_to(user).with_calls()
    leads = leads.select_related("claimed_by", "closed_by", "contact_point", "merged_into__claimed_by")
    found = get_object_or_404(leads, pk=lead_id)
    if not found.is_shown_to(user):
        return found, ""
    is_heard = hear(found)
    found = leads.get(pk=lead_id)
    return found, found.phone if is_heard and found.is_shown_to(user) else ""


def _as_fields(*forms: Answers) -> dict[str, dict[str, str]]:
    """As a template reads the fields of a form, for several of this page."""
    return {name: {"value": values[-1]} for answers in forms for name, values in answers.items() if values}
