"""The tries at each number that is there already, as the trigger of the timeline keeps them from now on."""

from django.db import migrations

FILL = """
WITH asked AS (
    SELECT a.lead_id, a.at, a.kind, a.outcome,
        a.kind IN ('received', 'sent_again', 'cleared') OR a.kind = 'changed' AND a.detail->'changed' ? 'phone' AS is_new
    FROM intake_activity AS a
), told AS (
    SELECT lead.contact_point_id, a.at, a.outcome, a.is_new OR a.outcome = 'reached' AS is_new FROM asked AS a
    JOIN intake_lead AS lead ON lead.id = a.lead_id
    WHERE NOT lead.is_quarantined AND (a.outcome <> '' OR a.is_new) AND NOT EXISTS (
        SELECT FROM asked AS later WHERE later.lead_id = a.lead_id AND later.at > a.at
        AND later.kind = 'changed' AND later.is_new
    )
), since AS (
    SELECT contact_point_id, max(at) FILTER (WHERE is_new) AS at FROM told GROUP BY contact_point_id
), tries AS (
    SELECT told.contact_point_id, array_agg(told.at ORDER BY told.at DESC) AS tried_at
    FROM told JOIN since USING (contact_point_id)
    WHERE outcome IN ('no_answer', 'left_message', 'other_answered', 'line_dead', 'wrong_number')
    AND told.at > coalesce(since.at, '-infinity')
    GROUP BY told.contact_point_id
)
UPDATE intake_contactpoint SET tried_at = tries.tried_at FROM tries WHERE tries.contact_point_id = intake_contactpoint.id
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0035_tries_are_counted")]

    operations = [migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop)]
