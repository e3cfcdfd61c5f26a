"""What the desk needs to say true things: promises a page can show, claims that lapse, receipts with more to say.

A promise for the year 9999 made the queue fail for everybody. What is stored of that kind is no promise: it goes.
"""

import datetime

from django.db import migrations, models

FORGET = (
    "UPDATE intake_lead SET follow_up_at = NULL WHERE follow_up_at < '1970-01-01Z' OR follow_up_at >= '3000-01-01Z'"
)


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_messages_come_from_our_age")]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("follow_up_at__gte", datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    ("follow_up_at__lt", datetime.datetime(3000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="lead_follow_up_in_our_age",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("claim_lapses_at__isnull", False)), fields=["claim_lapses_at"], name="lead_claimed"
            ),
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
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="lookuptoken",
            name="kind",
            field=models.CharField(
                choices=[
                    ("phone", "Phone number"),
                    ("last_four", "Last four digits"),
                    ("last_seven", "Number without the area code"),
                    ("name_word", "Word of the name"),
                    ("reference", "Reference"),
                    ("reference_digits", "Digits of the reference"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="callbackmessage",
            name="public_status",
            field=models.CharField(
                choices=[
                    ("received", "We have your request"),
                    ("in_hand", "Someone on our team has your request"),
                    ("tried", "We called and did not reach you"),
                    ("spoke", "We spoke with you"),
                    ("number_failed", "This number did not work"),
                    ("promised", "We will call you again at the time we agreed"),
                    ("done", "This request is finished"),
                ],
                default="received",
                max_length=20,
            ),
        ),
    ]
