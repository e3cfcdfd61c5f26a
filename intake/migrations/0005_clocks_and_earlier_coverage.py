"""The zones of a lead's number are kept beside its own zone, which may be left out. None for the leads of before.

A coverage can end, and stays with the payer's answers about it. Going back asks that no rank was taken twice.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ZONES = [
    ("America/Los_Angeles", "Pacific (Las Vegas, Los Angeles)"),
    ("America/Denver", "Mountain (Denver, Salt Lake City)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Chicago", "Central (Chicago, Houston)"),
    ("America/New_York", "Eastern (New York, Miami)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_leads_keep_their_word"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="number_zones",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, null=True, size=None
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="time_zone",
            field=models.CharField(blank=True, choices=ZONES, help_text="Empty: as the number's.", max_length=40),
        ),
        migrations.AddField(model_name="coverage", name="ended_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="coverage",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterModelOptions(
            name="coverage",
            options={"default_permissions": ("view", "change"), "ordering": ["rank", "recorded_at"]},
        ),
        migrations.RemoveConstraint(model_name="coverage", name="coverage_one_of_each_rank"),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("lead", "rank"),
                name="coverage_one_of_each_rank",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="coverage_ended_all_or_nothing",
            ),
        ),
    ]
