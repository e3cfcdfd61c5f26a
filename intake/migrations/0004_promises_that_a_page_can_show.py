"""A promise for the year 9999 made the queue fail for everybody. What is stored of that kind is no promise: it goes."""

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
    ]
