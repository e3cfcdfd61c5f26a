from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("facilities", "0015_places_and_second_people")]

    operations = [
        migrations.RemoveField(model_name="facility", name="about"),
        migrations.RemoveField(model_name="facility", name="summary"),
    ]
