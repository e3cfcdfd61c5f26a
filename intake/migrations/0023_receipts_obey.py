"""Receipts obey: a person may pause, stop, erase and change, each by one more sealed message."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0022_stop_belongs_to_the_number"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="lead",
            name="lead_closed_all_or_nothing",
        ),
        migrations.AddField(
            model_name="lead",
            name="paused_until",
            field=models.DateTimeField(blank=True, help_text="The person asked for no call before this.", null=True),
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
                    ("paused", "They asked for no call before tomorrow"),
                    ("stopped", "They stopped all contact"),
                    ("changed", "They changed how to call"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="callbackmessage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("request", "Request for a call"),
                    ("change", "Change of the number, the times or the rules"),
                    ("pause", "No call before tomorrow"),
                    ("stop", "Stop all contact"),
                    ("erase", "Erase everything"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="callbackmessage",
            name="token_hash",
            field=models.BinaryField(db_index=True, help_text="SHA-256 of the token in the receipt's address."),
        ),
        migrations.AlterField(
            model_name="lead",
            name="close_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("admitted", "Admitted"),
                    ("referred", "Referred elsewhere"),
                    ("declined", "Declined for now"),
                    ("not_suitable", "Not clinically suitable here"),
                    ("payer_not_accepted", "Payer not accepted"),
                    ("no_bed", "No bed"),
                    ("cannot_afford", "Cannot afford it"),
                    ("unreachable", "Could not be reached"),
                    ("asked_to_stop", "Asked not to be contacted"),
                    ("wrong_number", "Wrong number"),
                    ("duplicate", "Duplicate"),
                    ("spam", "Spam"),
                    ("emergency", "Emergency, handed over to 911 or 988"),
                    ("other_care", "In hospital or in custody"),
                    ("deceased", "Deceased"),
                    ("withdrawn", "Taken back by the person"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="callbackmessage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "request")),
                fields=("token_hash",),
                name="callbackmessage_one_request_a_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("close_reason", ""), ("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        models.Q(("close_reason", ""), _negated=True),
                    ),
                    models.Q(("close_reason__in", ("withdrawn", "asked_to_stop")), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="lead_closed_all_or_nothing",
            ),
        ),
    ]
