"""Crisis lines that were entered before there was Spanish get their words by a migration, and keep those of staff."""

from importlib import import_module

import pytest
from django.apps import apps

from facilities.directory.models import CrisisLine

migration = import_module("facilities.migrations.0010_crisis_lines_in_spanish")


@pytest.mark.django_db
def test_migration_gives_lines_their_spanish_and_leaves_what_staff_wrote(demo_pages):
    CrisisLine.objects.filter(number="988").update(label_es="", text_word_es="", strip_words_es="")
    CrisisLine.objects.filter(number="911").update(label_es="La nuestra")

    migration.write_words(apps, None)

    line = CrisisLine.objects.get(number="988")
    assert (line.text_word_es, line.strip_words_es) == ("AYUDA", migration.WORDS["988"]["strip_words_es"])
    assert CrisisLine.objects.get(number="911").label_es == "La nuestra"
