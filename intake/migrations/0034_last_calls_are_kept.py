"""What came of the last call of each lead that is there already, as the trigger of the timeline keeps it from now on."""

from django.db import migrations

FILL = """
UPDATE intake_lead SET (looked_at, looked_by_id, last_call_at, last_outcome) = (
    SELECT look.at, look.by_id, call.at, coalesce(call.outcome, '') FROM (SELECT 1) AS one
    LEFT JOIN LATERAL (
        SELECT at, by_id, kind FROM intake_activity WHERE lead_id = intake_lead.id AND kind IN ('revealed', 'called')
        ORDER BY at DESC LIMIT 1
    ) AS look ON look.kind = 'revealed'
    LEFT JOIN LATERAL (
        SELECT at, outcome, kind FROM intake_activity WHERE lead_id = intake_lead.id
        AND (kind IN ('called', 'sent_again') OR kind = 'changed' AND detail->'changed' ? 'phone')
        ORDER BY at DESC LIMIT 1
    ) AS call ON call.kind = 'called'
)
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0033_queue_is_sorted_in_the_database")]

    operations = [migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop)]
