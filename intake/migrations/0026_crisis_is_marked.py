"""A lead whose words may mean danger is marked, and never waits in quarantine."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0025_rows_are_not_truncated"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="is_crisis",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="What they wrote may mean danger; it never waits in quarantine.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_crisis", False), ("is_quarantined", False), _connector="OR"),
                name="lead_in_crisis_is_never_quarantined",
            ),
        ),
    ]
