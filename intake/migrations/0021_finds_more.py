"""A lead from abroad is found by its national number, and closed leads have an index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0020_more_zones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="lookuptoken",
            name="kind",
            field=models.CharField(
                choices=[
                    ("phone", "Phone number"),
                    ("abroad", "Number as people in its country write it"),
                    ("last_four", "Last four digits"),
                    ("last_seven", "Number without the area code"),
                    ("name_word", "Word of the name"),
                    ("reference", "Reference"),
                    ("reference_digits", "Digits of the reference"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["-closed_at"], name="lead_closed"
            ),
        ),
    ]
