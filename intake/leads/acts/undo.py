"""Undoing the last act on a lead: what was done stays in the timeline, and another row says that it does not count."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from intake.leads.activity import Activity
from intake.leads.acts.apart import propose_again
from intake.leads.acts.changes import NotAllowed, locked, record, tell_visitor
from intake.leads.acts.claim import claim, hold
from intake.leads.acts.close import reopen
from intake.leads.acts.merge import merged_lead, unmerge, why_merged_for_good
from intake.leads.calls import CALL_LASTS, standing
from intake.leads.models import Lead

UNDO_WITHIN = timedelta(minutes=15)
Kind = Activity.Kind
OF_TWO = (Kind.MERGED, Kind.APART)  # each stands in the timelines of two leads
UNDOABLE = (Kind.CALLED, Kind.FOLLOW_UP, Kind.CLOSED, Kind.RELEASED, Kind.HANDED_OVER, *OF_TWO)
ADDS_NOTHING = (Kind.NOTED, Kind.CLAIMED, Kind.LAPSED, Kind.REOPENED, Kind.READ)
TOO_LATE = "There is nothing left to undo here: something else has happened since, or it is too long ago."


def last_undoable(lead: Lead, by: User) -> Activity | None:
    """What `by` did last on this lead, if it can be undone: lately, and nothing has happened since."""
    since = timezone.now() - UNDO_WITHIN
    rows = standing(list(lead.activities.filter(at__gt=since).select_related("lead")))
    last = next((row for row in rows if row.kind not in ADDS_NOTHING), None)
    if last is None or last.kind not in UNDOABLE or last.by_id != by.pk or lead.is_stopped:
        return None
    if lead.holder not in (None, by):
        return None
    if last.kind == Kind.MERGED:
        return None if why_merged_for_good(merged_lead(last), by) else last
    return last if (last.kind == Kind.CLOSED) == lead.is_closed else None


@transaction.atomic
def undo(lead: Lead, *, by: User) -> None:
    """Take back the last act of `by`, who has the lead in hand again afterwards. Raises NotAllowed.

    A hand-over and what was decided in quarantine needed no claim, and undoing them makes none. What was done to two
    leads at once is taken back on both, and each is in whose hands it was.
    """
    row = last_undoable(lead, by)
    if row and row.kind in OF_TWO:
        _undo_of_two(row, by)
        return
    lead = locked(lead)
    row = last_undoable(lead, by)
    if row is None or row.kind in OF_TWO:
        raise NotAllowed(TOO_LATE)
    if row.kind == Kind.CLOSED:
        reopen(lead, by=by)
    else:
        _restore_promise(lead, row)
    record(lead, Kind.UNDONE, by=by, detail={"row": str(row.pk), "kind": row.kind})
    if row.kind == Kind.HANDED_OVER or lead.is_quarantined:
        return
    claim(lead, by=by)
    lead = locked(lead)
    if lead.calls.owes_outcome(by):
        hold(lead, CALL_LASTS)
    tell_visitor(lead)


def _undo_of_two(row: Activity, by: User) -> None:
    if row.kind == Kind.MERGED:
        unmerge(merged_lead(row), by=by)
    else:
        propose_again(row, by=by)


def _restore_promise(lead: Lead, row: Activity) -> None:
    """That of before a call which settled it, or before another promise was made."""
    before = row.detail.get("follow_up_at")
    if before or row.kind == Kind.FOLLOW_UP:
        lead.follow_up_at = datetime.fromisoformat(before) if before else None
        lead.save(update_fields=["follow_up_at"])
