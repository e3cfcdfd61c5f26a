"""Tells words for who cannot see a picture from the name of its file.

Wagtail's own check knows file endings and underscores alone: “Depressed-Man-Portrait-81247451” passes it.
"""

import re

from django.core.exceptions import ValidationError

FILE_NAME = re.compile(
    r"""
      \.(?: avif | gif | jpe?g | png | svg | webp | heic ) \b
    | \w_\w
    | \d{5,}
    | \b(?: bigstock | shutterstock | istock\w* | getty\w* | adobestock | dreamstime | depositphotos | unsplash | pexels
        | img | dsc[nf]? )[-\s]?\d
    | \b \w+ (?: -\w+ ){3,}
    """,
    re.IGNORECASE | re.VERBOSE,
)
STARTS_IDLY = re.compile(r"\s*(?:an?\s+)?(?:image|photo|picture|graphic|drawing)\s+of\b", re.IGNORECASE)


def check_alt_text(words: str) -> None:
    """Raises ValidationError with what to write instead."""
    if FILE_NAME.search(words):
        raise ValidationError("This looks like the name of a file. Say in a sentence what the picture shows.")
    if STARTS_IDLY.match(words):
        raise ValidationError("Leave out “image of”: it is read out anyway. Begin with what it shows.")
