from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0031_waits_are_measured")]

    operations = [
        migrations.AddField(
            model_name="callbackmessage",
            name="from_crowd",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Many messages came from its network within the hour: those of others are opened first.",
            ),
        ),
        migrations.RemoveIndex(model_name="callbackmessage", name="callbackmessage_unopened"),
        migrations.AddIndex(
            model_name="callbackmessage",
            index=models.Index(
                condition=models.Q(("opened_at__isnull", True)),
                fields=["from_crowd", "received_at"],
                name="callbackmessage_unopened",
            ),
        ),
    ]
