"""A message from the year 1 or 9999 could not be shown by any page; nobody sends one but to do harm."""

import datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_activity_is_append_only"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="callbackmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_at__gte", datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    ("received_at__lt", datetime.datetime(3000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                name="callbackmessage_received_in_our_age",
            ),
        ),
    ]
