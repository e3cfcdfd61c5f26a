from django.db import migrations, models

FILL = """
UPDATE intake_lookuptoken SET received_at = intake_lead.received_at
FROM intake_lead WHERE intake_lead.id = intake_lookuptoken.lead_id
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0043_leads_are_merged")]

    operations = [
        migrations.RemoveConstraint(model_name="lookuptoken", name="lookuptoken_once"),
        migrations.AddField(
            model_name="lookuptoken",
            name="received_at",
            field=models.DateTimeField(
                help_text="That of its lead, so that the newest are found without reading leads.", null=True
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        # A table whose rows were changed a moment before cannot be altered before its checks ran.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="lookuptoken",
            name="received_at",
            field=models.DateTimeField(
                help_text="That of its lead, so that the newest are found without reading leads."
            ),
        ),
        migrations.AddConstraint(
            model_name="lookuptoken",
            constraint=models.UniqueConstraint(
                fields=("kind", "token", "received_at", "lead"), name="lookuptoken_once"
            ),
        ),
    ]
