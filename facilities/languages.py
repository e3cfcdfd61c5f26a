"""What staff write in each language, as a page of one language says it."""

from django.utils.html import format_html
from django.utils.translation import get_language

SPANISH = "es"


def in_language_of_page(english: str, spanish: str) -> str:
    """Where there is no Spanish yet, a Spanish page shows the English, marked as such for who has it read aloud."""
    if get_language() != SPANISH or not english:
        return english
    return spanish or format_html('<span lang="en">{}</span>', english)
