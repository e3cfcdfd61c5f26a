"""What a lead keeps of its rules and of its timeline, so that the queue is sorted in the database.

Nobody sets these columns by hand. Triggers hold them to what they come from: the last calls are read anew with each
row of the timeline that tells of one; a safe window is forgotten with the answers it was made of, and made again here.
"""

from datetime import datetime

import pgtrigger
from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

MAKE_THE_WINDOW = ("times", "time_zone", "number_zones", "paused_until")
# Who looked at the number and has not said what came of it; and the last call, of the number that holds now, after
# which the person has not asked again. What was undone counts for neither.
LAST_CALLS = """
SELECT look.at, look.by_id, call.at, coalesce(call.outcome, '') FROM (SELECT 1) AS one
LEFT JOIN LATERAL (
    SELECT at, by_id, kind FROM intake_activity AS told WHERE lead_id = {lead} AND kind IN ('revealed', 'called')
    AND NOT coalesce((detail->>'they_called')::boolean, FALSE) AND {stands}
    ORDER BY at DESC LIMIT 1
) AS look ON look.kind = 'revealed'
LEFT JOIN LATERAL (
    SELECT at, outcome, kind FROM intake_activity AS told WHERE lead_id = {lead} AND outcome <> 'not_called'
    AND (kind IN ('called', 'sent_again') OR kind = 'changed' AND detail->'changed' ? 'phone') AND {stands}
    ORDER BY at DESC LIMIT 1
) AS call ON call.kind = 'called'
"""
STANDS = """NOT EXISTS (
        SELECT FROM intake_activity AS undo
        WHERE undo.lead_id = told.lead_id AND undo.kind = 'undone' AND undo.detail->>'row' = told.id::text
    )"""
# The tries at a number: calls that reached nobody, after all that started a new budget. A lead counts with what was
# done since it has the number that holds now; a suspected request starts nothing before somebody says it is a person.
ASKED = """(
        told.kind IN ('received', 'sent_again', 'cleared') OR told.kind = 'changed' AND told.detail->'changed' ? 'phone'
    )"""
TRIES = """
WITH rows AS (
    SELECT told.at, told.outcome, told.detail ? 'they_called' AS is_from_them,
        {asked} OR told.outcome = 'reached' AS is_new
    FROM intake_activity AS told JOIN intake_lead AS lead ON lead.id = told.lead_id
    WHERE lead.contact_point_id = {point} AND NOT lead.is_quarantined AND (told.outcome <> '' OR {asked}) AND {stands}
    AND NOT EXISTS (
        SELECT FROM intake_activity AS later WHERE later.lead_id = told.lead_id AND later.at > told.at
        AND later.kind = 'changed' AND later.detail->'changed' ? 'phone'
    )
)
SELECT coalesce(array_agg(at ORDER BY at DESC), '{{}}') FROM rows
WHERE outcome IN ('no_answer', 'left_message', 'other_answered', 'line_dead', 'wrong_number') AND NOT is_from_them
AND at > coalesce((SELECT max(at) FROM rows WHERE is_new), '-infinity')
"""
# A new request only takes tries away, and many may come at once; a call has all counted anew.
KEEP_TRIES = """
IF NEW.kind IN ('called', 'undone') THEN
    UPDATE intake_contactpoint SET tried_at = ({tries}) WHERE id = {point};
ELSIF NEW.kind <> 'changed' OR NEW.detail->'changed' ? 'phone' THEN
    UPDATE intake_contactpoint SET tried_at = ARRAY(SELECT at FROM unnest(tried_at) AS at WHERE at > NEW.at)
    FROM intake_lead AS lead WHERE lead.id = NEW.lead_id AND NOT lead.is_quarantined
    AND intake_contactpoint.id = lead.contact_point_id AND cardinality(tried_at) > 0;
END IF;
RETURN NULL;
"""
KEEP_LAST_CALLS = """
UPDATE intake_lead SET (looked_at, looked_by_id, last_call_at, last_outcome) = ({calls})
WHERE id = {lead};
"""


def timeline_tells_the_lead() -> pgtrigger.Trigger:
    """For the timeline, whose rows are only added."""
    calls = LAST_CALLS.format(lead="NEW.lead_id", stands=STANDS)
    return pgtrigger.Trigger(
        name="tells_the_lead",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__kind__in=("revealed", "called", "changed", "sent_again", "undone")),
        func=f"{KEEP_LAST_CALLS.format(calls=calls, lead='NEW.lead_id')} RETURN NULL;",
    )


def timeline_tells_the_point() -> pgtrigger.Trigger:
    """For the timeline too. Whoever adds such a row has locked the point before the lead (`acts.changes.locked`)."""
    point = "(SELECT contact_point_id FROM intake_lead WHERE id = NEW.lead_id)"
    return pgtrigger.Trigger(
        name="tells_the_point",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__kind__in=("called", "undone", "received", "sent_again", "cleared", "changed")),
        func=KEEP_TRIES.format(tries=TRIES.format(asked=ASKED, point=point, stands=STANDS), point=point),
    )


def answers_make_the_window() -> pgtrigger.Trigger:
    """For the lead: other answers, other hours. `keep_windows` finds them."""
    return pgtrigger.Trigger(
        name="forgets_window",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*MAKE_THE_WINDOW),
        func="NEW.safe_from = NULL; NEW.safe_until = NULL; RETURN NEW;",
    )


def window_is_whole() -> models.CheckConstraint:
    neither = Q(safe_from=None, safe_until=None)
    both = Q(safe_from__isnull=False, safe_until__isnull=False, safe_from__lt=models.F("safe_until"))
    return models.CheckConstraint(name="lead_window_is_whole", condition=neither | both)


@transaction.atomic
def keep_windows(leads: QuerySet, now: datetime) -> int:
    """Find the safe window of the open ones of `leads` that have none, or one that is over; returns how many.

    A lead that somebody changes at this moment is left to the next round: until then it counts as not safe, which is
    what a window that has just ended says too.
    """
    due = leads.filter(closed_at=None).filter(Q(safe_until=None) | Q(safe_until__lte=now))
    found = list(due.order_by("pk").select_for_update(skip_locked=True, of=("self",), no_key=True))
    if not found:
        return 0
    windows = [lead.window_at(now) for lead in found]
    starts, ends = zip(*windows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE intake_lead SET safe_from = found.start, safe_until = found.stop "
            "FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS found (id, start, stop) "
            "WHERE intake_lead.id = found.id",
            [[str(lead.pk) for lead in found], list(starts), list(ends)],
        )
    return len(found)
