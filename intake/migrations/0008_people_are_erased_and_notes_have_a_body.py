"""A person can be erased and the timeline says so; the text of a note is its body, since `text` is a text message."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0007_messages_say_whose_fault_it_is"),
    ]

    operations = [
        migrations.RenameField(
            model_name="note",
            old_name="text",
            new_name="body",
        ),
        migrations.AlterField(
            model_name="activity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("sent_again", "Sent again"),
                    ("claimed", "Claimed"),
                    ("released", "Given back to the queue"),
                    ("revealed", "Number revealed"),
                    ("called", "Called"),
                    ("noted", "Note"),
                    ("follow_up", "Follow-up promised"),
                    ("coverage", "Coverage recorded"),
                    ("verified", "Benefits verified"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("cleared", "Cleared from quarantine"),
                    ("lapsed", "Claim lapsed"),
                    ("erased", "Person erased"),
                ],
                max_length=20,
            ),
        ),
    ]
