"""What staff type is kept until they save it."""

import django.db.models.deletion
import django.utils.timezone
import intake.privacy.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0041_acts_can_be_undone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "form",
                    models.CharField(help_text="Its name, with the id of the row that it is about.", max_length=60),
                ),
                (
                    "answers",
                    intake.privacy.fields.EncryptedTextField(
                        blank=True, default=b"", editable=True, help_text="JSON: lists of texts by name of the field."
                    ),
                ),
                ("kept_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="intake.lead"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("lead", "user", "form"), name="draft_one_of_each_form")
                ],
            },
        ),
    ]
