"""The zones of a lead's number are kept beside its own zone, which may be left out. None for the leads of before."""

import django.contrib.postgres.fields
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
    ]
