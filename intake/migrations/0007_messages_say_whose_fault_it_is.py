"""A message that does not open is forged or shut, or the fault is ours; only the first is called unreadable."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_append_only_but_for_encrypted"),
    ]

    operations = [
        migrations.AddField(
            model_name="callbackmessage",
            name="is_unreadable",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="It is shut, or not what we seal. Otherwise the fault is ours.",
            ),
        ),
        migrations.AlterField(
            model_name="callbackmessage",
            name="open_failed_at",
            field=models.DateTimeField(blank=True, help_text="When it was last tried in vain.", null=True),
        ),
    ]
