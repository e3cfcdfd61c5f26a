"""Promising the next call."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from intake.leads.activity import Activity
from intake.leads.acts.changes import OF_CALLS, NotAllowed, check_unchanged, locked, record, tell_visitor
from intake.leads.acts.claim import check_held, free
from intake.leads.acts.hand_over import check_handed_over
from intake.leads.doubts import is_in_words
from intake.leads.models import Lead

FURTHEST = timedelta(days=90)
OUTCOME_FIRST = "You saw the number. Say first what came of the call. Then promise the next one."
CALL_FIRST = "Nobody has called them yet. Call first, or say in the note why the call waits."
TOO_FAR = "That is more than three months away. Check the year."
FURTHEST_IN_DANGER = timedelta(days=7)
TOO_FAR_IN_DANGER = "They may be in danger: promise a call within a week, and ask then how they are."


@transaction.atomic
def follow_up(
    lead: Lead, *, by: User, at: datetime, is_asked_for: bool = False, note: str = "", seen: int | None = None
) -> None:
    """Promise the next call for `at` (aware, in the future) and give the lead back to the queue.

    Outside the safe hours only if the person asked for that time; before any call too, or with a reason in words; only
    after an owed outcome; and only if no more than the `seen` things were done by others. Raises NotAllowed.
    """
    lead = locked(lead)
    check_held(lead, by)
    check_unchanged(lead, seen, by=by, kinds=OF_CALLS)
    if lead.calls.owes_outcome(by):
        raise NotAllowed(OUTCOME_FIRST)
    check_handed_over(lead)
    now = timezone.now()
    if at <= now:
        raise NotAllowed("The follow-up time has passed already. Choose a later one.")
    if at > now + FURTHEST:
        raise NotAllowed(TOO_FAR)
    if lead.is_crisis and at > now + FURTHEST_IN_DANGER:
        raise NotAllowed(TOO_FAR_IN_DANGER)
    safety = lead.safety_at(at)
    if not safety.is_safe and not is_asked_for:
        changes_at = timezone.localtime(safety.changes_at)
        is_this_year = changes_at.year == timezone.localdate().year
        safe_from = date_format(changes_at, "D M j, H:i T" if is_this_year else "D M j, Y, H:i T")
        raise NotAllowed(
            f"That is not a safe time for them. Next safe time: {safe_from}. If they asked for yours, tick the box."
        )
    if lead.calls.last is None and not (is_asked_for or is_in_words(note)):
        raise NotAllowed(CALL_FIRST)
    detail = {"at": at.isoformat()} | ({"follow_up_at": lead.follow_up_at.isoformat()} if lead.follow_up_at else {})
    free(lead, follow_up_at=at)
    record(lead, Activity.Kind.FOLLOW_UP, by=by, note=note, detail=detail)
    tell_visitor(lead)
