"""Gives the two lines that are the same everywhere their words in Spanish; staff may write others."""

from django.db import migrations

WORDS = {
    "911": {"label_es": "Emergencia", "when_es": "alguien está en peligro", "strip_words_es": "Emergencia: 911"},
    "988": {
        "label_es": "988, Línea de Prevención del Suicidio y Crisis",
        "when_es": "pensamientos de suicidio o cualquier crisis; para español, oprima 2",
        "strip_words_es": "Crisis: 988, oprima 2",
        "text_word_es": "AYUDA",
    },
}


def write_words(apps, schema_editor):
    lines = apps.get_model("facilities", "CrisisLine").objects.filter(label_es="")
    for number, words in WORDS.items():
        lines.filter(number=number).update(**words)


class Migration(migrations.Migration):
    dependencies = [("facilities", "0009_words_in_spanish")]

    operations = [migrations.RunPython(write_words, migrations.RunPython.noop)]
