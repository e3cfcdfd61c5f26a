"""Puerto Rico, the Virgin Islands, Guam and Samoa are on the list of zones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0003_reviews_are_called_clinical"),
    ]

    operations = [
        migrations.AlterField(
            model_name="facility",
            name="time_zone",
            field=models.CharField(
                choices=[
                    ("America/Los_Angeles", "Pacific"),
                    ("America/Denver", "Mountain"),
                    ("America/Phoenix", "Arizona"),
                    ("America/Chicago", "Central"),
                    ("America/New_York", "Eastern"),
                    ("America/Anchorage", "Alaska"),
                    ("Pacific/Honolulu", "Hawaii"),
                    ("America/Puerto_Rico", "Puerto Rico"),
                    ("America/St_Thomas", "Virgin Islands"),
                    ("Pacific/Guam", "Guam"),
                    ("Pacific/Pago_Pago", "Samoa"),
                ],
                default="America/Los_Angeles",
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="phoneline",
            name="time_zone",
            field=models.CharField(
                choices=[
                    ("America/Los_Angeles", "Pacific"),
                    ("America/Denver", "Mountain"),
                    ("America/Phoenix", "Arizona"),
                    ("America/Chicago", "Central"),
                    ("America/New_York", "Eastern"),
                    ("America/Anchorage", "Alaska"),
                    ("Pacific/Honolulu", "Hawaii"),
                    ("America/Puerto_Rico", "Puerto Rico"),
                    ("America/St_Thomas", "Virgin Islands"),
                    ("Pacific/Guam", "Guam"),
                    ("Pacific/Pago_Pago", "Samoa"),
                ],
                default="America/Los_Angeles",
                max_length=40,
            ),
        ),
    ]
