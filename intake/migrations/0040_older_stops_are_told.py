"""The receipts of requests that were stopped before say so from now on."""

from django.db import migrations

TELL = """
UPDATE intake_callbackmessage SET public_status = 'stopped' FROM intake_leadmessage AS link, intake_lead AS lead
WHERE link.message_id = intake_callbackmessage.id AND lead.id = link.lead_id
AND lead.closed_at IS NOT NULL AND lead.close_reason = 'asked_to_stop' AND public_status = 'done'
"""
TAKE_BACK = "UPDATE intake_callbackmessage SET public_status = 'done' WHERE public_status = 'stopped'"


class Migration(migrations.Migration):
    dependencies = [("intake", "0039_stops_are_told")]

    operations = [migrations.RunSQL(TELL, reverse_sql=TAKE_BACK)]
