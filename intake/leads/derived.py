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
# which the person has not asked again. What was undone counts for neither. All is told by the lead itself and by those
# merged into it: what is owed over one of these is settled over it, or over the lead since the merge; their request is
# another one of the person's.
LAST_CALLS = """
WITH of_person AS (
    SELECT id, contact_point_id, merged_at FROM intake_lead WHERE id = {lead} OR merged_into_id = {lead}
), told AS (
    SELECT told.*, coalesce((told.detail->>'they_called')::boolean, FALSE) AS is_from_them, of_person.merged_at,
        of_person.contact_point_id = intake_lead.contact_point_id AS is_of_number
    FROM of_person JOIN intake_activity AS told ON told.lead_id = of_person.id
    JOIN intake_lead ON intake_lead.id = {lead}
    WHERE told.kind IN ('revealed', 'called', 'received', 'sent_again', 'changed') AND {stands}
)
SELECT look.at, look.by_id, call.at, coalesce(call.outcome, '') FROM (SELECT 1) AS one
LEFT JOIN LATERAL (
    SELECT at, by_id FROM told AS look WHERE kind = 'revealed' AND NOT EXISTS (
        SELECT FROM told AS later WHERE later.kind IN ('revealed', 'called') AND NOT later.is_from_them
        AND later.at > look.at
        AND (later.lead_id = look.lead_id OR later.lead_id = {lead} AND later.at > look.merged_at)
    )
    ORDER BY at DESC LIMIT 1
) AS look ON TRUE
LEFT JOIN LATERAL (
    SELECT at, outcome, kind FROM told WHERE kind = 'called' AND outcome <> 'not_called' AND is_of_number
    OR kind = 'changed' AND detail->'changed' ? 'phone' AND is_of_number
    OR kind = 'sent_again' OR kind = 'received' AND lead_id <> {lead}
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
that_counts := (SELECT coalesce(merged_into_id, id) FROM intake_lead WHERE id = NEW.lead_id);
UPDATE intake_lead SET (looked_at, looked_by_id, last_call_at, last_outcome) = ({calls}) WHERE id = that_counts;
RETURN NULL;
"""
FORGET_WINDOWS = """
UPDATE intake_lead SET safe_from = NULL, safe_until = NULL WHERE id IN (OLD.merged_into_id, NEW.merged_into_id);
RETURN NULL;
"""


def timeline_tells_the_lead() -> pgtrigger.Trigger:
    """For the timeline, whose rows are only added. A merge, and its undoing, tell a lead of the other one's calls."""
    calls = LAST_CALLS.format(lead="that_counts", stands=STANDS)
    return pgtrigger.Trigger(
        name="tells_the_lead",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__kind__in=("revealed", "called", "changed", "sent_again", "undone", "merged")),
        declare=[("that_counts", "uuid")],
        func=KEEP_LAST_CALLS.format(calls=calls),
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


def merged_answers_make_the_window() -> pgtrigger.Trigger:
    """For the lead too: the answers of a merged one hold for the one that counts."""
    return pgtrigger.Trigger(
        name="forgets_window_of_all",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*MAKE_THE_WINDOW, "merged_into", "answers_hold"),
        func=FORGET_WINDOWS,
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
    due = due.order_by("pk").prefetch_related("merged_leads")
    found = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True))
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
