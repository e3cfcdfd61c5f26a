"""Puerto Rico, the Virgin Islands, Guam and Samoa are on the list, and several zones of a number are read anew."""

from django.db import migrations, models

# They may be the whole plan, with Adak first. None means that they are looked up from the number.
READ_ANEW = "UPDATE intake_lead SET number_zones = NULL WHERE cardinality(number_zones) > 1"


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0009_heartbeat"),
    ]

    operations = [
        migrations.RunSQL(READ_ANEW, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="lead",
            name="time_zone",
            field=models.CharField(
                blank=True,
                choices=[
                    ("America/Los_Angeles", "Pacific (Las Vegas, Los Angeles)"),
                    ("America/Denver", "Mountain (Denver, Salt Lake City)"),
                    ("America/Phoenix", "Arizona (Phoenix)"),
                    ("America/Chicago", "Central (Chicago, Houston)"),
                    ("America/New_York", "Eastern (New York, Miami)"),
                    ("America/Anchorage", "Alaska (Anchorage)"),
                    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
                    ("America/Puerto_Rico", "Puerto Rico (San Juan)"),
                    ("America/St_Thomas", "Virgin Islands (St. Thomas, St. Croix)"),
                    ("Pacific/Guam", "Guam (Hagåtña, Saipan)"),
                    ("Pacific/Pago_Pago", "Samoa (Pago Pago)"),
                ],
                help_text="Empty: as the number's.",
                max_length=40,
            ),
        ),
    ]
