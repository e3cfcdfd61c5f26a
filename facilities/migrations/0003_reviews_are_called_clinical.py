"""Gives Wagtail's one workflow and its task the name by which staff know them."""

from django.db import migrations

WAGTAILS, OURS = "Moderators approval", "Clinical review"


def rename(apps, *, before, after):
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name=before).update(name=after)


def forwards(apps, schema_editor):
    rename(apps, before=WAGTAILS, after=OURS)


def backwards(apps, schema_editor):
    rename(apps, before=OURS, after=WAGTAILS)


class Migration(migrations.Migration):
    dependencies = [("facilities", "0002_editing_is_checked")]

    operations = [migrations.RunPython(forwards, backwards)]
