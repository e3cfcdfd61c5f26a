"""Whom a request is about may be left unsaid."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0023_receipts_obey"),
    ]

    operations = [
        migrations.AlterField(
            model_name="lead",
            name="about",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not said"),
                    ("self", "Me"),
                    ("someone_else", "Someone I care about"),
                    ("professional", "Someone I work with"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="if_other_answers",
            field=models.CharField(
                choices=[("hang_up", "Hang up without a word"), ("ask_for_me", "Ask for me by name, say nothing else")],
                max_length=20,
            ),
        ),
    ]
