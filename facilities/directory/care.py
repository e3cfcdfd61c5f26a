"""What a place of treatment offers, in the words in which people look for it."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import models

SAID_FOR = timedelta(days=31)  # whether there is room is out of date sooner than most things


class Level(models.TextChoices):
    """As the American Society of Addiction Medicine tells them apart, in plain words first."""

    DETOX = "detox", "Medical detox"
    RESIDENTIAL = "residential", "Living in: residential treatment"
    PARTIAL = "partial", "Most of the day: partial hospitalization"
    INTENSIVE = "intensive", "Several days a week: intensive outpatient"
    OUTPATIENT = "outpatient", "Visits: outpatient"


class Medicine(models.TextChoices):
    """For opioid use disorder."""

    BUPRENORPHINE = "buprenorphine", "Buprenorphine"
    METHADONE = "methadone", "Methadone"
    NALTREXONE = "naltrexone", "Naltrexone"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Spanish"
    SIGN = "ase", "American Sign Language"


def labels(choices: type[models.TextChoices], values: Iterable[str]) -> list[str]:
    """In the order of the choices; what is no longer one of them is left out."""
    return [choice.label for choice in choices if choice.value in set(values)]
