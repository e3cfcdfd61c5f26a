from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("facilities", "0006_citations_stand_in_the_text")]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="checked_on",
            field=models.DateField(
                blank=True,
                help_text="When somebody last read it and found that it still says so. Empty means: on the day above.",
            ),
        ),
    ]
