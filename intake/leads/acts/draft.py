"""Keeping what somebody types before they save it. It changes nothing of the lead, so the timeline does not tell it."""

import json
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from intake.leads.acts.changes import check_not_erased, locked
from intake.leads.drafts import Answers, Draft
from intake.leads.models import Lead


@transaction.atomic
def keep_draft(lead: Lead, *, by: User, form: str, answers: Answers) -> datetime | None:
    """In place of what was kept of this form before; returns when. Where nothing is typed, nothing is kept.

    Raises NotAllowed if the person was erased: nothing more is stored about them.
    """
    check_not_erased(locked(lead))  # locked, so that an erasure does not miss it
    if not any(any(values) for values in answers.values()):
        discard_draft(lead, by=by, form=form)
        return None
    draft, _ = Draft.objects.get_or_create(lead=lead, user=by, form=form)
    draft.answers, draft.kept_at = json.dumps(answers), timezone.now()
    draft.save(update_fields=["answers", "kept_at"])
    return draft.kept_at


def discard_draft(lead: Lead, *, by: User, form: str) -> None:
    Draft.objects.filter(lead=lead, user=by, form=form).delete()


def forget_outdated_drafts() -> int:
    """Drop what nobody has saved in KEPT_FOR; returns how many."""
    return Draft.objects.outdated().delete()[0]
