"""Keeping what somebody types before they save it. It changes nothing of the lead; the timeline tells who has it."""

import json
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.acts.changes import NotAllowed, check_not_erased, locked, record
from intake.leads.drafts import Answers, Draft, DraftQuerySet
from intake.leads.models import Lead

BEGUN_TOO = "They have begun this sheet themselves. Choose somebody else, or ask them to discard theirs."
NOTHING_KEPT = "Nothing of this sheet is kept yet, so there is nothing to pass on."


class TypedElsewhere(Exception):
    """The same consultant has typed on the same form in another window, and this one would replace it."""


@transaction.atomic
def keep_draft(
    lead: Lead, *, by: User, form: str, answers: Answers, window: str = "", knew: datetime | None = None
) -> datetime | None:
    """In place of what was kept of this form before; returns when. Where nothing is typed, nothing is kept.

    Raises NotAllowed if the person was erased: nothing more is stored about them. Raises TypedElsewhere if the same
    consultant typed on this form in another window than `window`, since that showed what it `knew`.
    """
    check_not_erased(locked(lead))  # locked, so that an erasure does not miss it
    if any(draft.is_of_another(window, knew) for draft in _drafts(lead, by, form)):
        raise TypedElsewhere
    if not any(any(values) for values in answers.values()):
        discard_draft(lead, by=by, form=form)
        return None
    draft, _ = Draft.objects.get_or_create(lead=lead, user=by, form=form)
    draft.answers, draft.kept_at, draft.window = json.dumps(answers), timezone.now(), window
    draft.save(update_fields=["answers", "kept_at", "window"])
    return draft.kept_at


@transaction.atomic
def pass_draft(lead: Lead, *, by: User, to: User, form: str) -> None:
    """Let `to` go on where `by` has stopped. Raises NotAllowed if nothing is kept, or if `to` has begun it too."""
    check_not_erased(lead := locked(lead))
    if _drafts(lead, to, form).exists():
        raise NotAllowed(BEGUN_TOO)
    if not _drafts(lead, by, form).update(user=to, window="", kept_at=timezone.now()):
        raise NotAllowed(NOTHING_KEPT)
    record(lead, Activity.Kind.DRAFT_PASSED, by=by, detail={"from": by.get_username(), "to": to.get_username()})


def discard_draft(lead: Lead, *, by: User, form: str, window: str = "", knew: datetime | None = None) -> None:
    """What was typed in another window than `window`, which that did not know, stays."""
    mine = [draft.pk for draft in _drafts(lead, by, form) if not draft.is_of_another(window, knew)]
    Draft.objects.filter(pk__in=mine).delete()


def _drafts(lead: Lead, by: User, form: str) -> DraftQuerySet:
    return Draft.objects.filter(lead=lead, user=by, form=form).defer("answers")


def forget_outdated_drafts() -> int:
    """Drop what nobody has saved in KEPT_FOR; returns how many."""
    return Draft.objects.outdated().delete()[0]
